"""What counting leaves on paper: the annex of the counting minutes, the corrigendum, the opinion ballot."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from congress.rules.regimes import in_force
from congress.services import sitting
from documents.models import IssuedPaper
from documents.papers import registry
from documents.papers.base import Paper
from documents.papers.numbering import short_date
from elections import minutes
from elections.models import Candidate, Count, SealedResult
from elections.papers import Corrigendum, OpinionMinutes, ReasoningStep, TallyMinutes
from elections.papers.offices import OFFICES
from elections.services import counting, opinions, sealing
from tests.elections.counting.test_papers import kept, read, rule, send, stack
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db


def stored(world: World, code: str, edition: int = 1) -> Paper:
    paper = IssuedPaper.objects.get(congress_id=world.congress_id, code=code, edition=edition)
    return registry.get(code).from_dict(paper.data)


def seal(world: World, number: int = 1, minute: int = 20) -> SealedResult:
    return sealing.seal(world.round.pk, sheet_number=number, actor=world.head_teller, at=world.when(0, 15, minute))


@pytest.mark.rule("E-13", "E-60")
def test_the_annex_names_who_is_not_counted_and_who_accepted_it():
    world = congress_at("sitting", members=12, committee_seats=3)
    row = world.congress.attendances.get(member=world.members[7])
    act = {"actor": world.secretary, "at": world.when(0, 14, 15)}
    sitting.take_roll(world.congress_id, {row.pk: "absent"}, **act)
    accepted = {"accepted_by": "Chi ủy (bịa)", "accepted_on": world.held_on}
    sitting.excuse_absence(row.pk, reason="Điều trị tại bệnh viện", **accepted, **act)
    for step in ("slate_fixed", "counting", "counted", "sealed"):
        getattr(world, step)()

    paper = stored(world, "F-10")

    assert isinstance(paper, TallyMinutes)
    (deduction,) = paper.deductions
    (person,) = deduction.people
    assert (paper.summoned, deduction.count, paper.base) == (12, 1, 11)
    assert (person.name, person.ground) == (world.members[7].display_name, "Điều trị tại bệnh viện")
    assert person.accepted_by == "Chi ủy (bịa)"
    assert person.accepted_on == world.held_on


def test_the_annex_prints_every_step_with_its_place_and_what_is_not_verified():
    world = congress_at("sealed", members=12, committee_seats=3)

    paper, result = stored(world, "F-10"), SealedResult.objects.get().sheet.result

    assert isinstance(paper, TallyMinutes)
    assert dict(paper.annex)["Căn cứ tính kết quả"][0].endswith("được triệu tập: 12 đồng chí, không trừ ai.")
    assert [step.text for step in paper.reasoning] == [step["text"] for step in result["reasoning"]]
    for shown, step in zip(paper.reasoning, result["reasoning"], strict=True):
        assert shown.basis.startswith(step["citation"].split(" (")[0])
        assert shown.basis.endswith("(chưa kiểm chứng)") is bool(step["certainty"])
        assert "U-" not in shown.basis


def test_an_unsettled_point_is_printed_once_as_not_verified():
    regime = in_force(date(2025, 7, 20))
    for step in (regime.step("E-53", "Bầu lại.", "tie_revote_needs_majority"), regime.step("E-53", "Bằng phiếu.")):
        assert ReasoningStep(**step.to_dict()).basis.endswith("Điều 30 khoản 4 (chưa kiểm chứng)")
    assert ReasoningStep(**regime.step("E-13", "Cơ sở tính.").to_dict()).basis.endswith("Điều 30 khoản 2")


def test_the_annex_closes_the_ledger_and_gives_the_explanations():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger(printed=14, spoiled=1, unused=1, returned=11)
    counting.start_count(world.round.pk, actor=world.teller, at=world.when(0, 14, 50))
    world.enter(world.figures(votes=[11, 11, 11, 0]) | {"returned": 11, "valid": 11})
    (warning,) = [one["message"] for one in sealing.unexplained(world.round.sheets.get())]
    sealing.explain_warnings(
        world.round.pk,
        sheet_number=1,
        texts={warning: "Một đồng chí ra về trước khi bỏ phiếu."},
        actor=world.teller,
        at=world.when(0, 15, 10),
    )
    seal(world)

    paper = stored(world, "F-10")

    assert isinstance(paper, TallyMinutes)
    annex = dict(paper.annex)
    assert annex["Sổ phiếu"] == (
        "In 14 phiếu; phát ra 12 phiếu, không dùng 01 phiếu, hỏng đổi lại 01 phiếu; thu về 11 phiếu.",
    )
    assert annex["Điểm cần chú ý và giải trình của Ban kiểm phiếu"] == (
        f"{warning.removesuffix('.')}. Giải trình: Một đồng chí ra về trước khi bỏ phiếu.",
    )


@pytest.mark.rule("E-49")
def test_the_annex_says_what_the_board_concluded_on_a_paper_in_doubt():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger()
    counting.start_count(world.round.pk, method=Count.Method.PAPERS, actor=world.teller, at=world.when(0, 14, 50))
    for person in world.typists:
        read(world, person, stack(world, p3=kept(world, 0, flaws=("unclear",))))
        send(world, person)
    rule(world, verdict="invalid", category="marked", reason="Có dấu riêng ở góc phiếu")
    seal(world)

    paper = stored(world, "F-10")

    assert isinstance(paper, TallyMinutes)
    assert dict(paper.annex)["Phiếu nghi vấn và kết luận của Ban kiểm phiếu"] == (
        "Phiếu nghi vấn 1: Phiếu không rõ bầu cho ai. Kết luận: không hợp lệ (đánh dấu, đánh số riêng). "
        "Lý do: Có dấu riêng ở góc phiếu.",
    )


def test_nothing_that_stands_after_the_seal_says_where_a_paper_in_doubt_lies_in_the_stack():
    """The pencil number stays on the paper that is kept: with it anybody finds the paper and reads who marked so."""
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger()
    counting.start_count(world.round.pk, method=Count.Method.PAPERS, actor=world.teller, at=world.when(0, 14, 50))
    for person in world.typists:
        read(world, person, stack(world, p3=kept(world, 0, flaws=("unclear",))))
        send(world, person)
    rule(world, verdict="invalid", category="marked", reason="Có dấu riêng ở góc phiếu")
    seal(world)
    browser = Client()
    browser.force_login(world.member_user)

    sealed = SealedResult.objects.get()
    told = json.loads(sealed.content)["rulings"]
    shown = browser.get(reverse("elections:proposal", args=[sealed.round_id])).content.decode()
    event = AuditEvent.objects.get(action="election.paper_ruled")

    assert [sorted(one) for one in told] == [["category", "question", "reason", "verdict"]]
    assert "Phiếu nghi vấn 1: không hợp lệ" in shown and "Phiếu 3" not in shown
    assert {one["slip"] for one in stored(world, "F-10").to_dict()["rulings"]} == {None}
    assert "slip" not in event.details


def test_the_minutes_are_signed_by_the_board_and_the_chair_alone():
    world = congress_at("sealed", members=12, committee_seats=3)

    paper = stored(world, "F-10")

    assert [one.name for one in paper.signatures] == [  # type: ignore[attr-defined]  # a TallyMinutes
        world.members[-1].display_name,
        world.members[0].display_name,
    ]


def recounted(world: World, figures: dict[str, Any], days: int = 0) -> tuple[SealedResult, SealedResult]:
    ballot = world.round
    first = seal(world)
    again = counting.recount(
        ballot.pk, reasons="Có hai phiếu dính nhau.", actor=world.head_teller, at=world.when(days, 15, 30)
    )
    for person in world.typists:
        counting.submit_entry(again.pk, figures=figures, actor=person, at=world.when(days, 15, 40))
    second = sealing.seal(ballot.pk, sheet_number=2, actor=world.head_teller, at=world.when(days, 15, 50))
    return first, second


def test_after_a_recount_each_of_the_minutes_names_the_other():
    """Two signed minutes of one vote say otherwise: whoever holds one of them must learn which one stands."""
    world = congress_at("counted", members=12, committee_seats=3)
    first, _ = recounted(world, world.figures(votes=[12, 12, 5, 7]), days=2)
    about = f"round:{first.round_id}"
    one, again, correcting = IssuedPaper.objects.filter(about=about).order_by("number")
    old, new, told = (registry.get(paper.code).from_dict(paper.data) for paper in (one, again, correcting))

    assert isinstance(old, TallyMinutes) and isinstance(new, TallyMinutes) and isinstance(told, Corrigendum)
    day = world.when(2, 15).date()
    assert (one.issued_on, again.issued_on, correcting.issued_on) == (world.congress.held_on, day, day)
    assert {new.letterhead.date, told.letterhead.date, new.recounted_on, told.recounted_on} == {day}
    assert (old.recount, new.held_on) == ("", world.congress.held_on)
    was, now = (f"số {one.notation}, ngày {short_date(one.issued_on)}" for one in (one, again))
    assert "Lý do: Có hai phiếu dính nhau." in new.recount
    assert new.recount.endswith(f"Biên bản này thay Biên bản kiểm phiếu {was}.")
    assert told.outcome.startswith(f"Số liệu của Biên bản kiểm phiếu {was} nay đính chính như sau")
    assert told.standing.startswith(f"Từ nay lấy kết quả theo bản 2, Biên bản kiểm phiếu {now};")


@pytest.mark.parametrize("with_presidium", [True, False])
def test_the_text_and_the_signature_call_those_who_preside_alike(with_presidium):
    world = congress_at("counted", members=12, committee_seats=3)
    world.congress.officers.filter(office="presidium").delete()
    if with_presidium:
        world.congress.officers.create(office="presidium", member=world.members[0])
    seal(world)

    paper = stored(world, "F-10")

    assert isinstance(paper, TallyMinutes)
    assert paper.chair == ("Đoàn Chủ tịch" if with_presidium else "Chủ tịch Đại hội")
    assert paper.chair.upper() in paper.signatures[1].authority.upper()


def correction(world: World, first: SealedResult, second: SealedResult) -> Corrigendum:
    notation = "Số 09-BB/ĐH"
    return minutes.corrigendum(first, second, world.congress, notation=notation, at=world.when(0, 15, 50)).checked()


@pytest.mark.rule("E-28")
def test_a_corrigendum_has_every_changed_figure_and_no_other():
    world = congress_at("counted", members=12, committee_seats=3)
    names = [one.display_name for one in world.slate()]

    paper = correction(world, *recounted(world, world.figures(votes=[12, 12, 5, 7])))

    assert [(one.label, one.old, one.new) for one in paper.changes] == [
        (f"Số phiếu bầu đồng chí {names[2]}", "12", "5"),
        (f"Số phiếu bầu đồng chí {names[3]}", "0", "7"),
        ("Trúng cử (chỉ ghi người thay đổi)", names[2], names[3]),
    ]
    assert paper.reason == "Có hai phiếu dính nhau."
    assert (paper.old.edition, paper.new.edition) == (1, 2)
    assert set(paper.new.entered_by) == {one.full_name for one in world.typists}
    assert paper.new.confirmed_by == world.head_teller.full_name


def test_a_recount_that_finds_the_same_says_that_nothing_changed():
    world = congress_at("counted", members=12, committee_seats=3)

    paper = correction(world, *recounted(world, world.figures()))

    assert paper.changes == ()
    assert paper.outcome.startswith("Kết quả kiểm đếm lại không làm thay đổi số liệu nào của Biên bản kiểm phiếu số ")


def test_both_seals_are_shown_short():
    world = congress_at("counted", members=12, committee_seats=3)
    first, second = recounted(world, world.figures(votes=[12, 12, 11, 1]))

    paper = correction(world, first, second)

    assert first.sha256[:16] in paper.old.sentence
    assert second.sha256[:16] in paper.new.sentence
    assert second.sha256 not in paper.new.sentence


@pytest.mark.rule("E-38", "E-60")
def test_an_opinion_ballot_has_its_minutes_before_anybody_leaves_the_slate():
    world = congress_at("sitting", members=12, committee_seats=3)
    world.round.candidates.last().delete()
    for place, source in ((5, "stood"), (6, "nominated")):
        world.round.candidates.create(member=world.members[place], source=source, support=9, support_of=12)
    support = {str(world.members[5].pk): 4, str(world.members[6].pk): 9}
    figures = {"issued": 12, "returned": 12, "valid": 11, "invalid": 1}
    entered = opinions.enter_opinions(
        world.round.pk, figures=figures, support=support, actor=world.clerk, at=world.when(0, 14, 22)
    )

    opinions.confirm_opinions(entered.pk, actor=world.secretary, at=world.when(0, 14, 25))
    paper = stored(world, "F-24")

    assert isinstance(paper, OpinionMinutes)
    shown = {one.name: (one.source, one.support, one.joins) for one in paper.lines}
    assert shown == {
        world.members[5].display_name: ("stood", 4, False),
        world.members[6].display_name: ("nominated", 9, True),
    }
    assert (paper.issued, paper.returned, paper.valid, paper.invalid) == (12, 12, 11, 1)
    assert paper.signatures[0].name == ""  # nobody recorded who counted, and to type or confirm is not to count
    assert f"{world.clerk.full_name} nhập số liệu, đồng chí {world.secretary.full_name} xác nhận." in paper.ending
    assert not Candidate.objects.filter(round=world.round, member=world.members[5]).exists()


@pytest.mark.parametrize(("office", "words"), [
    ("branch_committee", "chi ủy Chi bộ A"),
    ("secretary", "bí thư Chi bộ A"),
    ("delegates", "đại biểu dự đại hội cấp trên của Chi bộ A"),
])  # fmt: skip
def test_an_office_of_a_branch_is_called_by_the_branch(office, words):
    world = congress_at("preparing")
    world.branch.name = "Chi bộ A"

    assert f"{OFFICES[office].body} {minutes.body_of(office, world.branch)}" == words


@pytest.mark.parametrize(("office", "words"), [
    ("committee", "ban chấp hành Đảng bộ Sở Công Thương"),
    ("standing_committee", "ban thường vụ Đảng ủy Sở Công Thương"),
    ("secretary", "bí thư Đảng ủy Sở Công Thương"),
    ("alternate_delegates", "đại biểu dự khuyết dự đại hội cấp trên của Đảng bộ Sở Công Thương"),
])  # fmt: skip
def test_an_office_of_a_committee_is_called_by_the_dang_bo_or_its_committee(office, words):
    world = congress_at("preparing")

    assert f"{OFFICES[office].body} {minutes.body_of(office, world.committee)}" == words
