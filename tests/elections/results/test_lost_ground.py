"""A recount takes somebody elected out of what he was chosen from: nothing closes or goes up as if he still were."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.errors import IllegalTransition, InvalidInput, NotReady
from accounts.models import AuditEvent
from congress import readiness
from congress.models import CardVote
from congress.services import sitting
from documents.services import minutes
from elections import queries
from elections.models import Election
from elections.services import annulling, counting, ratifying, sealing, slates
from tests.elections.results.test_alternates import Branch
from tests.elections.results.test_recounts import count_again
from tests.elections.test_pages import signed_in
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db

FIRST, AGAIN = [12, 11, 10, 3], [3, 11, 10, 12]
"""The first of the slate is in the chi ủy, then the fourth in his place."""


def elected_secretary(number: int = 0, *, has_deputy: bool = False) -> World:
    """A chi ủy of three is elected, and that member of the slate as bí thư."""
    world = congress_at("counting", members=12, committee_seats=3, has_deputy=has_deputy)
    chosen = world.slate()[number].pk
    world.enter(world.figures(votes=FIRST))
    world.sealed()
    lead(world, 1, chosen)
    return world


def lead(world: World, number: int, chosen: int) -> None:
    """That member is the only name for this post, and is elected."""
    ballot = world.elections[number].rounds.get()
    slates.nominate(ballot.pk, member_id=chosen, actor=world.secretary, at=world.when(0, 15, 22))
    slates.fix_slate(ballot.pk, in_favour=12, actor=world.secretary, at=world.when(0, 15, 23))
    world.counting()
    world.enter()
    sealing.seal(ballot.pk, sheet_number=1, actor=world.head_teller, at=world.when(0, 15, 25))


def recounted(number: int = 0, **more: bool) -> World:
    world = elected_secretary(number, **more)
    count_again(world, world.elections[0].rounds.get(), AGAIN)
    return world


def resolve(world: World) -> None:
    sitting.record_card_vote(
        world.congress_id,
        subject="resolution",
        text="Nghị quyết",
        in_favour=12,
        actor=world.secretary,
        at=world.when(0, 16),
    )


def close(world: World) -> None:
    sitting.close_sitting(
        world.congress_id, closed_at=world.when(0, 16, 30), actor=world.secretary, at=world.when(0, 17)
    )


def gaps(world: World, step: str) -> list[str]:
    return [one.sentence for one in readiness.gaps(world.congress, step) if one.url_name == "elections:vote_anew"]


def anew(
    world: World, election: Election, *, in_favour: int = 12, reasons: str = "Không còn trong chi ủy."
) -> Election:
    return annulling.vote_anew(
        election.pk,
        reasons=reasons,
        in_favour=in_favour,
        against=12 - in_favour,
        actor=world.secretary,
        at=world.when(0, 16),
    )


# ---- nothing goes on as if nothing had happened ----


@pytest.mark.rule("E-15")
def test_a_congress_whose_secretary_is_not_in_the_committee_any_more_does_not_close():
    world = recounted()
    resolve(world)

    with pytest.raises(NotReady) as refusal:
        close(world)

    assert [one for one in refusal.value.gaps if "không còn đủ điều kiện" in one] == gaps(world, readiness.CLOSING)
    (told,) = gaps(world, readiness.CLOSING)
    assert queries.elected_of(world.elections[1])[0].name in told
    assert "biểu quyết bỏ kết quả này và bầu lại" in told


def test_a_secretary_who_is_still_in_the_committee_stays_elected():
    """The control: the recount changed the chi ủy, not for him."""
    world = recounted(1)
    resolve(world)

    close(world)

    assert world.congress.state == "closed"
    with pytest.raises(IllegalTransition, match="không còn đủ điều kiện"):
        anew(world, world.elections[1])


@pytest.mark.rule("E-17")
def test_the_deputy_waits_until_the_secretary_is_elected_anew():
    world = recounted(has_deputy=True)
    deputy = world.elections[2].rounds.get()
    second = world.elections[0].rounds.get().candidates.order_by("position")[1].member_id
    slates.nominate(deputy.pk, member_id=second, actor=world.secretary, at=world.when(0, 16))

    with pytest.raises(IllegalTransition, match="bầu bí thư không còn căn cứ"):
        slates.fix_slate(deputy.pk, in_favour=12, actor=world.secretary, at=world.when(0, 16))


# ---- the congress gives the result up and votes anew ----


def test_the_congress_gives_the_result_up_and_elects_another_who_goes_up():
    world = recounted(has_deputy=True)
    old = world.elections[1]

    again = anew(world, old)

    old.refresh_from_db()
    assert (old.is_annulled, old.conclusion) == (
        True,
        "Đại hội quyết định bỏ kết quả, bầu lại: Không còn trong chi ủy.",
    )
    assert (again.attempt, again.seats, again.is_concluded) == (2, 1, False)
    assert not again.rounds.get().candidates.exists()
    assert [one.office for one in queries.current_elections(world.congress)] == [
        "branch_committee",
        "secretary",
        "deputy_secretary",
    ]
    assert old.rounds.get().seals.count() == 1
    assert CardVote.objects.filter(congress=world.congress, text__contains="bỏ kết quả").get().adopted

    two, three = (one.member.pk for one in queries.elected_of(world.elections[0])[1:3])
    lead(world, 1, two)
    lead(world, 2, three)
    resolve(world)
    close(world)
    world.sign_minutes()
    world.reported()
    world.ratified()
    assert [one.member.pk for one in queries.elected_to(world.congress, "secretary")] == [two]
    assert world.congress.state == "ratified"


def test_cards_that_do_not_carry_it_leave_the_result_and_the_vote_is_kept():
    world = recounted()

    assert anew(world, world.elections[1], in_favour=6) is None

    assert not world.elections[1].is_annulled
    assert not world.congress.card_votes.get(text__contains="bỏ kết quả").adopted


def test_giving_a_result_up_needs_its_reason_and_happens_once():
    world = recounted()
    election = world.elections[1]

    with pytest.raises(InvalidInput):
        anew(world, election, reasons=" ")
    anew(world, election)
    with pytest.raises(IllegalTransition):
        anew(world, election)


def test_nothing_is_given_up_while_the_committee_is_counted_again():
    world = recounted()
    first = world.elections[0].rounds.get()
    counting.recount(first.pk, reasons="Khiếu nại nữa", actor=world.head_teller, at=world.when(0, 16))

    with pytest.raises(IllegalTransition, match="đang được kiểm đếm lại"):
        anew(world, world.elections[1])


def test_a_deputy_elected_secretary_anew_is_deputy_no_longer():
    world = elected_secretary(has_deputy=True)
    deputy = queries.elected_of(world.elections[0])[1].member.pk
    lead(world, 2, deputy)
    count_again(world, world.elections[0].rounds.get(), AGAIN)

    anew(world, world.elections[1])
    lead(world, 1, deputy)

    (told,) = gaps(world, readiness.CLOSING)
    assert told.startswith("Bầu phó bí thư")


# ---- after the closing the superior decides ----


def recounted_after_closing() -> World:
    world = elected_secretary()
    resolve(world)
    close(world)
    count_again(world, world.elections[0].rounds.get(), AGAIN)
    world.sign_minutes()
    minutes.issue_congress_minutes(world.congress_id, actor=world.secretary, at=world.when(0, 18))
    return world


@pytest.mark.rule("E-66")
def test_after_the_closing_nothing_goes_up_until_the_superior_has_decided():
    world = recounted_after_closing()

    with pytest.raises(NotReady):
        ratifying.report_results(world.congress_id, actor=world.secretary, at=world.when(2))
    (told,) = gaps(world, readiness.REPORTING)
    assert f"đã bế mạc: báo cáo {world.congress.authority.committee} quyết định" in told
    with pytest.raises(IllegalTransition, match="cấp trên quyết định"):
        anew(world, world.elections[1])


@pytest.mark.rule("E-66")
def test_a_result_that_the_superior_does_not_recognise_leaves_the_post_vacant_and_the_rest_goes_up():
    world = recounted_after_closing()
    old = world.elections[1]

    annulling.annul_by_superior(old.pk, reasons="Công văn số 15-CV/ĐU.", actor=world.secretary, at=world.when(1))

    again = world.elections[1]
    assert (again.attempt, again.is_concluded, again.rounds.get().state) == (2, True, "set_aside")
    assert "Công văn số 15-CV/ĐU" in again.conclusion
    ratifying.report_results(world.congress_id, actor=world.secretary, at=world.when(2))
    world.ratified()
    assert queries.elected_to(world.congress, "secretary") == []


def test_while_the_congress_sits_it_decides_and_not_the_superior():
    world = recounted()

    with pytest.raises(IllegalTransition, match="đại hội biểu quyết"):
        annulling.annul_by_superior(world.elections[1].pk, reasons="CV", actor=world.secretary, at=world.when(0, 16))


# ---- pages ----


def test_the_overview_names_who_lost_the_ground_and_the_page_gives_the_result_up():
    world = recounted()
    election = world.elections[1]
    overview, address = (
        reverse("elections:overview", args=[world.congress_id]),
        reverse("elections:vote_anew", args=[election.pk]),
    )
    client, before = signed_in(world.secretary), AuditEvent.objects.count()
    name = queries.elected_of(election)[0].name
    cards = {"reasons": "Không còn trong chi ủy.", "in_favour": "12", "against": "0", "abstained": "0"}

    assert address in client.get(overview).content.decode()
    assert name in client.get(address).content.decode()
    assert client.post(address, cards | {"reasons": ""}).status_code == 422
    assert {who: signed_in(getattr(world, who)).post(address, cards).status_code for who in ("teller", "approver")} == {
        "teller": 403,
        "approver": 403,
    }
    before = AuditEvent.objects.count()
    answer = client.post(address, cards)

    assert answer["Location"] == reverse("elections:round", args=[world.elections[1].rounds.get().pk])
    assert AuditEvent.objects.count() == before + 1
    page = client.get(overview).content.decode()
    assert "Đại hội quyết định bỏ kết quả, bầu lại: Không còn trong chi ủy." in page
    assert address not in page


def test_after_the_closing_the_page_asks_for_the_decision_of_the_superior():
    world = recounted_after_closing()
    address = reverse("elections:vote_anew", args=[world.elections[1].pk])
    client = signed_in(world.secretary)

    page = client.get(address).content.decode()

    assert "Quyết định của cấp trên" in page
    assert "Tán thành" not in page
    assert client.post(address, {"reasons": "Công văn số 15-CV/ĐU."}).status_code == 302
    assert world.elections[1].is_concluded


# ---- alternates ----


@pytest.mark.rule("E-58")
def test_an_alternate_whom_a_recount_makes_a_delegate_is_no_alternate():
    branch = Branch(names=4, alternates=1)
    branch.elect([8, 7, 3, 2])
    world = branch.world
    fourth = branch.candidates[3].pk
    assert fourth not in branch.named()
    lead_alternate(branch, fourth)
    assert fourth in branch.named()

    count_again(world, branch.delegates.rounds.get(), [2, 8, 3, 7])

    assert [one.member.pk for one in queries.without_ground(branch.alternates)] == [fourth]
    again = annulling.vote_anew(
        branch.alternates.pk, reasons="Đã là đại biểu.", in_favour=10, actor=world.secretary, at=world.when(0, 16)
    )
    assert again.attempt == 2
    assert queries.without_ground(again) == []


def lead_alternate(branch: Branch, chosen: int) -> None:
    world, ballot = branch.world, branch.alternates.rounds.get()
    slates.nominate(ballot.pk, member_id=chosen, actor=world.secretary, at=world.when(0, 15, 22))
    slates.fix_slate(ballot.pk, in_favour=10, actor=world.secretary, at=world.when(0, 15, 23))
    world.counting()
    world.enter()
    sealing.seal(ballot.pk, sheet_number=1, actor=world.head_teller, at=world.when(0, 15, 25))


@pytest.mark.rule("E-58")
def test_alternates_above_the_number_decided_are_found_after_a_recount():
    """One was elected by a ballot of their own; the recount names the one seat from the delegates' ballot."""
    branch = Branch(names=4, alternates=1)
    branch.elect([8, 7, 5, 0])
    another = branch.people[5]
    lead_alternate(branch, another.pk)
    assert branch.named() == [another.pk]

    count_again(branch.world, branch.delegates.rounds.get(), [7, 7, 6, 0])

    assert branch.named() == [branch.candidates[2].pk, another.pk]
    assert [one.member.pk for one in queries.without_ground(branch.alternates)] == [another.pk]
    gaps = [one.sentence for one in readiness.gaps(branch.world.congress, readiness.CLOSING)]
    assert any(another.display_name in one and "không còn đủ điều kiện" in one for one in gaps)
    annulling.vote_anew(
        branch.alternates.pk,
        reasons="Đã đủ đại biểu dự khuyết.",
        in_favour=10,
        actor=branch.world.secretary,
        at=branch.world.when(0, 16),
    )
    (now,) = queries.current_elections(branch.world.congress).filter(office="alternate_delegates")
    assert now.is_concluded
    assert [one.member.pk for one in queries.elected_of(now)] == [branch.candidates[2].pk]
