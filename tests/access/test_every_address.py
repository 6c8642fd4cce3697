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


def cells(*audiences: Audience, undeclared: bool = False) -> list[object]:
    """Address × method; ``undeclared``: only methods the address does not take."""
    return [
        pytest.param(address, method, id=f"{method} {address.name}")
        for address in ALL
        if policy(address).audience in audiences
        for method in METHODS
        if not (undeclared and policy(address).allows_method(method))
    ]


def digest() -> str:
    """Everything in the database but sessions, which a visit may touch."""
    found = hashlib.sha256()
    for model in sorted(apps.get_models(), key=lambda one: one._meta.db_table):
        if model is not Session:
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608  (names of our own tables)
                found.update(repr((model._meta.db_table, sorted(map(repr, cursor.fetchall())))).encode())
    return found.hexdigest()


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


@pytest.mark.parametrize(("address", "method"), cells(Audience.SIGNED_IN, Audience.SCOPED))
def test_who_is_not_signed_in_is_sent_to_sign_in(db, address, method):
    answer = Client().generic(method, url(address))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/dang-nhap/?next=")


@pytest.mark.parametrize(("address", "method"), cells(*Audience, undeclared=True))
def test_a_method_nobody_declared_is_not_answered(somebody, address, method):
    assert somebody.generic(method, url(address)).status_code == 405


@pytest.mark.parametrize("address", [pytest.param(one, id=one.name) for one in ALL])
def test_reading_changes_nothing(somebody, address):
    before = digest()

    for method in ("GET", "HEAD", "OPTIONS"):
        Client().generic(method, url(address))
        somebody.generic(method, url(address))

    assert digest() == before


@pytest.mark.parametrize("token", ["", "of somebody else"])
@pytest.mark.parametrize(
    "address",
    [pytest.param(one, id=one.name) for one in ALL if policy(one).allows_method("POST") and one.name != "csp_report"],
)
def test_a_form_without_its_token_changes_nothing(db, address, token):
    user = User.objects.create_user("khong-vai-tro", "x", full_name="Người chưa có vai trò")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    client.get(reverse("account_change_password"))
    before = digest()
    foreign = Client()
    foreign.get(reverse("account_login"))

    answer = client.post(url(address), {"csrfmiddlewaretoken": foreign.cookies["csrftoken"].value} if token else {})

    assert answer.status_code == 403
    assert digest() == before


@pytest.mark.parametrize("address", [pytest.param(one, id=one.name) for one in ALL if policy(one).scope])
def test_what_does_not_exist_is_missing_for_everybody_and_leaves_no_event(somebody, address):
    for method in policy(address).methods:
        assert somebody.generic(method, url(address)).status_code == 404

    assert AuditEvent.objects.count() == 0
