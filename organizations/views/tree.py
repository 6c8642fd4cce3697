"""Pages of the tree and of one organization."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import wording
from accounts.access import scoped, signed_in
from accounts.exporting import excel_url, wants_excel
from accounts.roles import Role
from accounts.sheets import xlsx_response
from accounts.web import perform, signed_in_user
from organizations import exports, policies, queries, related, services
from organizations.act_forms import PastDay
from organizations.forms import OrganizationForm, SplitForm, TreeFilter
from organizations.models import Member, MemberStanding, NodeType, Organization, RoleAssignment
from organizations.rules import placement
from organizations.rules.names import fold, title_key
from organizations.scopes import ORGANIZATION
from organizations.trail import crumbs_to

TREE_KEEPERS = (Role.SYSTEM_ADMINISTRATOR, Role.COMMITTEE_STAFF)
FORM_METHODS = ("GET", "POST")
OPEN_UP_TO = 12


@dataclass(slots=True)
class Node:
    """One organization of the tree with what lies below it."""

    organization: Organization
    url: str
    members: int
    branches: int = 0
    children: list[Node] = field(default_factory=list)

    @property
    def facts(self) -> str:
        """ "12 chi bộ · 148 đảng viên"."""
        branches = f"{wording.number(self.branches)} chi bộ" if self.children and self.branches else ""
        return " · ".join(text for text in (branches, f"{wording.number(self.members)} đảng viên") if text)


def grown(organizations: Iterable[Organization]) -> list[Node]:
    """The roots of the visible tree; members and branches are summed upwards. Parents come before children."""
    nodes: dict[int, Node] = {}
    roots = []
    for one in organizations:
        address = reverse("organizations:detail", args=[one.pk])
        node = nodes[one.pk] = Node(one, address, one.member_count, int(one.is_branch and one.closed_on is None))
        above = nodes.get(one.parent_id or 0)
        (above.children if above else roots).append(node)
    for node in reversed(nodes.values()):
        above = nodes.get(node.organization.parent_id or 0)
        if above:
            above.members += node.members
            above.branches += node.branches
    for node in nodes.values():
        node.children.sort(key=by_name)
    return sorted(roots, key=by_name)


def by_name(node: Node) -> Any:
    return title_key(node.organization.name)


def walk(nodes: Iterable[Any], *, depth: int = 0, open_all: bool = False) -> Iterator[tuple[str, Any, bool]]:
    """What a template writes, in order: ("open", node, is_open), ("leaf", node, _), ("close", node, _)."""
    for node in nodes:
        if not node.children:
            yield "leaf", node, False
            continue
        yield "open", node, open_all or depth == 0
        yield from walk(node.children, depth=depth + 1, open_all=open_all)
        yield "close", node, False


@signed_in("GET")
def tree(request: HttpRequest) -> HttpResponse:
    """The visible tree in a constant number of queries; a search shows a plain list instead."""
    today = timezone.localdate()
    past = PastDay(request.GET or None)
    day = past.cleaned_data["ngay"] if past.is_valid() else None
    if day is not None or past.errors:
        return _of_a_past_day(request, past, day)
    form = TreeFilter(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {"tim": "", "thieu": False, "thuoc": None}
    visible = queries.visible_to(signed_in_user(request))
    top = visible.filter(pk=wanted["thuoc"]).first() if wanted["thuoc"] else None
    if top is not None:
        visible = visible.filter(queries.below(top.path))
    filtering = bool(wanted["tim"].strip() or wanted["thieu"] or top)
    if wanted["thieu"]:
        visible = queries.without_role(queries.branches_of(visible), Role.SECRETARY, on=today)
    if filtering:
        visible = visible.filter(search_name__contains=fold(wanted["tim"]))
    found = list(queries.with_member_count(visible, on=today).order_by("path"))
    if wants_excel(request):
        content = exports.tree(found, {one.pk: one.member_count for one in found}, on=today)
        return xlsx_response("Cây tổ chức" + (f" - {top.name}" if top else ""), content)
    context: dict[str, Any] = {
        "form": form,
        "excel_url": excel_url(request),
        "past": past,
        "top": top,
        "clear_url": request.path if filtering else "",
        "crumbs": [("Tổ chức", request.path)],
    }
    if filtering:
        context["found"] = sorted(found, key=lambda one: title_key(one.name))
    else:
        context["lines"] = list(walk(grown(found), open_all=len(found) <= OPEN_UP_TO))
    return render(request, "organizations/tree.html", context)


@dataclass(slots=True)
class PastPlace:
    """One organization of the tree of a past day, with what lay below it then."""

    organization: queries.PastNode
    url: str
    facts: str
    children: list[PastPlace] = field(default_factory=list)


def _of_a_past_day(request: HttpRequest, form: PastDay, day: date | None) -> HttpResponse:
    """The organizations in reach today as they were called and as they stood on that day."""
    visible = queries.visible_to(signed_in_user(request))
    found = queries.tree_on(day, visible) if day is not None else []
    labels = {one.value: one.label for one in NodeType}
    nodes = {
        one.pk: PastPlace(one, reverse("organizations:history", args=[one.pk]), labels[one.node_type]) for one in found
    }
    roots = []
    for node in nodes.values():
        above = nodes.get(node.organization.parent_id or 0)
        (above.children if above else roots).append(node)
    for node in nodes.values():
        node.children.sort(key=lambda one: title_key(one.organization.name))
    context = {
        "past": form,
        "day": day,
        "number": len(found),
        "lines": list(walk(sorted(roots, key=lambda one: title_key(one.organization.name)), open_all=True)),
        "crumbs": [("Tổ chức", reverse("organizations:tree")), ("Cây tổ chức ngày trước", request.path)],
    }
    return render(request, "organizations/tree_of_a_day.html", context, status=422 if form.errors else 200)


@scoped(ORGANIZATION)
def detail(request: HttpRequest, organization: Organization) -> HttpResponse:
    """One organization: facts, posts, members, roles, what lies below it."""
    user, today = signed_in_user(request), timezone.localdate()
    standings = queries.standings_on(organization, on=today)
    members = list(queries.members_on_roll(organization, on=today)) if organization.is_branch else []
    may_grant = policies.can_open_account(user, organization)
    tree_decision = policies.can_manage_tree(user, organization)
    above_decision = policies.can_manage_tree(user, organization.parent or organization)
    below = queries.with_member_count(organization.children.filter(closed_on__isnull=True), on=today)
    context = {
        "organization": organization,
        "facts": _facts(organization),
        "approval": _approval(organization),
        "parents": organization.parents.select_related("parent").order_by("-starts_on"),
        "origins": organization.origins.select_related("predecessor", "act"),
        "successions": organization.successions.select_related("successor", "act"),
        "posts": queries.posts_on(organization, on=today),
        "members": [_member_row(one, standings, today) for one in members],
        "counts": _counts(members, today),
        "assignments": [_assignment_row(one) for one in _assignments(organization, today)],
        "children": sorted(below, key=lambda one: title_key(one.name)),
        "related": related.of(organization, user),
        "may_enroll": policies.can_manage_roll(user, organization),
        "may_grant": may_grant,
        "may_found": tree_decision,
        "found_label": _found_label(organization),
        "may_close": above_decision if organization.parent_id else None,
        "crumbs": [("Tổ chức", reverse("organizations:tree")), *crumbs_to(organization, request)],
    }
    return render(request, "organizations/detail.html", context)


def _facts(organization: Organization) -> list[tuple[str, str]]:
    rows = (
        ("Loại hình", organization.get_node_type_display()),
        ("Cấp ủy", organization.committee_name),
        ("Ký hiệu văn bản", organization.symbol),
        ("Mã", organization.code),
        ("Khối công tác", organization.get_sector_display()),
        ("Địa danh", organization.place),
        ("Ngày thành lập", wording.day(organization.founded_on) if organization.founded_on else ""),
        ("Quyết định thành lập", organization.founding_decision),
        ("Kết thúc hoạt động", wording.day(organization.closed_on) if organization.closed_on else ""),
    )
    return [(label, value) for label, value in rows if value]


def _approval(organization: Organization) -> dict[str, Any] | None:
    """Who clears and ratifies its congresses, and why it is that committee (E-65)."""
    authority = queries.authority_over(organization)
    if authority is None or organization.node_type == NodeType.TEAM:
        return None
    kind = organization.get_node_type_display()
    if authority.pk == organization.parent_id:
        why = f"là cấp ủy cấp trên trực tiếp của {kind.lower()} này"
    else:
        passed = organization.parent.name if organization.parent else ""
        why = f"là cấp ủy gần nhất từ đảng ủy cơ sở trở lên; {passed} không chuẩn y"
    return {"authority": authority, "why": why}


def _member_row(member: Member, standings: dict[int, str], today: date) -> dict[str, Any]:
    official = member.is_official(today)
    standing = standings.get(member.pk)
    return {
        "url": reverse("organizations:member", args=[member.pk]),
        "name": member.display_name,
        "job": member.job,
        "official": "Chính thức" if official else "Dự bị",
        "tone": "done" if official else "todo",
        "since": member.official_on if official else member.admitted_on,
        "standing": MemberStanding.Kind(standing).label if standing else "",
    }


def _counts(members: list[Member], today: date) -> str:
    official = sum(one.is_official(today) for one in members)
    return f"{len(members)} đảng viên: {official} chính thức, {len(members) - official} dự bị"


def _assignments(organization: Organization, today: date) -> list[RoleAssignment]:
    """Those in force and those still to begin."""
    rows = organization.assignments.filter(revoked_at__isnull=True).exclude(ends_on__lt=today)
    order = {role: number for number, role in enumerate(Role)}
    return sorted(
        rows.select_related("user", "granted_by"), key=lambda one: (order[Role(one.role)], one.user.full_name)
    )


def _assignment_row(one: RoleAssignment) -> dict[str, Any]:
    return {
        "url": reverse("organizations:assignment", args=[one.pk]),
        "name": one.user.full_name,
        "username": one.user.username,
        "role": one.get_role_display(),
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "is_active": one.user.is_active,
    }


# ---- changes to the tree ----


def _found_label(organization: Organization) -> str:
    return "Thành lập tổ đảng" if organization.is_branch else "Thành lập tổ chức trực thuộc"


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def form_page(
    request: HttpRequest,
    organization: Organization,
    form: Any,
    *,
    title: str,
    submit_label: str,
    template: str = "organizations/form.html",
    **more: Any,
) -> HttpResponse:
    """A form about an organization on a page of its own; 422 when it came back with errors."""
    back = reverse("organizations:detail", args=[organization.pk])
    context = {
        "title": title,
        "form": form,
        "submit_label": submit_label,
        "cancel_url": back,
        "crumbs": [
            ("Tổ chức", reverse("organizations:tree")),
            *crumbs_to(organization, request),
            (title, request.path),
        ],
        **more,
    }
    return render(request, template, context, status=422 if form.is_bound else 200)


@scoped(ORGANIZATION, *TREE_KEEPERS, methods=FORM_METHODS)
def found(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Thành lập tổ chức trực thuộc."""
    kind = NodeType.TEAM if organization.is_branch else NodeType.BRANCH
    form = OrganizationForm(_posted(request), initial={"node_type": kind, "place": organization.place, "symbol": "CB"})
    fitting = placement.children_of(organization.node_type)
    form.fields["node_type"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
        (value, label)
        for value, label in form.fields["node_type"].choices
        if not value or value in fitting  # type: ignore[attr-defined]  # a ChoiceField
    ]
    made: list[Organization] = []

    def act(data: dict[str, Any]) -> None:
        made.append(
            services.found_organization(
                parent_id=organization.pk, actor=signed_in_user(request), at=timezone.now(), **data
            )
        )

    if form.is_bound and perform(form, act):
        messages.success(request, f"Đã ghi nhận thành lập {made[0].name}.")
        return redirect("organizations:detail", organization_id=made[0].pk)
    return form_page(
        request,
        organization,
        form,
        title=_found_label(organization),
        lead=f"Cấp trên trực tiếp: {organization.name}.",
        submit_label="Ghi nhận thành lập",
        autosave=f"found-below-{organization.pk}",
    )


@scoped(ORGANIZATION, *TREE_KEEPERS, methods=FORM_METHODS, at="parent")
def record_split(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Ghi tổ chức này được chia tách từ tổ chức nào."""
    candidates = queries.visible_to(signed_in_user(request)).filter(parent_id=organization.parent_id)
    known = organization.origins.values("predecessor_id")
    form = SplitForm(
        _posted(request), candidates=candidates.exclude(pk=organization.pk).exclude(pk__in=known).order_by("name")
    )

    def act(data: dict[str, Any]) -> None:
        services.record_split(
            data["predecessor"].pk,
            organization.pk,
            decision=data["decision"],
            decided_on=data["decided_on"],
            actor=signed_in_user(request),
            at=timezone.now(),
        )

    if form.is_bound and perform(form, act):
        messages.success(request, f"Đã ghi {organization.name} tách ra từ {form.cleaned_data['predecessor'].name}.")
        return redirect("organizations:detail", organization_id=organization.pk)
    return form_page(
        request,
        organization,
        form,
        title="Ghi nguồn gốc",
        lead=f"{organization.name} đã có trên hệ thống, trước đây được thành lập do chia tách.",
        submit_label="Ghi nguồn gốc",
    )
