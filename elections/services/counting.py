"""Blind double entry: two tellers of each team type what they counted, neither sees the other's figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput, NotReady, StaleVersion
from accounts.models import User
from congress.lifecycle import CLEARED, CLOSED, SITTING
from congress.models import Congress
from elections import policies, queries, standings
from elections.editions import resting_on
from elections.lifecycle import COUNTED, COUNTING, ROUND_LIFECYCLE, SEALED, SLATE_FIXED
from elections.models import BallotRound, Count, CountedPaper, CountEntry, CountSeat, ElectedOffice
from elections.rules.comparison import Figures, differing_fields
from elections.rules.retyping import retyped, whole
from elections.services.agreement import agree_if_equal, sheet_findings
from elections.services.proposing import electorate_at, propose, require_tellers, require_two_who_type
from elections.services.refusals import by_letter
from elections.services.slates import lock_round, move_round
from elections.standings import (
    slate_of,
    standing_of,
)

BLOCKING = ("rejected", "needs_ruling")
METHODS = Count.Method
ENGINE_SAYS_IT = "F406"
"""Valid and invalid papers against returned: the engine finds that on the same figures."""


def require_startable(ballot_round: BallotRound, congress: Congress) -> None:
    """Raise IllegalTransition or NotReady unless a first count may begin: ledger closed, board complete."""
    if congress.state != SITTING:
        raise IllegalTransition(congress.said("Chỉ kiểm phiếu khi đại hội đang diễn ra."))
    ROUND_LIFECYCLE.after("start_count", state=ballot_round.state)
    require_tellers(ballot_round, congress)
    require_two_who_type(congress)
    ledger = standings.ledger_of(ballot_round)
    if ledger is None or ledger.closed_at is None:
        raise NotReady(
            "Chưa thể kiểm phiếu.",
            gaps=["Sổ phiếu chưa đóng. Ghi đủ số phiếu in, phát ra, hỏng, không dùng, thu về rồi đóng sổ."],
        )


def require_recountable(ballot_round: BallotRound, congress: Congress) -> None:
    """Raise IllegalTransition unless a sealed result may still be counted again: before it is reported."""
    if ballot_round.state != SEALED or congress.state not in (SITTING, CLOSED) or ballot_round.election.is_annulled:
        raise IllegalTransition(
            "Chỉ kiểm đếm lại kết quả đã niêm phong khi chưa báo cáo cấp trên. Kết quả đã báo cáo do cấp trên xem xét."
        )
    if standings.live_count(ballot_round) is not None:
        raise IllegalTransition("Kết quả này đang được kiểm đếm lại. Nhập tiếp lần kiểm đang mở.")
    meeting = queries.meeting_of(congress) if ballot_round.election.office == ElectedOffice.COMMITTEE else None
    if meeting is not None and meeting.state not in (CLEARED, SITTING, CLOSED):
        raise IllegalTransition(
            f"{meeting.name} đã báo cáo cấp trên kết quả bầu trong số những người trúng cử này. Cấp trên xem xét."
        )
    for later in resting_on(ballot_round):
        if later.state in (SLATE_FIXED, COUNTING, COUNTED):
            raise IllegalTransition(
                f"{later} đang bỏ phiếu hoặc kiểm phiếu trên kết quả này. "
                "Niêm phong xong hoặc mở lại danh sách lần đó, rồi kiểm đếm lại."
            )


@transaction.atomic
def start_count(round_id: int, *, method: str = METHODS.TOTALS, teams: int = 1, actor: User, at: datetime) -> Count:
    """Bắt đầu kiểm phiếu by totals or paper by paper; from here the slate and the ledger stand.

    Raises NotAllowed, IllegalTransition, NotReady, or InvalidInput (method not offered, more teams than people).
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_keep_ledger(actor, ballot_round, congress).require()
    require_startable(ballot_round, congress)
    count = _open(ballot_round, congress, method=method, teams=teams, reason="", actor=actor, at=at)
    move_round(ballot_round, "start_count", at=at)
    ballot_round.save(update_fields=["state", "state_since"])
    audit.record("election.count_started", ballot_round, actor=actor, at=at, method=count.get_method_display().lower())
    return count


