"""From the names proposed to the slate a congress has fixed: who comes, who leaves, what stands against it."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.errors import IllegalTransition, InvalidInput, NotAllowed
from accounts.models import AuditEvent
from congress.models import CardVote
from documents.models import IssuedPaper
from elections import queries
from elections.conflicts import Slate
from elections.models import BallotRound, Candidate, Election, Withdrawal
from elections.services import leaders, nominations, opinions, rounds, slates, withdrawals
from organizations.models import Member, Post, PostHolding
from tests.factories import World, congress_at, make_member

pytestmark = pytest.mark.django_db

UNDER_190 = date(2025, 3, 12)
Source = Candidate.Source
Proposal = Withdrawal.Proposal


def committee(*, members: int = 12, seats: int = 3, held_on: date = UNDER_190, **fields: Any) -> World:
    """A branch that elects a chi ủy from one name more than seats, its congress just opened."""
    return congress_at("sitting", members=members, committee_seats=seats, held_on=held_on, **fields)


def codes(ballot_round: BallotRound) -> list[str]:
    return [one.code for one in Slate(ballot_round).findings]


def put_up(world: World, number: int, *, by: int | None = 10, source: str = Source.NOMINATED) -> Candidate:
    """A floor nomination of that member of the branch by another."""
    return nominations.nominate(
        world.round.pk,
        member_id=world.members[number].pk,
        source=source,
        nominator_id=world.members[by].pk if by is not None and source == Source.NOMINATED else None,
        actor=world.secretary,
        at=world.when(0, 14, 15),
    )


def back(candidate: Candidate, world: World, support: int) -> Candidate:
    return nominations.record_support(candidate.pk, support=support, actor=world.secretary, at=world.when(0, 14, 16))


def fix(world: World, **cards: int) -> BallotRound:
    given = {"in_favour": world.present()} | cards
    return slates.fix_slate(world.round.pk, actor=world.secretary, at=world.when(0, 14, 30), **given)


def holds_post(member: Member, post: str = Post.COMMITTEE_MEMBER) -> None:
    PostHolding.objects.create(
        member=member, organization=member.organization, post=post, starts_on=date(2020, 1, 1), decision="QĐ 1"
    )


def ask(world: World, member: Member, proposal: str = Proposal.ALLOW) -> Withdrawal:
    return withdrawals.ask_to_withdraw(
        world.round.pk,
        member_id=member.pk,
        reason="Sức khỏe yếu",
        proposal=proposal,
        actor=world.secretary,
        at=world.when(0, 14, 20),
    )


def decide(world: World, asked: Withdrawal, **cards: int) -> Withdrawal:
    given = {"in_favour": world.present()} | cards
    return withdrawals.decide_withdrawal(asked.pk, actor=world.secretary, at=world.when(0, 14, 21), **given)


# ---- number to elect ----


@pytest.mark.rule("E-20")
def test_the_number_is_adopted_by_a_card_vote_of_its_own_and_the_slate_vote_no_longer_names_it():
    world = committee(seats=3)

    slates.fix_seats(world.round.pk, seats=3, in_favour=12, actor=world.secretary, at=world.when(0, 14, 15))
    fix(world)

    votes = {one.subject: one.text for one in world.congress.card_votes.filter(subject__in=["seats", "slate"])}
    assert votes["seats"] == "Bầu chi ủy: số lượng cần bầu 3"
    assert votes["slate"].startswith("Bầu chi ủy: danh sách ")
    assert world.round.seats_vote.subject == CardVote.Subject.SEATS


def test_number_and_list_may_be_adopted_by_one_vote():
    world = committee(seats=3)

    fix(world)

    assert world.round.seats_vote is None
    assert world.round.fixed_vote.text.startswith("Bầu chi ủy: số lượng 3, danh sách ")


def test_the_congress_may_elect_fewer_or_more_than_planned():
    world = committee(seats=3)

    slates.fix_seats(world.round.pk, seats=5, in_favour=12, actor=world.secretary, at=world.when(0, 14, 15))

    assert (world.round.seats, world.elections[0].seats) == (5, 5)
    assert "F307" in codes(world.round)


@pytest.mark.rule("E-16")
@pytest.mark.parametrize(("seats", "refused"), [(7, False), (8, True), (0, True)])
def test_a_branch_committee_has_one_to_seven_members(seats, refused):
    world = committee()
    act = {"seats": seats, "in_favour": 12, "actor": world.secretary, "at": world.when(0, 14, 15)}

    if refused:
        with pytest.raises(InvalidInput) as refusal:
            slates.fix_seats(world.round.pk, **act)
        assert "seats" in refusal.value.fields
        assert world.congress.card_votes.filter(subject="seats").count() == 0
    else:
        assert slates.fix_seats(world.round.pk, **act).seats == 7


@pytest.mark.rule("E-16")
def test_there_is_one_secretary():
    world = congress_at("sitting")

    with pytest.raises(InvalidInput, match="Chỉ bầu một bí thư"):
        slates.fix_seats(world.round.pk, seats=2, in_favour=6, actor=world.secretary, at=world.when(0, 14, 15))


@pytest.mark.rule("E-16")
def test_there_is_one_deputy_secretary():
    world = committee(has_deputy=True)
    *before, deputy = world.elections
    Election.objects.filter(pk__in=[one.pk for one in before]).update(is_concluded=True)
    act = {"in_favour": 12, "actor": world.secretary, "at": world.when(0, 14, 15)}

    with pytest.raises(InvalidInput, match="Chỉ bầu một phó bí thư, không thể bầu 2"):
        slates.fix_seats(deputy.rounds.get().pk, seats=2, **act)


def test_a_number_that_half_refuse_stays_as_it_was_and_the_vote_is_kept():
    world = committee(seats=3)

    slates.fix_seats(world.round.pk, seats=5, in_favour=6, against=6, actor=world.secretary, at=world.when(0, 14, 15))

    assert (world.round.seats, world.round.seats_vote) == (3, None)
    assert not world.congress.card_votes.get(subject="seats").adopted


# ---- the base is frozen with the slate ----


@pytest.mark.rule("E-63k")
def test_the_base_is_kept_with_the_slate_and_forgotten_when_it_opens_again():
    world = committee()

    fix(world)

    assert world.round.electorate["election_base"] == 12
    slates.reopen_slate(world.round.pk, actor=world.secretary, at=world.when(0, 14, 40))
    assert world.round.electorate is None


def test_papers_handed_out_for_a_slate_are_void_when_it_opens_again():
    world = committee()
    fix(world)
    world.close_ledger()

    slates.reopen_slate(
        world.round.pk, reasons="In thiếu tên", in_favour=12, actor=world.secretary, at=world.when(0, 14, 50)
    )

    assert world.round.ledgers.get().void_reason == "Mở lại danh sách bầu cử. In thiếu tên"


# ---- nominations ----


@pytest.mark.rule("E-31")
def test_a_floor_nomination_names_who_nominated():
    world = committee()

    assert put_up(world, 5).nominated_by == world.members[10]
    with pytest.raises(InvalidInput, match="không đề cử nhân danh tập thể"):
        put_up(world, 6, by=None)


@pytest.mark.rule("E-11")
def test_a_probationer_may_nominate_but_not_be_nominated():
    world = committee()
    probationer = make_member(world.branch, "Trương Văn Dự", official_on=None)
    world.congress.attendances.create(member=probationer, is_official=False, presence="present")
    act = {"source": Source.NOMINATED, "actor": world.secretary, "at": world.when(0, 14, 15)}

    made = nominations.nominate(world.round.pk, member_id=world.members[5].pk, nominator_id=probationer.pk, **act)
    with pytest.raises(InvalidInput, match="chỉ đảng viên chính thức của chi bộ được ứng cử, đề cử"):
        nominations.nominate(world.round.pk, member_id=probationer.pk, nominator_id=world.members[9].pk, **act)

    assert made.nominated_by == probationer


def test_somebody_who_is_not_there_does_not_nominate():
    world = committee()
    elsewhere = make_member(world.tree.branch, "Trương Văn Vắng")

    with pytest.raises(InvalidInput, match="Người đề cử phải là người dự đại hội"):
        nominations.nominate(
            world.round.pk,
            member_id=world.members[5].pk,
            source=Source.NOMINATED,
            nominator_id=elsewhere.pk,
            actor=world.secretary,
            at=world.when(0, 14, 15),
        )


@pytest.mark.rule("E-30")
def test_who_nominates_himself_stands():
    world = committee()

    with pytest.raises(InvalidInput, match="Ứng cử"):
        put_up(world, 5, by=5)
    assert put_up(world, 5, source=Source.STOOD).nominated_by is None


def test_the_list_of_the_convening_committee_does_not_grow_while_the_congress_sits():
    world = committee()

    with pytest.raises(InvalidInput, match="Thêm người lúc này thì ghi là đề cử hoặc ứng cử"):
        put_up(world, 5, source=Source.COMMITTEE)


@pytest.mark.rule("E-32")
def test_a_member_of_the_convening_committee_nominates_nobody_outside_its_list():
    world = committee()
    holds_post(world.members[9])

    with pytest.raises(InvalidInput, match="là cấp ủy viên triệu tập nên không được đề cử"):
        put_up(world, 5, by=9)


@pytest.mark.rule("E-32")
@pytest.mark.parametrize("source", [Source.NOMINATED, Source.STOOD])
def test_a_member_of_the_convening_committee_outside_its_list_must_withdraw(source):
    world = committee()
    holds_post(world.members[5])
    back(put_up(world, 5, source=source), world, 12)

    assert "F706" in codes(world.round)
    with pytest.raises(InvalidInput, match="phải xin rút"):
        fix(world)
    with pytest.raises(InvalidInput, match="chỉ đề nghị cho rút theo quy chế"):
        ask(world, world.members[5], Proposal.REFUSE)
    decide(world, ask(world, world.members[5], Proposal.MUST))
    assert fix(world).state == "slate_fixed"


@pytest.mark.rule("E-32")
def test_a_secretary_who_convenes_alone_is_only_pointed_at():
    world = congress_at("sitting", members=6, held_on=UNDER_190)
    holds_post(world.members[3], Post.SECRETARY)
    back(put_up(world, 3, by=2), world, 6)

    assert "W708" in codes(world.round)
    assert fix(world).state == "slate_fixed"


# ---- support ----


@pytest.mark.rule("E-37")
@pytest.mark.parametrize(("support", "left"), [(3, ["F707"]), (4, [])])
def test_under_190_a_name_from_outside_needs_more_than_thirty_percent_of_twelve(support, left):
    world = committee()
    candidate = put_up(world, 5, source=Source.STOOD)
    assert "F712" in codes(world.round)

    back(candidate, world, support)

    found = [code for code in codes(world.round) if code in ("F707", "F712")]
    assert found == left
    candidate.refresh_from_db()
    assert (candidate.support, candidate.support_of) == (support, 12)


@pytest.mark.rule("E-37")
def test_a_name_without_enough_support_is_taken_off_and_the_figures_stay_in_the_record():
    world = committee()
    candidate = back(put_up(world, 5), world, 2)

    nominations.strike(candidate.pk, actor=world.secretary, at=world.when(0, 14, 20))

    event = AuditEvent.objects.get(action="election.unsupported")
    assert (event.details["support"], event.details["attending"]) == (2, 12)


@pytest.mark.rule("E-37")
def test_under_244_nobody_is_asked_for_support():
    world = committee(held_on=date(2022, 6, 29))
    candidate = put_up(world, 5)

    assert "F712" not in codes(world.round)
    with pytest.raises(IllegalTransition):
        back(candidate, world, 12)


def test_no_more_support_than_people():
    world = committee()

    with pytest.raises(InvalidInput, match="không thể có 13 người ủng hộ"):
        back(put_up(world, 5), world, 13)


# ---- withdrawals ----


@pytest.mark.rule("E-34")
def test_k46_a_name_leaves_the_slate_only_when_the_congress_agrees():
    world = committee(seats=3)
    asked = ask(world, world.members[0])

    assert world.round.candidates.filter(member=world.members[0]).exists()
    with pytest.raises(InvalidInput, match="đã xin rút, đại hội chưa quyết định"):
        fix(world)
    refused = decide(world, asked, in_favour=6, against=6)
    assert refused.outcome == "refused"
    assert world.round.candidates.filter(member=world.members[0]).exists()
    agreed = decide(world, ask(world, world.members[0]), in_favour=7, against=5)
    assert (agreed.outcome, agreed.vote.in_favour) == ("agreed", 7)
    assert not world.round.candidates.filter(member=world.members[0]).exists()


def test_a_decided_withdrawal_is_not_decided_again_and_stays_in_the_database():
    world = committee()
    asked = decide(world, ask(world, world.members[0]), in_favour=6, against=6)

    with pytest.raises(IllegalTransition, match="đã quyết định"):
        decide(world, asked)
    with pytest.raises(IntegrityError), transaction.atomic():
        Withdrawal.objects.filter(pk=asked.pk).update(outcome="agreed")


def test_nobody_asks_twice_at_once_nor_without_a_name_on_the_slate():
    world = committee()
    ask(world, world.members[0])

    with pytest.raises(InvalidInput, match="đã xin rút, đang chờ"):
        ask(world, world.members[0])
    with pytest.raises(InvalidInput, match="không có trong danh sách"):
        ask(world, world.members[8])


@pytest.mark.rule("E-34")
def test_the_list_brought_to_the_congress_is_not_changed_with_a_stroke():
    world = committee()

    with pytest.raises(IllegalTransition, match="chỉ rời danh sách khi xin rút"):
        nominations.strike(world.round.candidates.first().pk, actor=world.secretary, at=world.when(0, 14, 20))


def test_a_floor_nomination_written_by_mistake_goes_until_the_congress_has_dealt_with_it():
    world = committee()
    act = {"actor": world.secretary, "at": world.when(0, 14, 20)}
    with pytest.raises(InvalidInput, match="Ghi lý do bỏ tên"):
        nominations.strike(put_up(world, 5).pk, **act)
    written = Candidate.objects.get(round=world.round, member=world.members[5])
    nominations.strike(written.pk, reasons="Ghi nhầm người", **act)
    assert AuditEvent.objects.get(action="election.struck").details["reasons"] == "Ghi nhầm người"
    kept = back(put_up(world, 6), world, 12)

    with pytest.raises(IllegalTransition):
        nominations.strike(kept.pk, **act)


def test_before_the_opening_the_committee_changes_its_own_list():
    world = congress_at("cleared", members=12, committee_seats=3)
    first, *_ = slates.set_up_elections(world.congress_id, actor=world.secretary, at=world.when(-9))
    made = nominations.nominate(
        first.rounds.get().pk, member_id=world.members[0].pk, actor=world.secretary, at=world.when(-9)
    )

    nominations.strike(made.pk, actor=world.secretary, at=world.when(-8))

    assert first.rounds.get().candidates.count() == 0


def test_names_put_to_a_vote_that_failed_leave_only_by_decision():
    world = congress_at("sealed", members=12, committee_seats=3, held_on=UNDER_190)
    leader = queries.eligible_members(world.elections[1])[0]
    act = {"actor": world.secretary, "at": world.when(0, 15, 40)}
    made = nominations.nominate(world.round.pk, member_id=leader.pk, **act)

    fix(world, in_favour=6, against=6)

    with pytest.raises(IllegalTransition):
        nominations.strike(made.pk, **act)


# ---- opinion ballot ----


def too_many(world: World, *numbers: int) -> list[Candidate]:
    """Floor nominations beyond the ceiling, each with support."""
    made = [put_up(world, number) for number in numbers]
    regime = Slate(world.round).regime
    if regime is not None and regime.code == "190-QĐ/TW":
        for one in made:
            back(one, world, 12)
    return made


def count_opinions(world: World, votes: dict[int, int], **figures: int) -> Any:
    """Twelve papers, all valid; ``votes``: number of the member → marks."""
    given = {"issued": 12, "returned": 12, "valid": 12, "invalid": 0} | figures
    support = {str(world.members[number].pk): count for number, count in votes.items()}
    return opinions.enter_opinions(
        world.round.pk, figures=given, support=support, actor=world.clerk, at=world.when(0, 14, 22)
    )


def three_from_the_committee(world: World) -> None:
    """One seat of surplus is left for others: the committee's list is as long as the seats."""
    Candidate.objects.filter(round=world.round, member=world.members[3]).delete()


