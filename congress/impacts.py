"""What an act on the tree does to congresses: who decides changes, what is under way holds the act up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.errors import InvalidInput
from congress.lifecycle import (
    CLEARED,
    CLOSED,
    COMPLETE,
    PLAN_ISSUED,
    PREPARING,
    RATIFIED,
    REPORTED,
    SITTING,
    STATE_NAMES,
    SUBMITTED,
)
from congress.models import Congress, Coverage, FormerPlan, Plan
from congress.services import milestones
from organizations.impacts import Change
from organizations.models import Organization
from organizations.queries import authorities_over, below_any

UNDER_WAY = (SITTING, CLOSED, REPORTED)
"""From the opening until ratified: whoever was elected there is not confirmed yet."""
AT_THE_SUPERIOR = (SUBMITTED, REPORTED)
"""A dossier lies with the deciding committee."""
NAMED = 3
"""Congresses that a refusal names."""


def follow(change: Change) -> Iterable[str]:
    """Refuse while a congress cannot bear the act; else adjust who decides, and say what becomes of each."""
    _refuse_under_way(change.ending + change.losing)
    _refuse_submitted(change.ending)
    _refuse_later(change)
    return [
        *_stopped(change.ending),
        *_rolls(change.losing, "chuyển đi"),
        *_rolls(change.receiving, "chuyển đến", since=change.day),
        *_new_authorities(change.moved),
        *_other_plans(change.moved, change.day),
    ]


def _of(organizations: Sequence[Organization]) -> QuerySet[Congress]:
    return Congress.objects.filter(organization__in=organizations).select_related("organization", "authority")


def _named(congresses: Sequence[Congress]) -> str:
    names = "; ".join(f"{one.name} ({STATE_NAMES[one.state].lower()})" for one in congresses[:NAMED])
    more = len(congresses) - NAMED
    return f"{names}; và {more} đại hội khác" if more > 0 else names


def _refuse_under_way(organizations: Sequence[Organization]) -> None:
    found = list(_of(organizations).filter(state__in=UNDER_WAY).select_for_update(of=("self",)))
    if found:
        raise InvalidInput(
            f"Đại hội chưa xong: {_named(found)}. Hoàn thành đến khi kết quả bầu cử được chuẩn y, rồi ghi việc tổ chức."
        )


def _refuse_submitted(organizations: Sequence[Organization]) -> None:
    found = list(_of(organizations).filter(state=SUBMITTED).select_for_update(of=("self",)))
    if found:
        raise InvalidInput(
            f"Hồ sơ trình duyệt đang ở cấp trên: {_named(found)}. Chi bộ rút hồ sơ hoặc cấp trên trả lại trước."
        )


def _refuse_later(change: Change) -> None:
    """A congress that was opened on or after the day of the act would belong to what no longer was."""
    for one in _of(change.ending).filter(opened_at__isnull=False):
        if one.held_on is not None and one.held_on >= change.day:
            raise InvalidInput(
                f"{one.name} khai mạc ngày {one.held_on:%d/%m/%Y}, không trước ngày hiệu lực "
                f"{change.day:%d/%m/%Y}. Kiểm tra lại ngày hiệu lực.",
                fields={"effective_on": [f"Ngày hiệu lực phải sau đại hội ngày {one.held_on:%d/%m/%Y}."]},
            )


def _stopped(organizations: Sequence[Organization]) -> Iterator[str]:
    for one in _of(organizations).filter(state__in=(PREPARING, CLEARED, RATIFIED)):
        if one.state == RATIFIED:
            yield f"{one.name} đã chuẩn y, hồ sơ chưa hoàn tất: cấp trên hoàn tất thay."
        else:
            yield f"{one.name} dừng ở bước “{STATE_NAMES[one.state]}”: không tiến hành nữa, hồ sơ vẫn xem được."


def _rolls(organizations: Sequence[Organization], went: str, *, since: date | None = None) -> Iterator[str]:
    """Rolls made already that the act has changed; not of a congress that will have met before ``since``."""
    waiting = _of(organizations).filter(state__in=(PREPARING, SUBMITTED, CLEARED), attendances__isnull=False)
    for one in waiting.distinct():
        meets_on = timezone.localdate(one.planned_for) if one.planned_for else None
        if since is not None and meets_on is not None and timezone.localdate() <= meets_on < since:
            continue
        yield (
            f"{one.name} ({STATE_NAMES[one.state].lower()}) đã lập danh sách triệu tập: lập lại danh sách và tính lại "
            f"cơ sở bầu cử, biểu quyết vì có đồng chí {went}."
        )


def _new_authorities(moved: Sequence[Organization]) -> Iterator[str]:
    """Open congresses below get the deciding committee of their new place, in as many updates as committees."""
    if not moved:
        return
    reach = below_any((one.path for one in moved), "organization__")
    rows = Congress.objects.filter(reach & ~Q(state__in=(RATIFIED, COMPLETE)))
    found = list(
        rows.select_related("organization", "authority", "plan__organization")
        .select_for_update(of=("self",))
        .order_by("organization__path")
    )
    decides = authorities_over([one.organization for one in found])
    changed: dict[Organization, list[Congress]] = {}
    for one in found:
        committee = decides[one.organization_id]
        if committee is not None and committee.pk != one.authority_id:
            changed.setdefault(committee, []).append(one)
    held_up = [one for many in changed.values() for one in many if one.state in AT_THE_SUPERIOR]
    if held_up:
        raise InvalidInput(
            f"Hồ sơ đang ở {held_up[0].authority.committee}: {_named(held_up)}. "
            "Cấp đó duyệt, chuẩn y hoặc trả lại xong rồi mới chuyển."
        )
    for committee, many in changed.items():
        Congress.objects.filter(pk__in=[one.pk for one in many]).update(authority=committee)
        yield f"{_summary(many)} do {committee.committee} duyệt và chuẩn y, thay cho {many[0].authority.committee}."


def _other_plans(moved: Sequence[Organization], day: date) -> Iterator[str]:
    """What is not yet submitted goes on under the plan of the new superior, where there is one for the term."""
    reach = below_any((one.path for one in moved), "organization__")
    found = Congress.objects.filter(reach, state__in=(PREPARING, CLEARED)).select_related(
        "organization", "plan__organization"
    )
    for one in found:
        line = [*one.organization.ancestor_ids(), one.organization_id]
        if one.plan.organization_id in line:
            continue
        plans = Plan.objects.filter(
            organization__in=line, term_label=one.term_label, coverage=Coverage.BRANCHES, state=PLAN_ISSUED, amends=None
        )
        plan = plans.select_related("organization").order_by("-organization__depth", "-issued_on").first()
        if plan is None:
            yield f"{one.name} vẫn theo {_in_words(one.plan)} cho đến khi cấp trên mới ban hành kế hoạch."
        else:
            before, one.plan = one.plan, plan
            FormerPlan.objects.create(congress=one, plan=before, until=_beginning_of(day))
            one.save(update_fields=["plan"])
            milestones.lay_out([one])
            yield f"{one.name} thực hiện theo {_in_words(plan)}, thay cho {_in_words(before)}."


def _beginning_of(day: date) -> datetime:
    """From then on the branch is shown at its new place."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _in_words(plan: Plan) -> str:
    return f"kế hoạch số {plan.notation} của {plan.organization.committee}"


def _summary(congresses: Sequence[Congress]) -> str:
    return congresses[0].name if len(congresses) == 1 else f"{len(congresses)} đại hội đang mở"
