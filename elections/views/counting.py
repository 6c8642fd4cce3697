"""Where a count stands, for the board of tellers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import scoped
from accounts.roles import Role
from elections.models import BallotRound
from elections.scopes import ROUND
from elections.views.pages import round_frame


@scoped(ROUND, Role.TELLER)
def count(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Kiểm phiếu: what is done and what comes next."""
    return render(request, "elections/count.html", round_frame(request, ballot_round, "Kiểm phiếu", "Kiểm phiếu"))
