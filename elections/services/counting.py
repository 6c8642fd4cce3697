"""Blind double entry: two tellers of each team type what they counted, neither sees the other's figures."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput, NotReady, StaleVersion
from accounts.models import User
from congress.lifecycle import CLOSED, SITTING
from congress.models import Congress, Office
from congress.queries import electorate_of
from congress.rules.findings import Finding
from elections import policies, standings
from elections.editions import resting_on
from elections.lifecycle import COUNTED, COUNTING, ROUND_LIFECYCLE, SEALED, SLATE_FIXED
from elections.models import BallotRound, BoardRuling, Count, CountedPaper, CountEntry, CountSeat, TallySheet
from elections.rules.catalogue import finding
from elections.rules.comparison import Figures, differing_fields
from elections.rules.decide import conclude as decide
from elections.rules.papers import REASON_LABELS, Reason
from elections.rules.reading import read_case
from elections.rules.result import Result
from elections.rules.retyping import figures_of_papers, retyped, whole
from elections.rules.teams import add_up, team_findings
from elections.services.refusals import by_letter
from elections.services.slates import lock_round, move_round, tellers_on_slate
from elections.standings import (
    InDoubt,
    Standing,
    differing_papers,
    papers_of,
    ruled,
    slate_of,
    standing_of,
    standings_of,
)

BLOCKING = ("rejected", "needs_ruling")
METHODS = Count.Method
ENGINE_SAYS_IT = "F406"
"""Valid and invalid papers against returned: the engine finds that on the same figures."""


def case_of(ballot_round: BallotRound, congress: Congress, counted: Mapping[str, Any]) -> dict[str, Any]:
    """The case of the election engine: slate, frozen electorate and what was ``counted``.

    ``counted`` is ``{"ballots", "votes"}`` or ``{"papers", "issued"}``. Candidates are keyed by member id, because
    two people may share a name.
    """
    return {
        "id": f"round-{ballot_round.pk}",
        "held_on": timezone.localdate(congress.opened_at).isoformat() if congress.opened_at else None,
        "regime": congress.regime,
        "office": ballot_round.election.rule_office,
        "seats": ballot_round.seats,
        "ballot_round": ballot_round.number,
        "kind": ballot_round.kind,
        "electorate": _electorate(ballot_round, congress),
        "slate": [str(pk) for pk in ballot_round.candidates.values_list("member_id", flat=True)],
        **counted,
    }


def _electorate(ballot_round: BallotRound, congress: Congress) -> dict[str, Any]:
    """Those who could vote in this round: of a recount, as they were counted the first time (E-63k)."""
    first = ballot_round.sheets.filter(seal__isnull=False).order_by("number").first()
    if first is not None:
        return dict(first.case["electorate"])
    return asdict(electorate_of(congress))


def propose(ballot_round: BallotRound, congress: Congress, counted: Mapping[str, Any]) -> dict[str, Any]:
    """What the rules say of what was counted, as plain data; writes nothing."""
    plain: dict[str, Any] = json.loads(json.dumps(result_of(ballot_round, congress, counted).to_dict()))
    return plain


def result_of(ballot_round: BallotRound, congress: Congress, counted: Mapping[str, Any]) -> Result:
    names = {str(one.member_id): one.shown_name for one in ballot_round.candidates.select_related("member")}
    case = read_case(case_of(ballot_round, congress, counted), names=names)
    return decide(case, case.faults or ())


def require_tellers(ballot_round: BallotRound, congress: Congress) -> None:
    """Raise NotReady unless the congress has elected tellers with a head, none of them on the slate (E-27)."""
    gaps = []
    if not congress.officers.filter(office=Office.HEAD_TELLER).exists():
        gaps.append("Đại hội chưa bầu ban kiểm phiếu và trưởng ban. Biểu quyết bầu ban kiểm phiếu trước.")
    for name in tellers_on_slate(ballot_round):
        gaps.append(f"Đồng chí {name} vừa ở ban kiểm phiếu vừa có tên trong danh sách bầu. Thay người kiểm phiếu.")
    if gaps:
        raise NotReady("Chưa thể kiểm phiếu.", gaps=gaps)


def require_startable(ballot_round: BallotRound, congress: Congress) -> None:
    """Raise IllegalTransition or NotReady unless a first count may begin: ledger closed, board complete."""
    if congress.state != SITTING:
        raise IllegalTransition("Chỉ kiểm phiếu khi đại hội đang diễn ra.")
    ROUND_LIFECYCLE.after("start_count", state=ballot_round.state)
    require_tellers(ballot_round, congress)
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
    policies.can_head_the_board(actor, congress).require()
    require_recountable(ballot_round, congress)
    require_tellers(ballot_round, congress)
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
        why := standings.why_not_by_papers(ballot_round, electorate_of(congress).election_base)
    ):
        problems["method"] = [why]
    most = max(1, len(policies.people_who_may_sit(ballot_round, congress)) // 2)
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
    found = Count.objects.get(pk=count_id)
    ballot_round, congress = lock_round(found.round_id)
    count = Count.objects.select_for_update(of=("self",)).select_related("ledger").get(pk=count_id)
    count.round = ballot_round
    return count, ballot_round, congress


def _require_entering(count: Count) -> None:
    if count.state != Count.State.ENTERING:
        raise IllegalTransition(
            f"Lần kiểm phiếu này ở bước “{count.get_state_display().lower()}” nên không nhập thêm số liệu."
        )


def _seat(count: Count, team: int, actor: User, at: datetime) -> CountSeat:
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
    _require_entering(count)
    before = count.seats.filter(teller=actor).exists()
    seat = _seat(count, team, actor, at)
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
    _require_entering(count)
    if count.method != METHODS.TOTALS:
        raise IllegalTransition("Lần kiểm phiếu này kiểm từng phiếu. Nhập từng phiếu rồi gửi.")
    seat = _seat(count, team, actor, at)
    full = _merged(count, seat, figures, revision)
    _require_sound(full, count)
    return _store(seat, full, revision, count, ballot_round, congress, actor=actor, at=at)


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
        return whole(figures)
    standing = standing_of(count, seat.team)
    if last is None or revision != last.revision + 1 or not standing.waits_for(seat):
        raise StaleVersion("Trang này không còn mới. Mở lại trang kiểm phiếu để xem cần nhập gì.", current=last)
    return retyped(last.figures, figures, standing.fields, slate_of(count.round))


def faults_of(count: Count, figures: Figures) -> list[dict[str, Any]]:
    """Every error in one person's figures at once, never measured against the other person's (blindness)."""
    counted = {"ballots": _ballots(figures, count), "votes": figures["votes"]}
    found = propose(count.round, count.round.election.congress, counted)["findings"]
    errors = [one for one in found if one["level"] == "error"]
    return errors + [one.to_dict() for one in _sums([figures], _expected(count))]


def _require_sound(figures: Figures, count: Count) -> None:
    found = faults_of(count, figures)
    if found:
        raise InvalidInput(
            "Số liệu kiểm phiếu chưa khớp. Ban kiểm phiếu kiểm tra lại các điểm dưới đây.", fields=by_letter(found)
        )


def _sums(figures_of_teams: Sequence[Figures], returned: int | None) -> list[Finding]:
    """What the sheets of the teams must add up to; every invalid paper has its reason (E-49, E-60)."""
    found = [one for one in team_findings(figures_of_teams, returned) if one.code != ENGINE_SAYS_IT]
    for figures in figures_of_teams:
        if figures["invalid"] and not figures["invalid_reasons"]:
            found.append(finding("F407", "K", total=0, invalid=figures["invalid"]))
    return found


def _expected(count: Count) -> int | None:
    """What one team must have taken back: known only where there is one team."""
    return count.ledger.returned if count.teams == 1 else None


def _ballots(figures: Figures, count: Count) -> dict[str, int | None]:
    """Papers of one team; several teams share what was handed out, so a team's papers count as handed out to it."""
    issued = count.ledger.issued if count.teams == 1 else figures["returned"]
    return {"issued": issued, **{name: figures[name] for name in ("returned", "valid", "invalid")}}


