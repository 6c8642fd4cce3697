"""Plans: drafted, issued, amended; an issued plan opens the congresses it covers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress import policies, queries
from congress.amending import amended_by, effect_of
from congress.deadlines import bounds_of, deadlines_above, deadlines_of_plans, superior_plan
from congress.dues import Part
from congress.lifecycle import COMPLETE, PLAN_ISSUED, PLAN_LIFECYCLE
from congress.models import (
    AssemblyKind,
    Congress,
    CongressStep,
    Coverage,
    DeadlineKind,
    FormerPlan,
    Plan,
    PlanStation,
    Reminder,
)
from congress.plan_settings import stations_of_plans
from congress.reach import READERS
from congress.rules.cascade import looser
from congress.rules.presets import SETTINGS, preset
from congress.rules.terms import check_deadlines, check_term
from congress.rules.timeline import Station, check_template
from congress.services import milestones, reminding
from congress.services.telling import News, tell
from organizations.models import Organization
from organizations.queries import authorities_over, below, branches_below


def _refuse(problems: Mapping[str, Sequence[str]]) -> None:
    if problems:
        raise InvalidInput("Kế hoạch chưa đúng. Sửa các ô được nêu rồi lưu lại.", fields=problems)


def _check_relations(plan: Plan, based_on: Plan | None, amends: Sequence[Plan]) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if any(one.state != PLAN_ISSUED or one.pk == plan.pk for one in [based_on, *amends] if one is not None):
        field = "based_on" if based_on is not None else "amends"
        problems[field] = ["Chỉ chọn được kế hoạch khác đã ban hành. Ban hành kế hoạch kia trước."]
    elif based_on is not None and not plan.organization.path.startswith(based_on.organization.path):
        problems["based_on"] = ["Kế hoạch làm căn cứ phải của cấp trên hoặc của chính cấp ủy này."]
    if any(one.organization_id != plan.organization_id for one in amends):
        problems["amends"] = ["Cấp ủy chỉ sửa đổi, bổ sung được kế hoạch do chính mình ban hành."]
    return problems


def _check_cascade(
    plan: Plan, days: Mapping[str, date], based_on: Plan | None, amends: Sequence[Plan]
) -> dict[str, list[str]]:
    """A lower plan only tightens the days above, and its days fit those it inherits."""
    known = deadlines_of_plans([*([based_on] if based_on else []), *amends])
    above = [*([known[based_on.pk]] if based_on else []), *deadlines_above(amends).values()]
    name = plan.label if plan.number else "kế hoạch này"
    problems: dict[str, list[str]] = {}
    for bounds in above:
        for kind, sentence in looser(days, bounds_of(bounds), plan=name).items():
            if sentence not in problems.setdefault(kind, []):
                problems[kind].append(sentence)
    inherited = [known[one.pk] for one in amends] or [known[based_on.pk] if based_on else {}]
    for base in inherited:
        merged = {kind: one.due_on for kind, one in base.items()} | dict(days)
        for kind, sentences in check_deadlines(merged).items():
            if kind in days and kind not in problems:
                problems[kind] = sentences
    return problems


def _check_superior(plan: Plan, amends: Sequence[Plan]) -> dict[str, list[str]]:
    """Where a superior has a plan for the term, the lower one says that it carries it out."""
    higher = None if amends else superior_plan(plan)
    if higher is None:
        return {}
    sentence = f"{higher.organization.committee} đã ban hành {higher.label} cho nhiệm kỳ này. Chọn kế hoạch đó."
    return {"based_on": [sentence]}


def _check_branch(plan: Plan, based_on: Plan | None, amends: Sequence[Plan]) -> dict[str, list[str]]:
    """A chi bộ plans its own congress, and names the plan above under which that was opened."""
    if not plan.organization.is_branch or amends:
        return {}
    if plan.coverage == Coverage.BRANCHES:
        return {"coverage": ["Chi bộ chỉ lập kế hoạch cho đại hội của chính mình."]}
    opened = Congress.objects.filter(organization=plan.organization, term_label=plan.term_label)
    current = opened.exclude(plan__organization=plan.organization).select_related("plan__organization").first()
    if plan.coverage != Coverage.OWN or current is None or current.plan == based_on:
        return {}
    sentence = f"Đại hội này mở theo {current.plan.label} của {current.plan.organization.committee}. Chọn kế hoạch đó."
    return {"based_on": [sentence]}


@transaction.atomic
def draft_plan(
    organization_id: int,
    *,
    subject: str,
    term_label: str,
    actor: User,
    at: datetime,
    basis: Sequence[str] = (),
    based_on_id: int | None = None,
    amends_ids: Sequence[int] = (),
    coverage: str = Coverage.BRANCHES,
    requirements: str = "",
    deadlines: Mapping[str, date] | None = None,
    kind: str | None = None,
    settings: Mapping[str, Any] | None = None,
    preset_key: str = "",
    plan_id: int | None = None,
) -> Plan:
    """Soạn kế hoạch, or save the draft ``plan_id`` again. ``deadlines``: ``DeadlineKind`` value → day.

    ``kind``: how the committee's own congress meets; it says nothing about branches, whose members all come (E-04).
    ``settings``: by name (``presets.SETTINGS``), one not given is as the plan above says. ``preset_key``: whose lead
    times a new draft starts from.

    Raises NotAllowed, IllegalTransition (already issued) or InvalidInput naming the fields.
    """
    organization = Organization.objects.select_for_update().get(pk=organization_id)
    policies.can_draft_plan(actor, organization).require()
    plan = Plan(organization=organization, created_by=actor)
    if plan_id is not None:
        plan = Plan.objects.select_for_update().get(pk=plan_id, organization=organization)
        PLAN_LIFECYCLE.after("issue", state=plan.state)
    based_on = Plan.objects.select_related("organization").get(pk=based_on_id) if based_on_id else None
    amended = list(Plan.objects.filter(pk__in=amends_ids).select_related("organization", "based_on__organization"))
    days = {kind: day for kind, day in (deadlines or {}).items() if day is not None}
    plan.subject, plan.term_label, plan.coverage = subject.strip(), term_label.strip(), coverage
    plan.based_on = based_on
    _refuse(check_term(term_label) | check_deadlines(days) | _check_relations(plan, based_on, amended))
    _refuse(_check_superior(plan, amended) | _check_branch(plan, based_on, amended))
    _refuse(_check_cascade(plan, days, based_on, amended))
    days = _changed(days, amended)

    plan.basis, plan.requirements = list(basis), requirements
    plan.kind = (kind or None) if coverage == Coverage.OWN else None
    for name in SETTINGS:
        setattr(plan, name, (settings or {}).get(name))
    plan.save()
    plan.amends.set(amended)
    plan.deadlines.all().delete()
    plan.deadlines.bulk_create(
        plan.deadlines.model(plan=plan, kind=kind, due_on=days[kind]) for kind in DeadlineKind.values if kind in days
    )
    _take_lead_times(plan, preset_key)
    audit.record("plan.saved" if plan_id else "plan.drafted", plan, actor=actor, at=at)
    return plan


def _changed(days: Mapping[str, date], amends: Sequence[Plan]) -> dict[str, date]:
    """Of an amending plan only what it changes: a day that every amended plan has already is not written again."""
    known = deadlines_of_plans(amends).values()
    return {
        kind: day
        for kind, day in days.items()
        if not amends or any(kind not in found or found[kind].due_on != day for found in known)
    }


def _take_lead_times(plan: Plan, preset_key: str) -> None:
    """The stations in force, with the lead times of the preset; a draft that keeps stations of its own keeps them."""
    chosen = preset(preset_key)
    if chosen is None or not chosen.lead_times or plan.stations.exists():
        return
    _, stations = stations_of_plans([plan])[plan.pk]
    _write_stations(plan, [replace(one, offset=chosen.lead_times.get(one.key, one.offset)) for one in stations])


def _write_stations(plan: Plan, stations: Sequence[Station]) -> None:
    names = ("key", "title", "owner", "anchor", "offset")
    plan.stations.bulk_create(
        PlanStation(plan=plan, after=list(one.after), position=position, **{name: getattr(one, name) for name in names})
        for position, one in enumerate(stations)
    )


@transaction.atomic
def keep_stations(plan_id: int, stations: Sequence[Station], *, actor: User, at: datetime) -> Plan:
    """Ghi lộ trình mẫu riêng của dự thảo; no stations: the plan uses those above it again.

    Raises NotAllowed, IllegalTransition (already issued) or InvalidInput.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("organization").get(pk=plan_id)
    policies.can_draft_plan(actor, plan.organization).require()
    PLAN_LIFECYCLE.after("issue", state=plan.state)
    problem = check_template(stations)
    if problem:
        raise InvalidInput(problem)
    plan.stations.all().delete()
    _write_stations(plan, stations)
    audit.record("plan.stations_kept", plan, actor=actor, at=at, count=len(stations))
    return plan


