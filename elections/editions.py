"""What a recount changed: figures old and new, who is elected, which later rounds rested on the earlier result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from elections import queries
from elections.models import BallotRound, ElectedOffice, SealedResult

Office = ElectedOffice
CHOSEN_FROM: Mapping[str, tuple[str, ...]] = {
    Office.STANDING_COMMITTEE: (Office.COMMITTEE,),
    Office.SECRETARY: (Office.BRANCH_COMMITTEE, Office.COMMITTEE, Office.STANDING_COMMITTEE),
    Office.DEPUTY_SECRETARY: (Office.BRANCH_COMMITTEE, Office.COMMITTEE, Office.STANDING_COMMITTEE, Office.SECRETARY),
    Office.ALTERNATE_DELEGATES: (Office.DELEGATES,),
}
"""Whose slates depend on who was elected before them (E-15, E-17, E-58)."""
BALLOTS = {
    "issued": "Số phiếu phát ra",
    "returned": "Số phiếu thu về",
    "valid": "Số phiếu hợp lệ",
    "invalid": "Số phiếu không hợp lệ",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of two editions, old → new."""

    label: str
    old: str
    new: str

    @property
    def is_changed(self) -> bool:
        return self.old != self.new


def figures(old: SealedResult, new: SealedResult, names: Mapping[int, str]) -> list[Figure]:
    """Every figure of both editions in the order of the minutes; ``names``: member id → as on the ballot."""
    return compared(old.sheet.result, new.sheet.result, names)


def compared(old: Mapping[str, Any], new: Mapping[str, Any], names: Mapping[int, str]) -> list[Figure]:
    """The same of two results, whether or not the newer one is sealed yet."""
    return [
        Figure(label, before, after)
        for (label, before), (_, after) in zip(_shown(old, names), _shown(new, names), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Turn:
    """Who would no longer be elected by the newer result, and who only by it, by name."""

    gone: list[str]
    come: list[str]


def turn(old: Mapping[str, Any], new: Mapping[str, Any], names: Mapping[int, str]) -> Turn:
    return Turn(
        [names.get(int(pk), "") for pk in old["elected"] if pk not in new["elected"]],
        [names.get(int(pk), "") for pk in new["elected"] if pk not in old["elected"]],
    )


def _shown(result: Mapping[str, Any], names: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    for key, label in BALLOTS.items():
        yield label, str(result["ballots"][key])
    for pk, entry in result["votes"].items():
        name = names.get(int(pk), "")
        if isinstance(entry, dict):
            yield f"{name}, đồng ý", str(entry["agree"])
            yield f"{name}, không đồng ý", str(entry["disagree"])
        else:
            yield name, str(entry)
    for label, key in (("Trúng cử", "elected"), ("Bằng phiếu ở chỗ cuối", "tied")):
        yield label, ", ".join(names.get(int(pk), "") for pk in result[key]) or "không có"
    yield "Số lượng còn thiếu", str(result["open_seats"])


def same_outcome(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both results elect the same and leave the same open, whatever their figures."""
    return all(
        (set(one[key]) == set(other[key])) if isinstance(one[key], list) else one[key] == other[key]
        for key in ("status", "elected", "tied", "open_seats")
    )


def resting_on(ballot_round: BallotRound) -> list[BallotRound]:
    """Later rounds that were opened, or whose names were chosen, on what this round said.

    Of a committee's election also those of its meeting: everybody there was elected by this round.
    """
    election = ballot_round.election
    later = queries.later_elections(election)
    dependent = [one.pk for one in later if election.office in CHOSEN_FROM.get(one.office, ())]
    own = BallotRound.objects.filter(election=election, number__gt=ballot_round.number)
    meeting = queries.meeting_of(election.congress) if election.office == Office.COMMITTEE else None
    if meeting is not None:
        dependent += queries.current_elections(meeting).values_list("pk", flat=True)
    others = BallotRound.objects.filter(election__in=dependent, candidates__isnull=False).distinct()
    return [
        *own.select_related("election").order_by("number"),
        *others.select_related("election").order_by("election_id", "number"),
    ]


def shaken_by_recount(ballot_round: BallotRound) -> list[BallotRound]:
    """Later rounds that rested on the first edition, when the newest one elects otherwise; empty without a recount."""
    seals = list(ballot_round.seals.select_related("sheet").order_by("edition"))
    if len(seals) < 2 or all(same_outcome(seals[-1].sheet.result, one.sheet.result) for one in seals[:-1]):
        return []
    return resting_on(ballot_round)
