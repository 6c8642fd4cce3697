"""Kiểm đếm lại a sealed result, both editions side by side, and the sealed text itself to check."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from accounts.access import scoped
from accounts.roles import Role
from accounts.typed import typed_before
from accounts.web import perform, signed_in_user, step_up
from congress.queries import electorate_of
from elections import editions, policies, standings
from elections.forms.results import RecountForm
from elections.models import BallotRound, SealedResult
from elections.scopes import ROUND
from elections.services import counting, proposing
from elections.views.pages import FORM, ballot_names, candidates_of, require_sealed, round_frame
from elections.views.results import file_name, seal_shown

CONSEQUENCE = (
    "Kết quả đã niêm phong được giữ nguyên và vẫn dùng đến khi niêm phong kết quả kiểm đếm lại. "
    "Hai người nhập độc lập lại từ đầu; bản mới mang số tiếp theo, kèm biên bản đính chính."
)


@scoped(ROUND, Role.TELLER, methods=FORM, action="recount")
def recount(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Kiểm đếm lại kết quả đã niêm phong: the head's act, with the reason, behind the password."""
    congress, user = ballot_round.election.congress, signed_in_user(request)
    policies.can_head_the_board(user, ballot_round, congress).require()
    counting.require_recountable(ballot_round, congress)
    proposing.require_tellers(ballot_round, congress)
    if asked := step_up(request, keep=True):
        return asked
    why_not = standings.why_not_by_papers(ballot_round, electorate_of(congress).election_base)
    form = RecountForm(
        request.POST if request.method == "POST" else None, initial=typed_before(request), only_totals=bool(why_not)
    )

    def act(data: dict[str, Any]) -> None:
        counting.recount(ballot_round.pk, actor=user, at=timezone.now(), **data)

    if request.method == "POST" and perform(form, act):
        messages.success(request, "Đã mở lần kiểm đếm lại. Kiểm phiếu viên mở hòm phiếu đã niêm phong, đếm và nhập.")
        return redirect("elections:count", ballot_round.pk)
    context = round_frame(request, ballot_round, "Kiểm đếm lại", "Kiểm đếm lại kết quả đã niêm phong") | {
        "form": form,
        "submit_label": "Mở lần kiểm đếm lại",
        "consequence": CONSEQUENCE,
        "why_not_papers": why_not,
        "resting": editions.resting_on(ballot_round),
        "back": reverse("elections:proposal", args=[ballot_round.pk]),
    }
    return render(request, "elections/recount.html", context, status=422 if form.errors else 200)


@scoped(ROUND)
def every_edition(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Các bản niêm phong: every figure old → new, who sealed each and why, which later rounds rested on the old one."""
    require_sealed(ballot_round)
    seals = list(ballot_round.seals.select_related(*PEOPLE).order_by("edition"))
    names = ballot_names(candidates_of(ballot_round))
    pairs = [
        {"old": old, "new": new, "figures": editions.figures(old, new, names)}
        for old, new in zip(seals, seals[1:], strict=False)
    ]
    context = round_frame(request, ballot_round, "Các bản niêm phong", "Các bản niêm phong") | {
        "seals": [seal_shown(one) for one in seals],
        "pairs": pairs,
        "shaken": editions.shaken_by_recount(ballot_round),
        "back": reverse("elections:proposal", args=[ballot_round.pk]),
    }
    return render(request, "elections/editions.html", context)


PEOPLE = ("sheet", "round", "confirmed_by", "entered_by", "second_by")


@scoped(ROUND)
def sealed_text(request: HttpRequest, ballot_round: BallotRound, edition: int) -> HttpResponse:
    """The sealed text byte for byte as it was hashed, to keep and to check with ``sha256sum``."""
    require_sealed(ballot_round)
    sealed: SealedResult | None = ballot_round.seals.filter(edition=edition).first()
    if sealed is None:
        raise Http404
    response = HttpResponse(sealed.content.encode(), content_type="application/json")
    response["Content-Disposition"] = content_disposition_header(True, file_name(sealed)) or "attachment"
    return response
