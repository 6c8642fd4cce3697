"""Chuẩn y: the branch's desk and the deciding committee's, over the same dossier."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import wording
from accounts.access import scoped, signed_in
from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Role
from accounts.typed import typed_before
from accounts.web import perform, place_errors, signed_in_user, step_up
from congress import readiness
from congress.clocks import clocks_of, complaints_until
from congress.frame import frame
from congress.lifecycle import CLOSED, COMPLETE, CONGRESS_LIFECYCLE, RATIFIED, REPORTED
from congress.models import Congress
from congress.queries import working_calendar
from congress.rules.display import percent
from congress.scopes import CONGRESS
from documents import policies as document_policies
from documents.services import papers
from documents.views.papers import file_row
from elections import policies, queries
from elections.forms import DecisionForm, ReasonsForm
from elections.forms.ratification import EnclosureForm
from elections.models import ElectedOffice, Ratification
from elections.rules.afterwards import Way, ways_to_fill
from elections.rules.case import Office as RuleOffice
from elections.services import ratifying as services
from elections.views.pages import FORM
from organizations.authority import holds

Outcome = Ratification.Outcome
COLUMNS = [
    {"label": "Tổ chức đảng"},
    {"label": "Tờ trình"},
    {"label": "Nhận ngày"},
    {"label": "Hạn quyết định"},
    {"label": "Nơi quyết định"},
]
TONES = {Outcome.PENDING: "wait", Outcome.RATIFIED: "done", Outcome.RETURNED: "late", Outcome.REFUSED: "stopped"}
SUSPENDED = "tạm dừng vì còn đơn khiếu nại"
PAPERS = (*services.MINUTES, "F-17", "F-18")


@signed_in("GET")
def every(request: HttpRequest) -> HttpResponse:
    """Dossiers waiting for a decision, the longest waiting first, each with its clock."""
    calendar, today = working_calendar(), timezone.localdate()

    def row(one: Ratification) -> dict[str, Any]:
        clock = queries.decision_clock(one, today=today, calendar=calendar)
        return {
            "url": reverse("elections:ratification", args=[one.congress_id]),
            "cells": [
                {"text": one.congress.organization.name},
                {"text": f"số {one.submission.notation}"},
                {"text": wording.day(timezone.localdate(one.submitted_at))},
                {"due": clock.due_on, "left": clock.days_left} if clock else {"text": SUSPENDED},
                {"text": one.congress.authority.committee},
            ],
        }

    context = {
        "columns": COLUMNS,
        "rows": [row(one) for one in queries.pending_ratifications(signed_in_user(request))],
        "crumbs": [("Bầu cử", reverse("elections:all")), ("Chuẩn y kết quả bầu cử", "")],
    }
    return render(request, "elections/ratifications.html", context)


def _frame(request: HttpRequest, congress: Congress, page: str = "") -> dict[str, Any]:
    own = ("Chuẩn y", reverse("elections:ratification", args=[congress.pk]) if page else "")
    return frame(
        request,
        congress,
        "ratification",
        title=page or "Chuẩn y kết quả bầu cử",
        crumbs=[own, (page, "")] if page else [own],
    ) | {"back": reverse("elections:ratification", args=[congress.pk])}


def elected_shown(congress: Congress) -> list[dict[str, Any]]:
    """Everybody elected, office by office, with votes on the base."""
    return [
        {
            "office": ElectedOffice(office).label,
            "name": one.name,
            "born": one.born_year or "",
            "job": one.member.job,
            "votes": f"{one.votes}/{one.base}",
            "percent": percent(one.votes, one.base),
        }
        for office, people in queries.elected_by_office(congress).items()
        for one in people
    ]


WAYS = {
    Way.EARLY_CONGRESS: "đại hội sớm khi cấp trên đồng ý",
    Way.SUPERIOR_APPOINTS: "cấp trên chỉ định",
    Way.SUPERIOR_DECIDES: "cấp ủy đề nghị, cấp trên xem xét, quyết định",
}


def vacant_posts(congress: Congress) -> list[str]:
    """Seats that were left open, each with how it may be filled (E-70); delegates are no posts."""
    found = []
    for election in queries.current_elections(congress).filter(is_concluded=True):
        left, office = queries.open_seats(election), RuleOffice(election.rule_office)
        if left and office != RuleOffice.DELEGATES:
            ways = " hoặc ".join(WAYS[one] for one in ways_to_fill(office))
            found.append(f"{election.get_office_display()}: còn khuyết {left}; {ways}.")
    return found


def _files(request: HttpRequest, congress: Congress, codes: tuple[str, ...]) -> list[dict[str, Any]]:
    found = list(congress.papers.filter(code__in=codes).order_by("code", "pk"))
    jobs = papers.jobs_of(found)
    may_retry = bool(document_policies.can_issue_minutes(signed_in_user(request), congress))
    return [file_row(paper, jobs.get(paper.pk), may_retry=may_retry) for paper in found]


def _history(ratifications: list[Ratification]) -> list[dict[str, Any]]:
    """What was sent up and what came back, newest first."""
    events: list[dict[str, Any]] = []
    for one in ratifications:
        if one.decided_at is not None:
            number = f", quyết định số {one.decision.notation}" if one.decision else ""
            events.append(
                {
                    "at": one.decided_at,
                    "who": str(one.decided_by),
                    "text": one.get_outcome_display().lower() + number,
                    "note": one.reasons,
                    "kind": "main" if one.outcome == Outcome.RATIFIED else "refused",
                }
            )
        events.append(
            {
                "at": one.submitted_at,
                "who": str(one.submitted_by),
                "text": f"trình đề nghị chuẩn y lần {one.number}, tờ trình số {one.submission.notation}",
            }
        )
    return events


def _reporting(user: User, congress: Congress) -> dict[str, Any]:
    """The branch's act: what is still missing, why it may not, the way to its page."""
    gaps = readiness.gaps(congress, readiness.REPORTING) if congress.state == CLOSED else []
    may = policies.can_report(user, congress)
    missing = f"Còn {len(gaps)} việc phải làm trước, nêu ở trên." if gaps else ""
    return {"gaps": gaps, "reason": may.reason or missing}


