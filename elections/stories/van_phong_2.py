"""Story 002: Chi bộ Văn phòng Sở 2, split off in 2019, holds its first congress as a pilot on 16/01/2020."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from congress.models import Congress, Coverage, DeadlineKind, Plan, Proceeding
from congress.services import plans
from documents.models import DocumentKind
from elections import queries
from elections.stories.branch import Branch, Committee, Entry
from elections.stories.people import Real
from elections.stories.player import Player, Story, hour
from elections.stories.tale import Tale
from organizations import services as organization_services
from organizations.models import NodeType, Sector, Succession

TOP, FIRST, SECOND, TERM = "S2-SCT", "S2-VP", "S2-VP2", "2020-2022"
PLAN = "Tổ chức Đại hội Đảng bộ Sở Công Thương nhiệm kỳ 2020-2025"
DECISION = "Quyết định số 118-QĐ/ĐU, ngày 19/02/2019 của Đảng ủy Sở Công Thương"
COMMITTEE = Committee.of(TOP)

TARGETS = """Xây dựng Chi bộ đạt danh hiệu trong sạch vững mạnh, đoàn thể vững mạnh về mọi mặt.
100% cán bộ, đảng viên, công chức được quán triệt học tập đầy đủ các Chỉ thị, Nghị quyết Đại hội Đảng các cấp, \
chính sách pháp luật của Nhà nước có liên quan đến nhiệm vụ công tác của ngành.
100% cán bộ, đảng viên, công chức thực hiện “Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh”.
Hằng năm có 100% đảng viên hoàn thành nhiệm vụ, trong đó có trên 95% đảng viên hoàn thành tốt nhiệm vụ và có trên \
10% đảng viên hoàn thành xuất sắc nhiệm vụ.
Kết nạp từ 01 đảng viên mới trở lên.
Hằng năm có trên 70% tập thể và 90% cá nhân trở lên đạt danh hiệu lao động tiên tiến, trong đó có 95% đảng viên \
trở lên đạt danh hiệu lao động tiên tiến.
100% gia đình cán bộ, đảng viên, công chức đạt tiêu chuẩn gia đình văn hóa hằng năm.
100% cán bộ, đảng viên, viên chức, công chức chấp hành nghiêm chính sách pháp luật của Nhà nước, không vi phạm tệ \
nạn xã hội, an toàn giao thông."""
SHORTCOMING = (
    "Việc tổ chức sinh hoạt chuyên đề nội dung chưa phong phú, chưa có chuyên đề chuyên sâu gắn với thực hiện "
    "nhiệm vụ chính trị của Chi bộ."
)
SPEECH = (
    "Ghi nhận và đánh giá cao những kết quả đạt được của Chi bộ Văn phòng 2 trong nhiệm kỳ qua; yêu cầu tiếp tục "
    "tăng cường công tác giáo dục chính trị tư tưởng, nâng cao chất lượng triển khai các chỉ thị, nghị quyết của "
    "Đảng; thực hiện nghiêm túc, hiệu quả Nghị quyết Trung ương 4, khóa XII; cụ thể hóa các mục tiêu Nghị quyết "
    "thành các chương trình hành động."
)

BRANCH = Branch(
    code=SECOND,
    committee=COMMITTEE,
    term=TERM,
    held_on=date(2020, 1, 16),
    at=8,
    place="Trụ sở Sở Công Thương",
    size=11,
    real=(Real("Nguyễn Trọng Thức"), Real("Trần Quang Kháng")),
    ordinal=1,
    seats=3,
    has_deputy=True,
    pilot_of=COMMITTEE,
    given={
        DocumentKind.POLITICAL_REPORT: {
            "I. Đặc điểm tình hình": (
                f"Chi bộ Văn phòng Sở 2 được chia tách, thành lập theo {DECISION} trên cơ sở chia tách từ Chi bộ Văn "
                "phòng Sở. Trong nhiệm kỳ 2017-2020, Chi bộ đã hoàn thành các mục tiêu, nhiệm vụ mà Nghị quyết Đại "
                "hội đã đề ra."
            ),
            "IV. Hạn chế, nguyên nhân, bài học kinh nghiệm": SHORTCOMING,
            "V. Phương hướng, mục tiêu, chỉ tiêu nhiệm kỳ tới": TARGETS,
        },
        DocumentKind.RESOLUTION: {"2. Phương hướng, mục tiêu, chỉ tiêu chủ yếu": TARGETS},
    },
    entries=(
        Entry(Proceeding.Kind.GUEST, "Nguyễn Sỹ Chín", "Bí thư Đảng ủy Sở, Giám đốc Sở"),
        Entry(Proceeding.Kind.REPORT, "Chủ trì đại hội (bịa)", "", "Báo cáo chính trị"),
        Entry(Proceeding.Kind.GUIDANCE, "Nguyễn Sỹ Chín", "Bí thư Đảng ủy Sở, Giám đốc Sở", SPEECH),
    ),
)


def before(player: Player) -> Story:
    yield hour(date(2019, 1, 3))
    name = "Đảng bộ Sở Công Thương (tỉnh không nêu tên)"
    player.found(
        "GOC", code=TOP, name=name, committee_name="Đảng ủy Sở Công Thương", symbol="ĐU", place="…", **GRASSROOTS
    )
    COMMITTEE.open_accounts(player)
    player.found(TOP, code=FIRST, name="Chi bộ Văn phòng Sở", symbol="CB", **AGENCY_BRANCH)

    yield hour(date(2019, 2, 19))
    decided_on = date(2019, 2, 19)
    player.act(
        organization_services.split,
        player.organization(FIRST).pk,
        bodies=[organization_services.NewBody(code=SECOND, name="Chi bộ Văn phòng Sở 2", symbol="CB")],
        continues=True,
        carries_ordinal=False,  # its congress of 2020 was the first
        ground=organization_services.Ground(DECISION, decided_on, decided_on, player.organization(TOP).pk),
        by=COMMITTEE.staff,
    )
    BRANCH.enroll(player)
    BRANCH.open_accounts(player)

    yield hour(date(2019, 7, 25))
    player.act(
        plans.draft_plan,
        player.organization(TOP).pk,
        subject=PLAN,
        term_label=TERM,
        coverage=Coverage.BRANCHES,
        deadlines={DeadlineKind.WINDOW_CLOSES: date(2020, 4, 30)},
        requirements="Thời hạn trong kế hoạch là bịa để minh họa.",
        by=COMMITTEE.staff,
    )
    yield hour(date(2019, 8, 1))
    plan = player.plan(TOP, PLAN)
    player.act(plans.issue_plan, plan.pk, number=205, issued_on=date(2019, 8, 1), by=COMMITTEE.approver)


AGENCY_BRANCH = {"node_type": NodeType.BRANCH, "sector": Sector.AGENCY}
GRASSROOTS = {"node_type": NodeType.GRASSROOTS, "sector": Sector.AGENCY}


def stories(player: Player) -> Iterable[Story]:
    return [before(player), BRANCH.story(player)]


def figures() -> dict[str, Any]:
    congress = Congress.objects.filter(organization__code=SECOND).first()
    elected = queries.elected_by_office(congress) if congress else {}
    split = Succession.objects.filter(successor__code=SECOND).first()
    return {
        "plan": [f"{plan.notation} {plan.issued_on}" for plan in Plan.objects.filter(organization__code=TOP)],
        "split_decision": split.decision if split else None,
        "pilot": bool(congress and congress.is_pilot),
        "congress": congress.name if congress else None,
        "held_on": str(congress.held_on) if congress and congress.held_on else None,
        "committee_elected": len(elected.get("branch_committee", [])),
        "secretary": [one.member.full_name for one in elected.get("secretary", [])],
        "deputy_secretary": [one.member.full_name for one in elected.get("deputy_secretary", [])],
    }


TALE = Tale("002", "Đại hội Chi bộ Văn phòng 2 lần thứ nhất nhiệm kỳ 2020-2022", TOP, stories, figures)
