"""Every code of the catalogue, the figure just inside it, and all of them at once."""

import re
from dataclasses import replace
from datetime import date
from string import Formatter

import pytest

from congress.rules.bases import Electorate
from congress.rules.findings import LEVELS
from elections.rules.blanks import blanks
from elections.rules.case import Ballots, Case, Office, Opinion
from elections.rules.catalogue import CATALOGUE
from elections.rules.decide import decide, read_case
from elections.rules.result import Status
from tests.elections.rules.builders import codes, decided, line

GOOD = [11, 10, 9, 4]
SECRETARY = {"seats": 1, "office": "secretary"}
AGAIN = {"kind": "tie_revote", "ballot_round": 2}
DELEGATES = {"seats": 2, "office": "delegates", "base": 10}


@pytest.mark.rule("E-63a")
@pytest.mark.rule("E-63b")
@pytest.mark.rule("E-63c")
@pytest.mark.rule("E-63d")
@pytest.mark.rule("E-63e")
@pytest.mark.rule("E-63f")
@pytest.mark.rule("E-63g")
@pytest.mark.rule("E-63h")
@pytest.mark.parametrize(
    ("votes", "figures", "found"),
    [
        pytest.param(GOOD, {}, [], id="nothing wrong"),
        pytest.param(GOOD, {"present": 11}, ["F401"], id="one paper more than members present"),
        pytest.param(
            GOOD, {"issued": 12, "valid": 12, "present": 13, "base": 13}, ["W402"], id="someone present took none"
        ),
        pytest.param(GOOD, {"issued": 11, "present": 12}, ["F402", "W402"], id="one more returned than issued"),
        pytest.param(GOOD, {"issued": 13, "base": 13, "valid": 12}, ["W401"], id="one not returned"),
        pytest.param(GOOD, {"invalid": 1, "returned": 12}, ["F403"], id="valid and invalid are one too many"),
        pytest.param([12, 10, 9, 4], {"valid": 11, "returned": 12}, ["F403", "F503", "F504"], id="one too few"),
        pytest.param([12, 12, 12, 0], {}, [], id="exactly three votes per paper"),
        pytest.param([12, 12, 12, 1], {}, ["F504"], id="one vote more than papers can carry"),
        pytest.param([9, 1, 1, 1], {}, [], id="exactly one vote per paper"),
        pytest.param([9, 1, 1, 0], {}, ["F505"], id="one vote fewer than valid papers"),
        pytest.param([0, 0, 0, 0], {"valid": 0, "invalid": 12}, [], id="no valid paper at all"),
        pytest.param([(7, 5)], SECRETARY, [], id="single name adds up"),
        pytest.param([(7, 4)], SECRETARY, ["F506"], id="single name, one missing"),
        pytest.param([(7, 6)], SECRETARY, ["F506"], id="single name, one too many"),
        pytest.param([(6, 4), (5, 5)], DELEGATES, [], id="agree and disagree reach the valid papers"),
        pytest.param([(6, 5), (5, 5)], DELEGATES, ["F507"], id="one over the valid papers"),
        pytest.param([(6, 0), 5], DELEGATES, ["F508"], id="one figure where two are needed"),
        pytest.param([11, (3, 4), 9, 4], {}, ["F508"], id="two figures where one is needed"),
        pytest.param({"A": 12, "B": 9, "C": 4}, {"slate": list("ABCD")}, ["F502"], id="a name without votes"),
        pytest.param(
            {"A": 11, "B": 10, "C": 9, "D": 4, "E": 0}, {"slate": list("ABCD")}, ["F501"], id="a strange name"
        ),
        pytest.param(GOOD, {"electorate": {"present": 13}}, ["F204", "W402"], id="more present than can be"),
        pytest.param(GOOD, {"electorate": {"exempt_absent": 13}}, ["F202"], id="more deducted than called"),
        pytest.param(
            [0, 0, 0, 0], {"electorate": {"exempt_absent": 12}, "valid": 0}, ["F203"], id="nobody left in the base"
        ),
        pytest.param([8, 8, 7, 1], {"valid": 8}, [], id="two thirds present"),
        pytest.param([7, 7, 6, 1], {"valid": 7}, ["W201"], id="fewer than two thirds present"),
    ],
)
def test_the_count(votes, figures, found):
    result = decided(votes, **figures)

    assert codes(result) == found
    assert (result.status is Status.REJECTED) is any(code[0] == "F" for code in found)


