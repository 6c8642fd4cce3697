"""The numbered catalogue of findings: code, rule, the sentence a teller would say, who does what next.

F stops, W asks for a note, R waits for a ruling. 1xx data, 2xx attendance, 3xx slate and seats, 4xx papers
handed out and returned, 5xx votes, 6xx single papers, 7xx people. Codes are never reused.
"""

from __future__ import annotations

from collections.abc import Mapping

from congress.rules.catalogue import CATALOGUE as ATTENDANCE
from congress.rules.catalogue import CHAIR_NOTE
from congress.rules.findings import Entry, Finding, finding_from
from congress.rules.regimes import Regime, by_default

RESEND = "Người gửi dữ liệu sửa lại dòng này rồi gửi lại."
ENTER = "Kiểm phiếu viên nhập số liệu còn thiếu; không có phiếu nào thì ghi 0."
RECOUNT = "Ban kiểm phiếu đếm lại, sửa số liệu rồi đối chiếu lại; chưa được công bố kết quả."
NOTE = "Trưởng ban kiểm phiếu ghi lý do vào biên bản."
CHAIR = "Chủ tịch đại hội xem lại số lượng và danh sách bầu cử, đại hội biểu quyết lại trước khi bỏ phiếu."
RULE = "Ban kiểm phiếu kết luận, ghi lý do vào biên bản."

