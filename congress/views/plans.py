"""Pages of plans and subcommittees."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped, signed_in
from accounts.errors import IllegalTransition, InvalidInput
from accounts.exporting import excel_url, wants_excel
from accounts.models import User
from accounts.roles import Role
from accounts.sheets import xlsx_response
from accounts.web import perform, signed_in_user
from congress import paper_export, policies, queries, rollup
from congress.amending import Effect, amended_first, effect_of, governed_by, plans_below
from congress.calendar import by_committee
from congress.deadlines import bound_below, superior_plan, too_loose, too_loose_of_plans
from congress.forms.plans import IssueForm, PlanFilter, PlanForm, Stations, as_typed
from congress.lifecycle import PLAN_ISSUED, PLAN_LIFECYCLE
from congress.models import AssemblyKind, Congress, Coverage, DeadlineKind, Plan, PlanStation
from congress.plan_settings import settings_of, stations_of_plans
from congress.rules.presets import SETTINGS, Preset, preset, presets
from congress.scopes import PLAN
from congress.services import plans as services
from organizations.models import Organization
from organizations.queries import acting_assignments
from organizations.scopes import ORGANIZATION

PLANNERS = (Role.COMMITTEE_STAFF, Role.APPROVER)
BRANCH_PLANNERS = (Role.SECRETARY, Role.CLERK)
"""Those of a chi bộ: they plan their own congress, the policy refuses them anything else."""
SHOWN_CONGRESSES = 30
FORM_METHODS = ("GET", "POST")
LIST = ("Kế hoạch", "congress:plans")
TONES = {"draft": "todo", "issued": "done"}


def list_crumb() -> tuple[str, str]:
    return LIST[0], reverse(LIST[1])


def _planning_places(request: HttpRequest) -> list[Organization]:
    """The committees at which the person drafts plans: where the role is held, not everything below."""
    found = {
        assignment.organization_id: assignment.organization
        for assignment in acting_assignments(signed_in_user(request))
        if assignment.role in PLANNERS or (assignment.role in BRANCH_PLANNERS and assignment.organization.is_branch)
    }
    return list(found.values())


def guiding_places(request: HttpRequest) -> list[Organization]:
    return [place for place in _planning_places(request) if not place.is_branch]


@signed_in("GET")
def plans(request: HttpRequest) -> HttpResponse:
    """Every plan the person may see, newest first, narrowed by term."""
    visible = queries.plans_visible_to(signed_in_user(request))
    terms = sorted(set(visible.order_by().values_list("term_label", flat=True)), reverse=True)
    form = PlanFilter(request.GET or None, terms=terms)
    term = form.cleaned_data["nhiem_ky"] if form.is_valid() else ""
    shown = visible.filter(term_label=term) if term else visible
    shown = shown.order_by("state", "-issued_on", "-pk")
    if wants_excel(request):
        return xlsx_response("Kế hoạch đại hội", paper_export.plans(shown, on=timezone.localdate()))
    rows = [_plan_row(plan) for plan in shown]
    context = {
        "form": form,
        "columns": [
            {"label": "Kế hoạch"},
            {"label": "Trích yếu"},
            {"label": "Nhiệm kỳ"},
            {"label": "Ngày ban hành", "numeric": True},
            {"label": "Trạng thái"},
        ],
        "rows": rows,
        "places": _planning_places(request),
        "excel_url": excel_url(request),
        "clear_url": request.path if term else "",
        "crumbs": [("Kế hoạch", request.path)],
    }
    return render(request, "congress/plans/list.html", context)


def _plan_row(plan: Plan) -> dict[str, Any]:
    issued = f"{plan.issued_on:%-d/%-m/%Y}" if plan.issued_on else "–"
    return {
        "url": reverse("congress:plan", args=[plan.pk]),
        "cells": [
            {"text": plan.notation, "note": plan.organization.committee},
            plan.subject,
            plan.term_label,
            issued,
            {"badge": plan.get_state_display(), "tone": TONES[plan.state]},
        ],
    }


@scoped(PLAN)
def plan(request: HttpRequest, found: Plan) -> HttpResponse:
    """One plan: its basis, the deadlines in force, what it opened and what changes it."""
    user = signed_in_user(request)
    visible = queries.plans_visible_to(user)
    amended = list(visible.filter(amendments=found))
    first = amended_first(found)
    in_force = queries.deadlines_of(first[0] if first and found.state == PLAN_ISSUED else found)
    may_draft = policies.can_draft_plan(user, found.organization)
    may_issue = policies.can_issue_plan(user, found.organization)
    governed = governed_by(found)
    seen = queries.visible_to(user).filter(pk__in=governed.order_by().values("pk")).order_by("organization__path")
    count = seen.count()
    settings = settings_of(found)
    keeper, stations = stations_of_plans([found])[found.pk]
    below = too_loose_of_plans(plans_below([found])) if found.state == PLAN_ISSUED else {}
    unnamed = {one.pk for one in bound_below([found])} if not amended else set()
    lower = visible.filter(Q(based_on=found) | Q(pk__in=unnamed)).order_by("organization__path")
    context = {
        "plan": found,
        "tone": TONES[found.state],
        "deadlines": list(in_force.values()),
        "settled": [one for one in settings.values() if one.plan is not None],
        "open_settings": [one.label for one in settings.values() if one.plan is None],
        "stations_keeper": keeper,
        "stations": stations,
        "too_loose": list(too_loose(found).values()),
        "to_mend": [(one, below[one.pk].values()) for one in visible.filter(pk__in=below)],
        "effect": _seen_by(effect_of(found), user) if amended else None,
        "may_guide": policies.can_guide(user, found.organization),
        "subcommittees": found.subcommittees.prefetch_related("memberships__member"),
        "groups": by_committee(seen) if count <= rollup.LINES else [],
        "seen": count,
        "progress_url": _progress_url(found) if count > rollup.LINES else "",
        "missing": queries.left_without_congress(found, on=timezone.localdate()) if may_draft else [],
        "progress": queries.progress_of(governed),
        "amended": amended,
        "amendments": visible.filter(amends=found, state=PLAN_ISSUED).order_by("issued_on"),
        "lower": [(one, one.pk in unnamed) for one in lower],
        "unnamed_above": None if amended else superior_plan(found),
        "is_draft": found.state != PLAN_ISSUED,
        "may_draft": may_draft,
        "may_issue": may_issue,
        "crumbs": [list_crumb(), (found.notation, request.path)],
    }
    return render(request, "congress/plans/detail.html", context)


def _progress_url(found: Plan) -> str:
    """Where the congresses are counted body by body when nobody reads the list."""
    return f"{reverse('congress:progress')}?{urlencode({'nhiem_ky': found.term_label, 'thuoc': found.organization_id})}"


def _seen_by(effect: Effect, user: User) -> dict[str, Any]:
    """What an amendment changes, with the congresses and plans that the person may see by name.

    Thousands of congresses are counted and not named.
    """
    plans = {one.plan_id for one in effect.congresses}
    seen = set(queries.visible_to(user).filter(plan__in=plans).order_by().values_list("pk", flat=True))

    def named(congresses: Iterable[Congress]) -> list[Congress]:
        return [one for one in congresses if one.pk in seen]

    outside = [(one, why) for one, why in effect.outside if one.pk in seen][:SHOWN_CONGRESSES]
    waiting = named(effect.waiting)
    return {
        "changes": [*effect.changes, *effect.lower],
        "to_mend": effect.to_mend,
        "count": len(effect.congresses),
        "open": effect.open,
        "outside": outside,
        "more_outside": len(effect.outside) - len(outside),
        "groups": by_committee(waiting) if len(waiting) <= rollup.LINES else [],
        "passed": named(effect.passed)[:SHOWN_CONGRESSES],
        "passed_count": len(effect.passed),
    }


# ---- drafting ----


def _choices(organization: Organization, *, but: Plan | None = None) -> dict[str, QuerySet[Plan]]:
    """Issued plans that a plan of this committee may carry out, and those of its own that it may amend."""
    issued = Plan.objects.filter(state=PLAN_ISSUED).select_related("organization").exclude(pk=but.pk if but else None)
    above = Q(organization__in=organization.ancestor_ids()) | Q(organization=organization)
    kept = Q(pk=but.based_on_id) if but else Q()
    return {
        "higher": issued.filter(above, Q(amends=None) | kept if but else Q(amends=None)),
        "own": issued.filter(organization=organization),
    }


def _initial(found: Plan) -> dict[str, Any]:
    return {
        "subject": found.subject,
        "term_label": found.term_label,
        "coverage": found.coverage,
        "kind": found.kind or AssemblyKind.MEMBERS,
        "based_on": found.based_on_id,
        "amends": list(found.amends.values_list("pk", flat=True)),
        "basis": "\n".join(found.basis),
        "requirements": found.requirements,
        **{name: as_typed(name, getattr(found, name)) for name in SETTINGS},
        **{row.kind: row.due_on for row in found.deadlines.all()},
    }


def _form_of(
    request: HttpRequest, organization: Organization, initial: dict[str, Any], *, but: Plan | None = None
) -> PlanForm:
    choices = _choices(organization, but=but)
    return PlanForm(_posted(request), initial=initial, for_branch=organization.is_branch, **choices)


def _plan_page(
    request: HttpRequest,
    organization: Organization,
    form: PlanForm,
    *,
    title: str,
    save: Callable[[], Plan],
    done: str,
    cancel_url: str,
    lead: str = "",
    offers_presets: bool = False,
    key: str,
) -> HttpResponse:
    """The one form of a plan, for a new draft, a draft taken up again and an amendment."""
    saved: list[Plan] = []
    if form.is_bound and perform(form, lambda _: saved.append(save())):
        messages.success(request, done)
        if left := _left_as_they_are(saved[0], form):
            messages.info(request, left)
        return redirect("congress:plan", plan_id=saved[0].pk)
    context = {
        "form": form,
        "title": title,
        "lead": lead or f"Của {organization.committee}.",
        "presets": _offered(request) if offers_presets else [],
        "cancel_url": cancel_url,
        "autosave": key,
        "crumbs": [list_crumb(), (title, request.path)],
    }
    return render(request, "congress/plans/form.html", context, status=422 if form.is_bound else 200)


def _left_as_they_are(draft: Plan, form: PlanForm) -> str:
    """Which typed days an amendment does not hold because they are in force already; another may change them yet."""
    kept = set(draft.deadlines.values_list("kind", flat=True))
    left = [kind for kind, day in form.values["deadlines"].items() if day is not None and kind not in kept]
    if not left:
        return ""
    names = ", ".join(DeadlineKind(kind).label.lower() for kind in left)
    return (
        f"Không ghi vào dự thảo những ngày đang có hiệu lực sẵn: {names}. "
        "Nếu kế hoạch khác đổi các ngày đó trước khi ban hành thì theo kế hoạch ấy."
    )


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _offered(request: HttpRequest) -> list[dict[str, Any]]:
    """The presets with their links; the one taken is marked."""
    taken = request.GET.get("mau", "")
    return [
        {"name": one.name, "source": one.source, "url": f"?mau={one.key}", "taken": one.key == taken}
        for one in presets()
    ]


def _of_preset(chosen: Preset | None) -> dict[str, Any]:
    if chosen is None:
        return {}
    return {name: as_typed(name, value) for name, value in chosen.settings.items()} | {
        "subject": chosen.subject,
        "preset": chosen.key,
    }


@scoped(ORGANIZATION, *PLANNERS, *BRANCH_PLANNERS, methods=FORM_METHODS)
def draft(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Soạn kế hoạch mới, from nothing or from the preset ``?mau=``."""
    policies.can_draft_plan(signed_in_user(request), organization).require()
    choices = _choices(organization)
    above = choices["higher"].exclude(organization=organization).order_by("-organization__depth", "-issued_on")
    first = above.first() or choices["higher"].order_by("-issued_on").first()
    if first is not None and first.term_label.rpartition("-")[2] < str(timezone.localdate().year):
        first = None  # of a term that is over: not what anybody drafts for now
    initial = {
        "coverage": Coverage.BRANCHES,
        "based_on": first.pk if first else None,
        "term_label": first.term_label if first else "",
    }
    if organization.is_branch:
        initial |= _of_branch(organization)
    initial |= _of_preset(preset(request.GET.get("mau", "")))
    form = PlanForm(_posted(request), initial=initial, for_branch=organization.is_branch, **choices)
    return _plan_page(
        request,
        organization,
        form,
        title="Soạn kế hoạch đại hội",
        save=lambda: services.draft_plan(
            organization.pk, actor=signed_in_user(request), at=timezone.now(), **form.values
        ),
        done="Đã lưu dự thảo kế hoạch. Người có thẩm quyền xem và ban hành.",
        cancel_url=reverse("congress:plans"),
        offers_presets=True,
        key=f"plan-of-{organization.pk}",
    )


