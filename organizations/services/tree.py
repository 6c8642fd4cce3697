"""Where organizations stand: founding one, and the dated rows and paths that every act on the tree writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Case, F, Q, Value, When
from django.db.models.functions import Concat, Substr
from django.utils import timezone

from accounts import audit
from accounts import services as account_services
from accounts.errors import InvalidInput
from accounts.models import User
from organizations import policies, queries
from organizations.models import (
    Member,
    Membership,
    NodeType,
    Organization,
    OrganizationName,
    OrganizationParent,
    PostHolding,
    RoleAssignment,
    Succession,
    TreeAct,
)
from organizations.rules import placement
from organizations.rules.names import fold
from organizations.services import locks

LABELS = {one.value: one.label for one in NodeType}
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ground:
    """The decision behind an act: its number, its day, whose it is, and the day from which it holds.

    ``says_earlier``: whoever records it has confirmed that the text itself sets a day before its own.
    """

    decision: str
    decided_on: date
    effective_on: date
    decided_by_id: int
    says_earlier: bool = False

    @property
    def reaches_back(self) -> bool:
        return self.effective_on < self.decided_on


@dataclass(frozen=True, slots=True)
class NewBody:
    """An organization that an act founds, and whom of the former one it takes over."""

    code: str
    name: str
    symbol: str
    committee_name: str = ""
    place: str = ""
    sector: str = ""
    members: Sequence[int] = ()
    children: Sequence[int] = ()
    extra: dict[str, Any] = field(default_factory=dict)


def refuse(field_name: str, sentence: str) -> None:
    raise InvalidInput(sentence, fields={field_name: [sentence]})


def lock_tree() -> None:
    """One act on the tree at a time, and none while a plan opens congresses: each reads paths the other writes."""
    list(Organization.objects.filter(parent=None).select_for_update(no_key=True).order_by("pk"))


# ---- founding ----


def search_name_of(organization: Organization) -> str:
    """Cut to its column: some signs become several."""
    return fold(f"{organization.name} {organization.code}")[:300]


def _store(organization: Organization, parent: Organization | None) -> None:
    """A new organization under its parent; the path needs the id, so it is written twice."""
    organization.parent = parent
    organization.depth = parent.depth + 1 if parent else 0
    organization.path = f"new/{organization.code}/"
    try:
        with transaction.atomic():
            organization.save()
    except IntegrityError as taken:  # the same code under another parent, at the same moment
        message = f"Mã “{organization.code}” đã có. Chọn mã khác."
        raise InvalidInput(message, fields={"code": [message]}) from taken
    organization.path = f"{parent.path if parent else ''}{organization.pk}/"
    organization.save(update_fields=["path"])


def require_placement(
    node_type: str, parent: Organization, *, on: date | None, sector: str = "", name: str = "node_type"
) -> None:
    """Raise InvalidInput when such an organization does not stand directly under ``parent`` that day."""
    if parent.is_branch and node_type != NodeType.TEAM:
        raise InvalidInput(
            f"{parent.name} là chi bộ, dưới chi bộ chỉ có tổ đảng. Chọn cấp trên khác.",
            fields={name: ["Dưới chi bộ chỉ có tổ đảng."]},
        )
    if problem := placement.why_not(node_type, parent.node_type, labels=LABELS, on=on, sector=sector):
        refuse(name, problem)


def establish(
    parent: Organization | None,
    *,
    since: date | None,
    at: datetime,
    decision: str = "",
    act: TreeAct | None = None,
    **fields: Any,
) -> Organization:
    """The rows of a new organization, for a caller that has asked its own policy and writes its own event."""
    code = fields.get("code")
    if Organization.objects.filter(code=code).exists():
        raise InvalidInput(
            f"Mã “{code}” đã dùng cho tổ chức khác. Chọn mã khác.",
            fields={"code": [f"Mã “{code}” đã có. Chọn mã khác."]},
        )
    organization = Organization(founded_on=since, founding_decision=decision, **fields)
    organization.search_name = search_name_of(organization)
    if parent is not None:
        require_placement(organization.node_type, parent, on=since, sector=organization.sector)
    _store(organization, parent)
    organization.names.create(
        name=organization.name,
        committee_name=organization.committee_name,
        node_type=organization.node_type,
        starts_on=since,
        act=act,
    )
    if parent is not None:
        organization.parents.create(
            parent=parent, starts_on=since or timezone.localdate(at), decision=decision, act=act
        )
    return organization


@transaction.atomic
def found_organization(
    *,
    parent_id: int | None,
    actor: User | None,
    at: datetime,
    founded_on: date | None = None,
    founding_decision: str = "",
    **fields: Any,
) -> Organization:
    """Thành lập tổ chức đảng under ``parent_id`` (None: the root, only by the installation itself).

    With the day and the decision known it is an act on the tree; without, an existing organization is entered.
    ``fields`` are those of ``Organization`` (code, name, symbol, node_type, …).
    Raises NotAllowed, or InvalidInput naming the field.
    """
    lock_tree()
    parent = Organization.objects.select_for_update().get(pk=parent_id) if parent_id else None
    if parent is not None and actor is not None:
        policies.can_manage_tree(actor, parent).require()
    if parent is None and actor is not None and Organization.objects.exists():
        raise InvalidInput(
            "Tổ chức mới phải có cấp trên trực tiếp. Chọn cấp trên rồi lưu lại.",
            fields={"parent": ["Chọn cấp trên trực tiếp của tổ chức."]},
        )
    if parent is not None and parent.closed_on is not None:
        raise InvalidInput(f"{parent.name} đã kết thúc hoạt động. Chọn cấp trên khác.")
    organization = establish(parent, since=founded_on, at=at, decision=founding_decision, **fields)
    if parent is not None and founded_on and founding_decision:
        act = TreeAct.objects.create(
            kind=TreeAct.Kind.FOUND,
            decision=founding_decision,
            decided_on=founded_on,
            effective_on=founded_on,
            decided_by=parent,
            details={"lines": [line("Tổ chức mới", "", f"{organization.name}, trực thuộc {parent.name}")]},
            recorded_by=actor,
            recorded_at=at,
        )
        act.organizations.add(organization)
        OrganizationParent.objects.filter(organization=organization).update(act=act)
        OrganizationName.objects.filter(organization=organization).update(act=act)
    audit.record("organization.founded", organization, actor=actor, at=at, decision=organization.founding_decision)
    return organization


def line(label: str, old: str, new: str) -> dict[str, str]:
    """One row of "before → after" in the details of an act."""
    return {"label": label, "old": old, "new": new}


@transaction.atomic
def record_split(
    predecessor_id: int,
    successor_id: int,
    *,
    decision: str,
    decided_on: date,
    actor: User,
    at: datetime,
    carries_ordinal: bool | None = None,
) -> Succession:
    """Ghi nguồn gốc: an organization that is already in the tree had been split off from another one."""
    lock_tree()
    successor = Organization.objects.select_for_update().get(pk=successor_id)
    policies.can_manage_tree(actor, successor.parent or successor).require()
    predecessor = Organization.objects.get(pk=predecessor_id)
    act = TreeAct.objects.create(
        kind=TreeAct.Kind.SPLIT,
        decision=decision,
        decided_on=decided_on,
        effective_on=successor.founded_on or decided_on,
        decided_by=successor.parent or successor,
        details={"lines": [line("Nguồn gốc", "", f"{successor.name} chia tách từ {predecessor.name}")]},
        recorded_by=actor,
        recorded_at=at,
    )
    act.organizations.add(predecessor, successor)
    succession = Succession.objects.create(
        predecessor=predecessor,
        successor=successor,
        kind=Succession.Kind.SPLIT,
        decided_on=decided_on,
        decision=decision,
        carries_ordinal=carries_ordinal,
        act=act,
    )
    audit.record("organization.split", successor, actor=actor, at=at, decision=decision, source=str(predecessor))
    return succession


# ---- dated rows ----


def _require_after(row_starts_on: date | None, day: date, *, may_reach_back: bool, what: str) -> None:
    if row_starts_on is not None and day <= row_starts_on and not may_reach_back:
        refuse(
            "effective_on",
            f"{what} có từ {row_starts_on:%d/%m/%Y}; ngày hiệu lực phải sau ngày đó. "
            "Việc tổ chức được ghi theo thứ tự thời gian.",
        )


def end_parent(organization: Organization, *, on: date) -> None:
    """The present parent was the parent until that day.

    Where nobody knows since when, the first row only says from when it was known: it reaches back as far as needed.
    """
    row = organization.parents.filter(ends_on=None).first()
    if row is None:
        return
    only_known = row.act_id is None and organization.founded_on is None and organization.parents.count() == 1
    _require_after(row.starts_on, on, may_reach_back=only_known, what=f"Cấp trên hiện nay của {organization.name}")
    row.starts_on = min(row.starts_on, on - A_DAY)
    row.ends_on = on
    row.save(update_fields=["starts_on", "ends_on"])


def set_parent(organization: Organization, parent: Organization, *, on: date, act: TreeAct) -> None:
    """Under another parent from that day, everything below comes along; the act keeps both paths.

    Events stay filed where they happened: the pair leads from the present place to the former one.
    """
    end_parent(organization, on=on)
    organization.parents.create(parent=parent, starts_on=on, decision=act.decision, act=act)
    before = organization.path
    relocate(organization, parent)
    act.details.setdefault("paths", []).append([before, organization.path])


def relocate(organization: Organization, parent: Organization) -> None:
    """Path and depth of the whole subtree in one statement over its range of the index."""
    old, new = organization.path, f"{parent.path}{organization.pk}/"
    Organization.objects.filter(queries.below(old)).update(
        parent=Case(
            When(pk=organization.pk, then=Value(parent.pk)), default=F("parent_id"), output_field=BigIntegerField()
        ),
        path=Concat(Value(new), Substr("path", len(old) + 1)),
        depth=F("depth") + (parent.depth + 1 - organization.depth),
    )
    organization.parent, organization.path, organization.depth = parent, new, parent.depth + 1


def end_name(organization: Organization, *, on: date) -> None:
    """What it is called now, it was called until that day."""
    row = organization.names.filter(ends_on=None).first()
    if row is None:  # entered without dated names
        row = OrganizationName(
            organization=organization,
            name=organization.name,
            committee_name=organization.committee_name,
            node_type=organization.node_type,
            starts_on=organization.founded_on,
        )
    _require_after(row.starts_on, on, may_reach_back=False, what=f"Tên, loại hình hiện nay của {organization.name}")
    row.ends_on = on
    row.save()


def set_name(organization: Organization, *, on: date, act: TreeAct, **fields: str) -> None:
    """Called, or of the kind, that ``fields`` say from that day."""
    end_name(organization, on=on)
    for name, value in fields.items():
        setattr(organization, name, value)
    organization.search_name = search_name_of(organization)
    organization.save(update_fields=[*fields, "search_name"])
    organization.names.create(
        name=organization.name,
        committee_name=organization.committee_name,
        node_type=organization.node_type,
        starts_on=on,
        act=act,
    )


# ---- people ----


def hand_over_members(members: Sequence[Member], to: Organization, *, on: date, decision: str) -> None:
    """They belong to ``to`` from that day; where they belonged before is kept.

    Posts of the branch they leave end; those of a committee above it stay.
    """
    late = next((one for one in members if one.joined_on and one.joined_on > on), None)
    if late is not None and late.joined_on is not None:
        refuse(
            "effective_on",
            f"Đồng chí {late.full_name} về chi bộ ngày {late.joined_on:%d/%m/%Y}, sau ngày hiệu lực. "
            "Kiểm tra lại ngày về chi bộ hoặc ngày hiệu lực.",
        )
    Membership.objects.bulk_create(
        Membership(
            member=one, organization_id=one.organization_id, starts_on=one.joined_on, ends_on=on, decision=decision
        )
        for one in members
    )
    ids = [one.pk for one in members]
    left = {one.organization_id for one in members}
    end_posts_held(PostHolding.objects.filter(member__in=ids, organization__in=left), on=on)
    Member.objects.filter(pk__in=ids).update(organization=to, joined_on=on)


def end_posts_held(posts: Any, *, on: date) -> None:
    """Open posts end that day; one that began later would end before it began."""
    still_open = posts.filter(ends_on=None)
    late = still_open.filter(starts_on__gt=on).select_related("member", "organization").first()
    if late is not None:
        refuse(
            "effective_on",
            f"Đồng chí {late.member.full_name} giữ chức vụ tại {late.organization.name} từ "
            f"{late.starts_on:%d/%m/%Y}, sau ngày hiệu lực. Kiểm tra lại ngày hiệu lực.",
        )
    still_open.update(ends_on=on)


def end_assignments(assignments: Any, *, at: datetime) -> int:
    """Roles there are withdrawn at once and the sessions of their holders end; how many there were.

    The caller holds the place; the holders are locked before the roles.
    """
    today = timezone.localdate(at)
    living = assignments.filter(Q(ends_on=None) | Q(ends_on__gte=today), revoked_at=None)
    people = locks.lock_people(living.values_list("user_id", flat=True))
    rows = list(living.filter(user__in=people).values_list("pk", "user_id"))
    RoleAssignment.objects.filter(pk__in=[pk for pk, _ in rows]).update(revoked_at=at)
    for user_id in {user_id for _, user_id in rows}:
        account_services.end_sessions_of(people[user_id])
    return len(rows)


def end_organization(organization: Organization, *, on: date) -> None:
    """No longer active from that day; nothing may be left below it. Raises InvalidInput."""
    left = list(organization.children.filter(closed_on=None).values_list("name", flat=True)[:3])
    if left:
        raise InvalidInput(
            f"{organization.name} còn tổ chức trực thuộc đang hoạt động ({', '.join(left)}). "
            "Chuyển hoặc kết thúc các tổ chức đó trước."
        )
    remaining = on_roll(organization, on=on).count()
    if remaining:
        raise InvalidInput(
            f"{organization.name} còn {remaining} đảng viên. Chuyển sinh hoạt đảng cho các đồng chí trước, "
            "hoặc ghi việc sáp nhập để cùng chuyển sang chi bộ khác."
        )
    end_parent(organization, on=on)
    end_name(organization, on=on)
    end_posts_held(organization.posts, on=on)
    organization.closed_on = on
    organization.save(update_fields=["closed_on"])


def on_roll(organization: Organization, *, on: date) -> Any:
    """Members who have not left by that day, also those who came later: nobody is forgotten by an act."""
    return organization.members.filter(Q(left_on=None) | Q(left_on__gt=on))


def names_of(organizations: Iterable[Organization]) -> str:
    return ", ".join(one.name for one in organizations)
