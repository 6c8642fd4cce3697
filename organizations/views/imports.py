"""Pages of an import from Excel: upload, progress, preview, confirmation, result."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRefresh

from accounts import wording
from accounts.access import scoped
from accounts.errors import InvalidInput, StaleVersion
from accounts.sheets import xlsx_response
from accounts.web import perform, signed_in_user, step_up
from organizations import cautions
from organizations.import_forms import ColumnsForm, QuestionsForm, UploadForm
from organizations.importing.columns import Dictionary
from organizations.importing.rolls import ROLL
from organizations.importing.trees import TREE
from organizations.models import ImportBatch, Organization
from organizations.scopes import IMPORT, ORGANIZATION
from organizations.services import imports
from organizations.trail import crumbs_to
from organizations.views.members import ROLL_KEEPERS
from organizations.views.tree import TREE_KEEPERS
from outbox.models import JobState

FORM_METHODS = ("GET", "POST")
RECENT = 10
State, Kind = ImportBatch.State, ImportBatch.Kind
DICTIONARIES: dict[str, Dictionary] = {Kind.ROLL: ROLL, Kind.TREE: TREE}
TITLES = {Kind.ROLL: "Nhập danh sách đảng viên từ Excel", Kind.TREE: "Nhập cây tổ chức từ Excel"}
TONES = {
    State.READING: "now",
    State.READY: "wait",
    State.APPLYING: "now",
    State.APPLIED: "done",
    State.FAILED: "late",
    State.DISCARDED: "stopped",
}
OUTCOMES = {"created": "Thêm mới", "updated": "Sửa", "unchanged": "Không đổi", "refused": "Trả lại"}
KEPT_LINE = (
    "Tệp có dữ liệu cá nhân nên được xóa khỏi máy chủ ngay khi nhập xong mọi dòng hoặc khi bỏ lần nhập, "
    f"chậm nhất sau {imports.KEPT_FOR.days} ngày."
)


@scoped(ORGANIZATION, *ROLL_KEEPERS, methods=FORM_METHODS)
def upload_roll(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Tải lên danh sách đảng viên of a branch, or of every branch below."""
    return _upload(request, organization, Kind.ROLL)


