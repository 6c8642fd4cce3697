"""From names proposed to the slate: restrictions, withdrawals, the opinion ballot, alternates."""

from dataclasses import replace
from datetime import date

import pytest

from congress.rules.bases import Assembly
from congress.rules.regimes import in_force
from congress.rules.texts import Parameter
from elections.rules.case import Ballots, Office
from elections.rules.delegates import Alternates, alternate_findings, settle_alternates
from elections.rules.nomination import opinion_ballot, visitors_nominate
from elections.rules.opinion import opinion_count_findings, opinion_needed_findings, opinion_tie_findings
from elections.rules.people import available_findings
from elections.rules.surplus import names_at_most_in, rounding_decides, surplus_ceiling
from elections.rules.withdrawal import (
    Proposal,
    candidate_findings,
    named_nominator_findings,
    nominator_findings,
    proposals_open,
    withdrawal_findings,
)

NOW = in_force(date(2025, 5, 1))


def codes(findings):
    return [finding.code for finding in findings]


def with_parameter(name, value, certainty="C1"):
    changed = dict(NOW.regulation.parameters) | {name: Parameter(value, certainty)}
    return replace(NOW, regulation=replace(NOW.regulation, parameters=changed))


@pytest.mark.rule("E-31")
def test_visitors_nominate_where_all_members_meet_and_nowhere_else():
    assert [assembly for assembly in Assembly if visitors_nominate(assembly)] == [Assembly.MEMBERS]


@pytest.mark.rule("E-32")
@pytest.mark.parametrize(
    ("convening", "listed", "committee", "regime", "nominator", "candidate"),
    [
        pytest.param(True, False, True, NOW, ["F709"], ["F706"], id="K-43 of the committee, off its list"),
        pytest.param(True, True, True, NOW, [], [], id="on the committee's list"),
        pytest.param(False, False, True, NOW, [], [], id="an ordinary member"),
        pytest.param(True, False, False, NOW, ["W704"], ["W708"], id="K-44 bí thư alone: unsettled"),
        pytest.param(True, False, False, None, ["W704"], ["W708"], id="no regime known: the same"),
        pytest.param(
            True, False, False, with_parameter("lone_secretary_restricted", "yes"), ["F709"], ["F706"], id="bound"
        ),
        pytest.param(
            True, False, False, with_parameter("lone_secretary_restricted", "no"), [], [], id="free by the regime"
        ),
        pytest.param(True, True, False, NOW, [], [], id="bí thư alone, on the list"),
        pytest.param(False, False, False, NOW, [], [], id="no committee, an ordinary member"),
    ],
)
def test_the_restriction_of_the_convening_committee(convening, listed, committee, regime, nominator, candidate):
    figures = {
        "convening_member": convening,
        "on_committee_list": listed,
        "committee_exists": committee,
        "regime": regime,
    }

    assert codes(nominator_findings("Bình", "An", **figures)) == nominator
    assert codes(candidate_findings("An", **figures)) == candidate


@pytest.mark.rule("U-07")
def test_what_is_unsettled_says_so():
    (finding,) = nominator_findings(
        "Bình", "An", convening_member=True, on_committee_list=False, committee_exists=False
    )

    assert finding.certainty == "chưa kiểm chứng (U-07)"
    assert finding.message.endswith("Quy định về việc này chưa kiểm chứng (U-07).")


@pytest.mark.rule("E-33")
def test_a_nomination_has_the_name_of_a_person():
    assert codes(named_nominator_findings("An", "Bình")) == []
    for nobody in (None, "", "  "):
        assert codes(named_nominator_findings("An", nobody)) == ["F710"]


@pytest.mark.rule("E-34")
def test_what_the_presidium_may_propose():
    assert proposals_open(must=True) == (Proposal.MUST,)
    assert proposals_open(must=False) == (Proposal.MAY, Proposal.REFUSE)


