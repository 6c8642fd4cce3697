"""Story 003: Đảng bộ Khối các cơ quan tỉnh Lạng Sơn on 30/5/2022: 38 of 261 chi bộ have met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from congress.models import Congress, Coverage, DeadlineKind, Guidance
from congress.queries import deadlines_of
from congress.services import guidance, plans
from documents.models import DocumentKind
from elections.stories import steering
from elections.stories.branch import PREPARED, Branch, Committee
from elections.stories.people import DEMO_PASSWORD, Real, roll
from elections.stories.player import ADMINISTRATOR, Player, Story, hour
from elections.stories.tale import Tale, held_of_all
from organizations import services as organization_services
from organizations.models import NodeType, Organization, Post, Sector
from organizations.queries import below

PROVINCE, BLOC, TERM = "LS", "LS-K", "2022-2025"
PROVINCIAL = Committee(BLOC, staff="langson.chuyenvien", approver="langson.duyet")
ENDS_ON = date(2022, 5, 30)
PLAN = "Đại hội chi bộ trực thuộc đảng ủy cơ sở nhiệm kỳ 2022-2025 (bài viết không nêu số, ngày; số, ngày bịa)"
NOTATION, MEETING = "684-CV/ĐUK", "Họp rút kinh nghiệm"
LETTER = "Thống nhất một số nội dung trong chỉ đạo, tổ chức đại hội chi bộ nhiệm kỳ 2022-2025"
CONTENTS = (
    "Tiếp tục quán triệt các quy định, hướng dẫn về tổ chức đại hội",
    "Xây dựng báo cáo, tài liệu trình đại hội",
    "Trang trí trong đại hội",
    "Công tác điều hành đại hội",
    "Chuẩn y kết quả bầu cử",
)
PURPOSE = (
    "Để đảm bảo đại hội chi bộ trực thuộc đảng bộ cơ sở diễn ra chất lượng, đúng tiến độ, đúng quy định của cấp ủy "
    "các cấp (lời đồng chí Nguyễn Hoàng Tùng, Bí thư Đảng ủy Khối). Các chi bộ tổ chức đại hội và báo cáo kết quả "
    "đại hội về đảng ủy cơ sở để quyết định chuẩn y cấp ủy, chậm nhất ngày 28/6/2022."
)
LESSONS = """Báo cáo tổng kết thực hiện nghị quyết đại hội của chi bộ có nội dung đánh giá chưa đầy đủ, khách quan.
Việc góp ý vào các văn kiện của đại hội chưa phát huy được tinh thần, trách nhiệm của đảng viên.
Việc điều hành của đoàn chủ tịch.
Cách tính kết quả bầu cử."""
COMMITTEES, BRANCHES, HELD = 36, 261, 38

VNPT, TAX, TREASURY = 1, 2, 3
"""The three đảng bộ cơ sở that have names in the text come first."""
TRIED = 4
"""The đảng bộ cơ sở whose accounts a visitor may try, below the plan of the khối."""
NAMES = {
    VNPT: ("Đảng bộ VNPT Lạng Sơn", "Đảng ủy VNPT Lạng Sơn", Sector.ENTERPRISE),
    TAX: ("Đảng bộ Cục Thuế tỉnh Lạng Sơn", "Đảng ủy Cục Thuế tỉnh Lạng Sơn", Sector.AGENCY),
    TREASURY: ("Đảng bộ Kho bạc Nhà nước tỉnh", "Đảng ủy Kho bạc Nhà nước tỉnh", Sector.AGENCY),
}
BRANCH_NAMES = {
    (VNPT, 1): "Chi bộ Trung tâm Kinh doanh",
    (TAX, 3): "Chi bộ III",
    (TREASURY, 1): "Chi bộ Kho bạc Nhà nước Hữu Lũng",
}
HELD_DAYS = [date(2022, 5, day) for day in (20, 23, 24, 25, 26, 27, 30)]
CLEARED_DAYS = [date(2022, 6, day) for day in (1, 2, 3, 6, 7, 8, 9)]
SUBMITTED_DAYS = [date(2022, 6, day) for day in (10, 13, 14)]
PREPARED_DAYS = [date(2022, 6, day) for day in (20, 21, 22, 23)]


def committee_of(number: int) -> Committee:
    return Committee.of(f"LS-{number:02d}")


def branches_of(number: int) -> int:
    """261 chi bộ over 36 đảng bộ: eight in the first nine, seven in the rest."""
    return BRANCHES // COMMITTEES + (number <= BRANCHES % COMMITTEES)


def code_of(number: int, branch: int) -> str:
    return f"LS-{number:02d}-{branch}"


def named() -> list[Branch]:
    """The two pilots of the khối, and the pilot of one đảng ủy on 26/5; the days of the two are invented."""
    pilot: dict[str, Any] = {"term": TERM, "size": 11, "seats": 3, "has_deputy": True, "reviewed_twice": True}
    pilot |= {"given": {DocumentKind.ACTION_PROGRAMME: {}}, "pilot_of": PROVINCIAL, "ends_on": ENDS_ON}
    return [
        Branch(
            code=code_of(VNPT, 1),
            committee=committee_of(VNPT),
            held_on=date(2022, 5, 17),
            real=(Real("Bùi Thanh Tú", "Phó Giám đốc Trung tâm Kinh doanh VNPT Lạng Sơn"),),
            leader=1,
            deputy=0,
            place="Trung tâm Kinh doanh VNPT Lạng Sơn",
            **pilot,
        ),
        Branch(
            code=code_of(TAX, 3),
            committee=committee_of(TAX),
            held_on=date(2022, 5, 19),
            place="Cục Thuế tỉnh Lạng Sơn",
            **pilot,
        ),
        Branch(
            code=code_of(TREASURY, 1),
            committee=committee_of(TREASURY),
            held_on=date(2022, 5, 26),
            term=TERM,
            real=(Real("Nông Văn Vịnh", "Giám đốc Kho bạc Nhà nước Hữu Lũng"),),
            place="Kho bạc Nhà nước Hữu Lũng",
            pilot_of=committee_of(TREASURY),
            ends_on=ENDS_ON,
        ),
    ]


def others() -> Iterator[Branch]:
    """One branch of each đảng bộ after the other: 35 have met, then some are cleared, submitted, prepared."""
    done = {script.code for script in named()}
    order = [(n, b) for b in range(1, 9) for n in range(1, COMMITTEES + 1) if b <= branches_of(n)]
    rest = [(n, b) for n, b in order if code_of(n, b) not in done]
    days = [HELD_DAYS[turn % 7] for turn in range(HELD - len(done))]
    days += [CLEARED_DAYS[turn % 7] for turn in range(14)] + [SUBMITTED_DAYS[turn % 3] for turn in range(12)]
    days += [PREPARED_DAYS[turn % 4] for turn in range(16)]
    for turn, ((number, branch), held_on) in enumerate(zip(rest, days, strict=False)):
        yield Branch(
            code=code_of(number, branch),
            committee=committee_of(number),
            term=TERM,
            held_on=held_on,
            at=8 if turn % 2 else 14,
            size=6 + turn % 3,
            has_deputy=turn % 5 == 0,
            absent=1 if turn % 3 == 2 else 0,
            unanimous=turn % 4 != 1,
            stop=PREPARED if held_on in PREPARED_DAYS else "ratified",
            ends_on=ENDS_ON,
        )


def before(player: Player, scripts: dict[str, Branch]) -> Story:
    yield hour(date(2022, 2, 7))
    province = {"sector": Sector.AGENCY, "place": "Lạng Sơn"}
    player.found(
        "GOC", code=PROVINCE, name="Đảng bộ tỉnh Lạng Sơn", committee_name="Tỉnh ủy Lạng Sơn", symbol="TU",
        node_type=NodeType.PROVINCE, **province,
    )  # fmt: skip
    player.found(
        PROVINCE, code=BLOC, name="Đảng bộ Khối các cơ quan tỉnh Lạng Sơn",
        committee_name="Đảng ủy Khối các cơ quan tỉnh", symbol="ĐUK", node_type=NodeType.BLOC,
        has_standing_committee=True, **province,
    )  # fmt: skip
    PROVINCIAL.open_accounts(player, password=DEMO_PASSWORD)
    for number in range(1, COMMITTEES + 1):
        yield hour(date(2022, 2, 8), 8, number)
        found_committee(player, number, scripts)


def found_committee(player: Player, number: int, scripts: dict[str, Branch]) -> None:
    ordinary = (f"Đảng bộ cơ sở số {number:02d}", f"Đảng ủy cơ sở số {number:02d}", list(Sector)[number % 3])
    name, committee_name, sector = NAMES.get(number, ordinary)
    committee = committee_of(number)
    player.found(
        BLOC, code=committee.code, name=name, committee_name=committee_name, symbol="ĐU",
        node_type=NodeType.GRASSROOTS, sector=sector, place="Lạng Sơn",
    )  # fmt: skip
    committee.open_accounts(player, password=DEMO_PASSWORD if number == TRIED else None)
    for branch in range(1, branches_of(number) + 1):
        code = code_of(number, branch)
        branch_name = BRANCH_NAMES.get((number, branch), f"Chi bộ số {branch}")
        player.found(committee.code, code=code, name=branch_name, symbol="CB", node_type=NodeType.BRANCH, sector=sector)
        if code in scripts:
            scripts[code].enroll(player)
            scripts[code].open_accounts(player)
        else:
            for fields in roll(code, 3):
                organization = player.organization(code)
                player.act(organization_services.enroll_member, organization.pk, by=committee.staff, **fields)
            name_secretary(player, code)


def name_secretary(player: Player, code: str) -> None:
    """Somebody to call where nobody has an account yet; the post and its decision are invented."""
    branch = player.organization(code)
    member = branch.members.order_by("pk").first()
    assert member is not None  # noqa: S101  (the roll was written above)
    player.act(
        organization_services.give_post, member.pk, branch.pk, Post.SECRETARY,
        starts_on=date(2020, 3, 2), decision="Quyết định chuẩn y nhiệm kỳ 2020-2022 (bịa)", by=ADMINISTRATOR,
    )  # fmt: skip


def planning(player: Player) -> Story:
    yield hour(date(2022, 4, 5))
    bloc = player.organization(BLOC)
    player.act(
        plans.draft_plan, bloc.pk, subject=PLAN, term_label=TERM, coverage=Coverage.BRANCHES,
        deadlines={DeadlineKind.WINDOW_CLOSES: date(2022, 6, 28), DeadlineKind.RATIFICATION: date(2022, 6, 28)},
        requirements=PURPOSE, by=PROVINCIAL.staff,
    )  # fmt: skip
    plan = player.plan(BLOC, PLAN)
    player.act(plans.issue_plan, plan.pk, number=30, issued_on=date(2022, 4, 5), by=PROVINCIAL.approver)
    yield hour(date(2022, 5, 20))
    player.act(
        guidance.send_guidance, bloc.pk, notation=MEETING, issued_on=date(2022, 5, 20), term_label=TERM,
        subject="Hạn chế cần rút kinh nghiệm qua hai đại hội chi bộ điểm (ngày họp bịa)", body=LESSONS,
        by=PROVINCIAL.staff,
    )  # fmt: skip
    yield hour(date(2022, 5, 23))
    player.act(
        guidance.send_guidance, bloc.pk, notation=NOTATION, issued_on=date(2022, 5, 23), subject=LETTER,
        term_label=TERM, body="\n".join(f"{n}. {text}." for n, text in enumerate(CONTENTS, start=1)),
        by=PROVINCIAL.staff,
    )  # fmt: skip


def helping(player: Player) -> Story:
    """The committees of the khối and of one đảng bộ, from branches that have not met; all invented."""
    yield hour(date(2022, 4, 6))
    steering.seat(player, PROVINCIAL, [(code_of(number, 7), 0) for number in range(5, 14)])
    steering.seat(player, committee_of(TRIED), [(code_of(TRIED, branch), 0) for branch in (5, 6, 7)])


def stories(player: Player) -> Iterable[Story]:
    scripts = {script.code: script for script in [*named(), *others()]}
    return [
        before(player, scripts),
        planning(player),
        helping(player),
        *(script.story(player) for script in scripts.values()),
    ]


def figures() -> dict[str, Any]:
    bloc = Organization.objects.filter(code=BLOC).first()
    if bloc is None:
        return {}
    congresses = list(Congress.objects.filter(below(bloc.path, "organization__")).select_related("plan", "pilot_of"))
    letter = Guidance.objects.filter(organization=bloc, notation=NOTATION).first()
    deadline = deadlines_of(congresses[0].plan).get(DeadlineKind.RATIFICATION) if congresses else None
    return {
        "committees": Organization.objects.filter(below(bloc.path), node_type=NodeType.GRASSROOTS).count(),
        "branches": Organization.objects.filter(below(bloc.path), node_type=NodeType.BRANCH).count(),
        "held": held_of_all(congresses),
        "pilots_of_the_bloc": sorted(one.organization.name for one in congresses if one.pilot_of_id == bloc.pk),
        "letter": str(letter) if letter else None,
        "letter_contents": len(letter.body.splitlines()) if letter else 0,
        "deadline": str(deadline.due_on) if deadline else None,
    }


TITLE = "Đảng bộ Khối các cơ quan tỉnh Lạng Sơn: rút kinh nghiệm từ đại hội chi bộ điểm"
TALE = Tale("003", TITLE, PROVINCE, stories, figures)
