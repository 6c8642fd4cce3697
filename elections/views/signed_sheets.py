"""Biên bản kiểm phiếu đã ký: its picture, and six figures that another person reads off it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from accounts.access import scoped
from accounts.errors import DomainError
from accounts.models import User
from accounts.roles import Role
from accounts.typed import typed_before
from accounts.web import perform, signed_in_user
from documents.files import read_checked
from documents.uploads import PDF
from elections import policies
from elections.forms.results import ReadingForm, SignedSheetForm
from elections.models import BallotRound, SignedSheet
from elections.scopes import ROUND
from elections.services import signed_sheets as services
from elections.views.pages import FORM, require_sealed, round_frame

BOARD_AND_PREPARERS = (Role.TELLER, Role.SECRETARY, Role.CLERK)
TYPES = {"jpg": "image/jpeg", "png": "image/png", "pdf": PDF}


def _find(ballot_round: BallotRound, edition: int, number: int) -> SignedSheet:
    require_sealed(ballot_round)
    sheet = SignedSheet.objects.filter(seal__round=ballot_round, seal__edition=edition, number=number)
    found: SignedSheet | None = sheet.select_related("seal__sheet", "uploaded_by", "checked_by").first()
    if found is None:
        raise Http404
    return found


def _row(sheet: SignedSheet) -> dict[str, Any]:
    if sheet.checked_at is None:
        state, tone = "Chờ người khác đọc lại", "wait"
    else:
        state, tone = ("Khớp", "done") if sheet.matches else ("Có số khác", "late")
    return {
        "sheet": sheet,
        "edition": sheet.seal.edition,
        "state": state,
        "tone": tone,
        "differing": services.differing(sheet),
    }


def _name_pictures(rows: list[dict[str, Any]]) -> None:
    """A second reading is of the same picture: "Bản chụp 1, lượt đọc 2"."""
    pictures: dict[int, list[str]] = {}
    readings: dict[tuple[int, str], int] = {}
    for row in reversed(rows):
        sheet, known = row["sheet"], pictures.setdefault(row["edition"], [])
        if sheet.sha256 not in known:
            known.append(sheet.sha256)
        reading = readings[row["edition"], sheet.sha256] = readings.get((row["edition"], sheet.sha256), 0) + 1
        again = f", lượt đọc {reading}" if reading > 1 else ""
        row["name"] = f"Bản chụp {known.index(sheet.sha256) + 1}{again}"


def _why_not(ballot_round: BallotRound, user: User) -> str:
    congress = ballot_round.election.congress
    may = policies.can_handle_signed_sheet(user, congress)
    if not may:
        return may.reason
    try:
        services.require_wanted(ballot_round, congress)
    except DomainError as refusal:
        return str(refusal)
    return ""


def _why_not_read(sheet: SignedSheet | None, user: User) -> str:
    if sheet is None or sheet.checked_at is not None:
        return ""
    try:
        services.require_readable(sheet, user)
    except DomainError as refusal:
        return str(refusal)
    return ""


@scoped(ROUND)
def of_round(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Every picture of every edition: who sent it, who read it, what differed; what comes next."""
    user, sealed = signed_in_user(request), services.newest_seal(ballot_round)
    sheets = SignedSheet.objects.filter(seal__round=ballot_round).order_by("-seal__edition", "-number")
    rows = [_row(one) for one in sheets.select_related("seal__sheet", "uploaded_by", "checked_by")]
    _name_pictures(rows)
    newest = next((row["sheet"] for row in rows if sealed is not None and row["sheet"].seal_id == sealed.pk), None)
    context = round_frame(request, ballot_round, "Biên bản đã ký", "Biên bản kiểm phiếu đã ký") | {
        "sealed": sealed,
        "rows": rows,
        "newest": newest,
        "why_not": _why_not(ballot_round, user),
        "why_not_read": _why_not_read(newest, user),
        "back": reverse("elections:proposal", args=[ballot_round.pk]),
    }
    return render(request, "elections/signed_sheets.html", context)


