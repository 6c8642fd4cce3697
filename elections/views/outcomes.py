"""What the count says: looked at, sent back for a recount, sealed; then the next round or the end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import IllegalTransition, StaleVersion
from accounts.models import User
from accounts.roles import Role
from accounts.web import perform, signed_in_user, step_up
from congress.lifecycle import SITTING
from congress.models import Congress
from documents import policies as document_policies
from documents.models import IssuedPaper
from documents.services import papers
from documents.views.papers import file_row
from elections import policies, queries, standings
from elections.forms import ReasonsForm
from elections.lifecycle import COUNTED, ROUND_LIFECYCLE, SEALED
from elections.models import BallotRound, Election, SealedResult, TallySheet
from elections.scopes import ELECTION, ROUND
from elections.services import counting, rounds, sealing
from elections.views.pages import FORM, candidates_of, head_teller_name, round_frame
from elections.views.results import result_of

PREPARERS = (Role.SECRETARY, Role.CLERK)
SEALING = (
    "Sau khi niêm phong, số liệu, danh sách và kết quả của lần bỏ phiếu này không sửa được nữa; "
    "biên bản kiểm phiếu được lập từ chính số liệu này."
)


def _files(request: HttpRequest, ballot_round: BallotRound, congress: Congress) -> list[dict[str, Any]]:
    """Biên bản kiểm phiếu of the round, newest edition."""
    found = IssuedPaper.objects.filter(code="F-10", about=f"round:{ballot_round.pk}").order_by("-edition")[:1]
    jobs = papers.jobs_of(found)
    may_retry = bool(document_policies.can_issue_minutes(signed_in_user(request), congress))
    return [file_row(paper, jobs.get(paper.pk), may_retry=may_retry) for paper in found]


def _next_step(user: User, ballot_round: BallotRound, sheet: TallySheet) -> dict[str, Any] | None:
    """After the seal: what the congress decides when seats are left; None when nothing is open."""
    election = ballot_round.election
    last = queries.last_round(election)
    if ballot_round.state != SEALED or election.is_concluded or last != ballot_round:
        return None
    result = sheet.result
    may = policies.can_prepare(user, election.congress)
    late = "" if election.congress.state == SITTING else "Đại hội đã bế mạc nên không bầu tiếp."
    left = result["open_seats"]
    if result["status"] == "tie":
        text = (
            f"Bầu lại giữa {len(result['tied'])} đồng chí bằng phiếu để lấy {left} người: ai được nhiều phiếu hơn thì "
            "trúng cử, không cần quá một nửa."
        )
        label = "Mở lần bầu lại giữa những người bằng phiếu"
    else:
        text = (
            f"Còn thiếu {left} người. Đại hội quyết định bầu tiếp hoặc dừng. Bầu tiếp thì danh sách giữ những đồng chí "
            "chưa trúng cử, được giới thiệu thêm, và vẫn phải quá một nửa."
        )
        label = "Mở lần bầu tiếp theo"
    return {"text": text, "label": label, "reason": late or may.reason}


@scoped(ROUND)
def proposal(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """What the rules say of the newest entry; once sealed, the result with its hash and minutes."""
    congress, user = ballot_round.election.congress, signed_in_user(request)
    sheet = counting.newest_sheet(ballot_round)
    if sheet is None or ballot_round.state not in (COUNTED, SEALED):
        raise IllegalTransition("Lần bầu này chưa có kết quả kiểm phiếu để xem. Kiểm phiếu viên nhập số liệu trước.")
    policies.can_see_figures(user, ballot_round, congress).require()
    sealed = ballot_round.seals.select_related("confirmed_by", "entered_by").order_by("-edition").first()
    following = queries.next_election(ballot_round.election) if ballot_round.election.is_concluded else None
    title = "Kết quả bầu cử" if sealed else "Kết quả đề xuất"
    context = round_frame(request, ballot_round, title, f"{title}: {str(ballot_round).lower()}")
    context |= result_of(ballot_round, sheet, candidates_of(ballot_round)) | {
        "sealed": sealed,
        "may_seal": policies.can_seal(user, congress, sheet),
        "head_teller": head_teller_name(congress),
        "files": _files(request, ballot_round, congress) if sealed else [],
        "next_step": _next_step(user, ballot_round, sheet),
        "following": following,
        "following_round": queries.last_round(following) if following else None,
    }
    return render(request, "elections/proposal.html", context)


@scoped(ROUND, Role.TELLER, methods=FORM, action="drop_count")
def reject(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Yêu cầu kiểm đếm lại, with the reason."""
    congress = ballot_round.election.congress
    policies.can_head_the_board(signed_in_user(request), congress).require()
    count = standings.live_count(ballot_round)
    if count is None:
        raise IllegalTransition("Lần bỏ phiếu này không có lần kiểm phiếu nào đang mở để bỏ.")
    form = ReasonsForm(
        request.POST if request.method == "POST" else None,
        label="Lý do kiểm đếm lại",
        hint="Nêu chỗ cần đếm lại, ví dụ tổng số phiếu của đồng chí thứ hai trong danh sách.",
        missing="Ghi lý do để ban kiểm phiếu biết cần đếm lại chỗ nào.",
    )

    def act(data: dict[str, Any]) -> None:
        counting.drop_count(count.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    if request.method == "POST" and perform(form, act):
        messages.success(request, "Đã yêu cầu kiểm đếm lại. Kiểm phiếu viên nhập lại số liệu sau khi đếm.")
        return redirect("elections:round", ballot_round.pk)
    context = round_frame(request, ballot_round, "Kiểm đếm lại", "Yêu cầu kiểm đếm lại") | {
        "form": form,
        "submit_label": "Yêu cầu kiểm đếm lại",
        "consequence": "Bản nhập này được giữ để đối chiếu; ban kiểm phiếu đếm lại và nhập bản mới.",
        "back": reverse("elections:proposal", args=[ballot_round.pk]),
    }
    return render(request, "elections/ask.html", context, status=422 if form.errors else 200)


@scoped(ROUND, Role.TELLER, methods=FORM, action="seal")
def seal(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Xem lại rồi niêm phong: what was entered, asked once more, behind the password."""
    congress, user = ballot_round.election.congress, signed_in_user(request)
    sheet = counting.newest_sheet(ballot_round)
    policies.can_seal(user, congress, sheet).require()
    ROUND_LIFECYCLE.after("seal", state=ballot_round.state)
    counting.require_tellers(ballot_round, congress)
    if sheet is None:
        raise Http404
    if asked := step_up(request):
        return asked
    if request.method == "POST":
        return _seal(request, ballot_round, user)
    context = round_frame(request, ballot_round, "Niêm phong kết quả", "Xem lại trước khi niêm phong")
    context |= result_of(ballot_round, sheet, candidates_of(ballot_round)) | {
        "consequence": SEALING,
        "back": reverse("elections:proposal", args=[ballot_round.pk]),
    }
    return render(request, "elections/seal.html", context)


def _seal(request: HttpRequest, ballot_round: BallotRound, user: User) -> HttpResponse:
    seen = request.POST.get("sheet_number", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 5):
        raise StaleVersion("Trang này không còn mới. Mở lại trang xem lại kết quả rồi niêm phong.")
    sealed: SealedResult = sealing.seal(ballot_round.pk, sheet_number=int(seen), actor=user, at=timezone.now())
    messages.success(
        request, f"Đã niêm phong kết quả. Mã kiểm tra {sealed.sha256[:16]}… Biên bản kiểm phiếu đang được tạo."
    )
    return redirect("elections:proposal", ballot_round.pk)


@scoped(ELECTION, *PREPARERS, methods=("POST",))
def next_round(request: HttpRequest, election: Election) -> HttpResponse:
    """Bầu tiếp, as the congress decided."""
    following = rounds.open_next_round(election.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã mở {str(following).lower()}. Xem lại danh sách rồi biểu quyết chốt.")
    return redirect("elections:round", following.pk)


@scoped(ELECTION, *PREPARERS, methods=FORM)
def conclude(request: HttpRequest, election: Election) -> HttpResponse:
    """Ghi quyết định dừng bầu khi chưa đủ số lượng."""
    rounds.require_concludable(election, election.congress)
    last = queries.last_round(election)
    if last is None:
        raise Http404
    form = ReasonsForm(
        request.POST if request.method == "POST" else None,
        label="Quyết định của đại hội",
        hint="Ví dụ: Đại hội biểu quyết không bầu tiếp, đề nghị cấp trên bổ sung sau. Tối đa 300 chữ cái.",
        missing="Ghi quyết định của đại hội về việc dừng bầu.",
        most=300,
    )
    left = queries.open_seats(election)

    def act(data: dict[str, Any]) -> None:
        rounds.conclude(election.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    if request.method == "POST" and perform(form, act):
        messages.success(request, f"Đã ghi đại hội quyết định dừng {str(election).lower()}.")
        return redirect("elections:overview", election.congress_id)
    context = round_frame(request, last, "Dừng bầu", f"Dừng {str(election).lower()}") | {
        "form": form,
        "submit_label": f"Dừng {str(election).lower()}",
        "consequence": f"Còn thiếu {left} người. Sau khi dừng, cuộc bầu này không mở thêm lần bỏ phiếu nào.",
        "back": reverse("elections:proposal", args=[last.pk]),
    }
    return render(request, "elections/ask.html", context, status=422 if form.errors else 200)
