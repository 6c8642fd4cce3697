"""Lập tài khoản hàng loạt: accounts for the secretaries below, their sealed slips, and what became of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from accounts import wording
from accounts.access import scoped
from accounts.errors import InvalidInput
from accounts.models import User
from accounts.typed import typed_before
from accounts.web import signed_in_user, step_up
from organizations import policies, queries, slip_forms
from organizations.models import AccountSlip, Organization, SlipBatch
from organizations.rules.names import title_key
from organizations.scopes import ACCOUNT_SLIP, ORGANIZATION, SLIP_BATCH
from organizations.services import slips
from organizations.trail import crumbs_to
from outbox.models import Job, JobState

FORM_METHODS = ("GET", "POST")
TITLE = "Lập tài khoản hàng loạt"
HELP, MOST_FAULTS = "giup", 10
"""The buttons that tick rows or fill them in and make nothing; how many faults stand above the table."""


@scoped(ORGANIZATION, *policies.SLIP_KEEPERS, methods=FORM_METHODS)
def make_accounts(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Every branch below without an account of its secretary, and the button that makes them all."""
    if asked := step_up(request, keep=True):
        return asked
    today = timezone.localdate()
    without = queries.branches_without_secretary(organization, on=today)
    posted = request.POST if request.method == "POST" else typed_before(request) or None
    found = _rows(without, today, posted)
    fault, what = "", request.POST.get(HELP, "")
    if what:
        found = _rows(without, today, slip_forms.helped(found, request.POST, what, _taken()))
        messages.info(request, _told_of(found))
    elif request.method == "POST":
        try:
            return _made(request, organization, found)
        except InvalidInput as refusal:
            fault = str(refusal)
            slip_forms.place_faults(found, refusal.fields)
    context = {
        "organization": organization,
        "groups": slip_forms.groups(found),
        "chosen": sum(row.is_chosen for row in found),
        "errors": _first(slip_forms.faults_by_row(found)),
        "help_name": HELP,
        "left_out": max(0, without.count() - slips.MOST),
        "fault": fault,
        "batches": [_batch_row(one) for one in organization.slip_batches.select_related("made_by")],
        "crumbs": _crumbs(request, organization),
    }
    return render(request, "organizations/make_accounts.html", context, status=422 if fault else 200)


def _first(faults: list[tuple[str, str]]) -> list[tuple[str, str]]:
    more = len(faults) - MOST_FAULTS
    return faults[:MOST_FAULTS] + ([(f"Và {wording.number(more)} chỗ nữa, ghi ở từng dòng.", "")] if more > 0 else [])


def _told_of(found: list[slip_forms.Row]) -> str:
    unknown = sum(row.is_chosen and not row.form["full_name"].value() for row in found)
    left = (
        f" {wording.number(unknown)} chi bộ còn thiếu họ tên bí thư: chọn đảng viên hoặc ghi họ tên." if unknown else ""
    )
    return f"Đang chọn {wording.number(sum(row.is_chosen for row in found))} chi bộ, chưa lập tài khoản nào.{left}"


def _rows(without: Any, today: Any, posted: Any) -> list[slip_forms.Row]:
    """The first branches in the order of their names, as many as one batch takes."""
    branches = sorted(without.select_related("parent"), key=_by_committee_and_name)
    branches = branches[: slips.MOST]
    secretaries = queries.secretaries_by_post(without, on=today)
    unknown = [one.pk for one in branches if one.pk not in secretaries]
    rolls = queries.members_without_account(unknown, on=today)
    return slip_forms.rows(branches, secretaries, rolls, _taken(), posted)


def _by_committee_and_name(branch: Organization) -> Any:
    return title_key(branch.parent.name if branch.parent else ""), branch.parent_id or 0, title_key(branch.name)


def _taken() -> set[str]:
    return set(User.objects.values_list("username", flat=True))


def _made(request: HttpRequest, organization: Organization, found: list[slip_forms.Row]) -> HttpResponse:
    chosen = [row for row in found if row.is_chosen]
    faulty = [row for row in chosen if not row.form.is_valid()]
    if faulty:
        raise InvalidInput(
            "Chưa lập tài khoản nào. Sửa các ô được nêu rồi gửi lại.",
            fields={
                f"{name}-{row.branch.pk}": list(texts) for row in faulty for name, texts in row.form.errors.items()
            },
        )
    taken = _taken() | {row.form.cleaned_data["username"] for row in chosen}
    batch = slips.make_accounts(
        organization.pk,
        [row.wanted(taken) for row in chosen],
        actor=signed_in_user(request),
        at=timezone.now(),
        address=request.build_absolute_uri("/"),
    )
    messages.success(request, f"Đã lập {len(chosen)} tài khoản. Phiếu kín đang được in ra tệp.")
    return redirect("organizations:slip_batch", batch_id=batch.pk)


def _batch_row(batch: SlipBatch) -> dict[str, Any]:
    return {
        "url": reverse("organizations:slip_batch", args=[batch.pk]),
        "cells": [
            wording.moment(timezone.localtime(batch.made_at)),
            batch.made_by.full_name,
            "Đã hủy tệp" if batch.destroyed_at else "Tệp còn tải được",
        ],
    }


# ---- one batch ----


@scoped(SLIP_BATCH, *policies.SLIP_KEEPERS)
def batch(request: HttpRequest, batch: SlipBatch) -> HttpResponse:
    """Where the file is, and who has signed in."""
    rows = batch.slips.select_related("assignment__organization", "assignment__user").order_by("number")
    shown = [_slip_row(one) for one in rows]
    context = {
        "batch": batch,
        "file": _file_state(batch),
        "deadline": batch.made_at + slips.file_life(),
        "rows": shown,
        "signed_in": sum(row["state"] == "in" for row in shown),
        "crumbs": _crumbs(request, batch.organization, ("Đợt phiếu", request.path)),
    }
    return render(request, "organizations/slip_batch.html", context)


