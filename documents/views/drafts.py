"""Pages on which drafts are listed, read and written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped, signed_in
from accounts.decisions import Decision, denied
from accounts.errors import IllegalTransition, StaleVersion
from accounts.roles import Role
from accounts.web import perform, signed_in_user
from congress.frame import frame
from congress.models import Congress
from congress.scopes import CONGRESS
from documents import policies, queries
from documents.checks import required_kinds
from documents.forms import CommentForm, DocumentFilter, DraftForm, NewDocumentForm, UploadForm
from documents.lifecycle import APPROVED, CHANGES_REQUESTED, DOCUMENT_LIFECYCLE, EDITABLE, IN_REVIEW
from documents.models import Document, DocumentKind, DocumentVersion
from documents.outlines import outline
from documents.scopes import DOCUMENT, VERSION
from documents.services import drafts as services

WRITERS = (Role.SECRETARY, Role.CLERK, Role.DRAFTER)
FORM = ("GET", "POST")
TONES = {APPROVED: "done", IN_REVIEW: "wait", CHANGES_REQUESTED: "late"}


def holder_of(document: Document) -> str:
    """Who has to act on it now."""
    if document.state == IN_REVIEW:
        return document.congress.authority.committee
    return "" if document.state == APPROVED else document.congress.organization.name


def _short(document: Document, holder: str) -> str:
    """In a list whose line names the branch already."""
    return document.congress.body if holder == document.congress.organization.name else holder or "–"


def _row(document: Document) -> dict[str, Any]:
    number = getattr(document, "newest_number", None)
    return {
        "url": reverse("documents:detail", args=[document.pk]),
        "cells": [
            {"text": document.title},
            {"text": document.congress.organization.name},
            {"badge": document.get_state_display(), "tone": TONES.get(document.state, "todo")},
            {"text": f"lần {number}" if number else "chưa soạn"},
            {"text": _short(document, holder_of(document))},
        ],
    }


COLUMNS = [
    {"label": "Văn kiện"},
    {"label": "Tổ chức đảng"},
    {"label": "Trạng thái"},
    {"label": "Dự thảo"},
    {"label": "Đang ở"},
]


@signed_in("GET")
def every(request: HttpRequest) -> HttpResponse:
    """Every draft the person may see; those under review first."""
    form = DocumentFilter(request.GET or None)
    found = queries.with_newest_version(queries.visible_to(signed_in_user(request)))
    wanted = form.cleaned_data if form.is_valid() else {}
    if wanted.get("trang_thai"):
        found = found.filter(state=wanted["trang_thai"])
    if wanted.get("loai"):
        found = found.filter(kind=wanted["loai"])
    page = Paginator(queries.under_review_first(found), 50).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "columns": COLUMNS,
        "rows": [_row(document) for document in page],
        "page_obj": page,
        "clear_url": request.path if any(wanted.values()) or form.errors else "",
        "crumbs": [("Văn kiện", "")],
    }
    return render(request, "documents/all.html", context)


@scoped(CONGRESS)
def of_congress(request: HttpRequest, congress: Congress) -> HttpResponse:
    """The required papers of the congress and the others, each with its state and its one next act."""
    documents = list(queries.with_newest_version(congress.documents.select_related("congress__organization")))
    known = {document.kind for document in documents}
    may_write = policies.can_write(signed_in_user(request), congress)
    if may_write and congress.state not in services.MOVABLE:
        may_write = denied(f"Đại hội ở bước “{congress.get_state_display()}”, văn kiện trình đại hội đã chốt.")
    missing = [
        {"kind": kind.value, "label": kind.label} for kind in required_kinds(congress) if kind.value not in known
    ]
    context = frame(request, congress, "documents", title="Văn kiện đại hội", crumbs=[("Văn kiện", "")]) | {
        "rows": [
            {
                "document": document,
                "url": reverse("documents:detail", args=[document.pk]),
                "tone": TONES.get(document.state, "todo"),
                "required": document.kind in required_kinds(congress),
            }
            for document in documents
        ],
        "missing": missing,
        "may_write": may_write,
        "create_url": reverse("documents:create", args=[congress.pk]),
    }
    return render(request, "documents/list.html", context)


@scoped(CONGRESS, *WRITERS, methods=FORM)
def create(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Lập văn kiện mới; a kind named in the address is chosen already."""
    taken = [kind for kind in congress.documents.values_list("kind", flat=True) if kind != DocumentKind.OTHER]
    form = NewDocumentForm(
        request.POST if request.method == "POST" else None, taken=taken, initial={"kind": request.GET.get("loai", "")}
    )
    made: list[Document] = []

    def act(data: dict[str, Any]) -> None:
        made.append(services.create_document(congress.pk, actor=signed_in_user(request), at=timezone.now(), **data))

    if request.method == "POST" and perform(form, act):
        messages.success(request, f"Đã lập {made[0].title}. Soạn nội dung hoặc tải tệp lên.")
        return redirect("documents:edit", made[0].pk)
    context = frame(request, congress, "documents", title="Lập văn kiện", crumbs=[("Lập văn kiện", "")])
    return render(
        request,
        "documents/create.html",
        context | {"form": form, "back": reverse("documents:list", args=[congress.pk])},
        status=422 if form.errors else 200,
    )


