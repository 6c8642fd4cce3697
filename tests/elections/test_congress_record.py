"""What F-11 tells of the elections: who proposed whom, who left and how, what was given up, in words of the rules."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.errors import InvalidInput
from documents.papers.congress_minutes import ElectionRecord
from elections.congress_record import NO_VOTE, election_records, told_elections
from elections.models import Candidate
from elections.services import annulling, ledgers, nominations, ratifying, rounds, slates, withdrawals
from tests.elections.results.test_lost_ground import recounted
from tests.factories import World, congress_at
from tests.slates import UNDER_190, committee, nominated

pytestmark = pytest.mark.django_db


def records(world: World) -> list[ElectionRecord]:
    return list(election_records(world.congress_id))


def withdraw(world: World, member_id: int, **cards: Any) -> None:
    act = {"actor": world.secretary, "at": world.when(0, 14, 20)}
    asked = withdrawals.ask_to_withdraw(world.round.pk, member_id=member_id, reason="Sức khỏe", proposal="allow", **act)
    withdrawals.decide_withdrawal(asked.pk, **({"in_favour": 12} | cards), **act)


def counted(world: World) -> None:
    slates.fix_slate(world.round.pk, in_favour=12, actor=world.secretary, at=world.when(0, 14, 30))
    world.counting()
    world.enter()
    world.sealed()


@pytest.mark.rule("E-21")
@pytest.mark.rule("E-31")
def test_names_of_the_floor_have_their_nominator_and_support_also_after_they_left():
    world = committee()
    stays = nominated(world, 5, 7)
    visitor = nominations.nominate(
        world.round.pk,
        member_id=world.members[6].pk,
        source=Candidate.Source.NOMINATED,
        nominator_name="  Đặng Thị  Khách (bịa) ",
        actor=world.secretary,
        at=world.when(0, 14, 15),
    )
    nominations.record_support(visitor.pk, support=6, actor=world.secretary, at=world.when(0, 14, 16))
    weak = nominated(world, 7, 2)
    nominations.strike(weak.pk, actor=world.secretary, at=world.when(0, 14, 17))
    withdraw(world, visitor.member_id, form="ballot")
    withdraw(world, world.members[0].pk)
    withdraw(world, world.members[1].pk, in_favour=5, against=7)
    counted(world)

    told = records(world)[0]

    nominator = world.members[9].display_name
    assert [one.shown for one in told.nominated] == [
        f"{stays.shown_name} (đồng chí {nominator} đề cử; 7/12 người dự ủng hộ)",
        f"{visitor.shown_name} (đồng chí Đặng Thị Khách (bịa) đề cử)",
    ]
    assert world.members[0].display_name in [one.name for one in told.proposed]
    assert [(one.allowed, one.by_ballot, one.vote.agree) for one in told.withdrawals] == [
        (True, True, 12),
        (True, False, 12),
        (False, False, 5),
    ]
    text = " ".join(told.preparation)
    assert f"Đồng chí {visitor.shown_name} xin rút khỏi danh sách; Đại hội đồng ý cho rút (bỏ phiếu kín:" in text
    assert told.remarks == (
        f"Đồng chí {weak.member.full_name} được 2/12 người dự ủng hộ, chưa quá 30 %, không vào danh sách.",
    )


@pytest.mark.rule("E-21")
def test_a_withdrawal_is_decided_by_card_or_by_ballot_and_in_no_other_way():
    world = committee()

    with pytest.raises(InvalidInput) as refused:
        withdraw(world, world.members[0].pk, form="either")
    assert set(refused.value.fields) == {"form"}


@pytest.mark.rule("E-31")
@pytest.mark.parametrize(("kind", "both"), [("members", True), ("delegates", False), ("meeting", False)])
def test_a_visitor_nominates_at_a_congress_of_members_and_beside_nobody_else(kind, both):
    world = committee()
    world.congress.__class__.objects.filter(pk=world.congress_id).update(kind=kind)

    with pytest.raises(InvalidInput) as refused:
        nominations.nominate(
            world.round.pk,
            member_id=world.members[5].pk,
            source=Candidate.Source.NOMINATED,
            nominator_name="Đặng Thị Khách (bịa)",
            nominator_id=world.members[9].pk if both else None,
            actor=world.secretary,
            at=world.when(0, 14, 15),
        )
    assert set(refused.value.fields) == {"nominator_name"}


def test_papers_handed_out_again_a_round_without_a_vote_and_the_votes_on_them_are_told():
    world = congress_at("slate_fixed", members=12, committee_seats=3, held_on=UNDER_190)
    world.close_ledger()
    ledgers.void_ledger(
        world.round.pk, reasons="Phiếu in thiếu tên.", actor=world.head_teller, at=world.when(0, 14, 45)
    )
    world.counting()
    world.enter(world.figures(votes=[12, 11, 4, 3]))
    world.sealed()
    act = {"actor": world.secretary, "at": world.when(0, 15, 30)}
    rounds.open_next_round(world.elections[0].pk, in_favour=11, against=1, **act)
    rounds.conclude(world.elections[0].pk, reasons="Không ai nhận.", in_favour=12, **act)

    first, second = records(world)

    assert (first.counted, second.counted) == (True, False)
    assert first.remarks == ("Hủy lần phát phiếu thứ 1, đã phát 12 phiếu: Phiếu in thiếu tên.",)
    assert second.title.endswith("(lần 2)")
    assert second.remarks == (
        "Đại hội quyết định bầu tiếp (tán thành 11/12).",
        NO_VOTE.format(word="Đại hội"),
        "Không ai nhận (tán thành 12/12).",
    )


def test_a_result_that_the_congress_gave_up_is_told_beside_the_new_one():
    world = recounted()
    annulling.vote_anew(
        world.elections[1].pk,
        reasons="Không còn trong chi ủy",
        in_favour=12,
        actor=world.secretary,
        at=world.when(0, 16, 10),
    )

    committee_told, given_up = records(world)

    assert committee_told.remarks[-1].startswith("Kết quả theo bản kiểm đếm lại 2: ")
    assert given_up.remarks[-1] == (
        "Kết quả cuộc bầu này đã bị hủy. Đại hội quyết định bỏ kết quả, bầu lại: Không còn trong chi ủy."
    )


def test_what_an_earlier_sitting_elected_is_not_told_again():
    world = congress_at("reported")
    ratifying.refuse_results(world.congress_id, reasons="Sai thủ tục", actor=world.approver, at=world.when(8))
    congress = world.congress
    assert [one.is_annulled for one in told_elections(congress)][0]

    congress.sitting_number += 1

    assert told_elections(congress) == world.elections