def confirm(world: World, opinion: Any) -> Any:
    return opinions.confirm_opinions(opinion.pk, actor=world.secretary, at=world.when(0, 14, 23))


@pytest.mark.rule("E-38")
@pytest.mark.parametrize("held_on", [UNDER_190, date(2022, 6, 29)])
def test_too_many_names_go_to_an_opinion_ballot_and_the_most_supported_joins(held_on):
    world = committee(held_on=held_on)
    three_from_the_committee(world)
    too_many(world, 5, 6)
    assert "W311" in codes(world.round)
    with pytest.raises(InvalidInput, match="lấy phiếu xin ý kiến"):
        fix(world)

    opinion = confirm(world, count_opinions(world, {5: 4, 6: 9}))

    assert IssuedPaper.objects.get(about=f"opinion:{opinion.pk}").congress == world.congress
    assert opinion.joining == [str(world.members[6].pk)]
    slate = {one.member_id for one in world.round.candidates.all()}
    assert slate == {one.pk for one in (*world.members[:3], world.members[6])}
    assert fix(world).state == "slate_fixed"


@pytest.mark.rule("E-38")
def test_a_tie_at_the_cut_is_left_to_the_congress():
    world = committee()
    three_from_the_committee(world)
    too_many(world, 5, 6, 7)

    confirm(world, count_opinions(world, {5: 8, 6: 8, 7: 2}))

    finding = next(one for one in Slate(world.round).findings if one.code == "W309")
    assert "chưa kiểm chứng (U-09)" in finding.message
    assert world.round.candidates.count() == 5
    with pytest.raises(InvalidInput, match="cùng được 8 phiếu xin ý kiến"):
        fix(world)
    act = {"actor": world.secretary, "at": world.when(0, 14, 24)}
    with pytest.raises(InvalidInput, match="Chỉ còn 1 chỗ"):
        opinions.decide_joining(world.round.pk, joining=[m.pk for m in world.members[5:7]], in_favour=12, **act)
    opinions.decide_joining(world.round.pk, joining=[world.members[6].pk], in_favour=6, against=6, **act)
    assert world.round.candidates.count() == 5
    opinions.decide_joining(world.round.pk, joining=[world.members[6].pk], in_favour=12, **act)
    assert fix(world).candidates.count() == 4


