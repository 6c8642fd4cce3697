"""What an account may do is not what a person is: figures and the head's acts are the elected board's (E-27, E-28)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import NotAllowed
from accounts.models import AuditEvent, User
from accounts.roles import Role
from elections import policies
from elections.models import WarningNote
from elections.services import counting, ledgers, sealing
from organizations.models import Member
from tests.elections.results.test_result_pages import counted
from tests.factories import World, congress_at, give_role, make_user

pytestmark = pytest.mark.django_db


def fresh(person: User) -> User:
    """As the next request would load the account: rights are remembered for one request."""
    return User.objects.get(pk=person.pk)


def seen_by(world: World, person: User) -> int:
    client = Client()
    client.force_login(fresh(person))
    return client.get(reverse("elections:proposal", args=[world.round.pk])).status_code


def test_before_the_seal_the_elected_board_alone_sees_the_figures():
    world = congress_at("counted", members=8)
    candidate, stranger = make_user(Role.TELLER, world.branch), make_user(Role.TELLER, world.branch)
    Member.objects.filter(pk=world.slate()[0].pk).update(user=candidate)
    give_role(world.secretary, Role.TELLER, world.branch)
    barred = (candidate, stranger, world.secretary, world.clerk, world.member_user)

    assert [seen_by(world, one) for one in (world.teller, world.head_teller)] == [200, 200]
    assert [seen_by(world, one) for one in barred] == [403] * 5
    on_the_slate = world.congress.officers.create(member=world.slate()[0], office="teller")
    assert seen_by(world, candidate) == 403
    on_the_slate.delete()
    world.congress.officers.create(member=world.members[2], office="teller")
    Member.objects.filter(pk=world.members[2].pk).update(user=world.secretary)
    assert seen_by(world, world.secretary) == 403
    sealing.seal(world.round.pk, sheet_number=1, actor=world.head_teller, at=world.when(0, 15, 20))
    assert [seen_by(world, one) for one in barred] == [200] * 5


@pytest.mark.rule("E-27")
def test_a_head_who_stands_does_nothing_that_the_head_does():
    world = congress_at("counted", members=8)
    world.congress.officers.filter(office="head_teller").delete()
    member = world.slate()[0]
    head = make_user(Role.TELLER, world.branch)
    Member.objects.filter(pk=member.pk).update(user=head)
    world.congress.officers.create(member=member, office="head_teller")
    head, place = fresh(head), {"actor": head, "at": world.when(0, 15, 20)}

    with pytest.raises(NotAllowed, match="có tên trong danh sách bầu cử"):
        sealing.seal(world.round.pk, sheet_number=1, **place)
    with pytest.raises(NotAllowed, match="có tên trong danh sách bầu cử"):
        counting.drop_count(world.count.pk, reasons="x", **place)
    with pytest.raises(NotAllowed, match="có tên trong danh sách bầu cử"):
        ledgers.void_ledger(world.round.pk, reasons="x", **place)
    assert not policies.can_head_the_board(head, world.round, world.congress)


def test_who_writes_over_the_note_of_another_leaves_a_trace():
    world = counted([11, 10, 9, 3], returned=11)
    sheet = world.round.sheets.get()
    message = sealing.warnings_of(sheet)[0]["message"]

    def explain(text: str, person: User) -> None:
        texts = {one["message"]: text for one in sealing.warnings_of(sheet)}
        sealing.explain_warnings(world.round.pk, sheet_number=1, texts=texts, actor=person, at=world.when(0, 15, 10))

    first, second = world.typists
    explain("Một đồng chí về sớm", first)
    explain("Một đồng chí về sớm", second)
    assert not AuditEvent.objects.filter(action="election.warnings_explained_again").exists()
    explain("Đếm thiếu", second)

    (event,) = AuditEvent.objects.filter(action="election.warnings_explained_again")
    told = f"{first.full_name} đã ghi “Một đồng chí về sớm” cho điểm “{message}”"
    assert event.details["before"] == told
    assert WarningNote.objects.get(message=message).text == "Đếm thiếu"
