"""Pages of the members of a branch."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import wording
from accounts.access import scoped
from accounts.roles import Role
from accounts.web import perform, signed_in_user
from organizations import policies, queries, services
from organizations.forms import EndStandingForm, MemberForm, PostForm, StandingForm, TransferForm
from organizations.models import Member, MemberStanding, Organization
from organizations.scopes import MEMBER, ORGANIZATION, STANDING
from organizations.trail import crumbs_to
from organizations.views.tree import form_page

ROLL_KEEPERS = (Role.SECRETARY, Role.CLERK, Role.COMMITTEE_STAFF, Role.SYSTEM_ADMINISTRATOR)
FORM_METHODS = ("GET", "POST")


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@scoped(MEMBER)
def member(request: HttpRequest, found: Member) -> HttpResponse:
    """One member: dates, standings, posts."""
    user, today = signed_in_user(request), timezone.localdate()
    may_edit = policies.can_manage_roll(user, found.organization)
    context = {
        "member": found,
        "is_official": found.is_official(today),
        "facts": _facts(found, whole=bool(may_edit)),
        "memberships": found.memberships.select_related("organization"),
        "standings": [
            {"row": one, "is_open": one.ends_on is None or one.ends_on >= today} for one in found.standings.all()
        ],
        "posts": found.posts.select_related("organization"),
        "may_edit": may_edit,
        "may_open_account": policies.can_link_account(user, found) if found.user_id is None else None,
        "crumbs": [
            ("Tổ chức", reverse("organizations:tree")),
            *crumbs_to(found.organization, request),
            (found.full_name, request.path),
        ],
    }
    return render(request, "organizations/member.html", context)


SHOWN_TO_ALL = ("gender", "job", "admitted_on", "official_on", "joined_on", "left_on")


def _facts(found: Member, *, whole: bool) -> list[tuple[str, str]]:
    """Particulars (day of birth, card, address …) are shown to those who keep the roll only."""
    rows = [("Chi bộ", found.organization.name)]
    for _, names in MemberForm.GROUPS:
        for name in names:
            if name != "full_name" and (whole or name in SHOWN_TO_ALL):
                rows.append((str(MemberForm.base_fields[name].label), in_words(found, name)))
    return [(label, value) for label, value in [*rows, ("Tài khoản", _account(found))] if value]


def _account(found: Member) -> str:
    return found.user.username if found.user else "chưa có"


def in_words(found: Member, name: str) -> str:
    """One particular as people read it."""
    value = getattr(found, name)
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, date):
        return wording.day(value)
    shown = getattr(found, f"get_{name}_display", None)
    return str(shown() if shown else value or "")


@scoped(ORGANIZATION, *ROLL_KEEPERS, methods=FORM_METHODS)
def enroll(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Thêm đảng viên vào chi bộ."""
    form = MemberForm(_posted(request))
    made: list[Member] = []

    def act(data: dict[str, Any]) -> None:
        made.append(services.enroll_member(organization.pk, actor=signed_in_user(request), at=timezone.now(), **data))

    if form.is_bound and perform(form, act):
        messages.success(request, f"Đã thêm đồng chí {made[0].full_name} vào {organization.name}.")
        return redirect("organizations:detail", organization_id=organization.pk)
    return form_page(
        request,
        organization,
        form,
        template="organizations/member_form.html",
        title="Thêm đảng viên",
        lead=organization.name,
        submit_label="Thêm đảng viên",
        autosave=f"enroll-{organization.pk}",
    )


def _member_form_page(request: HttpRequest, found: Member, form: Any, **more: Any) -> HttpResponse:
    back = reverse("organizations:member", args=[found.pk])
    return form_page(
        request, found.organization, form, lead=f"Đồng chí {found.full_name}.", **more | {"cancel_url": back}
    )


