"""What the pages of elections share: their frame, who acts now, the tellers' board."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.errors import IllegalTransition
from congress.frame import frame
from congress.lifecycle import SITTING
from congress.models import Congress, Office
from congress.queries import electorate_of
from congress.rules.majority import MORE_THAN_HALF
from elections import queries
from elections.lifecycle import COUNTED, COUNTING, SEALED, SET_ASIDE, SLATE_FIXED, SLATE_OPEN
from elections.minutes import names_on
from elections.models import BallotRound, Candidate, Election

FORM = ("GET", "POST")
TONES = {
    SLATE_OPEN: "todo",
    SLATE_FIXED: "now",
    COUNTING: "now",
    COUNTED: "wait",
    SEALED: "sealed",
    SET_ASIDE: "stopped",
}
GO_ON_OR_STOP = "Bí thư, thư ký chi bộ: ghi quyết định của đại hội bầu tiếp hoặc dừng bầu"
TASKS = {
    SLATE_OPEN: "Bí thư, thư ký chi bộ: lập danh sách, ghi biểu quyết chốt danh sách",
    SLATE_FIXED: "Ban kiểm phiếu: phát phiếu, thu phiếu, đóng sổ phiếu rồi bắt đầu kiểm phiếu",
    COUNTING: "Ban kiểm phiếu: hai đồng chí kiểm và nhập độc lập",
    COUNTED: "Trưởng ban kiểm phiếu: xem lại, xác nhận và niêm phong",
    SEALED: GO_ON_OR_STOP,
    SET_ASIDE: GO_ON_OR_STOP,
}


def task_of(election: Election, state: str, earlier: Election | None = None) -> str:
    """Who acts now and what for; a dash when nothing is left. ``earlier`` is the election before it (E-17)."""
    if election.is_concluded or election.is_annulled:
        return "–"
    if earlier is not None and not earlier.is_concluded and election.congress.state == SITTING:
        return f"Chờ {str(earlier).lower()} kết thúc"
    if election.congress.state != SITTING:
        return election.congress.said("Bí thư, thư ký chi bộ: chuẩn bị danh sách") if state == SLATE_OPEN else "–"
    return election.congress.said(TASKS[state])


AFTER_A_TIE = {
    "tie": "Bí thư, thư ký chi bộ: mở lần bầu lại giữa những người bằng phiếu, ở trang kết quả",
    "tie_again": (
        "Bí thư, thư ký chi bộ: ghi quyết định của đại hội bầu lại lần nữa giữa những người bằng phiếu hoặc dừng bầu, "
        "ở trang kết quả"
    ),
}


def task_here(election: Election, state: str, earlier: Election | None = None) -> str:
    """As ``task_of``, for one election at a time: after a tie it is a re-vote that comes next (E-53)."""
    task = task_of(election, state, earlier)
    if state != SEALED or task != election.congress.said(TASKS[SEALED]):
        return task
    seals = queries.standing_seals(election)
    status = seals[-1].sheet.result["status"] if seals else ""
    return election.congress.said(AFTER_A_TIE[status]) if status in AFTER_A_TIE else task


def round_frame(request: HttpRequest, ballot_round: BallotRound, page: str = "", title: str = "") -> dict[str, Any]:
    """The congress frame with the round in the trail; ``page`` names the page below the round."""
    congress = ballot_round.election.congress
    own = (str(ballot_round), reverse("elections:round", args=[ballot_round.pk]) if page else "")
    crumbs = [("Bầu cử", reverse("elections:overview", args=[congress.pk])), own]
    return frame(
        request,
        congress,
        "elections",
        title=title or str(ballot_round),
        crumbs=[*crumbs, (page, "")] if page else crumbs,
    ) | {
        "round": ballot_round,
        "election": ballot_round.election,
        "round_tone": TONES[ballot_round.state],
        "back": reverse("elections:round", args=[ballot_round.pk]),
    }


def candidates_of(ballot_round: BallotRound) -> list[Candidate]:
    """The slate in the order of the ballot; before it is fixed, by name."""
    order = queries.BALLOT_ORDER if ballot_round.state == SLATE_OPEN else ("position", "pk")
    return list(ballot_round.candidates.select_related("member", "nominated_by").order_by(*order))


def ballot_names(candidates: list[Candidate]) -> dict[int, str]:
    """Member id → name as on the ballot; two of one name with their years of birth."""
    return {pk: one.shown for pk, one in names_on(candidates).items()}


def require_sealed(ballot_round: BallotRound) -> None:
    """Raise IllegalTransition where a page shows what only a sealed round has."""
    if ballot_round.state != SEALED:
        raise IllegalTransition("Lần bầu này chưa niêm phong kết quả. Trang này mở được sau khi niêm phong.")


def tellers_of(congress: Congress) -> list[dict[str, str]]:
    """The board, its head first."""
    officers = congress.officers.filter(office__in=[Office.HEAD_TELLER, Office.TELLER]).select_related("member")
    board = sorted(officers, key=lambda one: one.office != Office.HEAD_TELLER)
    return [{"name": one.member.display_name, "office": one.get_office_display()} for one in board]


def head_teller_name(congress: Congress) -> str:
    head = congress.officers.filter(office=Office.HEAD_TELLER).select_related("member").first()
    return head.member.display_name if head else ""


def cards_shown(congress: Congress) -> dict[str, int] | None:
    """The base of the card vote, how many it needs and how many cards there are."""
    electorate = electorate_of(congress)
    base = electorate.resolution_base
    if base <= 0:
        return None
    return {"base": base, "needed": MORE_THAN_HALF.needed(base), "present": electorate.present or 0}
