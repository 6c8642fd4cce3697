"""What the texts leave open is a parameter: another regime reads it otherwise, and whoever decides by it says so."""

from dataclasses import replace
from datetime import date

import pytest

from congress.rules.bases import Assembly, Electorate
from congress.rules.quorum import quorum, quorum_steps
from congress.rules.regimes import in_force, use_folder
from congress.rules.rights import Standing
from congress.rules.texts import Parameter
from elections.rules.case import Flaw, Mark, Paper, Ruling
from elections.rules.decide import majority_needed
from elections.rules.layout import Layout
from elections.rules.nomination import needs_opinion_ballot, opinion_ballot, standing_findings
from elections.rules.papers import Doubt, Judgement, Readings, Reason, judge, readings_of
from elections.rules.reading import read_case
from tests.elections.rules.builders import decided, kept, line, marked

NOW = in_force(date(2025, 7, 20))
UNSETTLED = "chưa kiểm chứng"


def with_parameter(name, value, certainty="C1"):
    changed = dict(NOW.regulation.parameters) | {name: Parameter(value, certainty)}
    return replace(NOW, regulation=replace(NOW.regulation, parameters=changed), grounds={}, places={})


@pytest.fixture
def regime(tmp_path):
    """Puts a regulation of 2031 in force with parameters of its own, as an administrator would."""

    def put(**parameters):
        rows = {name: f'{{"value": {value}, "certainty": "C1"}}' for name, value in parameters.items()}
        text = ", ".join(f'"{name}": {row}' for name, row in rows.items())
        (tmp_path / "2031.json").write_text(
            '{"documents": [{"kind": "election_regulation", "code": "999-QĐ/TW", "title": "Quyết định 999-QĐ/TW (bịa)",'
            f' "effective_from": "2031-01-01", "certainty": "C1", "articles": {{}}, "parameters": {{{text}}}}}]}}',
            encoding="utf-8",
        )
        use_folder(tmp_path)

    yield put
    use_folder(None)


def later(votes=None, **figures):
    return decided(votes, held_on="2031-02-01", **figures)


def step(result, rule):
    return next(one for one in result.reasoning if one.rule == rule)


@pytest.mark.rule("E-13")
def test_accepted_absence_that_a_regime_does_not_deduct(regime):
    figures = {"seats": 1, "office": "secretary", "base": 12, "valid": 10, "electorate": {"excused_throughout": 2}}
    before = decided([6, 4], **figures)
    regime(excused_are_deducted="false")

    after = later([6, 4], **figures)

    assert (before.base, before.status) == (10, "complete")
    assert (after.base, after.needed, after.status) == (12, 7, "short")
    assert after.reasoning[0].text == "Cơ sở tính kết quả: triệu tập 12, không trừ ai."
    assert before.reasoning[0].certainty == f"{UNSETTLED} (U-04)"
    assert after.reasoning[0].certainty == ""


def test_only_accepted_absence_stays_in_that_base():
    regime = with_parameter("excused_are_deducted", False)
    everything = Electorate(20, 1, 2, 3, 4, 5, 1, 2, Assembly.DELEGATES)

    assert (everything.base_in(None), everything.base_in(NOW), everything.base_in(regime)) == (7, 7, 11)
    text = everything.election_steps(regime)[0].text
    assert [f"− {count} (" in text for count in (4,)] == [False]
    assert text.count("−") == 5
    assert Electorate(1).election_steps(NOW)[1].text == "Cần quá một nửa của 1: ít nhất 1 phiếu."


@pytest.mark.rule("E-53")
@pytest.mark.rule("E-55")
def test_whether_a_majority_is_needed_again(regime):
    revote = {"seats": 1, "kind": "tie_revote", "valid": 11, "invalid": 1, "base": 12}
    second = {"seats": 1, "ballot_round": 2, "valid": 11, "invalid": 1, "base": 12}
    assert (decided([6, 5], **revote).status, decided([6, 5], **second).status) == ("complete", "short")
    assert step(decided([6, 5], **revote), "E-53").certainty == f"{UNSETTLED} (U-12)"
    assert step(decided([6, 5], **second), "E-55").certainty == UNSETTLED
    regime(tie_revote_needs_majority="true", later_round_needs_majority="false")

    tied, again = later([6, 5], **revote), later([6, 5], **second)

    assert (tied.status, tied.elected) == ("short", ())
    assert step(tied, "E-53").text == "Bầu lại giữa những người bằng phiếu: vẫn phải quá một nửa."
    assert (again.status, again.elected) == ("complete", ("A",))
    assert (
        step(again, "E-55").text
        == "Lần bầu 2: A 6 phiếu, B 5 phiếu. Ai nhiều phiếu hơn thì trúng cử, không cần quá một nửa."
    )
    assert later([7, 4], **revote).status == "complete"
    assert later([6, 5], seats=1, valid=11, invalid=1, base=12).status == "short"


