"""Plain SQL past every service: no round and no count takes a step that no row bears out, no seat in a team there is
not, no picture of the signed minutes that is read before it has come. On PostgreSQL as the application's own role.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from elections.models import SealedResult
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db

ROUND, COUNT, SEAT = "elections_ballotround", "elections_count", "elections_countseat"
RULING, SIGNED, SEAL = "elections_boardruling", "elections_signedsheet", "elections_sealedresult"
Attack = tuple[str, ...]
"""Statements of which the last must be refused."""


def round_to(state: str, more: str = "") -> Attack:
    return (f"UPDATE {ROUND} SET state = '{state}'{more}",)  # noqa: S608  (our own statements, here and below)


def count_to(state: str, reason: str = "") -> Attack:
    return (f"UPDATE {COUNT} SET state = '{state}', dropped_because = '{reason}'",)  # noqa: S608  (names of our own tables)


def new_round(state: str) -> Attack:
    return (
        f"INSERT INTO {ROUND} (election_id, number, kind, seats, state, state_since)"  # noqa: S608  (names of our own tables)
        f" SELECT election_id, 9, kind, seats, '{state}', state_since FROM {ROUND}",
    )


def seat_in(team: int) -> Attack:
    return (
        f"INSERT INTO {SEAT} (count_id, team, slot, teller_id, taken_at)"  # noqa: S608  (names of our own tables)
        f" SELECT id, {team}, 1, started_by_id, started_at FROM {COUNT}",
    )


RULING_IN_TEAM_TWO = (
    f"INSERT INTO {RULING} (count_id, team, slip, question, verdict, category, reason, recorded_by_id, recorded_at)"  # noqa: S608  (names of our own tables)
    f" SELECT id, 2, 1, 'x', 'valid', '', 'x', started_by_id, started_at FROM {COUNT}",
)
SEALED_AND_DROPPED = (
    f"INSERT INTO {SEAL} (round_id, edition, sheet_id, content, sha256, entered_by_id, second_by_id, confirmed_by_id,"  # noqa: S608  (names of our own tables)
    " sealed_at) SELECT sheet.round_id, 1, sheet.id, '{}', '0', sheet.entered_by_id, sheet.second_by_id,"
    " sheet.second_by_id, sheet.entered_at FROM elections_tallysheet AS sheet",
    *count_to("dropped", "x"),
)


def picture(**read: str) -> Attack:
    columns, values = ", ".join(["", *read]), ", ".join(["", *read.values()])
    return (
        f"INSERT INTO {SIGNED} (seal_id, number, file, sha256, uploaded_by_id, uploaded_at{columns})"  # noqa: S608  (names of our own tables)
        f" SELECT id, 7, 'x', '0', entered_by_id, sealed_at{values} FROM {SEAL}",
    )


READ_WITHOUT_FIGURES = (
    f"UPDATE {SIGNED} SET matches = TRUE, checked_at = uploaded_at,"  # noqa: S608  (names of our own tables)
    f" checked_by_id = (SELECT confirmed_by_id FROM {SEAL})",
)

ATTACKS: dict[str, dict[str, list[Attack]]] = {
    "sitting": {
        f"{ROUND}_step": [round_to(state) for state in ("slate_fixed", "counting", "counted", "sealed")],
        f"{ROUND}_begins_open": [new_round("sealed"), new_round("set_aside")],
    },
    "slate_fixed": {f"{ROUND}_step": [round_to(state) for state in ("counting", "counted", "sealed", "set_aside")]},
    "counting": {
        f"{ROUND}_step": [round_to(state) for state in ("slate_open", "slate_fixed", "counted", "sealed")],
        f"{COUNT}_step": [count_to("agreed"), count_to("sealed"), count_to("dropped")],
        f"{SEAT}_of_a_team": [seat_in(0), seat_in(2), seat_in(9)],
        f"{RULING}_of_a_team": [RULING_IN_TEAM_TWO],
    },
    "counted": {
        f"{ROUND}_step": [round_to(state) for state in ("slate_open", "slate_fixed", "counting", "sealed")],
        f"{COUNT}_step": [count_to("entering"), count_to("sealed"), count_to("dropped"), SEALED_AND_DROPPED],
    },
    "sealed": {
        f"{SIGNED}_comes_unread": [
            picture(retyped="'{}'", matches="TRUE", checked_by_id="confirmed_by_id", checked_at="sealed_at"),
            picture(matches="TRUE", checked_at="sealed_at"),
            picture(retyped="'{}'"),
        ],
        f"{SIGNED}_read_in_figures": [READ_WITHOUT_FIGURES],
    },
}
"""Stage → guard → what it must refuse there."""
ON_POSTGRESQL = {
    "sitting": {f"{ROUND}_step": [round_to("slate_fixed", ", fixed_vote_id = (SELECT min(id) FROM congress_cardvote)")]}
}
"""With the vote on something else than the slate."""


def answer_to(attack: Attack) -> str:
    """What the database says to its last statement: "" when all of it goes through. Undone in any case."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in attack:
                cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error)
    return ""


def answer_without(guard: str, attack: Attack) -> str:
    table = next(one for one in (ROUND, COUNT, SEAT, RULING, SIGNED) if guard.startswith(f"{one}_"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {guard}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
        answer = answer_to(attack)
        transaction.set_rollback(True)
    return answer


def answers(world: World, ask: Callable[[str, Attack], str]) -> Iterator[tuple[str, str, Attack, str]]:
    """Every attack at its stage with what was answered, along one way from the open slate to the seal."""
    for stage, guards in ATTACKS.items():
        if stage != "sitting":
            getattr(world, stage)()
        if stage == "sealed":
            world.upload_signed_sheet(SealedResult.objects.get())
        more = ON_POSTGRESQL.get(stage, {}) if connection.vendor == "postgresql" else {}
        for guard, attacks in guards.items():
            for attack in [*attacks, *more.get(guard, [])]:
                yield stage, guard, attack, ask(guard, attack)


@contextmanager
def the_application() -> Iterator[None]:
    """Nothing more than the role that the product connects with may do; SQLite knows no roles."""
    if connection.vendor != "postgresql":
        yield
        return
    role = f"application_{os.getpid()}"
    with transaction.atomic(), connection.cursor() as cursor:
        call_command("restrict_database_role", role, stdout=StringIO())
        cursor.execute(f"SET LOCAL ROLE {role}")
        yield
        cursor.execute("RESET ROLE")
        transaction.set_rollback(True)


def as_application(guard: str, attack: Attack) -> str:
    with the_application():
        return answer_to(attack)


def test_no_statement_takes_a_step_that_no_row_bears_out():
    found = list(answers(congress_at("sitting"), as_application))

    assert [one for one in found if one[1] not in one[3]] == []
    assert {guard for _, guard, *_ in found} == {guard for guards in ATTACKS.values() for guard in guards}


def test_without_its_guard_each_of_these_statements_goes_through():
    """The control: it is this one trigger that stops them, not a mistake in them and not another."""
    assert [one for one in answers(congress_at("sitting"), answer_without) if one[3]] == []
