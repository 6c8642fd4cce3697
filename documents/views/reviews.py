"""Submitting a draft and judging it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.roles import Role
from accounts.web import perform, signed_in_user
from documents import policies, queries
from documents.forms import ApprovalForm, CommentForm, ReasonsForm
from documents.lifecycle import DOCUMENT_LIFECYCLE
from documents.models import Document
from documents.scopes import DOCUMENT
from documents.services import drafts as services
from documents.views.drafts import FORM, document_frame

SUBMITTERS = (Role.SECRETARY, Role.CLERK)
REVIEWERS = (Role.COMMITTEE_STAFF, Role.APPROVER)


@scoped(DOCUMENT, *SUBMITTERS, methods=("POST",), action="submit")
def submit(request: HttpRequest, document: Document) -> HttpResponse:
    services.submit(document.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã trình {document.title} xin ý kiến {document.congress.authority.committee}.")
    return redirect("documents:detail", document.pk)


@scoped(DOCUMENT, *SUBMITTERS, methods=("POST",), action="withdraw")
def withdraw(request: HttpRequest, document: Document) -> HttpResponse:
    services.withdraw(document.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã rút {document.title} về. Sửa xong thì trình lại.")
    return redirect("documents:detail", document.pk)


@scoped(DOCUMENT, *REVIEWERS, methods=("POST",), at="authority")
def comment(request: HttpRequest, document: Document) -> HttpResponse:
    """One remark; a fault shows the remark again on a page of its own."""
    review = queries.open_round(document)
    headings = [section["heading"] for section in review.version.sections] if review else []
    form = CommentForm(request.POST, headings=headings)

    def act(data: dict[str, Any]) -> None:
        services.comment(document.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    policies.can_review(signed_in_user(request), document, review).require()
    if review is None:
        DOCUMENT_LIFECYCLE.after("request_changes", state=document.state)
    if perform(form, act):
        messages.success(request, "Đã ghi ý kiến.")
        return redirect(reverse("documents:detail", args=[document.pk]) + "#gop-y")
    context = document_frame(request, document, "Góp ý", f"Góp ý {document.title.lower()}")
    return render(
        request,
        "documents/judge.html",
        context | {"form": form, "submit_label": "Ghi ý kiến", "back": reverse("documents:detail", args=[document.pk])},
        status=422,
    )


def _judge(
    request: HttpRequest,
    document: Document,
    action: str,
    form_class: type[forms.Form],
    service: Callable[..., object],
    *,
    consequence: str,
    done: str,
) -> HttpResponse:
    """A page that asks once more, says the consequence, and performs one decision."""
    label = next(row.label for row in DOCUMENT_LIFECYCLE.rows if row.action == action)
    judge = policies.can_review if action == "request_changes" else policies.can_approve
    judge(signed_in_user(request), document, queries.open_round(document)).require()
    DOCUMENT_LIFECYCLE.after(action, state=document.state)
    form = form_class(request.POST if request.method == "POST" else None)

    def act(data: dict[str, Any]) -> None:
        service(document.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    if request.method == "POST" and perform(form, act):
        messages.success(request, done)
        return redirect("documents:detail", document.pk)
    review = queries.open_round(document)
    version = review.version if review else document.approved_version
    context = document_frame(request, document, label, f"{label}: {document.title.lower()}") | {
        "form": form,
        "version": version,
        "review": review,
        "submit_label": label,
        "consequence": consequence,
        "back": reverse("documents:detail", args=[document.pk]),
    }
    return render(request, "documents/judge.html", context, status=422 if form.errors else 200)


@scoped(DOCUMENT, *REVIEWERS, methods=FORM, at="authority", action="request_changes")
def request_changes(request: HttpRequest, document: Document) -> HttpResponse:
    return _judge(
        request,
        document,
        "request_changes",
        ReasonsForm,
        services.request_changes,
        consequence=document.congress.said("Văn kiện trở về chi bộ kèm lý do; chi bộ sửa và trình lại thành vòng mới."),
        done=f"Đã gửi yêu cầu chỉnh sửa {document.title}.",
    )


@scoped(DOCUMENT, Role.APPROVER, methods=FORM, at="authority", action="approve")
def approve(request: HttpRequest, document: Document) -> HttpResponse:
    return _judge(
        request,
        document,
        "approve",
        ApprovalForm,
        services.approve,
        consequence=document.congress.said("Bản này được khóa kèm mã băm; chi bộ chỉ sửa được nếu cấp ủy mở lại."),
        done=f"Đã phê duyệt {document.title}.",
    )


@scoped(DOCUMENT, Role.APPROVER, methods=FORM, at="authority", action="reopen")
def reopen(request: HttpRequest, document: Document) -> HttpResponse:
    return _judge(
        request,
        document,
        "reopen",
        ReasonsForm,
        services.reopen,
        consequence="Văn kiện trở về bước cần chỉnh sửa; bản đã phê duyệt vẫn giữ nguyên để đối chiếu.",
        done=f"Đã mở lại {document.title} để chỉnh sửa.",
    )
