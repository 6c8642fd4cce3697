"""People for the tests of accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import access, acting
from accounts.models import User

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
PASSWORD = "con trâu giếng nước 27"


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    def make(username: str = "an", *, full_name: str = "Nguyễn Văn An", **fields: object) -> User:
        return User.objects.create_user(username, PASSWORD, full_name=full_name, **fields)

    return make


@pytest.fixture
def an(make_user: Callable[..., User]) -> User:
    return make_user()


@pytest.fixture
def signed_in(an: User) -> Client:
    client = Client()
    client.force_login(an)
    return client


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def forward(self, **step: int) -> None:
        self.now += timedelta(**step)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Django's clock, standing still at noon until the test moves it."""
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@dataclass(frozen=True)
class Place:
    path: str
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class HeldRole:
    """A role assignment as far as accounts knows one."""

    pk: int
    role: str
    organization: Place

    def get_role_display(self) -> str:
        from accounts.roles import Role  # the enumeration needs Django to be set up

        return str(Role(self.role).label)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[int, list[HeldRole]]]:
    """Who holds which roles, by user id, in place of the tables that organizations owns."""
    roles: dict[int, list[HeldRole]] = {}

    def live(user: User) -> list[HeldRole]:
        return roles.get(user.pk, [])

    def holds(user: User, wanted: object, organization: Place, exactly: bool = False) -> bool:
        in_use = [user.acting] if user.acting else live(user)
        return any(
            one.role in wanted
            and (
                organization.path == one.organization.path
                if exactly
                else organization.path.startswith(one.organization.path)
            )
            for one in in_use
        )

    monkeypatch.setattr(acting, "_loader", live)
    monkeypatch.setattr(access, "_authority", holds)
    yield roles