@pytest.mark.rule("E-38")
def test_a_committee_list_that_fills_the_ceiling_leaves_the_others_to_the_congress():
    world = committee()
    too_many(world, 5)

    assert "W310" in codes(world.round)
    with pytest.raises(IllegalTransition, match="chưa vượt số dư|không phải lấy phiếu"):
        count_opinions(world, {5: 9})
    act = {"actor": world.secretary, "at": world.when(0, 14, 24)}
    opinions.decide_joining(world.round.pk, joining=[], in_favour=12, **act)

    assert {one.source for one in world.round.candidates.all()} == {Source.COMMITTEE}


@pytest.mark.rule("E-38")
def test_above_the_surplus_the_list_waits_until_the_congress_says_who_joins():
    """U-21: it may keep a name from the floor, and every later one is asked about anew."""
    world = committee()
    too_many(world, 5)
    with pytest.raises(InvalidInput, match="Đại hội quyết định ai vào danh sách"):
        fix(world)

    act = {"actor": world.secretary, "at": world.when(0, 14, 24)}
    kept = world.members[5].pk
    opinions.decide_joining(world.round.pk, joining=[kept], in_favour=5, against=7, **act)
    with pytest.raises(InvalidInput, match="chưa kiểm chứng"):
        fix(world)
    opinions.decide_joining(world.round.pk, joining=[kept], in_favour=12, **act)
    assert not Slate(world.round).to_be_decided

    too_many(world, 6)
    assert [one.member_id for one in Slate(world.round).to_be_decided] == [world.members[6].pk]
    opinions.decide_joining(world.round.pk, joining=[], in_favour=12, **act)

    assert fix(world).state == "slate_fixed"
    assert world.round.candidates.filter(member=kept).exists()


