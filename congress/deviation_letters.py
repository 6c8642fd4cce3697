"""The letter that asks the superior to agree to another day than the plan says, pre-written from the facts."""

from __future__ import annotations

from datetime import date

from congress.models import Congress

WINDOW = """Kính gửi: {committee}

Thực hiện {plan} của {issuer}, {branch} đã chuẩn bị {congress}.

{broken}

Vì lý do: (ghi rõ lý do, ví dụ bí thư đi công tác dài ngày, trùng nhiệm vụ chuyên môn đột xuất), {branch} đề nghị \
{committee} đồng ý cho tổ chức đại hội vào ngày {wanted}.

{branch} bảo đảm chuẩn bị đầy đủ văn kiện, nhân sự và các bước sau đại hội theo kế hoạch.

Trân trọng đề nghị {committee} xem xét, cho ý kiến."""

DEADLINE = """Kính gửi: {committee}

Thực hiện {plan} của {issuer}, {branch} đang chuẩn bị {congress}.

{broken}

Vì lý do: (ghi rõ lý do), {branch} đề nghị {committee} đồng ý cho hoàn thành việc “{title}” vào ngày {wanted}.

{branch} cam kết không làm chậm các bước tiếp theo của kế hoạch.

Trân trọng đề nghị {committee} xem xét, cho ý kiến."""


def letter(congress: Congress, *, rule: str, title: str, broken: str, wanted_on: date) -> str:
    """``broken``: the sentence of the finding; ``rule`` begins with "window" or "deadline"."""
    text = WINDOW if rule.startswith("window") else DEADLINE
    plan = congress.plan
    return text.format(
        committee=congress.authority.committee,
        plan=plan.label + (f" ngày {plan.issued_on:%d/%m/%Y}" if plan.issued_on else ""),
        issuer=plan.organization.committee,
        branch=congress.organization.name,
        congress=congress.name,
        broken=broken,
        title=title,
        wanted=f"{wanted_on:%d/%m/%Y}",
    )