@pytest.mark.rule("E-15")
@pytest.mark.rule("E-16")
@pytest.mark.rule("E-35")
@pytest.mark.rule("E-53")
@pytest.mark.rule("E-56")
@pytest.mark.parametrize(
    ("votes", "figures", "found"),
    [
        pytest.param([20] * 7 + [0, 0], {"seats": 7, "base": 20}, [], id="seven seats"),
        pytest.param([20] * 8 + [0, 0], {"seats": 8, "base": 20}, ["F305"], id="eight seats"),
        pytest.param([20] * 8 + [0, 0], {"seats": 8, "base": 20, "office": "committee"}, [], id="đảng bộ: no limit"),
        pytest.param([9, 8, 7], {"seats": 2}, ["W302"], id="a chi ủy of two"),
        pytest.param([9, 8, 7], {"seats": 2, "ballot_round": 2}, [], id="two missing seats in a later round"),
        pytest.param([9, 8, 7], {"seats": 2, **AGAIN}, [], id="two seats in a tie re-vote"),
        pytest.param([9, 8, 7], {"seats": 2, "kind": "tie_revote"}, ["W313"], id="no re-vote before a vote"),
        pytest.param([9, 8, 7], {"seats": 2, "office": "secretary"}, ["F306"], id="two bí thư"),
        pytest.param([9, 8, 7], {"seats": 2, "office": "deputy_secretary"}, ["F306"], id="two phó bí thư"),
        pytest.param([9], {"seats": 0}, ["F304"], id="nobody to elect"),
        pytest.param([9, 8], {}, ["F307"], id="fewer names than seats"),
        pytest.param([(9, 1)] * 3, {}, ["F308"], id="chi ủy without surplus"),
        pytest.param([(9, 1)] * 3, {"office": "committee"}, ["F308"], id="đảng ủy without surplus"),
        pytest.param([(9, 1)] * 3, {"ballot_round": 2}, ["W304"], id="later round without surplus"),
        pytest.param([(9, 1)] * 3, {"office": "delegates"}, [], id="delegates need no surplus"),
        pytest.param(
            [(9, 1)] * 3,
            {"kind": "tie_revote", "ballot_round": 2},
            ["F309"],
            id="a re-vote needs more names than seats",
        ),
        pytest.param(
            [(9, 3)],
            {"seats": 1, "kind": "tie_revote", "ballot_round": 2},
            ["F309"],
            id="a re-vote of one name for one seat",
        ),
        pytest.param([(9, 3)], {"seats": 1, "office": "committee"}, ["F308"], id="one seat without surplus"),
        pytest.param([9, 2, 1], {"seats": 1, "office": "committee"}, ["W301"], id="one seat, three names"),
        pytest.param([8, 8, 7, 1], {"base": 8}, ["W303"], id="K-22 eight members elect no chi ủy"),
        pytest.param([9, 9, 8, 1], {"base": 9}, [], id="K-23 nine members do"),
        pytest.param([6, 6], {**SECRETARY, **AGAIN}, ["W305"], id="no tie can arise for one post"),
        pytest.param([7, 5], {**SECRETARY, **AGAIN}, ["W305"], id="more than half in a re-vote for one post"),
        pytest.param(
            [6, 5], {**SECRETARY, **AGAIN, "valid": 11, "invalid": 1}, ["W305", "W314"], id="half of the base is named"
        ),
        pytest.param(
            [6, 5], {"seats": 1, **AGAIN, "valid": 11, "invalid": 1}, [], id="K-98 a seat of a committee needs no half"
        ),
        pytest.param([6, 6], {**SECRETARY, "ballot_round": 3}, [], id="third ballot for bí thư"),
        pytest.param([6, 6], {**SECRETARY, "ballot_round": 4}, ["W306"], id="fourth ballot for bí thư"),
        pytest.param(GOOD, {"ballot_round": 0}, ["F310"], id="there is no ballot before the first"),
    ],
)
def test_seats_and_slate(votes, figures, found):
    assert codes(decided(votes, **figures)) == found