@pytest.mark.rule("E-38")
def test_whom_the_congress_let_join_is_not_asked_about_again_when_a_committee_name_leaves():
    """Four of the committee fill the list of three seats, two of the floor join; with one gone there is room."""
    world = committee()
    too_many(world, 5)
    too_many(world, 6)
    act = {"actor": world.secretary, "at": world.when(0, 14, 24)}
    opinions.decide_joining(world.round.pk, joining=[one.pk for one in world.members[5:7]], in_favour=12, **act)

    decide(world, ask(world, world.members[0]))

    assert not Slate(world.round).needs_opinion_ballot
    assert "W311" not in codes(world.round)
    assert "W301" in codes(world.round)
    assert fix(world).state == "slate_fixed"


@pytest.mark.rule("E-38")
def test_an_opinion_count_that_does_not_add_up_is_named_field_by_field():
    world = committee()
    three_from_the_committee(world)
    too_many(world, 5, 6)

    with pytest.raises(InvalidInput) as refusal:
        count_opinions(world, {5: 13, 6: 9}, issued=13, valid=11)

    assert {"E", "L1"} <= set(refusal.value.fields)


def test_who_enters_opinions_does_not_confirm_them():
    world = committee()
    three_from_the_committee(world)
    too_many(world, 5, 6)
    opinion = count_opinions(world, {5: 4, 6: 9})

    with pytest.raises(NotAllowed, match="không được tự xác nhận"):
        opinions.confirm_opinions(opinion.pk, actor=world.clerk, at=world.when(0, 14, 23))
    with pytest.raises(IntegrityError), transaction.atomic():
        type(opinion).objects.filter(pk=opinion.pk).update(confirmed_by=world.clerk, confirmed_at=world.when(0, 14, 23))


