"""What people read: figures in sentences, the steps at the edges, values of strangers cut short."""

from dataclasses import replace

import pytest

from elections.rules.blanks import blanks
from elections.rules.case import Case
from elections.rules.decide import decide, read_case
from elections.rules.fields import MOST, plain, shown
from elections.rules.reading import read, read_line
from tests.elections.rules.builders import codes, decided, kept, line

GOOD = [11, 10, 9, 4]


@pytest.mark.parametrize(
    ("votes", "figures", "sentence"),
    [
        (GOOD, {"base": 13, "issued": 13, "valid": 12}, "Thu về 12 trên 13 phiếu phát ra, thiếu 1 phiếu."),
        ([12, 12, 12, 1], {}, "Cộng được 37 lượt bầu, nhiều hơn 36 (12 phiếu hợp lệ, mỗi phiếu tối đa 3 người)."),
        ([9, 1, 1, 0], {}, "Cộng được 11 lượt bầu, ít hơn 12 phiếu hợp lệ."),
        (
            [(7, 4)],
            {"seats": 1, "office": "secretary"},
            "“A”: đồng ý 7 cộng không đồng ý 4 là 11, không bằng 12 phiếu hợp lệ.",
        ),
        (
            [(9, 4), (6, 6)],
            {"seats": 2, "office": "delegates"},
            "“A”: đồng ý 9 cộng không đồng ý 4 là 13, nhiều hơn 12 phiếu hợp lệ.",
        ),
        (
            GOOD,
            {"invalid": 1, "returned": 12},
            "Hợp lệ 12 cộng không hợp lệ 1 là 13 phiếu, không bằng thu về 12 phiếu.",
        ),
        (
            GOOD,
            {"issued": 11},
            "Thu về 12 phiếu nhưng chỉ phát ra 11 phiếu. Quy định về việc này chưa kiểm chứng (U-13).",
        ),
    ],
)
def test_findings_name_their_figures(votes, figures, sentence):
    assert sentence in [finding.message for finding in decided(votes, **figures).findings]


def steps(votes, **figures):
    return [(step.rule, step.text) for step in decided(votes, **figures).reasoning[2:]]


@pytest.mark.rule("E-50")
@pytest.mark.rule("E-51")
def test_each_comparison_at_its_edge():
    texts = [text for _, text in steps([9, 7, 6, 5])]

    assert texts[:4] == [
        "A: 9 phiếu trên cơ sở tính 12, quá một nửa (cần 7).",
        "B: 7 phiếu trên cơ sở tính 12, quá một nửa (cần 7).",
        "C: 6 phiếu trên cơ sở tính 12, đúng một nửa, chưa quá một nửa (cần 7).",
        "D: 5 phiếu trên cơ sở tính 12, chưa quá một nửa (cần 7).",
    ]


@pytest.mark.rule("E-52")
@pytest.mark.parametrize(("votes", "told"), [([11, 10, 9, 4], False), ([11, 10, 8, 7], True)])
def test_more_than_half_for_just_enough_needs_no_sentence(votes, told):
    assert any(text.startswith("Có ") for _, text in steps(votes)) is told


@pytest.mark.rule("E-54")
@pytest.mark.parametrize(
    ("votes", "told"),
    [
        pytest.param([10, 9, 6, 6], True, id="equals below half, a seat open"),
        pytest.param([10, 9, 6, 5], False, id="no equals"),
        pytest.param([7, 7, 6, 5], False, id="the equals have passed half"),
        pytest.param([10, 9, 8, 3, 3], False, id="equals below half, no seat open"),
        pytest.param([10, 7, 7, 7], False, id="equals at the cut: a re-vote"),
    ],
)
def test_equals_below_half_are_explained(votes, told):
    assert any(rule == "E-54" for rule, _ in steps(votes)) is told


def test_a_base_of_zero_is_told_and_needs_nothing():
    result = decided([0, 0, 0, 0], electorate={"exempt_absent": 12}, valid=0)

    assert (result.base, result.needed, result.open_seats) == (0, None, 3)
    assert decided(GOOD, electorate={"exempt_absent": 13}).base is None


