"""One paper at a time. ``+`` agree, ``-`` disagree, ``#`` both boxes, ``0`` none."""

from dataclasses import replace

import pytest

from elections.rules.case import Flaw, Mark, Paper, Ruling
from elections.rules.layout import Layout, layout_for
from elections.rules.papers import (
    NAME_REASON_LABELS,
    REASON_LABELS,
    Doubt,
    Judgement,
    NameReason,
    Reason,
    barred,
    category_label,
    count,
    disagrees_with_all,
    doubtful,
    ground_fits,
    judge,
    name_reasons_possible,
    reasons_possible,
)
from elections.rules.result import Status
from tests.elections.rules.builders import codes, decided, kept, marked

ON_A_SINGLE_NAME = (Reason.BOTH_BOXES, Reason.NO_BOX)
SIGNS = {"+": Mark.AGREE, "-": Mark.DISAGREE, "#": Mark.BOTH, "0": Mark.NONE}


def strike(names: str, *flaws: str, ruling: Ruling | None = None, uncounted: str = "", clear: str = "") -> Paper:
    seen = frozenset(Flaw(flaw) for flaw in flaws)
    left_out = frozenset(uncounted)
    return Paper(kept=tuple(names), flaws=seen, ruling=ruling, uncounted=left_out, unclear=left_out - set(clear))


def boxes(signs: str, *flaws: str, ruling: Ruling | None = None, uncounted: str = "", clear: str = "") -> Paper:
    marks = {name: SIGNS[sign] for name, sign in zip("ABCDEF", signs, strict=False)}
    seen = frozenset(Flaw(flaw) for flaw in flaws)
    left_out = frozenset(uncounted)
    return Paper(marks=marks, flaws=seen, ruling=ruling, uncounted=left_out, unclear=left_out - set(clear))


@pytest.mark.rule("E-46")
@pytest.mark.rule("E-47")
@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        pytest.param(strike("ABC"), None, id="as many as seats"),
        pytest.param(strike("AB"), None, id="K-58 two struck"),
        pytest.param(strike("A"), None, id="K-59 one left"),
        pytest.param(strike("ABCD"), Reason.TOO_MANY, id="nobody struck"),
        pytest.param(strike(""), Reason.NOBODY, id="K-61 all struck"),
        pytest.param(strike("AB", "written_in"), Reason.WRITTEN_IN, id="K-62 name written in"),
        pytest.param(strike("AB", "signed"), Reason.SIGNED, id="signed"),
        pytest.param(strike("AB", "marked"), Reason.MARKED, id="K-64 secret sign"),
        pytest.param(strike("AB", "several_inks"), Reason.SEVERAL_INKS, id="K-64 several inks"),
        pytest.param(strike("AB", "not_issued"), Reason.NOT_ISSUED, id="K-65 foreign paper"),
        pytest.param(strike("ABCD", "stamp_missing"), Reason.TOO_MANY, id="invalid anyway, stamp or not"),
        pytest.param(strike("AB", "signed", "unclear"), Reason.SIGNED, id="invalid anyway, clear or not"),
    ],
)
def test_strike_out_papers(paper, reason):
    assert judge(paper, Layout.STRIKE_OUT, 3) == Judgement(reason)
    assert barred(paper, Layout.STRIKE_OUT, 3) is reason


@pytest.mark.rule("E-46")
@pytest.mark.rule("E-47")
@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        pytest.param(boxes("+"), None, id="agree"),
        pytest.param(boxes("-"), None, id="K-70 disagree is valid"),
        pytest.param(boxes("#"), Reason.BOTH_BOXES, id="K-71 both boxes"),
        pytest.param(boxes("0"), Reason.NO_BOX, id="no box"),
        pytest.param(boxes("#+-"), None, id="K-73 both boxes on one of three"),
        pytest.param(boxes("0++"), None, id="K-74 one of three blank"),
        pytest.param(boxes("0--"), None, id="blank and disagree: somebody is judged"),
        pytest.param(boxes("000"), Reason.NOBODY, id="all blank"),
        pytest.param(boxes("#0#"), Reason.NOBODY, id="no mark that counts"),
        pytest.param(boxes("---", "signed"), Reason.SIGNED, id="signed comes before all-disagree"),
    ],
)
def test_agree_disagree_papers(paper, reason):
    assert judge(paper, Layout.AGREE_DISAGREE, 3) == Judgement(reason)


