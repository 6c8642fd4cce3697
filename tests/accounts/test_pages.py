"""The record of events as a page, and the small settings of a person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import Client

from accounts import audit, audit_trail, places
from accounts.audit_scope import AuditScope
from accounts.models import AuditEvent, User
from accounts.roles import Role
from tests.accounts.conftest import NOON, HeldRole, Place

ROOT = Place("1/", "Đảng ủy khối")
BRANCH = Place("1/7/", "Chi bộ 7")
TENTH = Place("1/10/", "Chi bộ 10")


class Filed:
    """A place or congress that an event is filed under."""

    def __init__(self, path: str, congress: int | None = None) -> None:
        self.where = AuditScope(path, congress)

    def audit_scope(self) -> AuditScope:
        return self.where


@pytest.fixture
def written(an, monkeypatch) -> None:
    """One event each: at the root, in chi bộ 7 (congress 3), in chi bộ 10, and nowhere."""
    monkeypatch.setattr(places, "_tree", lambda paths: [(p.path, p.name) for p in (ROOT, BRANCH, TENTH)])
    monkeypatch.setattr(places, "_congresses", lambda paths: [(3, "Đại hội Chi bộ 7")])
    days = [1, 2, 3, 4]
    for day, (path, congress) in zip(days, [("1/", None), ("1/7/", 3), ("1/10/", None), ("", None)], strict=True):
        at = datetime(2026, 3, day, 18, tzinfo=UTC)
        with transaction.atomic():
            audit.record("account.created", an, actor=an, at=at, scope=Filed(path, congress), purpose="")


def shown(client: Client, **query: str) -> list[str]:
    return [event.note.split(" · ")[0].removeprefix("việc số ") for event in events(client, **query)]


def events(client: Client, **query: str):
    return client.get("/nhat-ky/", query).context["events"]


@pytest.mark.parametrize(
    ("role", "place", "seen"),
    [
        pytest.param(Role.SYSTEM_ADMINISTRATOR, ROOT, ["4", "3", "2", "1"], id="administrator of the tree: all"),
        pytest.param(Role.SYSTEM_ADMINISTRATOR, BRANCH, ["2"], id="administrator of a branch: the branch"),
        pytest.param(Role.COMMITTEE_STAFF, ROOT, ["3", "2", "1"], id="staff: the tree, without sign-ins"),
        pytest.param(Role.APPROVER, ROOT, ["3", "2", "1"], id="approver: the tree"),
        pytest.param(Role.SECRETARY, BRANCH, ["2"], id="secretary: the own branch"),
        pytest.param(Role.SECRETARY, Place("1/1/", "Chi bộ 1"), [], id="1/1/ does not cover 1/10/"),
        pytest.param(Role.MEMBER, ROOT, [], id="member: nothing"),
        pytest.param(Role.TELLER, BRANCH, [], id="teller: nothing"),
    ],
)
def test_each_reads_the_events_under_the_places_of_a_reading_role(signed_in, an, held, written, role, place, seen):
    held[an.pk] = [HeldRole(1, role, place)]

    assert shown(signed_in) == seen


def test_without_a_reading_role_the_page_says_who_has_one(signed_in, written):
    page = signed_in.get("/nhat-ky/")

    assert "Nhật ký chưa mở cho vai trò của đồng chí" in page.content.decode()


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ({"organization": "1/7/"}, ["2"]),
        ({"organization": "1/"}, ["3", "2", "1"]),
        ({"congress": "3"}, ["2"]),
        ({"outcome": "refused"}, []),
        ({"outcome": "done"}, ["4", "3", "2", "1"]),
        pytest.param({"since": "3/3/2026"}, ["4", "3", "2"], id="18:00 UTC is past midnight in Hà Nội"),
        ({"until": "3/3/2026"}, ["2", "1"]),
        ({"since": "3-3-26", "until": "4/3/2026"}, ["3", "2"]),
        ({"organization": "9/"}, []),
        ({"since": "hôm qua"}, []),
        ({"before": "3"}, ["2", "1"]),
        ({"before": "x"}, ["4", "3", "2", "1"]),
        ({"before": "9" * 40}, ["4", "3", "2", "1"]),
    ],
)
def test_events_are_narrowed_by_the_address(signed_in, an, held, written, query, seen):
    held[an.pk] = [HeldRole(1, Role.SYSTEM_ADMINISTRATOR, ROOT)]

    assert shown(signed_in, **query) == seen


def test_an_event_is_a_sentence_with_who_and_where(signed_in, an, held, written):
    held[an.pk] = [HeldRole(1, Role.SECRETARY, BRANCH)]

    (event,) = events(signed_in)

    assert (event.who, event.text, event.note) == (
        "Nguyễn Văn An",
        "lập tài khoản cho Nguyễn Văn An",
        "việc số 2 · Đại hội Chi bộ 7",
    )


def test_older_events_are_one_link_away(signed_in, an, held, monkeypatch):
    held[an.pk] = [HeldRole(1, Role.SYSTEM_ADMINISTRATOR, ROOT)]
    monkeypatch.setattr(audit_trail, "PAGE", 2)
    for _ in range(5):
        with transaction.atomic():
            audit.record("account.created", an, actor=an, at=NOON)

    first = signed_in.get("/nhat-ky/?outcome=done")
    second = signed_in.get("/nhat-ky/" + first.context["older"])
    last = signed_in.get("/nhat-ky/" + second.context["older"])

    assert [len(page.context["events"]) for page in (first, second, last)] == [2, 2, 1]
    assert first.context["older"] == "?outcome=done&before=4"
    assert (last.context["older"], last.context["newest"]) == ("", "?outcome=done")


def test_the_page_asks_as_often_for_fifty_events_as_for_one(signed_in, an, held, django_assert_num_queries):
    held[an.pk] = [HeldRole(1, Role.SYSTEM_ADMINISTRATOR, ROOT)]
    signed_in.get("/nhat-ky/")

    for _ in range(2):
        with django_assert_num_queries(6):
            signed_in.get("/nhat-ky/")
        for number in range(50):
            with transaction.atomic():
                audit.record("account.created", an, actor=an, at=NOON, number=number)


@pytest.mark.parametrize("size", ["normal", "large", "largest"])
def test_the_text_size_is_kept_with_the_person_and_recorded_once(signed_in, an, size):
    answer = signed_in.post("/tuy-chon/co-chu/", {"size": size, "next": "/nhat-ky/"})

    assert answer.url == "/nhat-ky/"
    assert User.objects.get(pk=an.pk).text_size == size
    assert f'data-text-size="{size}"' in signed_in.get("/nhat-ky/").content.decode()
    assert [event.action for event in AuditEvent.objects.all()] == ["account.text_size_set"]


def test_someone_not_signed_in_keeps_size_and_contrast_while_the_browser_is_open(db):
    client = Client()

    client.post("/tuy-chon/co-chu/", {"size": "largest"})
    client.post("/tuy-chon/tuong-phan/", {"high": "1"})

    page = client.get("/dang-nhap/").content.decode()
    assert 'data-text-size="largest" data-contrast="high"' in page
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize("high", ["1", "0"])
def test_the_contrast_is_kept_with_the_person(signed_in, an, high):
    signed_in.post("/tuy-chon/tuong-phan/", {"high": high})

    assert User.objects.get(pk=an.pk).high_contrast is (high == "1")


@pytest.mark.parametrize(
    ("url", "fields"), [("/tuy-chon/co-chu/", {"size": "huge"}), ("/tuy-chon/tuong-phan/", {"high": "2"})]
)
def test_a_choice_that_does_not_exist_changes_nothing(signed_in, url, fields):
    assert signed_in.post(url, fields).status_code == 422
    assert AuditEvent.objects.count() == 0


def test_a_section_is_shown_to_the_roles_that_have_it(signed_in, an, held):
    held[an.pk] = [HeldRole(1, Role.SECRETARY, BRANCH)]
    with_role = signed_in.get("/nhat-ky/").content.decode()
    held[an.pk] = [HeldRole(1, Role.MEMBER, BRANCH)]
    without = signed_in.get("/nhat-ky/").content.decode()

    assert ('href="/nhat-ky/" aria-current="page"' in with_role, 'href="/nhat-ky/"' in without) == (True, False)
