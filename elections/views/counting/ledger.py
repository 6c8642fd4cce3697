"""Sổ phiếu: five figures, kept until they add up; then how the papers are counted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.decisions import Decision
from accounts.errors import IllegalTransition, InvalidInput
from accounts.roles import Role
from accounts.typed import typed_before
from accounts.web import perform, signed_in_user
from congress.lifecycle import SITTING
from congress.models import Congress
from congress.queries import electorate_of
from elections import policies, standings
from elections.dropped import sentence_of_void
from elections.forms.counting import LedgerForm, StartForm, VoidLedgerForm
from elections.lifecycle import ROUND_LIFECYCLE, SLATE_FIXED
from elections.models import BallotLedger, BallotRound, Count
from elections.rules.ledger import FIELDS, copies_findings
from elections.scopes import ROUND
from elections.services import ballots, counting, ledgers
from elections.views.pages import FORM, round_frame


def rows_of(ledger: BallotLedger) -> list[dict[str, Any]]:
    """The five figures with their letters, in the order of the page."""
    return [{"letter": letter, "label": label, "figure": getattr(ledger, name)} for name, letter, label in FIELDS]


def ballots_url(ballot_round: BallotRound) -> str:
    """The page that prints the ballots of this round; "" where there is none."""
    try:
        return reverse("elections:ballots", args=[ballot_round.pk])
    except NoReverseMatch:
        return ""


def why_not_kept(ballot_round: BallotRound, congress: Congress) -> str:
    try:
        ledgers.require_ledger_open(ballot_round, congress)
    except IllegalTransition as refusal:
        return str(refusal)
    return ""


@scoped(ROUND, Role.TELLER, methods=FORM, action="keep_ledger")
def ledger(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Sổ phiếu: saved at any time, closed when everything adds up."""
    congress, user = ballot_round.election.congress, signed_in_user(request)
    policies.can_keep_ledger(user, ballot_round, congress).require()
    kept = standings.ledger_of(ballot_round)
    closes = "close" in request.POST
    if request.method == "POST":
        ledgers.require_ledger_open(ballot_round, congress)
    made = ballots.made_for(ballot_round)
    form = LedgerForm(
        request.POST if request.method == "POST" else None, initial=_initial(kept, made) | typed_before(request)
    )

    def act(data: dict[str, Any]) -> None:
        try:
            note = data["printed_note"]
            ledgers.keep_ledger(
                ballot_round.pk, figures=form.figures, printed_note=note, close=closes, actor=user, at=timezone.now()
            )
        except InvalidInput as refusal:
            raise InvalidInput(str(refusal), fields=form.fields_of(refusal.fields)) from refusal

    if request.method == "POST" and perform(form, act):
        said = "Đã đóng sổ phiếu. Ban kiểm phiếu bắt đầu kiểm." if closes else "Đã ghi sổ phiếu, chưa đóng."
        messages.success(request, said)
        if not closes and (wrong := ledgers.not_adding_up(form.figures, congress)):
            messages.warning(request, f"Sổ phiếu chưa khớp nên chưa đóng được: {' '.join(wrong)}")
        return redirect("elections:ledger", ballot_round.pk)
    may_void = policies.can_head_the_board(user, ballot_round, congress)
    return _page(request, ballot_round, form, kept, made, user_may_void=may_void)


def _initial(kept: BallotLedger | None, made: list[ballots.Made]) -> dict[str, Any]:
    """As kept; before anything is, the papers made here are those printed, until somebody says otherwise."""
    if kept is not None:
        return {name: getattr(kept, name) for name, _, _ in FIELDS} | {"printed_note": kept.printed_note or ""}
    total = ballots.copies_made(made)
    return {} if total is None else {"printed": total}


def against_the_files(kept: BallotLedger | None, made: list[ballots.Made]) -> list[str]:
    """What the ledger has beside the papers made here: another number printed, and how many nobody was given."""
    total = ballots.copies_made(made)
    if kept is None or kept.printed is None or total is None:
        return []
    told = [f"{one.message} {one.next}" for one in copies_findings(kept.printed, total)]
    if told and kept.printed_note:
        told.append(f"Ban kiểm phiếu giải trình: {kept.printed_note}")
    if kept.issued is not None and kept.issued <= total:
        told.append(f"Đã phát {kept.issued} trên {total} phiếu đã lập tệp, còn {total - kept.issued} phiếu chưa phát.")
    return told


