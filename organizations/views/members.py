"""Pages of the members of a branch."""

from __future__ import annotations

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
from organizations import policies, services
from organizations.forms import EndStandingForm, MemberForm, StandingForm
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
        "facts": _facts(found, with_dates=bool(may_edit)),
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


def _facts(found: Member, *, with_dates: bool) -> list[tuple[str, str]]:
    """The day of birth is shown to those who keep the roll only."""
    days = (
        ("Ngày sinh", found.born_on if with_dates else None),
        ("Ngày vào Đảng", found.admitted_on),
        ("Ngày chính thức", found.official_on),
        ("Ngày về chi bộ", found.joined_on),
        ("Ngày rời chi bộ", found.left_on),
    )
    rows = [
        ("Chi bộ", found.organization.name),
        ("Giới tính", found.get_gender_display()),
        ("Chức vụ, đơn vị công tác", found.job),
        *((label, wording.day(day)) for label, day in days if day),
        ("Tài khoản", found.user.username if found.user else "chưa có"),
    ]
    return [(label, value) for label, value in rows if value]


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
    return _member_form_page(request, found, form, title="Sửa thông tin đảng viên", submit_label="Lưu thông tin")


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
