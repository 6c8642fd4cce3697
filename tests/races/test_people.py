"""People on rolls and their accounts: two at once for the same branch, a file and a hand at the same member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from time import sleep
from typing import Any

import pytest
from django.utils import timezone

from accounts.contention import is_contention
from accounts.models import User
from accounts.roles import Role
from accounts.sheets import write_xlsx
from organizations import services
from organizations.models import AccountSlip, Member, RoleAssignment
from organizations.services import Ground, locks, rights, rolls, slips
from organizations.services.slips import Wanted
from tests.factories import START, Tree, at, give_role, make_member, make_organization, make_tree, make_user
from tests.races.conftest import (
    PAUSE_SECONDS,
    Act,
    Outcome,
    Race,
    break_without_it,
    hold_always,
    lost_clearly,
    one_won,
    won,
)
from tests.races.test_races import fresh

pytestmark = pytest.mark.postgresql
TODAY = timezone.localdate(START)


@dataclass
class People:
    """A branch with one member, asked about from two levels above."""

    tree: Tree
    above: User
    staff: User
    member: Member
    file: bytes
    seen: str = ""

    def accounts(self, actor: User, organization_id: int, username: str) -> Act:
        row = [Wanted(self.tree.branch.pk, "Lê Thị Lan", username, member_id=self.member.pk)]
        return partial(slips.make_accounts, organization_id, row, actor=fresh(actor), at=START, address="https://x.vn/")

    def opened(self, username: str) -> Act:
        return partial(
            services.open_account,
            self.tree.branch.pk,
            username=username,
            full_name="Lê Thị Lan",
            role=Role.SECRETARY,
            member_id=self.member.pk,
            actor=fresh(self.staff),
            at=START,
        )

    def imported(self) -> Act:
        return partial(
            rolls.write,
            self.file,
            self.tree.branch.pk,
            actor=fresh(self.staff),
            at=START,
            on=TODAY,
            seen=self.seen,
            source={"source": "danh sách"},
        )

    def edited(self) -> Act:
        changed = {"full_name": self.member.full_name, "born_on": self.member.born_on, "job": "Do tay sửa"}
        return partial(services.update_member, self.member.pk, actor=fresh(self.staff), at=START, **changed)


def people() -> People:
    tree = make_tree()
    member = make_member(tree.branch, "Lê Thị Lan", born_on=date(1980, 2, 1), job="Như cũ")
    rows = [[member.full_name, "1/2/1980", "Theo tệp"]]
    file = write_xlsx("Danh sách", ["Họ và tên", "Ngày sinh", "Chức vụ"], rows)
    world = People(
        tree, make_user(Role.COMMITTEE_STAFF, tree.bloc), make_user(Role.COMMITTEE_STAFF, tree.committee), member, file
    )
    world.seen = rolls.examine(file, tree.branch, on=TODAY).digest()
    return world


def from_two_levels(world: People) -> list[Act]:
    return [
        world.accounts(world.above, world.tree.bloc.pk, "cap-khoi"),
        world.accounts(world.staff, world.tree.committee.pk, "cap-co-so"),
    ]


def in_bulk_and_by_hand(world: People) -> list[Act]:
    return [world.accounts(world.staff, world.tree.committee.pk, "hang-loat"), world.opened("mot-nguoi")]


def one_secretary(world: People, outcomes: list[Outcome]) -> bool:
    held = list(RoleAssignment.objects.filter(role=Role.SECRETARY).values_list("user_id", flat=True))
    return one_won(outcomes) and held == [Member.objects.get(pk=world.member.pk).user_id]


def by_file_and_by_hand(world: People) -> list[Act]:
    return [world.imported(), world.edited()]


def the_hand_has_the_last_word(world: People, outcomes: list[Outcome]) -> bool:
    """The file was reviewed before: it is written first, or no more once somebody has changed what it shows."""
    return won(outcomes) == 2 and Member.objects.get(pk=world.member.pk).job == "Do tay sửa"


@pytest.fixture
def slow_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody takes a moment between looking and writing."""
    for module, name in ((slips, "_users"), (services.accounts.account_services, "create_user"), (rolls, "_update")):
        quick = getattr(module, name)

        def slow(*args: Any, quick: Any = quick, **kwargs: Any) -> Any:
            sleep(PAUSE_SECONDS * 4)
            return quick(*args, **kwargs)

        monkeypatch.setattr(module, name, slow)


# ---- one role, withdrawn and handed over ----


@dataclass
class Holding:
    """A branch without members whose secretary also has a slip and a colleague who may follow."""

    tree: Tree
    held: RoleAssignment
    coming: User
    slip: AccountSlip

    def revoked(self) -> Act:
        return partial(services.revoke_role, self.held.pk, actor=fresh(self.tree.admin), at=START)

    def handed_over(self, assignment: RoleAssignment | None = None) -> Act:
        held = assignment or self.held
        who = {"to_id": self.coming.pk, "on": TODAY, "actor": fresh(self.tree.admin), "at": START}
        return partial(services.hand_over, held.pk, **who)

    def taken_back(self) -> Act:
        return partial(slips.revoke_slip, self.slip.pk, actor=fresh(self.tree.admin), at=START)

    def closed(self) -> Act:
        ground = Ground("9-QĐ/ĐU", TODAY, TODAY, self.tree.committee.pk)
        return partial(
            services.close, self.held.organization_id, ground=ground, actor=fresh(self.tree.admin), at=at(TODAY, 9)
        )


