"""A branch of ten, from the clearance to the decision: chi ủy with surplus, then bí thư, then phó bí thư."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests.factories import World, congress_at
from tests.journeys.counting_room import keep_ledger, type_sheet
from tests.journeys.desks import Desk, clock, short
from tests.journeys.signing import sign_minutes
from tests.journeys.test_whole_way import text_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgresql,
    pytest.mark.redis,
    pytest.mark.django_db(transaction=True),
]


class Congress:
    """The people of one cleared congress at their screens."""

    def __init__(self, page_as: Callable[..., Page]) -> None:
        today = timezone.localdate()
        self.world: World = congress_at(
            "cleared",
            members=10,
            committee_seats=3,
            has_deputy=True,
            held_on=today,
            term_label=f"{today.year}-{today.year + 2}",
        )
        self.today = short(today)
        self._page_as = page_as
        self._desks: dict[str, Desk] = {}

    def at(self, role: str) -> Desk:
        if role not in self._desks:
            desk = self._desks[role] = Desk(self._page_as(getattr(self.world, role)))
            desk.page.goto("/")
        return self._desks[role]

    def name(self, number: int) -> str:
        return self.world.members[number].full_name


def test_a_branch_with_chi_uy_elects_three_times_and_is_ratified(
    page_as: Callable[..., Page], start_worker: Callable[..., object], tmp_path: Path
) -> None:
    start_worker()
    congress = Congress(page_as)

    sit(congress)
    committee = [congress.name(number) for number in (0, 1, 2)]
    nominate(congress, "bầu chi ủy", [congress.name(number) for number in range(4)])
    elect(congress, "bầu chi ủy", {name: 9 - rank for rank, name in enumerate([*committee, congress.name(3)])})
    secretary = congress.at("secretary")
    secretary.part("Bầu cử")
    secretary.sees(*(f"{name} (bịa) ({9 - rank}/10 phiếu)" for rank, name in enumerate(committee)))

    nominate(congress, "bầu bí thư", [committee[0]])
    elect(congress, "bầu bí thư", {committee[0]: 10})
    nominate(congress, "bầu phó bí thư", [committee[1]], nobody_else=[committee[0], congress.name(3)])
    elect(congress, "bầu phó bí thư", {committee[1]: 9})
    decision = close_and_ratify(congress, tmp_path)

    words = text_of(decision)
    for name in committee:
        assert name in words, words
    assert congress.name(3) not in words
    assert congress.world.branch.posts.filter(ends_on__isnull=True).count() == 5


def sit(congress: Congress) -> None:
    clerk = congress.at("clerk")
    clerk.take_duty("Chưa lập các cuộc bầu")
    clerk.press("Lập các cuộc bầu")
    clerk.take_duty("chưa có danh sách")
    for number in range(4):
        add_to_slate(clerk, congress.name(number))
    clerk.take_duty("chưa điểm danh")
    clerk.press("Tất cả có mặt")
    clerk.take_duty("Khai mạc đại hội")
    clerk.press("Khai mạc đại hội")
    clerk.write({"Ngày": congress.today, "Giờ": clock(minutes_ago=2)})
    clerk.press("Khai mạc đại hội")
    clerk.is_told("Đã ghi khai mạc đại hội")
    clerk.write({"Chủ tịch đại hội": congress.name(0), congress.name(1): "x", "Tán thành": "10"}, within="#presidium")
    clerk.press("Ghi kết quả bầu đoàn chủ tịch")
    clerk.write({"Thư ký đại hội": congress.name(7), "Tán thành": "9", "Ý kiến khác": "1"}, within="#clerk")
    clerk.press("Ghi kết quả bầu thư ký đại hội")
    head, teller = congress.name(9), congress.name(8)
    clerk.write({"Trưởng ban kiểm phiếu": head, teller: "x", "Tán thành": "10"}, within="#tellers")
    clerk.press("Ghi kết quả bầu ban kiểm phiếu")


def add_to_slate(desk: Desk, name: str) -> None:
    desk.write({"Đồng chí": name})
    desk.press("Đưa vào danh sách")
    desk.is_told(f"Đã đưa đồng chí {name}")


def nominate(congress: Congress, election: str, names: Sequence[str], *, nobody_else: Sequence[str] = ()) -> None:
    """The slate is completed and fixed; ``nobody_else`` are not offered."""
    secretary = congress.at("secretary")
    secretary.take_duty(election)
    offered = secretary.main.locator("#id_member option")
    for name in names:
        if secretary.main.locator("table tbody th").filter(has_text=name).count() == 0:
            add_to_slate(secretary, name)
    for name in nobody_else:
        assert offered.filter(has_text=name).count() == 0
    secretary.write({"Tán thành": "10"})
    secretary.press("Ghi biểu quyết chốt danh sách")
    secretary.is_told("Đã ghi đại hội chốt số lượng, danh sách")


def elect(congress: Congress, election: str, votes: dict[str, int]) -> None:
    """Ten papers, all valid: typed by both of the board of two, sealed by its head."""
    teller, head = congress.at("teller"), congress.at("head_teller")
    teller.take_duty(election)
    keep_ledger(teller, 10)
    sheet = {name: number if len(votes) > 1 else (number, 10 - number) for name, number in votes.items()}
    type_sheet(teller, sheet, returned=10, valid=10, invalid=0)
    teller.sees("Đồng chí đã gửi. Chờ người nhập thứ hai.")
    head.take_duty(election)
    type_sheet(head, sheet, returned=10, valid=10, invalid=0)
    head.sees("Hai bản khớp nhau.")
    head.take_duty(election)
    head.press("Xem kết quả")
    head.press("Xem lại và niêm phong")
    head.press("Xác nhận và niêm phong kết quả")
    head.is_told("Đã niêm phong kết quả")


def close_and_ratify(congress: Congress, folder: Path) -> Path:
    clerk, secretary, approver = congress.at("clerk"), congress.at("secretary"), congress.at("approver")
    clerk.take_duty("biểu quyết thông qua nghị quyết")
    clerk.write({"Nội dung biểu quyết": "nghị quyết", "Tán thành": "10"}, within="section:has(#bieu-quyet)")
    clerk.press("Ghi biểu quyết")
    clerk.take_duty("Bế mạc đại hội")
    clerk.press("Bế mạc đại hội")
    clerk.write({"Giờ": clock()})
    clerk.press("Bế mạc đại hội")
    clerk.take_duty("Chưa lập biên bản đại hội")
    clerk.press("Lập biên bản đại hội")
    for most, elected in ((9, 3), (10, 1), (9, 1)):
        sign_minutes(clerk, secretary, (10, 10, 10, 0, most, elected), folder)
    secretary.take_duty("chuẩn y")
    secretary.press("Trình đề nghị chuẩn y")
    secretary.tick_every_box()
    secretary.press("Trình đề nghị chuẩn y")
    approver.take_duty("Xem xét chuẩn y kết quả bầu cử")
    approver.press("Chuẩn y kết quả bầu cử")
    approver.write({"Chức vụ người ký": "Bí thư", "Họ và tên người ký": "Phạm Văn Duyệt"})
    approver.press("Xem lại quyết định")
    approver.press("Chuẩn y kết quả bầu cử")
    approver.is_told("Đã chuẩn y kết quả bầu cử")
    file = approver.download("Quyết định chuẩn y", folder)
    shown = approver.main.locator("li.file").filter(has_text="Quyết định").locator("code").inner_text()
    assert hashlib.sha256(file.read_bytes()).hexdigest().startswith(shown.rstrip("…"))
    return file
