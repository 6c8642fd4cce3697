"""Đơn khiếu nại, tố cáo về bầu cử after the closing: the superior's decision waits for their end (E-65, E-67)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from accounts.wording import day as day_in_words
from congress.lifecycle import CLOSED, REPORTED
from congress.models import Congress
from congress.services.preparing import lock as lock_congress
from elections import policies
from elections.models import Complaint


def require_receivable(congress: Congress) -> None:
    """Raise IllegalTransition unless the congress has closed and nothing is decided on its results."""
    if congress.state not in (CLOSED, REPORTED):
        raise IllegalTransition("Đơn về bầu cử ghi sau khi bế mạc và trước khi chuẩn y; tại đại hội do ban kiểm phiếu.")


@transaction.atomic
def record_complaint(congress_id: int, *, received_on: date, about: str, actor: User, at: datetime) -> Complaint:
    """Ghi đơn nhận được; one received late is recorded, too, and holds nothing up.

    Raises NotAllowed, IllegalTransition, or InvalidInput for a blank or a day that cannot be.
    """
    congress = lock_congress(congress_id)
    policies.can_handle_complaints(actor, congress).require()
    require_receivable(congress)
    problems = _day_problems("received_on", received_on, congress, at)
    if not about.strip():
        problems["about"] = ["Ghi nội dung đơn."]
    if problems:
        raise InvalidInput("Chưa ghi được đơn.", fields=problems)
    complaint: Complaint = congress.complaints.create(
        received_on=received_on, about=about.strip()[:500], recorded_by=actor, recorded_at=at
    )
    audit.record("election.complained", congress, actor=actor, at=at, received=day_in_words(received_on))
    return complaint


@transaction.atomic
def settle_complaint(
    congress_id: int, complaint_id: int, *, settled_on: date, conclusion: str, actor: User, at: datetime
) -> Complaint:
    """Ghi kết luận: from this day the superior's period runs. Raises as ``record_complaint``."""
    congress = lock_congress(congress_id)
    policies.can_handle_complaints(actor, congress).require()
    complaint = congress.complaints.select_for_update(of=("self",)).filter(pk=complaint_id, settled_on=None).first()
    if complaint is None:
        raise IllegalTransition("Đơn này đã có kết luận.")
    problems = _day_problems("settled_on", settled_on, congress, at)
    if settled_on < complaint.received_on:
        problems["settled_on"] = ["Ngày kết luận không thể trước ngày nhận đơn."]
    if not conclusion.strip():
        problems["conclusion"] = ["Ghi kết luận của cấp ủy."]
    if problems:
        raise InvalidInput("Chưa ghi được kết luận.", fields=problems)
    complaint.settled_on, complaint.settled_by = settled_on, actor
    complaint.conclusion = conclusion.strip()[:500]
    complaint.save(update_fields=["settled_on", "settled_by", "conclusion"])
    audit.record("election.complaint_settled", congress, actor=actor, at=at, conclusion=complaint.conclusion)
    return complaint


def _day_problems(name: str, day: date, congress: Congress, at: datetime) -> dict[str, list[str]]:
    closed_on = timezone.localdate(congress.closed_at)
    if day > timezone.localdate(at):
        return {name: ["Ngày này không thể sau hôm nay."]}
    if day < closed_on:
        return {name: [f"Ngày này không thể trước ngày bế mạc {day_in_words(closed_on)}."]}
    return {}
