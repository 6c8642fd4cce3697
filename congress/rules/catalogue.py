"""Findings about attendance (F2xx, W2xx). Those about elections continue the numbers in elections/rules."""

from __future__ import annotations

from congress.rules.findings import Entry

COMPARE = "Thư ký đối chiếu lại danh sách triệu tập, danh sách có mặt và từng trường hợp được trừ."

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
}
