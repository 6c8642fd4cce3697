"""The worked cases of docs/rulebook/worked_cases.md that are about computing, by their K number."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from congress.rules.bases import Electorate
from congress.rules.majority import MORE_THAN_HALF
from elections.rules.case import Office
from elections.rules.layout import Layout
from elections.rules.offices import slate_findings
from elections.rules.result import Status
from tests.elections.rules.builders import codes, decided, kept, marked

ROOT = Path(__file__).parents[3]
ONE = {"seats": 1, "office": "secretary"}
TWO_ROUNDS = {"seats": 1, "ballot_round": 2}


def case(number: str, votes: Any, status: str, elected: str = "", tied: str = "", open_seats: int = 0, **figures: Any):
    return pytest.param(votes, figures, status, elected, tied, open_seats, id=number)


@pytest.mark.rule("E-50")
@pytest.mark.rule("E-51")
@pytest.mark.rule("E-52")
@pytest.mark.rule("E-53")
@pytest.mark.rule("E-54")
@pytest.mark.rule("E-55")
@pytest.mark.rule("E-56")
@pytest.mark.parametrize(
    ("votes", "figures", "status", "elected", "tied", "open_seats"),
    [
        case("K-02 ten voted out of eleven", [5, 5], "short", "", "", 1, **ONE, base=11, valid=10),
        case("absences accepted: six of ten", [6, 4], "complete", "A", **ONE, base=12, valid=10,
             electorate={"excused_throughout": 2}),
        case("K-04 same absences, not accepted", [6, 4], "short", "", "", 1, **ONE, base=12, valid=10),
        case("K-07 two left before the vote", [6, 4], "short", "", "", 1, **ONE, base=12, valid=10),
        case("K-79 four above half, three seats", [11, 10, 8, 7], "complete", "ABC"),
        case("K-85 one paper not returned", [7, 4], "complete", "A", **ONE, valid=11, issued=12),
        case("K-86 short by one", [6, 5], "short", "", "", 1, **ONE, valid=11, issued=12),
        case("K-88 exactly one half", [5, 5], "short", "", "", 1, **ONE, base=10),
        case("K-89 everybody exactly one half", [7, 7, 7, 7], "short", "", "", 3, base=14),
        case("K-91 majority of valid, not of the base", [7, 3], "short", "", "", 1, **ONE, base=15, valid=10,
             invalid=5),
        case("K-92 many invalid, still elected", [8, 2], "complete", "A", **ONE, base=15, valid=10, invalid=5),
        case("K-94 unaccepted absences", [6, 2], "short", "", "", 1, **ONE, valid=8),
        case("K-95 same absences accepted", [5, 3], "complete", "A", **ONE, valid=8,
             electorate={"excused_throughout": 4}),
        case("tie at the last seat", [10, 9, 8, 8], "tie", "AB", "CD", 1, base=12),
        case("K-97 tie re-vote, clear", [7, 5], "complete", "A", seats=1, kind="tie_revote", ballot_round=2),
        case("K-98 tie re-vote, no majority", [6, 5], "complete", "A", seats=1, kind="tie_revote", ballot_round=2,
             valid=11, invalid=1),
        case("tie re-vote tied again", [6, 6], "tie_again", "", "AB", 1, seats=1, kind="tie_revote",
             ballot_round=2),
        case("K-100 three tied for two seats", [12, 9, 9, 9], "tie", "A", "BCD", 2, base=13),
        case("K-101 three tied in a committee of five", [19, 18, 17, 13, 13, 13], "tie", "ABC", "DEF", 2, seats=5,
             base=20, valid=19, invalid=1),
        case("K-103 tie inside the winners", [9, 9, 9, 5], "complete", "ABC"),
        case("K-104 tie below half", [10, 9, 6, 6], "short", "AB", "", 1),
        case("K-106 second round keeps the majority", [6, 5], "short", "", "", 1, **TWO_ROUNDS, valid=11, invalid=1),
        case("K-107 second round succeeds", [8, 4], "complete", "A", **TWO_ROUNDS),
        case("K-109 six members, unanimous", [(6, 0)], "complete", "A", **ONE, base=6),
        case("K-110 three to three on one name", [(3, 3)], "short", "", "", 1, **ONE, base=6),
        case("K-113 no surplus, one below half", [(9, 1), (5, 4)], "short", "A", "", 1, seats=2, base=10,
             office="delegates"),
        case("first ballot four to four", [4, 4], "short", "", "", 1, **ONE, base=8),
        case("K-115 third ballot also fails", [4, 4], "superior_appoints", "", "", 1, **ONE, base=8, ballot_round=3),
        case("K-116 third ballot succeeds", [5, 3], "complete", "A", **ONE, base=8, ballot_round=3),
        case("K-119 phó bí thư fails again", [6, 6], "short", "", "", 1, seats=1, office="deputy_secretary",
             ballot_round=3),
        case("K-127 delegates: too few", [22, 15, 12, 11], "short", "A", "", 1, seats=2, base=30, office="delegates"),
    ],
)  # fmt: skip
def test_the_result(votes, figures, status, elected, tied, open_seats):
    result = decided(votes, **figures)

    assert (result.status, result.elected, result.tied, result.open_seats) == (
        status,
        tuple(elected),
        tuple(tied),
        open_seats,
    )
    assert not result.errors


@pytest.mark.rule("E-13")
@pytest.mark.rule("E-08")
@pytest.mark.parametrize(
    ("base", "deductions", "election_base", "needed"),
    [
        pytest.param(12, {}, 12, 7, id="K-01 plain branch"),
        pytest.param(12, {"excused_throughout": 2}, 10, 6, id="two accepted absences"),
        pytest.param(9, {"exempt_absent": 2}, 7, 4, id="K-08 both exempt absent"),
        pytest.param(9, {"exempt_absent": 1}, 8, 5, id="K-08 one exempt comes"),
        pytest.param(9, {}, 9, 5, id="K-08 both exempt come"),
        pytest.param(14, {}, 14, 8, id="K-11 fourteen official"),
        pytest.param(11, {"temporarily_elsewhere_absent": 1}, 10, 6, id="K-13 temporarily elsewhere, absent"),
        pytest.param(11, {}, 11, 6, id="K-13 came back to vote"),
        pytest.param(20, {"excused_throughout": 3}, 17, 9, id="K-17 accepted"),
        pytest.param(20, {}, 20, 11, id="K-17 not accepted"),
        pytest.param(3, {}, 3, 2, id="K-124 three-member branch"),
    ],
)
def test_the_base(base, deductions, election_base, needed):
    present = base - sum(deductions.values())
    votes = [present, 0]

    result = decided(votes, seats=1, office="secretary", base=base, valid=present, electorate=deductions)

    assert (result.base, result.needed) == (election_base, needed)


@pytest.mark.rule("E-63a")
@pytest.mark.rule("E-63d")
@pytest.mark.rule("E-63e")
@pytest.mark.rule("E-63g")
@pytest.mark.rule("E-63h")
@pytest.mark.parametrize(
    ("votes", "figures", "code"),
    [
        pytest.param([14, 14, 14, 9], {"base": 14, "valid": 17, "present": 14}, "F401", id="K-11 17 papers for 14"),
        pytest.param([9] * 9, {"seats": 8, "base": 40, "valid": 40}, "F305", id="K-26 eight chi ủy seats"),
        pytest.param([(9, 1)] * 3, {"base": 10}, "F308", id="K-31 three seats, three names"),
        pytest.param([11, 10, 9, 8], {}, "F504", id="K-80 too many votes"),
        pytest.param([3, 3, 3, 2], {}, "F505", id="fewer votes than valid papers"),
        pytest.param([11, 8, 6, 2], {"valid": 10, "invalid": 2}, "F503", id="K-82 more votes than valid papers"),
        pytest.param([10, 8, 6, 2], {"valid": 10, "invalid": 1, "returned": 12}, "F403", id="K-83 valid + invalid"),
        pytest.param([12, 11, 7, 6], {"issued": 11, "present": 12}, "F402", id="more returned than issued"),
        pytest.param([(6, 5)], {**ONE}, "F506", id="single name does not add up"),
        pytest.param([(8, 3), (9, 1)], {"seats": 2, "base": 10, "office": "delegates"}, "F507", id="K-112 over V"),
    ],
)
def test_the_error(votes, figures, code):
    result = decided(votes, **figures)

    assert result.status is Status.REJECTED
    assert result.elected == ()
    assert code in codes(result)


@pytest.mark.rule("E-36")
@pytest.mark.rule("E-35")
@pytest.mark.parametrize(
    ("seats", "names", "warned"),
    [
        pytest.param(5, 6, False, id="K-34a five seats, six names"),
        pytest.param(5, 7, True, id="K-34b five seats, seven names"),
        pytest.param(7, 9, False, id="K-35a seven seats, nine names"),
        pytest.param(7, 10, True, id="K-35b seven seats, ten names"),
        pytest.param(180, 220, False, id="K-37 220 names for 180 seats"),
        pytest.param(20, 26, False, id="K-37 exactly 30 percent is within"),
        pytest.param(20, 27, True, id="one name above 30 percent"),
        pytest.param(3, 4, False, id="three seats, four names"),
        pytest.param(3, 5, True, id="three seats, five names"),
    ],
)
def test_the_ceiling_of_the_surplus(seats, names, warned):
    findings = slate_findings(Office.COMMITTEE, seats, names)

    assert [finding.code for finding in findings] == (["W301"] if warned else [])


@pytest.mark.rule("E-35")
def test_k47_a_withdrawal_that_removes_the_surplus_is_an_error():
    assert [finding.code for finding in slate_findings(Office.BRANCH_COMMITTEE, 3, 3)] == ["F308"]


@pytest.mark.rule("E-41")
def test_k49_two_names_for_bi_thu_make_a_strike_out_paper():
    result = decided([7, 5], **ONE)

    assert (result.layout, result.elected, result.findings) == (Layout.STRIKE_OUT, ("A",), ())


@pytest.mark.rule("E-12")
@pytest.mark.parametrize(("raised", "adopted"), [(6, False), (7, True)])
def test_k56_number_and_list_are_adopted_by_more_than_half_of_the_resolution_base(raised, adopted):
    assert MORE_THAN_HALF.is_met(raised, base=Electorate(12, excused_throughout=1).resolution_base) is adopted


@pytest.mark.rule("E-46")
@pytest.mark.rule("E-47")
@pytest.mark.rule("E-44")
def test_k76_whole_urn_with_surplus():
    papers = kept("ABC", "ABC", "ABD", "ACD", "AB", "ABC", "A", "BCD", "ABCD", "", "ABC", "ABC!signed")

    result = decided(papers=papers, issued=12, slate=list("ABCD"))

    assert (result.ballots.valid, result.ballots.invalid) == (9, 3)
    assert result.votes == {"A": 8, "B": 7, "C": 6, "D": 3}
    assert (result.status, result.elected, result.open_seats) == (Status.SHORT, ("A", "B"), 1)


@pytest.mark.rule("E-46")
@pytest.mark.rule("E-45")
@pytest.mark.rule("E-63g")
def test_k77_whole_urn_with_two_names_and_no_surplus():
    papers = marked("++", "++", "++", "++", "++", "++", "+-", "+-", "#+", "0-")

    result = decided(papers=papers, issued=10, base=10, slate=list("AB"), seats=2, office="delegates")

    votes = result.to_dict()["votes"]
    assert (result.ballots.valid, result.ballots.invalid) == (10, 0)
    assert votes == {"A": {"agree": 8, "disagree": 0}, "B": {"agree": 7, "disagree": 3}}
    assert (result.status, result.elected) == (Status.COMPLETE, ("A", "B"))


@pytest.mark.rule("E-53")
def test_k130_between_equals_nothing_is_chosen_by_age_or_order():
    result = decided([9, 9], seats=1, kind="tie_revote", base=18)

    assert (result.elected, result.tied) == ((), ("A", "B"))


def test_every_worked_case_of_the_rulebook_is_in_a_test():
    told = (ROOT / "docs/rulebook/worked_cases.md").read_text(encoding="utf-8")
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))

    cases = set(re.findall(r"^\*\*K-(\d+)", told, re.MULTILINE))
    tested = {one or other for one, other in re.findall(r"\bK-(\d+)|_k(\d+)_", tests)}

    assert len(cases) == 96
    assert sorted(cases - tested) == []
