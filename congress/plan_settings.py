"""What a plan settles besides its days, and the stations of its timeline: its own, amended, or of the plan above."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from congress.deadlines import amending_plans, with_higher_plans
from congress.models import Congress, Plan, PlanStation
from congress.rules import timeline
from congress.rules.presets import SETTINGS
from congress.rules.timeline import Station

CONTENTS = {2: "2 nội dung", 3: "3 nội dung, không bầu cấp ủy", 4: "4 nội dung"}
STEPS = {3: "3 bước", 5: "5 bước"}
ORGANISED = {True: "có", False: "không"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting in force, in words, and the plan it comes from; ``plan`` None where nobody has settled it."""

    name: str
    label: str
    value: Any
    shown: str
    plan: Plan | None


def settings_of(plan: Plan) -> dict[str, Setting]:
    return settings_of_plans([plan])[plan.pk]


def settings_of_plans(plans: Iterable[Plan]) -> dict[int, dict[str, Setting]]:
    """Plan id → the settings in force, by name, in the order of the form."""
    asked, chain = _chains(plans)
    return {pk: {name: _setting(name, chain(plan)) for name in SETTINGS} for pk, plan in asked.items()}


def _chains(plans: Iterable[Plan]) -> tuple[dict[int, Plan], Callable[[Plan], Iterator[Plan]]]:
    """The plans by id, and a walk from the newest amendment of a plan up to the plan nobody stands above."""
    asked = {plan.pk: plan for plan in plans}
    known = with_higher_plans(asked)
    amending = amending_plans(known)

    def chain(plan: Plan) -> Iterator[Plan]:
        yield from reversed(amending.get(plan.pk, ()))
        yield plan
        if plan.based_on_id:
            yield from chain(known[plan.based_on_id])

    return asked, chain


def _setting(name: str, chain: Iterable[Plan]) -> Setting:
    plan = next((one for one in chain if getattr(one, name) is not None), None)
    label = str(Plan._meta.get_field(name).verbose_name)
    if plan is None:
        return Setting(name, label, None, "chưa quy định", None)
    value = getattr(plan, name)
    return Setting(name, label, value, in_words(name, value), plan)


def in_words(name: str, value: Any) -> str:
    """A setting as the pages say it."""
    if name == "contents":
        return CONTENTS.get(value, f"{value} nội dung")
    if name == "personnel_steps":
        return STEPS.get(value, f"{value} bước")
    if isinstance(value, bool):
        return ORGANISED[value]
    choices = dict(Plan._meta.get_field(name).flatchoices)
    return str(choices.get(value, value)).lower()


# ---- the stations ----


def own_stations(plan: Plan) -> tuple[Station, ...]:
    """The rows that the plan itself keeps; () where it uses those above."""
    return timeline.connected([_station(row) for row in plan.stations.all()])


def _station(row: PlanStation) -> Station:
    known = next((one for one in timeline.shipped() if one.key == row.key), None)
    return Station(
        row.key,
        row.title,
        row.owner,
        row.anchor,
        row.offset,
        tuple(row.after),
        source="kế hoạch",
        when={"is_pilot": known.when["is_pilot"]} if known and known.when and "is_pilot" in known.when else None,
        automatic=row.key in timeline.automatic(),
    )


def stations_of_plans(plans: Iterable[Plan]) -> dict[int, tuple[Plan | None, tuple[Station, ...]]]:
    """Plan id → the plan whose rows are used (None: the shipped template) and the stations; pilots' among them."""
    asked, chain = _chains(plans)
    chains = {pk: list(chain(plan)) for pk, plan in asked.items()}
    rows: dict[int, list[PlanStation]] = {}
    for row in PlanStation.objects.filter(plan__in={one.pk for many in chains.values() for one in many}):
        rows.setdefault(row.plan_id, []).append(row)
    found: dict[int, tuple[Plan | None, tuple[Station, ...]]] = {}
    for pk, line in chains.items():
        keeper = next((one for one in line if one.pk in rows), None)
        if keeper is not None:
            found[pk] = keeper, tuple(_station(row) for row in rows[keeper.pk])
            continue
        settings = {name: _setting(name, line).value for name in SETTINGS}
        found[pk] = None, timeline.template(settings | {"is_pilot": True})
    return found


def stations_for(congress: Congress, stations: Iterable[Station]) -> tuple[Station, ...]:
    """Those of the plan's stations that this congress passes."""
    is_pilot = [congress.is_pilot]
    here = [one for one in stations if "is_pilot" not in (one.when or {}) or (one.when or {})["is_pilot"] == is_pilot]
    return timeline.connected(here)