def test_opinions_entered_again_replace_what_nobody_confirmed_and_a_changed_list_is_asked_again():
    world = committee()
    three_from_the_committee(world)
    too_many(world, 5, 6)
    count_opinions(world, {5: 4, 6: 9})
    second = count_opinions(world, {5: 5, 6: 8})
    too_many(world, 7)

    assert world.round.opinion_ballots.get() == second
    with pytest.raises(IllegalTransition, match="đã thay đổi từ khi nhập"):
        confirm(world, second)


# ---- the planned leader ----


def planned(number: int) -> World:
    """The chi ủy is elected and sealed; that member was planned as bí thư."""
    world = congress_at("cleared", members=12, committee_seats=3, held_on=UNDER_190)
    slates.set_up_elections(world.congress_id, actor=world.secretary, at=world.when(-9))
    leaders.plan_leader(
        world.elections[1].pk, member_id=world.members[number].pk, actor=world.secretary, at=world.when(-9)
    )
    for step in ("sitting", "slate_fixed", "counting", "counted", "sealed"):
        getattr(world, step)()
    return world


def put_up_leader(world: World) -> Member:
    leader = queries.eligible_members(world.elections[1])[0]
    nominations.nominate(world.round.pk, member_id=leader.pk, actor=world.secretary, at=world.when(0, 15, 30))
    return leader


