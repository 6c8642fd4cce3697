"""The first meeting of the committee that a congress has elected: it elects its leaders."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import IllegalTransition
from accounts.models import User
from congress import policies
from congress.callings import called_to, elected_committee
from congress.lifecycle import CLEARED, HELD, SITTING
from congress.models import AssemblyKind, Congress
from congress.services.preparing import keep_roll, lock

CALLED_IN = (SITTING, *HELD)
"""States of the congress in which its new committee may meet."""


def require_callable(congress: Congress) -> None:
    """Raise IllegalTransition unless the committee that this congress elected may be called now."""
    if congress.is_meeting or congress.organization.is_branch:
        raise IllegalTransition(
            "Hội nghị cấp ủy chỉ triệu tập từ đại hội của đảng bộ. Ở chi bộ, bí thư và phó bí thư bầu ngay tại đại hội."
        )
    if congress.state not in CALLED_IN or not elected_committee(congress):
        raise IllegalTransition("Đại hội chưa bầu xong ban chấp hành. Niêm phong kết quả bầu rồi triệu tập hội nghị.")
    if meeting_of(congress) is not None:
        raise IllegalTransition("Hội nghị lần thứ nhất đã được triệu tập. Mở trang hội nghị để làm tiếp.")


def meeting_of(congress: Congress) -> Congress | None:
    """The meeting of the committee that this congress elected."""
    meetings = Congress.objects.filter(kind=AssemblyKind.MEETING, organization=congress.organization_id)
    return meetings.filter(term_label=congress.term_label).first()


@transaction.atomic
def call_meeting(congress_id: int, *, actor: User, at: datetime) -> Congress:
    """Triệu tập hội nghị lần thứ nhất of the elected committee: cleared with its congress, its roll made.

    Raises NotAllowed or IllegalTransition.
    """
    congress = lock(congress_id)
    policies.can_prepare(actor, congress).require()
    require_callable(congress)
    meeting = Congress.objects.create(
        organization=congress.organization,
        authority=congress.authority,
        plan=congress.plan,
        kind=AssemblyKind.MEETING,
        term_label=congress.term_label,
        ordinal=1,
        state=CLEARED,
        state_since=at,
    )
    meeting.steps.create(state=meeting.state, entered_at=at)
    called = called_to(meeting)
    keep_roll(meeting, called)
    audit.record("congress.meeting_called", meeting, actor=actor, at=at, called=len(called))
    return meeting
