"""The month, the committee's picture and the feed: what a person may see today, and nothing of persons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from accounts.charts import Table
from accounts.gantt import Span, gantt, shortened
from accounts.models import User
from accounts.roles import Role
from congress.calendar import days_of
from congress.models import Congress
from congress.services import milestones
from congress.views import calendar as views
from organizations.models import AccessLink, RoleAssignment
from organizations.services import links
from tests.factories import HELD_ON, Tree, at, make_plan, make_tree, make_user

MONTH = {"thang": "2022-06"}


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def planned(tree: Tree, day: date = HELD_ON) -> list[Congress]:
    make_plan(tree.committee)
    Congress.objects.update(planned_for=at(day, 14), place="Hội trường cơ quan")
    milestones.lay_out(Congress.objects.all())
    return list(Congress.objects.order_by("pk"))


# ---- the month ----


def test_a_month_is_whole_weeks_from_monday():
    days = days_of(2022, 6)

    assert (days[0], days[-1], len(days)) == (date(2022, 5, 30), date(2022, 7, 3), 35)


@pytest.mark.django_db
def test_the_month_names_congresses_and_steps_in_reach_and_no_others():
    tree, foreign = make_tree(branches=2), make_tree()
    first, second = planned(tree)
    make_plan(foreign.committee)
    Congress.objects.filter(organization=foreign.branch).update(planned_for=at(HELD_ON, 8))

    own = as_user(make_user(Role.SECRETARY, tree.branch)).get(reverse("congress:calendar"), MONTH).content.decode()
    committee = as_user(make_user(Role.COMMITTEE_STAFF, tree.committee)).get(reverse("congress:calendar"), MONTH)

    assert f"14:00 {first.organization.name}, {tree.committee.name}" in own
    assert second.organization.name not in own and foreign.branch.name not in own
    assert f"Trang trí, khánh tiết, chạy thử chương trình – {first.organization.name}" in own
    page = committee.content.decode()
    assert "2 đại hội: Trang trí, khánh tiết, chạy thử chương trình" in page
    assert f"14:00 {second.organization.name}" in page and foreign.branch.name not in page


@pytest.mark.django_db
def test_holidays_other_months_and_one_day_are_shown():
    tree = make_tree()
    planned(tree)
    client = as_user(make_user(Role.SECRETARY, tree.branch))

    september = client.get(reverse("congress:calendar"), {"thang": "2022-09"}).content.decode()
    day = client.get(reverse("congress:calendar"), MONTH | {"ngay": "2022-06-29"}).content.decode()
    unknown = client.get(reverse("congress:calendar"), {"thang": "2031-09"}).content.decode()
    nonsense = client.get(reverse("congress:calendar"), {"thang": "xx-99", "ngay": "mai"})
    chosen = client.get(reverse("congress:calendar"), {"thang": "9", "nam": "2022"}).content.decode()

    assert "Quốc khánh" in september
    assert "Xem cả tháng" in day and "thứ tư, ngày 29/6/2022" in day.lower() and "<table" not in day
    assert "Bảng ngày nghỉ chưa có năm này" in unknown
    assert nonsense.status_code == 200 and "Tháng đã hỏi không có trong lịch" in nonsense.content.decode()
    assert "Quốc khánh" in chosen and "không có trong lịch" not in chosen
    assert 'value="9" selected' in chosen and 'name="nam" value="2022"' in chosen


@pytest.mark.django_db
def test_more_congresses_cost_the_month_no_more_queries():
    tree = make_tree(branches=6)
    planned(tree)
    client = as_user(make_user(Role.COMMITTEE_STAFF, tree.committee))
    Congress.objects.exclude(organization=tree.branch).update(planned_for=None)
    counts = []
    for _ in range(2):
        client.get(reverse("congress:calendar"), MONTH)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(reverse("congress:calendar"), MONTH).content.decode()
        counts.append(len(asked))
        Congress.objects.update(planned_for=at(HELD_ON, 14))

    assert counts[0] == counts[1]
    assert "và" in page and "việc nữa" in page


@pytest.mark.django_db
def test_the_calendar_and_the_letters_are_linked_where_staff_look():
    tree = make_tree()
    planned(tree)
    client = as_user(make_user(Role.COMMITTEE_STAFF, tree.committee))

    for name in ("congress:list", "congress:plans", "congress:progress"):
        page = client.get(reverse(name)).content.decode()
        assert all(f'href="{reverse(to)}"' in page for to in ("congress:calendar", "congress:guidance_list")), name
    one = Congress.objects.get(organization=tree.branch)
    assert (
        f'href="{reverse("congress:calendar")}"'
        in client.get(reverse("congress:timeline", args=[one.pk])).content.decode()
    )


# ---- the picture ----


def test_a_picture_places_ends_by_day_and_cuts_long_names():
    spans = [
        Span("Soạn dự thảo", date(2022, 6, 1), date(2022, 6, 10), "done"),
        Span(
            "Hoàn thiện chương trình hành động và quy chế làm việc",
            date(2022, 6, 10),
            date(2022, 6, 20),
            "now",
            url="/x/",
        ),
    ]

    chart = gantt(
        title="t", spans=spans, lines=[(date(2022, 6, 15), "hôm nay"), (date(2030, 1, 1), "xa")],
        window=(date(2022, 6, 5), date(2022, 6, 18)), table=Table((), ()),
    )  # fmt: skip

    first, second = chart.rows
    assert first.end_x == second.x and first.end_x < second.end_x < chart.right
    assert second.end_x - first.end_x == pytest.approx(10 * chart.per_day, abs=0.2)
    assert [line.label for line in chart.lines] == ["hôm nay"]
    close = gantt(title="t", spans=spans, lines=[(date(2022, 6, 15), "hôm nay"), (date(2022, 6, 16), "đại hội")],
                  table=Table((), ()))  # fmt: skip
    apart = gantt(title="t", spans=spans, lines=[(date(2022, 6, 2), "hôm nay"), (date(2022, 6, 19), "đại hội")],
                  table=Table((), ()))  # fmt: skip
    assert len({line.label_y for line in close.lines}) == 2 and len({line.label_y for line in apart.lines}) == 1
    assert len({line.label_y for line in close.narrow.lines}) == 2
    two_lines = gantt(title="t", spans=[replace(spans[0], under="Đảng bộ cơ sở số 04")], table=Table((), ()))
    assert (two_lines.rows[0].under, two_lines.rows[0].full_label) == (
        "Đảng bộ cơ sở số 04",
        "Soạn dự thảo, Đảng bộ cơ sở số 04",
    )
    assert two_lines.height > gantt(title="t", spans=spans[:1], table=Table((), ())).height
    assert chart.band[0] > chart.left and chart.narrow.width < chart.width
    assert second.label.endswith("…") and second.full_label == spans[1].label
    assert (second.url, second.day) == ("/x/", "2022-06-20")
    assert gantt(title="t", spans=[], table=Table((), ())) is None
    assert shortened("ngắn", 10) == "ngắn"


@pytest.mark.django_db
def test_a_committee_sees_its_congresses_over_time_with_their_table():
    tree = make_tree(branches=2)
    planned(tree)
    client = as_user(make_user(Role.COMMITTEE_STAFF, tree.committee))
    stranger = as_user(make_user(Role.COMMITTEE_STAFF, make_tree().committee))
    address = reverse("congress:committee_gantt", args=[tree.committee.pk])

    page = client.get(address).content.decode()

    assert page.count("gantt-row") >= 2 and f"{tree.branch.name}, {tree.committee.name}" in page and "29/6/2022" in page
    assert stranger.get(address).status_code == 404
    Congress.objects.update(planned_for=None)
    assert "Chưa đại hội nào có ngày" in client.get(address).content.decode()


@pytest.mark.django_db
def test_the_picture_goes_on_page_by_page_and_names_those_without_a_day(monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 1)
    tree, other = make_tree(branches=3), make_tree(branches=2)
    first, _, last = planned(tree)
    make_plan(other.committee)
    Congress.objects.filter(pk=last.pk).update(planned_for=None)
    Congress.objects.filter(pk=first.pk).update(planned_for=at(HELD_ON + timedelta(days=9), 14))
    client = as_user(make_user(Role.COMMITTEE_STAFF, tree.committee))
    address = reverse("congress:committee_gantt", args=[tree.committee.pk])

    pages = [client.get(address, {"page": number}).content.decode() for number in (1, 2)]

    names = {one.organization.name for one in Congress.objects.filter(organization__in=tree.branches)}
    drawn = [{name for name in names if f"{name}, {tree.committee.name}: " in page} for page in pages]
    assert all("3 đại hội nhiệm kỳ 2022-2025: 2 đã có ngày, 1 chưa định ngày." in page for page in pages)
    assert all(f"{tree.committee.name}: 1 đại hội" in page and last.organization.name in page for page in pages)
    assert [len(one) for one in drawn] == [1, 1] and drawn[0] | drawn[1] == names - {last.organization.name}
    assert not any(branch.name in page for branch in other.branches for page in pages)


# ---- the feed ----


@pytest.fixture
def soon(db: None) -> Iterator[tuple[Tree, User]]:
    """A branch that meets in six weeks, and its secretary."""
    tree = make_tree(branches=2)
    planned(tree, timezone.localdate() + timedelta(days=42))
    yield tree, make_user(Role.SECRETARY, tree.branch)


def link_of(user: User, tree: Tree) -> tuple[AccessLink, str]:
    return links.make_link(
        AccessLink.Kind.CALENDAR, tree.branch.pk, "điện thoại", actor=User.objects.get(pk=user.pk), at=timezone.now()
    )


def read(secret: str) -> list[dict[str, str]]:
    answer = Client().get(reverse("congress:feed", args=[secret]))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    feed = Calendar.from_ical(answer.content)
    return [{key: str(one.get(key)) for key in ("uid", "summary", "location")} for one in feed.walk("VEVENT")]


def test_the_feed_holds_the_congress_day_and_the_steps_with_ids_that_stay(soon):
    tree, secretary = soon
    _, secret = link_of(secretary, tree)
    congress = Congress.objects.get(organization=tree.branch)

    first = read(secret)
    Congress.objects.filter(pk=congress.pk).update(planned_for=at(timezone.localdate() + timedelta(days=45), 8))
    congress.milestones.all().delete()
    milestones.lay_out(Congress.objects.filter(pk=congress.pk))
    second = read(secret)

    assert {
        "uid": f"dai-hoi-{congress.pk}@dai-hoi-chi-bo",
        "summary": f"Đại hội {tree.branch.name}, {tree.committee.name}, nhiệm kỳ 2022-2025",
        "location": "Hội trường cơ quan",
    } in first
    assert f"Hạn: Soạn dự thảo văn kiện – {tree.branch.name}, {tree.committee.name}" in {
        one["summary"] for one in first
    }
    assert sorted(one["uid"] for one in first) == sorted(one["uid"] for one in second)
    assert len({one["uid"] for one in first}) == len(first)
    assert not any(tree.branches[1].name in one["summary"] for one in first)
    assert not any(secretary.full_name in value for one in first for value in one.values())


def test_the_feed_tells_of_the_congresses_of_the_newest_term_and_of_the_last_year(soon):
    tree, secretary = soon
    _, secret = link_of(secretary, tree)
    long_ago, last_year = date(2022, 1, 3), timezone.localdate() - timedelta(days=300)

    def told(day: date) -> bool:
        Congress.objects.filter(organization=tree.branch).update(planned_for=None, opened_at=at(day, 8))
        return any(one["summary"].startswith("Đại hội ") for one in read(secret))

    newest = told(long_ago)
    Congress.objects.filter(organization=tree.branches[1]).update(term_label="2025-2027")
    approver = make_user(Role.APPROVER, tree.committee)
    _, secret = links.make_link(
        AccessLink.Kind.CALENDAR, tree.committee.pk, "", actor=User.objects.get(pk=approver.pk), at=timezone.now()
    )
    Congress.objects.filter(organization=tree.branches[1]).update(planned_for=None)

    assert newest
    assert (told(long_ago), told(last_year)) == (False, True)


def test_a_feed_ends_with_the_link_and_with_the_rights_of_its_owner(soon):
    tree, secretary = soon
    link, secret = link_of(secretary, tree)
    other, kept = link_of(secretary, tree)
    address = reverse("congress:feed", args=[secret])

    links.revoke_link(link.pk, actor=User.objects.get(pk=secretary.pk), at=timezone.now())
    revoked = Client().get(address)
    still = Client().get(reverse("congress:feed", args=[kept]))
    RoleAssignment.objects.filter(user=secretary).update(revoked_at=timezone.now())
    without_rights = Client().get(reverse("congress:feed", args=[kept]))
    unknown = Client().get(reverse("congress:feed", args=["khong-co"]))

    assert (revoked.status_code, still.status_code, unknown.status_code) == (404, 200, 404)
    assert without_rights.status_code == 404
    assert other.pk != link.pk


def test_a_committees_feed_holds_what_waits_for_the_committee_alone(soon):
    tree, _ = soon
    approver = make_user(Role.APPROVER, tree.committee)
    _, secret = links.make_link(
        AccessLink.Kind.CALENDAR, tree.committee.pk, "", actor=User.objects.get(pk=approver.pk), at=timezone.now()
    )

    summaries = {one["summary"] for one in read(secret)}

    assert any(one.startswith("Hạn: Duyệt, đồng ý cho tổ chức đại hội") for one in summaries)
    assert not any("Soạn dự thảo" in one for one in summaries)
    assert sum(one.startswith("Đại hội ") for one in summaries) == 2
