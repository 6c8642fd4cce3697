"""Kiểm phiếu: one page for the whole board, from the ledger to the seal, and what of it refreshes itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.models import User
from accounts.roles import Role
from accounts.web import number_of, signed_in_user
from elections import policies, standings
from elections.lifecycle import COUNTED, SEALED, SLATE_FIXED, SLATE_OPEN
from elections.models import BallotRound, Count
from elections.scopes import COUNT, ROUND
from elections.services import agreement, counting
from elections.standings import InDoubt
from elections.views.counting import words
from elections.views.pages import head_teller_name, round_frame

ENTRY_PAGES = {Count.Method.TOTALS: "elections:entry", Count.Method.PAPERS: "elections:papers"}


def entry_url(count: Count) -> str:
    """Where a teller types in this count."""
    return reverse(ENTRY_PAGES[Count.Method(count.method)], args=[count.pk])


def standing_shown(ballot_round: BallotRound, user: User) -> dict[str, Any]:
    """Context of templates/elections/_count_standing.html, which asks for itself again while somebody waits."""
    congress = ballot_round.election.congress
    count = standings.live_count(ballot_round)
    if count is None:
        return {"round": ballot_round, "count": None, "version": ""}
    count.round = ballot_round
    is_entering = count.state == Count.State.ENTERING
    may_enter = policies.can_enter_count(user, ballot_round, congress)
    lines = words.lines_of(count, user, may_sit=bool(may_enter) and is_entering)
    doubts = agreement.doubts_of(count, ballot_round, congress) if is_entering else []
    sums = agreement.sums_of(count, ballot_round, congress) if is_entering else None
    is_head = bool(policies.can_head_the_board(user, ballot_round, congress))
    return {
        "round": ballot_round,
        "count": count,
        "lines": lines,
        "is_entering": is_entering,
        "is_agreed": count.state == Count.State.AGREED,
        "own": next((line for line in lines if line.is_own), None),
        "free": [line for line in lines if not line.is_own and line.may_type],
        "entry_url": entry_url(count),
        "by_papers": count.method == Count.Method.PAPERS,
        "doubts": doubts,
        "sum_problems": sums.problems if sums else [],
        "is_head": is_head,
        "head_teller": head_teller_name(congress),
        "may_enter": may_enter,
        "polls": is_entering,
        "version": _version_of(count, lines, doubts),
    }


def _version_of(count: Count, lines: Sequence[words.Line], doubts: Sequence[InDoubt]) -> str:
    """Changes with whatever is shown: until then the page is left alone, and nothing is read out again."""
    shown = [count.pk, count.state, *map(repr, lines), *(f"{one.team}/{one.slip}" for one in doubts)]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]


@scoped(ROUND, Role.TELLER)
def count(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Kiểm phiếu: what is done, who types, what comes next."""
    congress, user = ballot_round.election.congress, signed_in_user(request)
    ledger = standings.ledger_of(ballot_round)
    counts = list(ballot_round.counts.prefetch_related("seats__entries").select_related("started_by"))
    context = round_frame(request, ballot_round, "Kiểm phiếu", "Kiểm phiếu")
    context |= standing_shown(ballot_round, user) | {
        "ledger": ledger,
        "ledger_closed": ledger is not None and ledger.closed_at is not None,
        "may_keep": policies.can_keep_ledger(user, ballot_round, congress),
        "is_open": ballot_round.state == SLATE_OPEN,
        "waits_for_ledger": ballot_round.state == SLATE_FIXED,
        "has_result": ballot_round.state in (COUNTED, SEALED),
        "is_sealed": ballot_round.state == SEALED,
        "dropped": [one for one in counts if one.state == Count.State.DROPPED],
        "drafts_done": words.drafts_done(counts, user),
    }
    return render(request, "elections/count.html", context)


@scoped(ROUND, Role.TELLER)
def standing(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """The part of the page of a count that refreshes itself; nothing while it stands as the page shows it."""
    shown = standing_shown(ballot_round, signed_in_user(request))
    if request.GET.get("da-thay") == shown["version"]:
        return HttpResponse(status=204)
    return render(request, "elections/_count_standing.html", shown | {"said": _said(shown)})


def _said(shown: Mapping[str, Any]) -> str:
    """What is read out when something has changed: whose turn it is; the list itself says where and who."""
    own = shown.get("own")
    if shown["count"] is None:
        return "Tình hình vừa thay đổi: lần kiểm đã xong."
    if any(line.may_type for line in shown["lines"]):
        return f"Tình hình vừa thay đổi: {'đến lượt đồng chí nhập' if own else 'còn chỗ nhập chờ đồng chí nhận'}."
    if shown["doubts"] or shown["sum_problems"] or shown["is_agreed"]:
        return "Tình hình vừa thay đổi: đến lượt trưởng ban kiểm phiếu."
    return "Tình hình vừa thay đổi: chờ các đồng chí nhập."


@scoped(COUNT, Role.TELLER, methods=("POST",), action="take_seat")
def take_seat(request: HttpRequest, count: Count) -> HttpResponse:
    """Nhận chỗ nhập của một tổ."""
    team = number_of(request.POST.get("team", ""), digits=3)
    counting.take_seat(count.pk, team=team, actor=signed_in_user(request), at=timezone.now())
    return redirect(entry_url(count))