@pytest.mark.rule("E-57")
def test_a_planned_leader_who_was_not_elected_stops_the_election_until_the_superior_has_spoken():
    world = planned(3)
    put_up_leader(world)
    election = world.elections[1]

    with pytest.raises(InvalidInput, match="tạm dừng bầu chức danh này"):
        fix(world)
    act = {"actor": world.secretary, "at": world.when(0, 15, 40)}
    with pytest.raises(InvalidInput) as refusal:
        leaders.record_superior_opinion(election.pk, text=" ", source="", **act)
    assert set(refusal.value.fields) == {"text", "source"}
    leaders.record_superior_opinion(election.pk, text="Đồng ý bầu tiếp.", source="Công văn 12-CV/ĐU", **act)

    assert fix(world).state == "slate_fixed"
    with pytest.raises(IllegalTransition):
        leaders.record_superior_opinion(election.pk, text="Lần nữa", source="Công văn 13-CV/ĐU", **act)
    with pytest.raises(IntegrityError), transaction.atomic():
        election.superior_opinions.update(text="Khác")


@pytest.mark.rule("E-57")
def test_a_planned_leader_who_was_elected_to_the_committee_stops_nothing():
    world = planned(0)
    put_up_leader(world)

    assert fix(world).state == "slate_fixed"


