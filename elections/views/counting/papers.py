"""By papers: one ballot paper after another, as it lies on the table; then only those read differently."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import DomainError, InvalidInput, NotAllowed
from accounts.models import User
from accounts.roles import Role
from accounts.typed import typed_before
from accounts.web import number_of, place_errors, signed_in_user
from elections import standings
from elections.forms.counting import PaperForm, typed_of
from elections.models import Count
from elections.rules.layout import Layout, layout_for
from elections.scopes import COUNT
from elections.services import single_papers
from elections.standings import Standing, standing_of
from elections.views.counting import words
from elections.views.counting.totals import require_entering, revision_in_hand, team_of, typed_revision
from elections.views.pages import FORM, ballot_names, candidates_of, round_frame


@dataclass(frozen=True, slots=True)
class Stack:
    """The papers in front of one person: which to read (all of them, or only those read differently), which are done.

    ``total`` is None for one team of several: nobody knows yet how many papers lie on its table.
    """

    team: int
    revision: int
    papers: Mapping[int, Mapping[str, Any]]
    asked: tuple[int, ...] | None
    total: int | None
    most: int

    @property
    def done(self) -> list[int]:
        return sorted(slip for slip in self.papers if self.asked is None or slip in self.asked)

    @property
    def todo(self) -> list[int]:
        if self.asked is not None:
            return [slip for slip in self.asked if slip not in self.papers]
        last = self.total if self.total is not None else min(self.most, max(self.papers, default=0) + 1)
        return [slip for slip in range(1, last + 1) if slip not in self.papers]

    @property
    def number(self) -> int | None:
        """How many there are to read; None is not known."""
        return len(self.asked) if self.asked is not None else self.total

    @property
    def is_whole(self) -> bool:
        return bool(self.papers) and not (self.todo if self.number is not None else self._gaps)

    @property
    def _gaps(self) -> list[int]:
        return [slip for slip in range(1, max(self.papers) + 1) if slip not in self.papers]

    def may_show(self, slip: int) -> bool:
        return slip in self.asked if self.asked is not None else 1 <= slip <= self.most


def stack_of(count: Count, standing: Standing, user: User) -> Stack | None:
    """None while this person has nothing to read."""
    revision = revision_in_hand(standing, user)
    if revision is None:
        return None
    seat = words.own_seat(count, user)
    returned = count.ledger.returned or 0
    return Stack(
        standing.team,
        revision,
        standings.papers_of(seat) if seat else {},
        standing.slips if revision > 1 else None,
        returned if count.teams == 1 else None,
        returned,
    )


def paper_form(count: Count, *args: Any, **kwargs: Any) -> PaperForm:
    candidates = candidates_of(count.round)
    names = ballot_names(candidates)
    return PaperForm(
        *args,
        names=[(one.member_id, names[one.member_id]) for one in candidates],
        by_agreement=layout_for(len(candidates), count.round.seats) == Layout.AGREE_DISAGREE,
        most=count.ledger.returned or 0,
        **kwargs,
    )


@scoped(COUNT, Role.TELLER, methods=FORM, action="write_paper")
def read(request: HttpRequest, count: Count) -> HttpResponse:
    """Kiểm từng phiếu: the page of one paper; every paper is written at once."""
    user = signed_in_user(request)
    require_entering(count, user, Count.Method.PAPERS)
    team = team_of(request, count, user)
    stack = stack_of(count, standing_of(count, team), user) if team is not None else None
    typed = typed_before(request)
    if stack is None:
        return redirect("elections:count", count.round_id)
    if request.method == "POST":
        return _write(request, count, stack)
    if stack.may_show(kept := number_of(typed.get("slip", ""), digits=5)):
        return _page(request, count, stack, paper_form(count, initial={**typed, "slip": kept}), kept)
    slip = _slip_to_show(request, stack)
    form = paper_form(count)
    if slip is not None:
        form = paper_form(count, initial={"slip": slip, **typed_of(stack.papers.get(slip, {}), form.names)})
    return _page(request, count, stack, form, slip)


def _slip_to_show(request: HttpRequest, stack: Stack) -> int | None:
    """The one asked for in the address, else the first that is not read yet; None when all are."""
    asked = number_of(request.GET.get("phieu", ""), digits=5)
    if stack.may_show(asked):
        return asked
    return next(iter(stack.todo), None)


def _write(request: HttpRequest, count: Count, stack: Stack) -> HttpResponse:
    plain = "application/json" not in request.headers.get("Accept", "")
    form = paper_form(count, request.POST)
    if form.is_valid():
        if "over" in request.POST and (newer := _newer(request, stack, form)) is not None:
            return JsonResponse(newer, status=412)
        try:
            single_papers.write_paper(
                count.pk,
                team=stack.team,
                slip=form.cleaned_data["slip"],
                reading=form.reading,
                actor=signed_in_user(request),
                at=timezone.now(),
            )
        except NotAllowed:
            raise
        except InvalidInput as refusal:
            place_errors(form, refusal)
        except DomainError as refusal:
            if plain:
                raise
            return JsonResponse({"errors": [str(refusal)]}, status=409)
        else:
            if plain:
                _say_where(request, stack, form.cleaned_data["slip"])
                return redirect("elections:papers", count.pk)
            return JsonResponse({"slip": form.cleaned_data["slip"], "read": typed_of(form.reading, form.names)})
    if not plain:
        return JsonResponse({"errors": [text for texts in form.errors.values() for text in texts]}, status=422)
    return _page(request, count, stack, form, form.cleaned_data.get("slip"))


def _say_where(request: HttpRequest, stack: Stack, slip: int) -> None:
    """Who corrected an earlier paper returns to where the reading stopped, and is told so."""
    if slip not in stack.papers:
        return
    following = next(iter(stack.todo), None)
    where = f"Trở lại phiếu {following}, phiếu chưa ghi." if following else "Đã đọc hết các phiếu."
    messages.success(request, f"Đã ghi lại phiếu {slip}. {where}")


def _newer(request: HttpRequest, stack: Stack, form: PaperForm) -> dict[str, Any] | None:
    """What the server has of this paper, when it is neither what the page last heard nor what it sends now.

    A paper that waited on one machine does not overwrite what the same person has read since on another.
    """
    reading = stack.papers.get(form.cleaned_data["slip"])
    kept = typed_of(reading, form.names) if reading else None
    if kept == typed_of(form.reading, form.names):
        return None
    try:
        heard = json.loads(request.POST["over"])
    except (ValueError, RecursionError):
        heard = None
    return None if kept == heard else {"newer": kept}


def _page(request: HttpRequest, count: Count, stack: Stack, form: PaperForm, slip: int | None) -> HttpResponse:
    ballot_round, user = count.round, signed_in_user(request)
    title = "Kiểm từng phiếu" if stack.revision == 1 else "Nhập lại những phiếu khác nhau"
    context = round_frame(request, ballot_round, title, title) | {
        "count": count,
        "stack": stack,
        "form": form,
        "slip": slip,
        "team": stack.team,
        "previous": next((one for one in reversed(stack.done) if slip is not None and one < slip), None),
        "read": json.dumps({one: typed_of(stack.papers[one], form.names) for one in stack.done}),
        "asked": json.dumps(list(stack.asked) if stack.asked is not None else None),
        "draft_key": f"phieu-{words.draft_key(count, user, stack.revision)}",
        "back": reverse("elections:count", args=[ballot_round.pk]),
    }
    return render(request, "elections/count_papers.html", context, status=422 if form.errors else 200)


@scoped(COUNT, Role.TELLER, methods=("POST",), action="submit_papers")
def submit(request: HttpRequest, count: Count) -> HttpResponse:
    """Gửi tập phiếu, once every paper is read."""
    user = signed_in_user(request)
    seat = words.own_seat(count, user)
    single_papers.submit_papers(
        count.pk,
        team=seat.team if seat else 1,
        revision=typed_revision(request),
        actor=user,
        at=timezone.now(),
    )
    count.refresh_from_db(fields=["state"])
    seat = words.own_seat(count, user)
    said, is_good = words.after_sending(count, seat, by_papers=True) if seat else ("", True)
    say = messages.success if is_good else messages.warning
    say(request, said or "Đã gửi tập phiếu. Phần mềm so từng phiếu khi người kia cũng gửi.")
    return redirect("elections:count", count.round_id)
