"""Every state of a congress × every action, against the table of what the Party's procedure allows."""

from collections.abc import Callable

import pytest

from accounts.errors import IllegalTransition, NotAllowed, NotReady
from accounts.models import AuditEvent
from congress.lifecycle import CONGRESS_LIFECYCLE
from congress.models import Congress
from congress.services import preparing, sitting
from elections.services import ratifying
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db

STAGE_OF = {
    "preparing": "preparing",
    "submitted": "submitted",
    "cleared": "cleared",
    "sitting": "sitting",
    "closed": "closed",
    "reported": "reported",
    "ratified": "ratified",
    "complete": "complete",
}
LEGAL = {
    ("preparing", "submit_for_clearance"): "submitted",
    ("submitted", "withdraw_submission"): "preparing",
    ("submitted", "return_for_changes"): "preparing",
    ("submitted", "clear"): "cleared",
    ("cleared", "revoke_clearance"): "preparing",
    ("cleared", "open_sitting"): "sitting",
    ("sitting", "close_sitting"): "closed",
    ("closed", "report_results"): "reported",
    ("reported", "return_results"): "closed",
    ("reported", "refuse_results"): "cleared",
    ("reported", "ratify"): "ratified",
    ("ratified", "complete_dossier"): "complete",
    ("complete", "reopen_dossier"): "ratified",
}
ACTS: dict[str, Callable[[World], object]] = {
    "submit_for_clearance": lambda w: preparing.submit_for_clearance(w.congress_id, actor=w.secretary, at=w.when(20)),
    "withdraw_submission": lambda w: preparing.withdraw_submission(w.congress_id, actor=w.secretary, at=w.when(20)),
    "return_for_changes": lambda w: preparing.return_for_changes(
        w.congress_id, reasons="Bổ sung số liệu", actor=w.approver, at=w.when(20)
    ),
    "clear": lambda w: preparing.clear(w.congress_id, actor=w.approver, at=w.when(20)),
    "revoke_clearance": lambda w: preparing.revoke_clearance(
        w.congress_id, reasons="Lùi thời gian", actor=w.approver, at=w.when(20)
    ),
    "open_sitting": lambda w: sitting.open_sitting(
        w.congress_id, opened_at=w.when(0, 14), actor=w.secretary, at=w.when(20)
    ),
    "close_sitting": lambda w: sitting.close_sitting(
        w.congress_id, closed_at=w.when(0, 17), actor=w.secretary, at=w.when(20)
    ),
    "report_results": lambda w: ratifying.report_results(w.congress_id, actor=w.secretary, at=w.when(20)),
    "return_results": lambda w: ratifying.return_results(
        w.congress_id, reasons="Thiếu trích ngang", actor=w.approver, at=w.when(20)
    ),
    "refuse_results": lambda w: ratifying.refuse_results(
        w.congress_id, reasons="Vi phạm thủ tục", actor=w.approver, at=w.when(20)
    ),
    "ratify": lambda w: ratifying.ratify(
        w.congress_id,
        issued_on=w.when(9).date(),
        signer_name="Phạm Văn Duyệt",
        signer_post="Bí thư",
        actor=w.approver,
        at=w.when(20),
    ),
    "complete_dossier": lambda w: sitting.complete_dossier(w.congress_id, actor=w.secretary, at=w.when(20)),
    "reopen_dossier": lambda w: sitting.reopen_dossier(w.congress_id, actor=w.approver, at=w.when(20)),
}
WRONG_PERSON = {
    "submit_for_clearance": "approver",
    "withdraw_submission": "approver",
    "return_for_changes": "secretary",
    "clear": "secretary",
    "revoke_clearance": "secretary",
    "open_sitting": "approver",
    "close_sitting": "approver",
    "report_results": "approver",
    "return_results": "secretary",
    "refuse_results": "secretary",
    "ratify": "secretary",
    "complete_dossier": "approver",
    "reopen_dossier": "secretary",
}