def _page(
    request: HttpRequest,
    ballot_round: BallotRound,
    form: LedgerForm,
    kept: BallotLedger | None,
    made: list[ballots.Made],
    *,
    user_may_void: Decision,
) -> HttpResponse:
    congress = ballot_round.election.congress
    is_closed = kept is not None and kept.closed_at is not None
    electorate = electorate_of(congress)
    context = round_frame(request, ballot_round, "Sổ phiếu", "Sổ phiếu") | {
        "form": form,
        "kept": kept,
        "is_closed": is_closed,
        "rows": rows_of(kept) if kept else [],
        "why_not": why_not_kept(ballot_round, congress),
        "present": electorate.present,
        "ballots_url": ballots_url(ballot_round),
        "handing_out": standings.handing_out(ballot_round),
        "made": made,
        "made_total": ballots.copies_made(made),
        "against_the_files": against_the_files(kept, made),
        "void_ledgers": [
            {"said": sentence_of_void(one), "rows": rows_of(one)}
            for one in ballot_round.ledgers.filter(void_reason__isnull=False)
        ],
        "may_void": user_may_void if is_closed and ballot_round.state == SLATE_FIXED else None,
        "may_start": is_closed and ballot_round.state == SLATE_FIXED,
        "draft_key": f"so-phieu-{ballot_round.pk}-{kept.number if kept else ballot_round.ledgers.count() + 1}",
        "draft_done": [f"so-phieu-{ballot_round.pk}-{one.number}" for one in ballot_round.ledgers.all()],
    }
    return render(request, "elections/ledger.html", context, status=422 if form.errors else 200)


@scoped(ROUND, Role.TELLER, methods=FORM, action="void_ledger")
def void(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Hủy sổ phiếu, by the head, with the reason."""
    congress, user = ballot_round.election.congress, signed_in_user(request)
    policies.can_head_the_board(user, ballot_round, congress).require()
    ledgers.require_voidable(ballot_round, congress)
    form = VoidLedgerForm(request.POST if request.method == "POST" else None, initial=typed_before(request))

    def act(data: dict[str, Any]) -> None:
        ledgers.void_ledger(ballot_round.pk, actor=user, at=timezone.now(), **data)

    if request.method == "POST" and perform(form, act):
        messages.success(request, "Đã hủy sổ phiếu. Sổ cũ vẫn đọc được; lập sổ mới.")
        return redirect("elections:ledger", ballot_round.pk)
    context = round_frame(request, ballot_round, "Hủy sổ phiếu", "Hủy sổ phiếu") | {
        "form": form,
        "keeps_typed": True,
        "submit_label": "Hủy sổ phiếu",
        "consequence": (
            "Sổ cũ được giữ để đối chiếu nhưng không dùng nữa; ban kiểm phiếu lập sổ mới. Nếu bỏ phiếu lại thì phiếu, "
            f"phiếu kiểm và biên bản ghi “phát phiếu lần {standings.handing_out(ballot_round) + 1}”; lập lại tệp phiếu."
        ),
        "back": reverse("elections:ledger", args=[ballot_round.pk]),
    }
    return render(request, "elections/ask.html", context, status=422 if form.errors else 200)


@scoped(ROUND, Role.TELLER, methods=FORM, action="start_count")
def start(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Bắt đầu kiểm phiếu: by totals or paper by paper, with how many teams."""
    congress, user = ballot_round.election.congress, signed_in_user(request)
    policies.can_keep_ledger(user, ballot_round, congress).require()
    ROUND_LIFECYCLE.after("start_count", state=ballot_round.state)
    counting.require_startable(ballot_round, congress)
    why_not = standings.why_not_by_papers(ballot_round, electorate_of(congress).election_base)
    form = StartForm(request.POST if request.method == "POST" else None, only_totals=bool(why_not))

    def act(data: dict[str, Any]) -> None:
        counting.start_count(ballot_round.pk, actor=user, at=timezone.now(), **data)

    if request.method == "POST" and perform(form, act):
        messages.success(request, "Đã bắt đầu kiểm phiếu. Hai kiểm phiếu viên nhập độc lập, không xem số của nhau.")
        return redirect("elections:count", ballot_round.pk)
    context = round_frame(request, ballot_round, "Bắt đầu kiểm phiếu", "Bắt đầu kiểm phiếu") | {
        "form": form,
        "why_not_papers": why_not,
        "papers": Count.Method.PAPERS.value,
        "rows": rows_of(standings.ledger_of(ballot_round)),  # type: ignore[arg-type]  # startable: it is closed
        "most_teams": max(1, len(policies.people_who_may_sit(congress)) // 2),
        "is_sitting": congress.state == SITTING,
        "back": reverse("elections:ledger", args=[ballot_round.pk]),
    }
    return render(request, "elections/count_start.html", context, status=422 if form.errors else 200)