@pytest.mark.rule("E-48")
@pytest.mark.rule("E-49")
@pytest.mark.parametrize(
    ("paper", "layout", "doubt"),
    [
        pytest.param(strike("AB", "unclear"), Layout.STRIKE_OUT, Doubt.UNCLEAR, id="K-68 line between two names"),
        pytest.param(strike("ABCD", "unclear"), Layout.STRIKE_OUT, Doubt.UNCLEAR, id="too many, but not surely"),
        pytest.param(strike("AB", "stamp_missing"), Layout.STRIKE_OUT, Doubt.STAMP_MISSING, id="no stamp"),
        pytest.param(boxes("---"), Layout.AGREE_DISAGREE, Doubt.ALL_DISAGREE, id="all disagreed with"),
        pytest.param(boxes("---", "stamp_missing"), Layout.AGREE_DISAGREE, Doubt.STAMP_MISSING, id="stamp first"),
        pytest.param(boxes("#", "unclear"), Layout.AGREE_DISAGREE, Doubt.UNCLEAR, id="both boxes, but not surely"),
    ],
)
def test_papers_only_the_tellers_may_rule_on(paper, layout, doubt):
    assert judge(paper, layout, 3) == Judgement(doubt=doubt)
    assert doubtful(paper) is doubt


def test_one_disagreement_on_a_single_name_is_no_doubt():
    assert disagrees_with_all(boxes("-")) is False
    assert disagrees_with_all(boxes("--")) is True
    assert disagrees_with_all(boxes("-+")) is False


@pytest.mark.rule("E-49")
@pytest.mark.parametrize(
    ("paper", "layout", "judgement"),
    [
        pytest.param(strike("A", "unclear", ruling=Ruling.VALID), Layout.STRIKE_OUT, Judgement(), id="ruled valid"),
        pytest.param(
            strike("A", "unclear", ruling=Ruling.INVALID),
            Layout.STRIKE_OUT,
            Judgement(Reason.RULED_INVALID),
            id="ruled invalid",
        ),
        pytest.param(boxes("--", ruling=Ruling.VALID), Layout.AGREE_DISAGREE, Judgement(), id="all-disagree valid"),
        pytest.param(
            strike("ABCD", "unclear", ruling=Ruling.VALID),
            Layout.STRIKE_OUT,
            Judgement(Reason.TOO_MANY, misruled=True),
            id="as read it has too many names",
        ),
        pytest.param(
            strike("A", ruling=Ruling.INVALID), Layout.STRIKE_OUT, Judgement(misruled=True), id="nothing to rule on"
        ),
        pytest.param(
            strike("A", "signed", ruling=Ruling.VALID),
            Layout.STRIKE_OUT,
            Judgement(Reason.SIGNED, misruled=True),
            id="a signed paper stays invalid",
        ),
    ],
)
def test_rulings_settle_doubts_and_nothing_else(paper, layout, judgement):
    assert judge(paper, layout, 3) == judgement


@pytest.mark.rule("E-49")
@pytest.mark.parametrize(
    ("paper", "layout", "judgement"),
    [
        pytest.param(
            strike("ABCD", "unclear", ruling=Ruling.VALID, uncounted="D"),
            Layout.STRIKE_OUT,
            Judgement(),
            id="without the name in doubt it is not too many",
        ),
        pytest.param(
            strike("A", "unclear", ruling=Ruling.VALID, uncounted="A"),
            Layout.STRIKE_OUT,
            Judgement(Reason.NOBODY, misruled=True),
            id="nobody is left",
        ),
        pytest.param(
            boxes("+-", "unclear", ruling=Ruling.VALID, uncounted="A"),
            Layout.AGREE_DISAGREE,
            Judgement(),
            id="the other name still counts",
        ),
        pytest.param(
            boxes("+", "unclear", ruling=Ruling.VALID, uncounted="A"),
            Layout.AGREE_DISAGREE,
            Judgement(Reason.NO_BOX, misruled=True),
            id="a single name leaves nothing",
        ),
        pytest.param(
            strike("AB", "unclear", ruling=Ruling.INVALID, uncounted="A"),
            Layout.STRIKE_OUT,
            Judgement(Reason.RULED_INVALID, misruled=True),
            id="of an invalid paper nothing counts anyway",
        ),
        *(
            pytest.param(paper, layout, Judgement(misruled=True, of_clear_name=True), id=why)
            for paper, layout, why in (
                (
                    strike("AB", "stamp_missing", ruling=Ruling.VALID, uncounted="A"),
                    Layout.STRIKE_OUT,
                    "a missing stamp takes no vote away",
                ),
                (
                    boxes("--", ruling=Ruling.VALID, uncounted="A"),
                    Layout.AGREE_DISAGREE,
                    "nor does disagreeing with all",
                ),
                (
                    strike("AB", "unclear", ruling=Ruling.VALID, uncounted="A", clear="A"),
                    Layout.STRIKE_OUT,
                    "nobody read that name as unclear",
                ),
                (
                    strike("AB", "unclear", ruling=Ruling.VALID, uncounted="C"),
                    Layout.STRIKE_OUT,
                    "the name is struck out anyway",
                ),
            )
        ),
        pytest.param(strike("AB", uncounted="A"), Layout.STRIKE_OUT, Judgement(misruled=True), id="nobody has ruled"),
        pytest.param(
            strike("AB", ruling=Ruling.VALID, uncounted="A"), Layout.STRIKE_OUT, Judgement(misruled=True), id="no doubt"
        ),
    ],
)
def test_a_ruling_may_concern_one_name(paper, layout, judgement):
    assert judge(paper, layout, 3) == judgement


