"""Changing the timeline of one congress: days set by people, done marks made by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from accounts import audit, wording
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress import policies
from congress.lifecycle import COMPLETE
from congress.models import Congress, Milestone
from congress.rules.timeline import HELD, automatic
from congress.services import milestones
from congress.services.preparing import lock, set_details
from congress.timeline import Judged, agreed_for, emptied, judged

MORNING = time(8)


def _open(milestone_id: int) -> Milestone:
    """The milestone, its congress locked and not yet complete."""
    row = Milestone.objects.get(pk=milestone_id)
    row.congress = lock(row.congress_id)
    if row.congress.state == COMPLETE:
        raise IllegalTransition("Hồ sơ đại hội đã hoàn tất nên lộ trình không sửa được nữa.")
    return row


@transaction.atomic
def lay_out(congress_id: int, *, actor: User, at: datetime) -> Congress:
    """Lập lộ trình of a congress that has none yet, or renew it from the template."""
    congress = lock(congress_id)
    policies.can_schedule(actor, congress).require()
    if congress.is_meeting or congress.state == COMPLETE:
        raise IllegalTransition(
            "Lộ trình chỉ lập cho đại hội chưa hoàn tất hồ sơ. Hội nghị cấp ủy theo đại hội của nó."
        )
    milestones.lay_out([congress])
    audit.record("congress.timeline_laid", congress, actor=actor, at=at)
    return congress


@transaction.atomic
def set_day(
    milestone_id: int, *, day: date | None, actor: User, at: datetime, accepted: Collection[str] = ()
) -> Milestone:
    """Đặt ngày of a milestone; None gives it back to the template. The day of the congress itself moves the others.

    ``accepted``: codes of the warnings that the person has seen. Raises NotAllowed, IllegalTransition (done already)
    or InvalidInput: what the rules forbid, and warnings not seen yet.
    """
    row = _open(milestone_id)
    congress = row.congress
    policies.can_schedule(actor, congress).require()
    if row.done_on is not None:
        raise IllegalTransition(f"“{row.title}” đã xong ngày {wording.day(row.done_on)} nên không đổi ngày được nữa.")
    if day is not None:
        _require_seen(judged(congress, row.key, day), accepted)
    elif row.key == HELD:
        _require_seen(emptied(congress), accepted)
    if row.key == HELD:
        set_details(congress.pk, version=congress.version, planned_for=_opening(congress, day), actor=actor, at=at)
        return Milestone.objects.get(pk=milestone_id)
    row.planned_on = day
    row.save(update_fields=["planned_on"])
    shown = wording.day(day) if day else "theo lộ trình mẫu"
    audit.record("congress.day_set", congress, actor=actor, at=at, title=row.title, day=shown)
    return row


def _require_seen(broken: Sequence[Judged], accepted: Collection[str]) -> None:
    found = [one for one in broken if one.granted is None]
    wrong = [one.finding.message for one in found if one.stops]
    if wrong:
        raise InvalidInput(f"Ngày này trái quy định. {' '.join(wrong)}")
    unseen = [one.finding.message for one in found if one.finding.code not in accepted]
    if unseen:
        raise InvalidInput(f"Xem các điểm sau rồi lưu lại. {' '.join(unseen)}")


def _opening(congress: Congress, day: date | None) -> datetime | None:
    """The same hour on the new day, else that of the clearance; eight in the morning when none was set."""
    if day is None:
        return None
    known = congress.planned_for or agreed_for(congress)
    clock = timezone.localtime(known).time() if known else MORNING
    return timezone.make_aware(datetime.combine(day, clock))


@transaction.atomic
def mark_done(milestone_id: int, *, on: date, actor: User, at: datetime, note: str = "") -> Milestone:
    """Ghi đã xong by hand. Raises InvalidInput for what the software sees by itself and for a day to come."""
    row = _open(milestone_id)
    policies.can_schedule(actor, row.congress).require()
    if row.key in automatic():
        raise InvalidInput(f"“{row.title}” được ghi xong tự động khi việc đó được làm trên phần mềm.")
    if on > timezone.localdate(at):
        raise InvalidInput("Ngày xong không thể sau hôm nay.", fields={"on": ["Ngày xong không thể sau hôm nay."]})
    row.done_on, row.done_by, row.note = on, actor, note.strip()
    row.save(update_fields=["done_on", "done_by", "note"])
    audit.record("congress.milestone_done", row.congress, actor=actor, at=at, title=row.title)
    return row


@transaction.atomic
def mark_undone(milestone_id: int, *, actor: User, at: datetime) -> Milestone:
    """Ghi lại là chưa xong: a mark made by hand is taken back."""
    row = _open(milestone_id)
    policies.can_schedule(actor, row.congress).require()
    if row.key in automatic():
        raise InvalidInput(f"“{row.title}” được ghi xong tự động nên không bỏ dấu bằng tay.")
    row.done_on, row.done_by = None, None
    row.save(update_fields=["done_on", "done_by"])
    milestones.lay_out([row.congress])
    audit.record("congress.milestone_undone", row.congress, actor=actor, at=at, title=row.title)
    return row
