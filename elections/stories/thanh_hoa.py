"""Story 000: Đảng bộ Sở Công Thương Thanh Hóa in 2022, with its pilot branch of six; the demo accounts live here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from accounts.roles import Role
from congress.models import Congress, Coverage, DeadlineKind, Guidance, Plan, Proceeding
from congress.services import guidance, plans
from documents.models import DocumentKind
from elections import queries
from elections.stories import steering
from elections.stories.branch import (
    CLEARED,
    COMPLETE,
    COUNTED,
    REPORTED,
    SENT_BACK,
    SLATE_FIXED,
    SUBMITTED,
    Branch,
    Committee,
    Entry,
)
from elections.stories.people import DEMO_PASSWORD, Real
from elections.stories.player import Player, Story, hour
from elections.stories.tale import Tale, percent
from organizations.models import Member, NodeType, Sector

PROVINCE, BLOC, TOP, TERM = "TH", "TH-K", "TH-SCT", "2022-2025"
PROVINCIAL = Committee(BLOC, staff="khoi.chuyenvien", approver="khoi.duyet")
COMMITTEE = Committee(TOP, staff="dangu.chuyenvien", approver="dangu.duyet")
PILOT, OFFICE, TRADE, INDUSTRY = f"{TOP}-KH", f"{TOP}-VP", f"{TOP}-TM", f"{TOP}-CN"
SAFETY, ENERGY, INSPECTION, EXTENSION = f"{TOP}-KT", f"{TOP}-NL", f"{TOP}-TT", f"{TOP}-KC"
NAMES = {
    PILOT: "Chi bộ phòng Kế hoạch - Tài chính - Tổng hợp",
    OFFICE: "Chi bộ Văn phòng Sở (bịa)",
    TRADE: "Chi bộ phòng Quản lý thương mại (bịa)",
    INDUSTRY: "Chi bộ phòng Quản lý công nghiệp (bịa)",
    SAFETY: "Chi bộ phòng Kỹ thuật an toàn (bịa)",
    ENERGY: "Chi bộ phòng Quản lý năng lượng (bịa)",
    INSPECTION: "Chi bộ Thanh tra Sở (bịa)",
    EXTENSION: "Chi bộ Trung tâm Khuyến công (bịa)",
}
"""The text names the first; it speaks of a second pilot and of "the remaining" branches without names."""

GUIDING = "Tổ chức Đại hội Chi bộ trực thuộc Đảng ủy cơ sở, nhiệm kỳ 2022-2025"
PLAN = "Tổ chức đại hội các chi bộ trực thuộc, nhiệm kỳ 2022-2025"
NEXT = "Tổ chức đại hội chi bộ trực thuộc nhiệm kỳ 2025-2027 (dự thảo, bịa)"
MEETING = "Hội nghị rút kinh nghiệm"
HUYEN = ("Nguyễn Thị Huyền", "Ủy viên BTV, Chủ nhiệm UBKT Đảng ủy Khối Cơ quan và Doanh nghiệp tỉnh")
OAI = ("Phạm Bá Oai", "Tỉnh ủy viên, Bí thư Đảng ủy, Giám đốc Sở")

WORK = """Tham mưu triển khai thực hiện nhiệm vụ của Ngành Công Thương theo Nghị quyết Đại hội tỉnh Đảng bộ lần thứ \
XIX, Nghị quyết 58-NQ/TW ngày 05/8/2020 của Bộ Chính trị, Nghị quyết Đại hội Đảng bộ Khối Cơ quan và Doanh nghiệp \
tỉnh, Nghị quyết Đại hội Đảng bộ Sở nhiệm kỳ 2020-2025 và Nghị quyết Đại hội Chi bộ nhiệm kỳ 2020-2022.
Phối hợp chặt chẽ với Sở Kế hoạch và Đầu tư trong việc hoàn chỉnh phương án phát triển ngành Công Thương tích hợp quy \
hoạch tỉnh Thanh Hóa giai đoạn 2021-2030, tầm nhìn đến 2045.
Tham gia góp ý gần 100 quy hoạch, kế hoạch, đề án của Trung ương, của các ngành và các huyện, thị xã, thành phố.
Tham mưu rà soát, xây dựng kế hoạch phát triển kinh tế - xã hội 05 năm giai đoạn 2021-2025; kế hoạch ngành Công \
Thương giai đoạn 2021-2025."""
AWARD = """Chi bộ được Ban Chấp hành Đảng bộ Khối Cơ quan và Doanh nghiệp tỉnh tặng Giấy khen hoàn thành xuất sắc \
nhiệm vụ 05 năm giai đoạn 2017-2021 tại Quyết định số 1879-QĐ/ĐUK ngày 07/02/2022.
Tập thể phòng và nhiều cá nhân của phòng được tặng bằng khen của Bộ trưởng Bộ Công Thương, của Chủ tịch UBND tỉnh và \
được Giám đốc Sở tặng giấy khen trong công tác chuyên môn."""
SPEECH = """Ghi nhận, biểu dương và chúc mừng những thành tích mà chi bộ đã đạt được trong nhiệm kỳ qua. Đề nghị tiếp \
tục đổi mới và nâng cao chất lượng công tác giáo dục chính trị, tư tưởng cho đảng viên, công chức, viên chức, người \
lao động gắn với việc “Đẩy mạnh học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh”; tăng cường công tác \
kiểm tra, giám sát việc chấp hành, thực hiện các chủ trương, đường lối, chỉ thị, nghị quyết của Đảng; xây dựng quy chế \
làm việc, chương trình công tác; quan tâm xây dựng chi bộ, Tổ công đoàn vững mạnh, chú trọng chăm lo đến đời sống vật \
chất và tinh thần cho cán bộ, đảng viên và người lao động."""
LESSONS = """Báo cáo chính trị phải đánh giá đầy đủ cả nhiệm vụ chính trị chuyên môn và công tác xây dựng Đảng; nội \
dung báo cáo và tham luận thường đi sâu vào chuyên môn còn công tác Đảng lại quá sơ sài.
Các bài tham luận tại đại hội nội dung còn quá rộng, chưa cụ thể đến nhiệm vụ tại chi bộ.
Quá trình điều hành của Đoàn chủ tịch ở một số phần chưa có sự chuyển tiếp chương trình theo kịch bản Đại hội.
Quá trình bầu cử cần chốt số lượng, danh sách bầu cử.
Việc phân công người trình bày các báo cáo nhằm giảm tải cho Chủ tịch Đại hội (với chi bộ chỉ bầu Chủ tịch) cần phải \
đưa vào quy chế và được đại hội thông qua.
Sau đại hội, chi bộ cần hoàn thiện các văn bản tài liệu: Chương trình hành động thực hiện Nghị quyết; quy chế làm việc \
của Chi bộ; Chương trình công tác toàn khóa; Chương trình kiểm tra, giám sát toàn khóa và hàng năm; nghị quyết phân \
công nhiệm vụ cho đảng viên."""

LETTER, LESSONS_LETTER = "15-CV/ĐU", "16-TB/ĐU"
MEMBERS = ((EXTENSION, 0), (EXTENSION, 1), (SAFETY, 0), (ENERGY, 0), (INSPECTION, 0))
"""Cấp ủy viên of Đảng ủy Sở, by their place on the roll of a branch that has not met."""
BROADCAST = (
    (
        steering.Area.PAPERS,
        "Báo cáo chính trị đi sâu vào chuyên môn, công tác Đảng còn sơ sài.",
        "Soát lại báo cáo chính trị: đánh giá đủ nhiệm vụ chuyên môn và công tác xây dựng Đảng.",
    ),
    (
        steering.Area.CHAIRING,
        "Đoàn chủ tịch chuyển tiếp một số phần chưa theo kịch bản.",
        "Duyệt trước kịch bản điều hành; phân công người trình bày từng báo cáo.",
    ),
    (
        steering.Area.ELECTION,
        "Số lượng, danh sách bầu cử chưa chốt gọn.",
        "Chốt số lượng và danh sách bầu cử bằng biểu quyết trước khi phát phiếu.",
    ),
)
"""From the text's lessons, as work for every branch; how they are worded as work is invented."""