def _of_branch(branch: Organization) -> dict[str, Any]:
    """What the plan of a chi bộ starts from: the congress that is open, and the plan above it."""
    opened = Congress.objects.filter(organization=branch).exclude(plan__organization=branch).order_by("-term_label")
    congress = opened.select_related("plan").first()
    if congress is None:
        return {"subject": "Tổ chức đại hội chi bộ"}
    return {
        "subject": f"Tổ chức đại hội chi bộ nhiệm kỳ {congress.term_label}",
        "term_label": congress.term_label,
        "based_on": congress.plan_id,
    }


@scoped(PLAN, *PLANNERS, *BRANCH_PLANNERS, methods=FORM_METHODS, action="issue")
def edit(request: HttpRequest, found: Plan) -> HttpResponse:
    """Sửa dự thảo; an issued plan is changed by another plan only."""
    policies.can_draft_plan(signed_in_user(request), found.organization).require()
    PLAN_LIFECYCLE.after("issue", state=found.state)
    form = _form_of(request, found.organization, _initial(found), but=found)
    return _plan_page(
        request,
        found.organization,
        form,
        title="Sửa dự thảo kế hoạch",
        save=lambda: services.draft_plan(
            found.organization_id, actor=signed_in_user(request), at=timezone.now(), plan_id=found.pk, **form.values
        ),
        done="Đã lưu dự thảo kế hoạch.",
        cancel_url=reverse("congress:plan", args=[found.pk]),
        key=f"plan-{found.pk}",
    )


