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
from elections.services import counting, single_papers
from tests import slates
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


# ---- every other page on which a count is typed ----


def sent_without_a_session(user: User, page: str, data: dict[str, str]) -> str:
    """Opened, the session gone, sent, signed in again: the page as it is found then."""
    client = Client()
    sign_in(client, user, page)
    opened = client.get(page)
    assert opened.status_code == 200
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', opened.content.decode()))
    Session.objects.all().delete()
    assert client.post(page, hidden | data, HTTP_REFERER=f"http://testserver{page}").status_code == 302
    sign_in(client, user, page)
    found = client.get(page).content.decode()
    assert "gõ trước khi phiên làm việc hết giờ" in found
    return found


def test_a_paper_read_while_the_session_ended_is_shown_again_with_its_marks():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger()
    counting.start_count(world.round.pk, method="papers", actor=world.teller, at=world.when(0, 14, 50))
    second, last = (world.slate()[number].pk for number in (1, 3))

    page = sent_without_a_session(
        world.teller,
        reverse("elections:papers", args=[world.count.pk]),
        {"slip": "5", f"struck_{last}": "on", f"unclear_{second}": "on"},
    )

    assert 'data-slip="5"' in page
    ticked = re.findall(r'name="(\w+)" id="\w+" checked', page)
    assert ticked == [f"struck_{last}", f"unclear_{second}"]


def test_the_reason_of_a_void_ledger_waits_too():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger()
    told = {"reasons": "Phiếu in thiếu tên (bịa)", "votes_again": "yes"}

    page = sent_without_a_session(world.head_teller, reverse("elections:void_ledger", args=[world.round.pk]), told)

    assert "Phiếu in thiếu tên (bịa)" in page
    assert re.search(r'<input[^>]*name="votes_again"[^>]*value="yes"[^>]*checked', page)


def test_the_figures_of_an_opinion_ballot_wait_too():
    world = slates.committee()
    slates.too_many(world)
    name = f"support_{world.members[5].pk}"

    page = sent_without_a_session(
        world.clerk, reverse("elections:opinions", args=[world.round.pk]), {"issued": "12", "valid": "11", name: "8"}
    )

    for field, typed in (("issued", "12"), ("valid", "11"), (name, "8")):
        assert re.search(rf'<input[^>]*name="{field}"[^>]*value="{typed}"', page) or re.search(
            rf'<input[^>]*value="{typed}"[^>]*name="{field}"', page
        )


def test_a_ruling_waits_for_the_paper_it_is_about():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger()
    counting.start_count(world.round.pk, method="papers", actor=world.teller, at=world.when(0, 14, 50))
    kept = [str(one.pk) for one in world.slate()[:3]]
    for person in world.typists:
        for slip in range(1, 13):
            reading = {"kept": kept, "flaws": ["unclear"] if slip in (4, 7) else []}
            single_papers.write_paper(world.count.pk, slip=slip, reading=reading, actor=person, at=world.when(0, 15))
        single_papers.submit_papers(world.count.pk, actor=person, at=world.when(0, 15, 1))
    address = reverse("elections:rulings", args=[world.count.pk])

    page = sent_without_a_session(
        world.head_teller,
        address,
        {"team": "1", "slip": "4", "verdict": "invalid", "category": "marked", "reason": "Có dấu riêng (bịa)"},
    )

    assert "Phiếu 4:" in page and "Có dấu riêng (bịa)" in page
    assert '<option value="marked" selected>' in page