@pytest.mark.rule("E-46")
@pytest.mark.rule("E-49")
@pytest.mark.parametrize(
    "paper",
    [
        strike("AB", "stamp_missing", ruling=Ruling.VALID, uncounted="A"),
        strike("AB", "unclear", ruling=Ruling.VALID, uncounted="A", clear="A"),
    ],
)
def test_a_vote_read_clearly_counts_whatever_the_tellers_rule(paper):
    said = count([paper], "ABCD", Layout.STRIKE_OUT, seats=3, issued=1)

    assert said.votes == {"A": 1, "B": 1, "C": 0, "D": 0}


@pytest.mark.rule("E-49")
def test_a_name_ruled_out_does_not_count_on_that_paper_alone():
    ruled_out = {"ruling": "valid", "unclear": ["C"], "uncounted": ["C"]}
    crossed = decided(
        papers=[*kept(*["ABC"] * 8), {**kept("ABC!unclear")[0], **ruled_out}], issued=9, base=9, slate=list("ABCD")
    )
    boxed = decided(
        papers=[*marked(*["+++"] * 8), {**marked("+++!unclear")[0], **ruled_out}],
        issued=9,
        base=9,
        slate=list("ABC"),
        office="delegates",
    )

    assert crossed.votes == {"A": 9, "B": 9, "C": 8, "D": 0}
    assert {name: opinion.agree for name, opinion in boxed.votes.items()} == {"A": 9, "B": 9, "C": 8}
    assert all(opinion.disagree == 0 for opinion in boxed.votes.values())
    for result in (crossed, boxed):
        assert (result.ballots.valid, result.status) == (9, Status.COMPLETE)
        assert [step.text for step in result.reasoning if step.rule == "E-49"] == [
            "Phiếu 9 hợp lệ, không tính cho C: ban kiểm phiếu kết luận."
        ]


@pytest.mark.rule("E-44")
@pytest.mark.rule("E-45")
@pytest.mark.rule("E-63h")
@pytest.mark.parametrize(
    ("names", "seats", "layout"),
    [
        (4, 3, Layout.STRIKE_OUT),
        (2, 1, Layout.STRIKE_OUT),
        (3, 3, Layout.AGREE_DISAGREE),
        (1, 1, Layout.AGREE_DISAGREE),
        (2, 3, None),
        (0, 0, None),
        (1, 0, None),
    ],
)
def test_the_layout_follows_from_the_slate(names, seats, layout):
    assert layout_for(names, seats) is layout


@pytest.mark.rule("E-49")
def test_a_doubtful_paper_holds_the_result_until_the_tellers_rule():
    papers = kept(*["ABC"] * 10, "AB!unclear", "BC!stamp_missing")

    waiting = decided(papers=papers, issued=12, slate=list("ABCD"))
    for paper in papers[-2:]:
        paper["ruling"] = "valid"
    ruled = decided(papers=papers, issued=12, slate=list("ABCD"))

    assert (waiting.status, waiting.elected, waiting.ballots.pending) == (Status.NEEDS_RULING, (), 2)
    assert codes(waiting) == ["R601", "R602"]
    assert waiting.ballots.to_dict() == {"issued": 12, "returned": 12, "valid": 10, "invalid": 0, "pending": 2}
    assert (ruled.status, ruled.elected) == (Status.COMPLETE, ("B", "A", "C"))
    assert ruled.votes == {"A": 11, "B": 12, "C": 11, "D": 0}
    assert ruled.ballots.to_dict() == {"issued": 12, "returned": 12, "valid": 12, "invalid": 0}