def holding() -> Holding:
    """The one who follows is known before: people are locked by their number, and his is the smaller one."""
    tree = make_tree()
    coming = make_user()
    held = give_role(make_user(), Role.SECRETARY, tree.branch)
    empty = make_organization(tree.committee)
    row = [Wanted(empty.pk, "Lê Thị Lan", "co-phieu")]
    batch = slips.make_accounts(tree.committee.pk, row, actor=tree.admin, at=START, address="https://x.vn/")
    return Holding(tree, held, coming, batch.slips.select_related("assignment").get())


def revoked_and_handed_over(world: Holding) -> list[Act]:
    return [world.revoked(), world.handed_over()]


def taken_back_and_handed_over(world: Holding) -> list[Act]:
    return [world.taken_back(), world.handed_over(world.slip.assignment)]


def closed_and_handed_over(world: Holding) -> list[Act]:
    return [world.closed(), world.handed_over()]


def one_of_them_ended_it(world: Holding, outcomes: list[Outcome]) -> bool:
    follows = RoleAssignment.objects.filter(user=world.coming, revoked_at=None).exists()
    return lost_clearly(outcomes) and follows is not isinstance(outcomes[1], Exception)


def one_alone_ended_it(world: Holding, outcomes: list[Outcome]) -> bool:
    return one_won(outcomes) and one_of_them_ended_it(world, outcomes)


def nobody_is_left_there(world: Holding, outcomes: list[Outcome]) -> bool:
    left = RoleAssignment.objects.filter(organization=world.held.organization_id, revoked_at=None)
    return lost_clearly(outcomes) and not isinstance(outcomes[0], Exception) and not left.exists()


@pytest.fixture
def roles_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """No line at the place; who withdraws holds the role before the person, and each takes a moment in between."""
    in_order = locks.lock_people

    def slow(ids: Any) -> dict[int, User]:
        people = in_order(ids)
        sleep(PAUSE_SECONDS)
        return people

    def upside_down(assignment_id: int, *others: int) -> Any:
        held = RoleAssignment.objects.select_related("organization", "user")
        rows = held.select_for_update(of=("self",)).filter(pk=assignment_id)
        if others:  # a hand-over
            one = held.get(pk=assignment_id)
            return one, locks.lock_people([one.user_id, *others])
        return rows.get(), (sleep(PAUSE_SECONDS), locks.lock_people([rows.get().user_id]))[1]

    monkeypatch.setattr(locks, "lock_people", slow)
    monkeypatch.setattr(locks, "lock_role", upside_down)


@pytest.fixture
def slow_hand_over(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = rights._passed_on

    def slow(*args: Any, **kwargs: Any) -> Any:
        sleep(PAUSE_SECONDS * 4)
        return quick(*args, **kwargs)

    monkeypatch.setattr(rights, "_passed_on", slow)


SCENES = {"people": (None, people), "holding": (None, holding)}
TAKEN_AWAY = ("without_locks", "slow_reading")
RACES = {
    "accounts from two levels": Race("people", from_two_levels, one_secretary, TAKEN_AWAY),
    "accounts in bulk and by hand": Race("people", in_bulk_and_by_hand, one_secretary, TAKEN_AWAY),
    "a roll by file and by hand": Race("people", by_file_and_by_hand, the_hand_has_the_last_word, TAKEN_AWAY),
    "a role revoked and handed over": Race("holding", revoked_and_handed_over, one_alone_ended_it, ("roles_first",)),
    "a slip taken back and handed over": Race(
        "holding", taken_back_and_handed_over, one_of_them_ended_it, ("roles_first",)
    ),
    "a branch closed and its role handed over": Race(
        "holding", closed_and_handed_over, nobody_is_left_there, ("without_locks", "slow_hand_over")
    ),
}


@pytest.mark.parametrize("name", RACES)
def test_people_are_not_doubled_and_nothing_is_overwritten(name, scenes, runners, record_property):
    hold_always(RACES[name], scenes, runners, record_property)


@pytest.mark.parametrize("name", RACES)
def test_without_locks_they_are(name, scenes, runners, record_property, request):
    break_without_it(RACES[name], scenes, runners, record_property, request)


def test_who_is_caught_in_a_ring_of_locks_is_known_as_one_to_send_again(scenes, runners, roles_first):
    """The database's own answer, as the page for it is shown by."""
    outcomes = runners.together(*revoked_and_handed_over(scenes.at("holding")))

    (sent_away,) = [one for one in outcomes if isinstance(one, Exception)]
    assert is_contention(sent_away), sent_away
