"""The Gantt picture of a congress: a day is tried by mouse and by keys, and only shown until somebody saves it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from congress.models import Milestone
from congress.services import timeline
from tests.factories import World, congress_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(db: None) -> World:
    world = congress_at("preparing")
    world.fill_details()
    return world


def opened(world: World, page: Page) -> Page:
    page.goto(reverse("congress:timeline", args=[world.congress_id]))
    return page


def bar(page: Page, title: str):
    return page.locator(f"svg.plot-wide [data-bar][data-label='{title}']")


def test_arrow_keys_try_another_day_and_enter_shows_what_it_breaks(world: World, page_as: Callable[..., Page]):
    page = opened(world, page_as(world.secretary))
    held = bar(page, "Đại hội")

    held.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(held).to_have_attribute("aria-valuetext", "thứ bảy, 2/7/2022")
    expect(page.locator("[data-gantt-said]")).to_contain_text("Nhấn Enter để xem điều gì thay đổi")
    page.keyboard.press("Escape")
    expect(held).to_have_attribute("aria-valuenow", "0")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_contain_text("rơi vào ngày nghỉ (thứ bảy)")
    assert Milestone.objects.get(congress=world.congress, key="held").due_on.isoformat() == "2022-06-29"
    page.get_by_role("button", name="Vẫn lưu ngày này").click()
    expect(page.locator("main")).to_contain_text("Cần xem lại")
    world.congress.refresh_from_db()
    assert Milestone.objects.get(congress=world.congress, key="held").due_on.isoformat() == "2022-07-02"
    assert world.congress.planned_for.date().isoformat() == "2022-07-02"


def test_dragging_an_end_opens_the_page_of_the_step_with_the_new_day(world: World, page_as: Callable[..., Page]):
    page = opened(world, page_as(world.secretary))
    end = bar(page, "Soạn dự thảo văn kiện").locator(".gantt-end")
    end.scroll_into_view_if_needed()
    box = end.bounding_box()
    before = Milestone.objects.get(congress=world.congress, key="drafts").due_on

    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()

    page.wait_for_url("**/ngay/?ngay=*")
    expect(page.get_by_label("Ngày dự kiến")).not_to_have_value(f"{before:%d/%m/%Y}")
    assert Milestone.objects.get(congress=world.congress, key="drafts").planned_on is None


def test_whoever_only_reads_has_nothing_to_drag(world: World, page_as: Callable[..., Page]):
    page = opened(world, page_as(world.member_user))

    expect(page.locator("svg.plot-wide .gantt-row").first).to_be_visible()
    expect(page.locator("[data-bar]")).to_have_count(0)


def test_the_page_is_no_wider_than_the_window_in_the_largest_text(world: World, page_as: Callable[..., Page]):
    drafts = world.congress.milestones.get(key="drafts")
    timeline.mark_done(drafts.pk, on=world.when(-20).date(), actor=world.secretary, at=world.when(-20))
    User.objects.update(text_size="largest")
    page = page_as(world.secretary)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        opened(world, page)
        assert page.locator("html").get_attribute("data-text-size") == "largest"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
