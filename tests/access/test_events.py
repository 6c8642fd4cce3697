"""Every act through a page leaves exactly one event; walked over every address that takes a form.

Forms are filled in as the pages show them (``filling``), by whoever the policies let in, in every state.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from weakref import WeakKeyDictionary

import pytest
from django.db import transaction
from django.http import HttpResponse

from accounts.access import Audience
from elections.matrix.cells import Cell
from elections.matrix.expected import Answer
from elections.matrix.runner import Runner, events_after, last_event
from elections.matrix.samples import HIDDEN_FIELDS, states_at
from tests.access.asking import CELLS
from tests.access.filling import forms_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PEOPLE = ("secretary", "approver", "committee_staff", "teller", "head_teller")
OUT_OF_REACH = {
    "organizations:reactivate",  # of somebody whose account is closed
    "organizations:close",  # of a branch without members
    "organizations:move",  # to a committee in the same reach
    "organizations:merge",  # of a branch whose congress is not under way
    "organizations:consolidate",
    "organizations:upload_roll",  # with a file
    "organizations:upload_tree",
    "organizations:import_answer",  # about somebody who looks like a member
    "organizations:import_retry",  # after a job that failed
    "organizations:make_accounts",  # for branches without a secretary
    "organizations:take_slips",  # of a batch that is printed
    "organizations:print_slips_again",  # after a job that failed
    "organizations:reset_second_factor",  # of somebody who has one
    "organizations:give_post",  # of a person on the roll, chosen from a list
    "organizations:revoke_slip",  # of a batch that is printed
    "congress:issue_plan",  # with a number
    "congress:open_missing",  # of a branch founded after the plan
    "congress:keep_holiday",  # by the system administrator
    "congress:drop_holiday",
    "congress:leave_subcommittee",  # of somebody who is in it
    "congress:pilot_review",  # of a pilot congress that has met
    "congress:add_lesson",
    "congress:remove_lesson",
    "congress:send_lessons",
    "congress:lesson_done",  # of a letter with lessons
    "elections:rehearsal",  # of a congress to come
    "congress:call_meeting",  # of a committee whose congress is closed
    "congress:delegates",  # of a congress of delegates
    "congress:dismiss_delegate",
    "congress:replace_delegate",
    "congress:choose_ballot",  # of a member exempt from activities who came
    "documents:upload",  # with a file
    "elections:upload_signed_sheet",
    "elections:read_signed_sheet_again",  # after figures that differ
    "elections:explain_warnings",  # of a count that asks for it
    "elections:ballots",  # before the ledger closes
    "elections:support",  # under the regulation of 2024
    "elections:opinions",  # of a slate with too many names
    "elections:print_opinions",
    "elections:confirm_opinions",
    "elections:joining",
    "elections:superior_opinion",  # after a planned leader was not elected
    "elections:next_round",  # after a round that elected too few
    "elections:conclude",
    "elections:vote_anew",  # after a recount that took somebody elected out of the committee
}
"""What the world of the matrix has no object for; their own tests look at their events."""

KEPT: WeakKeyDictionary[Runner, dict[str, list[tuple[int, int, int]]]] = WeakKeyDictionary()
"""What came of the walk through one world, which takes a minute."""


def states_of(cell: Cell) -> Iterator[Cell]:
    """The cell in every state in which the world has its object."""
    scope = cell.address.access.scope
    for state in states_at(scope, cell.place):
        yield replace(cell, state=state)


def may_act(cell: Cell) -> bool:
    accepted = cell.expected in (Answer.ACCEPTED, Answer.ANSWERED)
    return cell.method == "POST" and accepted and cell.address.access.audience is Audience.SCOPED


def is_in_turn(cell: Cell) -> bool:
    """Whether the life cycle allows the act in this state; where it does not, one form is refused like another."""
    scope, action = cell.address.access.scope, cell.address.access.action
    return not action or scope.lifecycle is None or scope.lifecycle.allows(action, state=cell.state)


def pages(identity: str) -> list[Cell]:
    shown = (Answer.SHOWN, Answer.SHOWN_OR_CONFLICT)
    usual = {
        c.address.name: c
        for c in CELLS
        if c.identity == identity and c.method == "GET" and c.expected in shown and c.place == "branch"
    }
    return [one for cell in usual.values() for one in states_of(cell)]


def forms_shown_to(matrix: Runner, identity: str) -> dict[str, list[dict[str, str]]]:
    """Path → the forms that lead there, from every page this person is shown."""
    found: dict[str, list[dict[str, str]]] = {}
    for cell in pages(identity):
        with transaction.atomic():
            response = matrix.visit(cell)
            transaction.set_rollback(True)
        if response.status_code == 200 and "html" in response.headers["Content-Type"]:
            for path, values in forms_of(response.content.decode(), matrix.url(cell)):
                found.setdefault(path, []).append(values)
    return found


def is_review(response: HttpResponse) -> bool:
    return response.status_code == 200 and b'name="da_xem"' in getattr(response, "content", b"")


def acted(matrix: Runner, cell: Cell, form: dict[str, str]) -> tuple[int, int, int]:
    """Status, acts and refusals recorded."""
    with transaction.atomic():
        before = last_event()
        response = matrix.visit(cell, form=HIDDEN_FIELDS | form)
        if is_review(response):  # nothing is written until what was shown is confirmed
            path = matrix.url(cell)
            first = next(values for leads_to, values in forms_of(response.content.decode(), path) if leads_to == path)
            response = matrix.visit(cell, form=HIDDEN_FIELDS | first)
        status = response.status_code
        done, refused = events_after(before)
        transaction.set_rollback(True)
    return status, done, refused


def form_sent_back(matrix: Runner, cell: Cell) -> list[dict[str, str]]:
    """The form that comes back with its faults when nothing is sent to an address that no page leads to."""
    with transaction.atomic():
        response = matrix.visit(cell, form={})
        transaction.set_rollback(True)
    path = matrix.url(cell)
    page = response.content.decode() if response.status_code == 422 else ""
    return [values for leads_to, values in forms_of(page, path) if leads_to == path] or [{}]


@pytest.fixture
def acts(matrix: Runner) -> dict[str, list[tuple[int, int, int]]]:
    """Address → what came of every form that was sent to it."""
    found = KEPT.setdefault(matrix, {})
    for identity in () if found else PEOPLE:
        forms = forms_shown_to(matrix, identity)
        doors = {c.address.name: c for c in CELLS if c.identity == identity and may_act(c) and c.place == "branch"}
        for name, door in doors.items():
            for cell in states_of(door):
                shown = forms.get(matrix.url(cell)) or form_sent_back(matrix, cell)
                for form in shown[: 3 if is_in_turn(cell) else 1]:
                    found.setdefault(name, []).append(acted(matrix, cell, form))
    return found


def test_every_successful_act_leaves_exactly_one_event_and_every_other_none(acts):
    wrong = [
        (name, told)
        for name, all_told in acts.items()
        for told in all_told
        if told[1:] != ((1, 0) if told[0] < 400 else (0, 1) if told[0] == 403 else (0, 0))
    ]

    assert wrong == []


def test_nearly_every_address_that_takes_a_form_is_reached_with_success(acts):
    doors = {cell.address.name for cell in CELLS if may_act(cell) and cell.place == "branch"}
    reached = {name for name, all_told in acts.items() if any(status < 400 for status, _, _ in all_told)}

    assert doors - reached - OUT_OF_REACH == set()