@scoped(MEMBER, *ROLL_KEEPERS, methods=FORM_METHODS)
def update(request: HttpRequest, found: Member) -> HttpResponse:
    """Sửa thông tin đảng viên."""
    form = MemberForm(_posted(request), initial={name: getattr(found, name) for name in MemberForm.base_fields})

    def act(data: dict[str, Any]) -> None:
        services.update_member(found.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    if form.is_bound and perform(form, act):
        messages.success(request, f"Đã lưu thông tin đồng chí {form.cleaned_data['full_name']}.")
        return redirect("organizations:member", member_id=found.pk)
    return _member_form_page(
        request,
        found,
        form,
        title="Sửa thông tin đảng viên",
        submit_label="Lưu thông tin",
        template="organizations/member_form.html",
    )


@scoped(MEMBER, *ROLL_KEEPERS, methods=FORM_METHODS)
def transfer(request: HttpRequest, found: Member) -> HttpResponse:
    """Chuyển sinh hoạt đảng to another branch whose roll the person keeps, too."""
    user = signed_in_user(request)
    branches = queries.branches_of(queries.visible_to(user)).exclude(pk=found.organization_id).order_by("path")
    form = TransferForm(_posted(request), branches=branches, initial={"on": timezone.localdate()})

    def act(data: dict[str, Any]) -> None:
        services.transfer_member(
            found.pk, data["target"].pk, on=data["on"], decision=data["decision"], actor=user, at=timezone.now()
        )

    if form.is_bound and perform(form, act):
        target = form.cleaned_data["target"]
        messages.success(request, f"Đã ghi đồng chí {found.full_name} chuyển sinh hoạt đến {target.name}.")
        return redirect("organizations:member", member_id=found.pk)
    return _member_form_page(
        request,
        found,
        form,
        title="Chuyển sinh hoạt đảng",
        submit_label="Ghi chuyển sinh hoạt",
        consequence="Chức vụ đảng đang giữ tại chi bộ cũ kết thúc từ ngày chuyển. Vai trò trên hệ thống tại đó "
        "vẫn còn, thu hồi riêng nếu cần.",
    )


@scoped(MEMBER, *ROLL_KEEPERS, methods=FORM_METHODS)
def set_standing(request: HttpRequest, found: Member) -> HttpResponse:
    """Ghi diện: miễn sinh hoạt, tạm thời nơi khác, đình chỉ …"""
    form = StandingForm(_posted(request))

    def act(data: dict[str, Any]) -> None:
        services.set_standing(found.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    if form.is_bound and perform(form, act):
        messages.success(request, f"Đã ghi diện của đồng chí {found.full_name}.")
        return redirect("organizations:member", member_id=found.pk)
    return _member_form_page(request, found, form, title="Ghi diện của đảng viên", submit_label="Ghi diện")


@scoped(STANDING, *ROLL_KEEPERS, methods=FORM_METHODS)
def end_standing(request: HttpRequest, standing: MemberStanding) -> HttpResponse:
    """Kết thúc diện."""
    form = EndStandingForm(_posted(request), initial={"ends_on": timezone.localdate()})

    def act(data: dict[str, Any]) -> None:
        services.end_standing(standing.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    if form.is_bound and perform(form, act):
        messages.success(request, f"Đã ghi đồng chí {standing.member.full_name} hết diện.")
        return redirect("organizations:member", member_id=standing.member_id)
    return _member_form_page(
        request,
        standing.member,
        form,
        title=f"Kết thúc diện “{standing.get_kind_display()}”",
        submit_label="Ghi ngày kết thúc",
    )


@scoped(ORGANIZATION, Role.COMMITTEE_STAFF, Role.SYSTEM_ADMINISTRATOR, methods=FORM_METHODS)
def give_post(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Ghi chức vụ đảng at this organization, of anybody on a roll at or below it."""
    members = queries.members_on_roll(organization, on=timezone.localdate(), whole_tree=True)
    form = PostForm(_posted(request), members=members.select_related("organization"))

    def act(data: dict[str, Any]) -> None:
        write = services.correct_post if data.pop("corrects") else services.give_post
        write(data.pop("member").pk, organization.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    if form.is_bound and perform(form, act):
        messages.success(request, "Đã ghi chức vụ.")
        return redirect("organizations:detail", organization.pk)
    return form_page(request, organization, form, title="Ghi chức vụ đảng", submit_label="Ghi chức vụ")
