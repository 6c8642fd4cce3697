"""The letter that asks the superior to agree to another day than the plan says, pre-written from the facts."""

from __future__ import annotations

import re
from datetime import date

from accounts import wording
from congress.deadlines import amending_plans
from congress.models import Congress, Plan

REASON = "(ghi rõ lý do"
"""How the place begins in which the branch writes its reason; no letter goes with it."""
DAY = "(ngày đề nghị)"
"""Stands for the day until one is chosen: the day of the form is put here when the letter goes."""
WRITTEN = re.compile(r"(\d{1,2})\s*(?:[/.-]|tháng)\s*(\d{1,2})\s*(?:[/.-]|năm)\s*(\d{4})")

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


def letter(congress: Congress, *, rule: str, title: str, broken: str, wanted_on: date | None) -> str:
    """``broken``: the sentence of the finding; ``rule`` begins with "window" or "deadline"; without a day ``DAY``."""
    text = WINDOW if rule.startswith("window") else DEADLINE
    plan = congress.plan
    written = text.format(
        committee=congress.authority.committee,
        plan=_with_amendments(plan),
        issuer=plan.organization.committee,
        branch=congress.organization.name,
        congress=congress.name,
        broken=broken,
        title=title,
        wanted=wording.day(wanted_on) if wanted_on else DAY,
    )
    return written if broken else written.replace("\n\n\n", "\n")


def _with_amendments(plan: Plan) -> str:
    amending = amending_plans([plan.pk]).get(plan.pk, ())
    also = ", ".join(_dated(one) for one in amending)
    return _dated(plan) + (f" (được sửa đổi, bổ sung bởi {also})" if also else "")


def _dated(plan: Plan) -> str:
    return plan.label + (f" ngày {wording.day(plan.issued_on)}" if plan.issued_on else "")


def names_day(text: str, day: date) -> bool:
    """Whether the letter names the day, in figures however they are written."""
    return any(
        (int(one), int(month), int(year)) == (day.day, day.month, day.year)
        for one, month, year in WRITTEN.findall(text)
    )
