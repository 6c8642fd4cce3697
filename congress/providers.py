"""Duties and sections that this app adds to the home page and to the page of an organization."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Count, F, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.roles import Role
from congress import policies, queries, readiness
from congress.duties import Duty
from congress.lifecycle import CLEARED, HELD, PLAN_DRAFT, PREPARING, RATIFIED, SITTING, STATE_NAMES, SUBMITTED
from congress.models import (
    AssemblyKind,
    ClearanceRequest,
    Congress,
    DeadlineKind,
    Deviation,
    Following,
    GuidanceKind,
    GuidanceReceipt,
    LessonDone,
    Plan,
)
from congress.queries import Deadline
from congress.reach import READERS, exactly_at, outermost, roles_for, under
from congress.stations import STOPPED, TONES, due_of, is_stopped
from organizations.models import BRANCH_TYPES, DECIDING_TYPES, Organization
from organizations.queries import below, branches_of, members_of_committee, without_role
from organizations.related import Item, Related

SHOWN_LETTERS = 20
EXAMINED = 3
"""Congresses of one person whose gaps are looked at one by one; a branch has one, and the home page stays fast."""

PREPARERS = (Role.SECRETARY, Role.CLERK)
STEP_OF = {
    PREPARING: readiness.CLEARANCE,
    CLEARED: readiness.OPENING,
    SITTING: readiness.CLOSING,
    RATIFIED: readiness.DOSSIER,
}
"""State of a congress → the step its branch prepares."""
LAST_ACT = {
    PREPARING: ("Trình cấp ủy duyệt đại hội", "Trình duyệt đại hội", "congress:clearance"),
    CLEARED: ("Khai mạc đại hội", "Ghi khai mạc", "congress:sitting"),
    SITTING: ("Bế mạc đại hội", "Ghi bế mạc", "congress:sitting"),
    RATIFIED: ("Hoàn tất hồ sơ đại hội", "Hoàn tất hồ sơ", "congress:dossier"),
}
"""State → sentence, button and page once nothing is missing any more."""


def plans_to_issue(user: User) -> Iterator[Duty]:
    """Dự thảo kế hoạch waiting for the approver of the committee itself, of a chi bộ for its secretary."""
    places = exactly_at(user, Role.APPROVER)
    own = exactly_at(user, Role.SECRETARY)
    places |= set(branches_of(Organization.objects.filter(pk__in=own)).values_list("pk", flat=True)) if own else set()
    if not places:
        return
    drafts = list(Plan.objects.filter(state=PLAN_DRAFT, organization__in=places).select_related("organization"))
    since = _drafted_at(drafts)
    for plan in drafts:
        yield Duty(
            sentence=f"Ban hành kế hoạch {plan.subject}",
            where=f"{plan.organization.committee}, nhiệm kỳ {plan.term_label}",
            button="Xem dự thảo kế hoạch",
            url=reverse("congress:plan", args=[plan.pk]),
            since=since.get(str(plan.pk), timezone.now()),
        )


def _drafted_at(drafts: list[Plan]) -> dict[str, datetime]:
    """Plan id → when it was last saved: a draft keeps no day of its own, the record of events does."""
    if not drafts:
        return {}
    saved = AuditEvent.objects.filter(
        action__in=("plan.drafted", "plan.saved"),
        subject_type="congress.plan",
        subject_id__in=[str(plan.pk) for plan in drafts],
    )
    return dict(saved.order_by("sequence").values_list("subject_id", "at"))


def branch_work(user: User) -> Iterator[Duty]:
    """What the secretary or the clerk does next: the first thing missing, then the step itself."""
    reach = under(user, *PREPARERS, prefix="organization__")
    found = queries.not_stopped(Congress.objects.filter(reach, state__in=STEP_OF), on=timezone.localdate())
    found = found.select_related("organization", "authority", "plan")
    congresses = list(found.order_by("state_since", "pk")[: EXAMINED * 20])
    deadlines = queries.deadlines_of_plans(congress.plan for congress in congresses) if congresses else {}
    for number, congress in enumerate(congresses):
        roles = roles_for(user, congress.organization.path, PREPARERS)
        duty = _next_of(congress, roles, deadlines[congress.plan_id], look_closer=number < EXAMINED)
        if duty is not None:
            yield duty


def _next_of(congress: Congress, roles: set[Role], deadlines: dict[str, Deadline], *, look_closer: bool) -> Duty | None:
    due_on = due_of(deadlines, congress.state)
    if not look_closer:
        return _duty(congress, "Chuẩn bị bước tiếp theo của đại hội", "Mở đại hội", "congress:detail", due_on)
    missing = readiness.gaps(congress, STEP_OF[congress.state])
    if not missing:
        if congress.state == PREPARING and Role.SECRETARY not in roles:
            return None
        sentence, button, url_name = LAST_ACT[congress.state]
        return _duty(congress, sentence, button, url_name, due_on)
    gap = next((one for one in missing if roles & set(one.owners)), None)
    if gap is None:
        return None
    if gap.url_name.startswith("documents:") and congress.state == PREPARING:
        due_on = deadlines[DeadlineKind.PAPERS].due_on if DeadlineKind.PAPERS in deadlines else due_on
    more = f" Sau việc này còn {len(missing) - 1} việc." if len(missing) > 1 else ""
    return Duty(
        sentence=gap.sentence.rstrip("."),
        where=f"{congress.name}.{more}",
        button=gap.action,
        url=reverse(gap.url_name, kwargs=gap.kwargs),
        since=congress.state_since,
        due_on=due_on,
    )


def _duty(congress: Congress, sentence: str, button: str, url_name: str, due_on: date | None) -> Duty:
    said, label = congress.said(sentence), congress.said(button)
    return Duty(said, congress.name, label, reverse(url_name, args=[congress.pk]), congress.state_since, due_on=due_on)


def clearances(user: User) -> Iterator[Duty]:
    """Hồ sơ trình duyệt at the approver's own committee, but not what this person submitted."""
    places = exactly_at(user, Role.APPROVER)
    if not places:
        return
    pending = (
        ClearanceRequest.objects.filter(
            outcome=ClearanceRequest.Outcome.PENDING, congress__state=SUBMITTED, congress__authority__in=places
        )
        .exclude(submitted_by=user)
        .select_related("congress__organization", "congress__plan")
    )
    requests = list(pending.order_by("submitted_at"))
    deadlines = queries.deadlines_of_plans(one.congress.plan for one in requests) if requests else {}
    for request in requests:
        congress = request.congress
        yield Duty(
            sentence=f"Xem xét hồ sơ trình duyệt đại hội của {congress.organization.name}",
            where=f"{congress.name}, lần trình {request.number}",
            button="Xem hồ sơ trình duyệt",
            url=reverse("congress:clearance", args=[congress.pk]),
            since=request.submitted_at,
            due_on=due_of(deadlines[congress.plan_id], congress.state),
        )


