"""How a committee helps its branches: who is in it, who follows whom, letters with receipts, lessons of a pilot.

The texts name nobody for this; every person, number and day here is invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from congress.models import Congress, GuidanceReceipt, Lesson, PilotReview, SubcommitteeMember
from congress.services import guidance, helping
from elections.stories.branch import Committee
from elections.stories.player import ADMINISTRATOR, Player
from organizations import services as organization_services
from organizations.models import Member, Post

Area, Rank = Lesson.Area, SubcommitteeMember.Rank
SINCE = date(2020, 6, 1)


def seat(player: Player, committee: Committee, places: Sequence[tuple[str, int]]) -> None:
    """Ghi cấp ủy viên: those at these places of the rolls of branches below, the first of them as phó bí thư."""
    for turn, (code, place) in enumerate(places):
        player.act(
            organization_services.give_post,
            member_at(code, place).pk,
            player.organization(committee.code).pk,
            Post.COMMITTEE_MEMBER if turn else Post.DEPUTY_SECRETARY,
            starts_on=SINCE,
            decision="Quyết định bịa",
            by=ADMINISTRATOR,
        )


def member_at(code: str, place: int) -> Member:
    return Member.objects.filter(organization__code=code).order_by("pk")[place]


def help_with(
    player: Player, committee: Committee, plan: str, *, name: str, duties: str, places: Sequence[tuple[str, int]]
) -> None:
    """Thành lập tổ giúp việc, the first as its head."""
    found = player.plan(committee.code, plan)
    player.act(helping.set_up_subcommittee, found.pk, name=name, duties=duties, by=committee.staff)
    subcommittee = found.subcommittees.get(name=name)
    for turn, place in enumerate(places):
        rank = Rank.MEMBER if turn else Rank.HEAD
        player.act(
            helping.add_to_subcommittee, subcommittee.pk, member_at(*place).pk, rank=rank, duty="", by=committee.staff
        )


def follow(player: Player, committee: Committee, whom: dict[str, tuple[str, int]]) -> None:
    """Code of a branch → place on a roll of who follows it; branches left out are for the planner to propose."""
    chosen = {player.organization(code).pk: member_at(*place).pk for code, place in whom.items()}
    player.act(helping.follow, player.organization(committee.code).pk, chosen, by=committee.staff)


def write_to_all(
    player: Player, committee: Committee, notation: str, *, on: date, term: str, subject: str, body: str
) -> None:
    player.act(
        guidance.send_guidance, player.organization(committee.code).pk, notation=notation, issued_on=on,
        term_label=term, subject=subject, body=body, by=committee.staff,
    )  # fmt: skip


def read(player: Player, committee: Committee, notation: str, readers: Iterable[tuple[str, str]]) -> None:
    """(code of a branch, user name): they say that they have read it."""
    for code, username in readers:
        player.act(guidance.confirm_read, receipt_of(committee, notation, code).pk, by=username)


def receipt_of(committee: Committee, notation: str, code: str) -> GuidanceReceipt:
    return GuidanceReceipt.objects.get(
        guidance__organization__code=committee.code, guidance__notation=notation, organization__code=code
    )


def draw_lessons(
    player: Player, committee: Committee, congress: Congress, lessons: Sequence[tuple[str, str, str]], *, on: date
) -> None:
    """(area, what was lacking, what all are to do) after a pilot congress."""
    player.act(
        guidance.review_pilot, congress.pk, held_on=on, participants="Đảng ủy viên, bí thư các chi bộ (bịa)",
        by=committee.staff,
    )  # fmt: skip
    review = PilotReview.objects.get(congress=congress)
    for area, limits, action in lessons:
        player.act(
            guidance.add_lesson, review.pk, area=area, strengths="", limits=limits, action=action, applies_to_all=True,
            owner="Chi ủy, bí thư chi bộ", due_on=None, by=committee.staff,
        )  # fmt: skip


def send_lessons(player: Player, committee: Committee, congress: Congress, notation: str, *, on: date) -> None:
    review = PilotReview.objects.get(congress=congress)
    player.act(
        guidance.send_lessons, review.pk, notation=notation, issued_on=on,
        subject="Bài học từ đại hội chi bộ điểm (số, ngày bịa)",
        body="Các chi bộ rà soát, làm theo từng bài học và ghi lại khi đã làm.", by=committee.staff,
    )  # fmt: skip


def do_lessons(player: Player, committee: Committee, notation: str, doers: Iterable[tuple[str, str]]) -> None:
    for code, username in doers:
        receipt = receipt_of(committee, notation, code)
        for lesson in receipt.guidance.lessons.order_by("pk"):
            player.act(guidance.do_lesson, receipt.pk, lesson.pk, note="", by=username)
