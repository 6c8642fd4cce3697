"""From the offices to elect to a slate the congress has fixed (chốt số lượng, danh sách)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress.lifecycle import CLEARED, PREPARING, SITTING, SUBMITTED
from congress.models import CardVote, Congress, Office
from congress.rules import regimes
from congress.rules.findings import Finding
from congress.services.preparing import lock as lock_congress
from congress.services.sitting import count_cards
from elections import policies, queries
from elections.lifecycle import ROUND_LIFECYCLE, SLATE_OPEN
from elections.models import BallotRound, Candidate, ElectedOffice, Election
from elections.rules.case import Office as RuleOffice
from elections.rules.catalogue import finding
from elections.rules.offices import seat_findings, slate_findings
from organizations.models import Member


def offices_of(congress: Congress) -> dict[str, int]:
    """Office → seats, in the order of the ballots (E-17), as the congress is planned."""
    planned: dict[str, int] = {}
    if congress.has_branch_committee and congress.committee_seats:
        planned[ElectedOffice.BRANCH_COMMITTEE] = congress.committee_seats
    planned[ElectedOffice.SECRETARY] = 1
    if congress.has_deputy:
        planned[ElectedOffice.DEPUTY_SECRETARY] = 1
    return planned


def lock_round(round_id: int) -> tuple[BallotRound, Congress]:
    """The round and its congress, both locked, the congress first (one order everywhere)."""
    ballot_round = BallotRound.objects.select_related("election").get(pk=round_id)
    congress = lock_congress(ballot_round.election.congress_id)
    locked = BallotRound.objects.select_for_update(of=("self",)).select_related("election").get(pk=round_id)
    locked.election.congress = congress
    return locked, congress


def move_round(ballot_round: BallotRound, action: str, *, at: datetime) -> None:
    """The only place that gives a round its state; the caller holds the lock and saves."""
    ballot_round.state = ROUND_LIFECYCLE.after(action, state=ballot_round.state)
    ballot_round.state_since = at


@transaction.atomic
def set_up_elections(congress_id: int, *, actor: User, at: datetime) -> list[Election]:
    """Lập các cuộc bầu from the congress's details; again after a change, it adjusts what has not begun.

    Raises NotAllowed or IllegalTransition.
    """
    congress = lock_congress(congress_id)
    policies.can_prepare(actor, congress).require()
    if congress.state not in (PREPARING, SUBMITTED, CLEARED):
        raise IllegalTransition("Các cuộc bầu được lập trước khi khai mạc.")
    wanted = offices_of(congress)
    current = {election.office: election for election in queries.current_elections(congress)}
    if list(current) != list(wanted) or any(current[o].seats != s for o, s in wanted.items()):
        slates = {
            office: list(election.rounds.get(number=1).candidates.values_list("member_id", "source"))
            for office, election in current.items()
            if office in wanted
        }
        for election in current.values():
            Candidate.objects.filter(round__election=election).delete()
            election.rounds.all().delete()
            election.delete()
        for office, seats in wanted.items():
            attempt = congress.elections.filter(office=office).count() + 1
            election = congress.elections.create(office=office, attempt=attempt, seats=seats)
            first = election.rounds.create(number=1, seats=seats, state=SLATE_OPEN, state_since=at)
            for member_id, source in slates.get(office, ()):
                first.candidates.create(member_id=member_id, source=source)
    audit.record("election.set_up", congress, actor=actor, at=at, offices=[ElectedOffice(o).label for o in wanted])
    return list(queries.current_elections(congress))


def require_open_slate(ballot_round: BallotRound) -> None:
    """Raise IllegalTransition when nobody may be added: the slate is fixed, or it is a revote of the tied (E-53)."""
    _require_open(ballot_round)
    if ballot_round.kind == BallotRound.Kind.TIE_REVOTE:
        raise IllegalTransition("Bầu lại giữa những người bằng phiếu nên không thêm người vào danh sách.")


def _require_open(ballot_round: BallotRound) -> None:
    """Raise IllegalTransition when names may not come or go: the slate is fixed, or being looked at above."""
    if ballot_round.state != SLATE_OPEN:
        raise IllegalTransition("Danh sách đã chốt. Mở lại danh sách trước khi thêm hoặc rút tên.")
    congress = ballot_round.election.congress
    if congress.state == SUBMITTED:
        raise IllegalTransition(
            f"{congress.authority.committee} đang xem xét hồ sơ trình duyệt nên danh sách giữ nguyên. "
            "Rút hồ sơ trình duyệt trước khi thêm hoặc rút tên."
        )


@transaction.atomic
def nominate(
    round_id: int, *, member_id: int, source: str = Candidate.Source.COMMITTEE, actor: User, at: datetime
) -> Candidate:
    """Đưa vào danh sách. Raises InvalidInput for a probationer (E-11), a doubled name or one outside chi ủy (E-15)."""
    ballot_round, congress = lock_round(round_id)
    policies.can_prepare(actor, congress).require()
    require_open_slate(ballot_round)
    member = Member.objects.get(pk=member_id, organization=congress.organization)
    if ballot_round.candidates.filter(member=member).exists():
        raise InvalidInput(
            f"Đồng chí {member.full_name} đã có trong danh sách.",
            fields={"member": ["Đồng chí này đã có trong danh sách."]},
        )
    row = congress.attendances.filter(member=member).first()
    if row is None or not row.is_official:
        reason = "chưa có trong danh sách triệu tập" if row is None else "là đảng viên dự bị nên không được bầu"
        raise InvalidInput(
            f"Đồng chí {member.full_name} {reason}. Chọn đảng viên chính thức được triệu tập.",
            fields={"member": [f"Đồng chí này {reason}."]},
        )
    if member not in list(queries.eligible_members(ballot_round.election)):
        office = ballot_round.election.get_office_display().lower()
        raise InvalidInput(
            f"Đồng chí {member.full_name} không thuộc diện được giới thiệu bầu {office}: nơi có chi ủy, bí thư và "
            "phó bí thư bầu trong số chi ủy viên vừa trúng cử; một đồng chí không giữ hai chức danh.",
            fields={"member": ["Chọn đồng chí trong danh sách được giới thiệu."]},
        )
    candidate = ballot_round.candidates.create(member=member, source=source)
    audit.record("election.nominated", ballot_round, actor=actor, at=at, name=member.full_name)
    return candidate


@transaction.atomic
def strike(candidate_id: int, *, actor: User, at: datetime) -> None:
    """Rút khỏi danh sách while it is open."""
    candidate = Candidate.objects.select_related("member").get(pk=candidate_id)
    ballot_round, congress = lock_round(candidate.round_id)
    policies.can_prepare(actor, congress).require()
    _require_open(ballot_round)
    candidate.delete()
    audit.record("election.withdrawn", ballot_round, actor=actor, at=at, name=candidate.member.full_name)


def slate_problems(ballot_round: BallotRound, congress: Congress) -> list[Finding]:
    """Every finding about seats and names of the slate as it stands, errors and warnings."""
    office = RuleOffice(ballot_round.election.office)
    regime = regimes.by_code(congress.regime) if congress.regime else None
    names = ballot_round.candidates.count()
    if ballot_round.kind == BallotRound.Kind.TIE_REVOTE:
        return [] if names > ballot_round.seats else [finding("F309", seats=ballot_round.seats)]
    found = [*seat_findings(office, ballot_round.seats, regime, first=ballot_round.number == 1)]
    return [*found, *slate_findings(office, ballot_round.seats, names, regime, ballot_round=ballot_round.number)]


def require_fixable(ballot_round: BallotRound, congress: Congress) -> None:
    """Raise IllegalTransition unless the sitting congress may vote on this slate now (E-17, E-20)."""
    if congress.state != SITTING:
        raise IllegalTransition("Danh sách bầu cử do đại hội biểu quyết chốt. Khai mạc đại hội trước.")
    ROUND_LIFECYCLE.after("fix_slate", state=ballot_round.state)
    earlier = queries.previous_election(ballot_round.election)
    if earlier is not None and not earlier.is_concluded:
        raise IllegalTransition(
            f"{earlier} chưa kết thúc. Bầu theo thứ tự chi ủy, bí thư, phó bí thư, mỗi chức danh một lần riêng."
        )


@transaction.atomic
def fix_slate(
    round_id: int, *, in_favour: int, against: int = 0, abstained: int = 0, actor: User, at: datetime
) -> BallotRound:
    """Chốt số lượng, danh sách by card vote of the sitting congress (E-20); gives the names their order (E-39).

    Raises NotAllowed, IllegalTransition, or InvalidInput with every finding; nothing is fixed when the
    cards do not adopt the slate, but the vote is kept.
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_prepare(actor, congress).require()
    require_fixable(ballot_round, congress)
    _refuse_errors(slate_problems(ballot_round, congress))
    if tellers := tellers_on_slate(ballot_round):
        raise InvalidInput(
            f"Đồng chí {', '.join(tellers)} vừa ở ban kiểm phiếu vừa có tên trong danh sách bầu. "
            "Đại hội bầu lại ban kiểm phiếu trước khi chốt danh sách."
        )
    names = list(ballot_round.candidates.select_related("member").order_by("member__sort_name", "pk"))
    shown = ", ".join(candidate.member.full_name for candidate in names)
    vote = count_cards(
        congress,
        CardVote.Subject.SLATE,
        f"{ballot_round.election}: số lượng {ballot_round.seats}, danh sách {shown}"[:300],
        in_favour=in_favour,
        against=against,
        abstained=abstained,
        actor=actor,
        at=at,
    )
    if vote.adopted:
        for position, candidate in enumerate(names, start=1):
            candidate.position = position
            candidate.name, candidate.born_year = None, None
            candidate.name, candidate.born_year = candidate.shown_name, candidate.shown_birth_year
            candidate.save(update_fields=["position", "name", "born_year"])
        move_round(ballot_round, "fix_slate", at=at)
        ballot_round.fixed_vote = vote
        ballot_round.save(update_fields=["state", "state_since", "fixed_vote"])
    audit.record(
        "election.slate_fixed" if vote.adopted else "election.slate_not_adopted",
        ballot_round,
        actor=actor,
        at=at,
        names=shown,
        in_favour=in_favour,
        base=vote.base,
    )
    return ballot_round


def _refuse_errors(findings: list[Finding]) -> None:
    errors = [finding for finding in findings if finding.level == "error"]
    if errors:
        raise InvalidInput(
            " ".join(finding.message for finding in errors), fields={"": [f"{f.message} {f.next}" for f in errors]}
        )


@transaction.atomic
def reopen_slate(round_id: int, *, actor: User, at: datetime) -> BallotRound:
    """Mở lại danh sách before ballots are counted."""
    ballot_round, congress = lock_round(round_id)
    policies.can_prepare(actor, congress).require()
    move_round(ballot_round, "reopen_slate", at=at)
    ballot_round.fixed_vote = None
    ballot_round.save(update_fields=["state", "state_since", "fixed_vote"])
    audit.record("election.slate_reopened", ballot_round, actor=actor, at=at)
    return ballot_round


def tellers_on_slate(ballot_round: BallotRound) -> list[str]:
    """Names of tellers who stand on the slate: they must be replaced before the count (E-27, E-63i)."""
    tellers = ballot_round.election.congress.officers.filter(office__in=[Office.HEAD_TELLER, Office.TELLER])
    on_slate = ballot_round.candidates.filter(member__in=tellers.values("member")).select_related("member")
    return [candidate.member.full_name for candidate in on_slate]
