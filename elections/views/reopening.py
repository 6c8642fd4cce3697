"""Mở lại danh sách: looked at on a page of its own, because what was handed out for the old slate is void."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import scoped
from accounts.roles import Role
from accounts.web import perform, signed_in_user
from elections import policies, standings
from elections.forms.slates import NoFields, ReopeningForm
from elections.lifecycle import SLATE_OPEN
from elections.models import BallotRound
from elections.scopes import ROUND
from elections.services import ballots
from elections.services import slates as services
from elections.views.pages import FORM, ballot_names, candidates_of, cards_shown, round_frame


@scoped(ROUND, Role.SECRETARY, Role.CLERK, methods=FORM, action="reopen_slate")
def reopen(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """What was fixed and printed, then the list is opened again; by card vote once ballots were handed out."""
    user, congress = signed_in_user(request), ballot_round.election.congress
    policies.can_prepare(user, congress).require()
    services.require_reopenable(ballot_round)
    posted = request.POST if request.method == "POST" else None
    by_cards = services.handed_out(ballot_round).exists()
    form = ReopeningForm(posted) if by_cards else NoFields(posted)

    def act(data: dict[str, Any]) -> None:
        services.reopen_slate(ballot_round.pk, actor=user, at=timezone.now(), **data)

    if request.method == "POST" and perform(form, act):
        ballot_round.refresh_from_db()
        if ballot_round.state == SLATE_OPEN:
            messages.success(request, "Đã mở lại danh sách. Sửa xong thì biểu quyết chốt lại.")
        else:
            messages.warning(request, "Đã ghi biểu quyết: chưa quá một nửa tán thành nên danh sách giữ nguyên.")
        return redirect("elections:round", ballot_round.pk)
    context = round_frame(request, ballot_round, "Mở lại danh sách", "Mở lại danh sách") | {
        "answers": _voided_by_it(ballot_round),
        "form": form,
        "card_base": cards_shown(congress) if by_cards else None,
        "what": "mở lại danh sách",
        "submit_label": "Ghi biểu quyết mở lại danh sách" if by_cards else "Mở lại danh sách",
        "consequence": (
            "Mở lại thì phiếu đã in, đã phát không dùng nữa, sổ phiếu bị hủy, và phải biểu quyết chốt danh sách lại "
            "trước khi bỏ phiếu."
        ),
    }
    return render(request, "elections/ask.html", context, status=422 if form.errors else 200)


def _voided_by_it(ballot_round: BallotRound) -> list[dict[str, str]]:
    """What is given up: the vote that fixed the list, the papers, the ledger."""
    vote, ledger = ballot_round.fixed_vote, standings.ledger_of(ballot_round)
    names = ballot_names(candidates_of(ballot_round))
    printed = [one.title for one in ballots.in_use(ballot_round)]
    kept = "Chưa lập" if ledger is None else "Đã đóng, sẽ hủy" if ledger.closed_at else "Đang ghi, sẽ hủy"
    return [
        {"label": "Danh sách đã chốt", "value": ", ".join(names.values())},
        {"label": "Số lượng cần bầu", "value": str(ballot_round.seats)},
        {"label": "Biểu quyết chốt", "value": f"tán thành {vote.in_favour}/{vote.base}" if vote else "–"},
        {"label": "Tệp đã lập để in", "value": "; ".join(printed) or "Chưa có"},
        {"label": "Sổ phiếu", "value": kept},
    ]
