"""One ballot round before the papers are handed out: who stands, and the card vote that fixes it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import IllegalTransition
from accounts.roles import Role
from accounts.web import perform, signed_in_user
from congress.lifecycle import SITTING
from congress.models import Congress
from congress.queries import electorate_of
from congress.rules import regimes
from congress.rules.majority import MORE_THAN_HALF
from elections import policies, queries
from elections.forms import CardVoteForm, NominationForm
from elections.lifecycle import COUNTED, SEALED, SLATE_FIXED, SLATE_OPEN
from elections.models import BallotRound, Candidate, ElectedOffice
from elections.rules.layout import Layout, layout_for
from elections.scopes import CANDIDATE, ROUND
from elections.services import slates as services
from elections.views.pages import ballot_names, candidates_of, round_frame, task_of, tellers_of
from organizations.authority import holds
from organizations.models import Member

PREPARERS = (Role.SECRETARY, Role.CLERK)
LAYOUTS = {
    Layout.STRIKE_OUT: (
        "Phiếu có số dư",
        "Danh sách nhiều người hơn số cần bầu. Người bầu gạch cả họ và tên người mình không bầu; "
        "để lại không quá số lượng cần bầu.",
    ),
    Layout.AGREE_DISAGREE: (
        "Phiếu không có số dư",
        "Danh sách vừa bằng số cần bầu. Người bầu đánh dấu X vào ô “đồng ý” hoặc ô “không đồng ý” của từng người.",
    ),
}


def layout_shown(names: int, seats: int) -> dict[str, str] | None:
    """Which ballot paper this slate calls for, in words; None while there are too few names."""
    layout = layout_for(names, seats)
    if layout is None:
        return None
    title, text = LAYOUTS[layout]
    return {"title": title, "text": text}


def base_steps(congress: Congress) -> list[dict[str, str]]:
    """The base of the result with every deduction and its article; empty before the roll and the opening."""
    if not congress.regime or congress.opened_at is None:
        return []
    regime = regimes.in_force(timezone.localdate(congress.opened_at))
    return [step.to_dict() for step in electorate_of(congress).election_steps(regime)]


def free_members(ballot_round: BallotRound) -> list[Member]:
    """Who may still be put on the slate; nobody joins a revote between those who are tied (E-53)."""
    if ballot_round.state != SLATE_OPEN or ballot_round.kind == BallotRound.Kind.TIE_REVOTE:
        return []
    taken = set(ballot_round.candidates.values_list("member_id", flat=True))
    return [one for one in queries.eligible_members(ballot_round.election) if one.pk not in taken]


def from_committee(ballot_round: BallotRound) -> bool:
    """E-15: bí thư and phó bí thư of a branch with chi ủy come from the chi ủy elected on the day."""
    election = ballot_round.election
    return election.office != ElectedOffice.BRANCH_COMMITTEE and election.congress.has_branch_committee


def nomination_form(ballot_round: BallotRound, data: Any = None) -> NominationForm:
    sitting = ballot_round.election.congress.state == SITTING
    source = Candidate.Source.NOMINATED if sitting and not from_committee(ballot_round) else Candidate.Source.COMMITTEE
    return NominationForm(data, members=free_members(ballot_round), source=source)


def why_not_fix(ballot_round: BallotRound, congress: Congress) -> str:
    """Why the slate cannot be put to the vote now; empty when it can."""
    try:
        services.require_fixable(ballot_round, congress)
    except IllegalTransition as refusal:
        return str(refusal)
    if any(finding.level == "error" for finding in services.slate_problems(ballot_round, congress)):
        return "Danh sách còn điểm phải sửa nêu ở trên."
    return ""


def cards_shown(congress: Congress) -> dict[str, int] | None:
    """The base of the card vote, how many it needs and how many cards there are."""
    electorate = electorate_of(congress)
    base = electorate.resolution_base
    if base <= 0:
        return None
    return {"base": base, "needed": MORE_THAN_HALF.needed(base), "present": electorate.present or 0}


def page(
    request: HttpRequest,
    ballot_round: BallotRound,
    *,
    nominating: NominationForm | None = None,
    fixing: CardVoteForm | None = None,
) -> HttpResponse:
    """The page of a round in whatever state it is; a refused form of it answers 422 on the same page."""
    user, congress = signed_in_user(request), ballot_round.election.congress
    may = policies.can_prepare(user, congress)
    is_open = ballot_round.state == SLATE_OPEN
    candidates = candidates_of(ballot_round)
    names = ballot_names(candidates)
    reason = why_not_fix(ballot_round, congress) if is_open else ""
    problems = services.slate_problems(ballot_round, congress) if is_open else []
    context = round_frame(request, ballot_round) | {
        "candidates": [{"candidate": one, "name": names[one.member_id]} for one in candidates],
        "problems": problems,
        "tellers_on_slate": services.tellers_on_slate(ballot_round),
        "may_prepare": may,
        "is_open": is_open,
        "is_sitting": congress.state == SITTING,
        "task": task_of(ballot_round.election, ballot_round.state, queries.previous_election(ballot_round.election)),
        "layout": layout_shown(len(candidates), ballot_round.seats),
        "steps": base_steps(congress),
        "from_committee": from_committee(ballot_round),
        "is_revote": ballot_round.kind == BallotRound.Kind.TIE_REVOTE,
        "free": bool(nominating) or (is_open and bool(free_members(ballot_round))),
        "nomination_form": nominating or (nomination_form(ballot_round) if is_open and may else None),
        "fix_form": fixing or CardVoteForm(),
        "fix_reason": reason,
        "cards": cards_shown(congress) if is_open else None,
        "tellers": tellers_of(congress),
        "counts": holds(user, {Role.TELLER}, congress.organization),
        "may_count": policies.can_enter_count(user, ballot_round, congress),
        "has_result": ballot_round.state in (COUNTED, SEALED)
        and bool(policies.can_see_figures(user, ballot_round, congress)),
        "is_fixed": ballot_round.state == SLATE_FIXED,
        "rejected": ballot_round.state == SLATE_FIXED and ballot_round.sheets.exists(),
    }
    refused = any(form is not None and form.errors for form in (nominating, fixing))
    return render(request, "elections/round.html", context, status=422 if refused else 200)


@scoped(ROUND)
def detail(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """The slate, its vote, the ballot paper, the base; later the way to count and result."""
    return page(request, ballot_round)


@scoped(ROUND, *PREPARERS, methods=("POST",))
def nominate(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    form = nomination_form(ballot_round, request.POST)
    made: list[Candidate] = []

    def act(data: dict[str, Any]) -> None:
        made.append(
            services.nominate(
                ballot_round.pk,
                member_id=int(data["member"]),
                source=data["source"],
                actor=signed_in_user(request),
                at=timezone.now(),
            )
        )

    services.require_open_slate(ballot_round)
    if not perform(form, act):
        return page(request, ballot_round, nominating=form)
    messages.success(request, f"Đã đưa đồng chí {made[0].member.display_name} vào danh sách.")
    return redirect(reverse("elections:round", args=[ballot_round.pk]) + "#danh-sach")


@scoped(CANDIDATE, *PREPARERS, methods=("POST",))
def strike(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    services.strike(candidate.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã rút tên đồng chí {candidate.member.display_name} khỏi danh sách.")
    return redirect(reverse("elections:round", args=[candidate.round_id]) + "#danh-sach")


@scoped(ROUND, *PREPARERS, methods=("POST",), action="fix_slate")
def fix(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Ghi biểu quyết chốt số lượng, danh sách."""
    form = CardVoteForm(request.POST)
    fixed: list[BallotRound] = []

    def act(data: dict[str, Any]) -> None:
        fixed.append(services.fix_slate(ballot_round.pk, actor=signed_in_user(request), at=timezone.now(), **data))

    services.require_fixable(ballot_round, ballot_round.election.congress)
    if not perform(form, act):
        return page(request, ballot_round, fixing=form)
    if fixed[0].state == SLATE_FIXED:
        messages.success(request, "Đã ghi đại hội chốt số lượng, danh sách. Phát phiếu, bỏ phiếu rồi kiểm phiếu.")
    else:
        messages.warning(
            request,
            "Đã ghi biểu quyết: chưa quá một nửa tán thành nên danh sách chưa chốt. Sửa danh sách rồi biểu quyết lại.",
        )
    return redirect("elections:round", ballot_round.pk)


@scoped(ROUND, *PREPARERS, methods=("POST",), action="reopen_slate")
def reopen(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    services.reopen_slate(ballot_round.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, "Đã mở lại danh sách. Sửa xong thì biểu quyết chốt lại.")
    return redirect("elections:round", ballot_round.pk)
