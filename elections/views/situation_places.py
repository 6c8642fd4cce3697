"""Where the button of a situation card stands: on which page, of which round, for whom, and from when to when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from accounts.decisions import ALLOWED, Decision
from accounts.models import User
from congress.lifecycle import CLEARED, SITTING
from congress.models import Congress
from elections import policies, queries, standings
from elections.lifecycle import COUNTING, SEALED, SLATE_FIXED, SLATE_OPEN
from elections.models import BallotRound, Count
from elections.rules.situations import Situation
from elections.standings import standings_of
from elections.views.overview import SET_UP_IN, are_set_up

PREPARERS, TELLERS, HEAD = "Bí thư hoặc thư ký", "Kiểm phiếu viên", "Trưởng ban kiểm phiếu"
ENTERING = {Count.Method.TOTALS: "Gửi bản nhập", Count.Method.PAPERS: "Gửi tập phiếu"}


@dataclass(frozen=True, slots=True)
class Landing:
    """What the card says: the button as named there, who presses it, and either the page or why not now."""

    button: str
    who: str
    when: str
    url: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """``page`` of a congress or, with ``states``, of a round in one of them; ``within`` are states of the congress."""

    page: str
    who: str
    when: str
    may: Callable[[User, BallotRound | None, Congress], Decision]
    states: tuple[str, ...] = ()
    within: tuple[str, ...] = (SITTING,)


def _prepares(user: User, ballot_round: BallotRound | None, congress: Congress) -> Decision:
    return policies.can_prepare(user, congress)


def _keeps_the_ledger(user: User, ballot_round: BallotRound | None, congress: Congress) -> Decision:
    return policies.can_keep_ledger(user, ballot_round, congress) if ballot_round else ALLOWED


def _types(user: User, ballot_round: BallotRound | None, congress: Congress) -> Decision:
    return policies.can_enter_count(user, ballot_round, congress) if ballot_round else ALLOWED


def _heads(user: User, ballot_round: BallotRound | None, congress: Congress) -> Decision:
    return policies.can_head_the_board(user, ballot_round, congress) if ballot_round else ALLOWED


BEFORE = "từ khi lập các cuộc bầu đến khi chốt danh sách"
PLACES = {
    "roll": Place("congress:roll", PREPARERS, "từ khi được duyệt đến khi bế mạc", _prepares, within=(CLEARED, SITTING)),
    "sitting": Place("congress:sitting", PREPARERS, "khi đang họp", _prepares),
    "overview": Place("elections:overview", PREPARERS, "khi đang họp", _prepares),
    "set_up": Place("elections:overview", PREPARERS, "khi các cuộc bầu chưa lập", _prepares, within=SET_UP_IN),
    "round": Place("elections:round", PREPARERS, BEFORE, _prepares, states=(SLATE_OPEN,), within=()),
    "ledger": Place(
        "elections:ledger", TELLERS, "từ khi chốt danh sách đến khi đóng sổ phiếu", _keeps_the_ledger, (SLATE_FIXED,)
    ),
    "entry": Place("elections:entry", TELLERS, "khi đang kiểm phiếu", _types, states=(COUNTING,)),
    "again": Place("elections:entry", TELLERS, "khi hai bản nhập khác nhau", _types, states=(COUNTING,)),
    "rulings": Place("elections:rulings", HEAD, "khi kiểm từng phiếu và có phiếu để riêng", _heads, states=(COUNTING,)),
    "result": Place(
        "elections:proposal", PREPARERS, "khi kết quả đã niêm phong mà cuộc bầu chưa xong", _prepares, states=(SEALED,)
    ),
    "recount": Place(
        "elections:recount", HEAD, "từ khi niêm phong đến khi báo cáo cấp trên", _heads, states=(SEALED,), within=()
    ),
}


def landing_of(user: User, card: Situation, congress: Congress, ballot_round: BallotRound | None = None) -> Landing:
    """Beside a round: that round. From the list of a congress: the first round where the button stands now."""
    place = PLACES[card.place]
    asked = [ballot_round] if ballot_round is not None else _rounds(congress) if place.states else []
    fits = next((one for one in asked if not _why_not_yet(card, place, one)), None)
    when = card.appears or place.when
    near = _nearest(congress, ballot_round if place.states else None)
    if place.within and congress.state not in place.within:
        return Landing(
            card.button, place.who, when, near, f"{congress.word.capitalize()} chưa đến hoặc đã qua bước này."
        )
    if place.states and fits is None:
        why = _why_not_yet(card, place, asked[0]) if ballot_round is not None else "Chưa có lần bầu nào ở bước này."
        return Landing(card.button, place.who, when, near, why)
    url, button, why = _page(user, card, place, congress, fits)
    why = why or place.may(user, fits, congress).reason
    return Landing(button, place.who, when, near if why else url, why)


def _rounds(congress: Congress) -> list[BallotRound]:
    elections = queries.current_elections(congress).prefetch_related("rounds")
    found = [one for election in elections if not election.is_concluded for one in election.rounds.all()]
    closed = [one for election in elections if election.is_concluded for one in reversed(election.rounds.all())]
    return found + closed


def _why_not_yet(card: Situation, place: Place, ballot_round: BallotRound) -> str:
    """Empty where the round is at the step, and its result the one that the card speaks of."""
    if place.states and ballot_round.state not in place.states:
        return f"{ballot_round} đang ở bước “{ballot_round.get_state_display().lower()}”."
    if card.place == "result":
        if ballot_round.election.is_concluded:
            return f"{ballot_round.election} đã kết thúc."
        status = queries.standing_seals(ballot_round.election)[-1].sheet.result["status"]
        if card.when.statuses and status not in card.when.statuses:
            return f"Kết quả {str(ballot_round).lower()} không phải như tình huống này."
    return ""


def _nearest(congress: Congress, ballot_round: BallotRound | None) -> str:
    if ballot_round is not None:
        return reverse("elections:round", args=[ballot_round.pk])
    return reverse("elections:overview", args=[congress.pk])


def _page(
    user: User, card: Situation, place: Place, congress: Congress, ballot_round: BallotRound | None
) -> tuple[str, str, str]:
    """(address, the button as named there, why not)."""
    if ballot_round is None:
        is_set_up = card.place == "set_up" and are_set_up(congress, list(queries.current_elections(congress)))
        why = "Các cuộc bầu đã lập theo thông tin đại hội." if is_set_up else ""
        return reverse(place.page, args=[congress.pk]), card.button, why
    if card.place not in ("entry", "again", "rulings"):
        return reverse(place.page, args=[ballot_round.pk]), card.button, ""
    count = standings.live_count(ballot_round)
    if count is None or count.state != Count.State.ENTERING:
        return "", card.button, "Lần kiểm phiếu này không còn nhập số liệu."
    return _counting_page(user, card, count)


def _counting_page(user: User, card: Situation, count: Count) -> tuple[str, str, str]:
    by_papers = count.method == Count.Method.PAPERS
    if card.place == "rulings":
        why = "" if by_papers else "Lần này kiểm theo tổng số: ban kiểm phiếu kết luận trên giấy rồi mới nhập số."
        return reverse("elections:rulings", args=[count.pk]), card.button, why
    teams = standings_of(count)
    own = next(((team, seat) for team in teams for seat in team.seats if seat.teller_id == user.pk), None)
    button = ENTERING[Count.Method(count.method)] if card.place == "entry" else card.button
    url = reverse("elections:papers" if by_papers else "elections:entry", args=[count.pk])
    if own is None and all(len(team.seats) == 2 for team in teams):
        return "", button, "Các tổ đã đủ hai người nhập."
    has_sent = own is not None and own[0].entries[own[0].seats.index(own[1])] is not None
    if has_sent and not (card.place == "again" and own is not None and own[0].waits_for(own[1])):
        return "", button, "Đồng chí đã gửi bản nhập; hai bản chưa khác nhau hoặc đang chờ người kia."
    if card.place == "again" and not has_sent:
        return "", button, "Hai bản nhập chưa gửi đủ nên chưa có chỗ khác nhau."
    return url, button, ""
