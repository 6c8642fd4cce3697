"""Figures sent after the session has ended wait on the server for the person who typed them, and for nobody else."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import User
from elections.models import CountEntry
from tests.factories import PASSWORD, World, congress_at

pytestmark = pytest.mark.django_db
FIGURES = {"returned": "12", "valid": "11", "invalid": "1", "revision": "1", "reason_nobody": "1"}


@pytest.fixture
def world() -> World:
    return congress_at("counting", members=12, committee_seats=3)


def entry_page(world: World) -> str:
    return reverse("elections:entry", args=[world.count.pk])


def sign_in(client: Client, user: User, to: str) -> None:
    answer = client.post(f"/dang-nhap/?next={to}", {"login": user.username, "password": PASSWORD, "next": to})
    assert (answer.status_code, answer.url) == (302, to), answer.content.decode()[:2000]


def sent_too_late(world: World, how: str) -> Client:
    """A page opened in time; then the session ends; then the form is sent from it."""
    client, page = Client(), entry_page(world)
    sign_in(client, world.teller, page)
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', client.get(page).content.decode())
    if how == "idle":
        session = client.session
        session["last_seen_at"] -= settings.SESSION_IDLE_SECONDS
        session.save()
    else:
        Session.objects.all().delete()
    answer = client.post(page, dict(fields) | FIGURES, HTTP_REFERER=f"http://testserver{page}")
    assert answer.status_code == 302
    assert answer.url.endswith(f"?next={page}")
    assert "hiện ra sau khi đăng nhập" in client.get(answer.url).content.decode()
    return client


def value_of(client: Client, world: World, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', client.get(entry_page(world)).content.decode())
    assert found
    value = re.search(r'value="([^"]*)"', found.group())
    return value.group(1) if value else ""


@pytest.mark.parametrize("how", ["idle", "gone"])
def test_the_same_person_finds_the_figures_again_without_scripts(world, how):
    client = sent_too_late(world, how)

    sign_in(client, world.teller, entry_page(world))

    page = client.get(entry_page(world)).content.decode()
    assert "gõ trước khi phiên làm việc hết giờ" in page
    assert [value_of(client, world, name) for name in ("returned", "valid", "invalid")] == ["12", "11", "1"]
    assert CountEntry.objects.count() == 0


def test_another_person_at_the_same_browser_finds_nothing(world):
    client = sent_too_late(world, "gone")

    sign_in(client, world.head_teller, entry_page(world))

    assert value_of(client, world, "returned") == ""
    assert "typed_before" not in client.session
    client.logout()
    sign_in(client, world.teller, entry_page(world))
    assert value_of(client, world, "returned") == ""


def test_what_was_given_back_goes_with_the_next_submission(world):
    client = sent_too_late(world, "gone")
    sign_in(client, world.teller, entry_page(world))

    assert client.post(entry_page(world), {"returned": "10", "revision": "1"}).status_code == 422

    assert value_of(client, world, "returned") == ""


@pytest.mark.parametrize("mark", ["", "7", "7:forged"])
def test_figures_of_nobody_known_are_not_kept(world, mark):
    client = Client()

    answer = client.post(entry_page(world), FIGURES | {"typed_by": mark})

    assert answer.status_code == 302
    assert "typed_before" not in client.session
