from dataclasses import replace
from datetime import date

import pytest

from congress.rules.bases import Assembly, Electorate
from congress.rules.quorum import quorum, quorum_steps, representation, representation_step
from congress.rules.regimes import in_force
from congress.rules.rights import Standing, counts_in_election_base, is_summoned, rights_of
from congress.rules.texts import Parameter, Texts

REGIME = in_force(date(2025, 7, 20))


@pytest.mark.rule("E-12")
@pytest.mark.rule("E-13")
@pytest.mark.parametrize(
    ("electorate", "resolution_base", "election_base"),
    [
        pytest.param(Electorate(12), 12, 12, id="K-01 everybody"),
        pytest.param(Electorate(20, excused_throughout=3), 20, 17, id="K-17 accepted absence counts for resolutions"),
        pytest.param(Electorate(9, exempt_absent=2), 7, 7, id="K-08 exempt absent leave both"),
        pytest.param(Electorate(11, temporarily_elsewhere_absent=1), 10, 10, id="K-13 elsewhere leaves both"),
        pytest.param(Electorate(11, suspended_or_prosecuted=1), 10, 10, id="suspended are in neither (E-09)"),
        pytest.param(Electorate(12, 1, 2, 3, 4), 6, 2, id="every deduction once"),
    ],
)
def test_two_bases(electorate, resolution_base, election_base):
    assert (electorate.resolution_base, electorate.election_base) == (resolution_base, election_base)


@pytest.mark.rule("E-14")
@pytest.mark.parametrize(
    ("electorate", "resolution_base", "election_base"),
    [
        pytest.param(Electorate(40), 40, 40, id="every delegate came"),
        pytest.param(Electorate(40, unreplaced_absent=1), 40, 39, id="a delegate without alternate leaves the base"),
        pytest.param(Electorate(40, convening_members_absent=2), 40, 38, id="absent members of the committee leave it"),
        pytest.param(Electorate(40, convening_members_absent=1, unreplaced_absent=2), 40, 37, id="both"),
    ],
)
def test_two_bases_of_a_delegate_congress(electorate, resolution_base, election_base):
    delegates = replace(electorate, assembly=Assembly.DELEGATES)

    steps = delegates.election_steps(REGIME)

    assert (delegates.resolution_base, delegates.election_base) == (resolution_base, election_base)
    assert steps[0].rule == "E-14"
    assert steps[0].text.endswith(", không trừ ai." if election_base == 40 else f"= {election_base}.")


@pytest.mark.parametrize(
    ("electorate", "codes"),
    [
        pytest.param(Electorate(12, present=12), [], id="everybody present"),
        pytest.param(Electorate(12, 1, 1, 1, 1, present=8), [], id="all accounted for"),
        pytest.param(Electorate(12, 1, 1, 1, 1, present=9), ["F204"], id="one more present than can be"),
        pytest.param(Electorate(3, 1, 1, 1, 1), ["F202"], id="more deducted than called"),
        pytest.param(Electorate(3, 1, 1, 1, 0), ["F203"], id="nobody left"),
        pytest.param(Electorate(0), ["F203"], id="nobody called"),
        pytest.param(Electorate(12, -1), ["F201"], id="a negative figure"),
        pytest.param(Electorate(12, present=None), [], id="not counted yet"),
        pytest.param(Electorate(1, exempt_absent=1, present=1), ["F203", "F204"], id="both at once"),
    ],
)
def test_attendance_that_cannot_be_is_found(electorate, codes):
    assert [finding.code for finding in electorate.findings()] == codes


def test_the_sentence_names_both_figures():
    (finding,) = Electorate(3, 1, 1, 1, 1).findings()

    assert finding.message == "Trừ 4 đảng viên nhưng chỉ triệu tập 3 đảng viên."


def test_the_base_is_explained_with_each_deduction():
    steps = Electorate(12, 1, 0, 0, 1, present=10).election_steps(REGIME)

    assert [step.rule for step in steps] == ["E-13", "E-51"]
    assert steps[0].text == (
        "Cơ sở tính kết quả: triệu tập 12 − 1 (sinh hoạt tạm thời nơi khác, vắng mặt)"
        " − 1 (vắng suốt đại hội, lý do được chấp nhận) = 10."
    )
    assert steps[0].citation == "Quyết định 190-QĐ/TW ngày 10/10/2024, Điều 30 khoản 2 – chưa kiểm chứng (U-04)"
    assert steps[0].certainty == "chưa kiểm chứng (U-04)"
    assert steps[1].text == "Cần quá một nửa của 10: ít nhất 6 phiếu."
    assert [step.rule for step in Electorate(0).election_steps(REGIME)] == ["E-13"]
    assert Electorate(12).election_steps(REGIME)[0].certainty == ""


def test_the_base_of_card_votes_is_explained_without_accepted_absences():
    (step,) = Electorate(20, 1, 2, 0, 3).resolution_steps(REGIME)

    assert step.text.endswith("vắng mặt) − 2 (miễn công tác và sinh hoạt, vắng mặt) = 17.")
    assert step.citation == "Quy định 294-QĐ/TW ngày 26/5/2025, điểm 9.3.2"


