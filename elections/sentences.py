"""What the record of events says about elections and ratification."""

ELECTIONS = {
    "election.set_up": "lập các cuộc bầu của {subject}",
    "election.nominated": "đưa đồng chí {name} vào danh sách {subject}",
    "election.withdrawn": "rút đồng chí {name} khỏi danh sách {subject}",
    "election.struck": "bỏ tên đồng chí {name} khỏi danh sách {subject}: {reasons}",
    "election.readmitted": "ghi đại hội cho đồng chí {name} vào lại danh sách {subject} ({in_favour}/{base})",
    "election.not_readmitted": (
        "ghi đại hội không đồng ý cho đồng chí {name} vào lại danh sách {subject} ({in_favour}/{base})"
    ),
    "election.supported": "ghi {support}/{attending} người dự ủng hộ đồng chí {name} vào danh sách {subject}",
    "election.unsupported": "đưa đồng chí {name} ra khỏi danh sách {subject}: chỉ {support}/{attending} người ủng hộ",
    "election.withdrawal_asked": "ghi đồng chí {name} xin rút khỏi danh sách {subject}, chủ tịch {proposal}",
    "election.withdrawal_agreed": (
        "ghi đại hội đồng ý cho đồng chí {name} rút khỏi danh sách {subject} ({in_favour}/{base})"
    ),
    "election.withdrawal_refused": (
        "ghi đại hội không đồng ý cho đồng chí {name} rút khỏi danh sách {subject} ({in_favour}/{base} tán thành)"
    ),
    "election.opinions_entered": "nhập kết quả phiếu xin ý kiến về danh sách {subject}, lần {number}",
    "election.opinions_confirmed": (
        "xác nhận kết quả phiếu xin ý kiến về danh sách {subject}; không vào danh sách: {leaving}"
    ),
    "election.joining_decided": (
        "ghi đại hội quyết định danh sách {subject}: vào danh sách {joining}; không vào {leaving} ({in_favour}/{base})"
    ),
    "election.joining_not_adopted": "ghi đại hội chưa quyết định được ai vào danh sách {subject} ({in_favour}/{base})",
    "election.leader_planned": "ghi người dự kiến theo đề án nhân sự của cuộc {subject}: {name}",
    "election.superior_opinion": "ghi ý kiến cấp trên về nhân sự của cuộc {subject} theo {source}",
    "election.seats_fixed": "ghi đại hội chốt số lượng {subject}: {seats} (tán thành {in_favour}/{base})",
    "election.seats_not_adopted": (
        "ghi đại hội không thông qua số lượng {seats} của {subject} (tán thành {in_favour}/{base})"
    ),
    "election.slate_fixed": "ghi đại hội chốt danh sách {subject}: {names} (tán thành {in_favour}/{base})",
    "election.slate_not_adopted": "ghi đại hội không thông qua danh sách {subject} (tán thành {in_favour}/{base})",
    "election.slate_reopened": "mở lại danh sách {subject}",
    "election.slate_reopened_for": "mở lại danh sách {subject}, bỏ phiếu đã phát, bỏ phiếu lại: {reasons}",
    "election.reopening_not_adopted": (
        "ghi đại hội không thông qua việc mở lại danh sách {subject} (tán thành {in_favour}/{base})"
    ),
    "election.ballots_printed": "in {copies} phiếu bầu {subject}",
    "election.ballots_printed_in_other_size": (
        "in {copies} phiếu bầu {subject} cỡ chữ khác; phiếu cỡ kia đã in thì hủy"
    ),
    "election.tally_sheet_printed": "in phiếu kiểm {subject}",
    "election.opinion_slips_printed": "in {copies} phiếu xin ý kiến về danh sách {subject}",
    "election.opinion_slips_printed_in_other_size": (
        "in {copies} phiếu xin ý kiến về danh sách {subject} cỡ chữ khác; phiếu cỡ kia đã in thì hủy"
    ),
    "election.ledger_kept": "ghi sổ phiếu {subject}",
    "election.ledger_closed": (
        "đóng sổ phiếu {subject}: in {printed}, phát ra {issued}, hỏng {spoiled}, chưa dùng {unused}, thu về {returned}"
    ),
    "election.ledger_void": "hủy sổ phiếu {subject}, phát phiếu lại: {reasons}",
    "election.ledger_rewritten": "hủy sổ phiếu ghi sai {subject}, lập lại sổ: {reasons}",
    "election.count_started": "bắt đầu kiểm phiếu {subject}, {method}",
    "election.recount_started": "mở kiểm đếm lại kết quả đã niêm phong {subject}: {reasons}",
    "election.seat_taken": "nhận chỗ nhập của tổ {team}, {subject}",
    "election.entry_submitted": "gửi bản nhập kiểm phiếu {subject}, tổ {team}, người thứ {slot}, lần {revision}",
    "election.paper_ruled": "ghi kết luận của ban kiểm phiếu về một phiếu nghi vấn của {subject}: {verdict}",
    "election.warnings_explained": "giải trình {number} điểm cần chú ý của {subject}",
    "election.warnings_explained_again": "giải trình lại điểm cần chú ý của {subject}, thay bản trước: {before}",
    "election.count_rejected": "yêu cầu kiểm đếm lại {subject}: {reasons}",
    "election.sealed": "xác nhận và niêm phong kết quả {subject}",
    "election.signed_sheet_uploaded": "tải lên biên bản kiểm phiếu đã ký của {subject}, bản chụp {number}",
    "election.signed_sheet_matches": "đọc lại biên bản đã ký của {subject}, bản chụp {number}: khớp kết quả niêm phong",
    "election.signed_sheet_differs": (
        "đọc lại biên bản đã ký của {subject}, bản chụp {number}: {differing} số khác kết quả niêm phong"
    ),
    "election.round_opened": "ghi đại hội quyết định bầu tiếp: {subject}, cần bầu {seats}",
    "election.round_not_adopted": "ghi đại hội không thông qua việc bầu tiếp của {subject} ({in_favour}/{base})",
    "election.stop_not_adopted": "ghi đại hội không thông qua việc dừng {subject} ({in_favour}/{base})",
    "election.complained": "ghi đơn khiếu nại về bầu cử của {subject}, nhận ngày {received}",
    "election.complaint_settled": "ghi kết luận đơn khiếu nại về bầu cử của {subject}: {conclusion}",
    "election.concluded": "ghi đại hội quyết định dừng {subject}: {reasons}",
    "election.annulled": "ghi đại hội bỏ kết quả không còn căn cứ, bầu lại {subject}: {reasons} ({in_favour}/{base})",
    "election.annulment_not_adopted": "ghi đại hội không thông qua việc bỏ kết quả {subject} ({in_favour}/{base})",
    "election.annulled_by_superior": "ghi cấp trên không công nhận kết quả {subject}: {reasons}",
    "rehearsal.started": "bắt đầu {subject}",
    "rehearsal.went_on": "làm xong bước “{step}” của {subject}",
    "rehearsal.finished": "kết thúc {subject}",
    "rehearsal.deleted": "xóa {subject}",
    "congress.reported": "trình đề nghị chuẩn y {subject}, tờ trình số {notation}",
    "congress.results_returned": "trả lại hồ sơ đề nghị chuẩn y {subject}: {reasons}",
    "congress.results_refused": "không chuẩn y {subject}, yêu cầu bầu lại: {reasons}",
    "congress.ratified": "chuẩn y {subject}, quyết định số {notation}",
}