def _state(world: World) -> str:
    return Congress.objects.values_list("state", flat=True).get(pk=world.congress_id)


def test_the_table_of_this_test_is_the_table_of_the_product():
    rows = {(source, row.action): row.to for row in CONGRESS_LIFECYCLE.rows for source in row.sources}

    assert rows == LEGAL


def test_every_action_has_an_act_in_this_test():
    assert set(ACTS) == {action for _, action in LEGAL}


@pytest.mark.parametrize("stage", STAGE_OF)
def test_only_the_legal_actions_move_a_congress_and_the_others_write_nothing(stage):
    world = congress_at(stage)
    events = AuditEvent.objects.count()

    for action, act in ACTS.items():
        if (stage, action) in LEGAL:
            continue
        with pytest.raises(IllegalTransition):
            act(world)

    assert _state(world) == stage
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(
    ("stage", "action"), [pair for pair in LEGAL if pair[1] not in ("open_sitting", "close_sitting")]
)
def test_a_legal_action_moves_the_congress_and_writes_one_event(stage, action):
    world = congress_at(stage)
    _make_ready(world, action)
    events = AuditEvent.objects.count()

    ACTS[action](world)

    assert _state(world) == LEGAL[stage, action]
    assert AuditEvent.objects.count() == events + 1


def _make_ready(world: World, action: str) -> None:
    """What the action needs and the stage does not bring."""
    if action == "submit_for_clearance":
        world.fill_details()
        world.prepare_papers()
    if action == "clear":
        from documents.services import drafts  # only this row needs it

        for document in world.documents:
            drafts.approve(document.pk, actor=world.approver, at=world.when(-12))
    if action == "report_results":
        from documents.services import minutes  # only this row needs it

        minutes.issue_congress_minutes(world.congress_id, actor=world.secretary, at=world.when(0, 17))
    if action == "complete_dossier":
        from documents.services.papers import render_paper  # only this row needs it

        for paper in world.papers:
            render_paper({"paper_id": paper.pk}, None)


@pytest.mark.parametrize(("stage", "action"), LEGAL)
def test_the_wrong_person_is_refused_with_a_reason_and_nothing_moves(stage, action):
    world = congress_at(stage)
    wrong = getattr(world, WRONG_PERSON[action])
    right = "approver" if WRONG_PERSON[action] == "secretary" else "secretary"
    setattr(world, right, wrong)
    events = AuditEvent.objects.count()

    with pytest.raises(NotAllowed, match="vai trò"):
        ACTS[action](world)

    assert _state(world) == stage
    assert AuditEvent.objects.count() == events


def test_clearance_names_every_gap_at_once():
    world = congress_at("preparing")

    with pytest.raises(NotReady) as refusal:
        preparing.submit_for_clearance(world.congress_id, actor=world.secretary, at=world.when(-15))

    assert refusal.value.gaps == (
        "Chưa ghi thời gian, địa điểm đại hội.",
        "Chưa lập danh sách triệu tập đảng viên.",
        "Chưa có báo cáo chính trị.",
        "Chưa có dự thảo nghị quyết.",
        "Chưa có đề án nhân sự.",
    )


def test_a_refused_result_is_kept_and_the_elections_are_set_up_afresh():
    world = congress_at("reported")
    before = [election.pk for election in world.elections]

    ACTS["refuse_results"](world)

    assert [election.attempt for election in world.elections] == [2]
    assert world.congress.elections.filter(pk__in=before, is_annulled=True).count() == len(before)
    assert world.congress.elections.get(pk=before[0]).rounds.get().seals.count() == 1


def test_after_a_refusal_the_congress_calls_the_roll_and_elects_its_officers_again():
    world = congress_at("reported")
    votes = world.congress.card_votes.count()

    ACTS["refuse_results"](world)

    assert not world.congress.officers.exists()
    assert set(world.congress.attendances.values_list("presence", flat=True)) == {"unknown"}
    assert world.congress.card_votes.filter(sitting=1).count() == votes
    assert world.congress.sitting_of_entries == 2
