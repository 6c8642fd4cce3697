"""Trình duyệt đại hội: asked for, withdrawn, granted, returned, revoked."""

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
from accounts.wording import moment as moment_in_words
from congress import policies, queries, readiness
from congress.forms.preparing import ClearForm, ReasonsForm
from congress.frame import frame
from congress.lifecycle import CONGRESS_LIFECYCLE, PREPARING, SUBMITTED
from congress.models import Congress
from congress.scopes import CONGRESS
from congress.services import preparing as services
from congress.timing import timing_of
from congress.views.pages import FORM, label_of, posted
from congress.views.preparing import in_words


def history_of(congress: Congress) -> list[dict[str, Any]]:
    """Every request for clearance with how it ended, newest first, as a timeline."""
    found = []
    for request in congress.clearances.select_related("submitted_by", "decided_by"):
        if request.decided_at:
            found.append(
                {
                    "at": request.decided_at,
                    "who": request.decided_by,
                    "text": f"{request.get_outcome_display().lower()} (lần {request.number})",
                    "note": request.reasons,
                    "kind": "main" if request.outcome == request.Outcome.CLEARED else "",
                }
            )
        found.append(
            {"at": request.submitted_at, "who": request.submitted_by, "text": f"trình duyệt lần {request.number}"}
        )
    return found


def _gap_reason(gaps: list[readiness.Gap]) -> str:
    return f"Còn {len(gaps)} việc chưa xong." if gaps else ""


def sent_back(congress: Congress) -> str:
    """What the committee asked for when it last sent the dossier back and nothing was submitted since."""
    last = congress.clearances.order_by("-number").first()
    if congress.state != PREPARING or last is None or last.outcome not in (last.Outcome.RETURNED, last.Outcome.REVOKED):
        return ""
    return last.reasons


def clearance_buttons(request: HttpRequest, congress: Congress) -> list[dict[str, Any]]:
    """What may be done about the clearance now; the other side's acts are left out, an own barred one says why."""
    user = signed_in_user(request)
    branch = policies.can_prepare(user, congress)
    pending = services.pending_request(congress)
    judge = policies.can_clear(user, congress, pending)
    authority = policies.can_choose_pilot(user, congress, congress.authority)
    table = {
        "submit_for_clearance": ("congress:submit", "primary", branch, policies.can_submit(user, congress), False),
        "withdraw_submission": ("congress:withdraw", "secondary", branch, policies.can_submit(user, congress), True),
        "clear": ("congress:clear", "primary", authority, judge, False),
        "return_for_changes": ("congress:return", "secondary", authority, judge, False),
        "revoke_clearance": ("congress:revoke", "secondary", authority, judge, False),
    }
    found = []
    for row in CONGRESS_LIFECYCLE.actions(state=congress.state):
        if row.action not in table:
            continue
        url_name, kind, concerned, may, post = table[row.action]
        if not concerned:
            continue
        step = {"submit_for_clearance": readiness.CLEARANCE, "clear": readiness.CLEARING}.get(row.action)
        gaps = readiness.gaps(congress, step) if step else []
        found.append(
            {
                "url": reverse(url_name, args=[congress.pk]),
                "label": row.label,
                "kind": kind,
                "reason": may.reason or _gap_reason(gaps),
                "post": post,
            }
        )
    return sorted(found, key=lambda button: button["kind"] != "primary")


@scoped(CONGRESS)
def clearance(request: HttpRequest, congress: Congress) -> HttpResponse:
    """What is missing before the next step of the clearance, who may take it, and what was decided before."""
    step = {PREPARING: readiness.CLEARANCE, SUBMITTED: readiness.CLEARING}.get(congress.state)
    gaps = readiness.gaps(congress, step) if step else []
    pending = services.pending_request(congress)
    context = frame(
        request, congress, "overview", title="Trình duyệt đại hội", crumbs=[("Trình duyệt đại hội", "")]
    ) | {
        "gaps": gaps,
        "gaps_title": f"Còn {len(gaps)} việc trước khi {readiness.STEP_NAMES[step]}" if step else "",
        "ready": bool(step) and not gaps,
        "buttons": clearance_buttons(request, congress),
        "answers": _answers(congress),
        "history": history_of(congress),
        "sent_back": sent_back(congress),
        "outside": queries.outside_window(congress),
        "timing": [f"{one.message} {one.next}" for one in timing_of(congress)],
        "pending": pending,
        "pending_text": f"{pending.submitted_by} trình lần {pending.number}, "
        f"{moment_in_words(timezone.localtime(pending.submitted_at))}."
        if pending
        else "",
    }
    return render(request, "congress/clearance.html", context)