@pytest.mark.rule("E-34")
@pytest.mark.parametrize(
    ("office", "names", "seats", "found"),
    [
        pytest.param(Office.BRANCH_COMMITTEE, 4, 3, ["W312"], id="K-47 the surplus would be gone"),
        pytest.param(Office.BRANCH_COMMITTEE, 5, 3, [], id="one name of surplus stays"),
        pytest.param(Office.BRANCH_COMMITTEE, 3, 3, ["W312"], id="there is none already"),
        pytest.param(Office.SECRETARY, 2, 1, [], id="no surplus needed"),
    ],
)
def test_a_withdrawal_and_the_surplus(office, names, seats, found):
    findings = list(withdrawal_findings("An", office, names=names, seats=seats))

    assert codes(findings) == found
    assert all(f"còn {names - 1} người để bầu {seats}" in finding.message for finding in findings)


@pytest.mark.rule("E-38")
@pytest.mark.parametrize(
    ("ballots", "support", "present", "found"),
    [
        pytest.param(Ballots(12, 12, 11, 1), {"P": 11, "Q": 0}, 12, [], id="adds up"),
        pytest.param(Ballots(12, 12, 11, 1), {"P": 12}, 12, ["F509"], id="more support than valid papers"),
        pytest.param(Ballots(13, 13, 12, 1), {}, 12, ["F401"], id="more issued than present"),
        pytest.param(Ballots(12, 13, 12, 1), {}, 12, ["F402"], id="more returned than issued"),
        pytest.param(Ballots(12, 11, 11, 0), {}, 12, ["W401"], id="one not returned"),
        pytest.param(Ballots(12, 12, 11, 0), {}, 12, ["F403"], id="valid and invalid are one too few"),
        pytest.param(Ballots(), {"P": None}, None, ["F110"] * 5, id="nothing entered"),
        pytest.param(Ballots(12, 12, 12, 0), {"P": -1}, 12, ["F104"], id="a negative figure"),
    ],
)
def test_the_count_of_an_opinion_ballot(ballots, support, present, found):
    assert codes(opinion_count_findings(ballots, support, present)) == found


@pytest.mark.rule("E-38")
def test_fields_of_the_opinion_ballot():
    findings = list(opinion_count_findings(Ballots(1, None, None, 1), {"P": 1, "Q": None}, 1, {"Q": "Lê Thị Quý"}))

    assert [finding.field for finding in findings] == ["G", "H", "L2"]
    assert findings[2].message == "Chưa nhập “số phiếu ủng hộ Lê Thị Quý”."


@pytest.mark.rule("E-38")
@pytest.mark.parametrize(
    ("committee", "others", "seats", "found"),
    [
        pytest.param(3, 1, 3, [], id="within the ceiling"),
        pytest.param(3, 2, 3, ["W311"], id="K-32 one name over"),
        pytest.param(4, 1, 3, ["W310"], id="U-21 the committee uses all the room"),
        pytest.param(5, 1, 3, ["W310"], id="and more"),
        pytest.param(4, 0, 3, [], id="nobody else was proposed"),
        pytest.param(180, 62, 180, ["W311"], id="K-38 62 more names for 180 seats"),
    ],
)
def test_when_an_opinion_ballot_is_needed(committee, others, seats, found):
    assert codes(opinion_needed_findings(committee, others, seats, NOW)) == found
    assert codes(opinion_needed_findings(committee, others, seats)) == found


@pytest.mark.rule("E-38")
def test_k55_a_tie_at_the_cut_is_for_the_congress():
    support = {"P": 6, "Q": 6, "R": 7}

    room = opinion_ballot(support, committee_names=7, seats=7)
    (finding,) = opinion_tie_findings(room, support, NOW, {"P": "Vũ Phú"})

    assert finding.message.startswith("Vũ Phú, Q cùng được 6 phiếu xin ý kiến, chỉ còn 1 chỗ trong danh sách.")
    assert finding.certainty == "chưa kiểm chứng (U-09)"
    assert codes(opinion_tie_findings(opinion_ballot({"P": 6}, committee_names=3, seats=3), {"P": 6})) == []


