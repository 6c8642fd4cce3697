"""What the count says: looked at, explained, sent back, sealed; then the next round or the end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import IllegalTransition, StaleVersion
from accounts.models import User
from accounts.roles import Role
from accounts.typed import typed_before
from accounts.web import number_of, perform, signed_in_user, step_up
from congress.lifecycle import CLOSED, SITTING
from congress.models import Congress
from congress.rules import regimes
from documents import policies as document_policies
from documents.models import IssuedPaper
from documents.services import papers
from documents.views.papers import file_row
from elections import editions, policies, queries, standings
from elections.conflicts import OWN_POSTS, Slate
from elections.dropped import dropped_of, sentence_of
from elections.forms import ReasonsForm
from elections.forms.results import ExplanationForm
from elections.lifecycle import COUNTED, ROUND_LIFECYCLE, SEALED, SET_ASIDE
from elections.models import BallotRound, Count, ElectedOffice, SealedResult, TallySheet
from elections.rules.delegates import same_ballot_step
from elections.rules.explain import tie_revote_step
from elections.scopes import ROUND
from elections.services import counting, proposing, sealing, signed_sheets
from elections.views.pages import FORM, ballot_names, candidates_of, head_teller_name, round_frame
from elections.views.results import result_of, seal_shown
from elections.views.situations import situations_for

PREPARERS = (Role.SECRETARY, Role.CLERK)
COMMITTEES = (ElectedOffice.BRANCH_COMMITTEE, ElectedOffice.COMMITTEE)
SEALING = (
    "Sau khi niêm phong, số liệu, danh sách và kết quả của lần bỏ phiếu này không sửa được nữa; "
    "biên bản kiểm phiếu được lập từ chính số liệu này."
)
SEALING_AGAIN = (
    "Kết quả kiểm đếm lại thành bản niêm phong mới và thay kết quả cũ; bản cũ vẫn được giữ nguyên, đọc được bên cạnh. "
    "Biên bản kiểm phiếu mới và biên bản đính chính được lập từ hai bản này."
)

DROPPING = {
    False: {
        "act": "Yêu cầu kiểm đếm lại",
        "label": "Lý do kiểm đếm lại",
        "hint": "Nêu chỗ cần đếm lại, ví dụ tổng số phiếu của đồng chí thứ hai trong danh sách.",
        "consequence": "Bản nhập này được giữ để đối chiếu; ban kiểm phiếu đếm lại và nhập bản mới.",
        "told": "Đã yêu cầu kiểm đếm lại. Kiểm phiếu viên nhập lại số liệu sau khi đếm.",
    },
    True: {
        "act": "Bỏ lần kiểm đếm lại",
        "label": "Lý do bỏ lần kiểm đếm lại",
        "hint": "Ví dụ: người khiếu nại đã rút khiếu nại.",
        "consequence": "Kết quả đã niêm phong giữ nguyên; bản nhập của lần kiểm này được giữ để đối chiếu.",
        "told": "Đã bỏ lần kiểm đếm lại. Kết quả đã niêm phong giữ nguyên.",
    },
}
"""A count that is dropped: before the seal, and of a recount after it."""


def _files(request: HttpRequest, ballot_round: BallotRound, congress: Congress) -> list[dict[str, Any]]:
    """Biên bản kiểm phiếu of the round and its corrigenda, newest edition of each."""
    found: list[IssuedPaper] = []
    for code in ("F-10", "F-25"):
        of_round = IssuedPaper.objects.filter(code=code, congress=congress, about=f"round:{ballot_round.pk}")
        found += of_round.order_by("-edition")[:1]
    jobs = papers.jobs_of(found)
    may_retry = bool(document_policies.can_issue_minutes(signed_in_user(request), congress))
    return [file_row(paper, jobs.get(paper.pk), may_retry=may_retry) for paper in found]


def _next_step(user: User, ballot_round: BallotRound, sheet: TallySheet) -> dict[str, Any] | None:
    """After the seal: what the congress decides when seats are left; None when nothing is open."""
    election, congress = ballot_round.election, ballot_round.election.congress
    if ballot_round.state != SEALED or election.is_concluded or election.is_annulled:
        return None
    if election.rounds.filter(number__gt=ballot_round.number).exclude(state=SET_ASIDE).exists():
        return None
    may, result = policies.can_prepare(user, congress), queries.standing_seals(election)[-1].sheet.result
    recounted = standings.live_count(ballot_round) is not None
    wait = "Kết quả đang được kiểm đếm lại. Chờ niêm phong kết quả kiểm đếm lại." if recounted else ""
    late = "" if congress.state == SITTING else f"{congress.word.capitalize()} đã bế mạc nên không bầu tiếp."
    return _said(result, congress) | {
        "reason": wait or late or may.reason,
        "stop_reason": wait or may.reason or ("" if congress.state in (SITTING, CLOSED) else late),
    }


def _said(result: dict[str, Any], congress: Congress) -> dict[str, Any]:
    decides = f"{congress.word.capitalize()} quyết định"
    revote_steps = [tie_revote_step(regimes.by_code(result["regime"])).to_dict()]
    left, tied = result["open_seats"], len(result["tied"])
    if result["status"] == "tie":
        return {
            "text": f"Bầu lại giữa {tied} đồng chí bằng phiếu để lấy {left} người.",
            "steps": revote_steps,
            "by_itself": True,
            "label": "Mở lần bầu lại giữa những người bằng phiếu",
        }
    if result["status"] == "tie_again":
        return {
            "text": f"Vẫn còn {tied} đồng chí bằng phiếu cho {left} chỗ. {decides} bầu lại lần nữa giữa những "
            "đồng chí này, hoặc dừng và để khuyết.",
            "steps": revote_steps,
            "label": "Mở lần bầu lại nữa giữa những người bằng phiếu",
        }
    return {
        "text": f"Còn thiếu {left} người. {decides} bầu tiếp hoặc dừng. Bầu tiếp thì danh sách giữ những đồng "
        "chí chưa trúng cử, được giới thiệu thêm, và vẫn phải quá một nửa. Dừng thì báo cáo cấp trên về chỗ khuyết.",
        "label": "Mở lần bầu tiếp theo",
    }


def _not_elected_leaders(ballot_round: BallotRound) -> list[str]:
    """E-57 — After the committee is elected: planned leaders who are not in it; their election waits."""
    election = ballot_round.election
    if election.office not in COMMITTEES or not election.is_concluded:
        return []
    found = []
    for later in queries.current_elections(election.congress).filter(office__in=OWN_POSTS):
        last = queries.last_round(later)
        if last is not None and last.state != SEALED:
            found += [f"{one.message} {one.next}".strip() for one in Slate(last).planned_findings()]
    return found


def _signed(ballot_round: BallotRound, sealed: SealedResult) -> dict[str, Any]:
    """Where the signed minutes of this edition stand."""
    newest = sealed.signed_sheets.order_by("-number").first()
    if newest is None:
        return {"state": "Chưa tải lên", "tone": "todo"}
    if newest.checked_at is None:
        return {"state": "Chờ người khác đọc lại", "tone": "wait"}
    if newest.matches:
        return {"state": "Khớp với kết quả niêm phong", "tone": "done"}
    return {"state": "Có số khác kết quả niêm phong", "tone": "late"}


def shown_sheet(ballot_round: BallotRound, sealed: SealedResult | None) -> TallySheet:
    """Once sealed, what was sealed: an unsealed recount is the board's alone. Raises IllegalTransition."""
    sheet = sealed.sheet if sealed else proposing.newest_sheet(ballot_round)
    if sheet is None or ballot_round.state not in (COUNTED, SEALED):
        raise IllegalTransition("Lần bầu này chưa có kết quả kiểm phiếu để xem. Kiểm phiếu viên nhập số liệu trước.")
    return sheet


