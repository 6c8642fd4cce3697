"""A ballot round from slate to seal: every state × every action, who may not do both, and what the database refuses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.errors import IllegalTransition, InvalidInput, NotAllowed, StaleVersion
from accounts.models import AuditEvent
from congress.services import sitting
from documents.models import IssuedPaper
from elections import queries
from elections.lifecycle import ROUND_LIFECYCLE
from elections.models import BallotRound, Candidate, Ratification, SealedResult, TallySheet
from elections.services import counting, ratifying, rounds, sealing, slates
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db

STAGE_OF = {"slate_open": "sitting"} | {name: name for name in ("slate_fixed", "counting", "counted", "sealed")}
STAGE_OF["set_aside"] = "sitting"
LEGAL = {
    ("slate_open", "fix_slate"): "slate_fixed",
    ("slate_open", "set_aside"): "set_aside",
    ("slate_fixed", "reopen_slate"): "slate_open",
    ("slate_fixed", "start_count"): "counting",
    ("counting", "agree"): "counted",
    ("counting", "drop_count"): "slate_fixed",
    ("counted", "drop_count"): "slate_fixed",
    ("counted", "seal"): "sealed",
}
OF_A_COUNT = ("agree", "drop_count")
BEFORE_ANY_COUNT = ("slate_open", "slate_fixed", "set_aside")


def start_count(world: World) -> None:
    if world.round.state == "slate_fixed":
        world.close_ledger()
    counting.start_count(world.round.pk, actor=world.teller, at=world.when(0, 14, 50))


def agree(world: World) -> None:
    """The second of two equal entries; a revision that nobody asked for where no figures are wanted any more."""
    revision = 1 if world.round.state == "counting" else 9
    for person in world.typists:
        counting.submit_entry(
            world.count.pk, figures=world.figures(), revision=revision, actor=person, at=world.when(0, 15)
        )


ACTS: dict[str, Callable[[World], object]] = {
    "fix_slate": lambda w: slates.fix_slate(w.round.pk, in_favour=w.present(), actor=w.secretary, at=w.when(0, 14, 30)),
    "set_aside": lambda w: rounds.conclude(
        w.round.election_id, reasons="Không bầu nữa", in_favour=w.present(), actor=w.secretary, at=w.when(0, 14, 35)
    ),
    "reopen_slate": lambda w: slates.reopen_slate(w.round.pk, actor=w.secretary, at=w.when(0, 14, 40)),
    "start_count": start_count,
    "agree": agree,
    "drop_count": lambda w: counting.drop_count(
        w.count.pk, reasons="Đếm lại", actor=w.head_teller, at=w.when(0, 15, 10)
    ),
    "seal": lambda w: sealing.seal(w.round.pk, sheet_number=1, actor=w.head_teller, at=w.when(0, 15, 20)),
}
EVENTS = {"start_count": 2, "agree": 2}
"""Acts of this test that are two acts of people: the ledger is closed and the count begun; two entries are sent."""
WRONG_PERSON = {
    "fix_slate": "teller",
    "set_aside": "teller",
    "reopen_slate": "approver",
    "start_count": "secretary",
    "agree": "secretary",
    "drop_count": "teller",
    "seal": "secretary",
}


def committee(stage: str = "slate_fixed") -> World:
    """Twelve members elect a chi ủy of three from four names: cơ sở tính 12, more than half is 7."""
    return congress_at(stage, members=12, committee_seats=3)


def count(world: World, votes: list[int], *, minute: int = 0, invalid: int = 0) -> TallySheet:
    """The round in hand counted by two people alike and sealed."""
    ballot_round = world.round
    world.counting()
    world.enter(world.figures(votes=votes, invalid=invalid))
    sealing.seal(ballot_round.pk, sheet_number=1, actor=world.head_teller, at=world.when(0, 15, minute + 1))
    return ballot_round.sheets.get()


def sit_again(world: World) -> None:
    """A second sitting: a new roll, a new opening, a new board of tellers."""
    present = {row.pk: "present" for row in world.congress.attendances.all()}
    act = {"actor": world.secretary, "at": world.when(12, 14, 5)}
    sitting.take_roll(world.congress_id, present, **act)
    sitting.open_sitting(world.congress_id, opened_at=world.when(12, 14), **act)
    teller, head = world.members[-2:]
    members = {"head_teller": [head.pk], "teller": [teller.pk]}
    sitting.elect_officers(world.congress_id, subject="tellers", members=members, in_favour=world.present(), **act)


def go_on(world: World) -> BallotRound:
    following = rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 30)
    )
    slates.fix_slate(following.pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 31))
    return following


# ---- states × actions ----


def test_the_table_of_this_test_is_the_table_of_the_product():
    assert {(source, row.action): row.to for row in ROUND_LIFECYCLE.rows for source in row.sources} == LEGAL
    assert set(ACTS) == {action for _, action in LEGAL}


@pytest.mark.parametrize("state", STAGE_OF)
def test_only_the_legal_actions_move_a_round_and_the_others_write_nothing(state):
    world = congress_at(STAGE_OF[state])
    if state == "set_aside":
        ACTS["set_aside"](world)
    events = AuditEvent.objects.count()

    for action, act in ACTS.items():
        if (state, action) in LEGAL or (action in OF_A_COUNT and state in BEFORE_ANY_COUNT):
            continue
        with pytest.raises(IllegalTransition):
            act(world)

    assert world.round.state == state
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(("state", "action"), LEGAL)
def test_a_legal_action_moves_the_round_and_writes_one_event(state, action):
    world = congress_at(STAGE_OF[state])
    events = AuditEvent.objects.count()

    ACTS[action](world)

    assert world.round.state == LEGAL[state, action]
    assert AuditEvent.objects.count() == events + EVENTS.get(action, 1)


@pytest.mark.parametrize(("state", "action"), LEGAL)
def test_the_wrong_person_is_refused_and_nothing_moves(state, action):
    world = congress_at(STAGE_OF[state])
    wrong = getattr(world, WRONG_PERSON[action])
    world.secretary = world.teller = world.head_teller = wrong
    events = AuditEvent.objects.count()

    with pytest.raises(NotAllowed):
        ACTS[action](world)

    assert world.round.state == state
    assert AuditEvent.objects.count() == events


def test_nothing_is_counted_after_the_closing():
    world = congress_at("closed")

    with pytest.raises(IllegalTransition):
        ACTS["start_count"](world)


# ---- separation of duty ----


def test_who_entered_does_not_seal_even_if_the_board_names_him_its_head():
    world = congress_at("counted")
    board = world.congress.officers.filter(office__in=["head_teller", "teller"])
    board.delete()
    world.congress.officers.create(member=world.members[-2], office="head_teller")

    with pytest.raises(NotAllowed, match="không được tự xác nhận"):
        sealing.seal(world.round.pk, sheet_number=1, actor=world.teller, at=world.when(0, 15, 20))


def test_a_slate_with_a_teller_on_it_is_not_fixed():
    world = congress_at("sitting")
    world.round.candidates.create(member=world.members[-1])

    with pytest.raises(InvalidInput, match="có trong danh sách bầu cử nên không thể kiểm phiếu"):
        ACTS["fix_slate"](world)


def test_somebody_on_the_slate_is_not_elected_teller():
    world = congress_at("sitting")

    with pytest.raises(InvalidInput, match="có tên trong danh sách bầu cử nên không ở ban kiểm phiếu"):
        sitting.elect_officers(
            world.congress_id,
            subject="tellers",
            members={"head_teller": [world.members[0].pk]},
            in_favour=world.present(),
            actor=world.secretary,
            at=world.when(0, 14, 20),
        )


# ---- slates ----


@pytest.mark.rule("E-35")
def test_a_committee_slate_without_surplus_is_not_put_to_the_vote():
    world = committee("sitting")
    world.round.candidates.first().delete()

    with pytest.raises(InvalidInput, match="phải có số dư"):
        ACTS["fix_slate"](world)


@pytest.mark.rule("E-20")
def test_a_slate_that_half_the_members_refuse_stays_open_and_the_vote_is_kept():
    world = congress_at("sitting")

    slates.fix_slate(world.round.pk, in_favour=3, against=3, actor=world.secretary, at=world.when(0, 14, 30))

    assert world.round.state == "slate_open"
    assert not world.congress.card_votes.get(subject="slate").adopted


@pytest.mark.rule("E-17")
def test_k52_the_secretary_is_not_voted_on_before_the_committee_is_elected():
    world = committee("sitting")
    second = world.elections[1].rounds.get()

    with pytest.raises(IllegalTransition, match="Bầu chi ủy chưa kết thúc"):
        slates.fix_slate(second.pk, in_favour=12, actor=world.secretary, at=world.when(0, 14, 30))


@pytest.mark.rule("E-15")
def test_only_elected_committee_members_stand_for_secretary():
    world = committee("sealed")
    outside = world.members[5]

    with pytest.raises(InvalidInput, match="chi ủy viên vừa trúng cử"):
        slates.nominate(world.round.pk, member_id=outside.pk, actor=world.secretary, at=world.when(0, 15, 30))

    elected = {one.member.pk for one in queries.elected_of(world.elections[0])}
    assert {one.pk for one in queries.eligible_members(world.elections[1])} == elected


# ---- what follows a count ----


def test_a_full_result_concludes_the_election():
    world = committee()

    count(world, [10, 9, 8, 2])

    assert world.elections[0].is_concluded
    assert [one.votes for one in queries.elected_of(world.elections[0])] == [10, 9, 8]


@pytest.mark.rule("E-55")
def test_a_short_result_waits_for_the_congress_and_the_next_round_keeps_who_was_not_elected():
    world = committee()
    count(world, [10, 9, 4, 2])

    assert not world.elections[0].is_concluded
    following = go_on(world)

    assert (following.number, following.seats, following.kind) == (2, 1, "ordinary")
    assert [one.member.pk for one in following.candidates.all()] == [one.pk for one in world.members[2:4]]
    count(world, [8, 4], minute=40)
    assert world.elections[0].is_concluded
    assert [one.votes for one in queries.elected_of(world.elections[0])] == [10, 9, 8]


@pytest.mark.rule("E-53")
def test_a_tie_for_the_last_seat_is_voted_again_between_the_tied_alone():
    world = committee()
    count(world, [10, 9, 7, 7])
    following = go_on(world)

    assert (following.kind, following.seats, following.candidates.count()) == ("tie_revote", 1, 2)
    count(world, [6, 5], minute=40, invalid=1)
    assert world.elections[0].is_concluded
    assert queries.elected_of(world.elections[0])[-1].votes == 6  # more than the other, not more than half


@pytest.mark.rule("E-53")
def test_nobody_joins_a_revote_and_too_few_names_are_not_put_to_the_vote():
    world = committee()
    count(world, [10, 9, 7, 7])
    again = rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 30)
    )

    with pytest.raises(IllegalTransition, match="không thêm người"):
        slates.nominate(again.pk, member_id=world.members[6].pk, actor=world.secretary, at=world.when(0, 15, 31))
    again.candidates.first().delete()
    with pytest.raises(InvalidInput, match="Bầu lại giữa những người bằng phiếu cần nhiều người hơn"):
        ACTS["fix_slate"](world)


def test_a_second_tie_is_left_to_the_congress():
    world = committee()
    count(world, [10, 9, 7, 7])
    go_on(world)

    second = count(world, [6, 6], minute=40)

    assert second.result["status"] == "tie_again"
    assert not world.elections[0].is_concluded


@pytest.mark.rule("E-56")
def test_after_three_ballots_without_a_secretary_the_superior_appoints():
    world = congress_at("slate_fixed")
    count(world, [3])
    go_on(world)
    count(world, [3], minute=34)
    following = rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 36)
    )
    slates.fix_slate(following.pk, in_favour=6, actor=world.secretary, at=world.when(0, 15, 37))

    third = count(world, [3], minute=38)

    assert third.result["status"] == "superior_appoints"
    assert world.elections[0].is_concluded


def test_the_congress_may_stop_with_seats_open_and_says_why():
    world = committee()
    count(world, [10, 9, 4, 2])
    election = world.elections[0]

    with pytest.raises(InvalidInput):
        rounds.conclude(
            election.pk, reasons=" ", in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 30)
        )
    rounds.conclude(
        election.pk,
        reasons="Không bầu tiếp.",
        in_favour=world.present(),
        actor=world.secretary,
        at=world.when(0, 15, 30),
    )

    assert world.elections[0].conclusion == "Không bầu tiếp."
    with pytest.raises(IllegalTransition):
        rounds.open_next_round(election.pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 40))


def test_a_recount_makes_a_new_sheet_and_keeps_the_old_one():
    world = congress_at("counted")
    ACTS["drop_count"](world)
    counting.start_count(world.round.pk, actor=world.teller, at=world.when(0, 15, 11))
    world.enter()

    with pytest.raises(StaleVersion):
        ACTS["seal"](world)
    sealing.seal(world.round.pk, sheet_number=2, actor=world.head_teller, at=world.when(0, 15, 40))

    assert [sheet.number for sheet in world.round.sheets.order_by("number")] == [1, 2]
    assert SealedResult.objects.get().sheet.number == 2


@pytest.mark.rule("E-66")
def test_a_refused_branch_elects_again_and_the_first_result_stays_readable():
    world = congress_at("reported")
    first = SealedResult.objects.get()
    ratifying.refuse_results(world.congress_id, reasons="Sai thủ tục", actor=world.approver, at=world.when(5))

    assert (world.elections[0].attempt, world.round.candidates.count()) == (2, 1)
    present = {row.pk: "present" for row in world.congress.attendances.all()}
    sitting.take_roll(world.congress_id, present, actor=world.secretary, at=world.when(12, 13))
    sit_again(world)
    world.elect_tellers(world.when(12, 14, 20))
    ACTS["fix_slate"](world)
    count(world, [6])

    assert world.elections[0].is_concluded
    assert SealedResult.objects.filter(pk=first.pk, sha256=first.sha256).exists()
    assert SealedResult.objects.count() == 2


# ---- the seal ----


def test_the_seal_is_the_hash_of_its_text_and_the_minutes_print_its_figures():
    world = committee()
    count(world, [10, 9, 8, 2])
    seal = SealedResult.objects.get()
    sealed = json.loads(seal.content)["result"]
    printed = IssuedPaper.objects.get(code="F-10").data

    assert seal.sha256 == hashlib.sha256(seal.content.encode()).hexdigest()
    assert {key: printed[key] for key in ("issued", "returned", "valid", "invalid")} == sealed["ballots"]
    assert (printed["base"], printed["needed"]) == (sealed["base"], sealed["needed"])
    assert [line["votes"] for line in printed["lines"]] == list(sealed["votes"].values())
    assert [line["elected"] for line in printed["lines"]] == [pk in sealed["elected"] for pk in sealed["votes"]]


UNDER_SEAL = {
    "change the seal": "UPDATE elections_sealedresult SET content = 'x'",
    "remove the seal": "DELETE FROM elections_sealedresult",
    "change the sheet": "UPDATE elections_tallysheet SET result = '{}'",
    "remove the sheet": "DELETE FROM elections_tallysheet",
    "change a candidate": "UPDATE elections_candidate SET position = 9",
    "remove a candidate": "DELETE FROM elections_candidate",
    "change the round": "UPDATE elections_ballotround SET seats = 9",
    "reopen the round": "UPDATE elections_ballotround SET state = 'slate_open'",
    "remove the round": "DELETE FROM elections_ballotround",
}


@pytest.mark.parametrize("statement", UNDER_SEAL.values(), ids=UNDER_SEAL.keys())
def test_the_database_itself_refuses_to(statement):
    congress_at("sealed")
    before = _under_seal()

    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert _under_seal() == before


def _under_seal() -> list[Any]:
    models = (SealedResult, TallySheet, Candidate, BallotRound)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def test_the_database_refuses_new_names_and_sheets_under_a_seal():
    world = congress_at("sealed")
    ballot_round = world.round

    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        ballot_round.candidates.create(member=world.members[3])
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        TallySheet.objects.create(
            round=ballot_round,
            number=2,
            count=world.round.counts.get(),
            entered_by=world.teller,
            second_by=world.head_teller,
            entered_at=world.when(1),
            case={},
            result={},
        )


def test_before_the_slate_is_fixed_the_same_rows_still_change():
    """The control: it is the vote, the count and its seal that forbid, not the table."""
    world = congress_at("sitting")

    with connection.cursor() as cursor:
        cursor.execute(UNDER_SEAL["change a candidate"])
        cursor.execute("UPDATE elections_ballotround SET seats = 2")

    assert (world.round.seats, world.round.candidates.get().position) == (2, 9)


def _seal_by(world: World, confirmed_by: Any) -> SealedResult:
    sheet = TallySheet.objects.get()
    return SealedResult.objects.create(
        round=sheet.round,
        sheet=sheet,
        content="{}",
        sha256="0" * 64,
        entered_by=sheet.entered_by,
        second_by=sheet.second_by,
        confirmed_by=confirmed_by,
        sealed_at=world.when(0, 16),
    )


def test_the_database_refuses_a_seal_confirmed_by_who_entered():
    world = congress_at("counted")

    with pytest.raises(IntegrityError, match="who_enters_does_not_confirm"), transaction.atomic():
        _seal_by(world, world.teller)

    assert _seal_by(world, world.head_teller).pk  # the control: only the person was wrong


def test_the_database_refuses_a_decision_by_who_submitted():
    world = congress_at("reported")
    pending = Ratification.objects.filter(congress_id=world.congress_id)

    with pytest.raises(IntegrityError, match="who_submits_does_not_ratify"), transaction.atomic():
        pending.update(outcome="ratified", decided_by=world.secretary, decided_at=world.when(5))

    assert pending.update(outcome="ratified", decided_by=world.approver, decided_at=world.when(5)) == 1
