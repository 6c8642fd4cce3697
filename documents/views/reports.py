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
from accounts.sheets import Column, write_xlsx, xlsx_response
from accounts.web import perform, signed_in_user
from congress.progress import Overview
from documents import policies, queries
from documents.files import read_checked
from documents.forms import ReportForm
from documents.models import CommitteeReport
from documents.papers.base import Signature
from documents.scopes import REPORT
from documents.services import reports as services
from documents.uploads import DOCX, PDF
from documents.views.files import attachment
from organizations.models import Organization
from organizations.queries import acting_assignments
from organizations.scopes import ORGANIZATION
from outbox.models import JobState

LIST = ("Báo cáo tiến độ", "documents:reports")
EXCEL_COLUMNS = (
    Column("STT"),
    Column("Chi bộ"),
    Column("Đảng bộ"),
    Column("Bước"),
    Column("Ai đang giữ việc"),
    Column("Từ ngày"),
    Column("Số ngày làm việc ở bước này"),
    Column("Ngày đại hội"),
    Column("Hạn của bước này"),
    Column("Đại hội điểm"),
)


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
    """Filled in as far as it can be known; one press makes the report."""
    user, today = signed_in_user(request), timezone.localdate()
    terms = services.terms_to_report(organization)
    crumbs = [("Tiến độ", reverse("congress:progress")), (LIST[0], reverse(LIST[1])), ("Lập báo cáo", request.path)]
    if not terms:
        return render(request, "documents/report_draft.html", {"organization": organization, "crumbs": crumbs})
    form = ReportForm(
        request.POST if request.method == "POST" else None, terms=terms, initial=_known(organization, terms[0])
    )
    made: list[CommitteeReport] = []

    def act(data: dict[str, Any]) -> None:
        data["signature"] = Signature(
            authority=data.pop("signer_authority"), post=data.pop("signer_post"), name=data.pop("signer_name")
        )
        made.append(services.issue_report(organization.pk, actor=user, at=timezone.now(), **data))

    if form.is_bound and perform(form, act):
        messages.success(request, f"Đã lập báo cáo số {made[0].notation}. Tệp PDF và Word đang được tạo.")
        return redirect("documents:report", made[0].pk)
    context = {
        "organization": organization,
        "form": form,
        "seen": services.overview_for(organization, terms[0], as_of=today),
        "crumbs": crumbs,
    }
    return render(request, "documents/report_draft.html", context, status=422 if form.is_bound else 200)


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
        "structure": paper.bars(),
        "crumbs": [
            ("Tiến độ", reverse("congress:progress")),
            (LIST[0], reverse(LIST[1])),
            (f"Số {report.notation}", request.path),
        ],
    }
    return render(request, "documents/report.html", context)


@scoped(REPORT)
def file(request: HttpRequest, report: CommitteeReport, kind: str) -> HttpResponse:
    """``kind``: pdf or docx, as made and checked; xlsx, every branch as of the day of the report."""
    name = f"{report.title} {report.notation.replace('/', '-')}"
    if kind == "xlsx":
        return xlsx_response(name, _workbook(report))
    files = {"pdf": (report.pdf_name, report.pdf_sha256, PDF), "docx": (report.word_name, report.word_sha256, DOCX)}
    stored, sha256, content_type = files.get(kind, ("", "", ""))
    if not sha256:
        raise Http404
    return attachment(read_checked(stored, sha256), name=f"{name}.{kind}", content_type=content_type)


def _workbook(report: CommitteeReport) -> bytes:
    seen = services.overview_for(report.organization, report.term_label, as_of=report.as_of)
    above = (
        f"TIẾN ĐỘ ĐẠI HỘI CHI BỘ, {report.organization.name}, nhiệm kỳ {report.term_label}",
        services.paper_of(report).status_line,
    )
    return write_xlsx("Tiến độ", EXCEL_COLUMNS, _rows(seen), above=above)


def _rows(seen: Overview) -> list[tuple[Any, ...]]:
    return [
        (
            number,
            line.branch,
            line.committee,
            line.label,
            line.holder,
            line.since,
            line.holding,
            line.closed_on if line.is_held else line.planned_on,
            line.due,
            "có" if line.is_pilot else "",
        )
        for number, line in enumerate(seen.lines, start=1)
    ]
