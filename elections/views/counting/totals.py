"""By totals: one person's tally sheet; where the two differ, those fields again and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from accounts.roles import Role
from accounts.typed import typed_before
from accounts.web import number_of, perform, signed_in_user
from elections import policies
from elections.forms.counting import EntryForm
from elections.models import BallotRound, Count
from elections.rules.layout import layout_for
from elections.scopes import COUNT
from elections.services import counting
from elections.services.refusals import by_letter
from elections.standings import Standing, standing_of
from elections.views.counting import words
from elections.views.pages import FORM, ballot_names, candidates_of, round_frame
from elections.views.slates import layout_shown

BLANK = "F110"
SENT = "Đã gửi bản nhập. Đồng chí chờ người nhập thứ hai; số của đồng chí không hiện cho ai xem."
SENT_AGAIN = "Đã gửi phần nhập lại. Phần mềm so hai bản khi người kia cũng nhập lại."


def require_entering(count: Count, user: User, method: str) -> None:
    """What the service will refuse anyway is said before anybody types figures."""
    policies.can_enter_count(user, count.round, count.round.election.congress).require()
    if count.state != Count.State.ENTERING:
        raise IllegalTransition(
            f"Lần kiểm phiếu này ở bước “{count.get_state_display().lower()}” nên không nhập thêm số liệu."
        )
    if count.method != method:
        raise IllegalTransition(
            "Lần kiểm phiếu này nhập theo tổng số." if method == Count.Method.PAPERS else "Lần này kiểm từng phiếu."
        )


def team_of(request: HttpRequest, count: Count, user: User) -> int | None:
    """The team this person types for: their seat's, the only one there is, else None, they choose."""
    seat = words.own_seat(count, user)
    if seat is not None:
        return seat.team
    return 1 if count.teams == 1 else None


def revision_in_hand(standing: Standing, user: User) -> int | None:
    """Which revision this person types now; None while they wait. Who finds the team full is told so at once."""
    seat = next((one for one in standing.seats if one.teller_id == user.pk), None)
    if seat is None:
        if len(standing.seats) == 2:
            raise IllegalTransition(
                f"Tổ {standing.team} đã đủ hai người nhập. Đồng chí theo dõi ở trang kiểm phiếu, không nhập thêm."
            )
        return 1
    return standing.revision_of(seat) if standing.waits_for(seat) else None


def form_for(
    ballot_round: BallotRound,
    standing: Standing,
    revision: int,
    data: Any = None,
    typed: Mapping[str, Any] | None = None,
) -> EntryForm:
    candidates = candidates_of(ballot_round)
    names = ballot_names(candidates)
    return EntryForm(
        data,
        initial=typed or {},
        slate=[(one.member_id, names[one.member_id]) for one in candidates],
        layout=layout_for(len(candidates), ballot_round.seats),
        only=None if revision == 1 else standing.fields,
    )


def typed_revision(request: HttpRequest) -> int:
    return number_of(request.POST.get("revision", "1"), digits=3) or 1


@scoped(COUNT, Role.TELLER, methods=FORM, action="enter_count")
def entry(request: HttpRequest, count: Count) -> HttpResponse:
    """Nhập kết quả kiểm phiếu of one person of one team."""
    ballot_round, user = count.round, signed_in_user(request)
    if request.method == "POST" and (again := _sent_already(request, count, user)):
        return again
    require_entering(count, user, Count.Method.TOTALS)
    team = team_of(request, count, user)
    if team is None:
        return redirect("elections:count", ballot_round.pk)
    standing = standing_of(count, team)
    revision = revision_in_hand(standing, user)
    if revision is None:
        return redirect("elections:count", ballot_round.pk)
    typed = typed_before(request)
    form = form_for(
        ballot_round,
        standing,
        revision,
        request.POST if request.method == "POST" else None,
        typed if typed.get("revision") == str(revision) else None,
    )

    def act(data: dict[str, Any]) -> None:
        try:
            counting.submit_entry(
                count.pk,
                team=team,
                figures=form.entry,
                revision=typed_revision(request),
                actor=user,
                at=timezone.now(),
            )
        except InvalidInput as refusal:
            raise InvalidInput(str(refusal), fields=form.fields_of(refusal.fields)) from refusal

    if request.method == "POST" and not form.is_valid():
        _add_findings(form, count)
    elif request.method == "POST" and perform(form, act):
        return _sent(request, count, revision)
    return _page(request, count, form, standing, revision)


def _sent(request: HttpRequest, count: Count, revision: int) -> HttpResponse:
    count.refresh_from_db(fields=["state"])
    seat = words.own_seat(count, signed_in_user(request))
    said, is_good = words.after_sending(count, seat, by_papers=False) if seat else ("", True)
    say = messages.success if is_good else messages.warning
    say(request, said or (SENT if revision == 1 else SENT_AGAIN))
    return redirect("elections:count", count.round_id)


def _sent_already(request: HttpRequest, count: Count, user: User) -> HttpResponse | None:
    """The same form pressed twice, or sent again after a lost answer: one entry, and the page that follows it."""
    seat, revision = words.own_seat(count, user), typed_revision(request)
    if seat is None or not seat.entries.filter(revision=revision).exists():
        return None
    only = None if revision == 1 else counting.asked_in(seat, revision)
    candidates = candidates_of(count.round)
    form = EntryForm(
        request.POST,
        slate=[(one.member_id, "") for one in candidates],
        layout=layout_for(len(candidates), count.round.seats),
        only=only,
    )
    form.is_valid()
    counting.submit_entry(
        count.pk, team=seat.team, figures=form.entry, revision=revision, actor=user, at=timezone.now()
    )
    return _sent(request, count, revision)


def _add_findings(form: EntryForm, count: Count) -> None:
    """Blank or unreadable figures do not hide what the rules say of the others: everything at once."""
    if form.only is not None:
        return
    faults = [one for one in counting.faults_of(count, form.entry) if one["code"] != BLANK]
    for name, texts in form.fields_of(by_letter(faults)).items():
        for text in texts:
            form.add_error(name or None, text)


def _page(request: HttpRequest, count: Count, form: EntryForm, standing: Standing, revision: int) -> HttpResponse:
    ballot_round, user = count.round, signed_in_user(request)
    title = "Nhập kết quả kiểm phiếu" if revision == 1 else f"Nhập lại {words.places_of(standing)}"
    context = round_frame(request, ballot_round, title, title) | {
        "count": count,
        "form": form,
        "revision": revision,
        "team": standing.team,
        "places": words.places_of(standing) if revision > 1 else "",
        "issued": count.ledger.issued,
        "layout": layout_shown(ballot_round.candidates.count(), ballot_round.seats),
        "draft_key": words.draft_key(count, user, revision),
        "back": reverse("elections:count", args=[ballot_round.pk]),
    }
    return render(request, "elections/count_totals.html", context, status=422 if form.errors else 200)