@pytest.mark.rule("E-63b")
def test_a_foreign_paper_that_makes_more_returned_than_issued_blocks():
    result = decided(papers=kept(*["ABC"] * 12, "ABC!not_issued"), issued=12, present=12, slate=list("ABCD"))

    assert (result.status, codes(result)) == (Status.REJECTED, ["F402"])
    assert result.ballots.to_dict() == {"issued": 12, "returned": 13, "valid": 12, "invalid": 1}


@pytest.mark.parametrize(
    ("papers", "found"),
    [
        pytest.param(kept("ABX"), ["F602"], id="a name that is not on the slate"),
        pytest.param(kept("ABB"), ["F603"], id="a name twice"),
        pytest.param(kept("ABX!written_in"), [], id="a written-in name is why the paper is invalid"),
        pytest.param(kept("XYZ!not_issued"), [], id="a foreign paper may show anything"),
        pytest.param([{"flaws": ["not_issued"]}], [], id="a foreign paper need not be typed at all"),
        pytest.param(marked("+++"), ["F601"], id="boxes on a strike-out paper"),
        pytest.param([{"kept": ["A"], "marks": {}, "flaws": []}], ["F601"], id="both ways at once"),
        pytest.param([{"flaws": []}], ["F103", "F601"], id="nothing typed"),
        pytest.param([{"kept": ["A"]}], ["F103"], id="flaws not said"),
        pytest.param([{"kept": "A", "flaws": []}], ["F106", "F601"], id="kept is not a list"),
        pytest.param([{"kept": ["A", 1], "flaws": []}], ["F106"], id="a name that is no text"),
        pytest.param([{"kept": ["A"], "flaws": ["torn"]}], ["F108"], id="an unknown flaw"),
        pytest.param([{"kept": ["A"], "flaws": [], "ruling": "maybe"}], ["F108"], id="an unknown ruling"),
        pytest.param([{"kept": ["A"], "flaws": [], "ruling": "valid"}], ["F605"], id="a needless ruling"),
        pytest.param([{"marks": [], "flaws": []}], ["F106", "F601"], id="marks are no object"),
        pytest.param(["A"], ["F106", "F601"], id="a paper that is no object"),
    ],
)
def test_papers_typed_wrongly(papers, found):
    result = decided(papers=papers, issued=12, slate=list("ABCD"))

    assert [code for code in codes(result) if code[0] != "W"] == found
    assert (result.status is Status.REJECTED) is bool(found)


@pytest.mark.parametrize(
    ("papers", "found"),
    [
        pytest.param([{"marks": {"A": "agree"}, "flaws": []}], ["F604"], id="a name left unsaid"),
        pytest.param([{"marks": {"A": "agree", "B": "yes"}, "flaws": []}], ["F108", "F604"], id="an unknown mark"),
        pytest.param(kept("AB"), ["F601"], id="kept names on an agree/disagree paper"),
        pytest.param([{"marks": {}, "flaws": ["not_issued"]}], [], id="a foreign paper may be empty"),
    ],
)
def test_boxes_typed_wrongly(papers, found):
    result = decided(papers=papers, issued=12, slate=list("AB"), seats=2, office="delegates")

    assert [code for code in codes(result) if code[0] != "W"] == found


@pytest.mark.parametrize("figures", [{"slate": ["A"], "seats": 2}, {"slate": ["A"], "seats": None}])
def test_papers_without_a_layout_are_handed_over_uncounted(figures):
    result = decided(papers=kept("A", "A"), issued=2, base=12, office="delegates", **figures)

    assert (result.status, result.layout) == (Status.REJECTED, None)
    assert result.ballots.to_dict() == {"issued": 2, "returned": 2, "valid": None, "invalid": None}
    assert result.votes is None


def test_the_reasons_of_invalid_papers_are_in_the_reasoning():
    result = decided(papers=kept(*["ABC"] * 9, "ABCD", "", "A!signed"), issued=12, slate=list("ABCD"))

    texts = [step.text for step in result.reasoning if step.rule in ("E-46", "E-47")]
    assert texts == [
        "Phiếu hợp lệ: 9 trên 12 phiếu thu về.",
        "Không hợp lệ 1 phiếu: bầu quá số lượng cần bầu.",
        "Không hợp lệ 1 phiếu: không bầu cho ai trong danh sách nhiều người.",
        "Không hợp lệ 1 phiếu: ký tên hoặc ghi tên người bầu.",
    ]


