"""Xin rút: who asks, what the chair proposes, what the congress decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import scoped
from accounts.web import perform, signed_in_user
from elections.conflicts import Slate
from elections.forms.slates import WithdrawalForm, WithdrawalVoteForm
from elections.models import BallotRound, Withdrawal
from elections.rules.withdrawal import withdrawal_findings
from elections.scopes import ROUND, WITHDRAWAL
from elections.services import withdrawals as services
from elections.services.rounds import require_decided_by_congress
from elections.views.pages import FORM, cards_shown, round_frame
from elections.views.slates import PREPARERS

TONES = {"pending": "wait", "agreed": "done", "refused": "stopped"}


def page(
    request: HttpRequest,
    ballot_round: BallotRound,
    *,
    asking: WithdrawalForm | None = None,
    deciding: WithdrawalVoteForm | None = None,
    about: int = 0,
) -> HttpResponse:
    """Requests with their decisions; the first that waits has the card vote, else a further one may be noted."""
    slate = Slate(ballot_round)
    asked = list(ballot_round.withdrawals.select_related("member", "vote"))
    pending = [one for one in asked if one.outcome == Withdrawal.Outcome.PENDING]
    current = next((one for one in pending if one.pk == about), pending[0] if pending else None)
    free = [one for one in slate.candidates if one.member_id not in {other.member_id for other in pending}]
    context = round_frame(request, ballot_round, page="Xin rút", title="Xin rút khỏi danh sách") | {
        "asked": [{"withdrawal": one, "tone": TONES[one.outcome]} for one in asked],
        "current": current,
        "warnings": _warnings(slate, current),
        "decide_form": deciding or WithdrawalVoteForm(forms_open=services.forms_open()),
        "form": asking or asking_form(request, slate, free),
        "free": bool(free),
        "must": [one.shown_name for one in free if slate.must_withdraw(one)],
        "card_base": cards_shown(slate.congress),
        "citation": slate.regime.cite("E-34") if slate.regime else "",
        "citation_of_ballot": slate.regime.cite("E-21") if slate.regime else "",
    }
    refused = any(form is not None and form.errors for form in (asking, deciding))
    return render(request, "elections/withdrawals.html", context, status=422 if refused else 200)


def asking_form(request: HttpRequest, slate: Slate, free: list[Any]) -> WithdrawalForm:
    """Who must withdraw comes first, with the only proposal open; else whoever the link named."""
    must = [one.member_id for one in free if slate.must_withdraw(one)]
    wanted = request.GET.get("dong-chi", "")
    chosen = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else 0
    member = chosen or (must[0] if must else None)
    proposal = "must" if member in must else None
    names = [(one.member_id, one.shown_name) for one in free]
    return WithdrawalForm(members=names, must=bool(must), initial={"member": member, "proposal": proposal})


def _warnings(slate: Slate, current: Withdrawal | None) -> list[Any]:
    if current is None or slate.is_revote:
        return []
    names = {"names": len(slate.candidates), "seats": slate.round.seats}
    return list(withdrawal_findings(current.member.display_name, slate.office, **names))


@scoped(ROUND, *PREPARERS, methods=FORM)
def withdrawals(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Ghi đồng chí xin rút."""
    require_decided_by_congress(ballot_round, ballot_round.election.congress, "Việc xin rút")
    if request.method != "POST":
        return page(request, ballot_round)
    slate = Slate(ballot_round)
    names = [(one.member_id, one.shown_name) for one in slate.candidates]
    form = WithdrawalForm(request.POST, members=names, must=any(map(slate.must_withdraw, slate.candidates)))

    def act(data: dict[str, Any]) -> None:
        services.ask_to_withdraw(
            ballot_round.pk,
            member_id=int(data["member"]),
            reason=data["reason"],
            proposal=data["proposal"],
            actor=signed_in_user(request),
            at=timezone.now(),
        )

    if not perform(form, act):
        return page(request, ballot_round, asking=form)
    messages.success(request, "Đã ghi việc xin rút. Biểu quyết rồi ghi kết quả.")
    return redirect("elections:withdrawals", ballot_round.pk)


@scoped(WITHDRAWAL, *PREPARERS, methods=("POST",))
def decide(request: HttpRequest, asked: Withdrawal) -> HttpResponse:
    """Ghi đại hội quyết định một việc xin rút."""
    form = WithdrawalVoteForm(request.POST, forms_open=services.forms_open())
    decided: list[Withdrawal] = []

    def act(data: dict[str, Any]) -> None:
        decided.append(services.decide_withdrawal(asked.pk, actor=signed_in_user(request), at=timezone.now(), **data))

    require_decided_by_congress(asked.round, asked.round.election.congress, "Việc xin rút")
    if not perform(form, act):
        return page(request, asked.round, deciding=form, about=asked.pk)
    name, word = asked.member.display_name, asked.round.election.congress.word
    if decided[0].outcome == Withdrawal.Outcome.AGREED:
        messages.success(request, f"Đã ghi {word} đồng ý cho đồng chí {name} rút khỏi danh sách.")
    else:
        messages.warning(request, f"Đã ghi {word} không đồng ý: đồng chí {name} vẫn có tên trong danh sách.")
    return redirect("elections:withdrawals", asked.round_id)
