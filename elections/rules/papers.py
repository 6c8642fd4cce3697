"""One returned paper at a time: valid or not, why, and what it says about each name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from congress.rules.regimes import Regime
from elections.rules.case import Ballots, Flaw, Mark, Opinion, Paper, Ruling, Votes
from elections.rules.layout import Layout


class Reason(StrEnum):
    """Why a paper is invalid, by legal category."""

    NOT_ISSUED = "not_issued"
    WRITTEN_IN = "written_in"
    SIGNED = "signed"
    MARKED = "marked"
    SEVERAL_INKS = "several_inks"
    TOO_MANY = "too_many"
    NOBODY = "nobody"
    BOTH_BOXES = "both_boxes"
    NO_BOX = "no_box"
    RULED_INVALID = "ruled_invalid"


REASON_LABELS: dict[Reason, str] = {
    Reason.NOT_ISSUED: "không do ban kiểm phiếu phát ra",
    Reason.WRITTEN_IN: "viết thêm tên người ngoài danh sách hoặc chữ khác",
    Reason.SIGNED: "ký tên hoặc ghi tên người bầu",
    Reason.MARKED: "đánh dấu, đánh số riêng",
    Reason.SEVERAL_INKS: "viết bằng nhiều loại mực",
    Reason.TOO_MANY: "bầu quá số lượng cần bầu",
    Reason.NOBODY: "không bầu cho ai trong danh sách nhiều người",
    Reason.BOTH_BOXES: "danh sách một người: đánh dấu cả hai ô",
    Reason.NO_BOX: "danh sách một người: không đánh dấu ô nào",
    Reason.RULED_INVALID: "ban kiểm phiếu kết luận không hợp lệ",
}


class NameReason(StrEnum):
    """Why one name does not count on a paper that itself is valid, by legal category."""

    STRIKE_UNCLEAR = "name_strike_unclear"
    BOTH_BOXES = "name_both_boxes"
    NO_BOX = "name_no_box"


NAME_REASON_LABELS: dict[NameReason, str] = {
    NameReason.STRIKE_UNCLEAR: "nét gạch không xác định được là gạch tên hay để lại",
    NameReason.BOTH_BOXES: "danh sách nhiều người: coi như đánh dấu cả hai ô của một tên",
    NameReason.NO_BOX: "danh sách nhiều người: coi như không đánh dấu ô nào của một tên",
}


class Doubt(StrEnum):
    """Why only the tellers may conclude on a paper."""

    UNCLEAR = "unclear"
    STAMP_MISSING = "stamp_missing"
    ALL_DISAGREE = "all_disagree"


def reasons_possible(names: int, *, by_agreement: bool) -> tuple[Reason, ...]:
    """E-47 — The legal reasons that papers of this kind can have: screen and printed sheet list the same (E-49)."""
    if not by_agreement:
        left_out = {Reason.BOTH_BOXES, Reason.NO_BOX}
    elif names == 1:
        left_out = {Reason.TOO_MANY, Reason.NOBODY}
    else:
        left_out = {Reason.TOO_MANY, Reason.BOTH_BOXES, Reason.NO_BOX}
    return tuple(reason for reason in Reason if reason not in left_out)


def name_reasons_possible(*, by_agreement: bool) -> tuple[NameReason, ...]:
    """E-49 — Why the board may leave one name out: an unclear strike (E-44), or both boxes or none of it (E-46)."""
    return (NameReason.BOTH_BOXES, NameReason.NO_BOX) if by_agreement else (NameReason.STRIKE_UNCLEAR,)


def category_label(code: str) -> str:
    """The legal category of a ruling in words; what is no code of the rules is said as it was written."""
    labels = [*REASON_LABELS.items(), *NAME_REASON_LABELS.items()]
    return next((label for key, label in labels if key.value == code), code)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A paper is invalid for ``reason``, or waits for a ruling on ``doubt``, or is valid: both None.

    ``misruled``: the tellers' conclusion is none they may reach; ``of_clear_name``: as it leaves out a clear name.
    """

    reason: Reason | None = None
    doubt: Doubt | None = None
    misruled: bool = False
    of_clear_name: bool = False


