"""Who helps a committee: members of subcommittees, who follows which branch, who represents it at which congress."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import audit
from accounts.errors import InvalidInput, StaleVersion
from accounts.models import User
from congress import policies
from congress.lifecycle import HELD
from congress.models import Congress, Following, Plan, Representation, Subcommittee, SubcommitteeMember
from congress.queries import congresses_under, sent_by
from congress.services.preparing import lock
from organizations.models import Member, Organization
from organizations.queries import below, members_of_committee, members_on_roll


@transaction.atomic
def set_up_subcommittee(
    plan_id: int,
    *,
    name: str,
    duties: str,
    actor: User,
    at: datetime,
    decision: str = "",
    decided_on: date | None = None,
) -> Subcommittee:
    """Thành lập tiểu ban, tổ giúp việc for the congresses of a plan. Raises NotAllowed or InvalidInput."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("organization").get(pk=plan_id)
    policies.can_guide(actor, plan.organization).require()
    if plan.subcommittees.filter(name=name.strip()).exists():
        raise InvalidInput(f"“{name.strip()}” đã được thành lập.", fields={"name": ["Tên này đã có."]})
    subcommittee = plan.subcommittees.create(
        organization=plan.organization,
        name=name.strip(),
        duties=duties,
        decision=decision.strip(),
        decided_on=decided_on,
    )
    audit.record("subcommittee.set_up", plan, actor=actor, at=at, name=subcommittee.name)
    return subcommittee


def _subcommittee(pk: int, actor: User) -> Subcommittee:
    found = Subcommittee.objects.select_for_update(of=("self",)).select_related("organization").get(pk=pk)
    policies.can_guide(actor, found.organization).require()
    return found


@transaction.atomic
def add_to_subcommittee(
    subcommittee_id: int, member_id: int, *, rank: str, duty: str, actor: User, at: datetime
) -> SubcommitteeMember:
    """Đưa đồng chí vào tiểu ban; one head at a time. Raises NotAllowed, or InvalidInput naming the field."""
    subcommittee = _subcommittee(subcommittee_id, actor)
    place = subcommittee.organization
    on_roll = members_on_roll(place, on=timezone.localdate(at), whole_tree=True)
    member = on_roll.filter(pk=member_id).first()
    if member is None:
        problem = f"Đồng chí không sinh hoạt tại {place.name} hoặc tổ chức trực thuộc. Chọn người khác."
        raise InvalidInput(problem, fields={"member": [problem]})
    serving = subcommittee.memberships.filter(ends_on__isnull=True)
    if serving.filter(member=member).exists():
        problem = f"Đồng chí {member.full_name} đã ở trong {subcommittee.name}."
        raise InvalidInput(problem, fields={"member": [problem]})
    if rank == SubcommitteeMember.Rank.HEAD and serving.filter(rank=rank).exists():
        problem = f"{subcommittee.name} đã có trưởng. Cho đồng chí ấy thôi tham gia trước."
        raise InvalidInput(problem, fields={"rank": [problem]})
    row = subcommittee.memberships.create(member=member, rank=rank, duty=duty.strip())
    audit.record("subcommittee.joined", subcommittee, actor=actor, at=at, name=member.full_name)
    return row


@transaction.atomic
def leave_subcommittee(membership_id: int, *, actor: User, at: datetime) -> None:
    """Cho đồng chí thôi tham gia from today on; the row stays."""
    row = SubcommitteeMember.objects.select_for_update(of=("self",)).select_related("member").get(pk=membership_id)
    subcommittee = _subcommittee(row.subcommittee_id, actor)
    if row.ends_on is None:
        row.ends_on = timezone.localdate(at)
        row.save(update_fields=["ends_on"])
        audit.record("subcommittee.left", subcommittee, actor=actor, at=at, name=row.member.full_name)


Choices = Mapping[int, int | None]
"""Row (branch or congress) id → member id, None for nobody."""


@transaction.atomic
def follow(committee_id: int, assignments: Choices, *, actor: User, at: datetime, shown: Choices | None = None) -> int:
    """Phân công theo dõi: branch id → member id of the committee, None for nobody; returns how many changed.

    ``shown``: what the page said when it was opened; rows left as shown are not touched. What was there before ends
    today. Raises NotAllowed, InvalidInput when somebody is not of the committee, or StaleVersion naming both when
    somebody else has changed a row meanwhile.
    """
    committee = Organization.objects.select_for_update().get(pk=committee_id)
    policies.can_guide(actor, committee).require()
    today = timezone.localdate(at)
    people = set(members_of_committee(committee, on=today).values_list("pk", flat=True))
    rows = Following.objects.select_for_update(of=("self",)).filter(committee=committee, ends_on__isnull=True)
    open_now = {one.organization_id: one for one in rows}
    now = {branch: one.member_id for branch, one in open_now.items()}
    wanted = _changed(assignments, shown, now)
    branches = set(Organization.objects.filter(below(committee.path), pk__in=wanted).values_list("pk", flat=True))
    strangers = {member for member in wanted.values() if member is not None} - people
    if strangers or set(wanted) - branches:
        raise InvalidInput(
            "Chỉ phân công đồng chí trong cấp ủy theo dõi tổ chức trực thuộc. Mở lại trang rồi chọn lại."
        )
    if shown is not None:
        names = Organization.objects.in_bulk(wanted)
        _refuse_if_changed(wanted, shown, now, lambda pk: names[pk].name)
    for branch, member in wanted.items():
        if known := open_now.get(branch):
            known.ends_on = max(today, known.starts_on)
            known.save(update_fields=["ends_on"])
        if member is not None:
            Following.objects.create(
                member_id=member, committee=committee, organization_id=branch, starts_on=today, assigned_by=actor
            )
    audit.record("following.assigned", committee, actor=actor, at=at, changed=len(wanted))
    return len(wanted)