ON_ANY_PAPER = [Reason.NOT_ISSUED, Reason.WRITTEN_IN, Reason.SIGNED, Reason.MARKED, Reason.SEVERAL_INKS]


@pytest.mark.rule("E-47")
@pytest.mark.parametrize(
    ("names", "by_agreement", "of_this_kind"),
    [
        pytest.param(4, False, [Reason.TOO_MANY, Reason.NOBODY], id="names struck out"),
        pytest.param(1, True, [Reason.BOTH_BOXES, Reason.NO_BOX], id="two boxes, one name"),
        pytest.param(2, True, [Reason.NOBODY], id="two boxes, two names"),
        pytest.param(3, True, [Reason.NOBODY], id="two boxes, several names"),
    ],
)
def test_the_reasons_offered_are_those_that_a_paper_of_its_kind_can_have(names, by_agreement, of_this_kind):
    expected = (*ON_ANY_PAPER, *of_this_kind, Reason.RULED_INVALID)

    assert reasons_possible(names, by_agreement=by_agreement) == expected


@pytest.mark.rule("E-49")
def test_a_name_is_left_out_for_a_legal_reason_of_its_kind_of_ballot():
    assert name_reasons_possible(by_agreement=False) == (NameReason.STRIKE_UNCLEAR,)
    assert name_reasons_possible(by_agreement=True) == (NameReason.BOTH_BOXES, NameReason.NO_BOX)
    assert set(NAME_REASON_LABELS) == set(NameReason)
    assert not {one.value for one in NameReason} & {one.value for one in Reason}


def test_the_category_of_a_ruling_is_said_in_words_and_what_is_no_code_as_it_was_written():
    told = [category_label(code) for code in ("too_many", "name_no_box", "Viết tay", "")]

    assert told == [REASON_LABELS[Reason.TOO_MANY], NAME_REASON_LABELS[NameReason.NO_BOX], "Viết tay", ""]


def unclear(paper: Paper, names: str) -> Paper:
    return replace(paper, unclear=frozenset(names))


@pytest.mark.rule("E-47")
@pytest.mark.parametrize(
    ("paper", "fitting"),
    [
        pytest.param(unclear(strike("ABC", "unclear"), "C"), set(), id="three left at most, three to elect"),
        pytest.param(unclear(strike("ABCD", "unclear"), "D"), {Reason.TOO_MANY}, id="four left, one perhaps"),
        pytest.param(unclear(strike("ABC", "unclear"), "D"), {Reason.TOO_MANY}, id="three left, a fourth perhaps"),
        pytest.param(unclear(strike("A", "unclear"), "A"), {Reason.NOBODY}, id="one left perhaps"),
        pytest.param(unclear(strike("", "unclear"), "AB"), {Reason.NOBODY}, id="all struck, two perhaps not"),
        pytest.param(strike("AB", "stamp_missing"), set(), id="read clearly, no stamp"),
        pytest.param(strike("AB", "unclear"), {Reason.TOO_MANY, Reason.NOBODY, *ON_A_SINGLE_NAME}, id="all unclear"),
        pytest.param(boxes("--"), {Reason.NOBODY}, id="everybody disagreed with"),
        pytest.param(unclear(boxes("+0", "unclear"), "B"), set(), id="one agreed with clearly"),
        pytest.param(unclear(boxes("+0", "unclear"), "A"), {Reason.NOBODY}, id="agreed with perhaps"),
        pytest.param(boxes("+", "stamp_missing"), set(), id="one name, one box"),
        pytest.param(boxes("0"), {Reason.NOBODY, Reason.NO_BOX}, id="one name, no box"),
        pytest.param(unclear(boxes("+", "unclear"), "A"), {Reason.NOBODY, *ON_A_SINGLE_NAME}, id="one name perhaps"),
    ],
)
def test_a_ground_that_the_reading_makes_impossible_does_not_fit(paper, fitting):
    by_content = {Reason.TOO_MANY, Reason.NOBODY, *ON_A_SINGLE_NAME}

    assert {one for one in by_content if ground_fits(one, paper, 3)} == fitting
    assert all(ground_fits(one, paper, 3) for one in set(Reason) - by_content)
