"""Rights change at the very next request, and on the day they are handed over."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.acting import live_assignments
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from accounts.roles import Role
from organizations import services
from organizations.models import RoleAssignment
from tests.factories import Tree, at, give_role, make_admin, make_root, make_tree, make_user

pytestmark = pytest.mark.django_db
TODAY, HANDED_OVER = date(2026, 3, 2), date(2026, 3, 10)


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = at(TODAY, 8)
        monkeypatch.setattr(timezone, "now", lambda: self.now)

    def go_to(self, day: date, hour: int = 8, minute: int = 0) -> datetime:
        self.now = at(day, hour, minute)
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def tree(clock) -> Tree:
    return make_tree()


@pytest.fixture
def staff(tree: Tree) -> User:
    return make_user(Role.COMMITTEE_STAFF, tree.committee)


def roles_of(user: User) -> set[str]:
    return {one.role for one in live_assignments(User.objects.get(pk=user.pk))}


# ---- at the very next request ----


class Superior:
    """What a superior does to one account, and what must be true of it afterwards."""

    def __init__(self, tree: Tree, staff: User, person: User) -> None:
        self.tree, self.staff, self.person = tree, staff, person
        self.anchor = give_role(person, Role.MEMBER, tree.branch)
        self.secretary: RoleAssignment | None = None
        self.active, self.session = True, False

    def grant(self) -> None:
        if self.secretary is None:
            self.secretary = services.grant_role(
                self.person.pk, Role.SECRETARY, self.tree.branch.pk, actor=self.staff, at=timezone.now()
            )
            self.session = False

    def revoke(self) -> None:
        if self.secretary is not None:
            services.revoke_role(self.secretary.pk, actor=self.staff, at=timezone.now())
            self.secretary, self.session = None, False

    def stop(self) -> None:
        if self.active:
            services.deactivate_account(self.anchor.pk, actor=self.staff, at=timezone.now())
            self.active = self.session = False

    def reopen(self) -> None:
        if not self.active:
            services.reactivate_account(self.anchor.pk, actor=self.staff, at=timezone.now())
            self.active = True

    def end_sessions(self) -> None:
        services.end_sessions(self.anchor.pk, actor=self.staff, at=timezone.now())
        self.session = False

    def nothing(self) -> None:
        pass

    def expected(self) -> int:
        if not self.session:
            return 302
        return 200 if self.secretary else 403


ACTS = (Superior.grant, Superior.revoke, Superior.stop, Superior.reopen, Superior.end_sessions, Superior.nothing)


@pytest.mark.urls("tests.organizations.rights_addresses")
@pytest.mark.once
def test_a_thousand_interleavings_of_acts_and_requests_never_see_an_old_right(tree, staff):
    person, chance, browser = make_user(), random.Random(18), Client()  # noqa: S311  (no secret: the same interleavings every time)
    superior, wrong = Superior(tree, staff, person), []
    address = f"/bi-thu/{tree.branch.pk}/"

    for number in range(1000):
        if superior.active and not superior.session and chance.random() < 0.8:
            browser.force_login(User.objects.get(pk=person.pk))
            superior.session = True
        act = chance.choice(ACTS)
        act(superior)
        seen = browser.get(address).status_code
        if seen != superior.expected():
            wrong.append((number, act.__name__, seen, superior.expected()))
        superior.session = superior.session and seen != 302

    assert wrong == []


# ---- handing over ----


@pytest.fixture
def leaving(tree: Tree) -> User:
    return make_user(Role.SECRETARY, tree.branch, full_name="Lê Văn Cũ")


@pytest.fixture
def coming(tree: Tree) -> User:
    return make_user(Role.MEMBER, tree.branch, full_name="Trần Thị Mới")


def held_by(user: User, role: str = Role.SECRETARY) -> RoleAssignment:
    return user.assignments.get(role=role)


def test_the_old_one_works_to_the_end_of_the_day_before_and_the_new_one_from_the_day(
    tree, staff, leaving, coming, clock
):
    services.hand_over(held_by(leaving).pk, to_id=coming.pk, on=HANDED_OVER, actor=staff, at=clock.now)

    seen = []
    for moment in ((TODAY, 9, 0), (date(2026, 3, 9), 23, 59), (HANDED_OVER, 0, 0), (date(2027, 1, 1), 9, 0)):
        clock.go_to(*moment)
        seen.append((Role.SECRETARY in roles_of(leaving), Role.SECRETARY in roles_of(coming)))

    assert seen == [(True, False), (True, False), (False, True), (False, True)]
    assert AuditEvent.objects.order_by("-sequence")[0].action == "role.handed_over"


def test_from_today_it_is_over_at_once(tree, staff, leaving, coming, clock):
    browser = Client()
    browser.force_login(User.objects.get(pk=leaving.pk))

    services.hand_over(held_by(leaving).pk, to_id=coming.pk, on=TODAY, actor=staff, at=clock.now)

    assert browser.get(reverse("organizations:tree")).status_code == 302
    assert (roles_of(leaving), roles_of(coming)) == (set(), {Role.SECRETARY, Role.MEMBER})


def test_a_role_begun_today_and_handed_over_today_is_revoked(tree, staff, coming, clock):
    short = make_user(Role.SECRETARY, tree.branch, starts_at=clock.now)

    services.hand_over(held_by(short).pk, to_id=coming.pk, on=TODAY, actor=staff, at=clock.now)

    assert held_by(short).revoked_at == clock.now
    assert Role.SECRETARY in roles_of(coming)


def test_the_other_roles_there_go_along_but_for_that_of_a_member(tree, staff, leaving, coming, clock):
    for role in (Role.CLERK, Role.MEMBER):
        give_role(leaving, role, tree.branch)
    give_role(coming, Role.CLERK, tree.branch)

    begun = services.hand_over(held_by(leaving).pk, to_id=coming.pk, on=HANDED_OVER, actor=staff, at=clock.now)
    clock.go_to(HANDED_OVER)

    assert [one.role for one in begun] == [Role.SECRETARY]
    assert roles_of(leaving) == {Role.MEMBER}
    assert roles_of(coming) == {Role.SECRETARY, Role.CLERK, Role.MEMBER}


def limited(held: RoleAssignment, day: date) -> RoleAssignment:
    held.ends_on = day
    held.save()
    return held


def test_a_role_with_a_last_day_is_passed_on_to_that_day(tree, staff, leaving, coming, clock):
    held = limited(held_by(leaving), date(2026, 12, 31))

    services.hand_over(held.pk, to_id=coming.pk, on=HANDED_OVER, actor=staff, at=clock.now)

    assert held_by(coming).ends_on == date(2026, 12, 31)


def test_a_role_that_is_over_by_that_day_is_not_handed_over(tree, staff, leaving, coming, clock):
    held = limited(held_by(leaving), date(2026, 3, 5))

    with pytest.raises(InvalidInput, match="hết ngày 5/3/2026"):
        services.hand_over(held.pk, to_id=coming.pk, on=HANDED_OVER, actor=staff, at=clock.now)

    assert held_by(leaving).ends_on == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param((date(2026, 6, 1), None), [(HANDED_OVER, date(2026, 5, 31))], id="begins later"),
        pytest.param((date(2026, 1, 5), date(2026, 4, 30)), [(date(2026, 5, 1), None)], id="ends earlier"),
        pytest.param(
            (date(2026, 4, 1), date(2026, 4, 30)),
            [(HANDED_OVER, date(2026, 3, 31)), (date(2026, 5, 1), None)],
            id="a month in between",
        ),
        pytest.param((date(2026, 1, 5), None), [], id="covers it all"),
    ],
)
def test_no_day_is_left_without_a_holder(tree, staff, leaving, coming, clock, known, expected):
    services.grant_role(
        coming.pk, Role.SECRETARY, tree.branch.pk, actor=staff, at=clock.now, starts_on=known[0], ends_on=known[1]
    )

    begun = services.hand_over(held_by(leaving).pk, to_id=coming.pk, on=HANDED_OVER, actor=staff, at=clock.now)

    assert [(one.starts_on, one.ends_on) for one in begun] == expected


def test_a_role_that_begins_later_still_begins_that_day_for_the_other(tree, staff, coming, clock):
    person = make_user()
    services.grant_role(
        person.pk, Role.SECRETARY, tree.branch.pk, actor=staff, at=clock.now, starts_on=date(2026, 6, 1)
    )

    services.hand_over(held_by(person).pk, to_id=coming.pk, on=HANDED_OVER, actor=staff, at=clock.now)

    assert held_by(coming).starts_on == date(2026, 6, 1)
    assert held_by(person).revoked_at


def test_who_takes_over_signs_in_again(tree, staff, leaving, coming, clock):
    browser = Client()
    browser.force_login(User.objects.get(pk=coming.pk))

    services.hand_over(held_by(leaving).pk, to_id=coming.pk, on=HANDED_OVER, actor=staff, at=clock.now)

    assert browser.get(reverse("organizations:tree")).status_code == 302


def test_an_administrator_with_a_last_day_leaves_nobody_in_charge(clock, tree):
    admin, second = make_admin(), make_user()
    third = make_user(Role.SYSTEM_ADMINISTRATOR, make_root())
    held = limited(held_by(admin, Role.SYSTEM_ADMINISTRATOR), date(2026, 12, 31))
    limited(held_by(third, Role.SYSTEM_ADMINISTRATOR), date(2026, 12, 31))

    with pytest.raises(InvalidInput, match="không còn ai quản trị"):
        services.hand_over(held.pk, to_id=second.pk, on=HANDED_OVER, actor=third, at=clock.now)

    assert held_by(admin, Role.SYSTEM_ADMINISTRATOR).ends_on == date(2026, 12, 31)


def test_the_last_administrator_hands_over_to_a_day_ahead(clock, tree):
    """Asked of that day, not of today: until then nobody else holds the role."""
    admin, second = make_admin(), make_user()
    held = held_by(admin, Role.SYSTEM_ADMINISTRATOR)

    begun = services.hand_over(held.pk, to_id=second.pk, on=HANDED_OVER, actor=admin, at=clock.now)

    assert [(one.user_id, one.starts_on, one.ends_on) for one in begun] == [(second.pk, HANDED_OVER, None)]
    assert (roles_of(admin), roles_of(second)) == ({Role.SYSTEM_ADMINISTRATOR}, set())
    clock.go_to(HANDED_OVER)
    assert (roles_of(admin), roles_of(second)) == (set(), {Role.SYSTEM_ADMINISTRATOR})


def test_whoever_may_not_grant_may_not_hand_over(tree, staff, leaving, coming, clock):
    held = held_by(leaving)
    for actor in (leaving, coming, make_user(Role.APPROVER, tree.committee)):
        with pytest.raises(NotAllowed):
            services.hand_over(held.pk, to_id=coming.pk, on=HANDED_OVER, actor=actor, at=clock.now)


def test_what_cannot_be_handed_over_is_said(tree, staff, leaving, coming, clock):
    held, stopped = held_by(leaving), make_user()
    User.objects.filter(pk=stopped.pk).update(is_active=False)

    for to, day in ((leaving, HANDED_OVER), (stopped, HANDED_OVER), (coming, TODAY - timedelta(days=1))):
        with pytest.raises((InvalidInput, NotAllowed)):
            services.hand_over(held.pk, to_id=to.pk, on=day, actor=staff, at=clock.now)
    services.revoke_role(held.pk, actor=staff, at=clock.now)
    with pytest.raises(InvalidInput):
        services.hand_over(held.pk, to_id=coming.pk, on=HANDED_OVER, actor=staff, at=clock.now)

    assert not coming.assignments.filter(role=Role.SECRETARY).exists()


def test_an_administrator_who_hands_over_later_is_not_replaced_by_nobody(clock, tree):
    first, second = make_admin(), make_user()
    third = make_user(Role.SYSTEM_ADMINISTRATOR, make_root())
    services.hand_over(
        held_by(first, Role.SYSTEM_ADMINISTRATOR).pk, to_id=second.pk, on=HANDED_OVER, actor=third, at=clock.now
    )

    with pytest.raises(InvalidInput, match="cuối cùng"):  # the first one goes soon, the second is not there yet
        services.revoke_role(held_by(third, Role.SYSTEM_ADMINISTRATOR).pk, actor=first, at=clock.now)


@pytest.mark.parametrize(("ends", "in_force"), [(-1, False), (0, True), (1, True)])
def test_the_last_day_of_a_role_is_still_in_force(tree, staff, clock, ends, in_force):
    person = make_user()
    services.grant_role(
        person.pk,
        Role.CLERK,
        tree.branch.pk,
        actor=staff,
        at=clock.now,
        starts_on=TODAY - timedelta(days=9),
        ends_on=TODAY + timedelta(days=ends),
    )

    assert (Role.CLERK in roles_of(person)) is in_force


def test_the_page_hands_over_and_says_from_when(tree, staff, leaving, coming):
    browser = Client()
    browser.force_login(User.objects.get(pk=staff.pk))
    address = reverse("organizations:hand_over", args=[held_by(leaving).pk])

    refused = browser.post(address, {"user": coming.pk, "from_day": "1/3/2026"})
    done = browser.post(address, {"user": coming.pk, "from_day": "10/3/2026"}, follow=True)

    assert refused.status_code == 422
    assert "Ngày bàn giao không thể trước hôm nay" in refused.content.decode()
    assert "từ 10/3/2026, đồng chí Trần Thị Mới giữ vai trò" in done.content.decode()
