"""The secretary's way from home to the submission for clearance by keyboard alone, always seeing where one is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.factories import congress_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_TABS = 80
FOCUSED = """
() => {
  const node = document.activeElement;
  const style = getComputedStyle(node);
  const box = node.getBoundingClientRect();
  const label = node.labels?.length ? node.labels[0].innerText : node.innerText;
  const ring = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  return { words: (label ?? "").replace(/\\s+/g, " ").trim(), seen: ring && inside, tag: node.tagName };
}
"""


def tab_to(page: Page, words: str, *tags: str) -> None:
    """Press Tab until the control with these words has the focus; each stop on the way shows that it has it."""
    passed = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUSED)
        passed.append(here["words"])
        assert here["seen"] or here["tag"] == "BODY", f"the focus is not to be seen on {here}"
        if here["words"].startswith(words) and here["tag"] in (tags or ("A", "BUTTON")):
            return
    raise AssertionError(f"no Tab leads to “{words}”: {passed}")


def go(page: Page, words: str, *tags: str) -> None:
    """Tab there and press Enter; a new page follows."""
    tab_to(page, words, *tags)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, label, "INPUT", "TEXTAREA")
    page.keyboard.type(text)


def test_a_secretary_reaches_clearance_without_a_mouse(page_as: Callable[..., Page]) -> None:
    world = congress_at("preparing")
    world.prepare_papers()
    page = page_as(world.secretary)
    page.goto("/")

    go(page, "Ghi thời gian, địa điểm")
    write(page, "Đại hội lần thứ", "7")
    write(page, "Ngày đại hội", "29/6/2022")
    write(page, "Giờ khai mạc dự kiến", "14h")
    write(page, "Địa điểm", "Hội trường cơ quan")
    go(page, "Lưu thời gian, địa điểm")
    expect(page.get_by_text("Đã ghi thời gian, địa điểm")).to_be_visible()
    go(page, "Lập danh sách triệu tập")
    go(page, "Lập danh sách triệu tập")
    expect(page.get_by_text("Đã lập danh sách triệu tập 6 đồng chí")).to_be_visible()
    go(page, "Việc cần làm")
    go(page, "Trình duyệt đại hội")
    go(page, "Trình duyệt đại hội")
    go(page, "Trình duyệt đại hội", "BUTTON")

    expect(page.get_by_text("Đã trình Đảng ủy Sở Công Thương duyệt đại hội")).to_be_visible()
    assert world.congress.state == "submitted"


def test_the_first_tab_leads_past_the_shell(page_as: Callable[..., Page]) -> None:
    page = page_as(congress_at("preparing").secretary)
    page.goto("/")

    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["words"] == "Đến nội dung chính"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("() => document.activeElement.closest('main') !== null")
