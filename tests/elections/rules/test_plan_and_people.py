from datetime import date

import pytest

from congress.rules.regimes import in_force
from congress.rules.rights import Standing
from elections.rules.case import Office
from elections.rules.nomination import (
    may_stand,
    must_withdraw,
    needs_opinion_ballot,
    opinion_ballot,
    standing_findings,
    support_findings,
)
from elections.rules.offices import limit, plan_findings, seat_findings
from elections.rules.people import leader_findings, planned_leader_findings, teller_findings
from elections.rules.surplus import names_at_most, single_name_allowed, surplus_ceiling, surplus_required

OLD, NEW = in_force(date(2022, 5, 1)), in_force(date(2025, 5, 1))
WHOLE = [Office.BRANCH_COMMITTEE, Office.SECRETARY, Office.DEPUTY_SECRETARY]
LEADERS = WHOLE[1:]


def codes(findings):
    return [finding.code for finding in findings]


@pytest.mark.rule("E-15")
@pytest.mark.rule("E-17")
@pytest.mark.parametrize(
    ("offices", "members", "found"),
    [
        pytest.param(LEADERS, 8, [], id="K-22 eight: bí thư and phó bí thư directly"),
        pytest.param(WHOLE, 8, ["W303"], id="K-22 eight, chi ủy planned"),
        pytest.param(WHOLE, 9, [], id="K-23 nine: chi ủy first"),
        pytest.param([Office.SECRETARY], 9, ["W307"], id="K-25 nine without chi ủy: warned, not blocked"),
        pytest.param(LEADERS[::-1], 8, ["F708"], id="phó bí thư before bí thư"),
        pytest.param([*LEADERS, Office.SECRETARY], 8, ["F708"], id="bí thư twice"),
        pytest.param([*WHOLE, Office.DELEGATES], 9, [], id="delegates have their own place"),
    ],
)
def test_the_plan(offices, members, found):
    assert codes(plan_findings(offices, members, NEW)) == found
    assert codes(plan_findings(offices, members)) == found


@pytest.mark.rule("E-16")
@pytest.mark.parametrize(
    ("office", "seats", "found"),
    [
        pytest.param(Office.COMMITTEE, 0, ["F304"], id="nobody"),
        pytest.param(Office.COMMITTEE, 1, [], id="one"),
        pytest.param(Office.BRANCH_COMMITTEE, 2, ["W302"], id="chi ủy of two"),
        pytest.param(Office.BRANCH_COMMITTEE, 3, [], id="chi ủy of three"),
        pytest.param(Office.BRANCH_COMMITTEE, 7, [], id="chi ủy of seven"),
        pytest.param(Office.BRANCH_COMMITTEE, 8, ["F305"], id="K-26 chi ủy of eight"),
        pytest.param(Office.DEPUTY_SECRETARY, 1, [], id="one phó bí thư"),
        pytest.param(Office.DEPUTY_SECRETARY, 2, ["F306"], id="two phó bí thư"),
    ],
)
def test_how_many_may_be_elected(office, seats, found):
    assert codes(seat_findings(office, seats)) == found
    assert codes(seat_findings(office, seats, NEW)) == found


@pytest.mark.rule("E-16")
@pytest.mark.parametrize(("seats", "people", "found"), [(15, 15, []), (16, 15, ["F311"]), (40_000, None, [])])
def test_nobody_elects_more_than_are_called(seats, people, found):
    assert codes(seat_findings(Office.COMMITTEE, seats, NEW, people=people)) == found


def test_without_a_regime_the_numbers_are_those_of_the_latest():
    names = ("branch_committee_seats_at_most", "branch_committee_from_members", "secretary_ballots_at_most")

    assert [limit(None, name) for name in names] == [limit(NEW, name) for name in names] == [7, 9, 3]
    with pytest.raises(ValueError, match="no complaint_days"):
        limit(OLD, "complaint_days")