def document_frame(request: HttpRequest, document: Document, page: str = "", title: str = "") -> dict[str, Any]:
    """The congress frame with the draft in the trail; ``page`` names the page below the draft."""
    own = (document.title, reverse("documents:detail", args=[document.pk]) if page else "")
    crumbs = [("Văn kiện", reverse("documents:list", args=[document.congress_id])), own]
    return frame(
        request,
        document.congress,
        "documents",
        title=title or document.title,
        crumbs=[*crumbs, (page, "")] if page else crumbs,
    ) | {"document": document, "document_tone": TONES.get(document.state, "todo")}


def _button(document: Document, action: str, may: Decision, url_name: str, kind: str = "secondary") -> dict[str, Any]:
    row = next(row for row in DOCUMENT_LIFECYCLE.rows if row.action == action)
    return {
        "url": reverse(url_name, args=[document.pk]),
        "label": row.label,
        "reason": "" if may else may.reason,
        "kind": kind,
        "post": action in ("submit", "withdraw"),
    }


def buttons(request: HttpRequest, document: Document) -> list[dict[str, Any]]:
    """What may be done with the draft now; the other side's acts are left out, an own forbidden one has its reason."""
    if document.congress.state not in services.MOVABLE:
        return []
    user, review = signed_in_user(request), queries.open_round(document)
    writes = policies.can_write(user, document.congress)
    found = []
    if document.state in EDITABLE and writes:
        found.append(
            {"url": reverse("documents:edit", args=[document.pk]), "label": "Soạn dự thảo", "kind": "secondary"}
        )
        found.append({"url": reverse("documents:upload", args=[document.pk]), "label": "Tải tệp lên", "kind": "quiet"})
    for row in DOCUMENT_LIFECYCLE.actions(state=document.state):
        if row.action in ("submit", "withdraw"):
            if writes:
                may = policies.can_submit(user, document)
                kind = "primary" if row.action == "submit" else "quiet"
                found.append(_button(document, row.action, may, f"documents:{row.action}", kind))
        elif policies.can_review(user, document, None):
            judge = policies.can_review if row.action == "request_changes" else policies.can_approve
            kind = "primary" if row.action == "approve" else "secondary"
            found.append(_button(document, row.action, judge(user, document, review), f"documents:{row.action}", kind))
    return sorted(found, key=lambda button: button["kind"] != "primary")


@scoped(DOCUMENT)
def detail(request: HttpRequest, document: Document) -> HttpResponse:
    """The draft to read, with comments beside it, its versions and reviews below."""
    version = document.approved_version or queries.newest_version(document)
    review = queries.open_round(document)
    may_review = policies.can_review(signed_in_user(request), document, review)
    headings = [section["heading"] for section in version.sections] if version else []
    context = document_frame(request, document) | {
        "version": version,
        "numbered": list(enumerate(version.sections, start=1)) if version else [],
        "review": review,
        "comments": queries.comments_on(document),
        "rounds": document.rounds.select_related("opened_by", "closed_by", "version"),
        "versions": document.versions.select_related("written_by"),
        "buttons": buttons(request, document),
        "holder": holder_of(document),
        "comment_form": CommentForm(headings=headings) if review and may_review else None,
        "wanted": queries.last_reasons(document) if document.state == CHANGES_REQUESTED else "",
        "saved_key": f"document-{document.pk}",
    }
    return render(request, "documents/detail.html", context)


