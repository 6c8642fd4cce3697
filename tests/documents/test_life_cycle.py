"""Every state of a draft × every action, and what a version, a review and an approval promise."""

import unicodedata

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from accounts.errors import IllegalTransition, InvalidInput, NotAllowed, StaleVersion
from accounts.models import AuditEvent
from documents.lifecycle import DOCUMENT_LIFECYCLE
from documents.models import Document, DocumentVersion, IssuedPaper, ReviewRound
from documents.services import drafts
from tests.factories import congress_at, make_user

pytestmark = pytest.mark.django_db

LEGAL = {
    ("draft", "submit"): "in_review",
    ("changes_requested", "submit"): "in_review",
    ("in_review", "withdraw"): "draft",
    ("in_review", "request_changes"): "changes_requested",
    ("in_review", "approve"): "approved",
    ("approved", "reopen"): "changes_requested",
}
ACTS = {
    "submit": lambda w, d: drafts.submit(d.pk, actor=w.secretary, at=w.when(-9)),
    "withdraw": lambda w, d: drafts.withdraw(d.pk, actor=w.secretary, at=w.when(-9)),
    "request_changes": lambda w, d: drafts.request_changes(
        d.pk, reasons="Phần xây dựng Đảng còn sơ sài", actor=w.staff, at=w.when(-9)
    ),
    "approve": lambda w, d: drafts.approve(d.pk, actor=w.approver, at=w.when(-9)),
    "reopen": lambda w, d: drafts.reopen(d.pk, reasons="Cập nhật số liệu", actor=w.approver, at=w.when(-9)),
}


def _draft(world, state="draft"):
    document = drafts.create_document(
        world.congress_id, kind="political_report", actor=world.drafter, at=world.when(-21)
    )
    _write(world, document, "Chi bộ hoàn thành nhiệm vụ.")
    path = {"draft": [], "in_review": ["submit"], "changes_requested": ["submit", "request_changes"]}
    for action in {**path, "approved": ["submit", "approve"]}[state]:
        ACTS[action](world, document)
    return Document.objects.get(pk=document.pk)


def _write(world, document, text, *, seen=None, actor=None):
    seen = document.versions.count() if seen is None else seen
    return drafts.save_version(
        document.pk,
        seen=seen,
        sections=[{"heading": "I. Kết quả", "text": text}],
        actor=actor or world.drafter,
        at=world.when(-20),
    )


def test_the_table_of_this_test_is_the_table_of_the_product():
    assert {(s, row.action): row.to for row in DOCUMENT_LIFECYCLE.rows for s in row.sources} == LEGAL


@pytest.mark.parametrize("state", DOCUMENT_LIFECYCLE.states())
@pytest.mark.parametrize("action", ACTS)
def test_an_action_moves_a_draft_as_the_table_says_or_not_at_all(state, action):
    world = congress_at("preparing")
    document = _draft(world, state)
    events = AuditEvent.objects.count()

    if (state, action) in LEGAL:
        ACTS[action](world, document)
    else:
        with pytest.raises(IllegalTransition):
            ACTS[action](world, document)

    document.refresh_from_db()
    assert document.state == LEGAL.get((state, action), state)
    assert AuditEvent.objects.count() == events + ((state, action) in LEGAL)


@pytest.mark.parametrize("state", ["in_review", "approved"])
def test_a_draft_under_review_or_approved_takes_no_new_version(state):
    world = congress_at("preparing")
    document = _draft(world, state)

    with pytest.raises(IllegalTransition, match="chưa sửa được"):
        _write(world, document, "Sửa lén.")

    assert document.versions.count() == 1


def test_a_version_written_on_an_older_one_is_refused_and_shows_the_newer():
    world = congress_at("preparing")
    document = _draft(world)
    _write(world, document, "Bản của người thứ nhất.", seen=1)

    with pytest.raises(StaleVersion) as refusal:
        _write(world, document, "Bản của người thứ hai.", seen=1, actor=world.secretary)

    assert refusal.value.current.sections[0]["text"] == "Bản của người thứ nhất."
    assert document.versions.count() == 2