def _store(
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
    _agree_if_equal(count, ballot_round, congress, at=at)
    return entry


def _require_papers(count: Count) -> None:
    if count.method != METHODS.PAPERS:
        raise IllegalTransition("Lần kiểm phiếu này nhập theo tổng số, không nhập từng phiếu.")


@transaction.atomic
def write_paper(
    count_id: int, *, team: int = 1, slip: int, reading: Mapping[str, Any], actor: User, at: datetime
) -> CountedPaper:
    """Ghi một phiếu, or ghi lại while it is not sent or while it is one that the two people read differently.

    ``reading``: ``kept`` or ``marks``, and ``flaws``, as the election engine reads papers. Untimed and without an
    event: only sending the whole stack is recorded. Raises InvalidInput, IllegalTransition or NotAllowed.
    """
    count, ballot_round, congress = lock_count(count_id)
    policies.can_enter_count(actor, ballot_round, congress).require()
    _require_entering(count)
    _require_papers(count)
    seat = _seat(count, team, actor, at)
    if not 1 <= slip <= (count.ledger.returned or 0):
        raise InvalidInput(f"Thứ tự phiếu từ 1 đến {count.ledger.returned}, theo số phiếu thu về trong sổ phiếu.")
    standing = standing_of(count, seat.team)
    if seat.entries.exists() and not (standing.waits_for(seat) and slip in standing.slips):
        raise IllegalTransition(f"Phiếu {slip} đã gửi nên không sửa; chỉ nhập lại phiếu mà hai người ghi khác nhau.")
    faults = propose(ballot_round, congress, {"papers": [dict(reading)], "issued": count.ledger.issued})["findings"]
    wrong = [one["message"] for one in faults if one["level"] == "error" and one["field"].startswith("P")]
    if wrong:
        raise InvalidInput(" ".join(wrong), fields={"": wrong})
    paper, _ = seat.papers.update_or_create(slip=slip, defaults={"reading": dict(reading)})
    return paper


@transaction.atomic
def submit_papers(count_id: int, *, team: int = 1, revision: int = 1, actor: User, at: datetime) -> CountEntry:
    """Gửi tập phiếu: the totals of the papers this person has read; the papers themselves are compared by place.

    Raises InvalidInput while a place in the stack is missing, else as ``submit_entry``.
    """
    count, ballot_round, congress = lock_count(count_id)
    policies.can_enter_count(actor, ballot_round, congress).require()
    sent = CountEntry.objects.filter(seat__count=count, seat__teller=actor, revision=revision).first()
    if sent is not None:
        return sent
    _require_entering(count)
    _require_papers(count)
    seat = _seat(count, team, actor, at)
    last = seat.entries.order_by("-revision").first()
    standing = standing_of(count, seat.team)
    if revision != (last.revision + 1 if last else 1) or (last is not None and not standing.waits_for(seat)):
        raise StaleVersion("Trang này không còn mới. Mở lại trang kiểm phiếu để xem cần nhập gì.", current=last)
    papers = papers_of(seat)
    _require_whole_stack(papers, count)
    figures = _totals(papers, count, seat.team, ballot_round, congress)
    figures["differs"] = _set_apart(count, seat, revision)
    return _store(seat, figures, revision, count, ballot_round, congress, actor=actor, at=at)


def _set_apart(count: Count, seat: CountSeat, revision: int) -> list[int]:
    """The second of the two to send: places read differently, whose readings both have to type again from blank."""
    seats = list(count.seats.filter(team=seat.team))
    others = CountEntry.objects.filter(seat__in=seats, revision=revision).exclude(seat=seat)
    if len(seats) < 2 or not others.exists():
        return []
    differing = differing_papers(seats)
    CountedPaper.objects.filter(seat__in=seats, slip__in=differing).update(reading={})
    return differing


def _require_whole_stack(papers: Mapping[int, Any], count: Count) -> None:
    expected = _expected(count)
    last = max(papers, default=0) if expected is None else expected
    missing = [slip for slip in range(1, last + 1) if slip not in papers]
    if missing or not papers:
        listed = ", ".join(str(slip) for slip in missing[:20]) or "1"
        raise InvalidInput(f"Chưa nhập phiếu thứ {listed}. Nhập đủ {last or 1} phiếu rồi gửi.")


def _judged(
    papers: Mapping[int, Any], count: Count, team: int, ballot_round: BallotRound, congress: Congress
) -> tuple[Result, dict[int, BoardRuling]]:
    rulings = {one.slip: one for one in count.rulings.filter(team=team)}
    read = [ruled(papers[slip], rulings.get(slip)) for slip in papers]
    return result_of(ballot_round, congress, {"papers": read, "issued": count.ledger.issued}), rulings


def _totals(
    papers: Mapping[int, Any], count: Count, team: int, ballot_round: BallotRound, congress: Congress
) -> dict[str, Any]:
    """Totals as the engine adds them up; papers in doubt wait for the board and are in neither sum yet."""
    result, rulings = _judged(papers, count, team, ballot_round, congress)
    categories = {place: rulings[slip].category for place, slip in enumerate(papers) if slip in rulings}
    return figures_of_papers(result, {place: code for place, code in categories.items() if code})


def doubts_of(count: Count, ballot_round: BallotRound, congress: Congress) -> list[InDoubt]:
    """Papers that both people of a team read alike and that wait for the board's ruling (E-49)."""
    found = []
    for standing in standings_of(count) if count.method == METHODS.PAPERS else ():
        if not standing.is_agreed:
            continue
        papers = papers_of(standing.seats[0])
        result, _ = _judged(papers, count, standing.team, ballot_round, congress)
        found += [
            InDoubt(standing.team, slip, judgement.doubt, papers[slip])
            for slip, judgement in zip(papers, result.judgements, strict=True)
            if judgement.doubt is not None
        ]
    return found


@transaction.atomic
def rule_on_paper(
    count_id: int,
    *,
    team: int = 1,
    slip: int,
    verdict: str,
    category: str = "",
    reason: str,
    actor: User,
    at: datetime,
) -> BoardRuling:
    """Ban kiểm phiếu kết luận on a paper in doubt (E-49), recorded by the head with its legal category.

    Only once both people of the team read that paper alike. Raises InvalidInput, IllegalTransition or NotAllowed.
    """
    count, ballot_round, congress = lock_count(count_id)
    policies.can_head_the_board(actor, congress).require()
    _require_entering(count)
    doubts = {one.slip: one for one in doubts_of(count, ballot_round, congress) if one.team == team}
    if slip not in doubts:
        raise IllegalTransition(f"Phiếu {slip} không phải phiếu chờ ban kiểm phiếu kết luận.")
    problems: dict[str, list[str]] = {}
    if verdict not in BoardRuling.Verdict.values:
        problems["verdict"] = ["Chọn hợp lệ hoặc không hợp lệ."]
    if verdict == BoardRuling.Verdict.INVALID and category not in REASON_LABELS:
        problems["category"] = ["Chọn căn cứ phiếu không hợp lệ."]
    if not reason.strip():
        problems["reason"] = ["Ghi lý do kết luận của ban kiểm phiếu để đưa vào biên bản."]
    if problems:
        raise InvalidInput("Còn thiếu nội dung kết luận.", fields=problems)
    ruling = count.rulings.create(
        team=team,
        slip=slip,
        question=doubts[slip].question[:300],
        verdict=verdict,
        category=category if verdict == BoardRuling.Verdict.INVALID else "",
        reason=reason.strip()[:300],
        recorded_by=actor,
        recorded_at=at,
    )
    audit.record(
        "election.paper_ruled",
        ballot_round,
        actor=actor,
        at=at,
        slip=slip,
        verdict=ruling.get_verdict_display().lower(),
    )
    _agree_if_equal(count, ballot_round, congress, at=at)
    return ruling


def _agree_if_equal(count: Count, ballot_round: BallotRound, congress: Congress, *, at: datetime) -> None:
    """When the two entries of every team are equal and no paper waits for the board: the proposal of the rules."""
    teams = standings_of(count)
    if not all(one.is_agreed for one in teams) or doubts_of(count, ballot_round, congress):
        return
    figures = add_up([_agreed_figures(one, count, ballot_round, congress) for one in teams])
    ballots = {name: figures[name] for name in ("returned", "valid", "invalid")}
    counted = {"ballots": {"issued": count.ledger.issued, **ballots}, "votes": figures["votes"]}
    result = propose(ballot_round, congress, counted)
    problems = [one for one in result["findings"] if one["level"] == "error"]
    problems += [one.to_dict() for one in _sums([figures], count.ledger.returned)]
    if problems or result["status"] in BLOCKING:
        raise InvalidInput("Số liệu của các tổ cộng lại chưa khớp với sổ phiếu.", fields=by_letter(problems))
    first, second = sorted(teams[0].seats, key=lambda seat: policies.is_head_teller(seat.teller, congress))
    ballot_round.sheets.create(
        number=ballot_round.sheets.count() + 1,
        count=count,
        entered_by=first.teller,
        second_by=second.teller,
        entered_at=at,
        case=case_of(ballot_round, congress, counted),
        result=result,
        invalid_reasons=_reasons(figures["invalid_reasons"]),
    )
    _forget_order(count)
    count.state = Count.State.AGREED
    count.save(update_fields=["state"])
    if ballot_round.state != SEALED:
        move_round(ballot_round, "agree", at=at)
        ballot_round.save(update_fields=["state", "state_since"])


def _agreed_figures(standing: Standing, count: Count, ballot_round: BallotRound, congress: Congress) -> dict[str, Any]:
    if count.method == METHODS.TOTALS:
        return standing.figures
    return _totals(papers_of(standing.seats[0]), count, standing.team, ballot_round, congress)


def _reasons(by_code: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {"code": code, "reason": REASON_LABELS[Reason(code)], "count": papers}
        for code, papers in by_code.items()
        if papers
    ]


def _forget_order(count: Count) -> None:
    """Both agree, so no paper has to be found again: places in the stack go, in an order drawn by lot."""
    papers = list(CountedPaper.objects.filter(seat__count=count).values_list("pk", flat=True))
    secrets.SystemRandom().shuffle(papers)
    for pk in papers:
        CountedPaper.objects.filter(pk=pk).update(slip=None)


@transaction.atomic
def drop_count(count_id: int, *, reasons: str, actor: User, at: datetime) -> Count:
    """Trưởng ban yêu cầu kiểm đếm lại before the seal: entries stay readable, a new count follows.

    Of a count by papers the papers go, as they do at the seal; of a recount the sealed result stands as it was.
    """
    count, ballot_round, congress = lock_count(count_id)
    policies.can_head_the_board(actor, congress).require()
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


def newest_sheet(ballot_round: BallotRound) -> TallySheet | None:
    """The sheet to look at: of the live or sealed counts, the last; one of a dropped count is history."""
    sheets: Iterable[TallySheet] = ballot_round.sheets.exclude(count__state=Count.State.DROPPED).order_by("-number")
    return next(iter(sheets), None)
