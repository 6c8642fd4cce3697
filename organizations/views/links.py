"""Liên kết chỉ xem: pages that make an address which needs no sign-in, show it once, and take it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped, signed_in
from accounts.errors import InvalidInput
from accounts.typed import typed_before
from accounts.web import number_of, perform, signed_in_user, step_up
from organizations import policies, services
from organizations.forms import LinkForm
from organizations.models import AccessLink, Organization
from organizations.queries import acting_assignments
from organizations.scopes import ACCESS_LINK, ORGANIZATION
from organizations.services.links import has_ended
from organizations.trail import crumbs_to
from organizations.without_sign_in import address_of

FORM_METHODS = ("GET", "POST")
TITLE = "Liên kết chỉ xem"
IDLE = timedelta(days=30)
"""Nobody has looked for so long: the page asks whether the link is still needed."""


@signed_in(*FORM_METHODS)
def own_links(request: HttpRequest) -> HttpResponse:
    """Lịch cá nhân: the calendar of one's own work for the telephone, one link per device."""
    user = signed_in_user(request)
    places = Organization.objects.filter(pk__in=[one.organization_id for one in acting_assignments(user)])
    form = LinkForm(
        request.POST if request.method == "POST" else None,
        organizations=places,
        initial={"organization": places.first() if places.count() == 1 else None},
    )
    made: list[tuple[AccessLink, str]] = []

    def act(data: dict[str, Any]) -> None:
        place = data["organization"].pk
        made.append(services.make_link(AccessLink.Kind.CALENDAR, place, data["label"], actor=user, at=timezone.now()))

    crumbs = [("Lịch cá nhân trên điện thoại", request.path)]
    if form.is_bound and perform(form, act):
        return _made(request, *made[0], crumbs=crumbs, back=request.path)
    context = {
        "title": "Lịch cá nhân trên điện thoại",
        "lead": "Ai có địa chỉ này đều xem được lịch của đồng chí; mất điện thoại thì thu hồi ngay.",
        "form": form,
        "submit_label": "Tạo liên kết lịch",
        "links": [_row(one) for one in user.access_links.select_related("organization", "owner")],
        "revoke_url": reverse("organizations:revoke_own_link"),
        "crumbs": crumbs,
    }
    return render(request, "organizations/links.html", context, status=422 if form.is_bound else 200)


@signed_in("POST")
def revoke_own(request: HttpRequest) -> HttpResponse:
    """Thu hồi liên kết của mình; the page of own links sends which one."""
    user = signed_in_user(request)
    link = user.access_links.filter(pk=number_of(request.POST.get("link", ""))).first()
    if link is None:
        raise InvalidInput("Không tìm thấy liên kết này. Mở lại trang Liên kết chỉ xem rồi chọn lại.")
    services.revoke_link(link.pk, actor=user, at=timezone.now())
    messages.success(request, "Đã thu hồi liên kết. Địa chỉ cũ không mở được nữa.")
    return redirect("organizations:own_links")


@scoped(ORGANIZATION, *policies.LINK_KEEPERS, methods=FORM_METHODS)
def links(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Bảng treo tường of this organization, and every link about it that is open without signing in."""
    user = signed_in_user(request)
    if request.method == "POST" and (asked := step_up(request, keep=True, back=request.path)):
        return asked
    form = LinkForm(request.POST if request.method == "POST" else None, initial=typed_before(request))
    made: list[tuple[AccessLink, str]] = []

    def act(data: dict[str, Any]) -> None:
        made.append(
            services.make_link(AccessLink.Kind.WALL, organization.pk, data["label"], actor=user, at=timezone.now())
        )

    crumbs = _crumbs(request, organization)
    if form.is_bound and perform(form, act):
        return _made(request, *made[0], crumbs=crumbs, back=request.path)
    context = {
        "title": TITLE,
        "lead": f"{organization.name}: bảng theo dõi tiến độ cho màn hình treo tường, không cần đăng nhập, "
        "không có dữ liệu cá nhân.",
        "form": form,
        "submit_label": "Tạo liên kết bảng treo tường",
        "links": [_row(one) for one in organization.access_links.select_related("organization", "owner", "revoked_by")],
        "crumbs": crumbs,
    }
    return render(request, "organizations/links.html", context, status=422 if form.is_bound else 200)


@scoped(ACCESS_LINK, *policies.LINK_KEEPERS, methods=FORM_METHODS)
def revoke(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Thu hồi liên kết, asked on a page of its own."""
    back = reverse("organizations:links", args=[link.organization_id])
    if request.method == "POST":
        services.revoke_link(link.pk, actor=signed_in_user(request), at=timezone.now())
        messages.success(request, "Đã thu hồi liên kết. Địa chỉ cũ không mở được nữa.")
        return redirect(back)
    context = {
        "title": "Thu hồi liên kết",
        "rows": [
            {"label": "Loại", "value": link.get_kind_display()},
            {"label": "Dùng ở đâu", "value": link.label},
            {"label": "Người tạo", "value": link.owner.full_name},
        ],
        "consequence": "Màn hình hoặc điện thoại đang dùng địa chỉ này không xem được nữa, ngay từ lần tải sau.",
        "cancel_url": back,
        "crumbs": [*_crumbs(request, link.organization)[:-1], (TITLE, back), ("Thu hồi liên kết", request.path)],
    }
    return render(request, "organizations/confirm.html", context)


def _crumbs(request: HttpRequest, organization: Organization) -> list[tuple[str, str]]:
    return [("Tổ chức", reverse("organizations:tree")), *crumbs_to(organization, request), (TITLE, request.path)]


def _made(
    request: HttpRequest, link: AccessLink, secret: str, *, crumbs: list[tuple[str, str]], back: str
) -> HttpResponse:
    """The address, in this answer and nowhere else."""
    context = {
        "link": link,
        "address": address_of(request, link.kind, secret),
        "back_url": back,
        "crumbs": crumbs,
    }
    return render(request, "organizations/link_made.html", context)


def _row(link: AccessLink) -> dict[str, Any]:
    now = timezone.now()
    return {
        "link": link,
        "has_ended": has_ended(link.organization, now),
        "is_idle": (link.last_used_at or link.created_at) <= now - IDLE,
        "revoke_url": reverse("organizations:revoke_link", args=[link.pk]),
    }