@transaction.atomic
def recount(
    round_id: int, *, reasons: str, method: str = METHODS.TOTALS, teams: int = 1, actor: User, at: datetime
) -> Count:
    """Kiểm đếm lại a sealed result: a new count with its reason beside the old seal, which stays (E-28).

    Its own seal becomes the next edition. Raises NotAllowed, IllegalTransition, NotReady or InvalidInput.
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_head_the_board(actor, ballot_round, congress).require()
    require_recountable(ballot_round, congress)
    require_tellers(ballot_round, congress)
    require_two_who_type(congress)
    if not reasons.strip():
        raise InvalidInput("Ghi lý do kiểm đếm lại.", fields={"reasons": ["Ghi lý do kiểm đếm lại."]})
    count = _open(ballot_round, congress, method=method, teams=teams, reason=reasons.strip(), actor=actor, at=at)
    audit.record("election.recount_started", ballot_round, actor=actor, at=at, reasons=count.reason)
    return count


def _open(
    ballot_round: BallotRound, congress: Congress, *, method: str, teams: int, reason: str, actor: User, at: datetime
) -> Count:
    ledger = standings.ledger_of(ballot_round)
    assert ledger is not None  # noqa: S101  (both callers asked for a closed ledger or a seal made from one)
    problems: dict[str, list[str]] = {}
    if method == METHODS.PAPERS and (
        why := standings.why_not_by_papers(ballot_round, electorate_at(ballot_round, congress).election_base)
    ):
        problems["method"] = [why]
    most = max(1, len(policies.people_who_may_sit(congress)) // 2)
    if not 1 <= teams <= most:
        problems["teams"] = [
            f"Ban kiểm phiếu đủ người cho tối đa {most} tổ, mỗi tổ hai người nhập độc lập. Ghi từ 1 đến {most}."
        ]
    if problems:
        raise InvalidInput("Chưa mở được lần kiểm phiếu.", fields=problems)
    return ballot_round.counts.create(
        ledger=ledger,
        number=ballot_round.counts.count() + 1,
        method=method,
        teams=teams,
        reason=reason,
        started_by=actor,
        started_at=at,
    )


def lock_count(count_id: int) -> tuple[Count, BallotRound, Congress]:
    """The count, its round and its congress, locked from the congress down (one order everywhere)."""
    round_id = Count.objects.values_list("round_id", flat=True).get(pk=count_id)
    ballot_round, congress = lock_round(round_id)
    count = Count.objects.select_for_update(of=("self",)).select_related("ledger").get(pk=count_id)
    count.round = ballot_round
    return count, ballot_round, congress


def require_entering(count: Count) -> None:
    if count.state != Count.State.ENTERING:
        raise IllegalTransition(
            f"Lần kiểm phiếu này ở bước “{count.get_state_display().lower()}” nên không nhập thêm số liệu."
        )


def seat_of(count: Count, team: int, actor: User, at: datetime) -> CountSeat:
    """The seat of this person in this team; takes a free one. The database lets nobody sit twice."""
    own = count.seats.filter(teller=actor).first()
    if own is not None:
        if own.team != team:
            raise IllegalTransition(f"Đồng chí đã nhập cho tổ {own.team}. Mỗi người chỉ nhập cho một tổ.")
        return own
    if not 1 <= team <= count.teams:
        raise InvalidInput(f"Lần kiểm phiếu này có {count.teams} tổ. Chọn tổ từ 1 đến {count.teams}.")
    taken = set(count.seats.filter(team=team).values_list("slot", flat=True))
    free = [slot for slot in (1, 2) if slot not in taken]
    if not free:
        raise IllegalTransition(f"Tổ {team} đã đủ hai người nhập. Chọn tổ khác.")
    return count.seats.create(team=team, slot=free[0], teller=actor, taken_at=at)


@transaction.atomic
def take_seat(count_id: int, *, team: int, actor: User, at: datetime) -> CountSeat:
    """Nhận chỗ nhập; asking again gives the same seat."""
    count, ballot_round, congress = lock_count(count_id)
    policies.can_enter_count(actor, ballot_round, congress).require()
    require_entering(count)
    before = count.seats.filter(teller=actor).exists()
    seat = seat_of(count, team, actor, at)
    if not before:
        audit.record("election.seat_taken", ballot_round, actor=actor, at=at, team=seat.team)
    return seat


@transaction.atomic
def submit_entry(
    count_id: int, *, team: int = 1, figures: Mapping[str, Any], revision: int = 1, actor: User, at: datetime
) -> CountEntry:
    """Gửi bản nhập by totals. ``figures``: returned, valid, invalid, votes, invalid_reasons (code → papers).

    The first revision holds everything; a later one is merged into the former: only what differed between the two
    people is taken from it. Sending the same again returns the entry there is. When every team's two entries are
    equal the proposal is made. Raises NotAllowed, IllegalTransition, StaleVersion, or InvalidInput with every error
    in these figures alone, by letter of the sheet; then nothing is stored and the page keeps what was typed.
    """
    count, ballot_round, congress = lock_count(count_id)
    policies.can_enter_count(actor, ballot_round, congress).require()
    if (same := _sent_before(count, team, actor, figures, revision)) is not None:
        return same
    require_entering(count)
    if count.method != METHODS.TOTALS:
        raise IllegalTransition("Lần kiểm phiếu này kiểm từng phiếu. Nhập từng phiếu rồi gửi.")
    seat = seat_of(count, team, actor, at)
    full = _merged(count, seat, figures, revision)
    _require_sound(full, count)
    return store(seat, full, revision, count, ballot_round, congress, actor=actor, at=at)


def _sent_before(count: Count, team: int, actor: User, figures: Mapping[str, Any], revision: int) -> CountEntry | None:
    """The entry that an interrupted answer, a double click or a second tab has already made of the same figures."""
    entry = CountEntry.objects.filter(seat__count=count, seat__team=team, seat__teller=actor, revision=revision).first()
    if entry is None:
        return None
    slate = slate_of(count.round)
    asked = differing_fields(whole({}), entry.figures, slate) if revision == 1 else asked_in(entry.seat, revision)
    if retyped(entry.figures, figures, asked, slate) != entry.figures:
        raise StaleVersion(
            "Đồng chí đã gửi bản nhập với số liệu khác. Bản đã gửi được giữ; chờ người thứ hai nhập xong.",
            current=entry,
        )
    return entry


def asked_in(seat: CountSeat, revision: int) -> tuple[str, ...]:
    """The fields that a later revision is about: where the two entries before it differed."""
    first, second = (
        CountEntry.objects.get(seat=one, revision=revision - 1).figures
        for one in CountSeat.objects.filter(count_id=seat.count_id, team=seat.team)
    )
    return differing_fields(first, second, slate_of(seat.count.round))


def _merged(count: Count, seat: CountSeat, figures: Mapping[str, Any], revision: int) -> dict[str, Any]:
    """Revision 1 as typed; a later one only where the two people differed, the rest as before."""
    last = seat.entries.order_by("-revision").first()
    if revision == 1 and last is None:
        return whole(figures, slate_of(count.round))
    standing = standing_of(count, seat.team)
    if last is None or revision != last.revision + 1 or not standing.waits_for(seat):
        raise StaleVersion("Trang này không còn mới. Mở lại trang kiểm phiếu để xem cần nhập gì.", current=last)
    return retyped(last.figures, figures, standing.fields, slate_of(count.round))


def faults_of(count: Count, figures: Figures) -> list[dict[str, Any]]:
    """Every error in one person's figures at once, never measured against the other person's (blindness)."""
    counted = {"ballots": _ballots(figures, count), "votes": figures["votes"]}
    found = propose(count.round, count.round.election.congress, counted)["findings"]
    errors = [one for one in found if one["level"] == "error"]
    return errors + [one.to_dict() for one in sheet_findings([figures], expected_papers(count))]


def _require_sound(figures: Figures, count: Count) -> None:
    found = faults_of(count, figures)
    if found:
        raise InvalidInput(
            "Số liệu kiểm phiếu chưa khớp. Ban kiểm phiếu kiểm tra lại các điểm dưới đây.", fields=by_letter(found)
        )


def expected_papers(count: Count) -> int | None:
    """What one team must have taken back: known only where there is one team."""
    return count.ledger.returned if count.teams == 1 else None


def _ballots(figures: Figures, count: Count) -> dict[str, int | None]:
    """Papers of one team; several teams share what was handed out, so a team's papers count as handed out to it."""
    issued = count.ledger.issued if count.teams == 1 else figures["returned"]
    return {"issued": issued, **{name: figures[name] for name in ("returned", "valid", "invalid")}}


