from datetime import date

import pytest

from congress.rules.bases import Assembly
from congress.rules.convening import (
    Form,
    Matter,
    assembly_findings,
    board_findings,
    elected_in,
    elects_branch_committee,
    form_of_vote,
    inspection_findings,
    is_by_card,
    is_secret,
    months_from,
    months_of_grace,
    programme_findings,
    size_findings,
    timing_findings,
)
from congress.rules.regimes import in_force

OLD, NOW = in_force(date(2022, 5, 1)), in_force(date(2025, 5, 1))
SECRET, CARD = "ballot", "card"


def codes(findings):
    return [finding.code for finding in findings]


@pytest.mark.rule("E-19")
@pytest.mark.rule("E-20")
@pytest.mark.rule("E-21")
@pytest.mark.parametrize(
    ("matter", "form"),
    [
        ("committee", SECRET),
        ("secretary", SECRET),
        ("deputy_secretary", SECRET),
        ("delegates", SECRET),
        ("opinion", SECRET),
        ("inspection", SECRET),
        ("presidium", CARD),
        ("secretariat", CARD),
        ("credentials", CARD),
        ("tellers", CARD),
        ("number_to_elect", CARD),
        ("slate", CARD),
        ("withdrawal", "either"),
    ],
)
def test_each_matter_has_its_form_of_vote(matter, form):
    assert form_of_vote(Matter(matter)) is Form(form)
    assert (is_secret(Matter(matter)), is_by_card(Matter(matter))) == (form == SECRET, form == CARD)


def test_no_matter_is_forgotten():
    assert len(Matter) == 13


@pytest.mark.rule("E-04")
def test_a_branch_meets_with_all_its_members():
    assert codes(assembly_findings(Assembly.DELEGATES, is_branch=True)) == ["F205"]
    assert codes(assembly_findings(Assembly.MEMBERS, is_branch=True)) == []
    assert codes(assembly_findings(Assembly.DELEGATES, is_branch=False)) == []


@pytest.mark.rule("E-26")
def test_k28_a_members_congress_has_no_credentials_board():
    assert codes(programme_findings({Matter.CREDENTIALS, Matter.TELLERS}, Assembly.MEMBERS)) == ["F206"]
    assert codes(programme_findings({Matter.TELLERS}, Assembly.MEMBERS)) == []
    assert codes(programme_findings({Matter.CREDENTIALS}, Assembly.DELEGATES)) == []


@pytest.mark.rule("E-18")
def test_a_branch_has_no_inspection_committee():
    assert codes(inspection_findings(is_branch=True, elects_inspection=True)) == ["F207"]
    assert codes(inspection_findings(is_branch=False, elects_inspection=True)) == []
    assert codes(inspection_findings(is_branch=True, elects_inspection=False)) == []


@pytest.mark.rule("E-15")
@pytest.mark.parametrize(
    ("members", "planned", "found"),
    [
        pytest.param(8, False, [], id="K-22 eight, none planned"),
        pytest.param(8, True, ["W303"], id="K-22 eight, chi ủy planned"),
        pytest.param(9, True, [], id="K-23 nine, chi ủy planned"),
        pytest.param(9, False, ["W307"], id="K-25 nine, none planned: warned, not blocked"),
    ],
)
def test_nine_members_elect_a_chi_uy(members, planned, found):
    assert codes(size_findings(members, planned=planned, regime=NOW)) == found
    assert codes(size_findings(members, planned=planned)) == found
    assert elects_branch_committee(members) is (members == 9)


@pytest.mark.rule("E-27")
@pytest.mark.parametrize(
    ("regime", "size", "listed", "head", "found"),
    [
        pytest.param(NOW, 3, True, True, [], id="list and head adopted"),
        pytest.param(NOW, 3, True, False, ["F703"], id="K-125 no head under 190"),
        pytest.param(NOW, 3, False, True, ["F703"], id="K-125 no list under 190"),
        pytest.param(OLD, 3, False, False, [], id="K-125 the number is enough under 244"),
        pytest.param(NOW, 2, True, True, ["W701"], id="K-124 a small branch"),
    ],
)
def test_the_board(regime, size, listed, head, found):
    findings = list(board_findings(size, regime, list_adopted=listed, head_adopted=head))

    assert codes(findings) == found
    assert all(one.certainty == "chưa kiểm chứng (U-05)" for one in findings if one.code == "W701")