def _script(code: str, held_on: date, **fields: Any) -> Branch:
    given = {"place": "Trụ sở cơ quan Sở Công Thương", **fields}
    return Branch(code=code, committee=COMMITTEE, term=TERM, held_on=held_on, **given)


PILOT_SCRIPT = _script(
    PILOT,
    date(2022, 6, 29),
    size=6,
    real=(Real("Lê Huy Tuấn", "Trưởng phòng Kế hoạch - Tài chính - Tổng hợp"),),
    ordinal=7,
    pilot_of=COMMITTEE,
    stop=COMPLETE,
    given={
        DocumentKind.POLITICAL_REPORT: {
            "I. Đặc điểm tình hình": (
                "Chi bộ Kế hoạch - Tài chính - Tổng hợp có 06 đảng viên chính thức, trong đó có 01 đảng viên thuộc "
                "diện Ban Thường vụ Tỉnh ủy quản lý."
            ),
            "II. Kết quả thực hiện nhiệm vụ chính trị, chuyên môn": WORK,
            "III. Kết quả công tác xây dựng Đảng": AWARD,
        },
    },
    entries=(
        Entry(Proceeding.Kind.GUEST, *HUYEN),
        Entry(Proceeding.Kind.GUEST, *OAI),
        Entry(
            Proceeding.Kind.GUEST,
            "Các đồng chí Ủy viên BCH Đảng bộ Sở, Bí thư các chi bộ, đảng bộ bộ phận",
            "Đại diện các tổ chức đoàn thể cùng dự",
        ),
        Entry(Proceeding.Kind.REPORT, "Chủ trì đại hội (bịa)", "", "Báo cáo chính trị"),
        Entry(Proceeding.Kind.GUIDANCE, *OAI, SPEECH),
    ),
)
DEMO = {
    "secretary": "chibo.bithu",
    "head": "chibo.kiemphieu2",
    "password": DEMO_PASSWORD,
}
"""The branch whose result waits for the seal of its head teller."""
BOARD = {
    "entering": "chibo.kiemphieu1",
    "second": "chibo.kiemphieu3",
    "head": "chibo.truongban",
    "password": DEMO_PASSWORD,
}
"""The tellers of the branch that has just fixed its slate, so that a visitor can count there from end to end."""
SCRIPTS = [
    PILOT_SCRIPT,
    _script(OFFICE, date(2022, 6, 30), size=10, seats=3, has_deputy=True, pilot_of=COMMITTEE, stop=REPORTED),
    _script(TRADE, date(2022, 7, 20), size=8, has_deputy=True, stop=COUNTED, **DEMO),
    _script(
        INDUSTRY,
        date(2022, 7, 21),
        size=13,
        seats=3,
        has_deputy=True,
        **BOARD,
        stop=SLATE_FIXED,
    ),
    _script(INSPECTION, date(2022, 7, 26), stop=CLEARED),
    _script(ENERGY, date(2022, 7, 28), size=7, stop=SUBMITTED),
    _script(SAFETY, date(2022, 7, 29), drafter="chibo.soanthao", reviewed_twice=True, stop=SENT_BACK),
]