@pytest.mark.rule("E-55")
@pytest.mark.parametrize(
    ("kind", "number", "needed"), [("ordinary", 1, True), ("ordinary", 2, True), ("tie_revote", 2, False)]
)
def test_a_majority_as_the_rules_were_recalled(kind, number, needed):
    case = read_case(line([6, 5], seats=1, kind=kind, ballot_round=number))

    assert majority_needed(case, NOW) is needed
    assert majority_needed(case, with_parameter("later_round_needs_majority", False)) is (needed and number == 1)


DISAGREE = Paper(marks={"A": Mark.DISAGREE, "B": Mark.DISAGREE})
UNSTAMPED = Paper(kept=("A",), flaws=frozenset({Flaw.STAMP_MISSING}))
NO_BOX = Paper(marks={"A": Mark.NONE})


@pytest.mark.rule("E-47")
@pytest.mark.rule("E-48")
@pytest.mark.rule("E-49")
@pytest.mark.parametrize(
    ("paper", "layout", "readings", "judgement"),
    [
        pytest.param(DISAGREE, Layout.AGREE_DISAGREE, Readings(), Judgement(doubt=Doubt.ALL_DISAGREE), id="U-11"),
        pytest.param(DISAGREE, Layout.AGREE_DISAGREE, Readings("valid"), Judgement(), id="U-11 valid"),
        pytest.param(DISAGREE, Layout.AGREE_DISAGREE, Readings("invalid"), Judgement(Reason.NOBODY), id="U-11 invalid"),
        pytest.param(UNSTAMPED, Layout.STRIKE_OUT, Readings(), Judgement(doubt=Doubt.STAMP_MISSING), id="U-20 ruling"),
        pytest.param(UNSTAMPED, Layout.STRIKE_OUT, Readings(stamp_missing="valid"), Judgement(), id="U-20 valid"),
        pytest.param(NO_BOX, Layout.AGREE_DISAGREE, Readings(), Judgement(Reason.NO_BOX), id="no box: invalid"),
        pytest.param(
            NO_BOX,
            Layout.AGREE_DISAGREE,
            Readings(no_box="ruling"),
            Judgement(doubt=Doubt.UNCLEAR),
            id="ruling",
        ),
        pytest.param(
            Paper(marks={"A": Mark.BOTH}),
            Layout.AGREE_DISAGREE,
            Readings(no_box="ruling"),
            Judgement(Reason.BOTH_BOXES),
            id="both boxes stay invalid",
        ),
        pytest.param(
            Paper(marks={"A": Mark.AGREE, "B": Mark.DISAGREE}),
            Layout.AGREE_DISAGREE,
            Readings("invalid"),
            Judgement(),
            id="one agreed with",
        ),
        pytest.param(
            replace(NO_BOX, ruling=Ruling.VALID),
            Layout.AGREE_DISAGREE,
            Readings(no_box="ruling"),
            Judgement(),
            id="no box, ruled valid",
        ),
    ],
)
def test_papers_on_which_the_texts_are_silent(paper, layout, readings, judgement):
    assert judge(paper, layout, 1 if layout is Layout.STRIKE_OUT else 2, readings) == judgement


@pytest.mark.rule("E-48")
def test_the_regime_says_how_to_read_papers(regime):
    papers = {
        "papers": marked("--", "+-"),
        "issued": 2,
        "base": 2,
        "slate": ["A", "B"],
        "seats": 2,
        "office": "delegates",
    }
    stamps = {"papers": kept("A", "A!stamp_missing"), "issued": 2, "base": 2, "slate": ["A", "B"], "seats": 1}
    assert (decided(**papers).status, decided(**stamps, office="delegates").status) == ("needs_ruling", "needs_ruling")
    assert readings_of(None) == readings_of(NOW) == Readings("ruling", "ruling", "invalid")
    regime(all_disagree='"invalid"', stamp_missing='"valid"', no_box_on_single_name='"ruling"')

    result, stamped = later(**papers), later(**stamps, office="delegates")

    assert (result.ballots.valid, result.ballots.invalid) == (1, 1)
    assert (stamped.ballots.valid, stamped.status) == (2, "complete")
    assert readings_of(in_force(date(2031, 2, 1))) == Readings("invalid", "valid", "ruling")


