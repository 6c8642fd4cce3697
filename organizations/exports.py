"""Lists as people send them upwards: rolls in the columns of F-05, the tree, accounts. A roll comes back unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts import wording
from accounts.models import User
from accounts.roles import Role
from accounts.sheets import Column, Value, write_xlsx
from organizations.models import Member, MemberStanding, Organization, PostHolding, RoleAssignment
from organizations.queries import below, live, members_on_roll, standings_on
from organizations.rules.names import title_key

INVENTED = "nhân vật bịa để minh họa"
ROLL_COLUMNS = (
    Column("STT", 6), "Họ và tên", "Nam sinh", "Nữ sinh", "Dân tộc", "Tôn giáo", "Quê quán", "Nơi ở hiện nay",
    "Ngày vào Đảng", "Ngày chính thức", "Trình độ chuyên môn", "Lý luận chính trị", "Ngoại ngữ, tin học",
    "Chức vụ, đơn vị công tác", "Chức vụ trong Đảng", "Quy hoạch cấp ủy", "Xếp loại 3 năm gần nhất",
    "Khen thưởng, kỷ luật", "Thời điểm nghỉ hưu", "Số thẻ đảng viên", "Số điện thoại", "Ngày về chi bộ",
    "Diện hiện nay",
)  # fmt: skip
TREE_COLUMNS = (
    Column("STT", 6), "Mã", "Tên tổ chức", "Mã cấp trên", "Tên cấp trên", "Loại hình", "Ký hiệu văn bản", "Địa danh",
    "Tên cấp ủy", "Khối công tác", "Ngày thành lập", "Quyết định thành lập", "Số đảng viên", "Ngày kết thúc hoạt động",
)  # fmt: skip
ACCOUNT_COLUMNS = (
    Column("STT", 6), "Họ và tên", "Tên đăng nhập", "Vai trò", "Tại tổ chức", "Từ ngày", "Đến hết ngày",
    "Số điện thoại", "Thư điện tử", "Tài khoản", "Đăng nhập lần cuối",
)  # fmt: skip


def roll(organization: Organization, *, on: date) -> bytes:
    """Danh sách đảng viên of a branch, or of all below with the branch of each, in the order of names."""
    whole = not organization.is_branch
    members = members_on_roll(organization, on=on, whole_tree=whole).select_related("organization")
    rows = list(members.order_by("organization__path", "sort_name", "pk") if whole else members)
    standings = standings_on(organization, on=on, whole_tree=whole)
    posts = posts_held(organization, on=on)
    without_gender = any(one.born_on and not one.gender for one in rows)
    columns: list[Column | str] = [*ROLL_COLUMNS]
    columns += ["Ngày sinh"] if without_gender else []
    columns += ["Mã chi bộ", "Chi bộ"] if whole else []
    columns.append("Ghi chú")
    return write_xlsx(
        "Danh sách đảng viên",
        columns,
        [
            [
                number,
                *_particulars(one, posts.get(one.pk, ""), standings.get(one.pk, "")),
                *([one.born_on if not one.gender else None] if without_gender else []),
                *([one.organization.code, one.organization.name] if whole else []),
                INVENTED if one.is_invented else "",
            ]
            for number, one in enumerate(rows, start=1)
        ],
        above=["DANH SÁCH ĐẢNG VIÊN", f"{organization.name}, tính đến ngày {wording.day(on)}"],
    )


def posts_held(organization: Organization, *, on: date) -> dict[int, str]:
    """Member id → Party posts held that day, those at other organizations with their name."""
    rows = PostHolding.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=on),
        below(organization.path, "member__organization__"),
        starts_on__lte=on,
    ).select_related("organization", "member")
    held: dict[int, list[str]] = {}
    for one in rows:
        place = "" if one.organization_id == one.member.organization_id else f" {one.organization.name}"
        held.setdefault(one.member_id, []).append(f"{one.get_post_display()}{place}")
    return {pk: ", ".join(posts) for pk, posts in held.items()}


def _particulars(one: Member, post: str, standing: str) -> Sequence[Value]:
    """In the order of ``ROLL_COLUMNS``; where the day of birth is not known a mark tells men from women."""
    born: Value = one.born_on or "x"
    return (
        one.full_name,
        born if one.gender == "male" else None,
        born if one.gender == "female" else None,
        one.ethnicity,
        one.religion,
        one.native_place,
        one.residence,
        one.admitted_on,
        one.official_on,
        one.education,
        one.get_political_level_display(),
        one.languages,
        one.job,
        post,
        one.is_planned_cadre,
        one.classification,
        one.awards,
        one.retires_on,
        one.card_number,
        one.phone,
        one.joined_on,
        MemberStanding.Kind(standing).label if standing else "",
    )


def tree(organizations: Iterable[Organization], members: dict[int, int], *, on: date) -> bytes:
    """Organizations with their superiors, parents first; ``members``: how many each has on its own roll."""
    known = sorted(organizations, key=lambda one: (one.path.count("/"), title_key(one.name)))
    ids = {one.pk for one in known}
    return write_xlsx(
        "Cây tổ chức",
        TREE_COLUMNS,
        [
            [
                number,
                one.code,
                one.name,
                one.parent.code if one.parent and one.parent_id in ids else "",
                one.parent.name if one.parent else "",
                one.get_node_type_display(),
                one.symbol,
                one.place,
                one.committee_name,
                one.get_sector_display(),
                one.founded_on,
                one.founding_decision,
                members.get(one.pk, 0),
                one.closed_on,
            ]
            for number, one in enumerate(known, start=1)
        ],
        above=["DANH SÁCH TỔ CHỨC ĐẢNG", f"Tính đến ngày {wording.day(on)}"],
    )


def accounts(organization: Organization, *, on: date) -> bytes:
    """Who holds which role here and below; nothing that opens an account."""
    held = live(RoleAssignment.objects.filter(below(organization.path, "organization__")), on=on)
    rows: QuerySet[RoleAssignment] = held.select_related("organization", "user").order_by("organization__path", "pk")
    return write_xlsx(
        "Tài khoản",
        ACCOUNT_COLUMNS,
        [
            [
                number,
                one.user.full_name,
                one.user.username,
                Role(one.role).label,
                one.organization.name,
                one.starts_on,
                one.ends_on,
                one.user.phone,
                one.user.email,
                "đang dùng" if one.user.is_active else "đã ngừng",
                _last_seen(one.user),
            ]
            for number, one in enumerate(rows, start=1)
        ],
        above=["DANH SÁCH TÀI KHOẢN", f"{organization.name} và các tổ chức trực thuộc, ngày {wording.day(on)}"],
    )


def _last_seen(user: User) -> Any:
    return user.last_login or "chưa đăng nhập"
