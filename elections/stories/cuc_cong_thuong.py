"""Story 004: the six chi bộ of Đảng bộ Cục Công Thương địa phương meet from 29/8 to 05/9/2022, all with 100 %."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from congress.models import Congress, Coverage, DeadlineKind, Plan, Proceeding
from congress.services import plans
from documents.models import DocumentKind
from elections import queries
from elections.stories.branch import Branch, Committee, Entry
from elections.stories.player import Player, Story, hour
from elections.stories.tale import Tale, held_of_all
from organizations.models import NodeType, Sector

TOP, OFFICE, TERM = "BCT", "BCT-CTDP", "2022-2025"
MINISTRY, COMMITTEE = Committee.of(TOP), Committee.of(OFFICE)
GUIDING = "Tổ chức đại hội các chi bộ trực thuộc nhiệm kỳ 2022-2025 (chỉ đạo chung)"
PLAN = "Tổ chức đại hội các chi bộ trực thuộc nhiệm kỳ 2022-2025"
HALL = "Trụ sở Cục Công Thương địa phương"

DIRECTIONS = """Tiếp tục xây dựng đội ngũ cán bộ đủ phẩm chất và năng lực hoàn thành nhiệm vụ.
Chú trọng cải tiến, nâng cao chất lượng sinh hoạt chi bộ, lồng ghép nội dung sinh hoạt theo chuyên đề nhằm tạo điều \
kiện cho đảng viên tham gia, góp ý.
Đưa nội dung giáo dục chính trị, tư tưởng, tự phê bình và phê bình vào các cuộc họp hàng tháng.
Tăng cường công tác phát triển đảng; tăng cường đoàn kết nội bộ, giữ vững kỷ luật, kỷ cương trong Đảng."""

BRANCHES = (
    ("KC", "Chi bộ Quản lý khuyến công", date(2022, 8, 29), 8),
    ("TTCN", "Chi bộ Phát triển tiểu thủ công nghiệp", date(2022, 8, 29), 14),
    ("KHTH", "Chi bộ Kế hoạch - tổng hợp", date(2022, 8, 30), 8),
    ("VP", "Chi bộ Văn phòng", date(2022, 8, 30), 14),
    ("CCN", "Chi bộ Quản lý cụm công nghiệp", date(2022, 8, 31), 8),
    ("TT1", "Chi bộ Trung tâm 1", date(2022, 9, 5), 8),
)

SCRIPTS = [
    Branch(
        code=f"{OFFICE}-{code}",
        committee=COMMITTEE,
        term=TERM,
        held_on=held_on,
        at=at,
        place=HALL,
        size=9 + turn % 3,
        seats=3,
        has_deputy=True,
        given={
            DocumentKind.POLITICAL_REPORT: {"V. Phương hướng, mục tiêu, chỉ tiêu nhiệm kỳ tới": DIRECTIONS},
            DocumentKind.RESOLUTION: {"2. Phương hướng, mục tiêu, chỉ tiêu chủ yếu": DIRECTIONS},
        },
        entries=(
            Entry(Proceeding.Kind.GUEST, "Ngô Quang Trung", "Bí thư Đảng ủy, Cục trưởng Cục Công Thương địa phương"),
            Entry(Proceeding.Kind.REPORT, "Chủ trì đại hội (bịa)", "", "Báo cáo chính trị"),
        ),
    )
    for turn, (code, _, held_on, at) in enumerate(BRANCHES)
]


def before(player: Player) -> Story:
    yield hour(date(2022, 3, 1))
    player.found(
        "GOC",
        code=TOP,
        name="Đảng bộ Bộ Công Thương",
        committee_name="Đảng ủy Bộ Công Thương",
        symbol="ĐUB",
        node_type=NodeType.UPPER,
        sector=Sector.AGENCY,
        place="Hà Nội",
    )
    player.found(
        TOP,
        code=OFFICE,
        name="Đảng bộ Cục Công Thương địa phương",
        committee_name="Đảng ủy Cục Công Thương địa phương",
        symbol="ĐUC",
        node_type=NodeType.GRASSROOTS,
        sector=Sector.AGENCY,
        place="Hà Nội",
    )
    MINISTRY.open_accounts(player)
    COMMITTEE.open_accounts(player)
    for code, name, _, _ in BRANCHES:
        branch = {"node_type": NodeType.BRANCH, "sector": Sector.AGENCY}
        player.found(OFFICE, code=f"{OFFICE}-{code}", name=name, symbol="CB", **branch)
    for script in SCRIPTS:
        script.enroll(player)
        script.open_accounts(player)

    yield hour(date(2022, 4, 8))
    player.act(
        plans.draft_plan,
        player.organization(TOP).pk,
        subject=GUIDING,
        term_label=TERM,
        coverage=Coverage.GUIDING,
        by=MINISTRY.staff,
    )
    guiding = player.plan(TOP, GUIDING)
    player.act(plans.issue_plan, guiding.pk, number=32, issued_on=date(2022, 4, 8), by=MINISTRY.approver)

    yield hour(date(2022, 6, 29))
    player.act(
        plans.draft_plan,
        player.organization(OFFICE).pk,
        subject=PLAN,
        term_label=TERM,
        based_on_id=guiding.pk,
        deadlines={
            DeadlineKind.WINDOW_OPENS: date(2022, 8, 29),
            DeadlineKind.WINDOW_CLOSES: date(2022, 9, 5),
        },
        by=COMMITTEE.staff,
    )
    plan = player.plan(OFFICE, PLAN)
    player.act(plans.issue_plan, plan.pk, number=99, issued_on=date(2022, 6, 29), by=COMMITTEE.approver)


def stories(player: Player) -> Iterable[Story]:
    return [before(player), *(script.story(player) for script in SCRIPTS)]


def figures() -> dict[str, Any]:
    congresses = list(Congress.objects.filter(organization__code__startswith=f"{OFFICE}-").order_by("opened_at"))
    days = [str(one.held_on) for one in congresses if one.held_on]
    offices = [people for congress in congresses for people in queries.elected_by_office(congress).values()]
    elected = [one for people in offices for one in people]
    plan_rows = Plan.objects.filter(organization__code__in=[TOP, OFFICE]).order_by("issued_on")
    return {
        "plans": [f"{plan.notation} {plan.issued_on}" for plan in plan_rows],
        "held": held_of_all(congresses),
        "first_day": days[0] if days else None,
        "last_day": days[-1] if days else None,
        "elected": len(elected),
        "all_with_100_percent": bool(elected) and all(one.votes == one.base for one in elected),
    }


TALE = Tale("004", "Đại hội sáu chi bộ trực thuộc Đảng bộ Cục Công Thương địa phương", TOP, stories, figures)
