"""Pages that open accounts, hand out roles and take them back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor, wording
from accounts.access import scoped
from accounts.decisions import Decision
from accounts.models import User
from accounts.roles import Role
from accounts.typed import typed_before
from accounts.web import number_of, perform, signed_in_user, step_up
from organizations import policies, queries, services
from organizations.forms import AccountForm, GrantForm, HandOverForm
from organizations.models import Member, Organization, RoleAssignment
from organizations.scopes import ASSIGNMENT, ORGANIZATION
from organizations.trail import crumbs_to
from organizations.views.tree import form_page

GRANTERS = tuple(policies.GRANTABLE)
FORM_METHODS = ("GET", "POST")


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _password_page(request: HttpRequest, person: User, password: str, organization: Organization) -> HttpResponse:
    """The one-time password, shown in this answer and nowhere else."""
    context = {
        "person": person,
        "password": password,
        "organization": organization,
        "crumbs": [("Tổ chức", reverse("organizations:tree")), *crumbs_to(organization, request), ("Mật khẩu", "")],
    }
    response = render(request, "organizations/password.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@scoped(ORGANIZATION, *GRANTERS, methods=FORM_METHODS)
def open_account(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Mở tài khoản for a member of the branch or for somebody of the committee's office."""
    if asked := step_up(request, keep=True):
        return asked
    user, today = signed_in_user(request), timezone.localdate()
    without = queries.members_on_roll(organization, on=today).filter(user__isnull=True).order_by("sort_name", "pk")
    chosen = request.GET.get("dang_vien", "")
    form = AccountForm(
        _posted(request),
        roles=policies.grantable_by(user, organization),
        members=without,
        initial=_initial_of(without, chosen) | typed_before(request),
    )
    made: list[tuple[User, str]] = []

    def act(data: dict[str, Any]) -> None:
        made.append(services.open_account(organization.pk, actor=user, at=timezone.now(), **data))

    if form.is_bound and perform(form, act):
        return _password_page(request, *made[0], organization)
    return form_page(
        request,
        organization,
        form,
        title="Mở tài khoản",
        lead=f"Tại {organization.name}. Mật khẩu dùng một lần hiện ra sau khi mở, để in và trao tận tay.",
        submit_label="Mở tài khoản",
    )


def _initial_of(members: Any, chosen: str) -> dict[str, Any]:
    found: Member | None = members.filter(pk=number_of(chosen)).first()
    return {"member": found.pk, "full_name": found.full_name} if found else {}


