"""Lấy phiếu xin ý kiến: its count typed by one and confirmed by another, and what the congress settles after it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import InvalidInput, NotAllowed
from accounts.typed import typed_before
from accounts.web import perform, signed_in_user
from elections.conflicts import Slate
from elections.forms.slates import JoiningForm, OpinionForm
from elections.models import BallotRound, OpinionBallot
from elections.rules.nomination import Room, opinion_ballot
from elections.scopes import OPINION, ROUND
from elections.services import opinions as services
from elections.views.pages import FORM, cards_shown, round_frame
from elections.views.slate_steps import shown_conflicts
from elections.views.slates import PREPARERS
from organizations.models import Member


def names_asked(slate: Slate) -> list[tuple[int, str]]:
    return [(one.member_id, one.shown_name) for one in slate.others]


def lines_of(opinion: OpinionBallot, slate: Slate) -> list[dict[str, Any]]:
    """Names in descending support with what the rule proposes for each; of a slate since changed, who has left it."""
    room, stale = proposed(opinion, slate), services.why_stale(opinion, slate)
    here = {str(one.member_id): one.shown_name for one in slate.others}
    names = {str(one.pk): one.display_name for one in Member.objects.filter(pk__in=opinion.support)} | here
    lines = []
    for pk, votes in sorted(opinion.support.items(), key=lambda item: -int(item[1])):
        verdict, tone = ("Vào danh sách", "done") if pk in room.joining else ("Không vào danh sách", "stopped")
        if pk in room.tied:
            verdict, tone = f"Bằng phiếu, {slate.congress.word} quyết định", "wait"
        if stale:
            verdict, tone = ("Lấy ý kiến lại", "wait") if pk in here else ("Đã ra khỏi danh sách", "stopped")
        lines.append({"name": names[pk], "votes": votes, "verdict": verdict, "tone": tone})
    return lines


def proposed(opinion: OpinionBallot, slate: Slate) -> Room:
    return opinion_ballot(
        opinion.support,
        committee_names=len(slate.committee_names),
        seats=slate.round.seats,
        regime=slate.regime,
    )


@scoped(ROUND, *PREPARERS, methods=FORM)
def opinions(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Nhập kết quả phiếu xin ý kiến; what waits for the confirmation of another is shown with its proposal."""
    slate = Slate(ballot_round)
    services.require_opinion_ballot(slate)
    form = OpinionForm(
        request.POST if request.method == "POST" else None, initial=typed_before(request), names=names_asked(slate)
    )

    def act(data: dict[str, Any]) -> None:
        try:
            services.enter_opinions(
                ballot_round.pk,
                figures={name: data[name] for name, _, _ in OpinionForm.PAPERS},
                support=form.support,
                actor=signed_in_user(request),
                at=timezone.now(),
            )
        except InvalidInput as refusal:
            raise InvalidInput(str(refusal), fields=form.fields_of(refusal.fields)) from refusal

    if request.method == "POST" and perform(form, act):
        messages.success(request, "Đã nhập kết quả phiếu xin ý kiến. Đồng chí khác xem lại và xác nhận.")
        return redirect("elections:opinions", ballot_round.pk)
    if form.errors:
        _say_the_rest(form, slate)
    waiting, user = slate.opinion_to_confirm, signed_in_user(request)
    context = round_frame(request, ballot_round, page="Phiếu xin ý kiến", title="Phiếu xin ý kiến") | {
        "form": form,
        "names": [name for _, name in names_asked(slate)],
        "attending": slate.attending,
        "room": slate.room,
        "waiting": waiting,
        "lines": lines_of(waiting, slate) if waiting else [],
        "why_not_confirm": _why_not_confirm(request, waiting),
        "stale": services.why_stale(waiting, slate) if waiting else "",
        "confirmers": services.confirmers(slate.congress, besides=waiting.entered_by_id if waiting else user.pk),
        "citation": slate.regime.cite("E-38") if slate.regime else "",
    }
    return render(request, "elections/opinions.html", context, status=422 if form.errors else 200)


def _say_the_rest(form: OpinionForm, slate: Slate) -> None:
    """What does not add up is said together with what is blank or unreadable, not at the next try."""
    figures = {name: form.cleaned_data.get(name) for name, _, _ in OpinionForm.PAPERS}
    wrong = form.fields_of(services.wrong_by_letter(slate, figures, form.support))
    for name, texts in wrong.items():
        if name not in form.errors and name in form.fields:
            for text in texts:
                form.add_error(name, text)


def _why_not_confirm(request: HttpRequest, waiting: OpinionBallot | None) -> str:
    if waiting is None:
        return ""
    try:
        services.can_confirm(signed_in_user(request), waiting)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


@scoped(OPINION, *PREPARERS, methods=("POST",))
def confirm(request: HttpRequest, opinion: OpinionBallot) -> HttpResponse:
    """Xác nhận kết quả phiếu xin ý kiến."""
    confirmed = services.confirm_opinions(opinion.pk, actor=signed_in_user(request), at=timezone.now())
    if confirmed.tied:
        messages.warning(request, "Đã xác nhận. Có người bằng phiếu ở chỗ cuối: biểu quyết ai vào danh sách.")
        return redirect("elections:joining", opinion.round_id)
    messages.success(request, "Đã xác nhận. Người không vào danh sách đã được đưa ra khỏi danh sách.")
    return redirect("elections:round", opinion.round_id)


@scoped(ROUND, *PREPARERS, methods=FORM)
def joining(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Ghi đại hội quyết định ai ngoài danh sách của cấp ủy vào danh sách bầu cử."""
    slate = Slate(ballot_round)
    services.require_open_choice(slate)
    names = [(one.member_id, one.shown_name) for one in slate.to_be_decided]
    form = JoiningForm(request.POST if request.method == "POST" else None, names=names)

    def act(data: dict[str, Any]) -> None:
        cards = {name: data[name] for name in ("in_favour", "against", "abstained")}
        services.decide_joining(
            ballot_round.pk,
            joining=[int(pk) for pk in data["joining"]],
            actor=signed_in_user(request),
            at=timezone.now(),
            **cards,
        )

    if request.method == "POST" and perform(form, act):
        if Slate(ballot_round).to_be_decided:
            messages.warning(request, "Đã ghi biểu quyết: chưa quá một nửa tán thành nên danh sách giữ nguyên.")
        else:
            messages.success(request, f"Đã ghi {slate.congress.word} quyết định người vào danh sách.")
        return redirect("elections:round", ballot_round.pk)
    title = f"{slate.congress.word.capitalize()} quyết định ai vào danh sách"
    context = round_frame(request, ballot_round, page="Ai vào danh sách", title=title) | {
        "form": form,
        "conflicts": shown_conflicts(slate, "E-38"),
        "most": slate.joining_at_most if slate.tied_opinions is not None else None,
        "ceiling": slate.most_names,
        "card_base": cards_shown(slate.congress),
    }
    return render(request, "elections/joining.html", context, status=422 if form.errors else 200)