@pytest.mark.rule("E-10")
@pytest.mark.parametrize(
    ("electorate", "needed", "met", "other_met"),
    [
        pytest.param(Electorate(15, present=10), 10, True, True, id="K-19 exactly two thirds"),
        pytest.param(Electorate(15, present=9), 10, False, False, id="K-19 one short"),
        pytest.param(Electorate(12, exempt_absent=3, present=6), 6, True, False, id="K-20 depends on the reading"),
        pytest.param(Electorate(12, exempt_absent=3, present=8), 6, True, True, id="enough in both readings"),
    ],
)
def test_quorum(electorate, needed, met, other_met):
    result = quorum(electorate, REGIME)

    assert (result.needed, result.met, result.other_met) == (needed, met, other_met)
    assert result.depends_on_reading is (met is not other_met)
    assert len(quorum_steps(result, REGIME)) == (2 if result.depends_on_reading else 1)
    assert "chưa kiểm chứng" in quorum_steps(result, REGIME)[0].citation


@pytest.mark.rule("E-10")
def test_share_and_base_of_the_quorum_are_parameters_of_the_regime():
    changed = {"quorum": Parameter((1, 2), "C1"), "quorum_base": Parameter("summoned", "C1")}
    regime = replace(REGIME, defaults=Texts((), dict(REGIME.defaults.parameters) | changed))

    result = quorum(Electorate(12, exempt_absent=4, present=5), regime)

    assert (result.base, result.needed, result.met) == (12, 6, False)
    assert (result.other_base, result.other_needed, result.other_met) == (8, 4, True)


def test_with_nobody_called_there_is_no_quorum():
    assert quorum(Electorate(0, present=0), REGIME).met is False


def test_quorum_needs_a_count():
    with pytest.raises(ValueError, match="present"):
        quorum(Electorate(12), REGIME)


@pytest.mark.rule("E-11")
@pytest.mark.rule("E-09")
@pytest.mark.parametrize(
    ("standing", "summoned", "nominate", "stand", "vote"),
    [
        (Standing.OFFICIAL, True, True, True, True),
        (Standing.PROBATIONARY, True, True, False, False),
        (Standing.TEMPORARY_HERE, True, True, False, False),
        (Standing.TEMPORARILY_ELSEWHERE, True, True, True, True),
        (Standing.EXEMPT, True, True, True, True),
        (Standing.SUSPENDED_OR_PROSECUTED, False, False, False, False),
        (Standing.UNDER_REVIEW, True, True, True, True),
    ],
)
def test_rights_by_class(standing, summoned, nominate, stand, vote):
    rights = rights_of(standing)

    assert (rights.summoned, rights.nominate, rights.stand, rights.vote) == (summoned, nominate, stand, vote)
    assert is_summoned(standing) is summoned
    assert bool(rights.caution) is (standing in (Standing.EXEMPT, Standing.UNDER_REVIEW))


@pytest.mark.rule("E-08")
@pytest.mark.parametrize(
    ("standing", "present", "excused", "counts"),
    [
        pytest.param(Standing.EXEMPT, False, False, False, id="exempt and absent"),
        pytest.param(Standing.EXEMPT, True, False, True, id="K-10 exempt and present"),
        pytest.param(Standing.TEMPORARILY_ELSEWHERE, False, False, False, id="K-13 elsewhere and absent"),
        pytest.param(Standing.TEMPORARILY_ELSEWHERE, True, False, True, id="K-13 came back"),
        pytest.param(Standing.OFFICIAL, False, False, True, id="K-04 absence not accepted"),
        pytest.param(Standing.OFFICIAL, False, True, False, id="absence accepted"),
        pytest.param(Standing.OFFICIAL, True, True, True, id="K-05 came for the last hour"),
        pytest.param(Standing.UNDER_REVIEW, True, False, True, id="K-16 under review"),
        pytest.param(Standing.PROBATIONARY, True, False, False, id="K-11 probationary"),
        pytest.param(Standing.TEMPORARY_HERE, True, False, False, id="K-14 visitor"),
        pytest.param(Standing.SUSPENDED_OR_PROSECUTED, True, False, False, id="suspended"),
    ],
)
def test_who_counts_in_the_election_base(standing, present, excused, counts):
    assert counts_in_election_base(standing, present=present, excused_throughout=excused) is counts


@pytest.mark.rule("E-10")
@pytest.mark.parametrize(
    ("called", "represented", "needed", "met"),
    [
        pytest.param(9, 5, 6, False, id="one below"),
        pytest.param(9, 6, 6, True, id="exactly two thirds"),
        pytest.param(10, 7, 7, True, id="rounded up"),
        pytest.param(1, 1, 1, True, id="a single organization"),
        pytest.param(0, 0, 1, False, id="nobody sent delegates"),
    ],
)
def test_two_thirds_of_the_organizations_are_represented(called, represented, needed, met):
    result = representation(called, represented, REGIME)

    assert (result.needed, result.met) == (needed, met)
    assert ("chưa đủ" in representation_step(result, REGIME).text) is not met
