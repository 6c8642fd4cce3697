"""How the engine's result is said and drawn; every figure is the stored one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from accounts import charts
from congress.rules.display import percent
from elections.models import BallotRound, Candidate, TallySheet
from elections.queries import votes_for
from elections.rules.layout import Layout
from elections.views.pages import ballot_names

BALLOT_ROWS = (
    ("issued", "Số phiếu phát ra"),
    ("returned", "Số phiếu thu về"),
    ("valid", "Số phiếu hợp lệ"),
    ("invalid", "Số phiếu không hợp lệ"),
)
TONES = {"complete": "done", "short": "wait", "tie": "wait", "tie_again": "wait", "superior_appoints": "late"}


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
    """One line per name in the order of the ballot."""
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
                "percent": percent(votes, result["base"]),
                "elected": key in result["elected"],
                "tied": key in result["tied"],
            }
        )
    return found


def chart_of(result: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], *, revote: bool) -> charts.Bars:
    """Votes per name on the scale of the base, with the line of more than half (a tie revote has none)."""
    elected = sum(line["elected"] for line in lines)
    needed = result["needed"]
    title = f"{elected}/{len(lines)} đồng chí trúng cử"
    return charts.bars(
        title=title if revote else f"{title}; cần ít nhất {needed} phiếu, quá một nửa của {result['base']}",
        items=[(line["name"], line["votes"]) for line in lines],
        base=result["base"],
        threshold=None if revote else needed,
        threshold_label=f"quá một nửa: {needed} phiếu",
        strong=[line["elected"] for line in lines],
        share=percent,
    )


def result_of(ballot_round: BallotRound, sheet: TallySheet, candidates: list[Candidate]) -> dict[str, Any]:
    """Context of templates/elections/_result.html."""
    result = sheet.result
    lines = lines_of(result, candidates)
    revote = ballot_round.kind == BallotRound.Kind.TIE_REVOTE
    return {
        "sheet": sheet,
        "result": result,
        "sentence": sentence_of(result, ballot_names(candidates)),
        "tone": TONES[result["status"]],
        "lines": lines,
        "by_agreement": result["layout"] == Layout.AGREE_DISAGREE,
        "chart": chart_of(result, lines, revote=revote),
        "ballots": [{"label": label, "count": result["ballots"][key]} for key, label in BALLOT_ROWS],
        "warnings": [one for one in result["findings"] if one["level"] == "warning"],
        "revote": revote,
    }