@pytest.mark.rule("E-01")
@pytest.mark.parametrize(
    ("changes", "regime", "found"),
    [
        pytest.param({"held_on": "2024-10-09"}, "244-QĐ/TW", [], id="last day of 244"),
        pytest.param({"held_on": "2024-10-10"}, "190-QĐ/TW", [], id="first day of 190"),
        pytest.param({"held_on": "2014-06-09"}, "244-QĐ/TW", [], id="first day of all"),
        pytest.param({"held_on": "2014-06-08"}, None, ["F113"], id="before all"),
        pytest.param({"held_on": None, "regime": "244-QĐ/TW"}, "244-QĐ/TW", [], id="by code alone"),
        pytest.param({"regime": "190-QĐ/TW"}, "190-QĐ/TW", [], id="both, agreeing"),
        pytest.param({"regime": "244-QĐ/TW"}, "190-QĐ/TW", ["F115"], id="both, in conflict"),
        pytest.param({"regime": "77-QĐ/TW"}, "190-QĐ/TW", ["F114"], id="an unknown regulation"),
        pytest.param({"held_on": None, "regime": "77-QĐ/TW"}, None, ["F114"], id="unknown, by code alone"),
        pytest.param({"held_on": None}, None, ["F112"], id="neither"),
        pytest.param({"held_on": "20/7/2025"}, None, ["F111"], id="another way of writing dates"),
        pytest.param({"held_on": "2025-02-29"}, None, ["F111"], id="no such day"),
        pytest.param({"held_on": 20250720}, None, ["F111"], id="a number for a day"),
        pytest.param({"held_on": "2025-W30-7"}, None, ["F111"], id="a week date"),
        pytest.param({"regime": 190}, "190-QĐ/TW", ["F106"], id="a number for a code"),
    ],
)
def test_the_regime(changes, regime, found):
    result = decided(GOOD, **changes)

    assert result.regime == regime
    assert codes(result) == found
    assert (result.base, result.needed) == (12, 7)


def test_all_findings_come_at_once():
    result = decided(
        [13, 10, 9, 8], seats=8, invalid=3, issued=11, present=10, office="secretary", regime="244-QĐ/TW", base=12
    )

    assert codes(result) == ["F115", "F306", "F307", "F401", "F402"]
    assert (result.status, result.elected, result.base, result.needed) == (Status.REJECTED, (), 12, 7)
    assert result.ballots == Ballots(11, 15, 12, 3)


@pytest.mark.rule("E-60")
@pytest.mark.parametrize("field", [field for field in line(GOOD) if field != "held_on"])
@pytest.mark.parametrize("value", ["missing", None, True, -1, 1.5, "x", [], {}, 10**40])
def test_a_malformed_field_is_a_finding_never_an_exception(field, value):
    raw = line(GOOD)
    raw[field] = value
    if value == "missing":
        del raw[field]

    result = decide(read_case(raw))

    kept = {"id": ("x", -1), "slate": (), "office": (), "kind": ()}.get(field, ())
    if value in kept and not isinstance(value, bool):
        assert result.status is Status.COMPLETE
    else:
        assert result.status is Status.REJECTED
        assert result.errors