@scoped(VERSION)
def version(request: HttpRequest, version: DocumentVersion) -> HttpResponse:
    """One version as it was written."""
    document = version.document
    context = document_frame(
        request, document, f"Dự thảo lần {version.number}", f"{document.title}, dự thảo lần {version.number}"
    )
    return render(
        request,
        "documents/version.html",
        context | {"version": version, "numbered": list(enumerate(version.sections, start=1))},
    )


def _newer(form: DraftForm | UploadForm, refusal: StaleVersion) -> DocumentVersion:
    """The version saved meanwhile; the form goes on from it, so that the next save is meant."""
    newer: DocumentVersion = refusal.current  # type: ignore[assignment]  # what save_version puts there
    form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict, read-only as it came
    form.data["seen"] = newer.number  # type: ignore[index]  # a QueryDict of our own now
    return newer


@scoped(DOCUMENT, *WRITERS, methods=FORM)
def edit(request: HttpRequest, document: Document) -> HttpResponse:
    """Soạn dự thảo by sections; a stale save shows both texts and loses neither."""
    if request.method != "POST":
        services.require_editable(document)
    newest = queries.newest_version(document)
    sections = newest.sections if newest and newest.sections else outline(document.kind)
    seen = newest.number if newest else 0
    form = DraftForm(request.POST if request.method == "POST" else None, sections=sections, seen=seen)
    context = document_frame(request, document, "Soạn dự thảo", f"Soạn {document.title.lower()}")
    context |= {
        "form": form,
        "back": reverse("documents:detail", args=[document.pk]),
        "next_number": seen + 1,
        "remarks": list(queries.comments_to_answer(document)),
        "last_reasons": queries.last_reasons(document),
    }

    def act(data: dict[str, Any]) -> None:
        services.save_version(
            document.pk,
            seen=data["seen"],
            sections=form.sections,
            note=data["note"],
            actor=signed_in_user(request),
            at=timezone.now(),
        )

    status = 200
    if request.method == "POST":
        try:
            if perform(form, act):
                messages.success(request, f"Đã lưu dự thảo của {document.title}.")
                return redirect("documents:detail", document.pk)
            status = 422
        except StaleVersion as refusal:
            status, newer = 409, _newer(form, refusal)
            context |= {"refusal": str(refusal), "theirs": newer, "next_number": newer.number + 1}
        except IllegalTransition as refusal:  # submitted or approved meanwhile: what was typed stays on the page
            status, context["refusal"] = 409, str(refusal)
    return render(request, "documents/edit.html", context, status=status)


@scoped(DOCUMENT, *WRITERS, methods=FORM)
def upload(request: HttpRequest, document: Document) -> HttpResponse:
    """Tải tệp .docx hoặc .pdf lên as the next version."""
    newest = queries.newest_version(document)
    seen = newest.number if newest else 0
    form = UploadForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial={"seen": seen},
    )

    def act(data: dict[str, Any]) -> None:
        services.save_version(
            document.pk,
            seen=data["seen"],
            upload=data["file"],
            note=data["note"],
            actor=signed_in_user(request),
            at=timezone.now(),
        )

    status = 200
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            if perform(form, act):
                messages.success(request, f"Đã nhận tệp của {document.title}.")
                return redirect("documents:detail", document.pk)
            status = 422
        except StaleVersion as refusal:
            status, context = 409, {"refusal": str(refusal), "theirs": _newer(form, refusal)}
    else:
        services.require_editable(document)
    context |= document_frame(request, document, "Tải tệp lên", f"Tải tệp {document.title.lower()}")
    return render(
        request,
        "documents/upload.html",
        context | {"form": form, "back": reverse("documents:detail", args=[document.pk])},
        status=status,
    )