def before(player: Player) -> Story:
    yield hour(date(2022, 1, 4))
    thanh_hoa = {"sector": Sector.AGENCY, "place": "Thanh Hóa"}
    player.found(
        "GOC", code=PROVINCE, name="Đảng bộ tỉnh Thanh Hóa", committee_name="Tỉnh ủy Thanh Hóa", symbol="TU",
        node_type=NodeType.PROVINCE, **thanh_hoa,
    )  # fmt: skip
    player.found(
        PROVINCE, code=BLOC, name="Đảng bộ Khối Cơ quan và Doanh nghiệp tỉnh Thanh Hóa",
        committee_name="Đảng ủy Khối Cơ quan và Doanh nghiệp tỉnh Thanh Hóa", symbol="ĐUK",
        node_type=NodeType.BLOC, has_standing_committee=True, **thanh_hoa,
    )  # fmt: skip
    player.found(
        BLOC, code=TOP, name="Đảng bộ Sở Công Thương", committee_name="Đảng ủy Sở Công Thương", symbol="ĐU",
        node_type=NodeType.GRASSROOTS, has_standing_committee=True, **thanh_hoa,
    )  # fmt: skip
    for committee in (PROVINCIAL, COMMITTEE):
        committee.open_accounts(player, password=DEMO_PASSWORD)
    for code, name in NAMES.items():
        branch = {"node_type": NodeType.BRANCH, "sector": Sector.AGENCY}
        player.found(TOP, code=code, name=name, symbol="CB", **branch)
    yield hour(date(2022, 1, 5))
    for script in [*SCRIPTS, _script(EXTENSION, date(2022, 8, 3))]:
        script.enroll(player)
    for script in SCRIPTS:
        script.open_accounts(player)
    open_other_accounts(player)


