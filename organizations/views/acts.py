"""Pages of acts on the tree (việc tổ chức): choose, fill in, look at what changes, record; the list, the history."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import wording
from accounts.access import scoped, signed_in
from accounts.errors import InvalidInput
from accounts.roles import Role
from accounts.typed import NOT_KEPT, typed_before
from accounts.web import perform, place_errors, signed_in_user, step_up
from organizations import act_forms, policies, queries, services
from organizations.models import Organization, TreeAct
from organizations.rules.names import fold
from organizations.scopes import ORGANIZATION, TREE_ACT
from organizations.trail import crumbs_to
from organizations.views.tree import form_page

TREE_KEEPERS = (Role.SYSTEM_ADMINISTRATOR, Role.COMMITTEE_STAFF)
FORM_METHODS = ("GET", "POST")
PER_PAGE = 50
CORRECTING, SEEN = "sua", "da_xem"


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of act: its page, its form, its service, and what it means in a sentence."""

    kind: str
    title: str
    means: str
    form: type[act_forms.ActForm]
    record: Callable[..., TreeAct]


ACTS = {
    one.kind: one
    for one in (
        Act(
            "split",
            "Chia tách",
            "Lập một hoặc hai tổ chức mới từ tổ chức này; tổ chức này tiếp tục hoặc kết thúc hoạt động.",
            act_forms.SplitForm,
            services.split,
        ),
        Act(
            "merge",
            "Sáp nhập",
            "Tổ chức này nhập vào một tổ chức đang có và kết thúc hoạt động.",
            act_forms.MergeForm,
            services.merge,
        ),
        Act(
            "consolidate",
            "Hợp nhất",
            "Tổ chức này cùng các tổ chức khác kết thúc hoạt động, lập một tổ chức mới.",
            act_forms.ConsolidateForm,
            services.consolidate,
        ),
        Act("rename", "Đổi tên", "Tên cũ vẫn giữ trong lịch sử.", act_forms.RenameForm, services.rename),
        Act(
            "move",
            "Chuyển giao về cấp trên khác",
            "Tổ chức này và mọi tổ chức trực thuộc chuyển sang cấp trên trực tiếp mới.",
            act_forms.MoveForm,
            services.move,
        ),
        Act(
            "convert",
            "Chuyển loại hình",
            "Ví dụ chi bộ cơ sở lên đảng bộ cơ sở.",
            act_forms.ConvertForm,
            services.convert,
        ),
        Act(
            "close",
            "Giải thể, kết thúc hoạt động",
            "Khi không còn đảng viên và tổ chức trực thuộc.",
            act_forms.CloseForm,
            services.close,
        ),
    )
}


