"""Danh sách trích ngang (F-05) of an organization: ask for it, wait, take it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.web import perform, signed_in_user
from documents.forms import ParticularsForm
from documents.services import particulars as services
from documents.uploads import PDF
from documents.views.files import attachment
from organizations.models import Organization
from organizations.scopes import ORGANIZATION
from organizations.trail import crumbs_to
from organizations.views.members import ROLL_KEEPERS
from outbox.models import Job, JobState

MARK, FILE = "ban", "tep"
"""Which list of one's own, and the file itself, in the query of the address."""


@scoped(ORGANIZATION, *ROLL_KEEPERS, methods=("GET", "POST"))
def particulars(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The choice of people; with a mark the list that was asked for, while it is made and once it is there."""
    user = signed_in_user(request)
    form = ParticularsForm(request.POST if request.method == "POST" else None)
    marks: list[str] = []

    def act(data: dict[str, str]) -> None:
        marks.append(services.ask_for_list(organization.pk, data["who"], actor=user, at=timezone.now()))

    if form.is_bound and perform(form, act):
        return redirect(f"{request.path}?{MARK}={marks[0]}")
    mark = request.GET.get(MARK, "")
    job = services.job_of(mark, organization, user) if mark else None
    if mark and job is None:
        raise Http404
    if job is not None and FILE in request.GET:
        name = f"Trích ngang {services.WHO[job.payload['who']].lower()} - {organization.name}.pdf"
        return attachment(services.content_of(job, at=timezone.now()), name=name, content_type=PDF)
    context = {
        "organization": organization,
        "form": form,
        "row": _row(request, job) if job is not None else None,
        "crumbs": [
            ("Tổ chức", reverse("organizations:tree")),
            *crumbs_to(organization, request),
            ("Danh sách trích ngang", request.path),
        ],
    }
    return render(request, "documents/particulars.html", context, status=422 if form.is_bound else 200)


def _row(request: HttpRequest, job: Job) -> dict[str, str]:
    states = {JobState.DONE: "ready", JobState.FAILED: "failed"}
    return {
        "title": f"Trích ngang {services.WHO[job.payload['who']].lower()}",
        "state": states.get(JobState(job.state), "working"),
        "url": f"{request.path}?{MARK}={job.payload['mark']}&{FILE}=1",
        "error": job.error,
    }