@scoped(PLAN, *PLANNERS, *BRANCH_PLANNERS, methods=FORM_METHODS)
def amend(request: HttpRequest, found: Plan) -> HttpResponse:
    """Soạn kế hoạch sửa đổi, bổ sung: a new draft that starts from the deadlines in force."""
    policies.can_draft_plan(signed_in_user(request), found.organization).require()
    if found.state != PLAN_ISSUED:
        raise IllegalTransition("Kế hoạch chưa ban hành thì sửa ngay trong dự thảo, không cần kế hoạch sửa đổi.")
    initial = _initial(found) | {
        "subject": f"sửa đổi, bổ sung Kế hoạch số {found.notation}",
        "amends": [found.pk],
        "basis": f"Kế hoạch số {found.notation} ngày {found.issued_on:%-d/%-m/%Y} của {found.organization.committee}",
        **{row.kind: row.due_on for row in queries.deadlines_of(found).values()},
    }
    form = _form_of(request, found.organization, initial)
    return _plan_page(
        request,
        found.organization,
        form,
        title=f"Sửa đổi, bổ sung {found.notation}",
        lead="Thời hạn ghi ở đây thay cho thời hạn cùng loại của kế hoạch được sửa, từ ngày ban hành. "
        "Ngày để nguyên thì kế hoạch này không đổi.",
        save=lambda: services.draft_plan(
            found.organization_id, actor=signed_in_user(request), at=timezone.now(), **form.values
        ),
        done="Đã lưu dự thảo kế hoạch sửa đổi, bổ sung.",
        cancel_url=reverse("congress:plan", args=[found.pk]),
        key=f"plan-amending-{found.pk}",
    )