@scoped(CONGRESS)
def of_congress(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Both desks: who holds the dossier, its clock, who was elected, the papers, what may be done now."""
    user, today, calendar = signed_in_user(request), timezone.localdate(), working_calendar()
    found = list(congress.ratifications.select_related("submitted_by", "decided_by", "submission", "decision"))
    pending = next((one for one in found if one.outcome == Outcome.PENDING), None)
    last = found[0] if found else None
    held = congress.state in (CLOSED, REPORTED, RATIFIED, COMPLETE)
    context = _frame(request, congress) | {
        "elected": elected_shown(congress) if held else [],
        "report_clock": queries.report_clock(congress, today=today, calendar=calendar)
        if congress.state == CLOSED
        else None,
        "decision_clock": queries.decision_clock(pending, today=today, calendar=calendar) if pending else None,
        "pending": pending,
        "suspended": SUSPENDED,
        "complaints": list(congress.complaints.all()),
        "until": complaints_until(congress, calendar),
        "receives": congress.state in (CLOSED, REPORTED) and policies.can_handle_complaints(user, congress),
        "vacant": vacant_posts(congress) if held else [],
        "clocks": clocks_of(congress, calendar) if held else [],
        "last": last,
        "sent_back": last if last and last.outcome in (Outcome.RETURNED, Outcome.REFUSED) else None,
        "is_closed": congress.state == CLOSED,
        "is_decided": congress.state in (RATIFIED, COMPLETE),
        "held": held,
        "reporting": _reporting(user, congress),
        "by_branch": holds(user, {Role.SECRETARY, Role.CLERK}, congress.organization),
        "by_authority": holds(user, {Role.COMMITTEE_STAFF, Role.APPROVER}, congress.authority),
        "may_ratify": policies.can_ratify(user, congress, pending),
        "files": _files(request, congress, PAPERS) if held else [],
        "history": _history(found),
    }
    return render(request, "elections/ratification.html", context)


@scoped(CONGRESS, Role.SECRETARY, methods=FORM, action="report_results")
def report(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Xem lại rồi trình đề nghị chuẩn y."""
    user = signed_in_user(request)
    policies.can_report(user, congress).require()
    CONGRESS_LIFECYCLE.after("report_results", state=congress.state)
    readiness.require(congress, readiness.REPORTING)
    form = EnclosureForm(request.POST if request.method == "POST" else None, elected=services.elected_people(congress))
    made: list[Ratification] = []

    def act(data: dict[str, Any]) -> None:
        told = {"biographies": data["biographies"], "curricula": form.curricula}
        made.append(services.report_results(congress.pk, actor=user, at=timezone.now(), **told))

    if request.method == "POST" and perform(form, act):
        (ratification,) = made
        messages.success(
            request,
            f"Đã trình {congress.authority.committee} chuẩn y, tờ trình số {ratification.submission.notation}. "
            f"Hạn quyết định {wording.day(ratification.decide_by)}.",
        )
        return redirect("elections:ratification", congress.pk)
    context = _frame(request, congress, "Trình đề nghị chuẩn y") | {
        "elected": elected_shown(congress),
        "files": _files(request, congress, services.MINUTES),
        "form": form,
    }
    return render(request, "elections/report.html", context, status=422 if form.errors else 200)


def _require_ratifier(request: HttpRequest, congress: Congress, action: str) -> None:
    pending = congress.ratifications.filter(outcome=Outcome.PENDING).first()
    policies.can_ratify(signed_in_user(request), congress, pending).require()
    CONGRESS_LIFECYCLE.after(action, state=congress.state)


@scoped(CONGRESS, Role.APPROVER, methods=FORM, at="authority", action="ratify")
def ratify(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Three steps at one address: write the decision's day, number and signer; look at it; sign it off.

    What was written travels in the address of the second step, so that asking for the password loses nothing.
    """
    _require_ratifier(request, congress, "ratify")
    typed = request.POST if request.method == "POST" else request.GET if "issued_on" in request.GET else None
    form = DecisionForm(typed, initial={"issued_on": timezone.localdate()})
    if typed is None or "sua" in typed or not _can_be_decided(form, congress):
        return _decision_page(request, congress, form)
    if asked := step_up(request):
        return asked
    if request.method == "POST":
        return _ratify(request, congress, form)
    given = form.cleaned_data
    number = f"số {given['number']}" if given["number"] else "số tiếp theo của dãy số quyết định"
    context = _frame(request, congress, "Xem lại quyết định chuẩn y") | {
        "form": form,
        "elected": elected_shown(congress),
        "change_url": f"{request.path}?{request.GET.urlencode()}&sua=1",
        "answers": [
            {"label": "Ngày quyết định", "value": wording.day_in_full(given["issued_on"])},
            {"label": "Số quyết định", "value": number},
            {"label": "Người ký", "value": f"{given['signer_post']} {given['signer_name']}"},
        ],
    }
    return render(request, "elections/ratify_check.html", context)


def _can_be_decided(form: DecisionForm, congress: Congress) -> bool:
    """Valid, and dated as a decision may be."""
    return perform(form, lambda data: services.check_decision_date(data["issued_on"], congress, timezone.now()))


def _decision_page(request: HttpRequest, congress: Congress, form: forms.Form) -> HttpResponse:
    refused = form.is_bound and "sua" not in request.GET and bool(form.errors)
    context = _frame(request, congress, "Quyết định chuẩn y") | {"form": form}
    return render(request, "elections/ratify.html", context, status=422 if refused else 200)


def _ratify(request: HttpRequest, congress: Congress, form: DecisionForm) -> HttpResponse:
    try:
        made = services.ratify(congress.pk, actor=signed_in_user(request), at=timezone.now(), **form.cleaned_data)
    except InvalidInput as refusal:
        place_errors(form, refusal)
        return _decision_page(request, congress, form)
    notation = made.decision.notation if made.decision else ""
    messages.success(request, f"Đã chuẩn y kết quả bầu cử, quyết định số {notation}. Tệp PDF đang được tạo.")
    return redirect("elections:ratification", congress.pk)


def _judge(
    request: HttpRequest, congress: Congress, action: str, *, consequence: str, hint: str, done: str
) -> HttpResponse:
    """Return or refusal, with reasons, on a page of its own."""
    label = next(row.label for row in CONGRESS_LIFECYCLE.rows if row.action == action)
    _require_ratifier(request, congress, action)
    form = ReasonsForm(
        request.POST if request.method == "POST" else None,
        initial=typed_before(request),
        label="Lý do",
        hint=hint,
        missing=congress.said("Ghi lý do để chi bộ biết cần làm gì."),
    )
    service = services.return_results if action == "return_results" else services.refuse_results

    def act(data: dict[str, Any]) -> None:
        service(congress.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    if request.method == "POST" and perform(form, act):
        messages.success(request, congress.said(done))
        return redirect("elections:ratification", congress.pk)
    context = _frame(request, congress, label) | {"form": form, "submit_label": label}
    context["consequence"] = congress.said(consequence)
    return render(request, "elections/ask.html", context, status=422 if form.errors else 200)


@scoped(CONGRESS, Role.APPROVER, methods=FORM, at="authority", action="return_results")
def send_back(request: HttpRequest, congress: Congress) -> HttpResponse:
    return _judge(
        request,
        congress,
        "return_results",
        consequence=(
            "Kết quả đã niêm phong giữ nguyên. Chi bộ bổ sung hồ sơ rồi trình lại; thời hạn tính lại từ ngày trình lại."
        ),
        hint="Nêu giấy tờ còn thiếu hoặc chỗ cần sửa.",
        done="Đã trả lại hồ sơ để chi bộ hoàn thiện.",
    )


@scoped(CONGRESS, Role.APPROVER, methods=FORM, at="authority", action="refuse_results")
def refuse(request: HttpRequest, congress: Congress) -> HttpResponse:
    _require_ratifier(request, congress, "refuse_results")
    if asked := step_up(request, keep=True):
        return asked
    return _judge(
        request,
        congress,
        "refuse_results",
        consequence=(
            "Kết quả bầu cử lần này không còn giá trị nhưng vẫn lưu để đối chiếu; chi bộ phải tổ chức bầu lại từ đầu."
        ),
        hint="Nêu vi phạm về nguyên tắc, thủ tục hoặc tiêu chuẩn khiến phải bầu lại.",
        done="Đã ghi không chuẩn y. Chi bộ tổ chức bầu lại.",
    )