@scoped(ORGANIZATION, *TREE_KEEPERS, methods=FORM_METHODS)
def upload_tree(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Tải lên cây tổ chức to be put below this organization."""
    if asked := step_up(request):
        return asked
    return _upload(request, organization, Kind.TREE)


def _upload(request: HttpRequest, organization: Organization, kind: str) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    made: list[tuple[ImportBatch, bool]] = []

    def act(data: dict[str, Any]) -> None:
        made.append(
            imports.upload(
                organization.pk,
                kind,
                name=data["name"],
                content=data["content"],
                actor=signed_in_user(request),
                at=timezone.now(),
            )
        )

    if form.is_bound and perform(form, act):
        batch, is_new = made[0]
        if not is_new:
            when = wording.moment(timezone.localtime(batch.uploaded_at))
            messages.info(
                request,
                f"Tệp này đồng chí {batch.uploaded_by.full_name} đã tải lên lúc {when} và chưa xong. "
                "Đây là lần nhập đó.",
            )
        return redirect("organizations:import", batch.pk)
    context = {
        "organization": organization,
        "form": form,
        "title": TITLES[Kind(kind)],
        "lead": organization.name,
        "is_roll": kind == Kind.ROLL,
        "labels": [one.label for one in DICTIONARIES[kind].fields.values() if one.key != "number"],
        "cautions": cautions.of(organization) if kind == Kind.ROLL else [],
        "recent": organization.imports.filter(kind=kind).select_related("uploaded_by")[:RECENT],
        "kept_line": KEPT_LINE,
        "crumbs": _crumbs(request, organization, (TITLES[Kind(kind)], request.path)),
    }
    return render(request, "organizations/import_upload.html", context, status=422 if form.is_bound else 200)


def _crumbs(request: HttpRequest, organization: Organization, *last: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Tổ chức", reverse("organizations:tree")), *crumbs_to(organization, request), *last]


@scoped(IMPORT, *ROLL_KEEPERS)
def batch(request: HttpRequest, found: ImportBatch) -> HttpResponse:
    """The import where it is: being read, waiting for a decision, done."""
    imports.KINDS[Kind(found.kind)].may(signed_in_user(request), found.organization).require()
    return _page(request, found)


def _page(
    request: HttpRequest,
    found: ImportBatch,
    *,
    columns: ColumnsForm | None = None,
    questions: QuestionsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    report = found.report
    again = "organizations:upload_tree" if found.kind == Kind.TREE else "organizations:upload_roll"
    context = {
        "batch": found,
        "report": report,
        "title": TITLES[Kind(found.kind)],
        "lead": f"{found.filename}, vào {found.organization.name}",
        "state": found.get_state_display(),
        "tone": TONES[State(found.state)],
        "metrics": _metrics(report.get("counts", {})),
        "waits": found.state in (State.READING, State.APPLYING),
        "again_url": reverse(again, args=[found.organization_id]),
        "kept_line": KEPT_LINE,
        "is_roll": found.kind == Kind.ROLL,
        "crumbs": _crumbs(request, found.organization, (found.filename, request.path)),
        **_progress(found),
    }
    if found.state == State.READY:
        context |= {
            "cautions": cautions.of(found.organization) if found.kind == Kind.ROLL else [],
            "rows": [row | {"word": OUTCOMES[row["outcome"]]} for row in report["rows"]],
            "columns_form": columns or _columns_form(found),
            "questions_form": questions or _questions_form(found),
            "open_questions": sum(not one["choice"] for one in report["questions"]),
            "left_out": _left_out(report),
            "writes": report["counts"]["created"] + report["counts"]["updated"],
        }
    return render(request, "organizations/import.html", context, status=status)


def _metrics(counts: dict[str, int]) -> list[dict[str, Any]]:
    if not counts:
        return []
    return [
        {"label": "Dòng đọc được", "value": counts["read"]},
        *({"label": label, "value": counts[key]} for key, label in OUTCOMES.items()),
    ]


def _left_out(report: dict[str, Any]) -> list[str]:
    kinds = [f"{wording.number(one['rows'])} {one['label']}" for one in report["left_out"]]
    return kinds + [
        f"cả trang “{one['sheet']}” ({wording.number(one['rows'])} dòng, không có dòng tiêu đề)"
        for one in report["without_header"]
    ]


def _columns_form(found: ImportBatch, data: Any = None) -> ColumnsForm:
    return ColumnsForm(data, sheets=found.report.get("sheets", []), dictionary=DICTIONARIES[found.kind])


def _questions_form(found: ImportBatch, data: Any = None) -> QuestionsForm:
    questions = found.report.get("questions", [])
    return QuestionsForm(data, questions=questions, initial={"seen": found.report.get("digest", "")})


# ---- progress ----


def _progress(found: ImportBatch) -> dict[str, Any]:
    """What the fragment shows while a job works on the import."""
    job = imports.job_of(found) if found.state in (State.READING, State.APPLYING) else None
    return {
        "work_title": "Đang ghi danh sách" if found.state == State.APPLYING else "Đang đọc tệp",
        "done": found.rows_read,
        "total": found.rows_total,
        "job_failed": job.error if job is not None and job.state == JobState.FAILED else "",
    }


@scoped(IMPORT, *ROLL_KEEPERS)
def progress(request: HttpRequest, found: ImportBatch) -> HttpResponse:
    """How far the job is, asked for every second; the page is loaded anew when it is over."""
    if request.htmx and found.state not in (State.READING, State.APPLYING):  # type: ignore[attr-defined]  # django-htmx
        return HttpResponseClientRefresh()
    return render(request, "organizations/_import_progress.html", {"batch": found, "waits": True, **_progress(found)})


# ---- what a person says ----


@scoped(IMPORT, *ROLL_KEEPERS, methods=("POST",))
def set_columns(request: HttpRequest, found: ImportBatch) -> HttpResponse:
    """Đọc lại với các cột đã chọn."""
    form = _columns_form(found, request.POST)

    def act(data: dict[str, Any]) -> None:
        imports.look_again(found.pk, columns=data["columns"], actor=signed_in_user(request), at=timezone.now())

    if found.state == State.READY and not perform(form, act):
        return _page(request, found, columns=form, status=422)
    return redirect("organizations:import", found.pk)


@scoped(IMPORT, *ROLL_KEEPERS, methods=("POST",))
def answer(request: HttpRequest, found: ImportBatch) -> HttpResponse:
    """Ghi ai là cùng một người."""
    form = _questions_form(found, request.POST)

    def act(data: dict[str, Any]) -> None:
        if data["seen"] != found.report.get("digest"):
            raise StaleVersion("Bản xem trước đã thay đổi từ lúc đồng chí mở trang. Xem lại rồi chọn.")
        imports.look_again(found.pk, choices=data["choices"], actor=signed_in_user(request), at=timezone.now())

    if found.state == State.READY and not perform(form, act):
        return _page(request, found, questions=form, status=422)
    return redirect("organizations:import", found.pk)


@scoped(IMPORT, *ROLL_KEEPERS, methods=("POST",))
def confirm(request: HttpRequest, found: ImportBatch) -> HttpResponse:
    """Xác nhận nhập; pressed twice it is done once."""
    page = reverse("organizations:import", args=[found.pk])
    if found.state in (State.APPLYING, State.APPLIED):
        return redirect(page)
    if found.kind == Kind.TREE and (asked := step_up(request, back=page)):
        return asked
    try:
        imports.confirm(
            found.pk,
            seen=request.POST.get("seen", ""),
            partial=request.POST.get("partial") == "1",
            actor=signed_in_user(request),
            at=timezone.now(),
        )
    except InvalidInput as refusal:
        messages.error(request, str(refusal))
        return _page(request, found, status=422)
    return redirect("organizations:import", found.pk)


@scoped(IMPORT, *ROLL_KEEPERS, methods=("POST",))
def retry(request: HttpRequest, found: ImportBatch) -> HttpResponse:
    """Thử lại what the machine failed at."""
    imports.try_again(found.pk, actor=signed_in_user(request), at=timezone.now())
    return redirect("organizations:import", found.pk)


@scoped(IMPORT, *ROLL_KEEPERS, methods=("POST",))
def discard(request: HttpRequest, found: ImportBatch) -> HttpResponse:
    """Bỏ lần nhập, or delete the file of one that is over."""
    imports.discard(found.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã xóa tệp “{found.filename}” khỏi máy chủ.")
    return redirect("organizations:import", found.pk)


@scoped(IMPORT, *ROLL_KEEPERS)
def refused_rows(request: HttpRequest, found: ImportBatch) -> HttpResponse:
    """The refused rows as a workbook, with the reasons."""
    imports.KINDS[Kind(found.kind)].may(signed_in_user(request), found.organization).require()
    try:
        content = imports.refused_workbook(found)
    except (LookupError, InvalidInput):
        raise Http404 from None
    return xlsx_response(f"Dòng bị trả lại - {found.filename.removesuffix('.xlsx')}", content)
