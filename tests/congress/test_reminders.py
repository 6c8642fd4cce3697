"""Reminders: once each, to whoever holds the ball; what is late climbs; the mail says nothing but how many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection, connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.roles import Role
from congress import dues, reminders
from congress.dues import Due, Part, superiors_of
from congress.models import Congress, Digest, Reminder
from congress.services import reminding, telling
from congress.services.reminding import remind
from congress.services.telling import News
from organizations import services as organization_services
from organizations.services.acts import Ground
from outbox.models import Job
from tests.factories import Tree, at, give_role, make_organization, make_plan, make_tree, make_user

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
            told = reminding.remind_part(Part(tree.bloc.path), at=morning(date(2022, 6, 7)))
        assert told == {Level.SOON: branches}
        return len(queries)

    assert asked(3) == asked(30)


# ---- whose it is ----


def page(user: User) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client.get(reverse("congress:reminders")).content.decode()


def test_a_reminder_ends_with_the_right_it_came_from():
    tree = world()
    gone, stays = (make_user(Role.SECRETARY, tree.branch) for _ in range(2))
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)
    telling.tell([News(tree.branch.pk, "k", "Có thư mới", "/")], [Role.SECRETARY], but=None, at=morning(CLEARANCE))
    remind(at=morning(date(2022, 6, 8)))

    for one in gone.assignments.all():
        organization_services.revoke_role(one.pk, actor=tree.admin, at=morning(date(2022, 6, 9)))

    assert tree.branch.name not in page(gone) and "Có thư mới" not in page(gone)  # at once, before the next run
    assert tree.branch.name in page(stays) and "Có thư mới" in page(stays)
    remind(at=morning(date(2022, 6, 9)))
    remind(at=morning(date(2022, 6, 14)))  # the late step climbs; those who went hear nothing
    assert (told(gone), told(staff)) == ([], [Level.ESCALATED])
    assert set(Digest.objects.filter(day=date(2022, 6, 9)).values_list("user", flat=True)) == {stays.pk}


def test_a_branch_moved_elsewhere_is_no_longer_named_to_its_former_committee():
    tree, other = world(), make_tree()
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)
    remind(at=morning(date(2022, 6, 14)))
    assert tree.branch.name in page(staff)

    day = date(2022, 6, 14)
    ground = Ground("118-QĐ/ĐU", day, day, other.bloc.parent_id)
    organization_services.move(tree.branch.pk, other.committee.pk, ground=ground, actor=tree.admin, at=morning(day))

    assert tree.branch.name not in page(staff)


def test_who_holds_the_ball_and_stands_above_it_hears_of_it_once():
    tree = world()
    both = make_user(Role.SECRETARY, tree.branch)
    give_role(both, Role.COMMITTEE_STAFF, tree.committee)

    remind(at=morning(date(2022, 6, 14)))

    assert told(both) == [Level.LATE]


def test_a_committee_reads_one_line_for_each_step_and_under_it_its_dang_bo():
    tree = world(3)
    other = make_organization(tree.bloc, node_type="grassroots", name="Đảng bộ Kho bạc")
    for _ in range(2):
        make_organization(other)
    make_plan(other, deadlines={"clearance": CLEARANCE})
    Congress.objects.update(state="submitted")
    Congress.objects.filter(organization=tree.branches[2]).update(state="preparing")  # late themselves, not above
    above = make_user(Role.COMMITTEE_STAFF, tree.bloc)
    remind(at=morning(date(2022, 6, 14)))
    client = Client()
    client.force_login(User.objects.get(pk=above.pk))

    (group,) = client.get(reverse("congress:reminders")).context["groups"]

    assert (group["badge"], group["topic"], len(group["lines"])) == (
        "Báo cấp trên",
        "Cấp ủy đồng ý hoặc trả lại để hoàn thiện",
        4,
    )
    assert [(one["name"], len(one["lines"])) for one in group["places"]] == [
        ("Đảng bộ Kho bạc", 2),
        ("Đảng bộ Sở Công Thương", 2),
    ]


def test_the_way_to_the_reminders_stays_when_nothing_is_unread():
    tree = make_tree()
    secretary = make_user(Role.SECRETARY, tree.branch)
    client = Client()
    client.force_login(User.objects.get(pk=secretary.pk))

    assert client.get(reverse("home")).content.decode().count('href="/nhac-viec/"') == 2  # the page and the menu
    assert client.get(reverse("own_sessions")).content.decode().count('href="/nhac-viec/"') == 1


# ---- the clock ----


def test_of_many_workers_one_reminds_in_each_turn_of_the_clock():
    tree = world()
    secretary = make_user(Role.SECRETARY, tree.branch)
    moments = [at(date(2022, 6, 8), 8, minute) for minute in (0, 0, 1, 5, 15, 16, 30)]

    ran = [moment.minute for moment in moments if reminding.run(at=moment) is not None]

    assert (ran, told(secretary)) == ([0, 15, 30], [Level.SOON])


def test_a_run_that_breaks_is_made_up_for_at_the_next_turn_and_does_not_count_as_done(monkeypatch):
    world()
    reminding.run(at=at(date(2022, 6, 8), 8))

    def broken(today: date, part: Part) -> list[Due]:
        raise RuntimeError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr(dues, "_sources", [broken])
        with pytest.raises(RuntimeError):
            reminding.run(at=at(date(2022, 6, 8), 9))

    assert reminders.silent_since(at=at(date(2022, 6, 8), 9, 1)) == (True, at(date(2022, 6, 8), 8))
    assert reminding.run(at=at(date(2022, 6, 8), 9, 15)) is not None
    assert reminders.silent_since(at=at(date(2022, 6, 8), 9, 16)) == (False, at(date(2022, 6, 8), 9, 15))


def test_a_clock_that_stands_still_is_told_to_the_administrator_and_on_the_page():
    tree = world()
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)

    def seen_by(user: User, name: str) -> bool:
        client = Client()
        client.force_login(User.objects.get(pk=user.pk))
        return "Phần mềm đang không nhắc việc" in client.get(reverse(name)).content.decode()

    reminding.run(at=timezone.now() - timedelta(hours=2))
    assert (seen_by(tree.admin, "home"), seen_by(staff, "congress:reminders")) == (True, True)
    assert not seen_by(staff, "home")
    reminding.run(at=timezone.now())
    assert (seen_by(tree.admin, "home"), seen_by(staff, "congress:reminders")) == (False, False)


def test_without_a_day_in_the_plan_the_days_of_the_regulations_are_reminded_of_and_climb():
    """E-64, E-65 — Seven working days to report from the closing, fifteen to decide from the receipt."""
    tree = world()
    secretary, approver = make_user(Role.SECRETARY, tree.branch), make_user(Role.APPROVER, tree.committee)
    above = make_user(Role.COMMITTEE_STAFF, tree.bloc)
    Congress.objects.update(
        state="closed", opened_at=at(date(2022, 6, 20), 8), closed_at=at(date(2022, 6, 20), 17),
        state_since=at(date(2022, 6, 20), 17),
    )  # fmt: skip
    seen = {}
    for day in (date(2022, 6, 23), date(2022, 6, 24), date(2022, 6, 29), date(2022, 6, 30)):
        remind(at=morning(day))
        seen[day.day] = told(secretary), told(approver)
    Congress.objects.update(state="reported", state_since=at(date(2022, 7, 1), 9))
    before = len(told(approver))
    for day in (date(2022, 7, 22), date(2022, 7, 25)):
        remind(at=morning(day))

    assert seen == {
        23: ([], []),
        24: ([Level.SOON], []),
        29: ([Level.SOON], []),
        30: ([Level.SOON, Level.LATE], [Level.ESCALATED]),
    }
    assert told(approver)[before:] == [Level.SOON, Level.LATE]
    assert told(above) == [Level.ESCALATED]


def test_only_what_is_near_is_read_from_the_database():
    tree = world(5)
    far = make_tree(5)
    make_plan(far.committee, deadlines={"clearance": date(2022, 9, 1), "window_closes": date(2022, 9, 30)})
    today = date(2022, 6, 14)

    assert len(list(dues.of_congresses(today, Part(tree.bloc.path)))) == 5
    with CaptureQueriesContext(connection) as asked:
        assert list(dues.of_congresses(today, Part(far.bloc.path))) == []
    assert not [one for one in asked if "authority" in one["sql"]]  # no congress was fetched


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


@override_settings(EMAIL_HOST="mail.invalid")
def test_a_person_chooses_whether_and_from_which_hour_the_mail_comes():
    tree = world()
    late, none = make_user(Role.SECRETARY, tree.branch), make_user(Role.CLERK, tree.branch)
    for user, choice in ((late, {"wants_mail": "on", "from_hour": "18"}), (none, {"from_hour": "7"})):
        client = Client()
        client.force_login(User.objects.get(pk=user.pk))
        client.post(reverse("congress:mail_choice"), choice | {"email": f"{user.username}@vidu.invalid"})

    assert AuditEvent.objects.filter(action="reminders.mail_chosen").count() == 2

    def promised(hour: int) -> int:
        remind(at=at(date(2022, 6, 8), hour))
        return Job.objects.filter(kind=reminding.MAIL).count()

    assert [promised(hour) for hour in (8, 17, 18, 19)] == [0, 0, 1, 1]
    assert Digest.objects.get(pk=Job.objects.get(kind=reminding.MAIL).payload["digest_id"]).user == late
    assert "không nhận thư nhắc" in page(none)
    assert f"từ 18 giờ, gửi đến {late.username}@vidu.invalid" in page(late)


def test_an_address_that_is_none_is_refused_and_named():
    user = make_user(Role.SECRETARY, world().branch)
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))

    answer = client.post(reverse("congress:mail_choice"), {"email": "khong-co", "from_hour": "7"})

    assert answer.status_code == 422
    assert "Ghi địa chỉ có dạng" in answer.content.decode()
    assert not User.objects.get(pk=user.pk).email


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
