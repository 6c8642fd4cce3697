"""The rolls of the branches: members, their standings and the posts they hold."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import audit, wording
from accounts.errors import InvalidInput, StaleVersion
from accounts.models import User
from organizations import policies, queries
from organizations.models import (
    Member,
    MemberStanding,
    Organization,
    Post,
    PostHolding,
)
from organizations.rules import names, particulars


def _checked_member(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields as they are stored: the name in NFC (the same letters, one way to encode them), its spelling kept."""
    full_name = unicodedata.normalize("NFC", str(fields.get("full_name", ""))).strip()
    days = {name: fields.get(name) for name in ("born_on", "admitted_on", "official_on")}
    problems = {name: [text] for name, text in particulars.problems(full_name, **days).items()}
    if problems:
        raise InvalidInput("Thông tin đảng viên chưa đúng. Sửa các ô được nêu rồi lưu lại.", fields=problems)
    return {**fields, "full_name": full_name} | names.columns(full_name)


@transaction.atomic
def enroll_member(organization_id: int, *, actor: User, at: datetime, **fields: Any) -> Member:
    """Thêm đảng viên vào chi bộ. Raises NotAllowed or InvalidInput."""
    organization = Organization.objects.select_for_update().get(pk=organization_id)
    policies.can_manage_roll(actor, organization).require()
    if not organization.is_branch:
        raise InvalidInput(f"{organization.name} không phải chi bộ; đảng viên sinh hoạt ở chi bộ. Chọn chi bộ.")
    member = Member.objects.create(organization=organization, **_checked_member(fields))
    audit.record("member.enrolled", member, actor=actor, at=at)
    return member


@transaction.atomic
def update_member(member_id: int, *, actor: User, at: datetime, **fields: Any) -> Member:
    """Sửa thông tin đảng viên. Raises NotAllowed or InvalidInput."""
    member = Member.objects.select_for_update(of=("self",)).select_related("organization").get(pk=member_id)
    policies.can_manage_roll(actor, member.organization).require()
    changed, checked = [], _checked_member(fields)
    for name, value in checked.items():
        field = Member._meta.get_field(name)
        if getattr(member, name) != value and field.editable:
            changed.append(f"{field.verbose_name} “{getattr(member, name) or ''}” thành “{value or ''}”")
        setattr(member, name, value)
    member.save(update_fields=list(checked))
    audit.record("member.updated", member, actor=actor, at=at, changed="; ".join(changed) or "không đổi")
    return member


@transaction.atomic
def transfer_member(member_id: int, to_id: int, *, on: date, decision: str, actor: User, at: datetime) -> Member:
    """Chuyển sinh hoạt đảng chính thức to another branch: the time in the former one is kept, posts held end that day.

    Whoever does it keeps both rolls. Raises NotAllowed or InvalidInput.
    """
    source_id = Member.objects.values_list("organization_id", flat=True).get(pk=member_id)
    wanted = Organization.objects.filter(pk__in=(source_id, to_id)).order_by("pk")
    places = {one.pk: one for one in wanted.select_for_update()}  # before the member, as an import of the roll does
    member = Member.objects.select_for_update(of=("self",)).get(pk=member_id)
    source, target = places[source_id], places[to_id]
    if member.organization_id != source_id:
        raise StaleVersion(f"Đồng chí {member.full_name} vừa được chuyển sinh hoạt. Mở lại trang để xem nơi hiện nay.")
    policies.can_manage_roll(actor, source).require()
    policies.can_manage_roll(actor, target).require()
    if source.pk == target.pk:
        _refuse("target", f"Đồng chí {member.full_name} đang sinh hoạt tại {target.name}. Chọn chi bộ khác.")
    if not target.is_branch or target.closed_on is not None:
        _refuse("target", f"{target.name} không nhận đảng viên. Chọn chi bộ đang hoạt động.")
    if on > timezone.localdate(at):
        _refuse("on", "Ngày chuyển ở sau hôm nay. Ghi việc chuyển khi đồng chí đã chuyển.")
    if member.joined_on and on < member.joined_on:
        _refuse("on", f"Đồng chí về {source.name} ngày {member.joined_on:%d/%m/%Y}. Chọn ngày sau ngày này.")
    if member.left_on and member.left_on > on:
        _refuse("on", f"Đồng chí rời {source.name} ngày {member.left_on:%d/%m/%Y}. Chọn ngày từ ngày này.")
    member.memberships.create(
        organization=source, starts_on=member.joined_on, ends_on=member.left_on or on, decision=decision
    )
    member.posts.filter(organization=source, ends_on__isnull=True, starts_on__lte=on).update(ends_on=on)
    member.organization, member.joined_on, member.left_on = target, on, None
    member.save(update_fields=["organization", "joined_on", "left_on"])
    audit.record(
        "member.transferred", member, actor=actor, at=at, source=source.name, target=target.name, decision=decision
    )
    return member


