"""Somebody deducted from the base of a sealed vote comes after it: told only where the result would differ (U-22)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from django.urls import reverse

from congress.alerts import Alert
from congress.electorates import Roll
from congress.models import Congress
from congress.rules.bases import Assembly, Electorate
from congress.rules.majority import votes_needed
from elections import queries
from elections.models import SealedResult
from elections.rules.late_arrival import late_arrival_findings
from elections.rules.reading import read_case

FIGURES = {one.name for one in fields(Electorate)}


def late_arrivals(congress: Congress) -> Iterator[Alert]:
    """One alert for each sealed result that would end otherwise on the base of now; nothing is changed by it."""
    seals = [seal for election in queries.current_elections(congress) for seal in queries.sealed_results(election)]
    if not seals:
        return
    roll = Roll(congress)
    for seal in seals:
        if alert := _alert(seal, roll):
            yield alert


def _alert(seal: SealedResult, roll: Roll) -> Alert | None:
    ballot_round = seal.round
    snapshot = ballot_round.electorate
    if snapshot is None:
        return None
    arrived = _arrived(snapshot, roll)
    after = _with_arrivals(snapshot, arrived)
    case = read_case(seal.sheet.case)
    told = list(late_arrival_findings(case, after))
    if not arrived or case.electorate is None or not told:
        return None
    names = ", ".join(person["name"] for people in arrived.values() for person in people)
    was, now = case.electorate.election_base, after.election_base
    return Alert(
        key=f"late:{seal.pk}:{now}",
        title=f"{ballot_round}: có đồng chí đến sau, kết quả sẽ khác nếu tính lại",
        text=f"Khi bỏ phiếu, cơ sở tính là {was}, cần {votes_needed(was)} phiếu. Đồng chí {names} đến sau; nếu tính "
        f"trên {now} thì cần {votes_needed(now)} phiếu. {told[0].message} {told[0].next}",
        url=reverse("elections:round", args=[ballot_round.pk]),
        link="Xem lần bỏ phiếu",
    )


def _arrived(snapshot: dict[str, Any], roll: Roll) -> dict[str, list[dict[str, Any]]]:
    """Figure → the people deducted in it at the vote who count now."""
    counting = {line.pk for line in roll.lines if not roll.deduction(line)}
    found = {
        one["figure"]: [person for person in one["people"] if person["line"] in counting]
        for one in snapshot["deductions"]
    }
    return {figure: people for figure, people in found.items() if people}


def _with_arrivals(snapshot: dict[str, Any], arrived: dict[str, list[dict[str, Any]]]) -> Electorate:
    figures = {name: value for name, value in snapshot["figures"].items() if name in FIGURES}
    figures["assembly"] = Assembly(snapshot["assembly"])
    return Electorate(**figures | {figure: figures[figure] - len(people) for figure, people in arrived.items()})