@dataclass(frozen=True, slots=True)
class Readings:
    """How a regime reads three kinds of paper on which the texts are silent (U-11, U-20) or were recalled.

    ``all_disagree``: "ruling", "valid" or "invalid"; ``stamp_missing``: "ruling" or "valid"; ``no_box``: "invalid"
    or "ruling".
    """

    all_disagree: str = "ruling"
    stamp_missing: str = "ruling"
    no_box: str = "invalid"


def readings_of(regime: Regime | None) -> Readings:
    if regime is None:
        return Readings()
    names = ("all_disagree", "stamp_missing", "no_box_on_single_name")
    return Readings(*(str(regime.parameter(name).value) for name in names))


VALID = Judgement()
USUAL = Readings()
BARRED_BY_FLAW = {
    Flaw.NOT_ISSUED: Reason.NOT_ISSUED,
    Flaw.WRITTEN_IN: Reason.WRITTEN_IN,
    Flaw.SIGNED: Reason.SIGNED,
    Flaw.MARKED: Reason.MARKED,
    Flaw.SEVERAL_INKS: Reason.SEVERAL_INKS,
}


def judge(paper: Paper, layout: Layout, seats: int, readings: Readings = USUAL) -> Judgement:
    """E-46 — A paper issued by the tellers is valid with one to ``seats`` names kept, or with marks that count.

    Quyết định 190-QĐ/TW, Điều 15 và Điều 30 khoản 1 (244-QĐ/TW, Điều 17 khoản 2). The tellers' ruling settles
    a doubt (E-49); a ruling on a paper that is not in doubt changes nothing and is reported (``misruled``).
    """
    reason = barred(paper, layout, seats, readings)
    doubt = None if reason else doubtful(paper, readings)
    if paper.ruling is None:
        open_or_ruled = reason or doubt or paper.uncounted
        return Judgement(reason, doubt, misruled=bool(paper.uncounted)) if open_or_ruled else VALID
    if doubt is None:
        return Judgement(reason, misruled=True)
    if paper.ruling is Ruling.INVALID:
        return Judgement(Reason.RULED_INVALID, misruled=bool(paper.uncounted))
    content = content_fault(what_counts(paper), layout, seats, readings)
    of_clear_name = not paper.uncounted <= may_be_left_out(paper)
    return Judgement(content, misruled=content is not None or of_clear_name, of_clear_name=of_clear_name)


def may_be_left_out(paper: Paper) -> frozenset[str]:
    """E-49 — Names that the tellers may rule uncounted: read as unclear, and voted on by what was read.

    Only of a paper in doubt for whom it votes: no missing stamp takes a clear vote away (E-46).
    """
    if Flaw.UNCLEAR not in paper.flaws:
        return frozenset()
    marks = paper.marks or {}
    told = {*(paper.kept or ()), *(name for name, mark in marks.items() if mark in (Mark.AGREE, Mark.DISAGREE))}
    return paper.unclear & told


def ground_fits(reason: Reason, paper: Paper, seats: int) -> bool:
    """E-47 — Whether a paper read so can be invalid on this ground; what its marks do not show is for the board.

    A name read as unclear may be either; unclear as a whole, the paper may be anything (E-49).
    """
    if Flaw.UNCLEAR in paper.flaws and not paper.unclear:
        return True
    marks = paper.marks or {}
    clear = {name: mark for name, mark in marks.items() if name not in paper.unclear}
    if reason is Reason.TOO_MANY:
        return paper.kept is not None and len({*paper.kept, *paper.unclear}) > seats
    if reason is Reason.NOBODY:
        return not set(paper.kept or ()) - paper.unclear and Mark.AGREE not in clear.values()
    if reason in (Reason.BOTH_BOXES, Reason.NO_BOX):
        asked = Mark.BOTH if reason is Reason.BOTH_BOXES else Mark.NONE
        return len(marks) == 1 and all(mark is asked for mark in clear.values())
    return True


def what_counts(paper: Paper) -> Paper:
    """E-49 — The paper without the names that the tellers ruled do not count on it; the rest of it stands (E-46)."""
    left_out = paper.uncounted & may_be_left_out(paper)
    if not left_out:
        return paper
    kept = None if paper.kept is None else tuple(name for name in paper.kept if name not in left_out)
    marks = None if paper.marks is None else paper.marks | dict.fromkeys(left_out, Mark.NONE)
    return replace(paper, kept=kept, marks=marks)


