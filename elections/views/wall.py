"""Màn chiếu kết quả: one sealed result that a room reads from afar."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import scoped
from elections.models import BallotRound
from elections.scopes import ROUND
from elections.services.signed_sheets import newest_seal
from elections.views.pages import candidates_of, require_sealed
from elections.views.results import result_of

MOST_LINES = 12
"""Names that stand below one another on one screen; more of them stand in two columns."""


@scoped(ROUND)
def wall(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """The newest sealed edition, without anything to press but the way back; asks for itself again."""
    require_sealed(ballot_round)
    sealed = newest_seal(ballot_round)
    if sealed is None:
        raise Http404
    context = result_of(ballot_round, sealed.sheet, candidates_of(ballot_round)) | {
        "round": ballot_round,
        "congress": ballot_round.election.congress,
        "sealed": sealed,
    }
    rows = len(context["lines"])
    if not context["revote"]:
        context["need_at"] = f"{100 * context['result']['needed'] / context['result']['base']:.2f}%"
    context |= {"two_columns": rows > MOST_LINES // 2, "many": rows > MOST_LINES}
    return render(request, "elections/wall.html", context)
