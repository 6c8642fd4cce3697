"""Entering the count: the sheet of the tellers, field by field."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import IllegalTransition, InvalidInput
from accounts.roles import Role
from accounts.web import perform, signed_in_user
from congress.lifecycle import SITTING
from congress.models import Congress
from elections import policies
from elections.forms import TallyForm
from elections.lifecycle import ROUND_LIFECYCLE
from elections.models import BallotRound
from elections.rules.layout import layout_for
from elections.scopes import ROUND
from elections.services import counting as services
from elections.views.pages import FORM, ballot_names, candidates_of, round_frame
from elections.views.slates import base_steps, layout_shown

BLANK = "F110"


def _require(request: HttpRequest, ballot_round: BallotRound, congress: Congress) -> None:
    """What the service will refuse anyway is said before anybody types figures."""
    policies.can_enter_count(signed_in_user(request), ballot_round, congress).require()
    if congress.state != SITTING:
        raise IllegalTransition("Kết quả kiểm phiếu chỉ nhập khi đại hội đang diễn ra.")
    ROUND_LIFECYCLE.after("enter_count", state=ballot_round.state)
    services.require_tellers(ballot_round, congress)


def _add_findings(form: TallyForm, ballot_round: BallotRound, congress: Congress) -> None:
    """Blank or unreadable figures do not hide what the rules say of the others: everything at once."""
    result = services.propose(ballot_round, congress, form.figures)
    errors = [one for one in result["findings"] if one["level"] == "error" and one["code"] != BLANK]
    for name, texts in form.fields_of(services.by_letter(errors)).items():
        for text in texts:
            form.add_error(name or None, text)


@scoped(ROUND, Role.TELLER, methods=FORM, action="enter_count")
def count(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Nhập kết quả kiểm phiếu."""
    congress = ballot_round.election.congress
    _require(request, ballot_round, congress)
    candidates = candidates_of(ballot_round)
    names = ballot_names(candidates)
    form = TallyForm(
        request.POST if request.method == "POST" else None,
        slate=[(one.member_id, names[one.member_id]) for one in candidates],
        layout=layout_for(len(candidates), ballot_round.seats),
    )

    def act(data: dict[str, Any]) -> None:
        try:
            services.enter_count(
                ballot_round.pk,
                figures=form.figures,
                invalid_reasons=form.invalid_reasons,
                note=data["note"],
                actor=signed_in_user(request),
                at=timezone.now(),
            )
        except InvalidInput as refusal:
            raise InvalidInput(str(refusal), fields=form.fields_of(refusal.fields)) from refusal

    if request.method == "POST" and not form.is_valid():
        _add_findings(form, ballot_round, congress)
    elif request.method == "POST" and perform(form, act):
        messages.success(request, "Đã nhập kết quả kiểm phiếu. Trưởng ban kiểm phiếu xem lại và niêm phong.")
        return redirect("elections:proposal", ballot_round.pk)
    earlier = ballot_round.sheets.order_by("-number").first()
    context = round_frame(request, ballot_round, "Nhập kết quả kiểm phiếu", "Nhập kết quả kiểm phiếu") | {
        "form": form,
        "steps": base_steps(congress),
        "layout": layout_shown(len(candidates), ballot_round.seats),
        "draft_key": draft_key(ballot_round, earlier.number + 1 if earlier else 1),
        "earlier": earlier,
    }
    return render(request, "elections/count.html", context, status=422 if form.errors else 200)


def draft_key(ballot_round: BallotRound, number: int) -> str:
    """The draft of one entry on this machine; a recount starts a new one."""
    return f"count-{ballot_round.pk}-{number}"
