"""What a superior does in a browser: a bad import mended, a plan amended, 261 branches by key, on a phone, on paper."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from accounts.roles import Role
from congress.models import Congress, CongressStep
from organizations.models import AccessLink, Member, NodeType, Organization
from organizations.services import links
from outbox.runner import run_waiting
from tests.browser.conftest import PHONE
from tests.browser.floors import axe_complaints, reflow_complaints, target_complaints
from tests.factories import Tree, at, make_organization, make_plan, make_tree, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEAD = ("STT", "Họ và tên", "Ngày sinh", "Ngày vào Đảng", "Ngày chính thức")
GOOD = (1, "Nguyễn Văn An (bịa)", "01/02/1980", "03/02/2005", "03/02/2006")
SENTENCE = re.compile(r"^Chi bộ .+, Đảng bộ .+: .+ giữ từ \d+/\d+/2022, .+\.$")
HOLDS = re.compile(r"(CB|ĐU)")
WRONG = (2, "Trần Thị Bình (bịa)", "31/02/1981", "03/02/2007", "03/02/2008")


def workbook(folder: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    for row in (("DANH SÁCH ĐẢNG VIÊN",), (), HEAD, *rows):
        book.active.append(row)
    path = folder / "danh sach.xlsx"
    book.save(path)
    return path


def read(page: Page) -> None:
    """What the worker does meanwhile; then the page as it is."""
    run_waiting()
    page.reload()


def test_a_bad_file_is_named_row_by_row_mended_and_imported(page_as: Callable[..., Page], tmp_path: Path):
    tree = make_tree()
    page = page_as(make_user(Role.SECRETARY, tree.branch))
    page.goto(reverse("organizations:upload_roll", args=[tree.branch.pk]))
    page.locator("input[type=file]").set_input_files(workbook(tmp_path, GOOD, WRONG))
    page.locator("main form button.btn-primary").first.click()
    read(page)

    refused = page.locator("#tra-lai")
    expect(refused).to_contain_text("31/02/1981")
    assert not Member.objects.exists()

    page.get_by_role("link", name="Tải lên tệp đã sửa").click()
    mended = (*WRONG[:2], "28/02/1981", *WRONG[3:])
    page.locator("input[type=file]").set_input_files(workbook(tmp_path, GOOD, mended))
    page.locator("main form button.btn-primary").first.click()
    read(page)
    page.get_by_role("button", name="Nhập 2 dòng").click()
    read(page)

    expect(page.get_by_text("Đã ghi mọi dòng")).to_be_visible()
    assert sorted(Member.objects.values_list("full_name", flat=True)) == [GOOD[1], WRONG[1]]


def test_an_amended_plan_reaches_the_page_of_every_branch(page_as: Callable[..., Page]):
    tree = make_tree(4)
    staff, approver = make_user(Role.COMMITTEE_STAFF, tree.committee), make_user(Role.APPROVER, tree.committee)
    plan = make_plan(tree.committee, staff=staff, approver=approver, deadlines={"window_closes": date(2022, 6, 28)})

    desk = page_as(staff)
    desk.goto(reverse("congress:amend_plan", args=[plan.pk]))
    desk.locator("[name=window_closes]").fill("15/7/2022")
    desk.locator("main form button.btn-primary").last.click()
    expect(desk.locator("main")).to_contain_text("15/7/2022")
    draft = tree.committee.plans.exclude(pk=plan.pk).get()
    board = page_as(approver)
    board.goto(reverse("congress:issue_plan", args=[draft.pk]))
    expect(board.locator("main")).to_contain_text("28/6/2022")
    board.locator("[name=number]").fill("30")
    board.locator("[name=issued_on]").fill("1/6/2022")
    board.locator("main form button.btn-primary").last.click()
    expect(board.locator("main")).to_contain_text("30-KH/ĐU")

    for branch in tree.branches:
        page = page_as(make_user(Role.SECRETARY, branch))
        page.goto(reverse("congress:detail", args=[branch.congresses.get().pk]))
        expect(page.get_by_text("Kế hoạch 30-KH/ĐU đã đổi hạn")).to_be_visible()
        expect(page.locator(".notice-wait")).to_contain_text("từ 28/6/2022 thành 15/7/2022")


# ---- the wall with 261 branches ----


@pytest.fixture
def nation() -> Tree:
    """Một khối: 36 đảng bộ, 261 chi bộ, written as rows; each third branch has been submitted."""
    tree = make_tree()
    committees = [tree.committee]
    committees += [
        make_organization(tree.bloc, node_type=NodeType.GRASSROOTS, name=f"Đảng bộ cơ sở số {n:02d}")
        for n in range(2, 37)
    ]
    below = [
        Organization(
            code=f"M-{n}", name=f"Chi bộ số {n}", search_name=f"chi bo so {n}", symbol="CB",
            node_type=NodeType.BRANCH, parent=committees[n % 36], depth=3, path=f"new/{n}/",
        )
        for n in range(260)
    ]  # fmt: skip
    Organization.objects.bulk_create(below)
    for one in below:
        one.path = f"{one.parent.path}{one.pk}/"
    Organization.objects.bulk_update(below, ["path"])
    plan = make_plan(tree.bloc, deadlines={"clearance": date(2022, 6, 10), "window_closes": date(2022, 6, 28)})
    congresses = list(Congress.objects.filter(plan=plan))
    for number, congress in enumerate(congresses):
        congress.state = "submitted" if number % 3 == 0 else "preparing"
    Congress.objects.bulk_update(congresses, ["state"])
    CongressStep.objects.bulk_create(
        CongressStep(congress=one, state=one.state, entered_at=at(date(2022, 5, 25))) for one in congresses
    )
    return tree


def test_the_wall_of_261_rows_by_key_on_a_phone_and_on_one_sheet_of_a3(page_as: Callable[..., Page], nation: Tree):
    staff = make_user(Role.COMMITTEE_STAFF, nation.bloc)
    address = reverse("congress:wall")
    page = page_as(staff)
    page.goto(address)

    rows, papers = page.locator(".matrix-row"), page.locator(".matrix-papers")
    expect(rows).to_have_count(261)
    expect(rows.first).to_have_accessible_name(SENTENCE)
    expect(rows.first).to_contain_text(HOLDS)  # seen without a pointer over it
    rows.first.focus()
    page.keyboard.press("Tab")
    expect(papers.first).to_be_focused()
    page.keyboard.press("Tab")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/dai-hoi/*/")
    page.go_back()
    papers.first.click()
    page.wait_for_url("**/dai-hoi/*/van-ban/")
    page.go_back()
    assert axe_complaints(page) == []
    sheet = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(sheet.pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in sheet.pages[0].mediabox[2:]] == [420, 297]
    sizes: list[float] = []
    text = sheet.pages[0].extract_text(visitor_text=lambda said, _, at, __, size: sizes.append(size * abs(at[3])))
    assert "Chi bộ số 259" in text
    assert "Chi bộ đã đại hội" in text and "/ 261" in text and "Quá hạn" in text
    assert min(size for size in sizes if size) >= 8.5

    page.locator("[name=buoc]").select_option("submitted")
    page.get_by_role("button", name="Lọc chi bộ").click()
    expect(rows).to_have_count(87)

    phone = page_as(staff, viewport=PHONE)
    phone.goto(address)
    expect(phone.locator(".matrix-row")).to_have_count(261)
    expect(phone.locator(".matrix-row .matrix-ball").first).to_have_text(
        re.compile(r"giữ từ\s*\d+/\d+/\d+\s*\d+\+? ngày"), use_inner_text=True
    )
    assert reflow_complaints(phone) == []
    assert target_complaints(phone) == []


@pytest.mark.parametrize("screen", [{"width": 1920, "height": 1080}, {"width": 1366, "height": 768}])
def test_the_hung_wall_of_261_stays_within_its_screen(page_as: Callable[..., Page], nation: Tree, screen):
    """With long names, congresses of today and some still open from earlier days: nobody scrolls it."""
    staff, now = make_user(Role.COMMITTEE_STAFF, nation.bloc), timezone.now()
    Organization.objects.filter(parent__depth=1).update(name="Đảng bộ Trung tâm Phục vụ hành chính công tỉnh Lạng Sơn")
    Organization.objects.filter(depth=3).update(name="Chi bộ phòng Quản lý, kỹ thuật an toàn và môi trường số 123")
    busy = list(Congress.objects.order_by("pk")[:9])
    for number, one in enumerate(busy):
        one.planned_for = now
        if number % 3 == 0:
            one.state, one.planned_for, one.opened_at = "sitting", at(date(2022, 6, 20)), at(date(2022, 6, 20))
    Congress.objects.bulk_update(busy, ["planned_for", "state", "opened_at"])
    _, secret = links.make_link(AccessLink.Kind.WALL, nation.bloc.pk, "Phòng họp", actor=staff, at=now)

    page = page_as(staff, viewport=screen)
    page.goto(reverse("congress:hung_wall", args=[secret]))

    expect(page.get_by_role("heading", name="Hôm nay")).to_contain_text("6 đại hội")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.evaluate("document.querySelector('footer').getBoundingClientRect().bottom <= innerHeight")
    inside = (
        "[...document.querySelectorAll('.hung li')].every(one => one.getBoundingClientRect().bottom <= innerHeight)"
    )
    assert page.evaluate(inside)