def open_other_accounts(player: Player) -> None:
    """The rest of the demo accounts, and the rights some hold at a second branch so that each has work to do."""
    members = Member.objects.filter(organization__code=TRADE).order_by("pk")
    for username, role, place in (
        ("chibo.thuky", Role.CLERK, 4),
        ("chibo.soanthao", Role.DRAFTER, 3),
        ("chibo.dangvien", Role.MEMBER, 1),
    ):
        player.open_account(
            username, members[place].full_name, role, TRADE, member=members[place], password=DEMO_PASSWORD,
            by=COMMITTEE.staff,
        )  # fmt: skip
    player.grant("chibo.soanthao", Role.DRAFTER, SAFETY, by=COMMITTEE.staff)
    player.grant("chibo.thuky", Role.CLERK, INSPECTION, by=COMMITTEE.staff)  # whose elections can be rehearsed


def planning(player: Player) -> Story:
    yield hour(date(2022, 4, 22))
    bloc, own = player.organization(BLOC), player.organization(TOP)
    player.act(
        plans.draft_plan, bloc.pk, subject=GUIDING, term_label=TERM, coverage=Coverage.GUIDING, by=PROVINCIAL.staff
    )
    guiding = player.plan(BLOC, GUIDING)
    player.act(plans.issue_plan, guiding.pk, number=44, issued_on=date(2022, 4, 22), by=PROVINCIAL.approver)
    yield hour(date(2022, 5, 19))
    player.act(
        plans.draft_plan, own.pk, subject=PLAN, term_label=TERM, based_on_id=guiding.pk,
        deadlines={
            DeadlineKind.PAPERS: date(2022, 7, 10),
            DeadlineKind.CLEARANCE: date(2022, 7, 15),
            DeadlineKind.WINDOW_CLOSES: date(2022, 8, 15),
        },
        requirements="Phân công cấp ủy viên hướng dẫn các chi bộ; lựa chọn 02 chi bộ đại hội điểm. (Thời hạn bịa.)",
        by=COMMITTEE.staff,
    )  # fmt: skip
    plan = player.plan(TOP, PLAN)
    player.act(plans.issue_plan, plan.pk, number=22, issued_on=date(2022, 5, 19), by=COMMITTEE.approver)

    yield hour(date(2022, 7, 1))
    player.act(
        guidance.send_guidance, own.pk, notation=MEETING, issued_on=date(2022, 7, 1), term_label=TERM,
        subject="Ý kiến của đồng chí Nguyễn Thị Huyền sau đại hội chi bộ điểm (ngày họp bịa)", body=LESSONS,
        by=COMMITTEE.staff,
    )  # fmt: skip
    yield hour(date(2025, 1, 6))
    player.act(
        plans.draft_plan, bloc.pk, subject=NEXT, term_label="2025-2027", coverage=Coverage.GUIDING, by=PROVINCIAL.staff
    )


