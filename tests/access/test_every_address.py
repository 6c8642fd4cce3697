"""Facts that hold for every address there is, taken from the URL configuration itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.access import Access, Address, Audience, addresses
from accounts.models import AuditEvent, User
from config.urls import THIRD_PARTY, urlpatterns

pytestmark = pytest.mark.once
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SAMPLES = {"int": 1, "slug": "x", "str": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000001"}
ALL = list(addresses(urlpatterns, THIRD_PARTY))


def policy(address: Address) -> Access:
    assert address.access is not None
    return address.access


def url(address: Address) -> str:
    """The address with a first guess in every gap."""
    return reverse(address.name, kwargs=dict(_gaps(address)))


def _gaps(address: Address) -> Iterator[tuple[str, object]]:
    for piece in address.pattern.split("<")[1:]:
        kind, _, name = piece.partition(">")[0].rpartition(":")
        yield name, SAMPLES.get(kind or "str", 1)


def doors(*audiences: Audience) -> list[tuple[Address, str]]:
    """Every address for these with every method."""
    return [(one, method) for one in ALL if policy(one).audience in audiences for method in METHODS]


def rows() -> dict[str, str]:
    """A hash of every table but that of sessions, which a visit may touch."""
    found = {}
    for table in (model._meta.db_table for model in apps.get_models() if model is not Session):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  (names of our own tables)
            found[table] = hashlib.sha256(repr(sorted(map(repr, cursor.fetchall()))).encode()).hexdigest()
    return found


@pytest.fixture
def somebody(db: None) -> Client:
    user = User.objects.create_user("khong-vai-tro", "x", full_name="Người chưa có vai trò")
    client = Client()
    client.force_login(user)
    return client


def test_every_address_has_a_name_of_its_own():
    names = [address.name for address in ALL]

    assert sorted(set(names)) == sorted(names)
    assert "" not in names


def test_who_is_not_signed_in_is_sent_to_sign_in(db):
    led_elsewhere = []
    for address, method in doors(Audience.SIGNED_IN, Audience.SCOPED):
        answer = Client().generic(method, url(address))
        if answer.status_code != 302 or not answer.headers["Location"].startswith("/dang-nhap/?next="):
            led_elsewhere.append(f"{method} {address.name}")

    assert led_elsewhere == []


def test_a_method_nobody_declared_is_not_answered(somebody):
    undeclared = [(one, method) for one, method in doors(*Audience) if not policy(one).allows_method(method)]

    answered = [
        f"{method} {one.name}" for one, method in undeclared if somebody.generic(method, url(one)).status_code != 405
    ]

    assert undeclared
    assert answered == []


def test_reading_changes_nothing(somebody):
    before = rows()

    for address in ALL:
        for method in ("GET", "HEAD", "OPTIONS"):
            Client().generic(method, url(address))
            somebody.generic(method, url(address))

    assert rows() == before


@pytest.mark.parametrize("token", ["", "of somebody else"])
def test_a_form_without_its_token_changes_nothing(db, token):
    user = User.objects.create_user("khong-vai-tro", "x", full_name="Người chưa có vai trò")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    client.get(reverse("account_change_password"))
    before = rows()
    foreign = Client()
    foreign.get(reverse("account_login"))
    sent = {"csrfmiddlewaretoken": foreign.cookies["csrftoken"].value} if token else {}
    forms = [one for one in ALL if policy(one).allows_method("POST") and one.name != "csp_report"]

    answers = {one.name: client.post(url(one), sent).status_code for one in forms}

    assert set(answers.values()) == {403}, answers
    assert rows() == before


def test_what_does_not_exist_is_missing_for_everybody_and_leaves_no_event(somebody):
    scoped = [(one, method) for one in ALL if policy(one).scope for method in policy(one).methods]

    found = [f"{method} {one.name}" for one, method in scoped if somebody.generic(method, url(one)).status_code != 404]

    assert scoped
    assert found == []
    assert AuditEvent.objects.count() == 0
