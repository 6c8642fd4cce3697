"""Two independent entries and several tables: what differs is named, what belongs together is added."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.rules.comparison import differing_fields, differing_slips
from elections.rules.teams import add_up, reason_findings, team_findings

SHEET = {"returned": 12, "valid": 11, "invalid": 1, "votes": {"1": 9, "2": 7}, "invalid_reasons": {"signed": 1}}
BOXES = {"returned": 12, "valid": 12, "invalid": 0, "votes": {"1": {"agree": 9, "disagree": 3}}}


def codes(findings):
    return [finding.code for finding in findings]


@pytest.mark.rule("E-28")
@pytest.mark.parametrize(
    ("second", "fields"),
    [
        pytest.param(SHEET, (), id="the same"),
        pytest.param(SHEET | {"returned": 11}, ("G",), id="returned"),
        pytest.param(SHEET | {"valid": 12, "invalid": 0}, ("H", "K"), id="valid and invalid"),
        pytest.param(SHEET | {"votes": {"2": 7, "1": 9}}, (), id="names in another order"),
        pytest.param(SHEET | {"votes": {"1": 9, "2": 8}}, ("L2",), id="the second name"),
        pytest.param(SHEET | {"votes": {"1": 9}}, ("L2",), id="a name left blank"),
        pytest.param(SHEET | {"votes": None}, ("L1", "L2"), id="no name entered"),
        pytest.param(SHEET | {"valid": None}, ("H",), id="a blank is no zero"),
        pytest.param(SHEET | {"invalid_reasons": {"marked": 1}}, ("K.signed", "K.marked"), id="another reason"),
        pytest.param(SHEET | {"invalid_reasons": {"signed": 1, "marked": 0}}, (), id="a reason of no paper"),
        pytest.param(SHEET | {"invalid_reasons": {"signed": 1, "marked": None}}, (), id="a reason left blank"),
        pytest.param({}, ("G", "H", "K", "K.signed", "L1", "L2"), id="nothing entered"),
    ],
)
def test_the_fields_on_which_two_entries_differ(second, fields):
    assert differing_fields(SHEET, second, ["1", "2"]) == fields
    assert sorted(differing_fields(second, SHEET, ["1", "2"])) == sorted(fields)


@pytest.mark.rule("E-28")
@pytest.mark.parametrize(
    ("figure", "fields"),
    [
        pytest.param({"agree": 9, "disagree": 3}, (), id="the same"),
        pytest.param({"agree": 8, "disagree": 3}, ("L1.agree",), id="agree"),
        pytest.param({"agree": 9, "disagree": 2}, ("L1.disagree",), id="disagree"),
        pytest.param({"agree": 9}, ("L1.disagree",), id="disagree left blank"),
        pytest.param(9, ("L1.disagree",), id="entered as one figure"),
        pytest.param(None, ("L1.agree", "L1.disagree"), id="blank"),
    ],
)
def test_papers_without_surplus_have_two_fields_for_each_name(figure, fields):
    assert differing_fields(BOXES, BOXES | {"votes": {"1": figure}}) == fields
    assert set(differing_fields(BOXES | {"votes": {"1": figure}}, BOXES)) == set(fields)


def test_the_slate_gives_the_fields_their_numbers():
    first, second = {"votes": {"b": 1, "a": 2}}, {"votes": {"b": 2, "a": 2}}

    assert differing_fields(first, second) == ("L1",)
    assert differing_fields(first, second, ["a", "b"]) == ("L2",)
    assert differing_fields(first, second | {"votes": {"b": 1, "a": 2, "x": 0}}, ["a", "b"]) == ("L3",)


@pytest.mark.rule("E-28")
@pytest.mark.parametrize(
    ("paper", "same"),
    [
        pytest.param({"kept": ["B", "A"], "flaws": []}, True, id="names in another order"),
        pytest.param({"kept": ["A", "B"]}, True, id="no flaws said"),
        pytest.param({"kept": ["A"], "flaws": []}, False, id="a name fewer"),
        pytest.param({"kept": ["A", "B", "B"], "flaws": []}, False, id="a name twice"),
        pytest.param({"kept": ["A", "B"], "flaws": ["signed"]}, False, id="a flaw more"),
        pytest.param({"kept": ["A", "B"], "flaws": [], "ruling": "valid"}, False, id="a ruling"),
        pytest.param({"marks": {"A": "agree", "B": "agree"}, "flaws": []}, False, id="boxes"),
        pytest.param({"kept": [], "flaws": []}, False, id="all struck"),
    ],
)
def test_the_papers_read_differently(paper, same):
    first = {1: {"kept": ["A", "B"], "flaws": []}, 2: {"marks": {"A": "none"}, "flaws": ["marked", "signed"]}}
    second = {2: {"marks": {"A": "none"}, "flaws": ["signed", "marked"]}, 1: paper}

    assert differing_slips(first, second) == (() if same else (1,))
    assert differing_slips(second, first) == (() if same else (1,))


@pytest.mark.rule("E-28")
def test_a_paper_read_by_one_of_the_two_is_a_difference():
    paper = {"kept": ["A"], "flaws": []}

    assert differing_slips({1: paper, 3: paper}, {1: paper, 2: paper}) == (3, 2)
    assert differing_slips({}, {}) == ()
    assert differing_slips({1: {"marks": {"A": "both"}}}, {1: {"marks": {"A": "none"}}}) == (1,)
    assert differing_slips({1: {"kept": []}}, {1: {"marks": {}}}) == (1,)


@pytest.mark.rule("E-63d")
def test_the_sheets_of_several_tables_are_added():
    first = SHEET
    second = {"returned": 8, "valid": 6, "invalid": 2, "votes": {"1": 4, "2": 6}, "invalid_reasons": {"marked": 2}}

    assert add_up([first, second]) == {
        "returned": 20,
        "valid": 17,
        "invalid": 3,
        "votes": {"1": 13, "2": 13},
        "invalid_reasons": {"signed": 1, "marked": 2},
    }
    assert add_up([SHEET]) == SHEET


@pytest.mark.rule("E-63d")
def test_a_blank_of_one_table_is_a_blank_of_all():
    blank = {"returned": None, "valid": 6, "invalid": 2, "votes": {"1": None, "2": 1}, "invalid_reasons": None}

    summed = add_up([SHEET, blank])

    assert (summed["returned"], summed["valid"]) == (None, 17)
    assert summed["votes"] == {"1": None, "2": 8}
    assert add_up([BOXES, BOXES | {"votes": {"1": {"agree": 1}}}])["votes"] == {"1": {"agree": 10, "disagree": None}}
    assert add_up([BOXES, BOXES | {"votes": None}])["votes"] == {"1": {"agree": None, "disagree": None}}
    assert add_up([{"votes": {"1": None}}, {"votes": {"1": None}}])["votes"] == {"1": None}
    assert add_up([{}]) == {"returned": None, "valid": None, "invalid": None, "votes": {}, "invalid_reasons": {}}


def test_tables_with_different_papers_or_none_at_all_are_refused():
    with pytest.raises(ValueError, match="no team"):
        add_up([])
    with pytest.raises(ValueError, match="agree and disagree"):
        add_up([SHEET, BOXES])


@pytest.mark.rule("E-63d")
@pytest.mark.rule("E-49")
@pytest.mark.parametrize(
    ("teams", "returned", "found"),
    [
        pytest.param([SHEET, BOXES], 24, [], id="together what the ledger says"),
        pytest.param([SHEET, BOXES], 25, ["F405"], id="one paper too few"),
        pytest.param([SHEET, BOXES], 23, ["F405"], id="one paper too many"),
        pytest.param([SHEET, BOXES], None, [], id="the ledger is blank"),
        pytest.param([SHEET | {"returned": None}, BOXES], 24, [], id="a sheet is blank"),
        pytest.param([SHEET | {"valid": None}], 12, [], id="valid is blank"),
        pytest.param([SHEET | {"invalid": None}], 12, [], id="invalid is blank"),
        pytest.param([SHEET | {"valid": 12}, BOXES], 24, ["F406"], id="a sheet does not add up"),
        pytest.param([BOXES, SHEET | {"valid": 10}], 24, ["F406"], id="the second sheet does not add up"),
        pytest.param([SHEET | {"invalid_reasons": {"signed": 2}}], 12, ["F407"], id="more reasons than papers"),
        pytest.param([SHEET | {"invalid_reasons": {"signed": 0}}], 12, ["F407"], id="fewer reasons than papers"),
        pytest.param([SHEET | {"invalid_reasons": {"signed": None}}], 12, ["F407"], id="a reason left blank"),
        pytest.param([SHEET | {"invalid_reasons": {}}], 12, [], id="no reasons counted"),
    ],
)
def test_the_tables_against_the_ledger(teams, returned, found):
    assert codes(team_findings(teams, returned)) == found


def test_the_sentence_names_the_table():
    (finding,) = team_findings([BOXES, SHEET | {"valid": 10}], 24)

    assert finding.message == "Tổ 2: hợp lệ 10 cộng không hợp lệ 1 là 11 phiếu, không bằng thu về 12 phiếu."
    assert list(reason_findings({"invalid_reasons": {"signed": 1}, "invalid": None})) == []


COUNTS = st.integers(0, 30)
SHEETS = st.fixed_dictionaries(
    {"returned": COUNTS, "valid": COUNTS, "invalid": COUNTS, "votes": st.fixed_dictionaries({"1": COUNTS, "2": COUNTS})}
)


@pytest.mark.rule("E-63d")
@given(st.lists(SHEETS, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_tables_means_nothing(sheets, chance):
    mixed = list(sheets)
    chance.shuffle(mixed)

    assert add_up(mixed) == add_up(sheets)
    assert add_up(sheets)["votes"]["1"] == sum(sheet["votes"]["1"] for sheet in sheets)
    assert differing_fields(add_up(mixed), add_up(sheets)) == ()


@pytest.mark.rule("E-28")
@given(SHEETS, SHEETS)
def test_no_difference_means_the_same_figures(first, second):
    assert (differing_fields(first, second) == ()) is (first == second)
