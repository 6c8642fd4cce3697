"""The leader whom the personnel plan foresees, and the superior's opinion where he was not elected (E-57)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress.callings import electing_congress
from congress.lifecycle import CLEARED, PREPARING, SITTING
from congress.models import Attendance, Congress
from elections import policies, queries
from elections.conflicts import OWN_POSTS, Slate
from elections.models import BallotRound, Election, SuperiorOpinion
from elections.services.rounds import lock_election
from organizations.models import Member


def require_plannable(election: Election, congress: Congress) -> None:
    """Raise IllegalTransition unless a leader may be planned for this post now."""
    if congress.state not in (PREPARING, CLEARED):
        raise IllegalTransition("Người dự kiến ghi theo đề án nhân sự, trước khi trình duyệt hoặc trước khi khai mạc.")
    if election.office not in OWN_POSTS:
        raise IllegalTransition("Chỉ ghi người dự kiến cho bí thư, phó bí thư.")


def require_waiting(ballot_round: BallotRound) -> None:
    """Raise IllegalTransition unless this election waits for the superior's opinion (E-57)."""
    if ballot_round.election.congress.state != SITTING:
        raise IllegalTransition(f"Ý kiến cấp trên ghi khi {ballot_round.election.congress.word} đang diễn ra.")
    if not Slate(ballot_round).waits_for_superior:
        raise IllegalTransition("Cuộc bầu này không phải chờ ý kiến cấp trên về nhân sự.")


@transaction.atomic
def plan_leader(election_id: int, *, member_id: int | None, actor: User, at: datetime) -> Election:
    """Ghi người dự kiến theo đề án nhân sự before the sitting; None takes it back."""
    election, congress = lock_election(election_id)
    policies.can_prepare(actor, congress).require()
    require_plannable(election, congress)
    member = None
    if member_id is not None:
        member = next((one for one in plannable_members(election) if one.pk == member_id), None)
        if member is None:
            text = "Người dự kiến phải là đảng viên chính thức được triệu tập. Chọn đồng chí khác."
            raise InvalidInput(text, fields={"member": [text]})
    election.planned_member = member
    election.save(update_fields=["planned_member"])
    audit.record(
        "election.leader_planned", election, actor=actor, at=at, name=member.full_name if member else "chưa có"
    )
    return election


@transaction.atomic
def record_superior_opinion(election_id: int, *, text: str, source: str, actor: User, at: datetime) -> SuperiorOpinion:
    """Ghi ý kiến cấp trên after the planned leader was not elected: the election of this post goes on.

    Raises IllegalTransition unless the election waits for it, InvalidInput for a blank.
    """
    election, congress = lock_election(election_id)
    policies.can_prepare(actor, congress).require()
    last = queries.last_round(election)
    if last is None:
        raise IllegalTransition("Cuộc bầu này chưa có lần bỏ phiếu nào.")
    last.election = election
    require_waiting(last)
    missing = {
        name: [told]
        for name, value, told in (
            ("text", text, "Ghi ý kiến của cấp trên."),
            ("source", source, "Ghi văn bản hoặc người truyền đạt ý kiến."),
        )
        if not value.strip()
    }
    if missing:
        raise InvalidInput("Còn thiếu ý kiến hoặc nguồn của ý kiến.", fields=missing)
    opinion: SuperiorOpinion = election.superior_opinions.create(
        text=text.strip()[:500], source=source.strip()[:200], recorded_by=actor, recorded_at=at
    )
    audit.record("election.superior_opinion", election, actor=actor, at=at, source=opinion.source)
    return opinion


def plannable_members(election: Election) -> list[Member]:
    """Official members on the roll; for a committee meeting those of the congress that elected the committee, too.

    The personnel plan is older than the committee: whom it foresees may not have been elected into it (E-57).
    """
    congress = election.congress
    held = electing_congress(congress) if congress.is_meeting else None
    rolls = Attendance.objects.filter(congress__in=[one for one in (congress, held) if one], is_official=True)
    members = {row.member_id: row.member for row in rolls.select_related("member")}
    return sorted(members.values(), key=lambda one: (one.sort_name, one.pk))
