"""The headings a new draft starts with, per kind (F-02, F-03, F-04, F-12, F-13)."""

from __future__ import annotations

from documents.models import DocumentKind

OUTLINES: dict[str, tuple[str, ...]] = {
    DocumentKind.POLITICAL_REPORT: (
        "I. Đặc điểm tình hình",
        "II. Kết quả thực hiện nhiệm vụ chính trị, chuyên môn",
        "III. Kết quả công tác xây dựng Đảng",
        "IV. Hạn chế, nguyên nhân, bài học kinh nghiệm",
        "V. Phương hướng, mục tiêu, chỉ tiêu nhiệm kỳ tới",
        "VI. Nhiệm vụ và giải pháp",
    ),
    DocumentKind.SELF_CRITICISM: (
        "I. Kết quả lãnh đạo các mặt công tác",
        "II. Việc thực hiện nguyên tắc tập trung dân chủ và quy chế làm việc",
        "III. Hạn chế, khuyết điểm và nguyên nhân",
        "IV. Trách nhiệm của tập thể, cá nhân",
        "V. Biện pháp khắc phục",
    ),
    DocumentKind.RESOLUTION: (
        "1. Đánh giá việc thực hiện nghị quyết nhiệm kỳ qua",
        "2. Phương hướng, mục tiêu, chỉ tiêu chủ yếu",
        "3. Nhiệm vụ và giải pháp",
        "4. Tổ chức thực hiện",
    ),
    DocumentKind.ACTION_PROGRAMME: (
        "I. Mục đích, yêu cầu",
        "II. Nhiệm vụ, thời hạn, phân công",
        "III. Tổ chức thực hiện",
    ),
    DocumentKind.PERSONNEL_PLAN: (
        "I. Đánh giá cấp ủy, bí thư, phó bí thư nhiệm kỳ qua",
        "II. Yêu cầu, tiêu chuẩn, số lượng, cơ cấu",
        "III. Quy trình giới thiệu nhân sự đã thực hiện",
        "IV. Danh sách nhân sự dự kiến",
    ),
    DocumentKind.SCENARIO: ("I. Chương trình đại hội", "II. Kịch bản điều hành", "III. Phân công"),
    DocumentKind.OTHER: ("Nội dung",),
}


def outline(kind: str) -> list[dict[str, str]]:
    """Empty sections in the order of the form: ``[{"heading": …, "text": ""}]``."""
    return [{"heading": heading, "text": ""} for heading in OUTLINES[kind]]
