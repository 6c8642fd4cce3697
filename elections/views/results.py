"""How the engine's result is said and drawn; every figure is the stored one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from accounts import charts
from congress.rules import regimes
from congress.rules.display import percent
from elections.dropped import sentence_of_void, void_before
from elections.models import BallotRound, Candidate, SealedResult, TallySheet
from elections.papers.minutes_parts import small_first
from elections.queries import votes_for
from elections.rules.explain import tie_revote_step
from elections.rules.layout import Layout
from elections.rules.papers import category_label
from elections.rulings import of_count, verdict_of
from elections.views.pages import ballot_names, candidates_of

BALLOT_ROWS = (
    ("issued", "Số phiếu phát ra"),
    ("returned", "Số phiếu thu về"),
    ("valid", "Số phiếu hợp lệ"),
    ("invalid", "Số phiếu không hợp lệ"),
)
LEDGER_ROWS = (
    ("printed", "Phiếu in"),
    ("issued", "Phát ra"),
    ("spoiled", "Hỏng, đổi lại"),
    ("unused", "Chưa dùng"),
    ("returned", "Thu về"),
)
TONES = {"complete": "done", "short": "wait", "tie": "wait", "tie_again": "wait", "superior_appoints": "late"}
BASE_RULES = ("E-12", "E-13", "E-14")
COMPARED = "phiếu trên cơ sở tính"
"""What the sentence of one name's comparison says, and no other, in results whose steps name nobody."""


