"""Plays stories in the order of time: every act at its own hour, by its own actor, once."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import AuditEvent, Outcome, User
from accounts.roles import Role
from congress.models import Congress, Plan
from elections.stories.people import invented_phone
from organizations import services as organization_services
from organizations.models import Member, Organization

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
ADMINISTRATOR = "quantri"

Story = Iterator[datetime]
"""A story yields the hour it waits for; what follows the ``yield`` happens at that hour."""


def hour(day: date, at: int = 8, minute: int = 0) -> datetime:
    """That hour of the day in Vietnam."""
    return datetime(day.year, day.month, day.day, at, minute, tzinfo=VIETNAM)


def office_day(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


class Player:
    """Knows the hour, the people and what the record of events already holds.

    Each act writes one event under its actor and its hour. The n-th act of an actor at an hour is therefore
    done when the record has n such events: a second run, or one that goes on after ``until``, repeats nothing,
    whatever people have changed by hand since.
    """

    def __init__(self, until: date | None = None) -> None:
        self.until = until
        self.now: datetime = hour(date(2019, 1, 2))
        self._recorded = Counter(
            AuditEvent.objects.filter(outcome=Outcome.DONE).values_list("at", "actor__username").iterator()
        )
        self._played: Counter[tuple[datetime, str | None]] = Counter()
        self.rolls: dict[str, list[Member]] = {}
        self._users: dict[str, User] = {}
        self._organizations: dict[str, Organization] = {}
        self._congresses: dict[tuple[str, str], int] = {}

    def play(self, stories: Iterable[Story]) -> None:
        """Advance whichever story waits for the earliest hour, each stretch in one transaction."""
        waiting: list[tuple[datetime, int, Story]] = []
        for number, story in enumerate(stories):
            self._wait(waiting, number, story)
        while waiting:
            self.now, number, story = heapq.heappop(waiting)
            with transaction.atomic():
                self._wait(waiting, number, story)

    def _wait(self, waiting: list[tuple[datetime, int, Story]], number: int, story: Story) -> None:
        moment = next(story, None)
        if moment is not None and moment < self.now:
            raise ValueError(f"a story goes back from {self.now} to {moment}")
        if moment is not None and (self.until is None or moment.date() <= self.until):
            heapq.heappush(waiting, (moment, number, story))

    def act(self, service: Callable[..., Any], *args: Any, by: str | None, **fields: Any) -> None:
        """Let ``by`` (a user name; None: the installation) do it now, unless it is on record."""
        key = (self.now, by)
        self._played[key] += 1
        if self._played[key] > self._recorded[key]:
            service(*args, actor=self.user(by) if by else None, at=self.now, **fields)

    # What the acts are about, by its natural key.

    def user(self, username: str) -> User:
        if username not in self._users:
            self._users[username] = User.objects.get(username=username)
        return self._users[username]

    def organization(self, code: str) -> Organization:
        if code not in self._organizations:
            self._organizations[code] = Organization.objects.get(code=code)
        return self._organizations[code]

    def plan(self, code: str, subject: str) -> Plan:
        return Plan.objects.get(organization__code=code, subject=subject)

    def congress_id(self, code: str, term_label: str) -> int:
        key = (code, term_label)
        if key not in self._congresses:
            self._congresses[key] = Congress.objects.get(organization__code=code, term_label=term_label).pk
        return self._congresses[key]

    def congress(self, code: str, term_label: str) -> Congress:
        return Congress.objects.get(pk=self.congress_id(code, term_label))

    # Acts that every story begins with.

    def found(self, parent: str | None, *, by: str | None = ADMINISTRATOR, **fields: Any) -> None:
        parent_id = self.organization(parent).pk if parent else None
        self.act(organization_services.found_organization, parent_id=parent_id, by=by, **fields)

    def open_account(
        self,
        username: str,
        full_name: str,
        role: str,
        code: str,
        *,
        member: Member | None = None,
        password: str | None = None,
        by: str = ADMINISTRATOR,
    ) -> None:
        """An account of an invented person; without ``password`` nobody can sign in to it."""
        self.act(
            organization_services.open_account,
            self.organization(code).pk,
            username=username,
            full_name=f"{full_name} (bịa)",
            role=role,
            member_id=member.pk if member else None,
            phone=invented_phone(username) if role == Role.SECRETARY else "",
            password=password,
            can_sign_in=password is not None,
            by=by,
        )

    def grant(self, username: str, role: Role, code: str, *, by: str = ADMINISTRATOR) -> None:
        user = self.user(username)
        self.act(organization_services.grant_role, user.pk, role, self.organization(code).pk, by=by)
        self._users.pop(username)  # the rights it was loaded with are not the rights it has now