def _refuse(field: str, sentence: str) -> None:
    raise InvalidInput(sentence, fields={field: [sentence]})


@transaction.atomic
def set_standing(
    member_id: int,
    *,
    kind: str,
    starts_on: date,
    ground: str,
    accepted_by: str,
    actor: User,
    at: datetime,
    ends_on: date | None = None,
) -> MemberStanding:
    """Ghi diện của đảng viên (miễn sinh hoạt, tạm thời nơi khác, đình chỉ …) with ground and who accepted."""
    member = Member.objects.select_for_update(of=("self",)).select_related("organization").get(pk=member_id)
    policies.can_manage_roll(actor, member.organization).require()
    if ends_on is not None and ends_on < starts_on:
        raise InvalidInput(
            "Ngày kết thúc không thể trước ngày bắt đầu.", fields={"ends_on": ["Ngày kết thúc phải sau ngày bắt đầu."]}
        )
    standing = member.standings.create(
        kind=kind, starts_on=starts_on, ends_on=ends_on, ground=ground, accepted_by=accepted_by
    )
    audit.record("member.standing_set", member, actor=actor, at=at, kind=standing.get_kind_display(), ground=ground)
    return standing


@transaction.atomic
def end_standing(standing_id: int, *, ends_on: date, actor: User, at: datetime) -> MemberStanding:
    """Kết thúc diện của đảng viên on that day."""
    standing = MemberStanding.objects.select_for_update().select_related("member__organization").get(pk=standing_id)
    policies.can_manage_roll(actor, standing.member.organization).require()
    if ends_on < standing.starts_on:
        raise InvalidInput(
            "Ngày kết thúc không thể trước ngày bắt đầu.", fields={"ends_on": ["Ngày kết thúc phải sau ngày bắt đầu."]}
        )
    standing.ends_on = ends_on
    standing.save(update_fields=["ends_on"])
    audit.record("member.standing_ended", standing.member, actor=actor, at=at, kind=standing.get_kind_display())
    return standing


@transaction.atomic
def give_post(
    member_id: int,
    organization_id: int,
    post: str,
    *,
    starts_on: date,
    decision: str,
    actor: User,
    at: datetime,
) -> PostHolding:
    """Ghi chức vụ đảng (cấp ủy trên quyết định). A new secretary ends the former one's tenure the same day.

    The member is on a roll at or below the organization. Raises NotAllowed, or InvalidInput naming the field.
    """
    organization = Organization.objects.select_for_update().get(pk=organization_id)
    policies.can_manage_tree(actor, organization).require()
    today = timezone.localdate(at)
    if not any(_is_on_roll(member_id, organization, on=day) for day in (today, starts_on)):
        _refuse("member", f"Đồng chí không sinh hoạt tại {organization.name} hoặc tổ chức trực thuộc. Chọn người khác.")
    if starts_on > today:
        problem = "Chức vụ ghi từ ngày có hiệu lực, không ghi trước ngày đó."
        raise InvalidInput(problem, fields={"starts_on": [problem]})
    if organization.posts.filter(member_id=member_id, post=post, ends_on__isnull=True).exists():
        problem = (
            f"Đồng chí đang giữ chức vụ này ở {organization.name}. "
            "Muốn sửa ngày hay quyết định đã ghi thì đánh dấu ô cuối biểu mẫu."
        )
        raise InvalidInput(problem, fields={"post": [problem]})
    holding = record_post(member_id, organization, post, starts_on=starts_on, decision=decision)
    audit.record(
        "post.given", organization, actor=actor, at=at, post=holding.get_post_display(), name=str(holding.member)
    )
    return holding