@pytest.mark.rule("E-06")
@pytest.mark.parametrize(
    ("held", "grassroots", "consent", "found"),
    [
        pytest.param(date(2025, 6, 30), False, False, [], id="on the day"),
        pytest.param(date(2025, 7, 1), False, False, ["W203"], id="a day late without consent"),
        pytest.param(date(2025, 6, 29), False, False, ["W203"], id="a day early without consent"),
        pytest.param(date(2025, 12, 30), False, True, [], id="six months late, to the day"),
        pytest.param(date(2025, 12, 31), False, True, ["W202"], id="a day more"),
        pytest.param(date(2024, 12, 30), False, True, [], id="six months early, to the day"),
        pytest.param(date(2024, 12, 29), False, True, ["W202"], id="a day more"),
        pytest.param(date(2026, 6, 30), True, True, [], id="chi bộ cơ sở: a year late"),
        pytest.param(date(2026, 7, 1), True, True, ["W202"], id="chi bộ cơ sở: a day more"),
    ],
)
def test_earlier_or_later_than_due(held, grassroots, consent, found):
    findings = list(timing_findings(date(2025, 6, 30), held, NOW, grassroots=grassroots, consent=consent))

    assert codes(findings) == found
    assert [finding.certainty for finding in findings] == (
        ["chưa kiểm chứng"] if grassroots and found else [""] * len(found)
    )


@pytest.mark.rule("E-06")
def test_the_sentences_name_both_days():
    late = timing_findings(date(2025, 6, 30), date(2026, 1, 2), NOW, grassroots=False, consent=True)
    unasked = timing_findings(date(2025, 6, 30), date(2025, 7, 2), NOW, grassroots=False, consent=False)

    assert next(late).message == "Đại hội ngày 02/01/2026 lệch quá 6 tháng so với ngày hết nhiệm kỳ 30/06/2025."
    assert next(unasked).message.startswith("Đại hội ngày 02/07/2025 không đúng ngày hết nhiệm kỳ 30/06/2025")
    assert (months_of_grace(NOW), months_of_grace(NOW, grassroots=True)) == (6, 12)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2025, 6, 30), 6, date(2025, 12, 30)),
        (date(2025, 6, 30), 7, date(2026, 1, 30)),
        (date(2025, 6, 30), -6, date(2024, 12, 30)),
        (date(2025, 1, 15), 0, date(2025, 1, 15)),
        (date(2025, 12, 15), 12, date(2026, 12, 15)),
    ],
)
def test_months_later(day, months, later):
    assert months_from(day, months) == later


@pytest.mark.rule("E-26")
@pytest.mark.parametrize(
    ("text", "boards"),
    [
        pytest.param("Bầu ban thẩm tra tư cách đại biểu", {Matter.CREDENTIALS}, id="credentials"),
        pytest.param("bầu Ủy ban Kiểm tra", {Matter.INSPECTION}, id="inspection"),
        pytest.param("Bầu ban thẩm tra tư cách và ủy ban kiểm tra", {Matter.CREDENTIALS, Matter.INSPECTION}, id="both"),
        pytest.param("Không bầu ban thẩm tra tư cách đại biểu", set(), id="says that none is elected"),
        pytest.param("Nghe báo cáo của ủy ban kiểm tra", set(), id="elects nothing"),
        pytest.param("Bầu đoàn thư ký", set(), id="elects something else"),
    ],
)
def test_the_boards_that_a_text_of_a_card_vote_elects(text, boards):
    assert elected_in(text) == boards
