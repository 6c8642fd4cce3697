"""Whole ways of other assemblies than a branch without chi ủy: delegates, đảng bộ, committee meeting, E-14."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import AuditEvent, User
from accounts.roles import Role
from congress.lifecycle import CLEARED, CLOSED
from congress.models import AssemblyKind, Attendance, Congress, Coverage
from congress.queries import electorate_of, electorate_snapshot
from congress.services import delegates, meetings, plans, preparing, sitting
from documents.services import drafts
from elections import queries
from elections.models import ElectedOffice, Election
from elections.services import ratifying, slates
from organizations.models import Member
from tests.assemblies import (
    HELD_ON,
    TERM,
    Place,
    a_committee,
    clear,
    close,
    delegate_congress,
    details,
    elected,
    everybody_present,
    give_accounts,
    line,
    open_with_board,
    vote,
    when,
    with_committee_elected,
)
from tests.factories import congress_at, make_member, make_plan, make_tree, make_user

pytestmark = pytest.mark.django_db


# ---- a branch that also elects delegates ----


@pytest.mark.rule("E-17")
@pytest.mark.rule("E-58")
def test_a_branch_elects_its_leaders_then_two_delegates_and_one_alternate():
    world = congress_at("preparing", members=10)
    place = Place(world.tree, world.secretary, world.approver, (world.teller, world.head_teller), world.members)
    world.held_on = HELD_ON
    world.fill_details()
    details(place, world.congress, delegate_seats=2, alternate_seats=1)
    world.prepare_papers()
    preparing.submit_for_clearance(world.congress_id, actor=world.secretary, at=when(-15))
    for paper in world.congress.documents.all():
        drafts.approve(paper.pk, actor=world.approver, at=when(-12))
    preparing.clear(world.congress_id, actor=world.approver, at=when(-10))
    secretary, two, one = slates.set_up_elections(world.congress_id, actor=world.secretary, at=when(-9))
    people = world.members
    for election, names in ((secretary, people[:1]), (two, people[1:4])):
        for member in names:
            slates.nominate(election.rounds.get().pk, member_id=member.pk, actor=world.secretary, at=when(-9))
    everybody_present(place, world.congress)
    open_with_board(place, world.congress, chair=people[0], clerk=people[7], board=people[-2:])

    assert [secretary.office, two.office, one.office] == ["secretary", "delegates", "alternate_delegates"]
    assert (two.seats, one.seats) == (2, 1)
    assert elected(vote(place, secretary, people[:1])) == [people[0]]
    assert set(elected(vote(place, two, people[1:4], votes=[10, 9, 1]))) == set(people[1:3])
    one = Election.objects.get(pk=one.pk)
    assert not set(queries.eligible_members(one)) & set(people[1:3])
    assert elected(vote(place, one, [people[3]])) == [people[3]]
    close(place, world.congress)

    assert world.congress.state == CLOSED


# ---- a đảng bộ ----


@pytest.mark.rule("E-17")
def test_a_committee_congress_elects_five_who_then_meet_and_elect_their_secretary():
    place, congress = with_committee_elected()
    people = place.members
    close(place, congress)

    assert congress.attendances.count() == 12
    assert set(elected(congress.elections.get())) == set(people[:5])

    meeting = call_on_the_page(place, congress, people[:5])
    details(place, meeting)
    (secretary,) = slates.set_up_elections(meeting.pk, actor=place.secretary, at=when(0, 17))

    assert (meeting.state, meeting.name) == (
        CLEARED,
        "Hội nghị lần thứ nhất Đảng ủy Sở Công Thương, nhiệm kỳ 2025-2030",
    )
    assert {line.member for line in meeting.attendances.all()} == set(people[:5])
    assert secretary.office == ElectedOffice.SECRETARY
    give_accounts(place, people[3:5])
    everybody_present(place, meeting)
    open_with_board(place, meeting, chair=people[0], clerk=people[1], board=people[3:5])
    assert elected(vote(place, secretary, [people[0]], base=5)) == [people[0]]
    close(place, meeting)
    assert Congress.objects.get(pk=meeting.pk).state == CLOSED


def call_on_the_page(place: Place, congress: Congress, committee: Sequence[Member]) -> Congress:
    """Seen on the overview, looked at, called; a second call is a conflict."""
    client = Client()
    client.force_login(User.objects.get(pk=place.secretary.pk))
    address = reverse("congress:call_meeting", args=[congress.pk])
    overview = client.get(reverse("congress:detail", args=[congress.pk])).content.decode()
    shown = client.get(address).content.decode()

    called = client.post(address)

    meeting = Congress.objects.get(organization=place.committee, kind=AssemblyKind.MEETING)
    assert address in overview
    assert all(one.display_name in shown for one in committee)
    assert called["Location"] == reverse("congress:detail", args=[meeting.pk])
    assert client.post(address).status_code == 409
    meeting.state_since = when(0, 17)  # the page called it at the moment of this run
    meeting.save(update_fields=["state_since"])
    return meeting


def test_a_meeting_with_a_standing_committee_takes_its_leaders_from_it():
    place, congress = a_committee()
    Congress.objects.filter(pk=congress.pk).update(state=CLOSED)
    meeting = Congress.objects.create(
        organization=place.committee,
        authority=congress.authority,
        plan=congress.plan,
        kind=AssemblyKind.MEETING,
        term_label=TERM,
        state=CLEARED,
        state_since=when(),
        standing_seats=3,
        has_deputy=True,
    )

    assert slates.offices_of(meeting) == {"standing_committee": 3, "secretary": 1, "deputy_secretary": 1}
    assert queries.body_of_leaders(meeting) == ElectedOffice.STANDING_COMMITTEE


def test_no_committee_meets_before_a_congress_has_elected_it():
    place, congress = a_committee()

    with pytest.raises(IllegalTransition, match="chưa bầu xong ban chấp hành"):
        meetings.call_meeting(congress.pk, actor=place.secretary, at=when())
    with pytest.raises(IllegalTransition, match="Ở chi bộ"):
        branch = congress_at("sitting")
        meetings.call_meeting(branch.congress_id, actor=branch.secretary, at=when())


def test_one_congress_of_each_kind_stands_beside_the_others():
    place, congress = a_committee()
    same = {
        "organization": place.committee,
        "authority": congress.authority,
        "plan": congress.plan,
        "term_label": TERM,
        "state_since": when(),
    }
    Congress.objects.create(kind=AssemblyKind.MEETING, **same)

    with pytest.raises(IntegrityError), transaction.atomic():
        Congress.objects.create(kind=AssemblyKind.MEETING, **same)


# ---- a delegate congress ----


@pytest.mark.rule("E-14")
def test_an_alternate_in_the_place_of_an_absent_delegate_keeps_the_base():
    place, congress, people = delegate_congress()
    everybody_present(place, congress, but=[line(congress, people[2])])
    before = electorate_of(congress)

    delegates.replace_delegate(
        line(congress, people[9]).pk,
        delegate_id=line(congress, people[2]).pk,
        actor=place.secretary,
        at=when(0, 13, 50),
    )

    after = electorate_snapshot(congress)
    assert (before.summoned, before.present, before.unreplaced_absent, before.election_base) == (9, 8, 1, 8)
    assert (after["summoned"], after["present"], after["deductions"], after["election_base"]) == (9, 9, [], 9)
    assert [(one["delegate"], one["alternate"]) for one in after["replacements"]] == [
        (people[2].display_name, people[9].display_name)
    ]


@pytest.mark.rule("E-14")
def test_absent_delegates_and_members_of_the_convening_committee_leave_the_base():
    place, congress, people = delegate_congress()
    everybody_present(place, congress, but=[line(congress, people[0]), line(congress, people[2])])

    snapshot = electorate_snapshot(congress)

    assert snapshot["election_base"] == 7
    assert snapshot["resolution_base"] == 9
    assert {one["figure"]: one["people"][0]["name"] for one in snapshot["deductions"]} == {
        "convening_members_absent": people[0].display_name,
        "unreplaced_absent": people[2].display_name,
    }
    assert snapshot["deductions"][0]["people"][0]["accepted_by"] == str(place.secretary)


@pytest.mark.rule("E-14")
def test_a_delegate_congress_elects_with_an_alternate_voting_for_the_absent():
    place, congress, people = delegate_congress()
    place = Place(place.tree, place.secretary, place.approver, place.tellers, people)
    give_accounts(place, people[7:9])
    clear(place, congress)
    (committee,) = slates.set_up_elections(congress.pk, actor=place.secretary, at=when(-9))
    for member in people[:6]:
        slates.nominate(committee.rounds.get().pk, member_id=member.pk, actor=place.secretary, at=when(-9))
    everybody_present(place, congress, but=[line(congress, people[6])])
    delegates.replace_delegate(
        line(congress, people[9]).pk,
        delegate_id=line(congress, people[6]).pk,
        actor=place.secretary,
        at=when(0, 13, 50),
    )
    open_with_board(place, congress, chair=people[0], clerk=people[1], board=people[7:9])

    vote(place, committee, people[:6], votes=[9, 8, 7, 6, 5, 1], base=9)

    assert set(elected(committee)) == set(people[:5])
    assert queries.sealed_results(committee)[0].sheet.result["needed"] == 5
    with pytest.raises(IllegalTransition, match="Danh sách|danh sách|khai mạc"):
        delegates.summon_delegates(congress.pk, {people[10].pk: "official"}, actor=place.secretary, at=when(0, 15))


@pytest.mark.parametrize(
    ("who", "whom", "message"),
    [
        pytest.param(3, 2, "không phải đại biểu dự khuyết", id="an official delegate replaces nobody"),
        pytest.param(9, 0, "Chọn đại biểu chính thức", id="nobody replaces a member of the convening committee"),
        pytest.param(9, 4, "chưa được điểm danh vắng mặt", id="somebody who is there is not replaced"),
    ],
)
@pytest.mark.rule("E-14")
def test_a_replacement_that_cannot_be_is_refused(who, whom, message):
    place, congress, people = delegate_congress()
    everybody_present(place, congress, but=[line(congress, people[0]), line(congress, people[2])])

    with pytest.raises(InvalidInput, match=message):
        delegates.replace_delegate(
            line(congress, people[who]).pk,
            delegate_id=line(congress, people[whom]).pk,
            actor=place.secretary,
            at=when(0, 13, 50),
        )


def test_one_alternate_for_one_delegate():
    place, congress, people = delegate_congress(alternates=2)
    everybody_present(place, congress, but=[line(congress, people[2])])
    target = line(congress, people[2]).pk
    delegates.replace_delegate(line(congress, people[9]).pk, delegate_id=target, actor=place.secretary, at=when())

    with pytest.raises(InvalidInput, match="Đã có đại biểu dự khuyết thay"):
        delegates.replace_delegate(line(congress, people[10]).pk, delegate_id=target, actor=place.secretary, at=when())
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(member=people[10]).update(replaces=target)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(member=people[5]).update(replaces=line(congress, people[3]).pk)


def test_a_branch_calls_members_and_no_delegates():
    world = congress_at()

    with pytest.raises(IllegalTransition, match="không phải đại hội đại biểu"):
        delegates.summon_delegates(
            world.congress_id, {world.members[0].pk: "official"}, actor=world.secretary, at=when()
        )
    with pytest.raises(InvalidInput, match="Đại hội chi bộ là đại hội đảng viên"):
        preparing.set_details(
            world.congress_id, version=world.congress.version, kind="delegates", actor=world.secretary, at=when()
        )


def test_probationers_and_strangers_are_no_delegates():
    place, congress = a_committee(kind=AssemblyKind.DELEGATES)
    probationer = make_member(place.tree.branches[0], "Lê Văn Dự", official_on=None)
    stranger = make_member(make_tree().branch, "Lê Văn Xa")

    for member, message in ((probationer, "đảng viên dự bị"), (stranger, "không thuộc các tổ chức đảng trực thuộc")):
        with pytest.raises(InvalidInput, match=message):
            delegates.summon_delegates(congress.pk, {member.pk: "official"}, actor=place.secretary, at=when())
    assert not congress.attendances.exists()


def test_another_kind_begins_with_an_empty_roll():
    place, congress = a_committee()
    details(place, congress, committee_seats=5)
    preparing.convene(congress.pk, actor=place.secretary, at=when(-22))

    details(place, congress, kind="delegates")

    assert not congress.attendances.exists()
    assert AuditEvent.objects.order_by("-sequence")[0].action == "congress.details_set"


def test_the_plan_says_how_the_committee_itself_meets_and_nothing_of_branches():
    tree = make_tree()
    make_plan(tree.committee, term_label=TERM, coverage=Coverage.BRANCHES, kind="delegates")

    own = plans.draft_plan(
        tree.committee.pk,
        subject="Đại hội đảng bộ",
        term_label=TERM,
        coverage=Coverage.OWN,
        kind="delegates",
        actor=make_user(Role.COMMITTEE_STAFF, tree.committee),
        at=when(-30),
    )

    assert Congress.objects.get(organization=tree.branch).kind == AssemblyKind.MEMBERS
    assert own.kind == AssemblyKind.DELEGATES


@pytest.mark.rule("E-10")
def test_a_delegate_congress_opens_only_with_two_thirds_of_the_organizations():
    place, congress, people = delegate_congress()
    clear(place, congress)
    (committee,) = slates.set_up_elections(congress.pk, actor=place.secretary, at=when(-9))
    slates.nominate(committee.rounds.get().pk, member_id=people[0].pk, actor=place.secretary, at=when(-9))
    of_the_second = [line(congress, one) for one in people[6:9]]
    everybody_present(place, congress, but=of_the_second)

    with pytest.raises(InvalidInput, match="Có đại biểu của 1 tổ chức đảng trực thuộc; cần ít nhất hai phần ba của 2"):
        sitting.open_sitting(congress.pk, opened_at=when(0, 14), actor=place.secretary, at=when(0, 14, 1))
    everybody_present(place, congress, but=of_the_second[:1])
    sitting.open_sitting(congress.pk, opened_at=when(0, 14), actor=place.secretary, at=when(0, 14, 1))

    assert Congress.objects.get(pk=congress.pk).state == "sitting"


@pytest.mark.rule("E-64")
def test_the_request_of_a_committee_names_its_own_body():
    place, congress = with_committee_elected()
    close(place, congress)

    request = ratifying.ratification_request(Congress.objects.get(pk=congress.pk), number="Số 01-TTr/ĐU", on=HELD_ON)

    assert "Đại hội đã bầu ban chấp hành theo đúng quy định" in request.report
    assert request.committee_lead.startswith("Ban chấp hành Đảng bộ Sở Công Thương")
    assert request.signature.authority == "T/M Đảng ủy"
    assert "chi bộ" not in " ".join((request.report, request.request, *request.subject_parts)).lower()
