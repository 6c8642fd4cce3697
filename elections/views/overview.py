"""The elections a person may see, and those of one congress in the order of the ballots."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped, signed_in
from accounts.roles import Role
from accounts.web import signed_in_user
from congress import policies as congress_policies
from congress.frame import frame
from congress.lifecycle import CLEARED, PREPARING, SITTING, SUBMITTED
from congress.models import Congress
from congress.scopes import CONGRESS
from elections import policies, queries
from elections.conflicts import of_plan
from elections.lifecycle import SLATE_OPEN, STATE_NAMES
from elections.models import Election
from elections.rehearsal.policies import can_rehearse, why_not_now
from elections.services import slates as services
from elections.views.pages import TONES, task_here, task_of, tellers_of

PREPARERS = (Role.SECRETARY, Role.CLERK)
COLUMNS = [{"label": "Cuộc bầu"}, {"label": "Tổ chức"}, {"label": "Bước"}, {"label": "Ai làm tiếp"}]
SET_UP_IN = (PREPARING, SUBMITTED, CLEARED)


def _row(election: Election) -> dict[str, Any]:
    state = getattr(election, "last_state", None) or SLATE_OPEN
    number = getattr(election, "last_number", None) or 1
    last = getattr(election, "last_round_id", None)
    url = reverse("elections:round", args=[last]) if last else ""
    return {
        "url": url or reverse("elections:overview", args=[election.congress_id]),
        "cells": [
            {"text": str(election), "note": f"lần bỏ phiếu thứ {number}" if number > 1 else ""},
            {"text": election.congress.organization.name},
            {"badge": "Đã kết thúc", "tone": "done"}
            if election.is_concluded
            else {"badge": STATE_NAMES[state], "tone": TONES[state]},
            {"text": task_of(election, state)},
        ],
    }


@signed_in("GET")
def every(request: HttpRequest) -> HttpResponse:
    """Every election in reach; those of sitting congresses first."""
    found = queries.to_be_acted_on_first(queries.with_last_round(queries.visible_to(signed_in_user(request))))
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {
        "columns": COLUMNS,
        "rows": [_row(election) for election in page],
        "page_obj": page,
        "actions": [
            {"label": "Tình huống khi bầu cử", "url": reverse("elections:situations"), "kind": "quiet"},
            {"label": "Hồ sơ chờ chuẩn y", "url": reverse("elections:ratifications"), "kind": "secondary"},
        ],
        "crumbs": [("Bầu cử", "")],
    }
    return render(request, "elections/all.html", context)


def _shown(election: Election, earlier: Election | None) -> dict[str, Any]:
    """One election with its rounds, and who was elected so far."""
    rounds = list(election.rounds.order_by("number"))
    last = rounds[-1] if rounds else None
    return {
        "election": election,
        "rounds": [{"round": one, "tone": TONES[one.state]} for one in rounds],
        "last": last,
        "elected": queries.elected_of(election),
        "without_ground": queries.without_ground(election),
        "task": task_here(election, last.state, earlier) if last else "",
    }


def are_set_up(congress: Congress, elections: list[Election]) -> bool:
    """Whether the elections there are those that the details of the congress ask for."""
    return {one.office: one.seats for one in elections} == services.offices_of(congress)


def _setting_up(request: HttpRequest, congress: Congress, elections: list[Election]) -> dict[str, Any] | None:
    """The button “Lập các cuộc bầu” while what is set up is not what the details of the congress say."""
    wanted = services.offices_of(congress)
    if are_set_up(congress, elections):
        return None
    may = policies.can_prepare(signed_in_user(request), congress)
    late = "" if congress.state in SET_UP_IN else "Các cuộc bầu được lập trước khi khai mạc."
    return {
        "offices": [
            {"label": Election(office=office).get_office_display(), "seats": n} for office, n in wanted.items()
        ],
        "again": bool(elections),
        "reason": late or may.reason,
    }


@scoped(CONGRESS)
def of_congress(request: HttpRequest, congress: Congress) -> HttpResponse:
    """The elections in order, the state of each round, who acts now, the tellers' board."""
    elections = list(queries.current_elections(congress).select_related("congress__organization"))
    annulled = congress.elections.filter(is_annulled=True).prefetch_related("rounds")
    context = frame(request, congress, "elections", title="Bầu cử", crumbs=[("Bầu cử", "")]) | {
        "elections": [_shown(one, earlier) for earlier, one in zip([None, *elections], elections, strict=False)],
        "annulled": [{"election": one, "rounds": list(one.rounds.all())} for one in annulled],
        "setting_up": _setting_up(request, congress, elections),
        "tellers": tellers_of(congress),
        "plan": of_plan(congress) if congress.state in (*SET_UP_IN, SITTING) else [],
        "is_sitting": congress.state == SITTING,
        "may_prepare": policies.can_prepare(signed_in_user(request), congress),
        "may_rehearse": not why_not_now(congress) and can_rehearse(signed_in_user(request), congress),
        "may_run": congress_policies.can_run(signed_in_user(request), congress),
    }
    return render(request, "elections/overview.html", context)


@scoped(CONGRESS, *PREPARERS, methods=("POST",))
def set_up(request: HttpRequest, congress: Congress) -> HttpResponse:
    services.set_up_elections(congress.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, "Đã lập các cuộc bầu. Lập danh sách bầu cử cho từng cuộc.")
    return redirect("elections:overview", congress.pk)