@transaction.atomic
def issue_plan(plan_id: int, *, number: int, issued_on: date, actor: User, at: datetime) -> Plan:
    """Ban hành kế hoạch and open the congresses it covers; the branches' own plan takes over from a higher one.

    Raises NotAllowed, IllegalTransition or InvalidInput (number taken, day in the future, no window).
    """
    _lock_line_to(Organization.objects.get(plans=plan_id))
    plan = Plan.objects.select_for_update(of=("self",)).select_related("organization").get(pk=plan_id)
    policies.can_issue_plan(actor, plan.organization).require()
    plan.state = PLAN_LIFECYCLE.after("issue", state=plan.state)
    amended = list(plan.amends.select_related("organization", "based_on__organization"))
    days = dict(plan.deadlines.values_list("kind", "due_on"))
    problems = _check_cascade(plan, days, plan.based_on, amended)
    problems |= _check_superior(plan, amended) | _check_branch(plan, plan.based_on, amended)
    same_number = Plan.objects.filter(organization=plan.organization, term_label=plan.term_label, number=number)
    if same_number.exclude(pk=plan.pk).exists():
        problems["number"] = [
            f"Số {number:02d}-KH/{plan.organization.symbol} đã dùng trong nhiệm kỳ này. Chọn số khác."
        ]
    if issued_on > timezone.localdate(at):
        problems["issued_on"] = ["Ngày ban hành không thể sau hôm nay."]
    _refuse(problems)

    plan.number, plan.issued_on, plan.issued_by, plan.recorded_at = number, issued_on, actor, at
    plan.save(update_fields=["state", "number", "issued_on", "issued_by", "recorded_at"])
    opened = _open_congresses(plan, at=at)
    milestones.lay_out_under([plan, *amended_by(plan)])
    if amended:
        _tell_affected(plan, actor=actor, at=at)
        _renew_reminders(plan, at=at)
    if plan.organization.is_branch:
        for pk in plan.congresses.values_list("pk", flat=True):
            milestones.mark(pk, "branch_plan", actor=actor, at=at)
    audit.record("plan.issued", plan, actor=actor, at=at, notation=plan.notation, opened=opened)
    return plan


