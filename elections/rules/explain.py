"""The reasoning: each candidate's comparison and what follows, in sentences with their articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from congress.rules.findings import Step
from congress.rules.regimes import Regime
from elections.rules.case import Case, Kind
from elections.rules.outcome import Outcome
from elections.rules.papers import REASON_LABELS, Judgement, Reason, may_be_left_out
from elections.rules.result import Status


def paper_steps(judgements: Sequence[Judgement], regime: Regime) -> Iterator[Step]:
    """E-49 — How many papers are valid, and the reason of each invalid one, as the minutes state them."""
    if not judgements:
        return
    reasons = Counter(judgement.reason for judgement in judgements if judgement.reason is not None)
    valid = sum(judgement.reason is None and judgement.doubt is None for judgement in judgements)
    yield regime.step("E-46", f"Phiếu hợp lệ: {valid} trên {len(judgements)} phiếu thu về.")
    for reason, count in reasons.items():
        recalled = ("no_box_on_single_name",) if reason is Reason.NO_BOX else ()
        yield regime.step("E-47", f"Không hợp lệ {count} phiếu: {REASON_LABELS[reason]}.", *recalled)


def uncounted_steps(case: Case, judgements: Sequence[Judgement], regime: Regime) -> Iterator[Step]:
    """E-49 — Names that the tellers ruled do not count on a paper which itself is valid (E-46)."""
    papers = case.papers or () if judgements else ()
    for number, (paper, said) in enumerate(zip(papers, judgements, strict=True), start=1):
        left_out = paper.uncounted & may_be_left_out(paper)
        if left_out and said.reason is None:
            names = ", ".join(case.name_of(name) for name in sorted(left_out))
            yield regime.step("E-49", f"Phiếu {number} hợp lệ, không tính cho {names}: ban kiểm phiếu kết luận.")


def outcome_steps(
    case: Case,
    support: Mapping[str, int],
    outcome: Outcome,
    status: Status,
    needed: int,
    base: int,
    regime: Regime,
    *,
    relaxed: bool,
) -> Iterator[Step]:
    if relaxed:
        yield _by_most_votes(case, support, regime)
    else:
        yield from _majority_again(case, regime)
        yield from _comparisons(case, support, needed, base, regime)
        yield from _filling(support, outcome, needed, case.seats or 0, regime)
    if outcome.elected:
        names = ", ".join(f"{case.name_of(name)} ({support[name]})" for name in outcome.elected)
        yield regime.step("E-52", f"Trúng cử theo số phiếu từ cao xuống: {names}.")
    if outcome.tied:
        yield _tie(case, support, outcome, status, regime)
    elif outcome.open_seats:
        yield _missing(case, outcome, status, regime)


def _comparisons(case: Case, support: Mapping[str, int], needed: int, base: int, regime: Regime) -> Iterator[Step]:
    for name, votes in support.items():
        said = f"{case.name_of(name)}: {votes} phiếu trên cơ sở tính {base}"
        if votes >= needed:
            step = regime.step("E-50", f"{said}, quá một nửa (cần {needed}).")
        elif 2 * votes == base:
            step = regime.step("E-51", f"{said}, đúng một nửa, chưa quá một nửa (cần {needed}).")
        else:
            step = regime.step("E-50", f"{said}, chưa quá một nửa (cần {needed}).")
        yield replace(step, about=name)


def _filling(support: Mapping[str, int], outcome: Outcome, needed: int, seats: int, regime: Regime) -> Iterator[Step]:
    qualified = sum(votes >= needed for votes in support.values())
    if qualified > seats:
        text = f"Có {qualified} người quá một nửa, cần bầu {seats}: lấy từ cao xuống thấp cho đủ."
        yield regime.step("E-52", text)
    below = [votes for votes in support.values() if votes < needed]
    if outcome.open_seats and not outcome.tied and len(set(below)) < len(below):
        text = "Những người bằng phiếu nhau đều chưa quá một nửa nên không bầu lại riêng giữa họ."
        yield regime.step("E-54", text)


def _by_most_votes(case: Case, support: Mapping[str, int], regime: Regime) -> Step:
    figures = ", ".join(f"{case.name_of(name)} {votes} phiếu" for name, votes in support.items())
    what, rule, parameter = _later(case)
    text = f"{what}: {figures}. Ai nhiều phiếu hơn thì trúng cử, không cần quá một nửa."
    return regime.step(rule, text, parameter)


def tie_revote_step(regime: Regime) -> Step:
    """E-53 — What a re-vote among the tied asks for, before anybody has voted; recalled, and U-12."""
    asked = regime.parameter("tie_revote_needs_majority").value
    says = "vẫn phải quá một nửa" if asked else "ai nhiều phiếu hơn thì trúng cử, không cần quá một nửa"
    return regime.step("E-53", f"Bầu lại giữa những người bằng phiếu: {says}.", "tie_revote_needs_majority")


def _majority_again(case: Case, regime: Regime) -> Iterator[Step]:
    if case.kind is Kind.TIE_REVOTE or (case.ballot_round or 1) > 1:
        what, rule, parameter = _later(case)
        yield regime.step(rule, f"{what}: vẫn phải quá một nửa.", parameter)


def _later(case: Case) -> tuple[str, str, str]:
    if case.kind is Kind.TIE_REVOTE:
        return "Bầu lại giữa những người bằng phiếu", "E-53", "tie_revote_needs_majority"
    return f"Lần bầu {case.ballot_round}", "E-55", "later_round_needs_majority"


def _tie(case: Case, support: Mapping[str, int], outcome: Outcome, status: Status, regime: Regime) -> Step:
    names = ", ".join(case.name_of(name) for name in outcome.tied)
    text = f"{names} cùng được {support[outcome.tied[0]]} phiếu, chỉ còn {outcome.open_seats} chỗ"
    if status is Status.TIE_AGAIN:
        return regime.step("E-53", f"{text}: lại bằng phiếu, đại hội quyết định có bầu lại nữa không.")
    return regime.step("E-53", f"{text}: đại hội bầu lại giữa những người này.")


def _missing(case: Case, outcome: Outcome, status: Status, regime: Regime) -> Step:
    if status is Status.SUPERIOR_APPOINTS:
        text = f"Lần bầu {case.ballot_round} vẫn không bầu được bí thư: cấp ủy cấp trên chỉ định."
        return regime.step("E-56", text)
    text = (
        f"Còn thiếu {outcome.open_seats} người: đại hội quyết định có bầu tiếp hay không; bầu tiếp vẫn cần quá một nửa."
    )
    return regime.step("E-55", text)
