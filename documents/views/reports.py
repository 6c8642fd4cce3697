"""Báo cáo tiến độ: a committee's weekly report in a click, as PDF, Word and Excel, and the line for other systems."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import wording
from accounts.access import scoped, signed_in
from accounts.sheets import XLSX
from accounts.web import perform, signed_in_user
from documents import policies, queries
from documents.files import read_checked
from documents.forms import ReportForm
from documents.models import CommitteeReport
from documents.papers.base import Signature
from documents.papers.layouts import layout_for, recipient_lines
from documents.papers.progress_report import ProgressReport
from documents.scopes import REPORT
from documents.services import reports as services
from documents.uploads import DOCX, PDF
from documents.views.files import attachment
from organizations.models import Organization
from organizations.queries import acting_assignments
from organizations.scopes import ORGANIZATION
from outbox.models import JobState

LIST = ("Báo cáo tiến độ", "documents:reports")
PREVIEW = "xem_truoc"
"""The button that shows the report without taking its number."""


@signed_in("GET")
def every(request: HttpRequest) -> HttpResponse:
    """The reports in reach, newest first, and where a new one can be made."""
    user = signed_in_user(request)
    own = [one.organization for one in acting_assignments(user) if one.role in policies.REPORTERS]
    rows = [
        {
            "url": reverse("documents:report", args=[report.pk]),
            "cells": [
                report.notation,
                report.organization.committee,
                wording.day(report.as_of),
                wording.day(report.issued_on),
                report.created_by.full_name,
            ],
        }
        for report in queries.reports_visible_to(user)[:200]
    ]
    context = {
        "own": [one for one in dict.fromkeys(own) if not one.is_branch],
        "rows": rows,
        "columns": [
            {"label": "Số"},
            {"label": "Cấp ủy"},
            {"label": "Tính đến ngày", "numeric": True},
            {"label": "Ngày báo cáo", "numeric": True},
            {"label": "Người lập"},
        ],
        "crumbs": [("Tiến độ", reverse("congress:progress")), (LIST[0], request.path)],
    }
    return render(request, "documents/reports.html", context)


@scoped(ORGANIZATION, *policies.REPORTERS, methods=("GET", "POST"), at="own")
def draft(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Filled in as far as it can be known; seen as a draft as often as wanted, then one press makes the report."""
    user, today = signed_in_user(request), timezone.localdate()
    terms = services.terms_to_report(organization)
    crumbs = [("Tiến độ", reverse("congress:progress")), (LIST[0], reverse(LIST[1])), ("Lập báo cáo", request.path)]
    if not terms:
        return render(request, "documents/report_draft.html", {"organization": organization, "crumbs": crumbs})
    form = ReportForm(
        request.POST if request.method == "POST" else None, terms=terms, initial=_known(organization, terms[0])
    )
    made: list[CommitteeReport] = []
    previews: list[ProgressReport] = []

    def act(data: dict[str, Any]) -> None:
        signer = [data.pop(f"signer_{name}") for name in ("authority", "post", "name")]
        data["signature"] = Signature(authority=signer[0], post=signer[1], name=signer[2])
        if PREVIEW in request.POST:
            previews.append(services.preview_report(organization, today=today, **data))
        else:
            made.append(services.issue_report(organization.pk, actor=user, at=timezone.now(), **data))

    if form.is_bound and perform(form, act) and made:
        messages.success(request, f"Đã lập báo cáo số {made[0].notation}. Các tệp đang được tạo.")
        return redirect("documents:report", made[0].pk)
    context = {
        "organization": organization,
        "form": form,
        "seen": services.overview_for(organization, terms[0], as_of=today),
        "preview_name": PREVIEW,
        "crumbs": crumbs,
    }
    for paper in previews:
        chosen = layout_for(paper.letterhead.date or today)
        context |= {"paper": paper, "head": paper.letterhead, "layout": chosen}
        context["recipients"] = recipient_lines(paper.recipients, chosen)
    status = 422 if form.is_bound and not previews else 200
    return render(request, "documents/report_draft.html", context, status=status)


def _known(organization: Organization, term: str) -> dict[str, Any]:
    """What the last report said of addressee, recipients and signer; else what follows from the tree."""
    today = timezone.localdate()
    known: dict[str, Any] = {
        "term_label": term,
        "as_of": today,
        "issued_on": today,
        "addressee": organization.parent.committee if organization.parent else "",
        "recipients": "\n".join(
            filter(
                None, (organization.parent.committee if organization.parent else "", f"Lưu {organization.committee}")
            )
        ),
        "signer_authority": f"T/M {'Ban Thường vụ' if organization.has_standing_committee else 'Đảng ủy'}",
        "signer_post": "Bí thư",
    }
    last = organization.reports.first()
    if last is not None:
        paper = services.paper_of(last)
        known |= {
            "addressee": paper.addressee,
            "recipients": "\n".join(paper.recipients),
            "signer_authority": paper.signature.authority,
            "signer_post": paper.signature.post,
            "signer_name": paper.signature.name,
        }
    return known


@scoped(REPORT)
def detail(request: HttpRequest, report: CommitteeReport) -> HttpResponse:
    """The report's figures, the line for other systems, its files."""
    paper, job = services.paper_of(report), services.job_of(report)
    failed = not report.is_rendered and job is not None and job.state == JobState.FAILED
    context = {
        "report": report,
        "paper": paper,
        "failed": job.error if failed and job else "",
        "is_made": report.is_rendered,
        "curve": paper.curve(),
        "structure": paper.pictures(),
        "crumbs": [
            ("Tiến độ", reverse("congress:progress")),
            (LIST[0], reverse(LIST[1])),
            (f"Số {report.notation}", request.path),
        ],
    }
    return render(request, "documents/report.html", context)


@scoped(REPORT)
def file(request: HttpRequest, report: CommitteeReport, kind: str) -> HttpResponse:
    """``kind``: pdf, docx or xlsx, as made once of the report's own data, and checked."""
    name = f"{report.title} {report.notation.replace('/', '-')}"
    files = {
        "pdf": (report.pdf_name, report.pdf_sha256, PDF),
        "docx": (report.word_name, report.word_sha256, DOCX),
        "xlsx": (report.excel_name, report.excel_sha256, XLSX),
    }
    stored, sha256, content_type = files.get(kind, ("", "", ""))
    if not sha256:
        raise Http404
    return attachment(read_checked(stored, sha256), name=f"{name}.{kind}", content_type=content_type)
