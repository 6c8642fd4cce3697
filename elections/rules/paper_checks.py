"""Papers typed in one by one: do they fit the ballot paper, and which wait for the tellers?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from congress.rules.findings import Finding
from congress.rules.regimes import Regime
from elections.rules.case import Case, Flaw, Paper
from elections.rules.catalogue import finding
from elections.rules.layout import LAYOUT_LABELS, Layout
from elections.rules.papers import REASON_LABELS, Doubt, Judgement

RULINGS = {Doubt.UNCLEAR: "R601", Doubt.STAMP_MISSING: "R602", Doubt.ALL_DISAGREE: "R603"}
CLEAR_NAME = "tên không tính phải là tên mà kiểm phiếu viên đã đọc là không rõ"
OUTSIDE_NAMES = frozenset({Flaw.NOT_ISSUED, Flaw.WRITTEN_IN})  # such a paper may show any name


def paper_findings(case: Case, layout: Layout) -> Iterator[Finding]:
    """E-46 — What is typed must be what a paper of this layout can show; nothing may be left unsaid."""
    for number, paper in enumerate(case.papers or (), start=1):
        field = f"P{number}"
        content = paper.kept if layout is Layout.STRIKE_OUT else paper.marks
        other = paper.marks if layout is Layout.STRIKE_OUT else paper.kept
        if (content is None and Flaw.NOT_ISSUED not in paper.flaws) or other is not None:
            expected = "kept" if layout is Layout.STRIKE_OUT else "marks"
            yield finding("F601", field, number=number, layout=LAYOUT_LABELS[layout], expected=expected)
        elif content is not None:
            yield from _names(case, paper, number, tuple(content))
        for name in sorted((paper.uncounted | paper.unclear) - set(case.slate)):
            yield finding("F602", field, number=number, name=case.name_of(name))


def _names(case: Case, paper: Paper, number: int, names: tuple[str, ...]) -> Iterator[Finding]:
    slate = set(case.slate)
    told: set[str] = set()
    for name in names:
        if name in told:
            yield finding("F603", f"P{number}", number=number, name=case.name_of(name))
        elif name not in slate and not paper.flaws & OUTSIDE_NAMES:
            yield finding("F602", f"P{number}", number=number, name=case.name_of(name))
        told.add(name)
    if paper.marks is not None and Flaw.NOT_ISSUED not in paper.flaws:
        for name in case.slate:
            if name not in told:
                yield finding("F604", f"P{number}", number=number, name=case.name_of(name))


def judgement_findings(judgements: Sequence[Judgement], regime: Regime | None = None) -> Iterator[Finding]:
    """E-49 — Papers that only the tellers may rule on, and rulings that no rule allows."""
    for number, judgement in enumerate(judgements, start=1):
        if judgement.doubt is not None:
            yield finding(RULINGS[judgement.doubt], f"P{number}", regime, number=number)
        if judgement.misruled:
            clear = CLEAR_NAME if judgement.of_clear_name else "phiếu rõ ràng, hợp lệ"
            why = REASON_LABELS[judgement.reason] if judgement.reason else clear
            yield finding("F605", f"P{number}", number=number, why=why)
