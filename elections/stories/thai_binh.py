"""Story 001: Đảng bộ Sở Công Thương Thái Bình, its twelve chi bộ in early 2020 and its own congress in preparation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from accounts.roles import Role
from congress.models import Congress, Coverage, DeadlineKind, Guidance, Plan, Subcommittee
from congress.queries import deadlines_of
from congress.services import guidance, helping, plans, preparing
from documents.models import DocumentKind
from documents.services import drafts
from elections.models import BallotRound
from elections.stories.branch import Branch, Committee
from elections.stories.drafts import sections
from elections.stories.people import Real, invented_name
from elections.stories.player import Player, Story, hour
from elections.stories.tale import Tale, held_of_all, percent
from organizations.models import NodeType, Sector

PROVINCE, BLOC, TOP = "TB", "TB-K", "TB-SCT"
BRANCH_TERM, OWN_TERM = "2020-2022", "2020-2025"
PROVINCIAL, COMMITTEE = Committee.of(BLOC), Committee.of(TOP)
CLERK = "tb-sct.vanphong"
GUIDING = "Tổ chức đại hội đảng bộ, chi bộ cơ sở"
OWN = "Tổ chức Đại hội Đảng bộ Sở Công Thương"
BRANCHES = "Đại hội chi bộ trực thuộc Đảng bộ Sở Công Thương"
AMENDING = "Sửa đổi, bổ sung một số nội dung của Kế hoạch số 10-KH/ĐU và Kế hoạch số 11-KH/ĐU ngày 28/11/2019"
BASIS = (
    "Chỉ thị số 35-CT/TW, ngày 30-5-2019 của Bộ Chính trị",
    "Kế hoạch số 187-KH/TU, ngày 25-10-2019 của Ban Thường vụ Tỉnh ủy",
)
SUBCOMMITTEES = (
    ("Tiểu ban văn kiện đại hội", "Chuẩn bị báo cáo chính trị và các văn kiện."),
    ("Tiểu ban nhân sự", "Chuẩn bị đề án nhân sự."),
    ("Tiểu ban khánh tiết và phục vụ đại hội", "Khánh tiết, hậu cần, phục vụ."),
    ("Tổ giúp việc", "Giúp việc các tiểu ban."),
    ("Tổ biên tập", "Giúp tiểu ban văn kiện biên tập báo cáo."),
)
CANDIDATES, SEATS = 13, 11
"""The text gives the surplus alone, 18,18 %; thirteen names for eleven seats are the smallest numbers that make it."""

HELD_ON = (
    date(2020, 1, 16),
    date(2020, 1, 17),
    date(2020, 2, 20),
    date(2020, 2, 27),
    date(2020, 3, 5),
    date(2020, 3, 12),
    date(2020, 3, 19),
    date(2020, 4, 23),
    date(2020, 4, 24),
    date(2020, 4, 27),
    date(2020, 4, 28),
    date(2020, 5, 3),
)
"""The first and the last day are in the text, those between are invented."""


def _script(turn: int, held_on: date) -> Branch:
    large = turn % 3 == 0
    return Branch(
        code=f"{TOP}-{turn + 1:02d}",
        committee=COMMITTEE,
        term=BRANCH_TERM,
        held_on=held_on,
        at=8 if turn % 2 else 14,
        place="Trụ sở Sở Công Thương Thái Bình",
        size=10 if large else 6 + turn % 3,
        real=(Real("Ngô Minh Liên"),) if turn == 3 else (),
        seats=3 if large else 0,
        has_deputy=large or turn % 4 == 1,
        absent=1 if turn % 3 == 2 else 0,
        unanimous=turn % 4 != 2,
        reviewed_twice=turn == 0,
    )


SCRIPTS = [_script(turn, held_on) for turn, held_on in enumerate(HELD_ON)]


def branch_name(turn: int) -> str:
    """Only one of the twelve has a name in the text."""
    return "Chi bộ XNK - HNKT" if turn == 3 else f"Chi bộ số {turn + 1:02d}"


def before(player: Player) -> Story:
    yield hour(date(2019, 10, 1))
    agency = {"sector": Sector.AGENCY, "place": "Thái Bình"}
    player.found(
        "GOC", code=PROVINCE, name="Đảng bộ tỉnh Thái Bình", committee_name="Tỉnh ủy Thái Bình", symbol="TU",
        node_type=NodeType.PROVINCE, **agency,
    )  # fmt: skip
    player.found(
        PROVINCE, code=BLOC, name="Đảng bộ Khối các cơ quan tỉnh Thái Bình",
        committee_name="Đảng ủy Khối các cơ quan tỉnh", symbol="ĐUK", node_type=NodeType.BLOC,
        has_standing_committee=True, **agency,
    )  # fmt: skip
    player.found(
        BLOC, code=TOP, name="Đảng bộ Sở Công Thương Thái Bình", committee_name="Đảng ủy Sở Công Thương",
        symbol="ĐU", node_type=NodeType.GRASSROOTS, has_standing_committee=True, **agency,
    )  # fmt: skip
    PROVINCIAL.open_accounts(player)
    COMMITTEE.open_accounts(player)
    player.open_account(CLERK, invented_name(CLERK)[0], Role.CLERK, TOP)
    for turn, script in enumerate(SCRIPTS):
        branch = {"node_type": NodeType.BRANCH, "sector": Sector.AGENCY}
        player.found(TOP, code=script.code, name=branch_name(turn), symbol="CB", **branch)
        script.enroll(player)
        script.open_accounts(player)


def planning(player: Player) -> Story:
    yield hour(date(2019, 11, 8))
    bloc = player.organization(BLOC)
    player.act(
        plans.draft_plan, bloc.pk, subject=GUIDING, term_label=OWN_TERM, basis=BASIS, coverage=Coverage.GUIDING,
        by=PROVINCIAL.staff,
    )  # fmt: skip
    guiding = player.plan(BLOC, GUIDING)
    player.act(plans.issue_plan, guiding.pk, number=78, issued_on=date(2019, 11, 8), by=PROVINCIAL.approver)

    yield hour(date(2019, 11, 28))
    own = player.organization(TOP)
    common = {"basis": BASIS, "based_on_id": guiding.pk, "by": COMMITTEE.staff}
    player.act(
        plans.draft_plan, own.pk, subject=OWN, term_label=OWN_TERM, coverage=Coverage.OWN,
        deadlines={DeadlineKind.WINDOW_CLOSES: date(2020, 4, 29)},
        requirements="Thời hạn ban đầu là bịa để minh họa.", **common,
    )  # fmt: skip
    player.act(
        plans.draft_plan, own.pk, subject=BRANCHES, term_label=BRANCH_TERM,
        deadlines={DeadlineKind.WINDOW_OPENS: date(2020, 1, 15), DeadlineKind.WINDOW_CLOSES: date(2020, 3, 31)},
        requirements="Thời hạn ban đầu là bịa để minh họa.", **common,
    )  # fmt: skip
    for number, subject in ((10, OWN), (11, BRANCHES)):
        plan = player.plan(TOP, subject)
        player.act(plans.issue_plan, plan.pk, number=number, issued_on=date(2019, 11, 28), by=COMMITTEE.approver)

    yield hour(date(2019, 12, 16))
    for name, duties in SUBCOMMITTEES:
        plan = player.plan(TOP, OWN)
        player.act(helping.set_up_subcommittee, plan.pk, name=name, duties=duties, by=COMMITTEE.staff)

    yield hour(date(2020, 3, 12))
    player.act(
        guidance.send_guidance, bloc.pk, notation="09-HD/BTCĐUK", issued_on=date(2020, 3, 12),
        subject="Quy trình đại hội đảng bộ, chi bộ cơ sở nhiệm kỳ 2020-2025", term_label=OWN_TERM,
        body="Hướng dẫn của Ban Tổ chức Đảng ủy Khối; bài viết chỉ nêu số, ngày và trích yếu.", by=PROVINCIAL.staff,
    )  # fmt: skip
    amended = [player.plan(TOP, OWN).pk, player.plan(TOP, BRANCHES).pk]
    player.act(
        plans.draft_plan, own.pk, subject=AMENDING, term_label=OWN_TERM, coverage=Coverage.GUIDING,
        amends_ids=amended, deadlines={DeadlineKind.WINDOW_CLOSES: date(2020, 5, 28)}, by=COMMITTEE.staff,
    )  # fmt: skip
    plan = player.plan(TOP, AMENDING)
    player.act(plans.issue_plan, plan.pk, number=12, issued_on=date(2020, 3, 12), by=COMMITTEE.approver)


PERSONNEL = {
    "II. Yêu cầu, tiêu chuẩn, số lượng, cơ cấu": (
        f"Số lượng Ban Chấp hành nhiệm kỳ 2020-2025: {SEATS} đồng chí; danh sách bầu cử {CANDIDATES} đồng chí, số dư "
        f"{CANDIDATES - SEATS} ({percent(CANDIDATES - SEATS, SEATS)}). Bảo đảm cơ cấu 3 độ tuổi, tỷ lệ đổi mới cấp "
        "ủy, tỷ lệ cán bộ nữ, cán bộ trẻ theo quy định. (Bài viết nêu tỷ lệ số dư; hai con số là bịa cho khớp tỷ lệ.)"
    ),
    "III. Quy trình giới thiệu nhân sự đã thực hiện": (
        "Công tác nhân sự ủy viên Ban Chấp hành nhiệm kỳ 2020-2025 được thực hiện theo quy trình 5 bước."
    ),
}
OWN_DRAFTS: tuple[tuple[str, dict[str, str]], ...] = (
    (DocumentKind.POLITICAL_REPORT, {}),
    (DocumentKind.SELF_CRITICISM, {}),
    (DocumentKind.PERSONNEL_PLAN, PERSONNEL),
    (DocumentKind.SCENARIO, {}),
    (DocumentKind.RESOLUTION, {}),
    (DocumentKind.ACTION_PROGRAMME, {}),
)
AGREED = (DocumentKind.POLITICAL_REPORT, DocumentKind.SELF_CRITICISM, DocumentKind.PERSONNEL_PLAN)


def own_congress(player: Player) -> Story:
    """The đảng bộ's own fourth congress: drafts written, văn kiện and đề án nhân sự agreed by the khối."""
    yield hour(date(2020, 4, 6))
    congress = player.congress(TOP, OWN_TERM)
    player.act(
        preparing.set_details, congress.pk, version=congress.version, ordinal=4,
        planned_for=hour(date(2020, 5, 28)),
        place="Sở Công Thương Thái Bình", has_branch_committee=False, committee_seats=None, has_deputy=False, by=CLERK,
    )  # fmt: skip
    for kind, given in OWN_DRAFTS:
        player.act(drafts.create_document, congress.pk, kind=kind, by=CLERK)
        document = congress.documents.get(kind=kind)
        text = sections(
            kind,
            given=given,
            name="Đảng bộ Sở Công Thương",
            size="hơn 100",
            term=OWN_TERM,
            seats="Bầu Ban Chấp hành theo quy định.",
        )
        player.act(drafts.save_version, document.pk, seen=0, sections=text, by=CLERK)
    yield hour(date(2020, 4, 20))
    for kind in AGREED:
        player.act(drafts.submit, congress.documents.get(kind=kind).pk, by=CLERK)
    yield hour(date(2020, 5, 8))
    for kind in AGREED:
        player.act(drafts.approve, congress.documents.get(kind=kind).pk, by=PROVINCIAL.approver)


