"""Counts that were dropped before a seal: what two people had typed alike does not vanish with them (E-60)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elections.models import BallotLedger, BallotRound, Count, TallySheet
from elections.queries import votes_for
from elections.rules.ledger import copies_findings
from elections.standings import handing_out
from organizations.models import Member

BALLOTS = ("returned", "valid", "invalid")
LEDGER = {
    "printed": "in",
    "issued": "phát ra",
    "spoiled": "hỏng đổi lại",
    "unused": "không dùng",
    "returned": "thu về",
}


@dataclass(frozen=True, slots=True)
class Dropped:
    """One count that was given up, and why; ``result`` only where both people had typed the same.

    ``handing_out``: which one its ballots came from, where these were given up, too, and others cast.
    """

    number: int
    reason: str
    result: Mapping[str, Any] | None
    handing_out: int | None = None

    def sealed(self) -> dict[str, Any]:
        """As the sealed text keeps it."""
        told: dict[str, Any] = {"number": self.number, "reason": self.reason}
        if self.handing_out is not None:
            told["handing_out"] = self.handing_out
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
        Dropped(
            one.number,
            one.dropped_because,
            sheets[one.pk].result if one.pk in sheets else None,
            None if is_used(one.ledger) else handing_out(ballot_round, one.ledger),
        )
        for one in counts.filter(state=Count.State.DROPPED).select_related("ledger").order_by("number")
    ]


def is_used(ledger: BallotLedger) -> bool:
    """Whether the ballots that were written there still are the ballots of this vote."""
    return ledger.void_reason is None or ledger.votes_again is False


def void_before(ledger: BallotLedger) -> list[BallotLedger]:
    """Ledgers of its round that were given up before this one, oldest first: other ballots, another vote."""
    found = ledger.round.ledgers.filter(number__lt=ledger.number, void_reason__isnull=False)
    return list(found.order_by("number"))


def sealed_void(ledger: BallotLedger) -> dict[str, Any]:
    """A void ledger as the sealed text keeps it; a figure that was never written stays None."""
    figures = {name: getattr(ledger, name) for name in LEDGER}
    return {
        "number": ledger.number,
        "handing_out": handing_out(ledger.round, ledger),
        "votes_again": not is_used(ledger),
        "reason": ledger.void_reason,
        **figures,
    }


def printed_otherwise(ledger: BallotLedger) -> str:
    """What a closed ledger has printed beside the file that was made (E-43); "" where nothing had to be explained."""
    if ledger.printed is None or ledger.printed_against is None or not ledger.printed_note:
        return ""
    return " ".join(one.message for one in copies_findings(ledger.printed, ledger.printed_against))


def sentence_of_void(ledger: BallotLedger) -> str:
    """“Phát phiếu lần 1 đã hủy: …” as minutes and pages say it; of figures only written wrong no ballot is void."""
    known = [f"{label} {getattr(ledger, name)}" for name, label in LEDGER.items() if getattr(ledger, name) is not None]
    figures = f" ({', '.join(known)})" if known else ""
    why = (ledger.void_reason or "").rstrip(".")
    if is_used(ledger):
        return f"Sổ phiếu lập lần {ledger.number}{figures} ghi sai, đã hủy và lập lại sổ: {why}."
    return f"Phát phiếu lần {handing_out(ledger.round, ledger)}{figures} đã hủy, bỏ phiếu lại: {why}."


def sentence_of(dropped: Dropped, names: Mapping[int, str]) -> str:
    """“Kiểm lần 1 khớp, số liệu không dùng: … ; bỏ vì …” as minutes and pages say it; of nobody that he was elected.

    ``names``: member id → as on the ballot.
    """
    because = f"bỏ vì: {dropped.reason.strip().rstrip('.')}."
    of_other = f" phiếu phát lần {dropped.handing_out} (đã hủy)" if dropped.handing_out is not None else ""
    if dropped.result is None:
        return f"Kiểm lần {dropped.number}{of_other} chưa khớp; {because}"
    ballots, votes = dropped.result["ballots"], dropped.result["votes"]
    gone = {int(pk) for pk in votes} - names.keys()
    names = {**{one.pk: one.display_name for one in Member.objects.filter(pk__in=gone)}, **names}
    papers = "thu về {returned}, hợp lệ {valid}, không hợp lệ {invalid}".format(
        **{key: ballots[key] for key in BALLOTS}
    )
    figures = ", ".join(f"{names[int(pk)]} {votes_for(entry)} phiếu" for pk, entry in votes.items())
    return f"Kiểm lần {dropped.number}{of_other} khớp, số liệu không dùng: {papers}; {figures}; {because}"
