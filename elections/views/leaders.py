"""The leader whom the personnel plan foresees, and the superior's opinion where he was not elected (E-57)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import IllegalTransition
from accounts.web import perform, signed_in_user
from elections import queries
from elections.conflicts import Slate
from elections.forms.slates import PlannedLeaderForm, SuperiorOpinionForm
from elections.models import BallotRound, Election
from elections.scopes import ELECTION
from elections.services import leaders as services
from elections.views.pages import FORM, round_frame
from elections.views.slate_steps import shown_conflicts
from elections.views.slates import PREPARERS


def round_of(election: Election) -> BallotRound:
    """The round in hand, with its election and congress at hand."""
    found = queries.last_round(election)
    if found is None:
        raise IllegalTransition("Cuộc bầu này chưa có lần bỏ phiếu nào.")
    found.election = election
    return found


@scoped(ELECTION, *PREPARERS, methods=FORM)
def plan_leader(request: HttpRequest, election: Election) -> HttpResponse:
    """Ghi người dự kiến theo đề án nhân sự, before the sitting."""
    services.require_plannable(election, election.congress)
    ballot_round = round_of(election)
    form = PlannedLeaderForm(
        request.POST if request.method == "POST" else None,
        members=services.plannable_members(election),
        initial={"member": election.planned_member_id},
    )

    def act(data: dict[str, Any]) -> None:
        member_id = int(data["member"]) if data["member"] else None
        services.plan_leader(election.pk, member_id=member_id, actor=signed_in_user(request), at=timezone.now())

    if request.method == "POST" and perform(form, act):
        messages.success(request, "Đã ghi người dự kiến theo đề án nhân sự.")
        return redirect("elections:round", ballot_round.pk)
    context = round_frame(request, ballot_round, page="Người dự kiến", title="Người dự kiến theo đề án nhân sự")
    return render(request, "elections/plan_leader.html", context | {"form": form}, status=422 if form.errors else 200)


@scoped(ELECTION, *PREPARERS, methods=FORM)
def superior_opinion(request: HttpRequest, election: Election) -> HttpResponse:
    """Ghi ý kiến cấp trên after the planned leader was not elected to the committee."""
    ballot_round = round_of(election)
    services.require_waiting(ballot_round)
    form = SuperiorOpinionForm(request.POST if request.method == "POST" else None)

    def act(data: dict[str, Any]) -> None:
        services.record_superior_opinion(election.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    if request.method == "POST" and perform(form, act):
        messages.success(request, "Đã ghi ý kiến cấp trên. Cuộc bầu chức danh này tiếp tục.")
        return redirect("elections:round", ballot_round.pk)
    context = round_frame(request, ballot_round, page="Ý kiến cấp trên", title="Ý kiến cấp trên về nhân sự") | {
        "form": form,
        "conflicts": shown_conflicts(Slate(ballot_round), "E-57"),
    }
    return render(request, "elections/superior_opinion.html", context, status=422 if form.errors else 200)
