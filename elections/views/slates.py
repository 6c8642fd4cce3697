"""One ballot round before the papers are handed out: who stands, and the card votes that fix number and list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import IllegalTransition
from accounts.models import AuditEvent
from accounts.roles import Role
from accounts.web import perform, signed_in_user
from congress.lifecycle import SITTING
from congress.models import Congress
from congress.queries import electorate_of
from congress.rules import regimes
from congress.rules.bases import Assembly
from elections import policies, queries
from elections.conflicts import Slate
from elections.forms.counting import sentence
from elections.forms.slates import CardVoteForm, NoFields, NominationForm, SeatsForm, StrikeForm, SupportForm
from elections.lifecycle import COUNTED, COUNTING, SEALED, SLATE_FIXED, SLATE_OPEN
from elections.models import BallotRound, Candidate, Count, OpinionBallot, Withdrawal
from elections.rules.explain import tie_revote_step
from elections.rules.layout import Layout, layout_for
from elections.rules.nomination import visitors_nominate
from elections.scopes import CANDIDATE, ROUND
from elections.services import nominations
from elections.services import slates as services
from elections.services.rounds import require_decided_by_congress
from elections.views.going_on import instead_of_voting
from elections.views.pages import FORM, ballot_names, candidates_of, cards_shown, round_frame, task_here, tellers_of
from elections.views.situations import situations_for
from elections.views.slate_steps import ceiling, groups_of, next_is_fixing, shown_conflicts
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


def base_steps(congress: Congress, *, most_votes: bool = False) -> list[dict[str, str]]:
    """The base of the result with every deduction and its article; empty before the roll and the opening.

    ``most_votes``: what a re-vote among the tied asks for stands in the place of the number needed (E-53).
    """
    if not congress.regime or congress.opened_at is None:
        return []
    regime = regimes.in_force(timezone.localdate(congress.opened_at))
    steps = electorate_of(congress).election_steps(regime, majority=not most_votes)
    return [step.to_dict() for step in (*steps, *([tie_revote_step(regime)] if most_votes else ()))]


def free_members(ballot_round: BallotRound) -> list[Member]:
    """Who may still be put on the slate; nobody joins a revote between those who are tied (E-53)."""
    if ballot_round.state != SLATE_OPEN or ballot_round.kind == BallotRound.Kind.TIE_REVOTE:
        return []
    return nominations.free_members(ballot_round)


def nomination_form(slate: Slate, data: Any = None) -> NominationForm:
    free = free_members(slate.round)
    able = {one.pk for one in free} | {one.member_id for one in slate.candidates}
    refused = {pk: nominations.why_not_eligible(slate, row.member) for pk, row in slate.rows.items() if pk not in able}
    nominators = None
    if slate.is_sitting:
        nominators = [row.member for pk, row in slate.rows.items() if slate.may_nominate(pk)]
    return NominationForm(
        data,
        members=free,
        put_off={one.pk: slate.put_off[one.pk] for one in free if one.pk in slate.put_off},
        refused=refused,
        sources=nominations.sources_open(slate),
        nominators=nominators,
        visitors=visitors_nominate(Assembly(slate.congress.kind)),
        is_meeting=slate.congress.is_meeting,
    )


def why_not_fix(slate: Slate) -> str:
    """Why the slate cannot be put to the vote now; empty when it can."""
    try:
        services.require_fixable(slate.round, slate.congress)
    except IllegalTransition as refusal:
        return str(refusal)
    if slate.stopping:
        return "Danh sách còn điểm phải sửa nêu ở trên."
    if Withdrawal.Outcome.PENDING in slate.withdrawals.values():
        return f"Có đồng chí xin rút mà {slate.congress.word} chưa quyết định."
    return ""


def shown_rows(slate: Slate, candidates: list[Candidate]) -> list[dict[str, Any]]:
    """The slate line by line: where each name comes from, what may be done about it."""
    names = ballot_names(candidates)
    rows = []
    for one in candidates:
        try:
            nominations.require_strikable(one, slate)
        except IllegalTransition:
            strikable = False
        else:
            strikable = True
        rows.append(
            {
                "candidate": one,
                "name": names[one.member_id],
                "strikable": strikable,
                "asks_support": one in slate.asks_support,
                "support_settled": slate.is_support_settled(one),
                "must_withdraw": slate.must_withdraw(one) and not slate.is_revote,
                "asked": slate.withdrawals.get(one.member_id) == Withdrawal.Outcome.PENDING,
                "left_out": slate.left_out.get(one.member_id, ""),
            }
        )
    return rows


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
    slate = Slate(ballot_round)
    candidates = candidates_of(ballot_round)
    context = round_frame(request, ballot_round) | {
        "candidates": shown_rows(slate, candidates),
        "may_prepare": may,
        "is_open": ballot_round.state == SLATE_OPEN,
        "is_sitting": congress.state == SITTING,
        "task": task_here(ballot_round.election, ballot_round.state, queries.previous_election(ballot_round.election)),
        "layout": layout_shown(len(candidates), ballot_round.seats),
        "steps": base_steps(congress, most_votes=ballot_round.by_most_votes),
        "elected_first": slate.elected_first,
        "is_revote": slate.is_revote,
        "tellers": tellers_of(congress),
        "counts": holds(user, {Role.TELLER}, congress.organization),
        "has_result": ballot_round.state in (COUNTED, SEALED)
        and bool(policies.can_see_figures(user, ballot_round, congress)),
        "is_fixed": ballot_round.state == SLATE_FIXED,
        "dropped": _dropped(ballot_round),
        "is_counted_now": ballot_round.state in (SLATE_FIXED, COUNTING, COUNTED),
        "may_print": policies.can_print(user, congress),
        "other_votes": _other_votes(ballot_round),
        "taken_off": [_left_because(one) for one in queries.taken_off(ballot_round)],
        "withdrawals": list(ballot_round.withdrawals.select_related("member", "vote")),
        "opinions": [
            {"ballot": one, "leaving": _left_by_ballot(one)}
            for one in ballot_round.opinion_ballots.filter(confirmed_at__isnull=False)
        ],
        "superior_opinions": list(ballot_round.election.superior_opinions.all()),
        "refused_votes": queries.refused_slate_votes(ballot_round),
        "has_jobs": any(one.member.job for one in candidates),
        "cards": situations_for(ballot_round),
    }
    if ballot_round.state == SLATE_OPEN:
        context |= while_open(slate, may=bool(may), nominating=nominating, fixing=fixing)
    refused = any(form is not None and form.errors for form in (nominating, fixing))
    return render(request, "elections/round.html", context, status=422 if refused else 200)


def _other_votes(ballot_round: BallotRound) -> list[dict[str, Any]]:
    """Card votes without a line of their own, each without the name of the election that its text begins with."""
    before = len(f"{ballot_round.election}: ")
    return [{"text": sentence(one.text[before:]), "vote": one} for one in queries.votes_on_the_way(ballot_round)]


def _left_because(event: AuditEvent) -> dict[str, Any]:
    told = event.details
    why = told.get("reasons") or f"được {told.get('support')}/{told.get('attending')} người dự ủng hộ, chưa quá 30 %"
    return {"name": told["name"], "why": why, "at": event.at}


def _left_by_ballot(opinion: OpinionBallot) -> str:
    """Names that this opinion ballot kept off the list, with their marks (E-38); "" where it kept off nobody."""
    stay = {str(pk) for pk in (*opinion.joining, *opinion.tied)}
    left = {int(pk): votes for pk, votes in opinion.support.items() if pk not in stay}
    people = Member.objects.filter(pk__in=left).order_by("sort_name")
    return ", ".join(f"{one.display_name} ({left[one.pk]} phiếu)" for one in people)


def _dropped(ballot_round: BallotRound) -> Count | None:
    """The count that was dropped, while nobody has begun to count again."""
    if ballot_round.state != SLATE_FIXED:
        return None
    return ballot_round.counts.filter(state=Count.State.DROPPED).order_by("-number").first()


def while_open(
    slate: Slate, *, may: bool, nominating: NominationForm | None, fixing: CardVoteForm | None
) -> dict[str, Any]:
    """What the page of an open slate has besides: the tasks, what stands against it, its two forms."""
    reason = why_not_fix(slate)
    return {
        "groups": groups_of(slate) if may else [],
        "conflicts": shown_conflicts(slate),
        "free": bool(nominating) or bool(free_members(slate.round)),
        "nomination_form": nominating or (nomination_form(slate) if may else None),
        "fix_form": fixing or CardVoteForm(),
        "fix_reason": reason,
        "fix_kind": "primary" if next_is_fixing(slate) else "secondary",
        "card_base": cards_shown(slate.congress),
        "instead": instead_of_voting(slate) if may else None,
    }


@scoped(ROUND)
def detail(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """The slate, its vote, the ballot paper, the base; later the way to count and result."""
    return page(request, ballot_round)


@scoped(ROUND, *PREPARERS, methods=("POST",))
def nominate(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    services.require_open_slate(ballot_round)
    slate = Slate(ballot_round)
    form = nomination_form(slate, request.POST)
    made: list[Candidate] = []

    def act(data: dict[str, Any]) -> None:
        told: dict[str, Any] = {
            "member_id": int(data["member"]),
            "source": data["source"],
            "nominator_id": int(data["nominated_by"]) if data.get("nominated_by") else None,
            "nominator_name": data.get("nominator_name", ""),
            "nominator_from": data.get("nominator_from", ""),
            "actor": signed_in_user(request),
            "at": timezone.now(),
        }
        if data.get("in_favour") is None:
            made.append(nominations.nominate(ballot_round.pk, **told))
            return
        cards: dict[str, Any] = {key: data[key] or 0 for key in ("in_favour", "against", "abstained")}
        if (again := nominations.nominate_again(ballot_round.pk, **told, **cards)) is not None:
            made.append(again)

    if not perform(form, act):
        return page(request, ballot_round, nominating=form)
    if made:
        _tell_of(request, ballot_round, made)
    else:
        told = "Đã ghi biểu quyết: chưa quá một nửa tán thành nên đồng chí này không vào lại danh sách."
        messages.warning(request, told)
    return redirect(reverse("elections:round", args=[ballot_round.pk]) + "#danh-sach")


def _tell_of(request: HttpRequest, ballot_round: BallotRound, made: list[Candidate]) -> None:
    """What became of the nomination, the conflict of this name with it (E-32, E-63i)."""
    name = made[0].member.display_name
    if conflicts := Slate(ballot_round).of_name(made[0]):
        said = ballot_round.election.congress.said(nominations.said(conflicts))
        messages.warning(request, f"Đã đưa đồng chí {name} vào danh sách. {said}")
    elif Slate(ballot_round).must_withdraw(made[0]):
        messages.warning(
            request,
            f"Đã đưa đồng chí {name} vào danh sách. Đồng chí là cấp ủy viên triệu tập, không thuộc danh sách của "
            "cấp ủy nên phải xin rút. Ghi việc xin rút.",
        )
    elif left_out := Slate(ballot_round).left_out.get(made[0].member_id):
        messages.warning(
            request,
            f"Đã đề cử lại đồng chí {name}. {left_out}. "
            "Lấy lại ý kiến ủng hộ; danh sách vượt số dư thì xin ý kiến lại.",
        )
    else:
        messages.success(request, f"Đã đưa đồng chí {name} vào danh sách.")


@scoped(CANDIDATE, *PREPARERS, methods=FORM)
def strike(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    """Bỏ tên: asked once more, while the congress sits with the reason; by the rule where support is lacking (E-37)."""
    ballot_round, name = candidate.round, candidate.member.display_name
    slate = Slate(ballot_round)
    nominations.require_strikable(candidate, slate)
    back = reverse("elections:round", args=[ballot_round.pk]) + "#danh-sach"
    posted = request.POST if request.method == "POST" else None
    unsupported = slate.lacks_support(candidate)
    asks = slate.is_sitting and not unsupported
    form = StrikeForm(posted) if asks else NoFields(posted)

    def act(data: dict[str, Any]) -> None:
        nominations.strike(candidate.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    if request.method == "POST" and perform(form, act):
        messages.success(request, f"Đã bỏ tên đồng chí {name} khỏi danh sách.")
        return redirect(back)
    why = f"Mới được {candidate.support}/{candidate.support_of} người dự ủng hộ, chưa quá 30 %. " if unsupported else ""
    context = round_frame(request, ballot_round, "Bỏ tên", f"Bỏ tên đồng chí {name}") | {
        "form": form,
        "submit_label": "Bỏ tên",
        "consequence": f"{why}Đồng chí {name} không còn trong danh sách; muốn đưa lại thì giới thiệu lại từ đầu.",
        "back": back,
    }
    return render(request, "elections/ask.html", context, status=422 if form.errors else 200)


@scoped(CANDIDATE, *PREPARERS, methods=FORM)
def support(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    """Ghi số người ủng hộ one name from outside the committee's list (E-37)."""
    ballot_round, congress = candidate.round, candidate.round.election.congress
    require_decided_by_congress(ballot_round, congress, "Việc lấy ý kiến ủng hộ")
    slate = Slate(ballot_round)
    nominations.require_support_open(candidate, slate)
    initial = {} if candidate.support is None else {"support": str(candidate.support)}
    form = SupportForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(data: dict[str, Any]) -> None:
        nominations.record_support(
            candidate.pk, support=data["support"], actor=signed_in_user(request), at=timezone.now()
        )

    if request.method == "POST" and perform(form, act):
        candidate.refresh_from_db()
        if Slate(ballot_round).lacks_support(candidate):
            messages.warning(
                request,
                f"Đã ghi. Đồng chí {candidate.shown_name} chưa có quá 30 % người dự ủng hộ nên không vào danh sách. "
                "Bỏ tên đồng chí này.",
            )
        else:
            messages.success(request, f"Đã ghi số người ủng hộ đồng chí {candidate.shown_name}.")
        return redirect(reverse("elections:round", args=[ballot_round.pk]) + "#danh-sach")
    context = round_frame(request, ballot_round, page="Ý kiến ủng hộ", title="Số người ủng hộ") | {
        "form": form,
        "candidate": candidate,
        "attending": slate.attending,
        "citation": slate.regime.cite("E-37") if slate.regime else "",
    }
    return render(request, "elections/support.html", context, status=422 if form.errors else 200)