def barred(paper: Paper, layout: Layout, seats: int, readings: Readings = USUAL) -> Reason | None:
    """E-47 — Invalid whatever the tellers think of its marks: foreign, written on, signed, or voting wrongly.

    Quyết định 190-QĐ/TW, Điều 15 khoản 2 (244-QĐ/TW, Điều 17 khoản 2); outside names, marks and signatures
    are known from one branch's published rules only.
    """
    for flaw, reason in BARRED_BY_FLAW.items():
        if flaw in paper.flaws:
            return reason
    return None if Flaw.UNCLEAR in paper.flaws else content_fault(paper, layout, seats, readings)


def content_fault(paper: Paper, layout: Layout, seats: int, readings: Readings = USUAL) -> Reason | None:
    """What the marks themselves make invalid; on several names a name marked twice or not at all is only skipped."""
    if layout is Layout.STRIKE_OUT:
        kept = len(paper.kept or ())
        return Reason.TOO_MANY if kept > seats else (None if kept else Reason.NOBODY)
    marks = list((paper.marks or {}).values())
    if len(marks) == 1:
        if marks[0] is Mark.NONE and readings.no_box == "ruling":
            return None
        return {Mark.BOTH: Reason.BOTH_BOXES, Mark.NONE: Reason.NO_BOX}.get(marks[0])
    if readings.all_disagree == "invalid" and disagrees_with_all(paper):
        return Reason.NOBODY
    speaks = Mark.AGREE in marks or Mark.DISAGREE in marks
    return None if speaks else Reason.NOBODY


def doubtful(paper: Paper, readings: Readings = USUAL) -> Doubt | None:
    """E-49 — The tellers conclude on an unclear paper (E-28), on a missing stamp (U-20) and on all-disagree (E-48).

    Quyết định 190-QĐ/TW, Điều 8 khoản 2 (244-QĐ/TW, Điều 7 khoản 2).
    """
    if Flaw.UNCLEAR in paper.flaws or no_mark_on_a_single_name(paper):
        return Doubt.UNCLEAR
    if Flaw.STAMP_MISSING in paper.flaws and readings.stamp_missing == "ruling":
        return Doubt.STAMP_MISSING
    return Doubt.ALL_DISAGREE if readings.all_disagree == "ruling" and disagrees_with_all(paper) else None


def no_mark_on_a_single_name(paper: Paper) -> bool:
    """Invalid as the rule was recalled; where a regime leaves it to the tellers it is as good as unclear."""
    return list((paper.marks or {}).values()) == [Mark.NONE]


def disagrees_with_all(paper: Paper) -> bool:
    """E-48 — Several names, every one disagreed with: lawful marks, yet literally a vote for nobody (U-11)."""
    marks = list((paper.marks or {}).values())
    return len(marks) > 1 and all(mark is Mark.DISAGREE for mark in marks)


def count_kept(papers: Iterable[Paper], slate: Sequence[str]) -> dict[str, int]:
    votes = dict.fromkeys(slate, 0)
    for paper in papers:
        for name in paper.kept or ():
            votes[name] += 1
    return votes


def count_marks(papers: Iterable[Paper], slate: Sequence[str]) -> dict[str, Opinion]:
    """Both boxes or none on a name: that name is not counted on that paper."""
    marks = [paper.marks or {} for paper in papers]
    return {
        name: Opinion(
            agree=sum(paper.get(name) is Mark.AGREE for paper in marks),
            disagree=sum(paper.get(name) is Mark.DISAGREE for paper in marks),
        )
        for name in slate
    }


@dataclass(frozen=True, slots=True)
class Count:
    """All papers of one vote counted, with the judgement of each in the order they came."""

    ballots: Ballots
    votes: Votes
    judgements: tuple[Judgement, ...]


def count(
    papers: Sequence[Paper],
    slate: Sequence[str],
    layout: Layout,
    seats: int,
    issued: int | None,
    readings: Readings = USUAL,
) -> Count:
    judgements = tuple(judge(paper, layout, seats, readings) for paper in papers)
    valid = [
        what_counts(paper)
        for paper, said in zip(papers, judgements, strict=True)
        if said.reason is None and said.doubt is None
    ]
    pending = sum(said.doubt is not None for said in judgements)
    ballots = Ballots(issued, len(papers), len(valid), len(papers) - len(valid) - pending, pending)
    votes: Votes = count_kept(valid, slate) if layout is Layout.STRIKE_OUT else count_marks(valid, slate)
    return Count(ballots, votes, judgements)