def _tell_affected(plan: Plan, *, actor: User, at: datetime) -> int:
    """Each branch whose deadlines change, and each committee below it, is told that they do and where to look."""
    effect = effect_of(plan)
    topic = f"{plan.label} đổi thời hạn"
    news = [
        News(
            one.organization_id,
            key=f"plan:{plan.pk}:{one.pk}",
            sentence=f"{one.name}: thời hạn đổi theo {plan.label}",
            url=reverse("congress:detail", args=[one.pk]),
            about_id=one.organization_id,
            topic=topic,
        )
        for one in effect.waiting
    ]
    counts = Counter(one.authority_id for one in effect.waiting)
    for pk in sorted((effect.organizations | set(counts)) - {plan.organization_id}):
        many = f" của {counts[pk]} đại hội thuộc cấp ủy" if counts[pk] else " của kế hoạch cấp ủy"
        news.append(
            News(
                pk,
                key=f"plan:{plan.pk}",
                sentence=f"{plan.label} của {plan.organization.committee} đổi thời hạn{many}",
                url=reverse("congress:plan", args=[plan.pk]),
                about_id=plan.organization_id,
                topic=topic,
            )
        )
    return tell(news, READERS, but=actor.pk, at=at)


def _renew_reminders(plan: Plan, *, at: datetime) -> None:
    """Who has been reminded of the old day reads the new one at once, not when the clock comes round."""
    waiting = Reminder.objects.filter(
        below(plan.organization.path, "about__"), key__startswith="congress:", seen_at__isnull=True
    )
    if plan.organization.depth and waiting.exists():
        reminding.remind_part(Part(plan.organization.path), at=at)