@scoped(PLAN, Role.APPROVER, Role.SECRETARY, methods=FORM_METHODS, at="authority", action="issue")
def issue(request: HttpRequest, found: Plan) -> HttpResponse:
    """Ban hành: what will be opened, and what an amendment changes for whom, is said first; then number and date."""
    policies.can_issue_plan(signed_in_user(request), found.organization).require()
    PLAN_LIFECYCLE.after("issue", state=found.state)
    form = IssueForm(_posted(request), initial={"issued_on": timezone.localdate()})
    done: list[Plan] = []

    def act(data: dict[str, Any]) -> None:
        done.append(services.issue_plan(found.pk, actor=signed_in_user(request), at=timezone.now(), **data))

    if form.is_bound and perform(form, act):
        messages.success(request, f"Đã ban hành {done[0].label}.")
        return redirect("congress:plan", plan_id=found.pk)
    count = len(queries.organizations_to_open(found))
    context = {
        "plan": found,
        "form": form,
        "answers": _issue_answers(found, count),
        "effect": _seen_by(effect_of(found), signed_in_user(request)) if found.amends.exists() else None,
        "consequence": "Kế hoạch đã ban hành không sửa được nữa; muốn thay đổi phải ban hành kế hoạch khác.",
        "crumbs": [
            list_crumb(),
            (found.notation, reverse("congress:plan", args=[found.pk])),
            ("Ban hành", request.path),
        ],
    }
    return render(request, "congress/plans/issue.html", context, status=422 if form.is_bound else 200)