def sentence_of(result: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """What the figures mean, as the head teller would announce it."""
    elected, left = len(result["elected"]), result["open_seats"]
    tied = ", ".join(names.get(int(pk), "") for pk in result["tied"])
    if result["status"] == "complete":
        return f"Bầu đủ số lượng: {elected} đồng chí trúng cử."
    if result["status"] == "tie":
        return f"Còn {left} chỗ nhưng {tied} bằng phiếu nhau. Đại hội bầu lại giữa những đồng chí này."
    if result["status"] == "tie_again":
        return f"Bầu lại mà {tied} vẫn bằng phiếu nhau. Đại hội quyết định có bầu lại nữa hay không."
    if result["status"] == "superior_appoints":
        return "Ba lần bầu không có đồng chí nào được quá một nửa số phiếu. Báo cáo cấp ủy cấp trên chỉ định bí thư."
    said = f"{elected} đồng chí trúng cử" if elected else "Chưa có đồng chí nào trúng cử"
    return f"{said}, còn thiếu {left}. Đại hội quyết định bầu tiếp hoặc dừng bầu."


def lines_of(result: Mapping[str, Any], candidates: Sequence[Candidate]) -> list[dict[str, Any]]:
    """One line per name in the order of the ballot, each with the steps that say why."""
    names = ballot_names(list(candidates))
    found = []
    for number, one in enumerate(candidates, start=1):
        key = str(one.member_id)
        entry = result["votes"][key]
        votes = votes_for(entry)
        disagree = entry["disagree"] if isinstance(entry, dict) else None
        found.append(
            {
                "number": number,
                "name": names[one.member_id],
                "votes": votes,
                "disagree": disagree,
                "not_counted": result["ballots"]["valid"] - votes - disagree if disagree is not None else 0,
                "percent": percent(votes, result["base"]),
                "elected": key in result["elected"],
                "tied": key in result["tied"],
                "why": why(key, result),
            }
        )
    return found


def why(key: str, result: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """The steps about one name: its own comparison, then what follows for it."""
    steps = result["reasoning"]
    own = [one for one in steps if one.get("about") == key] or _by_place(key, result)
    if not own:  # a revote goes by most votes alone
        own = [one for one in steps if one["rule"] == "E-53"][:1]
    if key in result["elected"]:
        return own + [one for one in steps if one["rule"] == "E-52" and one not in own]
    if key in result["tied"]:
        return own + [one for one in steps if one["rule"] == "E-53" and one not in own]
    enough = votes_for(result["votes"][key]) >= (result["needed"] or 0)
    return own + ([one for one in steps if one["rule"] == "E-52"] if enough else [])


def _by_place(key: str, result: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """Of results sealed before a step named whom it is about: the comparisons stand in the order of the slate."""
    compared = [one for one in result["reasoning"] if COMPARED in one["text"]]
    return [compared[list(result["votes"]).index(key)]] if len(compared) == len(result["votes"]) else []


def base_steps(result: Mapping[str, Any], *, revote: bool = False) -> list[Mapping[str, str]]:
    """The base with its deductions and, but for a re-vote, the number needed: the first steps of every result."""
    base = [one for one in result["reasoning"] if one["rule"] in BASE_RULES]
    needed = [one for one in result["reasoning"] if one["rule"] == "E-51" and not _is_compared(one)]
    return base if revote else base + needed


def _is_compared(step: Mapping[str, str]) -> bool:
    """Whether the step is of one name; results of before the steps said so are told by their sentence."""
    return "about" in step or COMPARED in step["text"]


def chart_of(result: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], *, revote: bool) -> charts.Bars:
    """Votes per name on the scale of the base, with the line of more than half (a tie revote has none)."""
    elected = sum(line["elected"] for line in lines)
    needed = result["needed"]
    title = f"{elected} đồng chí trúng cử, cần bầu {len(result['elected']) + result['open_seats']}"
    return charts.bars(
        title=title if revote else f"{title}; cần ít nhất {needed} phiếu, quá một nửa của {result['base']}",
        items=[(f"{line['name']} · trúng cử" if line["elected"] else line["name"], line["votes"]) for line in lines],
        base=result["base"],
        threshold=None if revote else needed,
        threshold_label=f"quá một nửa: {needed} phiếu",
        strong=[line["elected"] for line in lines],
        share=percent,
    )


def typists_of(sheet: TallySheet) -> list[str]:
    """Who typed first and second, team by team: shown once both agree."""
    seats = sheet.count.seats.select_related("teller") if sheet.count else ()
    teams: dict[int, list[str]] = {}
    for seat in seats:
        teams.setdefault(seat.team, []).append(seat.teller.full_name)
    if not teams:
        teams = {1: [str(one) for one in (sheet.entered_by, sheet.second_by) if one]}
    several = len(teams) > 1
    return [(f"Tổ {team}: " if several else "") + " và ".join(people) for team, people in teams.items()]


def rulings_of(sheet: TallySheet) -> list[dict[str, str]]:
    """Papers in doubt that the board ruled on, as a whole or for one name, with the legal category."""
    names = ballot_names(candidates_of(sheet.round))
    rulings = of_count(sheet.count) if sheet.count else []
    return [
        {
            "paper": f"Phiếu nghi vấn {number}",
            "question": one.question,
            "verdict": small_first(verdict_of(one, names)),
            "category": category_label(one.category),
            "reason": one.reason,
        }
        for number, one in enumerate(rulings, start=1)
    ]


def warnings_of(sheet: TallySheet) -> list[dict[str, str]]:
    """What the rules ask the board to explain, with the explanation where there is one."""
    notes = {one.message: one for one in sheet.notes.select_related("written_by")}
    found = []
    for one in sheet.result["findings"]:
        if one["level"] == "warning":
            note = notes.get(one["message"])
            found.append(
                {
                    "code": one["code"],
                    "message": one["message"],
                    "next": one.get("next", ""),
                    "text": note.text if note else "",
                    "by": str(note.written_by) if note else "",
                }
            )
    return found


def result_of(ballot_round: BallotRound, sheet: TallySheet, candidates: list[Candidate]) -> dict[str, Any]:
    """Context of templates/elections/_result.html."""
    result = sheet.result
    lines = lines_of(result, candidates)
    revote = ballot_round.by_most_votes
    by_agreement = result["layout"] == Layout.AGREE_DISAGREE
    ledger = sheet.count.ledger if sheet.count else None
    return {
        "sheet": sheet,
        "result": result,
        "sentence": ballot_round.election.congress.said(sentence_of(result, ballot_names(candidates))),
        "tone": TONES[result["status"]],
        "lines": lines,
        "by_agreement": by_agreement,
        "two_levels": by_agreement and len(lines) > 1,
        "chart": chart_of(result, lines, revote=revote),
        "ballots": [{"label": label, "count": result["ballots"][key]} for key, label in BALLOT_ROWS],
        "ledger": [{"label": label, "count": getattr(ledger, key)} for key, label in LEDGER_ROWS] if ledger else [],
        "rulings": rulings_of(sheet),
        "warnings": warnings_of(sheet),
        "typists": typists_of(sheet),
        "base_steps": base_steps(result, revote=revote),
        "revote": revote,
        "revote_steps": [tie_revote_step(regimes.by_code(result["regime"])).to_dict()] if revote else [],
    }


def seal_shown(sealed: SealedResult) -> dict[str, Any]:
    """What everybody may check of a sealed edition."""
    count = sealed.sheet.count
    return {
        "void_ledgers": [sentence_of_void(one) for one in void_before(count.ledger)] if count else [],
        "sealed": sealed,
        "file_name": file_name(sealed),
        "disposal": getattr(sealed, "disposal", None),
    }


def file_name(sealed: SealedResult) -> str:
    return f"ket-qua-{sealed.round_id}-ban-{sealed.edition}.json"
