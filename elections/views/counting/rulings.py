"""Kết luận của ban kiểm phiếu on papers in doubt (E-49), one at a time, recorded by the head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import IllegalTransition
from accounts.roles import Role
from accounts.typed import typed_before
from accounts.web import perform, signed_in_user
from elections import policies
from elections.forms.counting import FLAWS, RulingForm
from elections.models import Count
from elections.rules.case import Mark
from elections.rules.layout import Layout, layout_for
from elections.rules.papers import category_label, name_reasons_possible, reasons_possible
from elections.rulings import verdict_of
from elections.scopes import COUNT
from elections.services import agreement, single_papers
from elections.standings import InDoubt
from elections.views.pages import FORM, ballot_names, candidates_of, round_frame

MARKED = {
    Mark.AGREE: "đồng ý",
    Mark.DISAGREE: "không đồng ý",
    Mark.BOTH: "cả hai ô",
    Mark.NONE: "để trống",
}


def read_as(reading: Mapping[str, Any], names: Mapping[int, str]) -> list[str]:
    """What both people read on the paper, one line a name, then what is unusual about it."""
    said: dict[int, str] = {}
    if (marks := reading.get("marks")) is not None:
        said = {pk: MARKED[Mark(marks.get(str(pk), Mark.NONE))] for pk in names}
    elif (kept := reading.get("kept")) is not None:
        said = {pk: "để lại" if str(pk) in kept else "gạch" for pk in names}
    unclear = reading.get("unclear", ())
    lines = [f"{names[pk]}: {one}{', tên không rõ' if str(pk) in unclear else ''}" for pk, one in said.items()]
    known = dict(FLAWS)
    return lines + [known[flaw] for flaw in reading.get("flaws", ())]


@scoped(COUNT, Role.TELLER, methods=FORM, action="rule_on_paper")
def rule(request: HttpRequest, count: Count) -> HttpResponse:
    """Kết luận về phiếu nghi vấn."""
    ballot_round, user = count.round, signed_in_user(request)
    congress = ballot_round.election.congress
    policies.can_head_the_board(user, ballot_round, congress).require()
    if count.state != Count.State.ENTERING:
        raise IllegalTransition(
            f"Lần kiểm phiếu này ở bước “{count.get_state_display().lower()}” nên không còn phiếu chờ kết luận."
        )
    if count.method != Count.Method.PAPERS:
        raise IllegalTransition("Lần kiểm phiếu này nhập theo tổng số nên không có phiếu chờ kết luận trên máy.")
    candidates = candidates_of(ballot_round)
    by_agreement = layout_for(len(candidates), ballot_round.seats) == Layout.AGREE_DISAGREE
    names = ballot_names(candidates)
    doubts, typed = agreement.doubts_of(count, ballot_round, congress), typed_before(request)
    first = next(iter(doubts), None)
    if request.method == "POST":
        told = (request.POST.get("team"), request.POST.get("slip"))
        first = next((one for one in doubts if (str(one.team), str(one.slip)) == told), first)
    asked: dict[str, Any] = {
        "reasons": reasons_possible(len(candidates), by_agreement=by_agreement),
        "name_reasons": name_reasons_possible(by_agreement=by_agreement),
        "names": {pk: names[pk] for pk in (first.leavable if first else ()) if pk in names},
    }
    form = RulingForm(request.POST if request.method == "POST" else None, **asked)

    def act(data: dict[str, Any]) -> None:
        single_papers.rule_on_paper(count.pk, actor=user, at=timezone.now(), **data)

    if request.method == "POST" and perform(form, act):
        messages.success(request, f"Đã ghi kết luận về phiếu {form.cleaned_data['slip']}.")
        left = agreement.doubts_of(Count.objects.get(pk=count.pk), ballot_round, congress)
        return redirect("elections:rulings", count.pk) if left else redirect("elections:count", ballot_round.pk)
    if not form.is_bound and first is not None:
        here = {"team": first.team, "slip": first.slip}
        of_this = {name: str(typed.get(name)) for name in here} == {name: str(told) for name, told in here.items()}
        form = RulingForm(initial=(typed if of_this else {}) | here, **asked)
    context = round_frame(request, ballot_round, "Phiếu nghi vấn", "Kết luận về phiếu nghi vấn") | {
        "count": count,
        "form": form,
        "doubt": first,
        "read": read_as(first.reading, names) if first else [],
        "left": len(doubts),
        "others": [_named(one, count) for one in doubts if one is not first],
        "ruled": [
            (one, verdict_of(one, names), category_label(one.category))
            for one in count.rulings.select_related("recorded_by")
        ],
        "back": reverse("elections:count", args=[ballot_round.pk]),
    }
    return render(request, "elections/count_rulings.html", context, status=422 if form.errors else 200)


def _named(doubt: InDoubt, count: Count) -> str:
    return f"Phiếu {doubt.slip}, tổ {doubt.team}" if count.teams > 1 else f"Phiếu {doubt.slip}"