def deviations_to_answer(user: User) -> Iterator[Duty]:
    """Đề nghị làm khác kế hoạch at the approver's own committee, but not what this person asked."""
    places = exactly_at(user, Role.APPROVER)
    if not places:
        return
    waiting = Deviation.objects.filter(answer=Deviation.Answer.PENDING, congress__authority__in=places)
    for one in waiting.exclude(asked_by=user).select_related("congress__organization").order_by("asked_at"):
        yield Duty(
            sentence=f"Trả lời đề nghị làm khác kế hoạch của {one.congress.organization.name}",
            where=one.congress.name,
            button="Xem đề nghị",
            url=reverse("congress:deviation", args=[one.pk]),
            since=one.asked_at,
        )


def secretaries_to_appoint(user: User) -> Iterator[Duty]:
    """Chi bộ whose congress is open and where nobody is secretary on the system yet; one duty per place held."""
    today = timezone.localdate()
    bare = without_role(Organization.objects.filter(closed_on__isnull=True), Role.SECRETARY, on=today)
    for place in outermost(user, Role.SYSTEM_ADMINISTRATOR, Role.COMMITTEE_STAFF):
        waiting = Congress.objects.filter(
            below(place.path, "organization__"), state=PREPARING, organization__in=bare
        ).select_related("organization")
        first = waiting.order_by("state_since", "organization__path").first()
        if first is not None:
            count = branches_of(bare.filter(below(place.path))).count()
            yield _appointment(place, first, count)


def _appointment(place: Organization, first: Congress, count: int) -> Duty:
    """``count`` is what the list behind the button shows: every living branch without a secretary."""
    if count == 1:
        sentence, button = f"Mở tài khoản cho bí thư {first.organization.name}", "Mở tài khoản"
        address = reverse("organizations:open_account", args=[first.organization_id])
    else:
        sentence, button = f"Mở tài khoản cho bí thư của {count} chi bộ", "Lập tài khoản hàng loạt"
        address = reverse("organizations:make_accounts", args=[place.pk])
    return Duty(sentence, place.name, button, address, first.state_since)


