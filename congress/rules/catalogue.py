"""Findings about attendance, the plan and the tellers' board. Those about elections are in elections/rules."""

from __future__ import annotations

from congress.rules.findings import Entry

COMPARE = "Thư ký đối chiếu lại danh sách triệu tập, danh sách có mặt và từng trường hợp được trừ."

PROGRAMME = "Chi ủy sửa lại chương trình đại hội."
CHAIR_NOTE = "Chủ tịch đại hội xem lại và ghi căn cứ vào biên bản."

CATALOGUE: dict[str, Entry] = {
    "F201": Entry("E-13", "Số đảng viên không thể là số âm.", COMPARE),
    "F202": Entry("E-13", "Trừ {away} đảng viên nhưng chỉ triệu tập {summoned} đảng viên.", COMPARE),
    "F203": Entry("E-13", "Không còn đảng viên nào để tính kết quả bầu cử.", COMPARE),
    "F204": Entry(
        "E-13", "Có mặt {present} đảng viên chính thức nhưng sau khi trừ số vắng mặt chỉ còn {base}.", COMPARE
    ),
    "W201": Entry(
        "E-10",
        "Có mặt {present} đảng viên chính thức, chưa đủ hai phần ba của {base} là {needed}.",
        "Chủ tịch đại hội kiểm tra điều kiện hợp lệ của đại hội trước khi tiếp tục.",
    ),
    "W202": Entry(
        "E-06",
        "Đại hội ngày {held} lệch quá {months} tháng so với ngày hết nhiệm kỳ {due}.",
        "Chi ủy báo cáo cấp ủy cấp trên trước khi triệu tập.",
    ),
    "W203": Entry(
        "E-06",
        "Đại hội ngày {held} không đúng ngày hết nhiệm kỳ {due}: phải được cấp ủy cấp trên đồng ý.",
        "Chi ủy xin ý kiến cấp ủy cấp trên.",
    ),
    "F205": Entry("E-04", "Đại hội chi bộ là đại hội đảng viên, không bầu đại biểu dự đại hội chi bộ.", PROGRAMME),
    "F206": Entry(
        "E-26",
        "Đại hội đảng viên không bầu ban thẩm tra tư cách đại biểu.",
        "Bỏ nội dung này khỏi chương trình; cấp ủy triệu tập báo cáo tình hình đảng viên dự đại hội.",
    ),
    "F207": Entry("E-18", "Chi bộ không có ủy ban kiểm tra.", PROGRAMME),
    "W303": Entry(
        "E-15", "Triệu tập {summoned} đảng viên chính thức: dưới {least} người thì không bầu chi ủy.", CHAIR_NOTE
    ),
    "W307": Entry("E-15", "Chi bộ có {members} đảng viên chính thức, thường bầu chi ủy; đề án chưa có.", CHAIR_NOTE),
    "F703": Entry(
        "E-27", "Quy chế 190: đại hội phải biểu quyết cả danh sách và trưởng ban kiểm phiếu.", "Đại hội biểu quyết."
    ),
    "W701": Entry(
        "E-27", "Ban kiểm phiếu có {count} người, thường có từ {least} người.", CHAIR_NOTE, "tellers_customary"
    ),
}
