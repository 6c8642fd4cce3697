"""A tree of organizations out of a workbook: examined beside what is there, founded from above in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.errors import InvalidInput
from accounts.models import User
from organizations import policies
from organizations.importing import trees as reading
from organizations.importing import workbook
from organizations.importing.cells import Reading
from organizations.importing.comparing import Outcome
from organizations.importing.rows import sort_out
from organizations.importing.trees import TREE, Body, Words
from organizations.importing.workbook import Progress
from organizations.models import BRANCH_TYPES, NodeType, Organization, Sector
from organizations.queries import below
from organizations.services.examining import Examination, in_words, ranges, require_header
from organizations.services.tree import found_organization, lock_tree

KEPT = ("committee_name", "symbol", "sector", "place", "founded_on", "founding_decision")
WORDS = in_words({"node_type": dict(NodeType.choices), "sector": dict(Sector.choices)})
LABELS = Words(dict(NodeType.choices), dict(Sector.choices))
LIMITS = {
    one.name: one.max_length
    for one in Organization._meta.get_fields()
    if getattr(one, "max_length", None) and not getattr(one, "choices", None)
}


def _told(key: str, value: Any) -> str:
    return "" if key in ("above", "body") else WORDS(key, value)


def examine(
    content: bytes,
    organization: Organization,
    *,
    on: date,
    choices: Mapping[str, str] | None = None,
    columns: Mapping[str, Mapping[int, str]] | None = None,
    progress: Progress | None = None,
) -> Examination:
    """Reads a tree to be put below ``organization``. Writes nothing. Raises InvalidInput where there is no list."""
    chosen = {name: dict(one) for name, one in (columns or {}).items()}
    found = sort_out(workbook.read(content, progress), TREE, chosen, key="name")
    require_header(found, "“Tên tổ chức” và một cột nữa")
    today = Reading(on)
    entries = [reading.entry(raw, one.header, today, LIMITS, LABELS) for one in found.lists for raw in one.entries]
    bodies = _there(organization)
    judged = reading.judge(
        entries, bodies[organization.pk], [one for pk, one in bodies.items() if pk != organization.pk], LABELS
    )
    taken = set(Organization.objects.exclude(below(organization.path)).values_list("code", flat=True))
    for one in judged:
        code = one.entry.values.get("code")
        if one.outcome is Outcome.CREATED and code in taken:
            one.refuse("Mã", code, "Mã này đã dùng cho một tổ chức khác trên hệ thống. Chọn mã khác.")
    return Examination(TREE, found, judged, _told)


def _there(organization: Organization) -> dict[int, Body]:
    bodies: dict[int, Body] = {}
    for one in Organization.objects.filter(below(organization.path)).order_by("depth", "path"):
        bodies[one.pk] = Body(
            one.name,
            one.node_type,
            one.code,
            one.pk,
            bodies.get(one.parent_id or 0),
            values={key: getattr(one, key) or None for key in KEPT},
            closed=one.closed_on is not None,
        )
    return bodies


@transaction.atomic
def write(
    content: bytes,
    organization_id: int,
    *,
    actor: User | None,
    at: datetime,
    on: date,
    partial: bool = False,
    seen: str = "",
    source: Mapping[str, Any],
    choices: Mapping[str, str] | None = None,
    columns: Mapping[str, Mapping[int, str]] | None = None,
) -> tuple[Examination, bool]:
    """Examines once more while nobody else changes the tree, then founds every organization, or none.

    Arguments and answer as for a roll (``services.rolls.write``).
    """
    lock_tree()
    organization = Organization.objects.get(pk=organization_id)
    if actor is not None:
        policies.can_manage_tree(actor, organization).require()
    if organization.closed_on is not None:
        raise InvalidInput(f"{organization.name} đã kết thúc hoạt động, không thêm tổ chức trực thuộc.")
    examined = examine(content, organization, on=on, choices=choices, columns=columns)
    if (seen and seen != examined.digest()) or (examined.of(Outcome.REFUSED) and not partial):
        return examined, False
    made = _found(examined, organization, actor=actor, at=at)
    for one in examined.of(Outcome.UPDATED):
        Organization.objects.filter(pk=one.member_id).update(**{key: new for key, (_, new) in one.changes.items()})
    audit.record(
        "tree.imported",
        organization,
        actor=actor,
        at=at,
        **dict(source),
        **examined.counts,
        organizations=ranges(one.pk for one in made),
    )
    return examined, True


def _found(examined: Examination, root: Organization, *, actor: User | None, at: datetime) -> list[Organization]:
    made: list[Organization] = []
    taken = set(Organization.objects.filter(code__startswith=f"{root.code}-").values_list("code", flat=True))
    for one in reading.order_of_founding(examined.judged):
        values: dict[str, Any] = {key: value for key, value in one.entry.values.items() if value is not None}
        body, above = values.pop("body"), values.pop("above")
        values.pop("parent", None)
        values["code"] = values.get("code") or _free_code(root.code, taken)
        values.setdefault("symbol", "CB" if values["node_type"] in BRANCH_TYPES else "ĐU")
        values.setdefault("place", root.place)
        organization = found_organization(parent_id=above.pk, actor=actor, at=at, **values)
        body.pk = organization.pk
        made.append(organization)
    return made


def _free_code(root: str, taken: set[str]) -> str:
    number = len(taken) + 1
    while f"{root[:35]}-{number}" in taken:
        number += 1
    code = f"{root[:35]}-{number}"
    taken.add(code)
    return code