CATALOGUE: Mapping[str, Entry] = ATTENDANCE | {
    # 1xx data
    "F101": Entry("E-60", "Dòng không đọc được: {why}.", RESEND),
    "F102": Entry("E-60", "Mỗi dòng phải là một đối tượng JSON, đang là {found}.", RESEND),
    "F103": Entry("E-60", "Thiếu “{what}”.", RESEND),
    "F104": Entry("E-60", "“{what}” phải là số nguyên không âm, đang là {found}.", RESEND),
    "F105": Entry("E-60", "“{what}” lớn quá mức có thể (tối đa {most}).", RESEND),
    "F106": Entry("E-60", "“{what}” phải là {expected}, đang là {found}.", RESEND),
    "F107": Entry("E-60", "“{what}” được ghi hai lần trong cùng một dòng.", RESEND),
    "F108": Entry("E-60", "“{what}” có giá trị lạ {found}; chỉ nhận: {known}.", RESEND),
    "F109": Entry("E-60", "Chỉ ghi một cách kiểm phiếu: số tổng hợp hoặc từng phiếu, không ghi cả hai.", RESEND),
    "F110": Entry("E-60", "Chưa nhập “{what}”.", ENTER),
    "F111": Entry("E-01", "Ngày bầu cử phải ghi theo dạng năm-tháng-ngày, đang là {found}.", RESEND),
    "F112": Entry("E-01", "Cần ngày bầu cử hoặc quy chế bầu cử.", RESEND),
    "F113": Entry("E-01", "{why}", "Kiểm tra lại ngày bầu cử."),
    "F114": Entry("E-01", "{why}", "Kiểm tra lại ký hiệu quy chế bầu cử."),
    "F115": Entry(
        "E-01",
        "Ngày {held_on} áp dụng Quy chế {in_force}, không phải {given}.",
        "Kiểm tra lại ngày bầu cử hoặc ký hiệu quy chế.",
    ),
    # 3xx seats and slate
    "F301": Entry("E-63h", "Danh sách bầu cử chưa có người nào.", CHAIR),
    "F302": Entry("E-39", "“{name}” có tên hai lần trong danh sách bầu cử.", CHAIR),
    "F303": Entry("E-39", "Danh sách bầu cử có một dòng không có tên.", CHAIR),
    "F304": Entry("E-16", "Số lượng cần bầu phải từ 1 trở lên.", CHAIR),
    "F305": Entry("E-16", "Chi ủy có không quá {most} người, không thể bầu {seats}.", CHAIR),
    "F306": Entry("E-16", "Chỉ bầu một {office}, không thể bầu {seats}.", CHAIR),
    "F307": Entry("E-63h", "Danh sách có {names} người nhưng cần bầu {seats}.", CHAIR),
    "F308": Entry("E-35", "Bầu {office} phải có số dư: danh sách {names} người để bầu {seats}.", CHAIR),
    "F309": Entry("E-53", "Bầu lại giữa những người bằng phiếu cần nhiều người hơn số còn thiếu là {seats}.", CHAIR),
    "F310": Entry("E-55", "Lần bầu phải từ 1 trở lên.", RESEND),
    "F311": Entry(
        "E-16", "Không thể bầu {seats} người: danh sách triệu tập chỉ có {people} đảng viên chính thức.", CHAIR
    ),
    "W301": Entry(
        "E-36", "Danh sách {names} người để bầu {seats} là quá số dư cho phép (tối đa {most} người).", CHAIR_NOTE
    ),
    "W309": Entry(
        "E-38",
        "{names} cùng được {support} phiếu xin ý kiến, chỉ còn {room} chỗ trong danh sách.",
        "Đoàn chủ tịch báo cáo, đại hội quyết định ai vào danh sách.",
        "opinion_tie",
    ),
    "W310": Entry(
        "E-38",
        "Danh sách của cấp ủy đã đủ {most} người để bầu {seats}, không còn chỗ cho {others} người ngoài danh sách.",
        "Đoàn chủ tịch báo cáo, đại hội quyết định; không tự bỏ người nào của danh sách cấp ủy.",
        "committee_list_fills_ceiling",
    ),
    "W311": Entry(
        "E-38",
        "Danh sách {names} người là quá số dư cho phép (tối đa {most}): lấy phiếu xin ý kiến về {others} người "
        "ngoài danh sách của cấp ủy.",
        "Đoàn chủ tịch tổ chức lấy phiếu xin ý kiến trước khi chốt danh sách.",
    ),
    "W312": Entry(
        "E-34",
        "Cho “{name}” rút thì còn {left} người để bầu {seats}, không còn số dư.",
        "Đoàn chủ tịch đề nghị bổ sung người hoặc không cho rút, đại hội biểu quyết.",
    ),
    "W302": Entry(
        "E-16",
        "Chi ủy thường có ít nhất {least} người, đang bầu {seats}.",
        CHAIR_NOTE,
        "branch_committee_seats_customary",
    ),
    "W304": Entry("E-35", "Lần bầu {number} không còn số dư: danh sách {names} người để bầu {seats}.", CHAIR_NOTE),
    "W305": Entry(
        "E-53",
        "Bầu một người thì hai người không thể cùng quá nửa: bầu lại không cần quá nửa không đúng cho {office}.",
        "Chủ tịch đại hội kiểm tra: nếu lần trước không ai quá nửa thì đây là lần bầu tiếp theo, phải quá nửa.",
    ),
    "W313": Entry(
        "E-53",
        "Ghi là lần bầu {number}, nhưng bầu lại giữa những người bằng phiếu thì trước đó phải có một lần bầu.",
        "Chủ tịch đại hội kiểm tra: nếu đây là lần bầu đầu thì trúng cử phải được quá nửa.",
    ),
    "W314": Entry(
        "E-51",
        "“{name}” được {votes} phiếu trên cơ sở tính {base}, chưa quá một nửa (cần {needed}): bầu {office} mà không "
        "phải bầu lại giữa những người bằng phiếu thì chưa trúng cử.",
        "Trưởng ban kiểm phiếu chưa công bố; chủ tịch đại hội xác định lại lần bầu này là loại nào.",
    ),
    "W306": Entry(
        "E-56",
        "Lần bầu {number}: sau {most} lần không bầu được bí thư thì cấp ủy cấp trên chỉ định.",
        "Chủ tịch đại hội báo cáo cấp ủy cấp trên.",
    ),
    # 4xx papers handed out and returned
    "F401": Entry("E-63a", "Phát ra {issued} phiếu nhưng chỉ có {present} đảng viên chính thức có mặt.", RECOUNT),
    "F402": Entry(
        "E-63b", "Thu về {returned} phiếu nhưng chỉ phát ra {issued} phiếu.", RECOUNT, "more_returned_than_issued"
    ),
    "F403": Entry(
        "E-63d",
        "Hợp lệ {valid} cộng không hợp lệ {invalid} là {total} phiếu, không bằng thu về {returned} phiếu.",
        RECOUNT,
    ),
    "W401": Entry("E-63c", "Thu về {returned} trên {issued} phiếu phát ra, thiếu {missing} phiếu.", NOTE),
    "W402": Entry(
        "U-19",
        "Có mặt {present} đảng viên chính thức nhưng chỉ phát ra {issued} phiếu.",
        "Thư ký ghi rõ ai có mặt mà không nhận phiếu; đảng viên được miễn sinh hoạt thì xem lại cơ sở tính.",
        "present_without_paper",
    ),
    "W403": Entry(
        "E-43",
        "Sổ ghi in {printed} phiếu, tệp phiếu đã lập có {made} phiếu: lệch {difference} phiếu.",
        "Ban kiểm phiếu đếm lại phiếu đã in; đúng là khác tệp đã lập thì ghi giải trình để đưa vào biên bản.",
    ),
    "F404": Entry(
        "E-63a",
        "In {printed} phiếu, nhưng phát ra {issued} cộng chưa dùng {unused} cộng hỏng {spoiled} là {total} phiếu.",
        "Ban kiểm phiếu đếm lại phiếu chưa dùng và phiếu hỏng, sửa sổ phiếu; chưa được kiểm phiếu.",
    ),
    "F405": Entry(
        "E-63d",
        "Phiếu kiểm có {total} phiếu thu về, sổ phiếu ghi {returned} phiếu.",
        RECOUNT,
    ),
    "F406": Entry(
        "E-63d",
        "Tổ {team}: hợp lệ {valid} cộng không hợp lệ {invalid} là {total} phiếu, không bằng thu về {returned} phiếu.",
        RECOUNT,
    ),
    "F407": Entry("E-49", "Các lý do cộng lại được {total} phiếu, không bằng {invalid} phiếu không hợp lệ.", RECOUNT),
    "F411": Entry(
        "E-63a",
        "Phải in ít nhất {least} phiếu cho {present} đảng viên chính thức có mặt, mới in {printed} phiếu.",
        "Ban kiểm phiếu in thêm phiếu trước khi phát.",
    ),
    # 5xx votes
    "F501": Entry("E-47", "“{name}” có phiếu nhưng không có trong danh sách bầu cử.", RECOUNT),
    "F502": Entry("E-63e", "Chưa có số phiếu của “{name}”; không ai bầu thì ghi 0.", ENTER),
    "F503": Entry("E-63e", "“{name}” được {votes} phiếu nhưng chỉ có {valid} phiếu hợp lệ.", RECOUNT),
    "F504": Entry(
        "E-63e",
        "Cộng được {total} lượt bầu, nhiều hơn {most} ({valid} phiếu hợp lệ, mỗi phiếu tối đa {seats} người).",
        RECOUNT,
    ),
    "F505": Entry("E-63e", "Cộng được {total} lượt bầu, ít hơn {valid} phiếu hợp lệ.", RECOUNT),
    "F506": Entry(
        "E-63f",
        "“{name}”: đồng ý {agree} cộng không đồng ý {disagree} là {total}, không bằng {valid} phiếu hợp lệ.",
        RECOUNT,
    ),
    "F507": Entry(
        "E-63g",
        "“{name}”: đồng ý {agree} cộng không đồng ý {disagree} là {total}, nhiều hơn {valid} phiếu hợp lệ.",
        RECOUNT,
    ),
    "F508": Entry("E-63h", "“{name}”: {layout}, nên phải ghi {expected}.", RECOUNT),
    "F509": Entry(
        "E-38", "“{name}” được {support} phiếu ủng hộ nhưng chỉ có {valid} phiếu xin ý kiến hợp lệ.", RECOUNT
    ),
    # 6xx single papers
    "F601": Entry("E-63h", "Phiếu {number}: {layout}, nên phải ghi “{expected}”.", RESEND),
    "F602": Entry("E-47", "Phiếu {number}: “{name}” không có trong danh sách bầu cử.", RECOUNT),
    "F603": Entry("E-46", "Phiếu {number}: “{name}” được ghi hai lần.", RECOUNT),
    "F604": Entry("E-46", "Phiếu {number}: chưa ghi dấu của “{name}”; để trống cả hai ô thì ghi “none”.", ENTER),
    "F605": Entry("E-49", "Phiếu {number}: không thể kết luận như vậy ({why}).", RECOUNT),
    "R601": Entry("E-49", "Phiếu {number}: không rõ bầu cho ai.", RULE),
    "R602": Entry("U-20", "Phiếu {number}: do ban kiểm phiếu phát ra nhưng thiếu dấu.", RULE, "stamp_missing"),
    "R603": Entry("E-48", "Phiếu {number}: không đồng ý với tất cả những người trong danh sách.", RULE, "all_disagree"),
    "F606": Entry(
        "E-19",
        "Chỉ có {size} người bầu, dưới {least} người thì chỉ kiểm theo số tổng hợp để giữ bí mật lá phiếu.",
        "Ban kiểm phiếu đếm trên giấy rồi nhập số tổng hợp.",
        "papers_counted_from",
    ),
    # 7xx people
    "F701": Entry("E-63i", "“{name}” có trong danh sách bầu cử nên không thể kiểm phiếu.", "Đại hội bầu người thay."),
    "F702": Entry(
        "E-63i", "“{name}” không phải đảng viên chính thức có mặt nên không thể kiểm phiếu.", "Đại hội bầu người thay."
    ),
    "F704": Entry("E-15", "“{name}” không thuộc chi ủy mới bầu nên không thể bầu làm {office}.", CHAIR),
    "F705": Entry("E-31", "“{name}” không thể có tên trong danh sách bầu cử: {why}.", CHAIR),
    "W702": Entry("E-11", "“{name}”: {why}.", CHAIR_NOTE),
    "F706": Entry(
        "E-32",
        "“{name}” là cấp ủy viên triệu tập, không thuộc danh sách do cấp ủy giới thiệu: phải xin rút.",
        "Đoàn chủ tịch đề xuất cho rút, đại hội biểu quyết.",
    ),
    "F707": Entry(
        "E-37",
        "“{name}” được {support} trên {attending} người ủng hộ, chưa quá 30 %.",
        "Không xem xét đưa vào danh sách; thư ký bỏ tên.",
    ),
    "W703": Entry(
        "E-57",
        "“{name}” dự kiến làm {office} nhưng không trúng cử: tạm dừng bầu chức danh này.",
        "Cấp ủy mới báo cáo cấp ủy cấp trên và chờ ý kiến.",
        "planned_leader_not_elected",
    ),
    "F709": Entry(
        "E-32",
        "“{nominator}” là cấp ủy viên triệu tập nên không được đề cử “{name}” ngoài danh sách do cấp ủy giới thiệu.",
        "Đoàn chủ tịch không đưa đề cử này vào danh sách, báo cáo đại hội.",
    ),
    "F710": Entry(
        "E-33",
        "Đề cử “{name}” chưa ghi đồng chí nào đề cử; không đề cử nhân danh tập thể.",
        "Thư ký ghi tên đồng chí đề cử.",
    ),
    "W705": Entry(
        "E-15",
        "Chi ủy mới không còn ai để bầu {office}.",
        "Đại hội quyết định bầu tiếp cho đủ chi ủy trước, hoặc để khuyết chức danh này.",
    ),
    "W706": Entry(
        "E-58",
        "{names} cùng được {support} phiếu, chỉ còn {seats} chỗ dự khuyết.",
        "Đại hội quyết định bầu riêng đại biểu dự khuyết giữa những người này.",
        "alternates_from_same_ballot",
    ),
    "W707": Entry(
        "E-58",
        "Còn thiếu {seats} đại biểu dự khuyết: bầu riêng đại biểu dự khuyết.",
        "Đại hội quyết định số lượng và danh sách dự khuyết rồi bầu.",
    ),
    "F720": Entry("E-64", "Hồ sơ đề nghị chuẩn y còn thiếu {what}.", "Chi ủy bổ sung rồi mới trình."),
    "W708": Entry(
        "E-32",
        "“{name}” là bí thư triệu tập một mình, không thuộc danh sách đã trình: chưa rõ có phải xin rút.",
        CHAIR_NOTE,
        "lone_secretary_restricted",
    ),
    "W710": Entry(
        "E-11",
        "“{name}” được miễn công tác và sinh hoạt: chưa rõ có được bầu hay không.",
        CHAIR_NOTE,
        "exempt_may_stand",
    ),
    "W709": Entry(
        "U-22",
        "Có người đến sau khi đã bỏ phiếu: tính lại căn cứ từ {before} thành {after} thì kết quả thay đổi.",
        "Giữ nguyên căn cứ đã chốt; trưởng ban kiểm phiếu báo cáo cấp ủy cấp trên để cho ý kiến.",
        "base_after_late_arrival",
    ),
    "F712": Entry(
        "E-37",
        "Chưa ghi có bao nhiêu người dự ủng hộ “{name}”, là người ngoài danh sách của cấp ủy.",
        "Chủ tịch lấy ý kiến, thư ký ghi số người ủng hộ.",
    ),
    "F708": Entry("E-17", "Chi ủy, bí thư, phó bí thư phải bầu thành các lần riêng, theo thứ tự.", CHAIR),
    "W704": Entry(
        "E-32",
        "Bí thư triệu tập một mình mà đề cử “{name}” ngoài danh sách đã trình: chưa rõ có bị hạn chế.",
        CHAIR_NOTE,
        "lone_secretary_restricted",
    ),
}


def finding(code: str, field: str = "", regime: Regime | None = None, /, **figures: object) -> Finding:
    """A finding of this catalogue with its sentence filled in, marked where an unsettled parameter decides it.

    Without a regime what the texts leave open in general is said.
    """
    parameter = CATALOGUE[code].parameter
    certainty = (regime or by_default()).certainty("", parameter) if parameter else ""
    return finding_from(CATALOGUE, code, field, certainty, **figures)
