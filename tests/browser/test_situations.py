"""Cards are found while somebody types, and a whole rehearsal is played in the browser by keyboard alone."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from elections.models import Rehearsal
from elections.rehearsal import services
from tests.elections.test_rehearsal import sheet_typed
from tests.factories import congress_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_list_shrinks_while_one_types(page_as):
    page: Page = page_as(congress_at("preparing").member_user)
    page.goto(reverse("elections:situations"))

    page.get_by_label("Chuyện gì xảy ra?").press_sequentially("thieu dau")

    expect(page.locator(".situations li")).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text="1/")).to_be_visible()
    page.get_by_role("link", name="Phiếu thiếu dấu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Phiếu thiếu dấu")


def typed_in_order(page: Page, values: list[str]) -> None:
    """Into the fields from the first on, each left by Tab, then Enter on the last."""
    page.locator("main form input:not([type=hidden]):not([type=radio]), main form textarea").first.focus()
    for value in values[:-1]:
        page.keyboard.type(value)
        page.keyboard.press("Tab")
    page.keyboard.type(values[-1])
    page.keyboard.press("Enter")


def test_a_rehearsal_is_typed_by_keyboard_alone(page_as):
    world = congress_at("cleared")
    played = services.start(world.congress_id, office="secretary", actor=world.teller, at=world.when(-3), seed=3)
    page: Page = page_as(world.teller)
    page.goto(reverse("elections:rehearsal", args=[played.pk]))

    typed_in_order(page, ["8", "6", "1", "1"])
    expect(page.get_by_role("heading", name="Mở hòm phiếu")).to_be_visible()
    typed_in_order(page, ["5"])
    expect(page.get_by_role("heading", name="Một phiếu không rõ bầu cho ai")).to_be_visible()
    page.get_by_label("Hợp lệ: tính cho").focus()
    page.keyboard.press("Space")
    page.get_by_label("Lý do ghi vào biên bản").focus()
    page.keyboard.type("Nét bút không chạm họ tên.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nhập kết quả kiểm phiếu")).to_be_visible()
    figures = sheet_typed(Rehearsal.objects.get())
    order = page.locator("main form.tally input:not([type=hidden])").evaluate_all("all => all.map(one => one.name)")
    typed_in_order(page, [str(figures.get(name, "")) for name in order])

    expect(page.get_by_role("heading", name="Hai bản nhập khác nhau ở ô L")).to_be_visible()
    expect(page.locator("main form.tally input:not([type=hidden])")).to_have_count(1)
