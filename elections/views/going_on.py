"""What the congress decides about an election: the next round, to stop, to vote anew after a recount."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import IllegalTransition
from accounts.roles import Role
from accounts.web import perform, signed_in_user
from congress.frame import frame
from congress.lifecycle import SITTING
from elections import queries
from elections.conflicts import Slate
from elections.forms import ReasonsForm
from elections.forms.slates import AnnulmentForm, CardVoteForm, NoFields, StoppingForm
from elections.lifecycle import SEALED
from elections.models import BallotRound, Election
from elections.scopes import ELECTION
from elections.services import annulling, rounds
from elections.views.pages import FORM, cards_shown, round_frame

PREPARERS = (Role.SECRETARY, Role.CLERK)
NOT_ADOPTED = "Đã ghi biểu quyết: chưa quá một nửa tán thành nên chưa {what}."
STOPPING: dict[str, Any] = {
    "label": "Quyết định của đại hội",
    "hint": "Ví dụ: Đại hội biểu quyết không bầu tiếp, đề nghị cấp trên bổ sung sau. Tối đa 300 chữ cái.",
    "missing": "Ghi quyết định của đại hội về việc dừng bầu.",
    "most": 300,
}


def instead_of_voting(slate: Slate) -> dict[str, Any] | None:
    """What the congress may decide instead of voting on an open slate: to stop, or another round; None beforehand."""
    if not slate.is_sitting:
        return None
    return {
        "text": _choice(slate),
        "may_open_another": rounds.is_past_voting(slate.round),
        "reason": _why_not(slate),
    }


def _why_not(slate: Slate) -> str:
    try:
        rounds.require_concludable(slate.election, slate.congress)
    except IllegalTransition as refusal:
        return str(refusal)
    return ""


def _choice(slate: Slate) -> str:
    word, names = slate.congress.word.capitalize(), len(slate.candidates)
    if rounds.is_short_revote(slate.round):
        return (
            f"Chỉ còn {names} đồng chí bằng phiếu cho {slate.round.seats} chỗ nên không bầu lại giữa những đồng chí "
            f"này. {word} quyết định bầu số còn thiếu bằng một lần bầu mới (được giới thiệu thêm, phải quá một nửa), "
            "hoặc dừng bầu và báo cáo cấp trên về chỗ khuyết."
        )
    if rounds.is_past_voting(slate.round):
        return (
            "Kết quả lần bầu trước đã thay đổi sau kiểm đếm lại nên lần bầu này không còn căn cứ. "
            f"{word} quyết định bầu theo kết quả mới, hoặc dừng bầu và báo cáo cấp trên."
        )
    if slate.waits_for_superior:
        return (
            "Chưa có ý kiến cấp trên về người dự kiến không trúng cử thì chưa bầu. Không bầu chức danh này nữa thì "
            f"{word.lower()} quyết định dừng và báo cáo cấp trên."
        )
    return (
        f"{word} quyết định không bầu nữa, ví dụ không có ai được giới thiệu, thì ghi quyết định dừng. "
        "Danh sách của lần này được giữ để đọc; cấp trên xem xét chỗ khuyết."
    )


@scoped(ELECTION, *PREPARERS, methods=FORM)
def next_round(request: HttpRequest, election: Election) -> HttpResponse:
    """Bầu tiếp, as the congress decided by cards; after a first tie at once, by the button alone (E-53)."""
    rounds.require_continuable(election, election.congress)
    last = queries.last_round(election)
    if last is None:
        raise Http404
    by_itself = rounds.goes_on_by_itself(election)
    form: Form = NoFields(posted(request)) if by_itself else CardVoteForm(posted(request))
    opened: list[BallotRound | None] = []

    def act(data: dict[str, Any]) -> None:
        opened.append(rounds.open_next_round(election.pk, actor=signed_in_user(request), at=timezone.now(), **data))

    if request.method == "POST" and perform(form, act):
        if opened[0] is None:
            messages.warning(request, NOT_ADOPTED.format(what="bầu tiếp"))
            return _back_to(last)
        messages.success(request, f"Đã mở {str(opened[0]).lower()}. Xem lại danh sách rồi biểu quyết chốt.")
        return redirect("elections:round", opened[0].pk)
    context = round_frame(request, last, "Bầu tiếp", f"Bầu tiếp, {str(election).lower()}") | {
        "form": form,
        "card_base": None if by_itself else cards_shown(election.congress),
        "what": "mở lần bầu tiếp",
        "submit_label": "Mở lần bầu lại" if by_itself else "Ghi biểu quyết bầu tiếp",
        "back": _address_of(last),
    }
    return render(request, "elections/ask_cards.html", context, status=422 if form.errors else 200)


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _address_of(last: BallotRound) -> str:
    return reverse("elections:proposal" if last.state == SEALED else "elections:round", args=[last.pk])


def _back_to(last: BallotRound) -> HttpResponse:
    return redirect(_address_of(last))


@scoped(ELECTION, *PREPARERS, methods=FORM)
def conclude(request: HttpRequest, election: Election) -> HttpResponse:
    """Ghi quyết định dừng bầu khi chưa đủ số lượng."""
    rounds.require_concludable(election, election.congress)
    last = queries.last_round(election)
    if last is None:
        raise Http404
    sits = election.congress.state == SITTING
    form: Form = StoppingForm(posted(request)) if sits else ReasonsForm(posted(request), **STOPPING)
    left = queries.open_seats(election)
    ended: list[Election | None] = []

    def act(data: dict[str, Any]) -> None:
        ended.append(rounds.conclude(election.pk, actor=signed_in_user(request), at=timezone.now(), **data))

    if request.method == "POST" and perform(form, act):
        if ended[0] is None:
            messages.warning(request, NOT_ADOPTED.format(what="dừng bầu"))
            return _back_to(last)
        messages.success(request, f"Đã ghi đại hội quyết định dừng {str(election).lower()}.")
        return redirect("elections:overview", election.congress_id)
    context = round_frame(request, last, "Dừng bầu", f"Dừng {str(election).lower()}") | {
        "form": form,
        "submit_label": f"Dừng {str(election).lower()}",
        "consequence": f"Còn thiếu {left} người. Sau khi dừng, cuộc bầu này không mở thêm lần bỏ phiếu nào.",
        "card_base": cards_shown(election.congress) if sits else None,
        "what": "dừng bầu",
        "back": _address_of(last),
    }
    return render(request, "elections/ask_cards.html", context, status=422 if form.errors else 200)


@scoped(ELECTION, *PREPARERS, methods=FORM)
def vote_anew(request: HttpRequest, election: Election) -> HttpResponse:
    """Bỏ kết quả không còn căn cứ sau kiểm đếm lại: by card vote; after the closing as the superior decided (E-66)."""
    congress = election.congress
    annulling.require_annullable(election, congress)
    if congress.state == SITTING:
        return _by_congress(request, election)
    return _by_superior(request, election)


def _by_congress(request: HttpRequest, election: Election) -> HttpResponse:
    form = AnnulmentForm(request.POST if request.method == "POST" else None)
    opened: list[Election | None] = []

    def act(data: dict[str, Any]) -> None:
        opened.append(annulling.vote_anew(election.pk, actor=signed_in_user(request), at=timezone.now(), **data))

    if request.method == "POST" and perform(form, act):
        if opened[0] is None:
            messages.warning(request, "Đã ghi biểu quyết: chưa quá một nửa tán thành nên kết quả cũ chưa bỏ.")
            return redirect("elections:overview", election.congress_id)
        messages.success(request, f"Đã bỏ kết quả cũ. Lập danh sách rồi {str(election).lower()} lại.")
        return _to_last_round(opened[0])
    return _ask(request, election, form, "Ghi biểu quyết bỏ kết quả, bầu lại")


def _by_superior(request: HttpRequest, election: Election) -> HttpResponse:
    form = ReasonsForm(
        request.POST if request.method == "POST" else None,
        label="Quyết định của cấp trên",
        hint="Ghi văn bản hoặc người truyền đạt, nội dung quyết định. Tối đa 200 chữ cái.",
        missing="Ghi quyết định của cấp trên.",
        most=200,
    )

    def act(data: dict[str, Any]) -> None:
        annulling.annul_by_superior(election.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    if request.method == "POST" and perform(form, act):
        messages.success(
            request, f"Đã ghi quyết định của cấp trên. Kết quả {str(election).lower()} không trình chuẩn y."
        )
        return redirect("elections:overview", election.congress_id)
    return _ask(request, election, form, "Ghi quyết định của cấp trên")


def _to_last_round(election: Election) -> HttpResponse:
    last = queries.last_round(election)
    return redirect("elections:round", last.pk) if last else redirect("elections:overview", election.congress_id)


def _ask(request: HttpRequest, election: Election, form: Form, submit_label: str) -> HttpResponse:
    congress = election.congress
    overview = reverse("elections:overview", args=[congress.pk])
    title = f"Bỏ kết quả {str(election).lower()}"
    context = frame(request, congress, "elections", title=title, crumbs=[("Bầu cử", overview), ("Bỏ kết quả", "")]) | {
        "election": election,
        "people": queries.without_ground(election),
        "sits": congress.state == SITTING,
        "card_base": cards_shown(congress) if congress.state == SITTING else None,
        "form": form,
        "submit_label": submit_label,
        "back": overview,
    }
    return render(request, "elections/vote_anew.html", context, status=422 if form.errors else 200)
