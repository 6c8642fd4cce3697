"""Acts on the tree (việc tổ chức): each is one decision, one transaction, one row with what was before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import InvalidInput
from accounts.models import User
from organizations import impacts, policies, queries
from organizations.models import BRANCH_TYPES, Member, NodeType, Organization, RoleAssignment, Succession, TreeAct
from organizations.rules import placement
from organizations.services import locks, tree
from organizations.services.tree import Ground, NewBody, line, refuse

Kind = TreeAct.Kind


@dataclass(slots=True)
class _Record:
    """What one act writes besides its own rows; ``done`` closes it."""

    act: TreeAct
    lines: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def says(self, label: str, old: str, new: str) -> None:
        self.lines.append(line(label, old, new))

    def concerns(self, *organizations: Organization) -> None:
        self.act.organizations.add(*organizations)

    def done(self, change: impacts.Change) -> TreeAct:
        """Ask those above, keep what they say; they may refuse."""
        self.notes += impacts.of(change)
        self.act.details |= {"lines": self.lines, "notes": self.notes}
        self.act.save(update_fields=["details"])
        return self.act


def _begin(
    kind: str, organization_id: int, *, ground: Ground, actor: User, at: datetime, others: Sequence[int] = ()
) -> tuple[Organization, _Record]:
    """Lock, may, check the ground, open the act.

    ``others`` end with it: the holders of roles at all of them are locked at once, in one order.
    """
    tree.lock_tree()
    organization = {one.pk: one for one in _lock([organization_id, *others])}[organization_id]
    if kind in ENDING:
        ending = RoleAssignment.objects.filter(organization__in=[organization_id, *others], revoked_at=None)
        locks.lock_people(ending.values_list("user_id", flat=True))
    policies.can_manage_tree(actor, organization.parent or organization).require()
    _require_ground(kind, ground, organization, at=at)
    act = TreeAct.objects.create(
        kind=kind,
        decision=ground.decision.strip(),
        decided_on=ground.decided_on,
        effective_on=ground.effective_on,
        decided_by_id=ground.decided_by_id,
        recorded_by=actor,
        recorded_at=at,
    )
    act.organizations.add(organization)
    record = _Record(act)
    if ground.reaches_back:
        act.details["says_earlier"] = True
        record.notes.append(
            f"Có hiệu lực từ {ground.effective_on:%d/%m/%Y}, trước ngày quyết định {ground.decided_on:%d/%m/%Y}: "
            "người ghi đã xác nhận quyết định ghi rõ như vậy."
        )
    return organization, record


ENDING = (Kind.CLOSE, Kind.SPLIT, Kind.MERGE, Kind.CONSOLIDATE)
"""Roles are withdrawn by these."""
NEVER_BACK = {
    Kind.RENAME: "Tổ chức chỉ mang tên mới từ khi có quyết định",
    Kind.CONVERT: "Tổ chức chỉ theo loại hình mới từ khi có quyết định",
}
"""A name or a kind was not borne before anybody had decided it. What was founded, moved or ended may have been."""


def _why_not_back(kind: str, ground: Ground) -> tuple[str, str] | None:
    """Field and sentence where the effect lies before the day of the decision and may not, or is not confirmed.

    Decisions on organizations hold from the day they are signed or a later one; one that says otherwise is rare.
    """
    if not ground.reaches_back:
        return None
    if kind in NEVER_BACK:
        return "effective_on", f"{NEVER_BACK[Kind(kind)]} (ngày {ground.decided_on:%d/%m/%Y}). Ghi từ ngày đó trở đi."
    if not ground.says_earlier:
        return "says_earlier", (
            f"Hiệu lực từ {ground.effective_on:%d/%m/%Y} là trước ngày quyết định {ground.decided_on:%d/%m/%Y}. "
            "Kiểm tra lại hai ngày; nếu quyết định ghi rõ như vậy thì đánh dấu xác nhận ở đây."
        )
    return None


def _require_ground(kind: str, ground: Ground, organization: Organization, *, at: datetime) -> None:
    problems: dict[str, list[str]] = {}
    today = timezone.localdate(at)
    if not ground.decision.strip():
        problems["decision"] = ["Ghi số quyết định, ví dụ 118-QĐ/ĐU."]
    if ground.decided_on > today:
        problems["decided_on"] = ["Ngày quyết định không thể sau hôm nay."]
    if ground.effective_on > today:
        problems["effective_on"] = [
            f"Quyết định có hiệu lực từ {ground.effective_on:%d/%m/%Y}. Cây tổ chức ghi theo hiện tại: "
            "ghi việc này vào ngày quyết định có hiệu lực."
        ]
    elif found := _why_not_back(kind, ground):
        problems[found[0]] = [found[1]]
    if ground.decided_by_id not in (organization.pk, *organization.ancestor_ids()):
        problems["decided_by"] = [f"Cấp quyết định phải là cấp trên của {organization.name}."]
    if problems:
        raise InvalidInput("Căn cứ chưa đúng. Sửa các ô được nêu rồi xem lại.", fields=problems)
    _require_alive(organization, on=ground.effective_on)


def _require_alive(organization: Organization, *, on: date, name: str = "effective_on") -> None:
    if organization.closed_on is not None:
        refuse(name, f"{organization.name} đã kết thúc hoạt động từ {organization.closed_on:%d/%m/%Y}.")
    if organization.founded_on is not None and on <= organization.founded_on:
        refuse(
            name,
            f"{organization.name} thành lập ngày {organization.founded_on:%d/%m/%Y}; "
            "ngày hiệu lực phải sau ngày đó. Kiểm tra lại.",
        )


def _lock(ids: Sequence[int]) -> list[Organization]:
    """The organizations in the order asked for, locked; ids that are not there are left out."""
    rows = Organization.objects.select_for_update(of=("self",)).select_related("parent").filter(pk__in=ids)
    found = {one.pk: one for one in rows.order_by("pk")}
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


# ---- one organization ----


@transaction.atomic
def rename(
    organization_id: int,
    *,
    name: str,
    ground: Ground,
    actor: User,
    at: datetime,
    committee_name: str = "",
    symbol: str = "",
) -> TreeAct:
    """Đổi tên tổ chức; the former name stays with its dates. Raises NotAllowed or InvalidInput."""
    organization, record = _begin(Kind.RENAME, organization_id, ground=ground, actor=actor, at=at)
    wanted = {
        "name": name.strip(),
        "committee_name": committee_name.strip(),
        "symbol": symbol.strip() or organization.symbol,
    }
    labels = {"name": "Tên tổ chức", "committee_name": "Tên cấp ủy", "symbol": "Ký hiệu văn bản"}
    if not wanted["name"]:
        refuse("name", "Ghi tên mới của tổ chức.")
    changed = {key: value for key, value in wanted.items() if value != getattr(organization, key)}
    if not changed:
        refuse("name", f"{organization.name} đang có đúng tên này. Ghi tên mới, hoặc không cần ghi việc đổi tên.")
    before = organization.name
    for key, value in changed.items():
        record.says(labels[key], getattr(organization, key) or "chưa ghi", value or "không ghi")
    tree.set_name(organization, on=ground.effective_on, act=record.act, **changed)
    record.notes.append("Văn bản đã lập giữ nguyên tên cũ; văn bản lập từ nay mang tên mới.")

    act = record.done(impacts.Change(Kind.RENAME, ground.effective_on))
    audit.record("organization.renamed", organization, actor=actor, at=at, decision=act.decision, before=before)
    return act


@transaction.atomic
def convert(
    organization_id: int,
    *,
    node_type: str,
    ground: Ground,
    actor: User,
    at: datetime,
    committee_name: str = "",
    symbol: str = "",
) -> TreeAct:
    """Chuyển loại hình (chi bộ cơ sở thành đảng bộ cơ sở …). Raises NotAllowed or InvalidInput."""
    organization, record = _begin(Kind.CONVERT, organization_id, ground=ground, actor=actor, at=at)
    day, before = ground.effective_on, organization.get_node_type_display()
    if node_type == organization.node_type:
        refuse("node_type", f"{organization.name} đang là {before}. Chọn loại hình mới.")
    if organization.parent is not None:
        tree.require_placement(node_type, organization.parent, on=day, sector=organization.sector)
    for child in organization.children.filter(closed_on=None):
        problem = placement.why_not(child.node_type, node_type, labels=tree.LABELS, on=day, sector=child.sector)
        if problem:
            refuse("node_type", f"Còn {child.name} trực thuộc. {problem}")
    members = tree.on_roll(organization, on=day).count()
    if members and node_type not in BRANCH_TYPES:
        refuse(
            "node_type",
            f"{organization.name} còn {members} đảng viên sinh hoạt trực tiếp. Thành lập chi bộ trực thuộc bằng việc "
            "chia tách, chuyển các đồng chí về đó, rồi chuyển loại hình.",
        )
    record.says("Loại hình", before, tree.LABELS[node_type])
    wanted = {"committee_name": committee_name.strip(), "symbol": symbol.strip()}
    changed = {key: value for key, value in wanted.items() if value and value != getattr(organization, key)}
    tree.set_name(organization, on=day, act=record.act, node_type=node_type, **changed)

    act = record.done(impacts.Change(Kind.CONVERT, day, moved=(organization,)))
    audit.record(
        "organization.converted",
        organization,
        actor=actor,
        at=at,
        decision=act.decision,
        before=before,
        after=tree.LABELS[node_type],
    )
    return act


@transaction.atomic
def move(
    organization_id: int,
    parent_id: int,
    *,
    ground: Ground,
    actor: User,
    at: datetime,
    together_with: Sequence[int] = (),
) -> TreeAct:
    """Chuyển giao về cấp trên trực tiếp khác, with everything below; takes the right at both parents.

    ``together_with``: others of the same former parent, by the same decision. Raises NotAllowed or InvalidInput.
    """
    organization, record = _begin(Kind.MOVE, organization_id, ground=ground, actor=actor, at=at)
    former, day = organization.parent, ground.effective_on
    if former is None:
        refuse("parent", f"{organization.name} đứng đầu cây tổ chức nên không chuyển được.")
        raise AssertionError  # refuse does not return
    parent = Organization.objects.select_for_update().get(pk=parent_id)
    policies.can_manage_tree(actor, parent).require()
    others = [one for one in _lock(together_with) if one.pk != organization.pk]
    moved = (organization, *others)
    below = 0
    for one in moved:
        if one.parent_id != former.pk:
            refuse("together_with", f"{one.name} không trực thuộc {former.name}. Ghi việc chuyển riêng.")
        _require_alive(one, on=day, name="effective_on")
        _require_parent(one, parent, on=day)
        below += Organization.objects.filter(queries.below(one.path), closed_on=None).count() - 1
        tree.set_parent(one, parent, on=day, act=record.act)
        record.says(f"Cấp trên của {one.name}", former.name, parent.name)
    record.concerns(former, parent, *others)
    if below:
        record.notes.append(f"{below} tổ chức trực thuộc chuyển theo.")
    record.notes.append(
        f"Người có vai trò tại {former.name} và cấp trên của {former.name} không còn quyền tại những tổ chức chuyển đi "
        f"nếu không có vai trò ở cấp trên của {parent.name}; người có vai trò tại {parent.name} có quyền ngay."
    )

    act = record.done(impacts.Change(Kind.MOVE, day, moved=moved))
    audit.record(
        "organization.moved" if not others else "organization.moved_together",
        organization,
        actor=actor,
        at=at,
        decision=act.decision,
        before=former.name,
        after=parent.name,
        **({"others": len(others)} if others else {}),
    )
    return act


def _require_parent(organization: Organization, parent: Organization, *, on: date) -> None:
    if parent.pk == organization.parent_id:
        refuse("parent", f"{organization.name} đang trực thuộc {parent.name}. Chọn cấp trên khác.")
    if parent.path.startswith(organization.path):
        refuse("parent", f"{parent.name} nằm trong {organization.name}. Chọn cấp trên ở ngoài tổ chức này.")
    _require_alive(parent, on=on, name="parent")
    tree.require_placement(organization.node_type, parent, on=on, sector=organization.sector, name="parent")


@transaction.atomic
def close(organization_id: int, *, ground: Ground, actor: User, at: datetime) -> TreeAct:
    """Giải thể, kết thúc hoạt động: it stays readable and takes no new congress. Raises NotAllowed or InvalidInput."""
    organization, record = _begin(Kind.CLOSE, organization_id, ground=ground, actor=actor, at=at)
    if organization.parent_id is None:
        raise InvalidInput(f"{organization.name} đứng đầu cây tổ chức nên không kết thúc hoạt động trên hệ thống được.")
    tree.end_organization(organization, on=ground.effective_on)
    record.says(organization.name, "đang hoạt động", f"kết thúc hoạt động từ {ground.effective_on:%d/%m/%Y}")
    _withdraw_roles(record, organization, at=at)

    act = record.done(impacts.Change(Kind.CLOSE, ground.effective_on, ending=(organization,)))
    audit.record("organization.closed", organization, actor=actor, at=at, decision=act.decision)
    return act


def close_organization(
    organization_id: int, *, closed_on: date, decision: str, actor: User, at: datetime
) -> Organization:
    """``close`` by a decision of the direct superior, taken on the day it holds from."""
    organization = Organization.objects.get(pk=organization_id)
    ground = Ground(decision, closed_on, closed_on, organization.parent_id or organization.pk)
    close(organization_id, ground=ground, actor=actor, at=at)
    return Organization.objects.get(pk=organization_id)


def _withdraw_roles(record: _Record, *organizations: Organization, at: datetime) -> None:
    for one in organizations:
        number = tree.end_assignments(one.assignments.all(), at=at)
        if number:
            record.notes.append(f"{number} vai trò tại {one.name} hết hiệu lực ngay; chức vụ tại đó kết thúc.")


# ---- several organizations ----


@transaction.atomic
def split(
    organization_id: int,
    *,
    bodies: Sequence[NewBody],
    continues: bool,
    ground: Ground,
    actor: User,
    at: datetime,
    carries_ordinal: bool | None = None,
) -> TreeAct:
    """Chia tách: new organizations beside this one; it goes on, or ends and all its people go to the new ones.

    Raises NotAllowed or InvalidInput.
    """
    organization, record = _begin(Kind.SPLIT, organization_id, ground=ground, actor=actor, at=at)
    parent = organization.parent
    if parent is None:
        raise InvalidInput(f"{organization.name} đứng đầu cây tổ chức nên không chia tách được.")
    if not bodies or (not continues and len(bodies) < 2):
        refuse(
            "name_2" if bodies else "name_1",
            "Tổ chức cũ kết thúc hoạt động thì phải có từ hai tổ chức mới. Ghi thêm tổ chức mới, hoặc chọn tổ chức cũ "
            "tiếp tục hoạt động.",
        )
    made = [
        _split_off(organization, parent, body, record, ground=ground, at=at, carries=carries_ordinal) for body in bodies
    ]
    if not continues:
        tree.end_organization(organization, on=ground.effective_on)
        record.says(organization.name, "đang hoạt động", f"kết thúc hoạt động từ {ground.effective_on:%d/%m/%Y}")
        _withdraw_roles(record, organization, at=at)
    record.notes.append(_ordinal_note(Kind.SPLIT, carries_ordinal))

    moved = tuple(child for one in made for child in one.children.all())
    change = impacts.Change(
        Kind.SPLIT,
        ground.effective_on,
        ending=() if continues else (organization,),
        losing=(organization,) if continues and any(body.members for body in bodies) else (),
        moved=moved,
    )
    act = record.done(change)
    audit.record(
        "organization.divided", organization, actor=actor, at=at, decision=act.decision, names=tree.names_of(made)
    )
    return act


def _split_off(
    organization: Organization,
    parent: Organization,
    body: NewBody,
    record: _Record,
    *,
    ground: Ground,
    at: datetime,
    carries: bool | None,
) -> Organization:
    day, act = ground.effective_on, record.act
    made = tree.establish(
        parent,
        since=day,
        at=at,
        decision=act.decision,
        act=act,
        code=body.code,
        name=body.name.strip(),
        symbol=body.symbol,
        committee_name=body.committee_name,
        place=body.place or organization.place,
        sector=body.sector or organization.sector,
        node_type=organization.node_type,
    )
    record.concerns(made)
    record.says("Tổ chức mới", "", f"{made.name}, trực thuộc {parent.name}")
    _succeed(organization, made, Kind.SPLIT, act, carries=carries)
    if body.members and not made.is_branch:
        refuse("members", f"{made.name} không phải chi bộ; đảng viên sinh hoạt ở chi bộ.")
    members = list(tree.on_roll(organization, on=day).filter(pk__in=body.members).select_for_update())
    _hand_over(record, members, organization, made, on=day, at=at)
    for child in _lock(list(body.children)):
        if child.parent_id == organization.pk and child.closed_on is None:
            tree.set_parent(child, made, on=day, act=act)
            record.says(child.name, organization.name, made.name)
            record.concerns(child)
    return made


def _succeed(before: Organization, after: Organization, kind: str, act: TreeAct, *, carries: bool | None) -> None:
    """The link from one to the other; a pair that is linked already keeps its first act."""
    Succession.objects.get_or_create(
        predecessor=before,
        successor=after,
        defaults={
            "kind": kind,
            "decided_on": act.decided_on,
            "decision": act.decision,
            "carries_ordinal": carries,
            "act": act,
        },
    )


def _hand_over(
    record: _Record, members: list[Member], source: Organization, to: Organization, *, on: date, at: datetime
) -> None:
    """Members to another branch; what they held in the former one ends."""
    if not members:
        return
    tree.hand_over_members(members, to, on=on, decision=record.act.decision)
    record.says("Đảng viên", f"{len(members)} đồng chí thuộc {source.name}", f"sinh hoạt tại {to.name}")
    accounts = [one.user_id for one in members if one.user_id]
    ended = tree.end_assignments(RoleAssignment.objects.filter(organization=source, user__in=accounts), at=at)
    if ended:
        record.notes.append(
            f"{ended} vai trò tại {source.name} của các đồng chí chuyển đi hết hiệu lực ngay; "
            f"giao vai trò tại {to.name} nếu cần."
        )


def _ordinal_note(kind: str, carries: bool | None) -> str:
    if carries is False:
        return "Số thứ tự đại hội không tính tiếp: tổ chức mới bắt đầu từ đại hội lần thứ nhất."
    return "Số thứ tự đại hội tính tiếp qua các thời kỳ (HD 06-HD/TW)."


@transaction.atomic
def merge(
    organization_id: int,
    into_id: int,
    *,
    ground: Ground,
    actor: User,
    at: datetime,
    carries_ordinal: bool | None = None,
) -> TreeAct:
    """Sáp nhập: this organization ends, its members and what is below it go to the other one.

    Raises NotAllowed or InvalidInput.
    """
    organization, record = _begin(Kind.MERGE, organization_id, ground=ground, actor=actor, at=at, others=[into_id])
    if organization.parent_id is None:
        raise InvalidInput(f"{organization.name} đứng đầu cây tổ chức nên không sáp nhập được.")
    into = _lock([into_id])[0]
    policies.can_manage_tree(actor, into.parent or into).require()
    if into.pk == organization.pk or into.path.startswith(organization.path):
        refuse("into", f"Chọn tổ chức khác, không nằm trong {organization.name}.")
    _require_alive(into, on=ground.effective_on, name="into")
    _require_same_sort(organization, into)
    record.concerns(into)
    moved = _absorb(record, organization, into, ground=ground, at=at)
    _succeed(organization, into, Kind.MERGE, record.act, carries=carries_ordinal)
    record.notes.append(
        f"Số kỳ đại hội của {organization.name} {'không ' if carries_ordinal is False else ''}được cộng vào số thứ tự "
        f"đại hội của {into.name}."
    )

    change = impacts.Change(
        Kind.MERGE, ground.effective_on, ending=(organization,), moved=tuple(moved), receiving=(into,)
    )
    act = record.done(change)
    audit.record("organization.merged", organization, actor=actor, at=at, decision=act.decision, into=into.name)
    return act


def _require_same_sort(organization: Organization, other: Organization) -> None:
    if (
        organization.is_branch != other.is_branch
        or NodeType.TEAM in {organization.node_type, other.node_type}
        and (organization.node_type != other.node_type)
    ):
        refuse(
            "into",
            f"{organization.name} là {organization.get_node_type_display()}, {other.name} là "
            f"{other.get_node_type_display()}: chi bộ sáp nhập với chi bộ, đảng bộ với đảng bộ. "
            "Chuyển loại hình trước.",
        )


def _absorb(
    record: _Record, organization: Organization, into: Organization, *, ground: Ground, at: datetime
) -> list[Organization]:
    """Members and children to ``into``, then the organization ends; the children that moved."""
    day = ground.effective_on
    members = list(tree.on_roll(organization, on=day).select_for_update())
    _hand_over(record, members, organization, into, on=day, at=at)
    children = _lock(list(organization.children.filter(closed_on=None).values_list("pk", flat=True)))
    for child in children:
        tree.require_placement(child.node_type, into, on=day, sector=child.sector, name="into")
        tree.set_parent(child, into, on=day, act=record.act)
        record.says(child.name, organization.name, into.name)
    record.concerns(*children)
    tree.end_organization(organization, on=day)
    record.says(organization.name, "đang hoạt động", f"kết thúc hoạt động từ {day:%d/%m/%Y}")
    _withdraw_roles(record, organization, at=at)
    return children


@transaction.atomic
def consolidate(
    organization_id: int,
    *,
    others: Sequence[int],
    body: NewBody,
    ground: Ground,
    actor: User,
    at: datetime,
    carries: Mapping[int, bool] | None = None,
) -> TreeAct:
    """Hợp nhất: this organization and ``others`` end, a new one beside the first takes over everything.

    ``carries``: id of a former organization → whether its congresses are counted on; others as HD 06 says.
    Raises NotAllowed or InvalidInput.
    """
    organization, record = _begin(Kind.CONSOLIDATE, organization_id, ground=ground, actor=actor, at=at, others=others)
    parent, day = organization.parent, ground.effective_on
    if parent is None:
        raise InvalidInput(f"{organization.name} đứng đầu cây tổ chức nên không hợp nhất được.")
    sources = [organization, *(one for one in _lock(list(others)) if one.pk != organization.pk)]
    if len(sources) < 2:
        refuse("others", "Hợp nhất cần từ hai tổ chức. Chọn thêm tổ chức được hợp nhất.")
    for one in sources[1:]:
        policies.can_manage_tree(actor, one.parent or one).require()
        _require_alive(one, on=day, name="others")
        if one.path.startswith(organization.path) or organization.path.startswith(one.path):
            refuse("others", f"{one.name} và {organization.name} nằm trong nhau. Ghi việc sáp nhập.")
        if one.node_type != organization.node_type:
            refuse("others", f"{one.name} là {one.get_node_type_display()}, khác loại hình của {organization.name}.")
    made = tree.establish(
        parent,
        since=day,
        at=at,
        decision=record.act.decision,
        act=record.act,
        code=body.code,
        name=body.name.strip(),
        symbol=body.symbol,
        committee_name=body.committee_name,
        place=body.place or organization.place,
        sector=body.sector or organization.sector,
        node_type=organization.node_type,
    )
    record.says("Tổ chức mới", "", f"{made.name}, trực thuộc {parent.name}")
    record.concerns(made, *sources)
    moved: list[Organization] = []
    for one in sources:
        moved += _absorb(record, one, made, ground=ground, at=at)
        _succeed(one, made, Kind.CONSOLIDATE, record.act, carries=(carries or {}).get(one.pk))
    left_out = [one for one in sources if (carries or {}).get(one.pk) is False]
    record.notes.append(
        f"Số thứ tự đại hội không tính tiếp từ {tree.names_of(left_out)}."
        if left_out
        else _ordinal_note(Kind.CONSOLIDATE, None)
    )

    act = record.done(impacts.Change(Kind.CONSOLIDATE, day, ending=tuple(sources), moved=tuple(moved)))
    audit.record(
        "organization.consolidated", made, actor=actor, at=at, decision=act.decision, names=tree.names_of(sources)
    )
    return act


# ---- counting congresses ----


@transaction.atomic
def set_ordinal_basis(
    organization_id: int,
    *,
    congresses_before: int | None,
    carries: Mapping[int, bool | None],
    actor: User,
    at: datetime,
) -> Organization:
    """Ghi cách tính số thứ tự đại hội: how many there were before, and which former organizations count.

    ``carries``: id of a succession to this organization → counted on or not; None: as HD 06-HD/TW says.
    """
    organization = Organization.objects.select_for_update(of=("self",)).select_related("parent").get(pk=organization_id)
    policies.can_manage_tree(actor, organization.parent or organization).require()
    organization.congresses_before = congresses_before
    organization.save(update_fields=["congresses_before"])
    for row in organization.origins.filter(pk__in=carries):
        row.carries_ordinal = carries[row.pk]
        row.save(update_fields=["carries_ordinal"])
    known = "chưa rõ" if congresses_before is None else str(congresses_before)
    audit.record("organization.ordinal_set", organization, actor=actor, at=at, known=known)
    return organization