def _answers(congress: Congress, *, change: bool = False) -> list[dict[str, Any]]:
    """What is submitted, to check once more."""
    details_url = reverse("congress:details", args=[congress.pk]) if change else ""
    rows: list[dict[str, Any]] = [row | {"url": details_url} for row in in_words(congress)]
    electorate = queries.electorate_of(congress)
    rows.append(
        {
            "label": "Triệu tập",
            "value": f"{congress.attendances.count()} đồng chí, trong đó {electorate.summoned} {congress.voter}",
            "url": reverse("congress:roll", args=[congress.pk]) if change else "",
        }
    )
    return rows


def _ask(
    request: HttpRequest,
    congress: Congress,
    action: str,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    consequence: str,
    done: str,
    answers: list[dict[str, Any]],
) -> HttpResponse:
    """A page that asks once more, says the consequence, and performs one step of the clearance."""
    CONGRESS_LIFECYCLE.after(action, state=congress.state)
    if request.method == "POST" and perform(form, act):
        messages.success(request, done)
        return redirect("congress:detail", congress.pk)
    label = label_of(action)
    back = reverse("congress:clearance", args=[congress.pk])
    context = frame(request, congress, "overview", title=label, crumbs=[("Trình duyệt đại hội", back), (label, "")]) | {
        "form": form,
        "answers": answers,
        "submit_label": label,
        "consequence": consequence,
        "back": back,
    }
    return render(request, "congress/clearance_form.html", context, status=422 if form.errors else 200)


@scoped(CONGRESS, Role.SECRETARY, methods=FORM, action="submit_for_clearance")
def submit(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Trình duyệt đại hội, after checking the answers."""
    return _ask(
        request,
        congress,
        "submit_for_clearance",
        forms.Form(posted(request)),
        lambda _: services.submit_for_clearance(congress.pk, actor=signed_in_user(request), at=timezone.now()),
        consequence=f"Sau khi trình, nội dung chuẩn bị không sửa được cho đến khi {congress.authority.committee} "
        f"duyệt, trả lại, hoặc {congress.body} rút hồ sơ.",
        done=f"Đã trình {congress.authority.committee} duyệt đại hội.",
        answers=_answers(congress, change=True),
    )


@scoped(CONGRESS, Role.SECRETARY, methods=("POST",), action="withdraw_submission")
def withdraw(request: HttpRequest, congress: Congress) -> HttpResponse:
    services.withdraw_submission(congress.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, "Đã rút hồ sơ trình duyệt. Hoàn thiện xong thì trình lại.")
    return redirect("congress:clearance", congress.pk)


def _require_judge(request: HttpRequest, congress: Congress) -> None:
    policies.can_clear(signed_in_user(request), congress, services.pending_request(congress)).require()


@scoped(CONGRESS, Role.APPROVER, methods=FORM, at="authority", action="clear")
def clear(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Duyệt đại hội."""
    _require_judge(request, congress)
    return _ask(
        request,
        congress,
        "clear",
        ClearForm(posted(request)),
        lambda data: services.clear(congress.pk, actor=signed_in_user(request), at=timezone.now(), **data),
        consequence=f"{congress.body.capitalize()} được tổ chức đại hội theo nội dung đã trình. "
        "Trước khi khai mạc vẫn có thể thu hồi, kèm lý do.",
        done=f"Đã duyệt, đồng ý tổ chức {congress.name[0].lower()}{congress.name[1:]}.",
        answers=_answers(congress),
    )


@scoped(CONGRESS, Role.APPROVER, methods=FORM, at="authority", action="return_for_changes")
def send_back(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Trả lại để hoàn thiện, with reasons."""
    _require_judge(request, congress)
    return _ask(
        request,
        congress,
        "return_for_changes",
        ReasonsForm(posted(request)),
        lambda data: services.return_for_changes(congress.pk, actor=signed_in_user(request), at=timezone.now(), **data),
        consequence=congress.said("Hồ sơ trở về chi bộ kèm lý do; chi bộ hoàn thiện rồi trình lại thành lần mới."),
        done=f"Đã trả hồ sơ về {congress.organization.name}.",
        answers=_answers(congress),
    )


@scoped(CONGRESS, Role.APPROVER, methods=FORM, at="authority", action="revoke_clearance")
def revoke(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Thu hồi ý kiến duyệt before the opening."""
    _require_judge(request, congress)
    return _ask(
        request,
        congress,
        "revoke_clearance",
        ReasonsForm(posted(request)),
        lambda data: services.revoke_clearance(congress.pk, actor=signed_in_user(request), at=timezone.now(), **data),
        consequence=congress.said("Chi bộ không được khai mạc cho đến khi trình lại và được duyệt lần nữa."),
        done=f"Đã thu hồi ý kiến duyệt. {congress.organization.name} chuẩn bị và trình lại.",
        answers=_answers(congress),
    )
