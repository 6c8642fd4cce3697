"""Printing for the room: ballots and tally sheets of a fixed slate, opinion slips of an open one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.roles import Role
from accounts.web import perform, signed_in_user
from documents import policies as document_policies
from documents.models import IssuedPaper
from documents.services.papers import jobs_of
from documents.views.papers import file_row
from elections import printing
from elections.forms.printing import PrintForm
from elections.models import BallotRound
from elections.papers.ballot import Slip
from elections.scopes import ROUND
from elections.services import ballots as services
from elections.views.pages import FORM, round_frame

PRINTERS = (Role.SECRETARY, Role.CLERK, Role.TELLER)


def _files(request: HttpRequest, papers: Iterable[IssuedPaper]) -> list[dict[str, Any]]:
    found = list(papers)
    jobs, user = jobs_of(found), signed_in_user(request)
    return [file_row(one, jobs.get(one.pk), may_retry=bool(document_policies.can_retry(user, one))) for one in found]


def _form(request: HttpRequest, present: int, papers: QuerySet[IssuedPaper]) -> PrintForm:
    if request.method == "POST":
        other_size = services.printed_in_other_size(papers, large="large" in request.POST)
        return PrintForm(request.POST, other_size=other_size)
    return PrintForm(initial={"reserve": services.usual_reserve(present)})


def _page(
    request: HttpRequest, ballot_round: BallotRound, *, title: str, form: PrintForm, preview: Slip, **more: Any
) -> HttpResponse:
    present = services.present_of(ballot_round.election.congress)
    context = round_frame(request, ballot_round, title, title) | more
    context |= {
        "form": form,
        "present": present,
        "voter": ballot_round.election.congress.voter,
        "preview": preview,
        "head": preview.letterhead,
    }
    return render(request, "elections/print_ballots.html", context, status=422 if form.errors else 200)


@scoped(ROUND, *PRINTERS, methods=FORM)
def ballots(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """In phiếu bầu: how it will look, how many, and the files; also the tally sheet."""
    services.require_printable(ballot_round)
    congress = ballot_round.election.congress
    form = _form(request, services.present_of(congress), services.in_use(ballot_round))
    made: list[IssuedPaper] = []

    def act(data: dict[str, Any]) -> None:
        made.append(services.print_ballots(ballot_round.pk, actor=signed_in_user(request), at=timezone.now(), **data))

    if request.method == "POST" and perform(form, act):
        messages.success(request, f"Đã lập {made[0].title[:1].lower()}{made[0].title[1:]}. Tệp PDF đang được tạo.")
        return redirect(reverse("elections:ballots", args=[ballot_round.pk]) + "#tep")
    return _page(
        request,
        ballot_round,
        title="In phiếu bầu",
        form=form,
        preview=printing.ballot(ballot_round, congress, copies=1, large=False),
        what="phiếu bầu",
        why_no_more=services.why_no_more_ballots(ballot_round),
        files=_files(request, services.in_use(ballot_round)),
        out_of_use=list(services.out_of_use(ballot_round)),
        tally_sheet_url=reverse("elections:print_tally_sheet", args=[ballot_round.pk]),
    )


@scoped(ROUND, *PRINTERS, methods=("POST",))
def tally_sheet(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    services.print_tally_sheet(ballot_round.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, "Đã lập phiếu kiểm. In cho mỗi người ghi một tờ.")
    return redirect(reverse("elections:ballots", args=[ballot_round.pk]) + "#tep")


@scoped(ROUND, *PRINTERS, methods=FORM)
def opinions(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """In phiếu xin ý kiến while the slate is open and has too many names."""
    slate = services.require_opinions_printable(ballot_round)
    congress = ballot_round.election.congress
    form = _form(request, services.present_of(congress), services.opinion_slips(ballot_round))
    made: list[IssuedPaper] = []

    def act(data: dict[str, Any]) -> None:
        made.append(
            services.print_opinion_slips(ballot_round.pk, actor=signed_in_user(request), at=timezone.now(), **data)
        )

    if request.method == "POST" and perform(form, act):
        messages.success(request, f"Đã lập {made[0].title[:1].lower()}{made[0].title[1:]}. Tệp PDF đang được tạo.")
        return redirect(reverse("elections:print_opinions", args=[ballot_round.pk]) + "#tep")
    return _page(
        request,
        ballot_round,
        title="In phiếu xin ý kiến",
        form=form,
        preview=printing.opinion_slip(ballot_round, slate.others, congress, copies=1, large=False),
        what="phiếu xin ý kiến",
        files=_files(request, services.opinion_slips(ballot_round)),
        out_of_use=[],
        tally_sheet_url="",
    )