@pytest.mark.rule("E-35")
@pytest.mark.rule("E-36")
@pytest.mark.rule("E-41")
@pytest.mark.parametrize(
    ("seats", "ceiling"), [(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (7, 2), (9, 2), (10, 3), (20, 6), (180, 54)]
)
def test_surplus(seats, ceiling):
    assert surplus_ceiling(seats) == ceiling
    assert names_at_most(seats) == seats + ceiling


def test_only_committees_must_have_surplus():
    assert [office for office in Office if surplus_required(office)] == [Office.BRANCH_COMMITTEE, Office.COMMITTEE]
    assert [single_name_allowed(office) for office in Office] == [not surplus_required(office) for office in Office]


@pytest.mark.rule("E-31")
@pytest.mark.rule("E-30")
@pytest.mark.parametrize(
    ("standing", "found"),
    [
        (Standing.OFFICIAL, []),
        (Standing.TEMPORARILY_ELSEWHERE, []),
        pytest.param(Standing.PROBATIONARY, ["F705"], id="probationary"),
        pytest.param(Standing.TEMPORARY_HERE, ["F705"], id="K-14 visitor"),
        pytest.param(Standing.SUSPENDED_OR_PROSECUTED, ["F705"], id="suspended"),
        pytest.param(Standing.UNDER_REVIEW, ["W702"], id="K-16 under review"),
        pytest.param(Standing.EXEMPT, ["W710"], id="U-03 exempt"),
    ],
)
def test_who_may_stand(standing, found):
    assert codes(standing_findings("An", standing)) == found
    assert may_stand(standing) is ("F705" not in found)


@pytest.mark.rule("E-32")
@pytest.mark.parametrize(
    ("outgoing", "on_list", "committee", "must"),
    [
        pytest.param(True, False, True, True, id="K-43 outgoing, not on the list"),
        pytest.param(True, True, True, False, id="on the committee's list"),
        pytest.param(False, False, True, False, id="not of the committee"),
        pytest.param(True, False, False, False, id="K-44 bí thư convened alone: unsettled"),
    ],
)
def test_who_must_withdraw(outgoing, on_list, committee, must):
    assert (
        must_withdraw(outgoing_committee_member=outgoing, on_committee_list=on_list, committee_exists=committee) is must
    )


@pytest.mark.rule("E-32")
def test_a_committee_convenes_unless_told_otherwise():
    assert must_withdraw(outgoing_committee_member=True, on_committee_list=False)


@pytest.mark.rule("E-37")
@pytest.mark.parametrize(
    ("regime", "support", "attending", "found"),
    [
        pytest.param(NEW, 5, 17, ["F707"], id="K-40 five of seventeen"),
        pytest.param(NEW, 6, 17, [], id="K-40 six of seventeen"),
        pytest.param(NEW, 3, 10, ["F707"], id="exactly 30 percent"),
        pytest.param(NEW, None, 10, ["F712"], id="not counted yet"),
        pytest.param(OLD, None, 10, [], id="nothing to count under 244"),
        pytest.param(OLD, 1, 10, [], id="K-41 no test under 244"),
    ],
)
def test_the_support_test(regime, support, attending, found):
    assert codes(support_findings("P", support, attending, regime)) == found


@pytest.mark.rule("E-38")
@pytest.mark.parametrize(
    ("support", "committee", "seats", "joining", "tied", "room"),
    [
        pytest.param({"P": 7, "Q": 5}, 3, 3, ("P",), (), 1, id="K-32 room for one"),
        pytest.param({"P": 6, "Q": 6}, 3, 3, (), ("P", "Q"), 1, id="K-55 tie at the cut: the congress decides"),
        pytest.param({"P": 9}, 4, 3, (), (), 0, id="U-21 the committee uses all the room"),
        pytest.param({"P": 9}, 5, 3, (), (), 0, id="a committee name is never dropped"),
        pytest.param({"P": 2, "Q": 9, "R": 4}, 7, 7, ("Q", "R"), (), 2, id="from most support downward"),
        pytest.param({"P": 9}, 7, 7, ("P",), (), 2, id="room left"),
        pytest.param({"P": 0}, 3, 3, ("P",), (), 1, id="room even for a name without support"),
    ],
)
def test_the_opinion_ballot(support, committee, seats, joining, tied, room):
    result = opinion_ballot(support, committee_names=committee, seats=seats)

    assert (result.joining, result.tied, result.room) == (joining, tied, room)


@pytest.mark.rule("E-38")
def test_an_opinion_ballot_is_needed_above_the_ceiling_only():
    assert not needs_opinion_ballot(3, 1, 3)
    assert needs_opinion_ballot(3, 2, 3)


@pytest.mark.rule("E-63i")
def test_k122_tellers_are_present_official_and_not_on_the_slate():
    names = {"n": "Vũ Thị Ngân"}

    found = list(teller_findings(["n", "x", "t"], slate={"n"}, official_present={"n", "t"}, names=names))

    assert codes(found) == ["F701", "F702"]
    assert found[0].message == "“Vũ Thị Ngân” có trong danh sách bầu cử nên không thể kiểm phiếu."


@pytest.mark.rule("E-15")
def test_k50_leaders_come_from_the_new_chi_uy():
    new = {"A", "B", "C"}

    assert codes(leader_findings(Office.SECRETARY, ["A", "D"], new, {})) == ["F704"]
    assert codes(leader_findings(Office.DEPUTY_SECRETARY, ["B"], new, {})) == []
    assert codes(leader_findings(Office.SECRETARY, ["D"], None, {})) == []
    assert codes(leader_findings(Office.DELEGATES, ["D"], new, {})) == []


@pytest.mark.rule("E-57")
def test_a_planned_leader_who_fails_stops_the_vote():
    assert codes(planned_leader_findings(Office.SECRETARY, "A", {"B"}, {})) == ["W703"]
    assert codes(planned_leader_findings(Office.SECRETARY, "A", {"A"}, {})) == []
    assert codes(planned_leader_findings(Office.SECRETARY, "A", {"A"}, {}, at_meeting=True)) == []


@pytest.mark.rule("E-57")
def test_only_at_a_congress_the_pause_is_unverified():
    """The text speaks of the first meeting of a committee."""
    (at_congress,) = planned_leader_findings(Office.SECRETARY, "A", {"B"}, {}, NEW)
    (at_meeting,) = planned_leader_findings(Office.SECRETARY, "A", {"B"}, {}, NEW, at_meeting=True)

    assert (at_congress.certainty, at_meeting.certainty) == ("chưa kiểm chứng", "")
    assert at_congress.message == f"{at_meeting.message} Quy định về việc này chưa kiểm chứng."
