"""Links that need no sign-in: opened by their secret alone; a dead one is told from no other wrong address."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed, TooManyTries
from accounts.models import AuditEvent, User
from accounts.roles import Role
from organizations import services, without_sign_in
from organizations.models import AccessLink
from organizations.services import links
from tests.factories import START, Tree, give_role, make_tree, make_user

WALL, CALENDAR = AccessLink.Kind.WALL, AccessLink.Kind.CALENDAR
pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def staff(tree: Tree) -> User:
    return make_user(Role.COMMITTEE_STAFF, tree.committee)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def test_a_link_is_found_by_its_secret_until_it_is_revoked(tree, staff):
    link, secret = services.make_link(WALL, tree.committee.pk, "Phòng họp", actor=staff, at=START)

    assert secret not in str(vars(link))
    assert links.find(WALL, secret, at=START) == link
    assert links.find(CALENDAR, secret, at=START) is None
    assert links.find(WALL, secret[:-1], at=START) is None
    services.revoke_link(link.pk, actor=staff, at=START)
    assert links.find(WALL, secret, at=START) is None
    with pytest.raises(InvalidInput):
        services.revoke_link(link.pk, actor=staff, at=START)
    assert list(AuditEvent.objects.order_by("-sequence").values_list("action", flat=True)[:2]) == [
        "link.revoked",
        "link.made",
    ]


def test_its_use_is_written_at_most_once_a_minute(tree, staff):
    link, secret = services.make_link(WALL, tree.committee.pk, "Phòng họp", actor=staff, at=START)

    stamps = []
    for seconds in (0, 59, 60, 61):
        links.find(WALL, secret, at=START + timedelta(seconds=seconds))
        link.refresh_from_db()
        stamps.append((link.last_used_at - START).seconds)

    assert stamps == [0, 0, 60, 60]


def test_a_calendar_ends_with_the_role_and_the_account_and_a_wall_does_not(tree, staff):
    secretary = make_user()
    held = give_role(secretary, Role.SECRETARY, tree.branch)
    _, calendar = services.make_link(CALENDAR, tree.branch.pk, "Điện thoại", actor=secretary, at=START)
    _, wall = services.make_link(WALL, tree.committee.pk, "Phòng họp", actor=staff, at=START)
    now = timezone.now()
    assert links.find(CALENDAR, calendar, at=now)

    User.objects.filter(pk=staff.pk).update(is_active=False)
    held.revoked_at = now
    held.save()

    assert links.find(CALENDAR, calendar, at=now) is None
    assert links.find(WALL, wall, at=now)


def test_who_makes_and_revokes_which(tree, staff):
    secretary = make_user(Role.SECRETARY, tree.branch)
    with pytest.raises(NotAllowed):
        services.make_link(WALL, tree.branch.pk, "", actor=secretary, at=START)
    with pytest.raises(NotAllowed):
        services.make_link(CALENDAR, tree.committee.pk, "", actor=secretary, at=START)
    with pytest.raises(InvalidInput):
        services.make_link("everything", tree.committee.pk, "", actor=staff, at=START)

    wall, _ = services.make_link(WALL, tree.branch.pk, "", actor=staff, at=START)
    own, _ = services.make_link(CALENDAR, tree.branch.pk, "", actor=secretary, at=START)

    with pytest.raises(NotAllowed):
        services.revoke_link(wall.pk, actor=secretary, at=START)
    assert services.revoke_link(own.pk, actor=staff, at=START).revoked_by == staff


def test_wrong_secrets_answer_alike_and_come_to_an_end(tree, staff, monkeypatch):
    monkeypatch.setattr(without_sign_in, "LIMIT", {without_sign_in.WRONG: "3/m/ip"})
    link, secret = services.make_link(WALL, tree.committee.pk, "Phòng họp", actor=staff, at=START)
    request = RequestFactory().get("/", REMOTE_ADDR="10.7.7.7")
    request.user = None

    assert without_sign_in.opened(request, WALL, secret) == link
    for wrong in ("x", secret + "x", ""):
        with pytest.raises(Http404):
            without_sign_in.opened(request, WALL, wrong)

    with pytest.raises(TooManyTries):
        without_sign_in.opened(request, WALL, secret + "y")
    assert without_sign_in.opened(request, WALL, secret) == link  # the screen of the same office goes on
    elsewhere = RequestFactory().get("/", REMOTE_ADDR="10.7.7.8")
    with pytest.raises(Http404):
        without_sign_in.opened(elsewhere, WALL, "x")


def test_the_address_is_shown_once_and_taken_back(tree, staff):
    client = signed_in(staff)
    page = reverse("organizations:links", args=[tree.committee.pk])

    made = client.post(page, {"label": "Màn hình phòng họp"}).content.decode()
    link = AccessLink.objects.get()
    listed = client.get(page).content.decode()

    assert "http://testserver/bang-treo/" in made
    assert "/bang-treo/" not in listed
    assert "Màn hình phòng họp" in listed
    assert client.post(reverse("organizations:revoke_link", args=[link.pk])).status_code == 302
    link.refresh_from_db()
    assert link.revoked_by == staff
    assert client.post(page, {"label": ""}).status_code == 422


def test_ones_own_calendar_is_made_and_revoked_by_oneself_alone(tree, staff):
    client = signed_in(staff)
    page = reverse("organizations:own_links")

    made = client.post(page, {"label": "Điện thoại", "organization": tree.committee.pk}).content.decode()
    link = AccessLink.objects.get()
    stranger = signed_in(make_user()).post(reverse("organizations:revoke_own_link"), {"link": link.pk})

    assert "/lich/" in made
    assert ".ics" in made
    assert stranger.status_code == 422
    client.post(reverse("organizations:revoke_own_link"), {"link": link.pk})
    link.refresh_from_db()
    assert link.revoked_at is not None
    assert "Đã thu hồi" in client.get(page).content.decode()


def test_a_link_ends_with_the_organization_that_it_shows(tree, staff):
    _, secret = services.make_link(WALL, tree.branch.pk, "Phòng họp", actor=staff, at=START)
    _, own = services.make_link(CALENDAR, tree.branch.pk, "Điện thoại", actor=staff, at=START)
    services.close_organization(
        tree.branch.pk, closed_on=START.date(), decision="9-QĐ/ĐU", actor=staff, at=START + timedelta(days=1)
    )

    assert [links.find(kind, one, at=timezone.now()) for kind, one in ((WALL, secret), (CALENDAR, own))] == [None, None]
    assert "Hết hiệu lực" in signed_in(staff).get(reverse("organizations:own_links")).content.decode()
    with pytest.raises(InvalidInput, match="đã kết thúc hoạt động"):
        services.make_link(WALL, tree.branch.pk, "", actor=staff, at=timezone.now())


def test_who_has_not_been_seen_for_a_month_is_pointed_out(tree, staff):
    services.make_link(WALL, tree.committee.pk, "Phòng họp", actor=staff, at=timezone.now() - timedelta(days=31))
    services.make_link(WALL, tree.committee.pk, "Hành lang", actor=staff, at=timezone.now() - timedelta(days=29))

    page = signed_in(staff).get(reverse("organizations:links", args=[tree.committee.pk])).content.decode()

    assert page.count("Hơn 30 ngày không ai mở") == 1


def test_the_address_goes_nowhere_else(tree, staff, caplog):
    _, secret = services.make_link(WALL, tree.committee.pk, "Phòng họp", actor=staff, at=START)
    address = f"/bang-treo/{secret}/"

    answers = [Client().get(one) for one in (address, "/bang-treo/khong-co/", "/dang-nhap/")]
    with caplog.at_level("WARNING", logger="csp"):
        report = {"csp-report": {"document-uri": f"https://vidu.vn{address}", "blocked-uri": "https://ngoai.vn/x.js"}}
        Client().post("/bao-cao-csp/", report, content_type="application/json")

    policies = [one.headers["Referrer-Policy"] for one in answers]
    assert policies == ["no-referrer", "no-referrer", "same-origin"]
    told = caplog.text
    assert "bang-treo" in told and "ngoai.vn" in told
    assert secret not in told


def test_a_wall_is_made_by_who_has_just_said_who_they_are(tree, staff, settings):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = -1
    client, page = signed_in(staff), reverse("organizations:links", args=[tree.committee.pk])

    sent = client.post(page, {"label": "Màn hình phòng họp"})
    back = client.get(page).content.decode()

    assert sent["Location"] == f"{reverse('account_reauthenticate')}?next={quote(page, safe='')}"
    assert 'value="Màn hình phòng họp"' in back
    assert not AccessLink.objects.exists()
