"""E-58: whom the ballot for the delegates makes alternates, and what is left for a ballot of their own."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import InvalidInput
from accounts.models import User
from congress.services import preparing
from documents.services import drafts
from elections import queries
from elections.models import Election
from elections.services import rounds, slates
from tests.assemblies import HELD_ON, Place, details, everybody_present, open_with_board, vote, when
from tests.factories import World, congress_at

pytestmark = [pytest.mark.django_db, pytest.mark.rule("E-58")]


class Branch:
    """Ten members; the secretary is elected, ``seats`` delegates and ``alternates`` are next."""

    def __init__(self, *, names: int = 3, seats: int = 2, alternates: int = 1) -> None:
        world = self.world = congress_at("preparing", members=10)
        self.place = Place(
            world.tree, world.secretary, world.approver, (world.teller, world.head_teller), world.members
        )
        world.held_on = HELD_ON
        world.fill_details()
        details(self.place, world.congress, delegate_seats=seats, alternate_seats=alternates)
        world.prepare_papers()
        preparing.submit_for_clearance(world.congress_id, actor=world.secretary, at=when(-15))
        for paper in world.congress.documents.all():
            drafts.approve(paper.pk, actor=world.approver, at=when(-12))
        preparing.clear(world.congress_id, actor=world.approver, at=when(-10))
        first, two, one = slates.set_up_elections(world.congress_id, actor=world.secretary, at=when(-9))
        self.people, self.candidates = world.members, world.members[1 : 1 + names]
        for election, members in ((first, world.members[:1]), (two, self.candidates)):
            for member in members:
                slates.nominate(election.rounds.get().pk, member_id=member.pk, actor=world.secretary, at=when(-9))
        everybody_present(self.place, world.congress)
        open_with_board(self.place, world.congress, chair=self.people[0], clerk=self.people[7], board=self.people[-2:])
        vote(self.place, first, self.people[:1])
        self.delegates, self.alternates = two, one

    def elect(self, votes: list[int]) -> None:
        vote(self.place, self.delegates, self.candidates, votes=votes)
        self.delegates, self.alternates = (Election.objects.get(pk=one.pk) for one in (self.delegates, self.alternates))

    def named(self) -> list[int]:
        return [one.member.pk for one in queries.elected_of(self.alternates)]


def page(world: World, election: Election) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=world.member_user.pk))
    last = election.rounds.filter(seals__isnull=False).order_by("-number")[0]
    return client.get(reverse("elections:proposal", args=[last.pk])).content.decode()


def test_others_above_half_become_alternates_without_a_ballot_of_their_own():
    branch = Branch()

    branch.elect([7, 7, 6])

    assert branch.named() == [branch.candidates[2].pk]
    assert branch.alternates.is_concluded
    assert branch.candidates[2].full_name in branch.alternates.conclusion
    shown = page(branch.world, branch.delegates)
    own = shown[shown.index('id="du-khuyet"') :]
    assert "Chưa kiểm chứng" in own[: own.index("</section>")]
    assert "chưa kiểm chứng" in branch.alternates.conclusion


def test_exactly_half_is_no_alternate_and_the_seat_waits_for_its_own_ballot():
    branch = Branch()

    branch.elect([8, 7, 5])

    assert branch.named() == []
    assert not branch.alternates.is_concluded
    assert branch.alternates.rounds.get().seats == 1
    assert "Còn thiếu 1 đại biểu dự khuyết: bầu riêng đại biểu dự khuyết." in page(branch.world, branch.delegates)


def test_seats_the_ballot_leaves_open_are_what_the_own_ballot_fills():
    branch = Branch(alternates=2)
    branch.elect([7, 7, 6])
    assert branch.alternates.rounds.get().seats == 1

    vote(branch.place, branch.alternates, [branch.people[5]])

    branch.alternates.refresh_from_db()
    assert branch.named() == [branch.candidates[2].pk, branch.people[5].pk]
    assert branch.alternates.is_concluded


def test_a_tie_for_the_last_alternate_is_left_to_a_ballot_of_its_own():
    branch = Branch(names=6, seats=4)

    branch.elect([7, 7, 7, 7, 6, 6])

    settled = queries.alternates_of(branch.delegates)
    assert settled is not None
    assert ({one.member.pk for one in settled.tied}, settled.open_seats) == (
        {branch.candidates[4].pk, branch.candidates[5].pk},
        1,
    )
    assert not branch.alternates.is_concluded


def test_alternates_wait_while_delegates_are_missing():
    branch = Branch()

    branch.elect([10, 5, 5])

    assert queries.alternates_of(branch.delegates).waiting
    assert branch.named() == []
    assert "chưa xác định đại biểu dự khuyết" in page(branch.world, branch.delegates)


def test_a_congress_that_wants_no_alternates_names_none():
    branch = Branch(alternates=1)
    branch.world.congress.__class__.objects.filter(pk=branch.world.congress_id).update(alternate_seats=None)
    branch.elect([7, 7, 6])

    assert queries.alternates_of(Election.objects.get(pk=branch.delegates.pk)) is None


def test_stopping_the_delegates_short_leaves_the_alternates_to_the_congress():
    branch = Branch()
    branch.elect([10, 5, 5])

    rounds.conclude(
        branch.delegates.pk, reasons="Không bầu tiếp.", in_favour=10, actor=branch.world.secretary, at=when(0, 15)
    )

    assert branch.named() == []


@pytest.mark.rule("E-16")
@pytest.mark.parametrize("seats", [11, 40_000, 9_999_999])
def test_no_more_alternates_are_elected_than_there_are_members_called(seats):
    """A number beyond the column would be an error of PostgreSQL alone."""
    branch = Branch(alternates=2)
    branch.elect([7, 7, 6])
    client, first = Client(), branch.alternates.rounds.get()
    client.force_login(User.objects.get(pk=branch.world.secretary.pk))

    cards = {"seats": str(seats), "in_favour": "10", "against": "0", "abstained": "0"}
    answer = client.post(reverse("elections:seats", args=[first.pk]), cards)

    assert answer.status_code == 422
    assert f"Không thể bầu {seats} người: danh sách triệu tập chỉ có 10 đảng viên" in answer.content.decode()
    assert first.seats == branch.alternates.rounds.get().seats


def test_ten_members_may_elect_ten():
    branch = Branch(alternates=2)
    branch.elect([7, 7, 6])
    first = branch.alternates.rounds.get()

    fixed = slates.fix_seats(first.pk, seats=10, in_favour=10, actor=branch.world.secretary, at=when(0, 15))

    assert fixed.seats == 10


@pytest.mark.parametrize("name", ["delegate_seats", "alternate_seats"])
def test_what_is_planned_fits_the_database_and_says_so(name):
    world = congress_at("preparing")

    with pytest.raises(InvalidInput, match="không quá 999, đang ghi 40000") as refusal:
        preparing.set_details(
            world.congress_id,
            version=world.congress.version,
            actor=world.secretary,
            at=world.when(-20),
            **{"delegate_seats": 2, "alternate_seats": 1, name: 40_000},
        )
    assert set(refusal.value.fields) == {name}