def guidance_to_read(user: User) -> Iterator[Duty]:
    """Văn bản của cấp trên that nobody of one's own body has confirmed, and lessons not yet carried out."""
    places = exactly_at(user, *READERS)
    if not places:
        return
    unread = GuidanceReceipt.objects.filter(organization__in=places, read_at__isnull=True)
    for one in unread.select_related("guidance__organization", "organization", "guidance__recorded_by")[:SHOWN_LETTERS]:
        letter = one.guidance
        yield Duty(
            sentence=f"Đọc {letter.notation or 'thông báo'}: {letter.subject}",
            where=f"{letter.organization.committee} gửi {one.organization.name}",
            button="Mở văn bản",
            url=reverse("congress:guidance", args=[letter.pk]),
            since=_morning(letter.issued_on),
        )
    yield from _lessons_to_do(places)


def _lessons_to_do(places: set[int]) -> Iterator[Duty]:
    done = LessonDone.objects.filter(lesson__guidance=OuterRef("guidance"), organization=OuterRef("organization"))
    received = GuidanceReceipt.objects.filter(
        organization__in=places,
        organization__node_type__in=BRANCH_TYPES,
        guidance__kind=GuidanceKind.LESSONS,
        read_at__isnull=False,
    )
    counted = received.annotate(
        lessons=Count("guidance__lessons", distinct=True),
        done=Coalesce(Subquery(done.order_by().values("organization").annotate(n=Count("pk")).values("n")), 0),
        due=Min("guidance__lessons__due_on"),
    ).filter(lessons__gt=F("done"))
    for one in counted.select_related("guidance", "organization")[:SHOWN_LETTERS]:
        left = one.lessons - one.done  # type: ignore[attr-defined]  # annotated above
        yield Duty(
            sentence=f"Thực hiện {left} việc rút kinh nghiệm đại hội điểm",
            where=one.organization.name,
            button="Xem việc cần làm",
            url=reverse("congress:guidance", args=[one.guidance_id]),
            since=_morning(one.guidance.issued_on),
            due_on=one.due,  # type: ignore[attr-defined]  # annotated above
        )


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


DUTIES = (guidance_to_read, plans_to_issue, branch_work, clearances, deviations_to_answer, secretaries_to_appoint)


# ---- the page of an organization ----


def congresses_of(organization: Organization, user: User) -> Related | None:
    """Its congresses, newest term first."""
    found = organization.congresses.filter(pk__in=queries.visible_to(user).order_by().values("pk"))
    items = [
        Item(
            f"{one.get_kind_display() if one.kind != AssemblyKind.MEMBERS else 'Đại hội'} nhiệm kỳ {one.term_label}",
            reverse("congress:detail", args=[one.pk]),
            STOPPED if is_stopped(one) else STATE_NAMES[one.state],
            "stopped" if is_stopped(one) else TONES.get(one.state, "done" if one.state in HELD else "now"),
        )
        for one in found.select_related("organization").order_by("-term_label", "pk")
    ]
    if not items and not organization.is_branch:
        return None
    return Related("Đại hội", items, "Chưa mở đại hội. Đại hội được mở khi cấp ủy ban hành kế hoạch.")


def plans_of(organization: Organization, user: User) -> Related | None:
    """The committee's plans, or those a chi bộ makes for its own congress, with drafting where the person may."""
    if organization.node_type not in DECIDING_TYPES and not organization.is_branch:
        return None
    found = queries.plans_visible_to(user).filter(organization=organization)
    items = [
        Item(
            f"{plan.notation} {plan.subject}",
            reverse("congress:plan", args=[plan.pk]),
            plan.get_state_display(),
            "done" if plan.state != PLAN_DRAFT else "todo",
        )
        for plan in found
    ]
    may = policies.can_draft_plan(user, organization) and organization.closed_on is None
    if organization.is_branch and not items and not may:
        return None
    actions = [("Soạn kế hoạch", reverse("congress:draft_plan", args=[organization.pk]))] if may else []
    return Related("Kế hoạch", items, "Chưa có kế hoạch nào.", actions)


def work_shared_out(organization: Organization, user: User) -> Related | None:
    """Who follows which branch and attends which congress, at a committee whose work the person shares out."""
    if organization.node_type not in DECIDING_TYPES or not policies.can_guide(user, organization):
        return None
    today = timezone.localdate()
    followed = Following.objects.filter(committee=organization, ends_on__isnull=True).count()
    people = members_of_committee(organization, on=today).count()
    items = [
        Item(
            f"{people} cấp ủy viên, {followed} chi bộ có người theo dõi",
            reverse("congress:following", args=[organization.pk]),
        )
    ]
    actions = [
        ("Phân công theo dõi", reverse("congress:following", args=[organization.pk])),
        ("Phân công dự đại hội", reverse("congress:representatives", args=[organization.pk])),
    ]
    return Related("Phân công cấp ủy viên", items, "", actions)


RELATED = (congresses_of, plans_of, work_shared_out)