@scoped(ORGANIZATION, *GRANTERS, methods=FORM_METHODS)
def grant_role(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Giao thêm vai trò to somebody who has an account."""
    if asked := step_up(request, keep=True):
        return asked
    user = signed_in_user(request)
    people = queries.people_in_reach(user).filter(is_active=True).exclude(pk=user.pk).order_by("full_name", "username")
    form = GrantForm(
        _posted(request), initial=typed_before(request), roles=policies.grantable_by(user, organization), people=people
    )

    def act(data: dict[str, Any]) -> None:
        services.grant_role(
            data["user"].pk,
            data["role"],
            organization.pk,
            actor=user,
            at=timezone.now(),
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )

    if form.is_bound and perform(form, act):
        label = Role(form.cleaned_data["role"]).label
        messages.success(request, f"Đã giao vai trò “{label}” cho đồng chí {form.cleaned_data['user'].full_name}.")
        return redirect("organizations:detail", organization_id=organization.pk)
    return form_page(
        request,
        organization,
        form,
        title="Giao vai trò",
        lead=f"Tại {organization.name} và các tổ chức trực thuộc. Người chưa có tài khoản thì mở tài khoản trước.",
        submit_label="Giao vai trò",
    )


# ---- one role and the account behind it ----


@scoped(ASSIGNMENT)
def assignment(request: HttpRequest, held: RoleAssignment) -> HttpResponse:
    """One role of one person, and what may be done about it and about the account."""
    user = signed_in_user(request)
    ended = held.revoked_at is not None
    may_manage = policies.can_manage_account(user, held)
    may_revoke = policies.can_revoke(user, held)
    actions = [] if ended else [_action(held, "hand_over", "Bàn giao vai trò", may_revoke)]
    actions += [] if ended else [_action(held, "revoke_role", "Thu hồi vai trò", may_revoke)]
    if held.user.is_active:
        actions += [
            _action(held, "reset_password", "Đặt lại mật khẩu", may_manage),
            *_about_the_factor(held, may_manage),
            _action(held, "end_sessions", "Kết thúc mọi phiên đăng nhập", may_manage),
            _action(held, "deactivate", "Ngừng tài khoản", may_manage),
        ]
    else:
        actions.append(_action(held, "reactivate", "Mở lại tài khoản", may_manage))
    context = {
        "held": held,
        "rows": _rows(held),
        "standing": ("Đã thu hồi", "stopped") if ended else ("Đang có hiệu lực", "done"),
        "acts": actions,
        "crumbs": [
            ("Tổ chức", reverse("organizations:tree")),
            *crumbs_to(held.organization, request),
            (held.user.full_name, request.path),
        ],
    }
    return render(request, "organizations/assignment.html", context)


def _action(held: RoleAssignment, name: str, label: str, decision: Decision) -> dict[str, str]:
    return {
        "label": label,
        "url": reverse(f"organizations:{name}", args=[held.pk]) if decision else "",
        "reason": decision.reason,
    }


def _about_the_factor(held: RoleAssignment, may_manage: Decision) -> list[dict[str, str]]:
    if not second_factor.has(held.user):
        return []
    return [_action(held, "reset_second_factor", "Đặt lại xác thực hai bước", may_manage)]


def _rows(held: RoleAssignment) -> list[dict[str, str]]:
    until = wording.day(held.ends_on) if held.ends_on else "khi thu hồi"
    rows = [
        ("Người dùng", f"{held.user.full_name} ({held.user.username})"),
        ("Vai trò", held.get_role_display()),
        ("Tại", held.organization.name),
        ("Thời gian", f"từ {wording.day(held.starts_on)} đến {until}"),
        ("Người giao", held.granted_by.full_name if held.granted_by else "hệ thống, khi cài đặt"),
        ("Tài khoản", _state_of(held.user)),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def _state_of(person: User) -> str:
    if not person.is_active:
        return "đã ngừng"
    if person.has_lapsed(timezone.now()):
        return "mật khẩu dùng một lần đã hết hạn; đặt lại mật khẩu để cấp lại"
    if person.waits_for_first_sign_in and person.one_time_last_day is not None:
        until = wording.day(person.one_time_last_day)
        return f"chưa đăng nhập lần đầu; mật khẩu dùng một lần có hạn đến hết ngày {until}"
    return "đang hoạt động"


def _confirm(
    request: HttpRequest, held: RoleAssignment, *, title: str, consequence: str, act: Callable[[], HttpResponse]
) -> HttpResponse:
    """What is about to be done, on a page of its own; the POST does it."""
    if request.method == "POST":
        return act()
    back = reverse("organizations:assignment", args=[held.pk])
    context = {
        "title": title,
        "rows": _rows(held),
        "consequence": consequence,
        "cancel_url": back,
        "crumbs": [
            ("Tổ chức", reverse("organizations:tree")),
            *crumbs_to(held.organization, request),
            (held.user.full_name, back),
            (title, request.path),
        ],
    }
    return render(request, "organizations/confirm.html", context)


@scoped(ASSIGNMENT, *GRANTERS, methods=FORM_METHODS)
def revoke_role(request: HttpRequest, held: RoleAssignment) -> HttpResponse:
    """Thu hồi vai trò."""
    if asked := step_up(request):
        return asked

    def act() -> HttpResponse:
        services.revoke_role(held.pk, actor=signed_in_user(request), at=timezone.now())
        messages.success(request, f"Đã thu hồi vai trò “{held.get_role_display()}” của đồng chí {held.user.full_name}.")
        return redirect("organizations:detail", organization_id=held.organization_id)

    return _confirm(
        request,
        held,
        title="Thu hồi vai trò",
        consequence="Đồng chí này mất quyền của vai trò ngay ở thao tác tiếp theo.",
        act=act,
    )


@scoped(ASSIGNMENT, *GRANTERS, methods=FORM_METHODS)
def hand_over(request: HttpRequest, held: RoleAssignment) -> HttpResponse:
    """Bàn giao vai trò: somebody else holds it from a day on."""
    if asked := step_up(request, keep=True):
        return asked
    user = signed_in_user(request)
    people = queries.people_in_reach(user).filter(is_active=True).exclude(pk__in=(user.pk, held.user_id))
    form = HandOverForm(
        _posted(request), initial=typed_before(request), people=people.order_by("full_name", "username")
    )

    def act(data: dict[str, Any]) -> None:
        services.hand_over(held.pk, to_id=data["user"].pk, on=data["from_day"], actor=user, at=timezone.now())

    if form.is_bound and perform(form, act):
        day = wording.day(form.cleaned_data["from_day"])
        messages.success(request, f"Đã ghi: từ {day}, đồng chí {form.cleaned_data['user'].full_name} giữ vai trò.")
        return redirect("organizations:detail", organization_id=held.organization_id)
    return form_page(
        request,
        held.organization,
        form,
        title="Bàn giao vai trò",
        lead=f"{held.get_role_display()} tại {held.organization.name}, hiện do đồng chí {held.user.full_name} giữ. "
        "Các vai trò khác của đồng chí tại đây, trừ vai trò đảng viên, được bàn giao cùng.",
        submit_label="Bàn giao vai trò",
        consequence="Đồng chí nhận chưa có tài khoản thì mở tài khoản với vai trò Đảng viên trước.",
    )


@scoped(ASSIGNMENT, *GRANTERS, methods=FORM_METHODS)
def reset_password(request: HttpRequest, held: RoleAssignment) -> HttpResponse:
    """Đặt lại mật khẩu."""
    if asked := step_up(request, keep=True):
        return asked

    def act() -> HttpResponse:
        password = services.reset_password(held.pk, actor=signed_in_user(request), at=timezone.now())
        held.user.refresh_from_db()
        return _password_page(request, held.user, password, held.organization)

    return _confirm(
        request,
        held,
        title="Đặt lại mật khẩu",
        consequence="Mật khẩu cũ hết dùng được ngay, mọi phiên làm việc của đồng chí này kết thúc.",
        act=act,
    )


@scoped(ASSIGNMENT, *GRANTERS, methods=FORM_METHODS)
def reset_second_factor(request: HttpRequest, held: RoleAssignment) -> HttpResponse:
    """Đặt lại xác thực hai bước of somebody who lost both the telephone and the printed codes."""
    if asked := step_up(request):
        return asked

    def act() -> HttpResponse:
        services.reset_second_factor(held.pk, actor=signed_in_user(request), at=timezone.now())
        messages.success(
            request, f"Đã đặt lại. Lần đăng nhập sau, đồng chí {held.user.full_name} cài đặt trên điện thoại mới."
        )
        return redirect("organizations:assignment", assignment_id=held.pk)

    return _confirm(
        request,
        held,
        title="Đặt lại xác thực hai bước",
        consequence="Từ nay đến khi cài đặt lại, chỉ mật khẩu bảo vệ tài khoản này. Gặp mặt hoặc gọi vào số điện thoại "
        "đã biết để chắc chắn đúng người trước khi đặt lại.",
        act=act,
    )


@scoped(ASSIGNMENT, *GRANTERS, methods=FORM_METHODS)
def end_sessions(request: HttpRequest, held: RoleAssignment) -> HttpResponse:
    """Kết thúc mọi phiên đăng nhập of the person."""

    def act() -> HttpResponse:
        services.end_sessions(held.pk, actor=signed_in_user(request), at=timezone.now())
        messages.success(request, f"Đã kết thúc mọi phiên đăng nhập của đồng chí {held.user.full_name}.")
        return redirect("organizations:assignment", assignment_id=held.pk)

    return _confirm(
        request,
        held,
        title="Kết thúc mọi phiên đăng nhập",
        consequence="Đồng chí này phải đăng nhập lại trên mọi máy ngay ở thao tác tiếp theo; việc đã lưu còn nguyên.",
        act=act,
    )


@scoped(ASSIGNMENT, *GRANTERS, methods=FORM_METHODS)
def deactivate(request: HttpRequest, held: RoleAssignment) -> HttpResponse:
    """Ngừng tài khoản."""

    def act() -> HttpResponse:
        services.deactivate_account(held.pk, actor=signed_in_user(request), at=timezone.now())
        messages.success(request, f"Đã ngừng tài khoản của đồng chí {held.user.full_name}.")
        return redirect("organizations:assignment", assignment_id=held.pk)

    return _confirm(
        request,
        held,
        title="Ngừng tài khoản",
        consequence="Đồng chí này không đăng nhập được nữa ở mọi nơi; việc đã làm vẫn giữ nguyên.",
        act=act,
    )


@scoped(ASSIGNMENT, *GRANTERS, methods=FORM_METHODS)
def reactivate(request: HttpRequest, held: RoleAssignment) -> HttpResponse:
    """Mở lại tài khoản."""
    if asked := step_up(request):
        return asked

    def act() -> HttpResponse:
        services.reactivate_account(held.pk, actor=signed_in_user(request), at=timezone.now())
        messages.success(request, f"Đã mở lại tài khoản của đồng chí {held.user.full_name}.")
        return redirect("organizations:assignment", assignment_id=held.pk)

    return _confirm(
        request,
        held,
        title="Mở lại tài khoản",
        consequence="Đồng chí này đăng nhập lại được bằng mật khẩu cũ với các vai trò đang có hiệu lực.",
        act=act,
    )