def _file_state(batch: SlipBatch) -> dict[str, str]:
    """What the page says of the file: being printed, failed, to be fetched, destroyed."""
    job: Job | None = slips.job_of(batch)
    if batch.destroyed_at is not None or slips.is_overdue(batch, timezone.now()):
        return {"state": "destroyed"}
    if batch.file:
        return {"state": "ready"}
    if job is not None and job.state == JobState.FAILED:
        return {"state": "failed", "error": job.error}
    return {"state": "working"}


def _slip_row(slip: AccountSlip) -> dict[str, Any]:
    person = slip.assignment.user
    if slip.revoked_at is not None:
        state = "revoked"
    elif not person.waits_for_first_sign_in:
        state = "in"
    else:
        state = "lapsed" if person.has_lapsed(timezone.now()) else "waiting"
    return {"slip": slip, "person": person, "branch": slip.assignment.organization, "state": state}


@scoped(SLIP_BATCH, *policies.SLIP_KEEPERS, methods=FORM_METHODS)
def take_file(request: HttpRequest, batch: SlipBatch) -> HttpResponse:
    """Tải tệp phiếu: asked on a page of its own, because whoever has the file can sign in as everybody on it."""
    if asked := step_up(request):
        return asked

    def act() -> HttpResponse:
        content = slips.take_file(batch.pk, actor=signed_in_user(request), at=timezone.now())
        response = HttpResponse(content, content_type="application/pdf")
        name = f"Phiếu tài khoản ({batch.organization.code}).pdf"
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        response._csp_config = {"default-src": ["'none'"], "sandbox": [""]}  # type: ignore[attr-defined]  # read by django-csp
        return response

    return _confirm(
        request,
        batch,
        title="Tải tệp phiếu",
        consequence="Ai có tệp này đăng nhập được thay mọi đồng chí trong đợt. In xong, gấp kín rồi xóa tệp khỏi máy; "
        "lần tải này được ghi vào nhật ký.",
        act=act,
    )


@scoped(SLIP_BATCH, *policies.SLIP_KEEPERS, methods=FORM_METHODS)
def confirm_handed_over(request: HttpRequest, batch: SlipBatch) -> HttpResponse:
    """Xác nhận đã trao phiếu."""

    def act() -> HttpResponse:
        slips.confirm_handed_over(batch.pk, actor=signed_in_user(request), at=timezone.now())
        messages.success(request, "Đã hủy tệp phiếu. Đồng chí nào chưa nhận được thì đặt lại mật khẩu từng người.")
        return redirect("organizations:slip_batch", batch_id=batch.pk)

    return _confirm(
        request,
        batch,
        title="Xác nhận đã trao phiếu",
        consequence="Tệp phiếu bị hủy ngay và không in lại được; mật khẩu trên phiếu đã trao vẫn dùng được.",
        act=act,
    )


@scoped(SLIP_BATCH, *policies.SLIP_KEEPERS, methods=("POST",))
def print_again(request: HttpRequest, batch: SlipBatch) -> HttpResponse:
    """Thử in lại after a failed attempt."""
    slips.print_again(batch.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, "Đang in lại phiếu.")
    return redirect("organizations:slip_batch", batch_id=batch.pk)


@scoped(ACCOUNT_SLIP, *policies.SLIP_KEEPERS, methods=FORM_METHODS)
def revoke_slip(request: HttpRequest, slip: AccountSlip) -> HttpResponse:
    """Thu hồi một phiếu that was lost or opened on its way."""

    def act() -> HttpResponse:
        slips.revoke_slip(slip.pk, actor=signed_in_user(request), at=timezone.now())
        messages.success(request, f"Đã thu hồi phiếu số {slip.number}. Lập tài khoản mới cho chi bộ khi cần.")
        return redirect("organizations:slip_batch", batch_id=slip.batch_id)

    return _confirm(
        request,
        slip.batch,
        title="Thu hồi phiếu",
        consequence=f"Phiếu số {slip.number} của đồng chí {slip.assignment.user.full_name}: mật khẩu trên phiếu hết "
        "dùng được, tài khoản ngừng, vai trò kết thúc ngay.",
        act=act,
    )


def _confirm(
    request: HttpRequest, batch: SlipBatch, *, title: str, consequence: str, act: Callable[[], HttpResponse]
) -> HttpResponse:
    if request.method == "POST":
        return act()
    back = reverse("organizations:slip_batch", args=[batch.pk])
    context = {
        "title": title,
        "rows": [
            {"label": "Đợt phiếu", "value": wording.moment(timezone.localtime(batch.made_at))},
            {"label": "Cấp ủy", "value": batch.organization.committee},
            {"label": "Số phiếu", "value": batch.slips.count()},
        ],
        "consequence": consequence,
        "cancel_url": back,
        "crumbs": _crumbs(request, batch.organization, ("Đợt phiếu", back), (title, request.path)),
    }
    return render(request, "organizations/confirm.html", context)


def _crumbs(request: HttpRequest, organization: Organization, *after: tuple[str, str]) -> list[tuple[str, str]]:
    page = reverse("organizations:make_accounts", args=[organization.pk])
    return [("Tổ chức", reverse("organizations:tree")), *crumbs_to(organization, request), (TITLE, page), *after]