@pytest.mark.rule("E-38")
def test_k38_withdrawals_first_then_the_list_is_cut_at_the_ceiling():
    support = {f"n{number}": 100 - number for number in range(62 - 29)}

    room = opinion_ballot(support, committee_names=220, seats=180)

    assert len(room.joining) == room.room == 234 - 220
    assert room.joining[0] == "n0"


@pytest.mark.rule("E-36")
@pytest.mark.rule("U-08")
@pytest.mark.parametrize(
    ("seats", "down", "up"),
    [(1, 1, 1), (2, 1, 1), (3, 1, 1), (4, 1, 1), (5, 1, 1), (6, 1, 2), (7, 2, 3), (9, 2, 3), (10, 3, 3), (11, 3, 4)],
)
def test_the_two_ways_of_rounding_the_surplus(seats, down, up):
    rounded_up = with_parameter("surplus_rounding", "up")

    assert (surplus_ceiling(seats), surplus_ceiling(seats, rounding="up")) == (down, up)
    assert names_at_most_in(NOW, seats) == names_at_most_in(None, seats) == seats + down
    assert names_at_most_in(rounded_up, seats) == seats + up
    assert [rounding_decides(NOW, seats, seats + more) for more in (down, down + 1, up, up + 1)] == [
        False,
        down < up,
        down < up,
        False,
    ]


@pytest.mark.rule("E-15")
def test_k121_nobody_is_left_for_the_deputy():
    assert codes(available_findings(Office.DEPUTY_SECRETARY, {"A"}, {"A"})) == ["W705"]
    assert codes(available_findings(Office.DEPUTY_SECRETARY, {"A", "B"}, {"A"})) == []


@pytest.mark.rule("E-58")
@pytest.mark.parametrize(
    ("elected", "open_seats", "wanted", "expected"),
    [
        pytest.param("A", 0, 1, Alternates(("C",)), id="the next above half"),
        pytest.param("A", 0, 2, Alternates(("C", "B")), id="from high to low"),
        pytest.param("A", 0, 3, Alternates(("C", "B"), open_seats=1), id="nobody else above half"),
        pytest.param("A", 0, 0, Alternates(), id="no alternates wanted"),
        pytest.param("A", 1, 2, Alternates(open_seats=2, waiting=True), id="an official seat is open"),
        pytest.param("", 0, 1, Alternates((), ("A", "E"), 1), id="equals for the last seat: the congress"),
    ],
)
def test_alternates_follow_the_official_delegates(elected, open_seats, wanted, expected):
    support = {"A": 20, "B": 16, "C": 18, "D": 15} | ({} if elected else {"E": 20})

    settled = settle_alternates(support, set(elected), needed=16, open_seats=open_seats, wanted=wanted, regime=NOW)

    assert settled == expected
    assert settled == settle_alternates(support, set(elected), needed=16, open_seats=open_seats, wanted=wanted)


@pytest.mark.rule("E-58")
def test_alternates_that_need_their_own_vote():
    support = {"A": 20, "B": 18, "C": 18}
    own_vote = with_parameter("alternates_from_same_ballot", False)

    tie = settle_alternates(support, {"A"}, needed=16, open_seats=0, wanted=1)
    (finding,) = alternate_findings(tie, support, NOW, {"B": "Vũ Thị Bình"})
    few = settle_alternates(support, {"A"}, needed=19, open_seats=0, wanted=1)

    assert finding.message.startswith("Vũ Thị Bình, C cùng được 18 phiếu, chỉ còn 1 chỗ dự khuyết.")
    assert finding.certainty == "chưa kiểm chứng"
    assert codes(alternate_findings(few, support)) == ["W707"]
    assert codes(alternate_findings(Alternates(("B",)), support)) == []
    assert codes(alternate_findings(Alternates(open_seats=1, waiting=True), support)) == []
    assert settle_alternates(support, {"A"}, needed=16, open_seats=0, wanted=2, regime=own_vote) == Alternates(
        open_seats=2
    )