def helping(player: Player) -> Story:
    """What a visitor finds begun: a đảng ủy with members, a letter, a tổ giúp việc, lessons; all of it invented."""
    yield hour(date(2022, 5, 20))
    steering.seat(player, COMMITTEE, MEMBERS)
    yield hour(date(2022, 5, 23))
    duties = "Giúp đảng ủy chuẩn bị, theo dõi hai đại hội chi bộ điểm và tổng hợp báo cáo."
    steering.help_with(player, COMMITTEE, PLAN, name="Tổ giúp việc đại hội (bịa)", duties=duties, places=MEMBERS[1:4])
    steering.follow(player, COMMITTEE, {PILOT: MEMBERS[0], OFFICE: MEMBERS[1], TRADE: MEMBERS[2]})
    yield hour(date(2022, 5, 24))
    steering.write_to_all(
        player, COMMITTEE, LETTER, on=date(2022, 5, 24), term=TERM,
        subject="Chuẩn bị đại hội chi bộ trực thuộc (số, ngày, nội dung bịa)",
        body="Các chi bộ lập kế hoạch, phân công soạn thảo văn kiện và xác nhận đã đọc văn bản này.",
    )  # fmt: skip
    readers = [(one.code, one.secretary) for one in SCRIPTS if one.code not in (ENERGY, SAFETY)]
    yield hour(date(2022, 5, 25))
    steering.read(player, COMMITTEE, LETTER, readers)
    yield hour(date(2022, 7, 4))
    steering.draw_lessons(player, COMMITTEE, player.congress(PILOT, TERM), BROADCAST, on=date(2022, 7, 1))
    yield hour(date(2022, 7, 5))
    steering.send_lessons(player, COMMITTEE, player.congress(PILOT, TERM), LESSONS_LETTER, on=date(2022, 7, 5))
    yield hour(date(2022, 7, 6))
    steering.read(player, COMMITTEE, LESSONS_LETTER, readers)
    steering.do_lessons(player, COMMITTEE, LESSONS_LETTER, readers)


def stories(player: Player) -> Iterable[Story]:
    return [before(player), planning(player), helping(player), *(script.story(player) for script in SCRIPTS)]


def figures() -> dict[str, Any]:
    congresses = Congress.objects.filter(organization__parent__code=TOP).order_by("pk")
    pilot = congresses.filter(organization__code=PILOT).first()
    elected = queries.elected_by_office(pilot).get("secretary", []) if pilot else []
    numbered = Plan.objects.filter(organization__code__in=[BLOC, TOP], number__isnull=False).order_by("issued_on")
    return {
        "plans": [f"{plan.notation} {plan.issued_on}" for plan in numbered],
        "pilots": congresses.filter(is_pilot=True).count(),
        "official_members": Member.objects.filter(organization__code=PILOT, official_on__isnull=False).count(),
        "has_branch_committee": pilot.has_branch_committee if pilot else None,
        "congress": pilot.name if pilot else None,
        "held_on": str(pilot.held_on) if pilot and pilot.held_on else None,
        "secretary": [one.member.full_name for one in elected],
        "votes": [f"{one.votes}/{one.base} ({percent(one.votes, one.base)})" for one in elected],
        "guests": list(pilot.proceedings.filter(kind="guest").values_list("person", flat=True)) if pilot else [],
        "lessons": Guidance.objects.filter(organization__code=TOP, notation=MEETING).count(),
    }


TALE = Tale("000", "Đảng ủy Sở Công Thương chỉ đạo Đại hội Chi bộ nhiệm kỳ 2022-2025", PROVINCE, stories, figures)
