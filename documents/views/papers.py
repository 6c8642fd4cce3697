"""Official papers of one congress: their files, and the making of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone

from accounts.access import page_before, scoped
from accounts.roles import Role
from accounts.web import signed_in_user
from accounts.wording import day
from congress.frame import frame
from congress.lifecycle import CLOSED
from congress.models import Congress
from congress.scopes import CONGRESS
from documents import policies, queries
from documents.models import IssuedPaper
from documents.scopes import PAPER
from documents.services import minutes as minutes_service
from documents.services import papers as services
from outbox.models import Job, JobState

RECORDERS = (Role.SECRETARY, Role.CLERK)


def file_row(paper: IssuedPaper, job: Job | None, *, may_retry: bool) -> dict[str, Any]:
    """What components/file_row.html shows of a paper: ready, being made, or failed with its sentence."""
    failed = not paper.sha256 and job is not None and job.state == JobState.FAILED
    edition = f" · lập lần {paper.edition}" if paper.edition > 1 else ""
    return {
        "title": str(paper),
        "note": f"ngày {day(paper.issued_on)}{edition}",
        "state": "ready" if paper.sha256 else "failed" if failed else "working",
        "url": reverse("documents:paper", args=[paper.pk]),
        "size": filesizeformat(paper.size) if paper.size else "",
        "sha256": paper.sha256,
        "poll_url": reverse("documents:paper_row", args=[paper.pk]),
        "error": job.error if failed and job else "",
        "retry_url": reverse("documents:paper_retry", args=[paper.pk]) if failed and may_retry else "",
    }


@scoped(CONGRESS)
def of_congress(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Every paper of the congress, and the button that makes the congress minutes."""
    found = list(queries.numbered(congress.papers.order_by("pk")))
    jobs = services.jobs_of(found)
    may = policies.can_issue_minutes(signed_in_user(request), congress)
    reason = "" if may else may.reason
    if may and congress.state != CLOSED:
        reason = "Biên bản đại hội lập sau khi bế mạc và trước khi trình đề nghị chuẩn y."
    has_minutes = any(paper.code == "F-11" for paper in found)
    context = frame(request, congress, "papers", title="Biên bản, quyết định", crumbs=[("Biên bản, quyết định", "")])
    context |= {
        "files": [file_row(paper, jobs.get(paper.pk), may_retry=bool(may)) for paper in found],
        "may_issue": may,
        "reason": reason,
        "label": "Lập lại biên bản đại hội" if has_minutes else "Lập biên bản đại hội",
        "kind": "secondary" if has_minutes else "primary",
        "minutes_url": reverse("documents:minutes", args=[congress.pk]),
    }
    return render(request, "documents/papers.html", context)


@scoped(CONGRESS, *RECORDERS, methods=("POST",))
def issue_minutes(request: HttpRequest, congress: Congress) -> HttpResponse:
    paper = minutes_service.issue_congress_minutes(congress.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã lập {paper.title.lower()} số {paper.notation}. Tệp PDF đang được tạo.")
    return redirect("documents:papers", congress.pk)


@scoped(PAPER)
def row(request: HttpRequest, paper: IssuedPaper) -> HttpResponse:
    """One row of the list, asked for again while the file is being made."""
    may_retry = bool(policies.can_retry(signed_in_user(request), paper))
    shown = file_row(paper, services.job_of(paper), may_retry=may_retry)
    return render(request, "components/file_row.html", shown)


@scoped(PAPER, *RECORDERS, Role.COMMITTEE_STAFF, Role.APPROVER, methods=("POST",))
def retry(request: HttpRequest, paper: IssuedPaper) -> HttpResponse:
    services.retry_render(paper.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đang tạo lại tệp của {str(paper)[:1].lower()}{str(paper)[1:]}.")
    return redirect(page_before(request)) if paper.is_working else redirect("documents:papers", paper.congress_id)