@scoped(ROUND, *PREPARERS, methods=FORM)
def seats(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Chốt số lượng cần bầu by its own card vote."""
    congress = ballot_round.election.congress
    services.require_seats_votable(ballot_round, congress)
    slate = Slate(ballot_round)
    posted = request.POST if request.method == "POST" else None
    form = SeatsForm(posted, initial={"seats": str(ballot_round.seats)})
    fixed: list[BallotRound] = []

    def act(data: dict[str, Any]) -> None:
        fixed.append(services.fix_seats(ballot_round.pk, actor=signed_in_user(request), at=timezone.now(), **data))

    if request.method == "POST" and perform(form, act):
        if fixed[0].seats_vote is not None and fixed[0].seats == form.cleaned_data["seats"]:
            messages.success(request, f"Đã ghi {congress.word} chốt số lượng cần bầu: {fixed[0].seats}.")
        else:
            messages.warning(request, "Đã ghi biểu quyết: chưa quá một nửa tán thành nên số lượng chưa chốt.")
        return redirect("elections:round", ballot_round.pk)
    context = round_frame(request, ballot_round, page="Số lượng", title="Chốt số lượng cần bầu") | {
        "form": form,
        "card_base": cards_shown(congress),
        "ceiling": ceiling(slate),
        "names": len(slate.candidates),
        "citation": slate.regime.cite("E-36") if slate.regime else "",
    }
    return render(request, "elections/seats.html", context, status=422 if form.errors else 200)


@scoped(ROUND, *PREPARERS, methods=("POST",), action="fix_slate")
def fix(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Ghi biểu quyết chốt danh sách, with the number where that was not voted on by itself."""
    form = CardVoteForm(request.POST)
    fixed: list[BallotRound] = []

    def act(data: dict[str, Any]) -> None:
        fixed.append(services.fix_slate(ballot_round.pk, actor=signed_in_user(request), at=timezone.now(), **data))

    services.require_fixable(ballot_round, ballot_round.election.congress)
    if not perform(form, act):
        return page(request, ballot_round, fixing=form)
    if fixed[0].state == SLATE_FIXED:
        word = ballot_round.election.congress.word
        messages.success(request, f"Đã ghi {word} chốt số lượng, danh sách. Phát phiếu, bỏ phiếu rồi kiểm phiếu.")
    else:
        messages.warning(
            request,
            "Đã ghi biểu quyết: chưa quá một nửa tán thành nên danh sách chưa chốt. Sửa danh sách rồi biểu quyết lại.",
        )
    return redirect("elections:round", ballot_round.pk)