def test_a_leader_is_planned_before_the_sitting_and_only_for_a_post():
    world = congress_at("sitting", members=12, committee_seats=3)
    chi_uy, bi_thu, *_ = world.elections

    with pytest.raises(IllegalTransition):
        leaders.plan_leader(bi_thu.pk, member_id=world.members[0].pk, actor=world.secretary, at=world.when(0, 14, 5))
    world = congress_at("cleared", members=12, committee_seats=3)
    slates.set_up_elections(world.congress_id, actor=world.secretary, at=world.when(-9))
    with pytest.raises(IllegalTransition, match="Chỉ ghi người dự kiến cho bí thư"):
        leaders.plan_leader(
            world.elections[0].pk, member_id=world.members[0].pk, actor=world.secretary, at=world.when(-9)
        )


def test_a_plan_survives_another_number_of_seats():
    world = congress_at("cleared", members=12, committee_seats=3)
    act = {"actor": world.secretary, "at": world.when(-9)}
    slates.set_up_elections(world.congress_id, **act)
    leaders.plan_leader(world.elections[1].pk, member_id=world.members[2].pk, **act)
    world.congress.__class__.objects.filter(pk=world.congress_id).update(committee_seats=5)

    slates.set_up_elections(world.congress_id, **act)

    assert world.elections[1].planned_member == world.members[2]


# ---- later rounds ----


def second_round(votes: list[int]) -> World:
    world = congress_at("counting", members=12, committee_seats=3, held_on=UNDER_190)
    world.enter(world.figures(votes=votes))
    world.sealed()
    rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 30)
    )
    return world


@pytest.mark.rule("E-55")
def test_names_may_join_and_leave_a_further_round_as_the_congress_decides():
    world = second_round([10, 9, 4, 2])
    assert Slate(world.round).stopping == []

    back(put_up(world, 5), world, 6)
    decide(world, ask(world, world.members[3]))

    assert {one.member_id for one in world.round.candidates.all()} == {world.members[2].pk, world.members[5].pk}
    assert fix(world).state == "slate_fixed"


@pytest.mark.rule("E-55")
def test_a_further_round_fills_the_missing_seats_and_votes_on_no_other_number():
    world = second_round([10, 9, 4, 2])

    with pytest.raises(IllegalTransition, match="bầu số còn thiếu"):
        slates.fix_seats(world.round.pk, seats=2, in_favour=12, actor=world.secretary, at=world.when(0, 15, 31))


def test_names_of_an_earlier_ballot_are_not_struck_nor_asked_for_support_again():
    world = second_round([10, 9, 4, 2])

    assert Slate(world.round).asks_support == []
    with pytest.raises(IllegalTransition):
        nominations.strike(world.round.candidates.first().pk, actor=world.secretary, at=world.when(0, 15, 31))


@pytest.mark.rule("E-53")
def test_a_revote_takes_exactly_the_tied():
    world = second_round([10, 9, 7, 7])

    assert world.round.kind == "tie_revote"
    with pytest.raises(IllegalTransition, match="không thêm người"):
        put_up(world, 6)
    assert codes(world.round) == []


# ---- order of the names ----