def _lock_line_to(issuer: Organization) -> None:
    """From the root down, so that a committee and one above it open congresses one after the other."""
    line = Organization.objects.filter(pk__in=[*issuer.ancestor_ids(), issuer.pk]).order_by("path")
    list(line.select_for_update(no_key=True))


def _open_congresses(plan: Plan, *, at: datetime) -> int:
    """Create the congresses the plan covers and hand over to it those whose plan is not of this committee or below."""
    new = _open(plan, queries.organizations_to_open(plan), at=at)
    if plan.coverage == Coverage.BRANCHES and not plan.amends.exists():
        covered = Congress.objects.filter(
            organization__in=branches_below(plan.organization), term_label=plan.term_label
        ).exclude(state=COMPLETE)
        nearer = Plan.objects.filter(below(plan.organization.path, "organization__"))
        hand_over(covered.exclude(plan__in=nearer), plan, at=at)
    if plan.coverage == Coverage.OWN and plan.organization.is_branch and not plan.amends.exists():
        own = Congress.objects.filter(organization=plan.organization, term_label=plan.term_label)
        hand_over(own.exclude(state=COMPLETE), plan, at=at)
    return len(new)


def hand_over(congresses: QuerySet[Congress], plan: Plan, *, at: datetime) -> None:
    """They go by ``plan`` from now on; by which they went until then is kept for days looked back on."""
    leaving = list(congresses.exclude(plan=plan).order_by().values_list("pk", "plan_id"))
    FormerPlan.objects.bulk_create(
        (FormerPlan(congress_id=pk, plan_id=former, until=at) for pk, former in leaving), batch_size=1000
    )
    congresses.update(plan=plan)


def _open(plan: Plan, organizations: Sequence[Organization], *, at: datetime) -> list[Congress]:
    decides = authorities_over(organizations)
    new = [
        Congress(
            organization=one,
            authority=decides[one.pk] or plan.organization,
            plan=plan,
            kind=plan.kind or AssemblyKind.MEMBERS,
            term_label=plan.term_label,
            state_since=at,
        )
        for one in organizations
    ]
    Congress.objects.bulk_create(new)
    CongressStep.objects.bulk_create(CongressStep(congress=one, state=one.state, entered_at=at) for one in new)
    return new


@transaction.atomic
def open_missing(plan_id: int, *, actor: User, at: datetime) -> int:
    """Mở đại hội of branches founded after the plan was issued; who issues plans does it. Returns how many.

    Raises NotAllowed, or IllegalTransition when every branch that it covers has its congress.
    """
    _lock_line_to(Organization.objects.get(plans=plan_id))
    plan = Plan.objects.select_for_update(of=("self",)).select_related("organization").get(pk=plan_id)
    policies.can_issue_plan(actor, plan.organization).require()
    missing = queries.left_without_congress(plan, on=timezone.localdate(at))
    if not missing:
        raise IllegalTransition(f"Mọi chi bộ thuộc phạm vi của {plan.label} đã có đại hội, không phải mở thêm.")
    new = _open(plan, missing, at=at)
    milestones.lay_out(new)
    audit.record("plan.congresses_opened", plan, actor=actor, at=at, opened=len(new))
    return len(new)
