"""Counts that were dropped before a seal: what two people had typed alike does not vanish with them (E-60)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elections.models import BallotRound, Count, TallySheet
from elections.queries import votes_for
from organizations.models import Member

BALLOTS = ("returned", "valid", "invalid")


@dataclass(frozen=True, slots=True)
class Dropped:
    """One count that was given up, and why; ``result`` only where both people had typed the same."""

    number: int
    reason: str
    result: Mapping[str, Any] | None

    def sealed(self) -> dict[str, Any]:
        """As the sealed text keeps it."""
        told: dict[str, Any] = {"number": self.number, "reason": self.reason}
        if self.result is not None:
            told |= {key: self.result[key] for key in ("ballots", "votes", "elected", "tied", "open_seats")}
        return told


def dropped_before(count: Count) -> list[Dropped]:
    """The counts of its round that were given up before this one, oldest first."""
    return _told(count.round, count.round.counts.filter(number__lt=count.number))


def dropped_of(ballot_round: BallotRound) -> list[Dropped]:
    """All of the round; while it is counted again only those before the newest seal, so that nobody types by them."""
    counts = ballot_round.counts.all()
    going_on = counts.filter(state__in=[Count.State.ENTERING, Count.State.AGREED]).exists()
    last = counts.filter(state=Count.State.SEALED).order_by("-number").first()
    if going_on:
        counts = counts.filter(number__lt=last.number if last else 0)
    return _told(ballot_round, counts)


def _told(ballot_round: BallotRound, counts: Any) -> list[Dropped]:
    sheets = {one.count_id: one for one in TallySheet.objects.filter(round=ballot_round).order_by("number")}
    return [
        Dropped(one.number, one.dropped_because, sheets[one.pk].result if one.pk in sheets else None)
        for one in counts.filter(state=Count.State.DROPPED).order_by("number")
    ]


def sentence_of(dropped: Dropped, names: Mapping[int, str]) -> str:
    """“Kiểm lần 1 khớp: … ; bỏ vì …” as minutes and pages say it; ``names``: member id → as on the ballot."""
    because = f"bỏ vì: {dropped.reason.strip().rstrip('.')}."
    if dropped.result is None:
        return f"Kiểm lần {dropped.number} chưa khớp; {because}"
    ballots, votes = dropped.result["ballots"], dropped.result["votes"]
    gone = {int(pk) for pk in votes} - names.keys()
    names = {**{one.pk: one.display_name for one in Member.objects.filter(pk__in=gone)}, **names}
    papers = "thu về {returned}, hợp lệ {valid}, không hợp lệ {invalid}".format(
        **{key: ballots[key] for key in BALLOTS}
    )
    figures = ", ".join(f"{names[int(pk)]} {votes_for(entry)} phiếu" for pk, entry in votes.items())
    elected = ", ".join(names[int(pk)] for pk in dropped.result["elected"]) or "không có"
    return f"Kiểm lần {dropped.number} khớp: {papers}; {figures}; trúng cử: {elected}; {because}"