def stories(player: Player) -> Iterable[Story]:
    return [before(player), planning(player), own_congress(player), *(one.story(player) for one in SCRIPTS)]


def figures() -> dict[str, Any]:
    congresses = list(Congress.objects.filter(organization__parent__code=TOP).order_by("opened_at"))
    days = [str(one.held_on) for one in congresses if one.held_on]
    own = Congress.objects.filter(organization__code=TOP).first()
    groups = Subcommittee.objects.filter(organization__code=TOP)
    rows = Plan.objects.filter(organization__code__in=[BLOC, TOP], number__isnull=False).order_by("issued_on", "number")
    branch_plan = next((plan for plan in rows if plan.subject == BRANCHES), None)
    amending = next((plan for plan in rows if plan.subject == AMENDING), None)
    return {
        "plans": [f"{plan.notation} {plan.issued_on}" for plan in rows],
        "amended_by_12": sorted(plan.notation for plan in amending.amends.all()) if amending else [],
        "window_closes": str(deadlines_of(branch_plan)["window_closes"].due_on) if branch_plan else None,
        "guidance": [str(one) for one in Guidance.objects.filter(organization__code=BLOC)],
        "held": held_of_all(congresses),
        "first_day": days[0] if days else None,
        "last_day": days[-1] if days else None,
        "one_ballot_each": not BallotRound.objects.filter(
            election__congress__organization__parent__code=TOP, number__gt=1
        ).exists(),
        "tieu_ban": groups.filter(name__startswith="Tiểu ban").count(),
        "helpers": [one.name for one in groups.filter(name__startswith="Tổ").order_by("pk")],
        "surplus": percent(CANDIDATES - SEATS, SEATS),
        "own_congress": own.name if own else None,
        "own_congress_planned_for": f"{own.planned_for:%Y-%m-%d}" if own and own.planned_for else None,
    }


TALE = Tale("001", "Đảng bộ Sở Công Thương Thái Bình chuẩn bị Đại hội nhiệm kỳ 2020-2025", PROVINCE, stories, figures)