@scoped(ROUND)
def proposal(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """What the rules say of what two people typed alike; once sealed, the result with its hash and minutes."""
    return _proposal(request, ballot_round)


def _proposal(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    congress, user = ballot_round.election.congress, signed_in_user(request)
    sealed = signed_sheets.newest_seal(ballot_round)
    sheet = shown_sheet(ballot_round, sealed)
    policies.can_see_figures(user, ballot_round, congress).require()
    title = "Kết quả bầu cử" if sealed else "Kết quả đề xuất"
    context = round_frame(request, ballot_round, title, f"{title}: {str(ballot_round).lower()}")
    context |= result_of(ballot_round, sheet, candidates_of(ballot_round))
    context |= _after_seal(request, ballot_round, sealed) if sealed else _before_seal(user, ballot_round, sheet)
    context["cards"] = situations_for(ballot_round, sheet.result)
    return render(request, "elections/proposal.html", context)


def _before_seal(user: User, ballot_round: BallotRound, sheet: TallySheet) -> dict[str, Any]:
    congress = ballot_round.election.congress
    return {
        "unexplained": len(sealing.unexplained(sheet)),
        "may_explain": policies.can_keep_ledger(user, ballot_round, congress),
        "may_seal": policies.can_seal(user, ballot_round, congress, sheet),
        "head_teller": head_teller_name(congress),
    }


def _after_seal(request: HttpRequest, ballot_round: BallotRound, sealed: SealedResult) -> dict[str, Any]:
    congress, user, election = ballot_round.election.congress, signed_in_user(request), ballot_round.election
    following = queries.next_election(election) if election.is_concluded else None
    recount = standings.live_count(ballot_round)
    names = ballot_names(candidates_of(ballot_round))
    return seal_shown(sealed) | {
        "dropped": [sentence_of(one, names) for one in dropped_of(ballot_round)],
        "files": _files(request, ballot_round, congress),
        "next_step": _next_step(user, ballot_round, sealed.sheet),
        "following": following,
        "following_round": queries.last_round(following) if following else None,
        "signed": _signed(ballot_round, sealed),
        "recount": recount,
        "recount_agreed": recount is not None and recount.state == Count.State.AGREED,
        "by_board": bool(policies.can_keep_ledger(user, ballot_round, congress)),
        "may_recount": policies.can_head_the_board(user, ballot_round, congress),
        "recountable": _why_not_recounted(ballot_round, congress),
        "shaken": editions.shaken_by_recount(ballot_round),
        "has_ground": queries.has_ground(ballot_round),
        "leaders_missing": _not_elected_leaders(ballot_round),
        "alternates": queries.alternates_of(election),
        "alternate_steps": [same_ballot_step(regimes.by_code(sealed.sheet.result["regime"])).to_dict()],
    }


def _why_not_recounted(ballot_round: BallotRound, congress: Congress) -> str:
    try:
        counting.require_recountable(ballot_round, congress)
    except IllegalTransition as refusal:
        return str(refusal)
    return ""


@scoped(ROUND, Role.TELLER)
def recounted(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Kết quả kiểm đếm lại that waits for its seal, for the board alone; where none waits, the result there is."""
    congress, user = ballot_round.election.congress, signed_in_user(request)
    count = standings.live_count(ballot_round)
    sheet = proposing.newest_sheet(ballot_round)
    if ballot_round.state != SEALED or count is None or count.state != Count.State.AGREED or sheet is None:
        return _proposal(request, ballot_round)
    policies.can_keep_ledger(user, ballot_round, congress).require()
    title = "Kết quả kiểm đếm lại"
    context = round_frame(request, ballot_round, title, f"{title}: {str(ballot_round).lower()}")
    context |= result_of(ballot_round, sheet, candidates_of(ballot_round))
    context |= _before_seal(user, ballot_round, sheet) | _against_the_sealed(ballot_round, sheet)
    context |= {
        "reason": count.reason,
        "is_recount": True,
        "drop_label": DROPPING[True]["act"],
    }
    return render(request, "elections/proposal.html", context)


@scoped(ROUND, Role.TELLER, methods=FORM, action="explain_warnings")
def explain(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Giải trình từng điểm cần chú ý: one text for each warning, before the seal."""
    congress, user = ballot_round.election.congress, signed_in_user(request)
    policies.can_keep_ledger(user, ballot_round, congress).require()
    sheet = _sheet_to_seal(ballot_round)
    sealing.require_warnings(sheet)
    context = result_of(ballot_round, sheet, candidates_of(ballot_round))
    form = ExplanationForm(
        request.POST if request.method == "POST" else None, initial=typed_before(request), warnings=context["warnings"]
    )

    def act(_: dict[str, Any]) -> None:
        number = seen_number(request)
        sealing.explain_warnings(ballot_round.pk, sheet_number=number, texts=form.texts, actor=user, at=timezone.now())

    back = reverse(
        "elections:recounted" if ballot_round.state == SEALED else "elections:proposal", args=[ballot_round.pk]
    )
    if request.method == "POST" and perform(form, act):
        messages.success(request, "Đã ghi giải trình của ban kiểm phiếu. Trưởng ban xem lại và niêm phong.")
        return redirect(back)
    title = "Giải trình điểm cần chú ý"
    context |= round_frame(request, ballot_round, title, title) | {"form": form, "back": back}
    return render(request, "elections/explain.html", context, status=422 if form.errors else 200)


def _sheet_to_seal(ballot_round: BallotRound) -> TallySheet:
    """What two people typed alike and nobody has sealed; raise IllegalTransition when there is nothing of the kind."""
    sheet, count = proposing.newest_sheet(ballot_round), standings.live_count(ballot_round)
    if sheet is None or count is None or count.state != Count.State.AGREED:
        raise IllegalTransition("Chưa có kết quả hai người nhập khớp nhau để giải trình hoặc niêm phong.")
    return sheet


@scoped(ROUND, Role.TELLER, methods=FORM, action="drop_count")
def reject(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Yêu cầu kiểm đếm lại, with the reason."""
    congress = ballot_round.election.congress
    policies.can_head_the_board(signed_in_user(request), ballot_round, congress).require()
    count = standings.live_count(ballot_round)
    if count is None:
        raise IllegalTransition("Lần bỏ phiếu này không có lần kiểm phiếu nào đang mở để bỏ.")
    words = DROPPING[ballot_round.state == SEALED]
    form = ReasonsForm(
        request.POST if request.method == "POST" else None,
        label=words["label"],
        hint=words["hint"],
        missing="Ghi lý do để ban kiểm phiếu biết cần đếm lại chỗ nào.",
    )

    def act(data: dict[str, Any]) -> None:
        counting.drop_count(count.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    if request.method == "POST" and perform(form, act):
        messages.success(request, words["told"])
        return redirect("elections:round", ballot_round.pk)
    context = round_frame(request, ballot_round, words["act"], words["act"]) | {
        "form": form,
        "submit_label": words["act"],
        "consequence": words["consequence"],
        "back": reverse("elections:proposal", args=[ballot_round.pk]),
    }
    return render(request, "elections/ask.html", context, status=422 if form.errors else 200)


@scoped(ROUND, Role.TELLER, methods=FORM, action="seal")
def seal(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Xem lại rồi niêm phong: everything that is sealed, asked once more, behind the password."""
    congress, user = ballot_round.election.congress, signed_in_user(request)
    policies.can_seal(user, ballot_round, congress, proposing.newest_sheet(ballot_round)).require()
    count = standings.live_count(ballot_round)
    if ballot_round.state != SEALED or count is None:
        ROUND_LIFECYCLE.after("seal", state=ballot_round.state)
    sheet = _sheet_to_seal(ballot_round)
    proposing.require_tellers(ballot_round, congress)
    if asked := step_up(request):
        return asked
    if request.method == "POST":
        return _seal(request, ballot_round, user)
    again = ballot_round.state == SEALED
    context = round_frame(request, ballot_round, "Niêm phong kết quả", "Xem lại trước khi niêm phong")
    context |= result_of(ballot_round, sheet, candidates_of(ballot_round)) | _against_the_sealed(ballot_round, sheet)
    context |= {
        "consequence": SEALING_AGAIN if again else SEALING,
        "seen": proposing.digest_of(sheet),
        "unexplained": len(sealing.unexplained(sheet)),
        "reason": count.reason if count else "",
        "back": reverse("elections:recounted" if again else "elections:proposal", args=[ballot_round.pk]),
    }
    return render(request, "elections/seal.html", context)


def _against_the_sealed(ballot_round: BallotRound, sheet: TallySheet) -> dict[str, Any]:
    """Of a recount: every figure old → new, whose election it turns and which later rounds rested on that.

    Nothing before the first seal.
    """
    sealed = signed_sheets.newest_seal(ballot_round)
    if sealed is None:
        return {}
    old, new, names = sealed.sheet.result, sheet.result, ballot_names(candidates_of(ballot_round))
    pair = {"edition": sealed.edition, "figures": editions.compared(old, new, names)}
    turns = not editions.same_outcome(old, new)
    return {
        "pair": pair,
        "turn": editions.turn(old, new, names),
        "resting": editions.resting_on(ballot_round) if turns else [],
    }


def seen_number(request: HttpRequest) -> int:
    """Which sheet the person was looking at."""
    seen = number_of(request.POST.get("sheet_number", ""), digits=4)
    if not seen:
        raise StaleVersion("Trang này không còn mới. Mở lại trang xem lại kết quả rồi làm tiếp.")
    return seen


def _seal(request: HttpRequest, ballot_round: BallotRound, user: User) -> HttpResponse:
    number, seen = seen_number(request), request.POST.get("seen")
    sealed = sealing.seal(ballot_round.pk, sheet_number=number, seen=seen, actor=user, at=timezone.now())
    again = f" thành bản {sealed.edition}" if sealed.edition > 1 else ""
    messages.success(
        request, f"Đã niêm phong kết quả{again}. Mã kiểm tra {sealed.sha256[:16]}… Biên bản kiểm phiếu đang được tạo."
    )
    return redirect("elections:proposal", ballot_round.pk)
