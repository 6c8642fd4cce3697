"""What drafts say where a text gives no words: short, neutral, and marked as invented."""

from __future__ import annotations

from collections.abc import Mapping

from documents.models import DocumentKind
from documents.outlines import OUTLINES

Sections = list[dict[str, str]]
INVENTED = "(Nội dung bịa để minh họa.)"

BODIES: dict[str, tuple[str, ...]] = {
    DocumentKind.POLITICAL_REPORT: (
        "{name} có {size} đảng viên chính thức, sinh hoạt đều hằng tháng.",
        "Chi bộ lãnh đạo đơn vị hoàn thành các nhiệm vụ chuyên môn được giao trong nhiệm kỳ.",
        "Nền nếp sinh hoạt được giữ vững; công tác kiểm tra, giám sát thực hiện theo chương trình; nội bộ đoàn kết.",
        "Sinh hoạt chuyên đề có lúc chưa sâu. Nguyên nhân chủ yếu là chuẩn bị nội dung chưa kỹ.",
        "Xây dựng chi bộ hoàn thành tốt nhiệm vụ trở lên hằng năm; 100% đảng viên hoàn thành nhiệm vụ.",
        "Đổi mới nội dung sinh hoạt; phân công nhiệm vụ cụ thể cho từng đảng viên; tự kiểm tra hằng quý.",
    ),
    DocumentKind.SELF_CRITICISM: (
        "Chi ủy đã lãnh đạo toàn diện các mặt công tác của đơn vị.",
        "Nguyên tắc tập trung dân chủ và quy chế làm việc được thực hiện nghiêm túc.",
        "Việc kiểm tra, đôn đốc có lúc chưa thường xuyên.",
        "Trách nhiệm chung thuộc về tập thể chi ủy; từng đồng chí đã tự kiểm điểm.",
        "Rà soát quy chế làm việc, phân công lại nhiệm vụ ngay sau đại hội.",
    ),
    DocumentKind.RESOLUTION: (
        "Đại hội thống nhất đánh giá kết quả thực hiện nghị quyết nhiệm kỳ qua nêu trong báo cáo.",
        "Chi bộ hoàn thành tốt nhiệm vụ trở lên hằng năm; 100% đảng viên học tập đầy đủ các nghị quyết của Đảng.",
        "Thực hiện các nhóm nhiệm vụ, giải pháp nêu trong báo cáo nhiệm kỳ {term}.",
        "Giao cấp ủy nhiệm kỳ mới xây dựng chương trình hành động; toàn thể đảng viên thực hiện.",
    ),
    DocumentKind.ACTION_PROGRAMME: (
        "Cụ thể hóa nghị quyết đại hội nhiệm kỳ {term}.",
        "Phân công từng nhiệm vụ cho đảng viên phụ trách, có thời hạn.",
        "Cấp ủy kiểm tra việc thực hiện sáu tháng một lần.",
    ),
    DocumentKind.PERSONNEL_PLAN: (
        "Cấp ủy, bí thư nhiệm kỳ qua hoàn thành nhiệm vụ.",
        "{seats}",
        "Đã thực hiện các bước giới thiệu nhân sự theo hướng dẫn của cấp trên.",
        "Danh sách nhân sự dự kiến gửi kèm trong hồ sơ cuộc bầu.",
    ),
    DocumentKind.SCENARIO: (
        "Khai mạc; báo cáo; thảo luận; bầu cử; thông qua nghị quyết; bế mạc.",
        "Chủ tịch đại hội điều hành từng phần theo chương trình.",
        "Phân công người trình bày từng báo cáo.",
    ),
}


def sections(kind: str, *, given: Mapping[str, str] | None = None, **words: object) -> Sections:
    """The outline of the kind, filled; ``given`` (heading → text of the source) takes the place of invented words."""
    given = given or {}
    return [
        {"heading": heading, "text": given.get(heading) or f"{body.format(**words)} {INVENTED}"}
        for heading, body in zip(OUTLINES[kind], BODIES[kind], strict=True)
    ]
