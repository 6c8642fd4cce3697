"""U-22: who comes after the vote changes nothing; people are told only when it would."""

from dataclasses import replace

import pytest

from elections.rules.late_arrival import late_arrival_findings, would_flip
from elections.rules.reading import read_case
from tests.elections.rules.builders import line

ONE = {"seats": 1, "office": "secretary"}


def vote(votes, excused=1, **figures):
    case = read_case(line(votes, electorate={"excused_throughout": excused}, **figures))
    return case, replace(case.electorate, excused_throughout=excused - 1, present=case.electorate.present + 1)


@pytest.mark.rule("U-22")
@pytest.mark.rule("E-63k")
@pytest.mark.parametrize(
    ("votes", "figures", "flips"),
    [
        pytest.param([6, 5], {**ONE, "base": 12, "valid": 11}, True, id="six of eleven, but not of twelve"),
        pytest.param([7, 4], {**ONE, "base": 12, "valid": 11}, False, id="seven is enough for both"),
        pytest.param([5, 5], {**ONE, "base": 11, "valid": 10}, False, id="half of ten, short either way"),
        pytest.param([6, 4], {**ONE, "base": 11, "valid": 10}, False, id="six of ten and of eleven"),
        pytest.param([9, 8, 6, 6], {"base": 12, "valid": 11}, True, id="a tie above half falls below it"),
    ],
)
def test_an_alert_only_when_the_result_would_change(votes, figures, flips):
    case, electorate = vote(votes, **figures)

    found = list(late_arrival_findings(case, electorate))

    assert would_flip(case, electorate) is flips
    assert [finding.code for finding in found] == ["W709"] * flips


@pytest.mark.rule("U-22")
def test_who_came_later_took_no_paper_so_those_present_then_stay():
    case, electorate = vote([7, 4], **ONE, base=12, valid=11)

    for present in (None, 0, 99):
        assert not would_flip(replace(case, faults=None), replace(electorate, present=present))


@pytest.mark.rule("U-22")
def test_the_alert_names_both_bases():
    case, electorate = vote([6, 5], **ONE, base=12, valid=11)

    (finding,) = late_arrival_findings(case, electorate)

    assert "từ 11 thành 12" in finding.message
    assert finding.certainty == "chưa kiểm chứng (U-22)"


@pytest.mark.rule("E-63k")
def test_the_same_base_changes_nothing_and_an_unknown_one_has_no_alert():
    case, electorate = vote([6, 5], **ONE, base=12, valid=11)

    assert not would_flip(case, case.electorate)
    assert list(late_arrival_findings(replace(case, electorate=None), electorate)) == []