@transaction.atomic
def correct_post(
    member_id: int,
    organization_id: int,
    post: str,
    *,
    starts_on: date,
    decision: str,
    actor: User,
    at: datetime,
) -> PostHolding:
    """Sửa ngày bắt đầu, quyết định của chức vụ đang giữ: what was recorded was wrong, the post is the same.

    A secretary's predecessor ended on the wrong day and now ends on the right one.
    Raises NotAllowed, or InvalidInput naming the field.
    """
    organization = Organization.objects.select_for_update().get(pk=organization_id)
    policies.can_manage_tree(actor, organization).require()
    held = organization.posts.filter(member_id=member_id, post=post, ends_on__isnull=True).select_related("member")
    holding = held.first()
    if holding is None:
        _refuse("post", f"Đồng chí không giữ chức vụ này ở {organization.name} nên không có ngày để sửa.")
        raise AssertionError  # _refuse does not return
    if starts_on > timezone.localdate(at):
        _refuse("starts_on", "Chức vụ ghi từ ngày có hiệu lực, không ghi trước ngày đó.")
    before = holding.starts_on
    if post == Post.SECRETARY:
        former = organization.posts.filter(post=post, ends_on=before).exclude(pk=holding.pk)
        late = former.filter(starts_on__gt=starts_on).select_related("member").first()
        if late is not None:
            _refuse(
                "starts_on",
                f"Bí thư trước, đồng chí {late.member.full_name}, giữ chức vụ từ {late.starts_on:%d/%m/%Y}. "
                "Chọn ngày từ ngày đó.",
            )
        former.update(ends_on=starts_on)
    holding.starts_on, holding.decision = starts_on, decision or holding.decision
    holding.save(update_fields=["starts_on", "decision"])
    audit.record(
        "post.corrected",
        organization,
        actor=actor,
        at=at,
        post=holding.get_post_display(),
        name=str(holding.member),
        before=wording.day(before),
        after=wording.day(starts_on),
    )
    return holding


def _is_on_roll(member_id: int, organization: Organization, *, on: date) -> bool:
    return queries.members_on_roll(organization, on=on, whole_tree=True).filter(pk=member_id).exists()


def record_post(
    member_id: int, organization: Organization, post: str, *, starts_on: date, decision: str
) -> PostHolding:
    """The rows of a new post, for a caller that has asked its own policy and writes its own event.

    Raises InvalidInput when the present secretary's tenure began after that day: it cannot end before.
    """
    if post == Post.SECRETARY:
        _end(organization.posts.filter(post=post), on=starts_on)
    return organization.posts.create(member_id=member_id, post=post, starts_on=starts_on, decision=decision)


def end_posts(organization: Organization, *, on: date) -> None:
    """Every post still held at the organization ends that day (a new term begins). Raises InvalidInput."""
    _end(organization.posts.all(), on=on)


def _end(posts: QuerySet[PostHolding], *, on: date) -> None:
    """Those still held end that day, and never before they began."""
    still_held = posts.filter(ends_on__isnull=True)
    later = still_held.filter(starts_on__gt=on).select_related("member", "organization").first()
    if later is not None:
        _refuse(
            "starts_on",
            f"Đồng chí {later.member.full_name} đang giữ chức vụ {later.get_post_display()} từ "
            f"{later.starts_on:%d/%m/%Y}, sau ngày {on:%d/%m/%Y}. Chức vụ ghi theo thứ tự thời gian: "
            "kiểm tra lại ngày trên quyết định. Nếu ngày của chức vụ đã ghi sai, người quản lý tổ chức sửa ở trang "
            f"“Ghi chức vụ đảng” của {later.organization.name} (ô “Sửa ngày đã ghi”).",
        )
    still_held.update(ends_on=on)
