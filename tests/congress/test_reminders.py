"""Reminders: once each, to whoever holds the ball; what is late climbs; the mail says nothing but how many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from django.core import mail
from django.db import connection, connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from congress.dues import superiors_of
from congress.models import Congress, Digest, Reminder
from congress.services import reminding
from congress.services.reminding import remind
from outbox.models import Job
from tests.factories import Tree, at, give_role, make_plan, make_tree, make_user

pytestmark = pytest.mark.django_db

Level = Reminder.Level
CLEARANCE = date(2022, 6, 10)  # a Friday


def world(branches: int = 1) -> Tree:
    tree = make_tree(branches)
    make_plan(tree.committee, deadlines={"clearance": CLEARANCE, "window_closes": date(2022, 6, 28)})
    return tree


def told(user: User) -> list[str]:
    return list(Reminder.objects.filter(user=user).order_by("pk").values_list("level", flat=True))


def morning(day: date) -> datetime:
    return at(day, 8)


@pytest.mark.parametrize(
    ("day", "level"),
    [
        pytest.param(date(2022, 6, 6), None, id="four working days before"),
        pytest.param(date(2022, 6, 7), Level.SOON, id="three working days before"),
        pytest.param(CLEARANCE, Level.SOON, id="on the day"),
        pytest.param(date(2022, 6, 11), Level.SOON, id="on the Saturday after it is still no working day late"),
        pytest.param(date(2022, 6, 13), Level.LATE, id="one working day late"),
    ],
)
def test_the_branch_is_reminded_of_its_step(day, level):
    tree = world()
    secretary = make_user(Role.SECRETARY, tree.branch)

    remind(at=morning(day))

    assert told(secretary) == ([level] if level else [])


def test_however_often_it_runs_it_reminds_once():
    tree = world()
    secretary = make_user(Role.SECRETARY, tree.branch)

    counts = [sum(remind(at=morning(date(2022, 6, 8))).values()) for _ in range(3)]
    remind(at=morning(date(2022, 6, 9)))

    assert counts == [1, 0, 0]
    assert told(secretary) == [Level.SOON]


def test_what_a_branch_is_late_with_is_told_to_its_superior():
    tree = world()
    staff, above = make_user(Role.COMMITTEE_STAFF, tree.committee), make_user(Role.COMMITTEE_STAFF, tree.bloc)

    remind(at=morning(date(2022, 6, 14)))

    assert (told(staff), told(above)) == ([Level.ESCALATED], [])


def test_what_the_superior_is_late_with_climbs_to_its_own_superior():
    tree = world()
    Congress.objects.update(state="submitted")
    secretary = make_user(Role.SECRETARY, tree.branch)
    staff, above = make_user(Role.APPROVER, tree.committee), make_user(Role.COMMITTEE_STAFF, tree.bloc)

    remind(at=morning(date(2022, 6, 14)))

    assert (told(secretary), told(staff), told(above)) == ([], [Level.LATE], [Level.ESCALATED])


def test_a_deadline_that_moves_is_another_reminder_and_settles_the_old_one():
    tree = world()
    secretary = make_user(Role.SECRETARY, tree.branch)
    remind(at=morning(date(2022, 6, 8)))
    Congress.objects.update(state="submitted")

    remind(at=morning(date(2022, 6, 9)))

    assert Reminder.objects.get(user=secretary).seen_at is not None


def test_who_has_left_the_role_is_not_reminded():
    tree = world()
    gone = make_user(Role.SECRETARY, tree.branch)
    gone.assignments.update(ends_on=date(2022, 6, 7))

    remind(at=morning(date(2022, 6, 8)))

    assert told(gone) == []


def test_the_superior_of_a_committee_is_the_nearest_that_decides():
    tree = world()

    assert superiors_of({tree.committee.pk, tree.bloc.pk}) == {
        tree.committee.pk: tree.bloc.pk,
        tree.bloc.pk: tree.bloc.parent_id,
    }


def test_thirty_branches_cost_as_many_queries_as_three():
    def asked(branches: int) -> int:
        tree = world(branches)
        for branch in tree.branches:
            make_user(Role.SECRETARY, branch)
        remind(at=morning(date(2022, 6, 6)))
        with CaptureQueriesContext(connection) as queries:
            remind(at=morning(date(2022, 6, 7)))
        return len(queries)

    assert asked(3) == asked(30)


# ---- the digest ----


def test_there_is_one_digest_a_day_and_none_in_the_night():
    tree = world()
    secretary = make_user(Role.SECRETARY, tree.branch)

    remind(at=at(date(2022, 6, 8), 6, 59))
    assert not Digest.objects.exists()
    for hour in (7, 8, 17):
        remind(at=at(date(2022, 6, 8), hour))

    assert [(one.user, one.count) for one in Digest.objects.all()] == [(secretary, 1)]


@override_settings(EMAIL_HOST="mail.invalid", SITE_ADDRESS="https://dai-hoi.invalid")
def test_the_mail_says_how_many_and_where_and_nothing_else():
    tree = world()
    secretary = make_user(Role.SECRETARY, tree.branch)
    silent = make_user(Role.CLERK, tree.branch)
    User.objects.filter(pk=secretary.pk).update(email="bi.thu@vidu.invalid")

    remind(at=morning(date(2022, 6, 8)))
    remind(at=morning(date(2022, 6, 8)))
    (job,) = Job.objects.filter(kind=reminding.MAIL)
    for _ in range(2):
        reminding.mail_digest(job.payload, job)

    (letter,) = mail.outbox
    assert letter.to == ["bi.thu@vidu.invalid"]
    assert "1 việc" in letter.subject
    assert "https://dai-hoi.invalid/nhac-viec/" in letter.body
    assert tree.branch.name not in letter.body + letter.subject
    assert told(silent) == [Level.SOON]


def test_without_a_mail_server_everything_stays_on_the_page():
    tree = world()
    secretary = make_user(Role.SECRETARY, tree.branch)
    User.objects.filter(pk=secretary.pk).update(email="bi.thu@vidu.invalid")

    remind(at=morning(date(2022, 6, 8)))

    assert not Job.objects.filter(kind=reminding.MAIL).exists()
    assert Digest.objects.exists()


# ---- the page ----


def test_a_person_reads_the_reminders_and_says_so():
    tree = world()
    secretary = make_user(Role.SECRETARY, tree.branch)
    other = make_user(Role.SECRETARY, tree.branch)
    remind(at=morning(date(2022, 6, 8)))
    client = Client()
    client.force_login(User.objects.get(pk=secretary.pk))

    assert "1 lời nhắc chưa xem" in client.get(reverse("home")).content.decode()
    assert "trình cấp ủy duyệt đại hội (10/6/2022)" in client.get(reverse("congress:reminders")).content.decode()
    client.post(reverse("congress:reminders_seen"))

    assert not Reminder.objects.filter(user=secretary, seen_at__isnull=True).exists()
    assert Reminder.objects.filter(user=other, seen_at__isnull=True).exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_once():
    tree = world()
    people = [make_user(Role.SECRETARY, tree.branch) for _ in range(5)]
    give_role(people[0], Role.CLERK, tree.branch)

    def run(_: int) -> None:
        try:
            remind(at=morning(date(2022, 6, 8)))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(8)))

    assert all(told(one) == [Level.SOON] for one in people)


def test_a_step_that_comes_back_is_reminded_again_with_the_same_deadline():
    tree = world()
    secretary = make_user(Role.SECRETARY, tree.branch)
    congress = Congress.objects.get(organization=tree.branch)

    remind(at=morning(date(2022, 6, 14)))
    for state, day in (("submitted", 15), ("preparing", 17)):  # submitted late, then returned
        Congress.objects.filter(pk=congress.pk).update(state=state, state_since=morning(date(2022, 6, day)))
        remind(at=morning(date(2022, 6, day)))
    remind(at=morning(date(2022, 6, 20)))

    assert told(secretary) == [Level.LATE, Level.LATE]
    assert Reminder.objects.filter(user=secretary, seen_at__isnull=True).count() == 1