@scoped(ORGANIZATION, *TREE_KEEPERS, at="parent")
def choose(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Chọn việc tổ chức cần ghi."""
    options = [
        {"title": one.title, "means": one.means, "url": _address(one, organization)}
        for one in ACTS.values()
        if organization.parent_id is not None or one.kind in ("rename", "convert")
    ]
    context = {
        "organization": organization,
        "title": "Ghi việc tổ chức",
        "lead": f"{organization.name}. Mỗi việc theo một quyết định.",
        "options": options,
        "may_found": policies.can_manage_tree(signed_in_user(request), organization),
        "crumbs": _crumbs(request, organization, "Ghi việc tổ chức"),
    }
    return render(request, "organizations/tree_acts_choose.html", context)


def _address(act: Act, organization: Organization) -> str:
    return reverse(f"organizations:{act.kind}", args=[organization.pk])


def _crumbs(request: HttpRequest, organization: Organization, *titles: str) -> list[tuple[str, str]]:
    return [
        ("Tổ chức", reverse("organizations:tree")),
        *crumbs_to(organization, request),
        *((title, request.path) for title in titles),
    ]


# ---- one page for every act: fill in (GET), look at it (POST), record it (POST with the digest of what was seen) ----


def _page(request: HttpRequest, organization: Organization, act: Act) -> HttpResponse:
    if asked := step_up(request, keep=True):
        return asked
    user = signed_in_user(request)
    if request.method != "POST":
        form = act.form(None, initial=typed_before(request), organization=organization, user=user)
        return _form(request, organization, act, form, status=200)
    form = act.form(request.POST, organization=organization, user=user)
    if CORRECTING in request.POST:
        return _form(request, organization, act, form, status=200)
    seen = request.POST.get(SEEN, "")
    found = _performed(request, organization, act, form, seen=seen)
    if found is None:
        return _form(request, organization, act, form, status=422)
    done, digest = found
    if digest != seen:
        return _review(request, organization, act, done, digest=digest, is_stale=bool(seen))
    messages.success(request, f"Đã ghi: {done.get_kind_display().lower()} theo {_decision(done)}.")
    return redirect("organizations:act", act_id=done.pk)


def _performed(
    request: HttpRequest, organization: Organization, act: Act, form: act_forms.ActForm, *, seen: str
) -> tuple[TreeAct, str] | None:
    """The act and the digest of what it changes; kept when exactly that was ``seen``, else all is undone again."""
    if not form.is_valid():
        return None
    try:
        with transaction.atomic():
            done = act.record(organization.pk, actor=signed_in_user(request), at=timezone.now(), **form.arguments)
            digest = _digest_of(done)
            transaction.set_rollback(digest != seen)
    except InvalidInput as refusal:
        place_errors(form, refusal)
        return None
    return done, digest


def _digest_of(act: TreeAct) -> str:
    """Changes with every line that the review shows."""
    shown = [_facts(act), act.details.get("lines", []), act.details.get("notes", [])]
    return sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()


def _form(
    request: HttpRequest, organization: Organization, act: Act, form: act_forms.ActForm, *, status: int
) -> HttpResponse:
    context = {
        "title": act.title,
        "lead": f"{organization.name}. {act.means}",
        "form": form,
        "cancel_url": reverse("organizations:choose_act", args=[organization.pk]),
        "crumbs": _crumbs(request, organization, act.title),
    }
    return render(request, "organizations/tree_act_form.html", context, status=status)


def _review(
    request: HttpRequest, organization: Organization, act: Act, done: TreeAct, *, digest: str, is_stale: bool
) -> HttpResponse:
    """What would happen; 409 when it is no longer what the person had looked at."""
    left_out = (*NOT_KEPT, SEEN, CORRECTING)
    context = {
        "title": f"Xem lại: {act.title.lower()}",
        "lead": organization.name,
        "act": done,
        "is_stale": is_stale,
        "facts": _facts(done),
        "typed": [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values],
        "seen": (SEEN, digest),
        "correcting": CORRECTING,
        "record_url": request.path,
        "submit_label": f"Ghi việc {act.title.lower()}",
        "crumbs": _crumbs(request, organization, act.title),
    }
    return render(request, "organizations/tree_act_review.html", context, status=409 if is_stale else 200)


def _decision(act: TreeAct) -> str:
    """Number and day; some write the day along with the number."""
    known = {wording.day(act.decided_on), f"{act.decided_on:%d/%m/%Y}"}
    if any(day in act.decision for day in known):
        return act.decision
    return f"{act.decision} ngày {wording.day(act.decided_on)}"


def _facts(act: TreeAct) -> list[dict[str, str]]:
    return [
        {"label": "Việc", "value": act.get_kind_display()},
        {"label": "Quyết định", "value": _decision(act)},
        {"label": "Cấp quyết định", "value": act.decided_by.committee},
        {"label": "Có hiệu lực từ", "value": wording.day(act.effective_on)},
    ]


@scoped(ORGANIZATION, *TREE_KEEPERS, methods=FORM_METHODS, at="parent")
def split(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Chia tách."""
    return _page(request, organization, ACTS["split"])


@scoped(ORGANIZATION, *TREE_KEEPERS, methods=FORM_METHODS, at="parent")
def merge(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Sáp nhập vào tổ chức khác."""
    return _page(request, organization, ACTS["merge"])


@scoped(ORGANIZATION, *TREE_KEEPERS, methods=FORM_METHODS, at="parent")
def consolidate(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Hợp nhất thành tổ chức mới."""
    return _page(request, organization, ACTS["consolidate"])


@scoped(ORGANIZATION, *TREE_KEEPERS, methods=FORM_METHODS, at="parent")
def rename(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Đổi tên."""
    return _page(request, organization, ACTS["rename"])


@scoped(ORGANIZATION, *TREE_KEEPERS, methods=FORM_METHODS, at="parent")
def move(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Chuyển giao về cấp trên trực tiếp khác; the service asks for the right at the new parent, too."""
    return _page(request, organization, ACTS["move"])


@scoped(ORGANIZATION, *TREE_KEEPERS, methods=FORM_METHODS, at="parent")
def convert(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Chuyển loại hình."""
    return _page(request, organization, ACTS["convert"])


@scoped(ORGANIZATION, *TREE_KEEPERS, methods=FORM_METHODS, at="parent")
def close(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Giải thể, kết thúc hoạt động."""
    return _page(request, organization, ACTS["close"])


# ---- what was recorded ----


@scoped(TREE_ACT)
def act(request: HttpRequest, found: TreeAct) -> HttpResponse:
    """One act: its decision, before and after, the organizations it concerned."""
    seen = queries.visible_to(signed_in_user(request)).filter(acts=found)
    context = {
        "act": found,
        "title": f"{found.get_kind_display()} theo {_decision(found)}",
        "facts": [*_facts(found), _recorded(found)],
        "concerned": act_forms.by_title(seen),
        "crumbs": [
            ("Tổ chức", reverse("organizations:tree")),
            ("Việc tổ chức", reverse("organizations:acts")),
            (found.get_kind_display(), request.path),
        ],
    }
    return render(request, "organizations/tree_act.html", context)


def _recorded(act: TreeAct) -> dict[str, str]:
    who = act.recorded_by.full_name if act.recorded_by else "Khi cài đặt"
    return {"label": "Người ghi", "value": f"{who}, {wording.moment(timezone.localtime(act.recorded_at))}"}


@signed_in("GET")
def acts(request: HttpRequest) -> HttpResponse:
    """Every act that concerns an organization in reach, newest first."""
    form = act_forms.ActFilter(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = _matching(queries.acts_visible_to(signed_in_user(request)), wanted)
    page = Paginator(found.prefetch_related("organizations"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "rows": [_row(one) for one in page],
        "clear_url": request.path if any(wanted.values()) else "",
        "crumbs": [("Tổ chức", reverse("organizations:tree")), ("Việc tổ chức", request.path)],
    }
    return render(request, "organizations/tree_acts.html", context)


def _matching(acts: QuerySet[TreeAct], wanted: dict[str, Any]) -> QuerySet[TreeAct]:
    if wanted.get("viec"):
        acts = acts.filter(kind=wanted["viec"])
    if wanted.get("nam"):
        acts = acts.filter(effective_on__year=wanted["nam"])
    if wanted.get("tim"):
        named = Organization.objects.filter(search_name__contains=fold(wanted["tim"])).order_by().values("pk")
        through = TreeAct.organizations.through.objects.filter(organization__in=named)
        acts = acts.filter(Q(decision__icontains=wanted["tim"]) | Q(pk__in=through.values("treeact_id")))
    return acts


def _row(act: TreeAct) -> dict[str, Any]:
    lines = act.details.get("lines", [])
    return {
        "url": reverse("organizations:act", args=[act.pk]),
        "what": act.get_kind_display(),
        "about": _in_short(lines),
        "decision": _decision(act),
        "effective_on": act.effective_on,
    }


def _in_short(lines: list[dict[str, str]]) -> str:
    """The first two changes in words."""
    shown = [" → ".join(part for part in (one["old"], one["new"]) if part) for one in lines[:2]]
    return "; ".join(shown) + ("; …" if len(lines) > 2 else "")


@scoped(ORGANIZATION)
def history(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Lịch sử của một tổ chức: acts, former names and parents, where it came from and what became of it."""
    context = {
        "organization": organization,
        "acts": [_row(one) for one in organization.acts.select_related("decided_by")],
        "may_count": policies.can_manage_tree(signed_in_user(request), organization.parent or organization),
        "names": organization.names.order_by("starts_on", "pk"),
        "parents": organization.parents.select_related("parent").order_by("starts_on"),
        "origins": organization.origins.select_related("predecessor", "act"),
        "successions": organization.successions.select_related("successor", "act"),
        "seen": set(
            queries.visible_to(signed_in_user(request)).filter(_related(organization)).values_list("pk", flat=True)
        ),
        "crumbs": _crumbs(request, organization, "Lịch sử tổ chức"),
    }
    return render(request, "organizations/tree_history.html", context)


@scoped(ORGANIZATION, *TREE_KEEPERS, methods=FORM_METHODS, at="parent")
def ordinal(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Cách tính số thứ tự đại hội."""
    form = act_forms.OrdinalForm(request.POST if request.method == "POST" else None, organization=organization)

    def record(_: dict[str, Any]) -> None:
        services.set_ordinal_basis(organization.pk, actor=signed_in_user(request), at=timezone.now(), **form.arguments)

    if form.is_bound and perform(form, record):
        messages.success(request, f"Đã ghi cách tính số thứ tự đại hội của {organization.name}.")
        return redirect("organizations:history", organization_id=organization.pk)
    return form_page(
        request,
        organization,
        form,
        title="Cách tính số thứ tự đại hội",
        lead=f"{organization.name}. Số đề xuất hiện ở trang ghi thời gian, địa điểm của đại hội; người ghi quyết định.",
        submit_label="Ghi cách tính",
    )


def _related(organization: Organization) -> Q:
    """Those the page names, of which only the ones in reach are linked."""
    return (
        Q(successions__successor=organization)
        | Q(origins__predecessor=organization)
        | Q(past_children__organization=organization)
    )