def _changed(assignments: Choices, shown: Choices | None, now: Mapping[int, int]) -> dict[int, int | None]:
    """The rows that this person has changed and that do not stand so already."""
    return {
        row: member
        for row, member in assignments.items()
        if (shown is None or row not in shown or shown[row] != member) and now.get(row) != member
    }


def _refuse_if_changed(wanted: Choices, shown: Choices, now: Mapping[int, int], name_of: Callable[[int], str]) -> None:
    stale = [row for row in wanted if now.get(row) != shown.get(row)]
    if not stale:
        return
    people = Member.objects.in_bulk({pk for row in stale for pk in (now.get(row), wanted[row]) if pk is not None})

    def said(pk: int | None) -> str:
        return people[pk].display_name if pk is not None else "chưa phân công"

    lines = [f"{name_of(row)}: vừa ghi {said(now.get(row))}, đồng chí chọn {said(wanted[row])}" for row in stale[:5]]
    more = f"; và {len(stale) - 5} nơi nữa" if len(stale) > 5 else ""
    raise StaleVersion(
        f"Chưa lưu: người khác vừa phân công trong lúc đồng chí mở trang. {'; '.join(lines)}{more}. "
        "Xem lại các dòng này rồi lưu; lưu lần nữa thì ghi theo lựa chọn của đồng chí.",
        current=dict(now),
    )


@transaction.atomic
def represent(
    committee_id: int, assignments: Choices, *, actor: User, at: datetime, shown: Choices | None = None
) -> int:
    """Phân công dự đại hội: congress id → member id of the committee, None for nobody; returns how many changed.

    ``shown`` as for ``follow``. Congresses already held are left as they are. Raises NotAllowed, StaleVersion, or
    InvalidInput for a person or a congress that is not the committee's, and when one person would be at two
    congresses in one half day.
    """
    committee = Organization.objects.select_for_update().get(pk=committee_id)
    policies.can_guide(actor, committee).require()
    today = timezone.localdate(at)
    people = set(members_of_committee(committee, on=today).values_list("pk", flat=True))
    known = congresses_under(committee).exclude(state__in=HELD).select_related("organization")
    sent = sent_by(committee, on=today)
    attended = _attended_by(sent.filter(congress__in=assignments))
    now = {pk: members[0] for pk, members in attended.items()}
    twice = {pk for pk, members in attended.items() if len(members) > 1}  # settled by any choice
    wanted = _changed(assignments, shown, {pk: one for pk, one in now.items() if pk not in twice})
    congresses = {one.pk: one for one in known.filter(pk__in=wanted).order_by("pk")}
    if {member for member in wanted.values() if member is not None} - people or set(wanted) - set(congresses):
        raise InvalidInput("Chỉ phân công đồng chí trong cấp ủy dự đại hội chưa diễn ra. Mở lại trang rồi chọn lại.")
    if shown is not None:
        _refuse_if_changed(wanted, shown, now, lambda pk: congresses[pk].organization.name)
    changed = sum(_give(lock(pk), wanted[pk], sent, actor=actor, at=at) for pk in sorted(wanted))
    _refuse_clashes(people, of=set(wanted))
    audit.record("representation.assigned", committee, actor=actor, at=at, changed=changed)
    return changed


def _attended_by(sent: QuerySet[Representation]) -> dict[int, list[int]]:
    """Congress id → those whom the committee has sent there, whoever was sent first first."""
    found: dict[int, list[int]] = {}
    for congress, member in sent.values_list("congress_id", "member_id"):
        found.setdefault(congress, []).append(member)
    return found


def _give(congress: Congress, member: int | None, sent: QuerySet[Representation], *, actor: User, at: datetime) -> bool:
    """One representative of the committee at a congress; those of another committee stay."""
    own = sent.filter(congress=congress)
    if set(own.values_list("member_id", flat=True)) == ({member} - {None}):
        return False
    (own if member is None else own.exclude(member_id=member)).update(released_at=at)
    if member is not None and not own.filter(member_id=member).exists():
        congress.representations.create(member_id=member, assigned_by=actor, assigned_at=at)
    return True


def _refuse_clashes(people: set[int], *, of: set[int]) -> None:
    """Nobody twice in one half day, where one of the two was changed just now."""
    rows = (
        Representation.objects.filter(released_at__isnull=True, member__in=people, congress__planned_for__isnull=False)
        .exclude(congress__state__in=HELD)
        .select_related("member", "congress__organization")
        .order_by("pk")
    )
    seen: dict[tuple[int, date, bool], Representation] = {}
    for row in rows:
        moment = timezone.localtime(row.congress.planned_for)
        known = seen.setdefault((row.member_id, moment.date(), moment.hour >= 12), row)
        if known.congress_id != row.congress_id and {known.congress_id, row.congress_id} & of:
            part = "chiều" if moment.hour >= 12 else "sáng"
            raise InvalidInput(
                f"Đồng chí {row.member.full_name} không thể dự cùng {part} {moment:%d/%m/%Y} hai đại hội: "
                f"{known.congress.organization.name} và {row.congress.organization.name}. "
                "Chọn đồng chí khác cho một nơi."
            )