def test_findings_are_told_apart_by_level():
    result = decided(papers=kept(*["ABC"] * 11, "AB!unclear"), issued=13, base=13, slate=list("ABCD"))

    assert [finding.code for finding in result.warnings] == ["W401"]
    assert [finding.code for finding in result.rulings] == ["R601"]
    assert result.errors == ()


def test_nobody_to_elect_is_one_finding_whatever_the_slate():
    assert codes(decided([9, 8, 7], seats=0)) == ["F304"]


def test_the_regime_by_code_is_enough_for_a_case_built_in_code():
    case = replace(read_case(line(GOOD)), faults=None)

    assert blanks(case) == ()
    assert blanks(replace(case, held_on=None, regime="190-QĐ/TW")) == ()
    assert [finding.code for finding in blanks(replace(case, held_on=None))] == ["F112"]


def test_papers_in_a_case_built_in_code():
    case = replace(read_case(line(papers=kept("ABC"), slate=list("ABCD"), issued=12)), faults=None)

    assert blanks(case) == ()
    assert [finding.code for finding in blanks(replace(case, issued=None))] == ["F110"]
    assert [finding.code for finding in blanks(replace(case, ballots=read_case(line(GOOD)).ballots))] == ["F109"]


def test_votes_or_ballots_beside_papers_are_one_way_too_many():
    papers = line(papers=kept("ABC"), slate=list("ABCD"), issued=12)
    totals = line(GOOD)

    assert "F109" in codes(decide(read_case(papers | {"votes": totals["votes"]})))
    assert "F109" in codes(decide(read_case(papers | {"ballots": totals["ballots"]})))
    assert "F109" not in codes(decide(read_case(papers | {"ballots": None, "votes": None})))


def test_the_largest_figure():
    for value, code in ((MOST, False), (MOST + 1, True)):
        raw = line([value, 10, 9, 4])
        raw["ballots"]["issued"] = value

        assert [finding.code for finding in read_case(raw).faults] == ["F105", "F105"] * code


def test_ids_are_text_or_whole_numbers_of_usual_size():
    for value, kept_id in ((10**18, 10**18), (-(10**18), -(10**18)), (10**18 + 1, None), (1.0, None), ("", "")):
        assert read_case(line(GOOD) | {"id": value}).id == kept_id


def test_letters_follow_the_slate():
    case = read_case(line([1, -1, 1, 1], slate=list("ABCD")))

    assert [(finding.field, finding.message) for finding in case.faults] == [
        ("L2", "“số phiếu của B” phải là số nguyên không âm, đang là -1.")
    ]


def test_reading_hands_over_the_case_and_its_faults():
    case, faults = read(line(GOOD))

    assert faults == () == read_line(b'{"id": 1}').faults[:0]
    assert case.faults == ()
    assert read(3)[1][0].code == "F102"
    assert [f.code for f in read_line(b'{"id": "a", "id": "b", "seats": 1}').faults].count("F107") == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (None, "trống"),
        ([1], "một danh sách"),
        ({}, "một đối tượng"),
        (10**18, "1000000000000000000"),
        (10**18 + 1, "một số rất lớn"),
        (1.5, "1.5"),
        ("a\n b", "“a b”"),
        (set(), "set()"),
    ],
)
def test_values_of_strangers_in_sentences(value, text):
    assert shown(value) == text


def test_long_texts_are_cut():
    assert plain("x" * 60) == "x" * 60
    assert plain("x" * 61) == "x" * 59 + "…"
    case = Case(None, None, (), None, names={"1": "y" * 80, "2": "y" * 81})
    assert case.name_of("1") == "y" * 80
    assert case.name_of("2") == "y" * 79 + "…"


def test_a_misplaced_paper_says_what_it_should_hold():
    wrong = decided(papers=[{"marks": {}, "flaws": []}], issued=1, base=12, slate=list("ABCD"))
    other = decided(papers=kept("A"), issued=1, base=12, slate=list("AB"), seats=2, office="delegates")

    assert wrong.errors[0].message.endswith("nên phải ghi “kept”.")
    assert other.errors[0].message.endswith("nên phải ghi “marks”.")
