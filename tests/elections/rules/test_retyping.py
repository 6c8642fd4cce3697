"""What is typed again after a difference, and the six figures read off the signed paper."""

from dataclasses import replace

import pytest

from elections.rules.comparison import differing_fields
from elections.rules.papers import Reason
from elections.rules.retyping import figures_of_papers, path_of, retyped, whole
from elections.rules.signed_paper import KEY_FIGURES, differing_figures, key_figures
from tests.elections.rules.builders import decided, kept, marked

SLATE = ["a", "b"]
FIRST = {"returned": 12, "valid": 11, "invalid": 1, "votes": {"a": 9, "b": 7}, "invalid_reasons": {"signed": 1}}
BOXES = {"returned": 12, "votes": {"a": {"agree": 9, "disagree": 3}, "b": {"agree": 1, "disagree": 2}}}


@pytest.mark.rule("E-28")
def test_an_entry_has_every_figure_and_no_reason_without_papers():
    empty = {"returned": None, "valid": None, "invalid": None, "votes": {}, "invalid_reasons": {}}

    assert whole({}) == empty
    assert whole({"votes": None, "invalid_reasons": None}) == empty
    assert whole(FIRST | {"invalid_reasons": {"signed": 1, "marked": 0, "torn": None}}) == FIRST


@pytest.mark.rule("E-28")
@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("G", ("returned",)),
        ("H", ("valid",)),
        ("K", ("invalid",)),
        ("K.signed", ("invalid_reasons", "signed")),
        ("L1", ("votes", "a")),
        ("L2", ("votes", "b")),
        ("L2.agree", ("votes", "b", "agree")),
    ],
)
def test_where_a_field_of_the_sheet_is(field, path):
    assert path_of(field, SLATE) == path


@pytest.mark.rule("E-28")
@pytest.mark.parametrize(
    ("typed", "fields", "changed"),
    [
        pytest.param({"returned": 11}, ["G"], {"returned": 11}, id="returned"),
        pytest.param({"votes": {"b": 8}}, ["L2"], {"votes": {"a": 9, "b": 8}}, id="the second name"),
        pytest.param({"votes": {"a": 1, "b": 8}}, ["L2"], {"votes": {"a": 9, "b": 8}}, id="the other stays as typed"),
        pytest.param({"invalid_reasons": {"marked": 1}}, ["K.signed", "K.marked"], {"invalid_reasons": {"marked": 1}},
                     id="another reason"),
        pytest.param({}, ["H"], {"valid": None}, id="left blank"),
        pytest.param({"returned": 99}, [], {}, id="nothing differed"),
    ],
)  # fmt: skip
def test_only_what_differed_is_typed_again(typed, fields, changed):
    assert retyped(FIRST, typed, fields, SLATE) == FIRST | changed
    assert FIRST["votes"] == {"a": 9, "b": 7}


@pytest.mark.rule("E-28")
def test_one_box_of_one_name_is_typed_again():
    made = retyped(BOXES, {"votes": {"b": {"agree": 5}}}, ["L2.agree"], SLATE)

    assert made["votes"] == {"a": {"agree": 9, "disagree": 3}, "b": {"agree": 5, "disagree": 2}}
    assert BOXES["votes"]["b"] == {"agree": 1, "disagree": 2}


@pytest.mark.rule("E-28")
def test_after_typing_again_alike_nothing_differs():
    second = FIRST | {"valid": 12, "invalid": 0, "votes": {"a": 9, "b": 6}}
    fields = differing_fields(FIRST, second, SLATE)

    assert fields == ("H", "K", "L2")
    assert differing_fields(retyped(FIRST, second, fields, SLATE), second, SLATE) == ()


@pytest.mark.rule("E-49")
def test_the_totals_of_papers_read_one_by_one():
    papers = kept("AB", "A", "ABC", "A!signed", "B!signed", "A!unclear", "B!unclear")
    papers[5]["ruling"] = "invalid"
    result = decided(papers=papers, issued=7, base=9, seats=2, slate=list("ABC"), office="delegates")

    figures = figures_of_papers(result, {5: Reason.MARKED.value})

    assert figures == {
        "returned": 7,
        "valid": 2,
        "invalid": 4,
        "votes": {"A": 2, "B": 1, "C": 0},
        "invalid_reasons": {"signed": 2, "marked": 1, "too_many": 1},
    }
    assert figures_of_papers(result, {})["invalid_reasons"] == {"signed": 2, "too_many": 1, "ruled_invalid": 1}
    assert figures_of_papers(replace(result, ballots=None, votes=None), {})["votes"] == {}


@pytest.mark.rule("E-60")
def test_the_six_figures_of_a_result():
    result = decided([10, 10, 9, 4], valid=11, invalid=1).to_dict()
    six = {"issued": 12, "returned": 12, "valid": 11, "invalid": 1, "most": 10, "elected": 3}

    assert key_figures(result) == six
    assert list(KEY_FIGURES) == list(six)
    assert differing_figures(six, result) == ()
    for name in six:
        assert differing_figures(six | {name: 99}, result) == (name,)
    assert differing_figures({}, result) == tuple(six)
    assert key_figures(result | {"votes": {}})["most"] == 0


@pytest.mark.rule("E-60")
def test_the_most_votes_of_a_paper_without_surplus_are_those_who_agree():
    papers = marked("+-", "+-", "-+")
    result = decided(papers=papers, issued=3, base=3, seats=2, slate=list("AB"), office="delegates").to_dict()

    assert key_figures(result) == {"issued": 3, "returned": 3, "valid": 3, "invalid": 0, "most": 2, "elected": 1}
