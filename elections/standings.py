"""How a count stands: who sits where, where two people differ, which papers wait for the board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from congress.rules import regimes
from congress.rules.regimes import Regime
from elections.models import BallotLedger, BallotRound, BoardRuling, Count, CountEntry, CountSeat
from elections.rules.case import Flaw, Mark, Paper
from elections.rules.comparison import differing_fields, differing_slips
from elections.rules.papers import Doubt, may_be_left_out
from elections.rules.secrecy import paper_counting_findings

QUESTIONS = {
    Doubt.UNCLEAR: "Phiếu không rõ bầu cho ai",
    Doubt.STAMP_MISSING: "Phiếu do ban kiểm phiếu phát ra nhưng thiếu dấu",
    Doubt.ALL_DISAGREE: "Phiếu không đồng ý với tất cả những người trong danh sách",
}


def ledger_of(ballot_round: BallotRound) -> BallotLedger | None:
    """Sổ phiếu in use; a void one is history."""
    return ballot_round.ledgers.filter(void_reason__isnull=True).first()


def handing_out(ballot_round: BallotRound, ledger: BallotLedger | None = None) -> int:
    """Lần phát phiếu of this ledger, or of what is handed out now: one more for every vote that was given up (E-43).

    It tells apart the papers of two votes on one slate. It is not which ballot of its election this is (E-56): what
    was given up has no result.
    """
    given_up = ballot_round.ledgers.filter(void_reason__isnull=False).exclude(votes_again=False)
    if ledger is not None:
        given_up = given_up.filter(number__lt=ledger.number)
    return 1 + given_up.count()


def live_count(ballot_round: BallotRound) -> Count | None:
    """The count going on: entering, or agreed and waiting for the seal."""
    return (
        ballot_round.counts.filter(state__in=[Count.State.ENTERING, Count.State.AGREED])
        .select_related("ledger")
        .first()
    )


def regime_of(ballot_round: BallotRound) -> Regime | None:
    code = ballot_round.election.congress.regime
    return regimes.by_code(code) if code else None


def why_not_by_papers(ballot_round: BallotRound, base: int) -> str:
    """Why counting paper by paper is not offered to ``base`` voters (secrecy of small groups); "" if it is."""
    return " ".join(one.message for one in paper_counting_findings(base, regime_of(ballot_round)))


def slate_of(ballot_round: BallotRound) -> list[str]:
    """Ids of the slate as the engine and the entries key them, in the order of the ballot."""
    return [str(pk) for pk in ballot_round.candidates.order_by("position", "pk").values_list("member_id", flat=True)]


@dataclass(frozen=True, slots=True)
class Standing:
    """One team: its seats, their newest entries, and where these differ once both have sent the same revision.

    ``fields`` are letters of the sheet (by totals), ``slips`` places in the stack (by papers).
    """

    team: int
    seats: tuple[CountSeat, ...]
    entries: tuple[CountEntry | None, ...]
    fields: tuple[str, ...] = ()
    slips: tuple[int, ...] = ()

    @property
    def both_sent(self) -> bool:
        """Both people of the team have sent the same revision."""
        revisions = {entry.revision if entry else 0 for entry in self.entries}
        return len(self.entries) == 2 and len(revisions) == 1 and revisions != {0}

    @property
    def is_agreed(self) -> bool:
        return self.both_sent and not self.fields and not self.slips

    @property
    def figures(self) -> dict[str, Any]:
        """What both typed; ask only when ``is_agreed``."""
        first = self.entries[0]
        assert first is not None  # noqa: S101  (agreed teams have entries)
        return dict(first.figures)

    def revision_of(self, seat: CountSeat) -> int:
        """The revision this seat sends next: one more than its last once both have sent and differ."""
        entry = self.entries[self.seats.index(seat)]
        return entry.revision + 1 if entry else 1

    def waits_for(self, seat: CountSeat) -> bool:
        """Whether this person has to type something now."""
        entry = self.entries[self.seats.index(seat)]
        if entry is None:
            return True
        return (self.both_sent and not self.is_agreed) or self._is_behind(entry)

    def _is_behind(self, entry: CountEntry) -> bool:
        return any(other is not None and other.revision > entry.revision for other in self.entries)


def standing_of(count: Count, team: int) -> Standing:
    """Compared only once both have sent the same revision; until both have sent the next, by the one before."""
    found = count.seats.filter(team=team).select_related("teller").prefetch_related("entries").order_by("slot")
    seats, sent = tuple(found), [{entry.revision: entry for entry in seat.entries.all()} for seat in found]
    newest = tuple(entries[max(entries)] if entries else None for entries in sent)
    if len(newest) < 2 or None in newest:
        return Standing(team, seats, newest)
    level = min(max(entries) for entries in sent)
    one, other = (entries[level].figures for entries in sent)
    if count.method == Count.Method.PAPERS:
        return Standing(team, seats, newest, slips=tuple(one.get("differs") or other.get("differs") or ()))
    return Standing(team, seats, newest, fields=differing_fields(one, other, slate_of(count.round)))


def standings_of(count: Count) -> list[Standing]:
    return [standing_of(count, team) for team in range(1, count.teams + 1)]


def papers_of(seat: CountSeat) -> dict[int, Mapping[str, Any]]:
    """Place in the stack → what this person read there, in order; a place to be read again is not in it."""
    found = seat.papers.filter(slip__isnull=False).order_by("slip").values_list("slip", "reading")
    return {slip: reading for slip, reading in found if slip is not None and reading}


def differing_papers(seats: Sequence[CountSeat]) -> list[int]:
    """Places in the stack that the two people read differently."""
    first, second = (papers_of(seat) for seat in seats)
    return sorted(differing_slips(first, second))


@dataclass(frozen=True, slots=True)
class InDoubt:
    """A paper that both read alike and only the board may rule on."""

    team: int
    slip: int
    doubt: Doubt
    reading: Mapping[str, Any]

    @property
    def question(self) -> str:
        return QUESTIONS[self.doubt]

    @property
    def paper(self) -> Paper:
        """As the rules read it."""
        marks, kept = self.reading.get("marks"), self.reading.get("kept")
        return Paper(
            kept=None if kept is None else tuple(kept),
            marks=None if marks is None else {name: Mark(mark) for name, mark in marks.items()},
            flaws=frozenset(Flaw(one) for one in self.reading.get("flaws", ())),
            unclear=frozenset(self.reading.get("unclear", ())),
        )

    @property
    def leavable(self) -> list[int]:
        """Member ids that the board may leave out of this paper."""
        return sorted(int(pk) for pk in may_be_left_out(self.paper))


def ruled(reading: Mapping[str, Any], ruling: BoardRuling | None) -> dict[str, Any]:
    """The paper as the engine reads it, with the board's conclusion where there is one."""
    if ruling is None:
        return dict(reading)
    left_out = {"uncounted": [str(pk) for pk in ruling.uncounted]} if ruling.uncounted else {}
    return {**reading, "ruling": ruling.verdict, **left_out}