@scoped(ROUND, *BOARD_AND_PREPARERS, methods=FORM)
def upload(request: HttpRequest, ballot_round: BallotRound) -> HttpResponse:
    """Tải lên biên bản đã ký."""
    congress, user = ballot_round.election.congress, signed_in_user(request)
    policies.can_handle_signed_sheet(user, congress).require()
    services.require_wanted(ballot_round, congress)
    posted = request.method == "POST"
    form = SignedSheetForm(request.POST if posted else None, request.FILES if posted else None)

    def act(data: dict[str, Any]) -> None:
        services.upload_signed_sheet(ballot_round.pk, upload=data["file"], actor=user, at=timezone.now())

    back = reverse("elections:signed_sheets", args=[ballot_round.pk])
    if posted and perform(form, act):
        messages.success(request, "Đã lưu biên bản đã ký. Đồng chí khác mở ảnh, đọc và gõ lại sáu số.")
        return redirect(back)
    context = round_frame(request, ballot_round, "Tải lên biên bản đã ký", "Tải lên biên bản đã ký") | {
        "form": form,
        "submit_label": "Tải lên biên bản đã ký",
        "consequence": "Bản chụp được giữ nguyên, không sửa, không xóa; tải thêm bản khác thì cả hai đều được giữ.",
        "back": back,
    }
    return render(request, "elections/ask.html", context, status=422 if form.errors else 200)


@scoped(ROUND)
def picture(request: HttpRequest, ballot_round: BallotRound, edition: int, number: int) -> HttpResponse:
    """The picture as kept, checked against its hash; a PDF is handed out as a file."""
    sheet = _find(ballot_round, edition, number)
    ending = sheet.file.rpartition(".")[2]
    response = HttpResponse(read_checked(sheet.file, sheet.sha256), content_type=TYPES[ending])
    name = f"bien-ban-da-ky-{ballot_round.pk}-{edition}-{number}.{ending}"
    response["Content-Disposition"] = content_disposition_header(TYPES[ending] == PDF, name) or "attachment"
    response._csp_config = {"default-src": ["'none'"], "sandbox": [""]}  # type: ignore[attr-defined]  # read by django-csp
    return response


@scoped(ROUND, *BOARD_AND_PREPARERS, methods=FORM)
def read(request: HttpRequest, ballot_round: BallotRound, edition: int, number: int) -> HttpResponse:
    """Đọc lại biên bản đã ký: the picture and six empty fields; the sealed figures are not on this page."""
    congress, user = ballot_round.election.congress, signed_in_user(request)
    policies.can_handle_signed_sheet(user, congress).require()
    sheet = _find(ballot_round, edition, number)
    services.require_wanted(ballot_round, congress)
    services.require_readable(sheet, user)
    form = ReadingForm(request.POST if request.method == "POST" else None, initial=typed_before(request))
    back = reverse("elections:signed_sheets", args=[ballot_round.pk])
    if request.method == "POST":
        done: list[SignedSheet] = []

        def act(data: dict[str, Any]) -> None:
            place = {"edition": edition, "number": number}
            done.append(services.read_signed_sheet(ballot_round.pk, **place, read=data, actor=user, at=timezone.now()))

        if perform(form, act):
            _say(request, done[0])
            return redirect(back)
    context = round_frame(request, ballot_round, "Đọc lại biên bản đã ký", "Đọc lại biên bản đã ký") | {
        "form": form,
        "sheet": sheet,
        "is_pdf": sheet.file.endswith(".pdf"),
        "picture_url": reverse("elections:signed_picture", args=[ballot_round.pk, edition, number]),
        "back": back,
    }
    return render(request, "elections/signed_reading.html", context, status=422 if form.errors else 200)


def _say(request: HttpRequest, sheet: SignedSheet) -> None:
    wrong = services.differing(sheet)
    if not wrong:
        messages.success(request, "Sáu số đọc trên biên bản khớp với kết quả niêm phong. Đã ghi nhận.")
        return
    messages.warning(
        request,
        f"Khác với kết quả niêm phong: {', '.join(wrong)}. Xem lại ảnh; đọc đúng mà vẫn khác thì ban kiểm phiếu sửa "
        "và ký lại biên bản theo kết quả niêm phong, hoặc trưởng ban mở kiểm đếm lại.",
    )


@scoped(ROUND, *BOARD_AND_PREPARERS, methods=("POST",))
def read_again(request: HttpRequest, ballot_round: BallotRound, edition: int, number: int) -> HttpResponse:
    """Mở lượt đọc mới on the same picture."""
    _find(ballot_round, edition, number)
    place = {"edition": edition, "number": number}
    services.read_again(ballot_round.pk, **place, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, "Đã mở lượt đọc mới trên cùng bản chụp. Đồng chí khác người tải lên đọc lại sáu số.")
    return redirect("elections:signed_sheets", ballot_round.pk)