@scoped(PLAN, Role.APPROVER, methods=("POST",), at="authority")
def open_missing(request: HttpRequest, found: Plan) -> HttpResponse:
    """Mở đại hội của những chi bộ thành lập sau khi ban hành kế hoạch."""
    count = services.open_missing(found.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã mở {count} đại hội theo {found.label}.")
    return redirect("congress:plan", plan_id=found.pk)


def _issue_answers(found: Plan, count: int) -> list[dict[str, str]]:
    edit_url = reverse("congress:edit_plan", args=[found.pk])
    days = "; ".join(
        f"{DeadlineKind(row.kind).label.lower()}: {row.due_on:%-d/%-m/%Y}"
        for row in queries.deadlines_of(found).values()
    )
    opens = f"{count} đại hội" if count else "không mở thêm đại hội nào"
    return [
        {"label": "Cấp ủy ban hành", "value": found.organization.committee},
        {"label": "Trích yếu", "value": found.subject, "url": edit_url},
        {"label": "Nhiệm kỳ", "value": found.term_label, "url": edit_url},
        {"label": "Thời hạn", "value": days or "không ghi thời hạn", "url": edit_url},
        {"label": "Khi ban hành sẽ mở", "value": opens, "url": edit_url, "change": "phạm vi"},
    ]


@scoped(PLAN, *PLANNERS, *BRANCH_PLANNERS, methods=FORM_METHODS)
def stations(request: HttpRequest, found: Plan) -> HttpResponse:
    """Lộ trình mẫu: the steps in force; those of a draft are changed here, for this plan and those below it."""
    user = signed_in_user(request)
    policies.can_draft_plan(user, found.organization).require()
    keeper, in_force = stations_of_plans([found])[found.pk]
    is_draft = found.state != PLAN_ISSUED
    numbers = {one.key: number for number, one in enumerate(in_force, start=1)}
    initial = [
        {
            **{name: getattr(one, name) for name in ("key", "title", "owner", "anchor", "offset")},
            "after": ", ".join(str(numbers[key]) for key in one.after if key in numbers),
        }
        for one in in_force
    ]
    forms = Stations(_posted(request), initial=initial)
    error = ""
    if request.method == "POST":
        if "theo-tren" in request.POST:
            services.keep_stations(found.pk, [], actor=user, at=timezone.now())
            messages.success(request, "Kế hoạch dùng lộ trình mẫu của kế hoạch trên.")
            return redirect("congress:plan_stations", plan_id=found.pk)
        PLAN_LIFECYCLE.after("issue", state=found.state)
        if forms.is_valid():
            try:
                services.keep_stations(found.pk, forms.stations(), actor=user, at=timezone.now())
            except InvalidInput as refusal:
                error = str(refusal)
            else:
                messages.success(request, "Đã ghi lộ trình mẫu của kế hoạch.")
                return redirect("congress:plan", plan_id=found.pk)
    back = reverse("congress:plan", args=[found.pk])
    context = {
        "plan": found,
        "forms": forms,
        "error": error,
        "is_draft": is_draft,
        "keeper": keeper,
        "rows": [
            (
                one,
                PlanStation.Owner(one.owner).label,
                ", ".join(str(numbers[key]) for key in one.after if key in numbers),
            )
            for one in in_force
        ],
        "back_url": back,
        "crumbs": [list_crumb(), (found.notation, back), ("Lộ trình mẫu", request.path)],
    }
    bad = request.method == "POST"
    return render(request, "congress/plans/stations.html", context, status=422 if bad else 200)