@pytest.mark.parametrize("inside", ["electorate", "ballots"])
@pytest.mark.parametrize(
    ("value", "code"), [(None, "F110"), (False, "F104"), (-1, "F104"), (2.0, "F104"), ("3", "F104"), (10**7, "F105")]
)
def test_figures_are_whole_numbers_from_zero(inside, value, code):
    for field in line(GOOD)[inside]:
        raw = line(GOOD)
        raw[inside][field] = value
        without = line(GOOD)
        del without[inside][field]

        assert code in codes(decide(read_case(raw)))
        assert "F103" in codes(decide(read_case(without)))


@pytest.mark.parametrize(
    ("slate", "found"),
    [
        (["A", "B", "C", "A"], ["F302", "F501"]),
        (["A", "B", "C", "D", " "], ["F303", "F502", "W301"]),
        ([], ["F301", "F501"]),
        (["A", "B", "C", 4], ["F106", "F308", "F501", "F508"]),
    ],
)
def test_slates(slate, found):
    votes = dict(zip("ABCD", GOOD, strict=True))

    assert codes(decided(votes, slate=slate)) == found


def test_votes_are_whole_numbers_from_zero():
    for wrong, code in ((None, "F110"), (True, "F104"), (-1, "F104"), ({"agree": 1}, "F103"), (10**9, "F105")):
        assert code in codes(decided([11, 10, 9, wrong]))


def test_totals_and_papers_exclude_each_other():
    """Of two counts none is judged, so that nothing is said to be missing that the other one has."""
    for papers in ({"papers": [], "issued": 12}, {"papers": []}):
        assert codes(decide(read_case(line(GOOD) | papers))) == ["F109"]


@pytest.mark.rule("E-60")
def test_blank_is_not_zero_in_a_case_built_in_code():
    empty = Case(office=None, seats=None, slate=(), electorate=None, kind=None, ballot_round=None)
    case = Case(
        office=Office.DELEGATES,
        seats=2,
        slate=("1", "2"),
        electorate=Electorate(10),
        held_on=date(2025, 7, 20),
        ballots=Ballots(issued=10, valid=-1),
        votes={"1": Opinion(3, None), "2": None},
        names={"1": "Lê Văn An", "2": "Vũ Thị Bình"},
    )

    undecided = replace(read_case(line(GOOD)), ballots=Ballots(12, 12, 11, 0, pending=1), faults=None)

    assert decide(empty).status is Status.REJECTED
    assert "F110" in codes(decide(undecided))
    assert decide(replace(read_case(line(GOOD)), faults=None)).status is Status.COMPLETE
    assert [finding.field for finding in blanks(case)] == ["D", "G", "K", "L1", "L2", ""]
    assert [finding.message for finding in blanks(case)][3] == "Chưa nhập “số phiếu của Lê Văn An”."
    assert decide(case).status is Status.REJECTED
    assert [f.code for f in blanks(Case(None, None, ("a", "a", ""), None, papers=(), votes={}))].count("F109") == 1


def test_a_vote_is_an_ordinary_first_ballot_unless_told_otherwise():
    case = Case(Office.DELEGATES, 1, ("A",), Electorate(3))

    assert (case.kind, case.ballot_round, case.faults) == ("ordinary", 1, None)


def test_sentences_use_full_names():
    result = decide(read_case(line([13, 10, 9, 4]), names={"A": "Nguyễn Văn Ánh"}))

    assert result.errors[0].message == "“Nguyễn Văn Ánh” được 13 phiếu nhưng chỉ có 12 phiếu hợp lệ."
    assert result.errors[0].field == "L1"


def test_every_row_of_the_catalogue_is_complete():
    for code, entry in CATALOGUE.items():
        assert re.fullmatch(r"[FWR]\d{3}", code)
        assert code[0] in LEVELS
        assert re.fullmatch(r"[EU]-\d\d[a-k]?", entry.rule), code
        assert entry.sentence.endswith(".") or entry.sentence == "{why}", code
        assert entry.next.endswith("."), code
        assert all(name for _, name, _, _ in Formatter().parse(entry.sentence) if name is not None), code