def store(
    seat: CountSeat,
    figures: Figures,
    revision: int,
    count: Count,
    ballot_round: BallotRound,
    congress: Congress,
    *,
    actor: User,
    at: datetime,
) -> CountEntry:
    entry = seat.entries.create(revision=revision, figures=figures, submitted_at=at)
    audit.record(
        "election.entry_submitted", ballot_round, actor=actor, at=at, team=seat.team, slot=seat.slot, revision=revision
    )
    agree_if_equal(count, ballot_round, congress, at=at)
    return entry


@transaction.atomic
def drop_count(count_id: int, *, reasons: str, actor: User, at: datetime) -> Count:
    """Trưởng ban yêu cầu kiểm đếm lại before the seal: entries stay readable, a new count follows.

    Of a count by papers the papers go, as they do at the seal; of a recount the sealed result stands as it was.
    """
    count, ballot_round, congress = lock_count(count_id)
    policies.can_head_the_board(actor, ballot_round, congress).require()
    if count.state not in (Count.State.ENTERING, Count.State.AGREED):
        raise IllegalTransition("Lần kiểm phiếu này đã xong nên không bỏ được.")
    if not reasons.strip():
        raise InvalidInput("Ghi lý do kiểm đếm lại.", fields={"reasons": ["Ghi lý do kiểm đếm lại."]})
    count.state, count.dropped_because = Count.State.DROPPED, reasons.strip()
    count.save(update_fields=["state", "dropped_because"])
    discard_papers(count)
    if ballot_round.state != SEALED:
        move_round(ballot_round, "drop_count", at=at)
        ballot_round.save(update_fields=["state", "state_since"])
    audit.record("election.count_rejected", ballot_round, actor=actor, at=at, reasons=count.dropped_because)
    return count


def discard_papers(count: Count) -> int:
    """Deletes what was read from single papers; returns how many rows there were. The count must be over."""
    rows, _ = CountedPaper.objects.filter(seat__count=count).delete()
    return rows