@pytest.mark.rule("E-31")
@pytest.mark.parametrize(("value", "found"), [("yes", []), ("warn", ["W710"]), ("no", ["F705"])])
def test_whether_an_exempt_member_may_stand(value, found):
    findings = list(standing_findings("An", Standing.EXEMPT, with_parameter("exempt_may_stand", value)))

    assert [finding.code for finding in findings] == found


@pytest.mark.rule("E-38")
def test_the_opinion_ballot_uses_the_rounding_of_the_regime():
    rounded_up = with_parameter("surplus_rounding", "up")

    assert [needs_opinion_ballot(6, 2, 6, one) for one in (None, NOW, rounded_up)] == [True, True, False]
    assert [opinion_ballot({"P": 1}, committee_names=7, seats=6, regime=one).room for one in (NOW, rounded_up)] == [
        0,
        1,
    ]


@pytest.mark.rule("E-10")
def test_a_missing_quorum_at_a_vote_says_what_it_rests_on():
    by_one = decided([5, 4, 3, 2], base=12, valid=5, electorate={"exempt_absent": 3, "present": 7}, issued=5)
    by_both = decided([7, 7, 6, 1], valid=7)
    by_summoned = decided([5, 5, 4, 1], base=12, valid=5, electorate={"exempt_absent": 6, "present": 5})

    assert [one.certainty for one in by_both.findings if one.code == "W201"] == [UNSETTLED]
    assert [one.code for one in by_one.findings] == ["W402"]
    assert [one.code for one in by_summoned.findings] == []


@pytest.mark.rule("E-10")
def test_a_quorum_missing_by_one_reading_alone(regime):
    regime(quorum_base='"summoned"')
    figures = {"base": 12, "valid": 6, "electorate": {"exempt_absent": 3, "present": 6}}

    (finding,) = [one for one in later([5, 5, 4, 1], **figures).findings if one.code == "W201"]

    assert finding.message.startswith("Có mặt 6 đảng viên chính thức, chưa đủ hai phần ba của 12 là 8.")


@pytest.mark.rule("E-10")
def test_the_quorum_says_what_it_rests_on():
    by_one_reading = quorum_steps(quorum(Electorate(12, exempt_absent=3, present=6), NOW), NOW)
    settled = with_parameter("quorum", (2, 3))
    sure = quorum_steps(quorum(Electorate(12, present=12), settled), replace(settled, places={"E-10": "Điều 11"}))

    assert [one.certainty for one in by_one_reading] == [f"{UNSETTLED} (U-02)"] * 2
    assert by_one_reading[1].text == "Nếu tính trên 12 thì cần 8: chưa đủ."
    assert [(one.citation, one.certainty) for one in sure] == [("Điều 11", "")]
    assert quorum(Electorate(0, present=0), NOW).needed == 1
    other = quorum_steps(quorum(Electorate(12, exempt_absent=3, present=6), NOW_BY_SUMMONED), NOW_BY_SUMMONED)
    assert [one.text for one in other] == [
        "Có mặt 6; cần ít nhất hai phần ba của 12 là 8: chưa đủ điều kiện.",
        "Nếu tính trên 9 thì cần 6: đủ.",
    ]


NOW_BY_SUMMONED = with_parameter("quorum_base", "summoned")


def test_places_and_what_is_unsettled_are_named_once():
    assert NOW.step("E-13", "x").citation.endswith("Điều 30 khoản 2")
    assert NOW.step("E-53", "x").citation.endswith("Điều 30 khoản 4 (chưa kiểm chứng)")
    assert NOW.step("E-53", "x", "tie_revote_needs_majority").citation.endswith("khoản 4 – chưa kiểm chứng (U-12)")
    assert NOW.step("E-53", "x", "quorum").citation.endswith("khoản 4 (chưa kiểm chứng)")
    assert NOW.step("E-13", "x", "quorum").citation.endswith("khoản 2 (chưa kiểm chứng)")
    assert NOW.step("E-13", "x", "quorum", "quorum_base", "opinion_tie").certainty == "chưa kiểm chứng (U-02, U-09)"
    assert NOW.step("E-13", "x", "quorum_base", "quorum_base").certainty == "chưa kiểm chứng (U-02)"
    assert NOW.step("E-13", "x", "papers_counted_from", "report_days").certainty == ""
    assert NOW.certainty() == NOW.certainty("E-13") == ""
    assert NOW.certainty("E-53") == "chưa kiểm chứng"
