"""People on rolls and their accounts: two at once for the same branch, a file and a hand at the same member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from time import sleep
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.sheets import write_xlsx
from organizations import services
from organizations.models import Member, RoleAssignment
from organizations.services import rolls, slips
from organizations.services.slips import Wanted
from tests.factories import START, Tree, make_member, make_tree, make_user
from tests.races.conftest import PAUSE_SECONDS, Act, Outcome, Race, break_without_it, hold_always, one_won, won
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


SCENES = {"people": (None, people)}
TAKEN_AWAY = ("without_locks", "slow_reading")
RACES = {
    "accounts from two levels": Race("people", from_two_levels, one_secretary, TAKEN_AWAY),
    "accounts in bulk and by hand": Race("people", in_bulk_and_by_hand, one_secretary, TAKEN_AWAY),
    "a roll by file and by hand": Race("people", by_file_and_by_hand, the_hand_has_the_last_word, TAKEN_AWAY),
}


@pytest.mark.parametrize("name", RACES)
def test_people_are_not_doubled_and_nothing_is_overwritten(name, scenes, runners, record_property):
    hold_always(RACES[name], scenes, runners, record_property)


@pytest.mark.parametrize("name", RACES)
def test_without_locks_they_are(name, scenes, runners, record_property, request):
    break_without_it(RACES[name], scenes, runners, record_property, request)
