"""Performs the cells in a throw-away database: each in a savepoint that is rolled back, one session per person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services as account_services
from accounts.models import AuditEvent, Outcome, User
from elections.matrix.cells import Cell
from elections.matrix.expected import MEANING, Answer
from elections.matrix.places import MISSING
from elections.matrix.samples import GAPS, HIDDEN_FIELDS
from elections.matrix.world import World

FRESH_SECONDS = 45  # sooner than a session is written again, and than the password is asked for again
NOWHERE = 2_000_000_000
GAP = re.compile(r"<(?:(\w+):)?(\w+)>")
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*|(X-CSRFToken[^A-Za-z0-9]{1,12})[A-Za-z0-9]{32,}')
SILENT = (Answer.SIGN_IN, Answer.METHOD, Answer.MISSING, Answer.CONFLICT, Answer.SHOWN, Answer.SHOWN_OR_CONFLICT)


@dataclass(frozen=True, slots=True)
class Seen:
    """What came back, and how many acts and refusals it left in the record of events."""

    status: int
    done: int
    refused: int
    same_as_missing: bool = True
    location: str = ""
    error: str = ""


class Runner:
    """Holds a session for each person; ``ask`` performs one cell. Lives inside one transaction of its caller."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._client = Client(raise_request_exception=False)
        self.sign_in()
        self._missing: dict[tuple[str, str, str], tuple[object, ...]] = {}
        deactivated = world.people["deactivated"]
        account_services.deactivate_user(deactivated.pk, actor=world.people["approver"], at=timezone.now())

    def sign_in(self) -> None:
        """A new session for everybody; whoever rolls them back calls it again."""
        self._sessions = {name: self._session_of(name) for name in self.world.people}
        self._signed_in_at = monotonic()

    def _session_of(self, name: str) -> str:
        client = Client()
        client.force_login(User.objects.get(pk=self.world.people[name].pk))  # as stored: a new role ends sessions
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def run(self, cells: Iterable[Cell]) -> Iterator[tuple[Cell, Seen]]:
        return ((cell, self.ask(cell)) for cell in cells)

    def ask(self, cell: Cell) -> Seen:
        if monotonic() - self._signed_in_at > FRESH_SECONDS:
            self.sign_in()
        with transaction.atomic():
            before = last_event()
            response = self.visit(cell)
            done, refused = events_after(before)
            transaction.set_rollback(True)
        seen = Seen(response.status_code, done, refused, location=response.headers.get("Location", ""))
        if cell.expected is Answer.HIDDEN and response.status_code == 404:
            seen = replace(seen, same_as_missing=_print(response) == self._print_of_missing(cell))
        if response.status_code >= 500:
            info: Any = getattr(response, "exc_info", None)
            seen = replace(seen, error=repr(info[1]) if info else "")
        return seen

    def visit(
        self, cell: Cell, pk: int | None = None, *, query: str = "", form: Mapping[str, str] = HIDDEN_FIELDS
    ) -> HttpResponseBase:
        """One request as that person, with what it changes; ``pk`` instead of the object of the cell when given."""
        self._client.cookies = SimpleCookie()
        if cell.identity in self._sessions:
            self._client.cookies[settings.SESSION_COOKIE_NAME] = self._sessions[cell.identity]
        self._client.exc_info = None
        response: HttpResponseBase = self._client.generic(
            cell.method,
            self.url(cell, pk) + query,
            urlencode(form) if cell.method == "POST" else "",
            content_type="application/x-www-form-urlencoded",
            secure=True,
        )
        return response

    def url(self, cell: Cell, pk: int | None = None) -> str:
        """The address with the object's id in its place; ``pk`` instead of it when given."""
        scope = cell.address.access.scope if cell.address.access else None
        values: dict[str, Any] = {}
        for kind, name in GAP.findall(cell.address.pattern):
            values[name] = GAPS.get(name, 1 if kind == "int" else "x")
        if scope is not None:
            values[scope.kwarg] = pk or self._pk_of(cell, scope.name)
        return reverse(cell.address.name, kwargs=values)

    def _pk_of(self, cell: Cell, scope: str) -> int:
        return NOWHERE if cell.place == MISSING else self.world.objects[scope, cell.place, cell.state]

    def _print_of_missing(self, cell: Cell) -> tuple[object, ...]:
        """The answer about an object that does not exist, asked once per address, method and person."""
        key = (cell.address.name, cell.method, cell.identity)
        if key not in self._missing:
            with transaction.atomic():
                self._missing[key] = _print(self.visit(cell, NOWHERE))
                transaction.set_rollback(True)
        return self._missing[key]


def _print(response: HttpResponseBase) -> tuple[object, ...]:
    """Everything that leaves the server, but for the token of forms."""
    content = TOKEN.sub(rb"\1\2", getattr(response, "content", b""))
    cookies = sorted((name, morsel["max-age"]) for name, morsel in response.cookies.items())
    return response.status_code, content, sorted(response.headers.items()), cookies


def last_event() -> int:
    found: int | None = AuditEvent.objects.aggregate(last=Max("sequence"))["last"]
    return found or 0


def events_after(sequence: int) -> tuple[int, int]:
    outcomes = list(AuditEvent.objects.filter(sequence__gt=sequence).values_list("outcome", flat=True))
    return outcomes.count(Outcome.DONE), outcomes.count(Outcome.REFUSED)


def fault(cell: Cell, seen: Seen) -> str:
    """Why the answer is not the expected one; empty when it is."""
    expected = cell.expected
    if seen.status not in MEANING[expected][0]:
        return f"answered {seen.status}{' ' + seen.error if seen.error else ''}, expected {expected}"
    if expected is Answer.SIGN_IN and not seen.location.startswith(reverse(settings.LOGIN_URL)):
        return f"led to {seen.location} instead of the sign-in page"
    if not seen.same_as_missing:
        return "differs from the answer about a missing object"
    return _fault_of_events(cell, seen)


def _fault_of_events(cell: Cell, seen: Seen) -> str:
    """A refusal is recorded once; an act once, and only when it was done; looking leaves nothing."""
    refusals = 1 if cell.expected is Answer.HIDDEN or seen.status == 403 else 0
    if seen.refused != refusals:
        return f"{seen.refused} refusals recorded instead of {refusals}"
    if cell.expected in SILENT or seen.status in (403, 404, 409, 422):
        return f"{seen.done} acts recorded where nothing was done" if seen.done else ""
    if cell.method == "POST" and cell.address.access and cell.address.access.scope:
        return "" if seen.done == 1 else f"{seen.done} acts recorded instead of 1"
    return "" if seen.done <= 1 else f"{seen.done} acts recorded by one request"