@pytest.mark.rule("E-39")
def test_the_ballot_has_the_vietnamese_order_whatever_form_of_unicode_was_typed():
    names = [
        "Lê Thị An",
        "Bùi Văn Ăn",
        "Bùi Văn Ân",
        "Đỗ Văn Dung",
        "An Văn Đung",
        "Bùi Văn Hà",
        "Lê Anh Hà",
        "Lê Xuân Hà",
        "Mai Văn Hả",
        "Mai Văn Hạ",
    ]
    world = congress_at("cleared", members=12, committee_seats=3, held_on=UNDER_190)
    people = [
        make_member(world.branch, unicodedata.normalize("NFD" if place % 2 else "NFC", name))
        for place, name in enumerate(reversed(names))
    ]
    for one in people:
        world.congress.attendances.create(member=one, is_official=True)
    world.sitting()
    Candidate.objects.filter(round=world.round).delete()
    for one in people:
        world.round.candidates.create(member=one)
    slates.fix_seats(world.round.pk, seats=7, in_favour=22, actor=world.secretary, at=world.when(0, 14, 15))
    Candidate.objects.filter(round=world.round, member=people[0]).delete()

    fix(world)

    kept = [name for name in names if name != names[-1]]
    assert [one.name for one in world.round.candidates.order_by("position")] == [f"{name} (bịa)" for name in kept]


@pytest.mark.rule("E-39")
def test_a_name_typed_decomposed_is_the_same_name_and_found_either_way():
    world = congress_at("preparing")
    composed, decomposed = (unicodedata.normalize(form, "Đặng Thị Ước") for form in ("NFC", "NFD"))
    member = make_member(world.branch, decomposed)
    client = Client()
    client.force_login(world.secretary)

    pages = [client.get(reverse("search"), {"q": typed}).content.decode() for typed in (composed, decomposed)]

    assert member.full_name == composed
    assert all(composed in page for page in pages)


@pytest.mark.rule("E-39")
def test_people_of_one_name_stand_by_party_seniority():
    world = congress_at("cleared", members=12, committee_seats=3, held_on=UNDER_190)
    younger, older = (make_member(world.branch, "Lê Văn Một", admitted_on=date(year, 1, 1)) for year in (2009, 2001))
    for one in (younger, older):
        world.congress.attendances.create(member=one, is_official=True)
    world.sitting()
    Candidate.objects.filter(round=world.round).delete()
    for one in (*world.members[:2], younger, older):
        world.round.candidates.create(member=one)

    fix(world)

    order = [one.member for one in world.round.candidates.order_by("position")]
    assert order.index(older) < order.index(younger)


# ---- everything at once ----


def test_what_stands_against_a_slate_is_named_at_once():
    world = committee()
    holds_post(world.members[5])
    put_up(world, 5)
    put_up(world, 11, source=Source.STOOD)  # the head teller
    row = world.congress.attendances.get(member=world.members[0])
    row.is_official = False
    row.save()

    found = codes(world.round)

    assert {"F701", "F705", "F706", "F712", "W310"} <= set(found)
    assert [code[0] for code in found] == sorted(code[0] for code in found)


def test_nobody_but_secretary_and_clerk_touches_the_slate():
    world = committee()
    candidate = put_up(world, 5)
    act = {"actor": world.teller, "at": world.when(0, 14, 20)}

    for service in (
        lambda: slates.fix_seats(world.round.pk, seats=3, in_favour=12, **act),
        lambda: nominations.record_support(candidate.pk, support=4, **act),
        lambda: withdrawals.ask_to_withdraw(
            world.round.pk, member_id=candidate.member_id, reason="x", proposal="allow", **act
        ),
        lambda: opinions.enter_opinions(world.round.pk, figures={}, support={}, **act),
        lambda: opinions.decide_joining(world.round.pk, joining=[], in_favour=12, **act),
        lambda: leaders.plan_leader(world.elections[1].pk, member_id=None, **act),
        lambda: leaders.record_superior_opinion(world.elections[1].pk, text="x", source="y", **act),
    ):
        with pytest.raises(NotAllowed):
            service()