def test_saving_the_same_words_twice_makes_one_version():
    world = congress_at("preparing")
    document = _draft(world)

    again = _write(world, document, "Chi bộ hoàn thành nhiệm vụ.", seen=0)

    assert again.number == 1
    assert document.versions.count() == 1


def test_words_in_either_unicode_form_have_one_hash():
    composed = drafts.fingerprint(drafts._clean_sections([{"heading": "I", "text": "Đảng bộ"}]))
    apart = unicodedata.normalize("NFD", "Đảng bộ")
    decomposed = drafts.fingerprint(drafts._clean_sections([{"heading": "I", "text": apart}]))

    assert apart != "Đảng bộ"
    assert composed == decomposed


def test_the_approved_version_is_locked_under_its_hash():
    world = congress_at("preparing")
    document = _draft(world, "approved")
    version = document.approved_version

    assert version.sha256 == drafts.fingerprint(version.sections)
    with pytest.raises(DatabaseError), transaction.atomic():
        DocumentVersion.objects.filter(pk=version.pk).update(sections=[])
    with pytest.raises(DatabaseError), transaction.atomic():
        DocumentVersion.objects.filter(pk=version.pk).delete()


def test_changes_are_not_requested_without_reasons():
    world = congress_at("preparing")
    document = _draft(world, "in_review")

    with pytest.raises(InvalidInput, match="lý do"):
        drafts.request_changes(document.pk, reasons="  ", actor=world.staff, at=world.when(-9))

    document.refresh_from_db()
    assert document.state == "in_review"


def test_staff_may_send_back_but_not_approve():
    world = congress_at("preparing")
    document = _draft(world, "in_review")

    with pytest.raises(NotAllowed, match="Người có thẩm quyền chuẩn y"):
        drafts.approve(document.pk, actor=world.staff, at=world.when(-9))


def test_the_committee_above_the_deciding_one_does_not_approve():
    world = congress_at("preparing")
    document = _draft(world, "in_review")
    above = make_user("approver", world.tree.bloc)

    with pytest.raises(NotAllowed):
        drafts.approve(document.pk, actor=above, at=world.when(-9))


def test_the_database_refuses_that_who_submits_also_approves():
    world = congress_at("preparing")
    document = _draft(world, "in_review")
    review = document.rounds.get()

    with pytest.raises(IntegrityError, match="who_submits_does_not_approve"), transaction.atomic():
        ReviewRound.objects.filter(pk=review.pk).update(
            outcome="approved", closed_by=review.opened_by, closed_at=world.when(-9)
        )


def test_the_database_refuses_a_second_open_round():
    world = congress_at("preparing")
    document = _draft(world, "in_review")

    with pytest.raises(IntegrityError), transaction.atomic():
        document.rounds.create(
            number=2, version=document.versions.get(), opened_by=world.secretary, opened_at=world.when(-9)
        )


def test_a_paper_keeps_its_number_data_and_file_for_ever():
    world = congress_at("complete")
    paper = world.papers[0]

    for change in ({"data": {}}, {"number": 99}, {"sha256": "0" * 64}, {"file_name": ""}):
        with pytest.raises(DatabaseError), transaction.atomic():
            IssuedPaper.objects.filter(pk=paper.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedPaper.objects.filter(pk=paper.pk).delete()


def test_papers_of_a_congress_share_one_run_of_numbers_without_gap():
    world = congress_at("reported", members=10, committee_seats=3, has_deputy=True)

    run = [paper.number for paper in world.papers if paper.number_scope == f"congress:{world.congress_id}"]

    assert run == [1, 2, 3, 4]
    assert [paper.notation for paper in world.papers if paper.code == "F-17"] == ["01-TTr/CB"]
