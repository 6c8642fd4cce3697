"""A roll of members out of a workbook: examined beside who is known, then written in one go or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.errors import InvalidInput
from accounts.models import User
from organizations import policies
from organizations.importing import workbook
from organizations.importing.cells import Reading
from organizations.importing.comparing import COMPARED, Known, Outcome, judge
from organizations.importing.rolls import ROLL, entry
from organizations.importing.rows import sort_out
from organizations.importing.workbook import Progress
from organizations.models import Gender, Member, Organization, PoliticalLevel
from organizations.queries import below, branches_below
from organizations.rules import names
from organizations.rules.names import fold
from organizations.services.examining import Examination, in_words, ranges, require_header

AT_ONCE = 500
TOLD = 300
WORDS = in_words({"gender": dict(Gender.choices), "political_level": dict(PoliticalLevel.choices)})
LIMITS = {
    one.name: one.max_length
    for one in Member._meta.get_fields()
    if getattr(one, "max_length", None) and not getattr(one, "choices", None)
}


def examine(
    content: bytes,
    organization: Organization,
    *,
    on: date,
    choices: Mapping[str, str] | None = None,
    columns: Mapping[str, Mapping[int, str]] | None = None,
    progress: Progress | None = None,
) -> Examination:
    """Reads the roll of a branch, or of all branches below (then each row names its own). Writes nothing.

    ``choices``: what a person said about rows that look like somebody known; ``columns``: columns set right by hand.
    Raises InvalidInput when the file holds no list.
    """
    chosen = {name: dict(one) for name, one in (columns or {}).items()}
    found = sort_out(workbook.read(content, progress), ROLL, chosen, key="full_name")
    require_header(found, "“Họ và tên” và một cột nữa")
    reading = Reading(on)
    entries = [entry(raw, listed.header, reading, LIMITS) for listed in found.lists for raw in listed.entries]
    known = list(_known(organization, on))
    here = (organization.pk, organization.name) if organization.is_branch else None
    judged = judge(entries, _branches(organization), known, choices or {}, only_branch=here)
    met = {one.member_id for one in judged} | {one.alike.pk for one in judged if one.alike}
    branches = {one.branch_id for one in judged}
    absent = [one for one in known if one.branch_id in branches and not one.gone and one.pk not in met]
    return Examination(ROLL, found, judged, WORDS, [str(one.values["full_name"]) for one in absent])


def _branches(organization: Organization) -> dict[str, tuple[int, str]]:
    """Folded code or name → branch; a name that several bear says so with id 0."""
    found: dict[str, tuple[int, str]] = {}
    living = list(branches_below(organization).values_list("pk", "name", "code"))
    for pk, name, _ in living:
        found[fold(name)] = (0, name) if fold(name) in found else (pk, name)
    return found | {fold(code): (pk, name) for pk, name, code in living}


def _known(organization: Organization, on: date) -> Iterable[Known]:
    fields = ("pk", "organization_id", "organization__name", "left_on", *COMPARED)
    rows = Member.objects.filter(below(organization.path, "organization__")).order_by("pk").values_list(*fields)
    for pk, branch_id, branch, left_on, *values in rows:
        told = {key: value if value != "" else None for key, value in zip(COMPARED, values, strict=True)}
        yield Known(pk, branch_id, branch, told, gone=left_on is not None and left_on <= on)


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
    """Examines once more under the locks of the branches and their members, then writes every row, or nothing.

    False: nothing was written, since a row is refused and not ``partial``, or the outcome is not the one that was
    ``seen``. ``actor`` None: the installation itself. ``source``: what the record says about the file.
    """
    organization = Organization.objects.get(pk=organization_id)
    if actor is not None:
        policies.can_manage_roll(actor, organization).require()
    if organization.closed_on is not None:
        raise InvalidInput(f"{organization.name} đã kết thúc hoạt động, không nhập thêm danh sách.")
    list(branches_below(organization).select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    members = Member.objects.filter(below(organization.path, "organization__"))
    list(members.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    examined = examine(content, organization, on=on, choices=choices, columns=columns)
    if (seen and seen != examined.digest()) or (examined.of(Outcome.REFUSED) and not partial):
        return examined, False
    made = _create(examined)
    _update(examined)
    counts = examined.counts
    audit.record(
        "roll.imported",
        organization,
        actor=actor,
        at=at,
        **dict(source),
        **counts,
        members=ranges(one.pk for one in made),
        changes=examined.changes_in_words(TOLD),
    )
    return examined, True


def _create(examined: Examination) -> list[Member]:
    new = [
        Member(
            organization_id=one.branch_id,
            **names.columns(one.entry.values["full_name"]),
            **{key: value for key, value in one.entry.values.items() if value is not None},
        )
        for one in examined.of(Outcome.CREATED)
    ]
    return Member.objects.bulk_create(new, batch_size=AT_ONCE)


def _update(examined: Examination) -> None:
    """Each member's own changes and no column besides: what somebody else keeps there is not written again."""
    changed = {one.member_id: one.changes for one in examined.of(Outcome.UPDATED)}
    alike: dict[tuple[str, ...], list[Member]] = {}
    for member in Member.objects.in_bulk(changed).values():
        new = {key: value for key, (_, value) in changed[member.pk].items()}
        if "full_name" in new:
            new |= names.columns(new["full_name"])
        for key, value in new.items():
            setattr(member, key, value)
        alike.setdefault(tuple(sorted(new)), []).append(member)
    for fields, members in alike.items():
        # One statement for many rows; every row is there, so that nothing is ever inserted.
        Member.objects.bulk_create(
            members, batch_size=AT_ONCE, update_conflicts=True, update_fields=fields, unique_fields=["id"]
        )
