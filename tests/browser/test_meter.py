"""The base meter in a browser: it renews itself, says so, and leaves open what somebody has opened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from congress.services import sitting
from tests.browser.conftest import Watch
from tests.factories import World, congress_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def excuse(world: World, number: int) -> None:
    line = world.congress.attendances.get(member=world.members[number])
    sitting.excuse_absence(line.pk, reason="Công tác (bịa)", actor=world.secretary, at=world.when(0, 14, 11 + number))


def asked_again(page: Page) -> int:
    """Lets the page ask once more; the status it is answered with."""
    with page.expect_response("**/co-so/**") as answer:
        page.clock.fast_forward(21_000)
    answer.value.finished()
    return answer.value.status


def test_the_meter_follows_the_roll_that_somebody_else_takes(page_as: Callable[..., Page]):
    world = congress_at("sitting", members=12)
    excuse(world, 4)
    page = page_as(world.clerk)
    page.clock.install()
    page.goto(reverse("congress:sitting", args=[world.congress_id]))
    meter = page.locator(".meter")
    expect(meter).to_contain_text("= 11 → cần 6 phiếu")
    meter.get_by_text("Trừ 1: vắng có lý do được chấp nhận").click()
    page.locator("#proceeding_person").fill("Lê Văn Khách")

    page.clock.fast_forward(21_000)
    expect(meter.locator("[role=status]")).to_be_empty()
    excuse(world, 5)
    page.clock.fast_forward(21_000)

    expect(meter).to_contain_text("= 10 → cần 6 phiếu")
    expect(meter.locator("[role=status]")).to_have_text(
        "Có mặt 10. Bầu cử: cơ sở tính 10, cần 6 phiếu. Biểu quyết: cơ sở tính 12, cần 7 thẻ."
    )
    expect(meter.get_by_text(world.members[5].display_name)).to_be_visible()
    expect(page.locator("#proceeding_person")).to_have_value("Lê Văn Khách")
    expect(page.locator("#proceeding_person")).to_be_focused()


def test_a_lost_network_disturbs_nobody_who_types(page_as: Callable[..., Page], watch: Watch):
    watch.expected += ["htmx:", "ERR_INTERNET_DISCONNECTED"]
    world = congress_at("sitting", members=6)
    page = page_as(world.clerk)
    page.clock.install()
    page.goto(reverse("congress:sitting", args=[world.congress_id]))
    page.context.set_offline(True)

    page.clock.fast_forward(21_000)
    page.wait_for_timeout(300)

    expect(page.get_by_text("Chưa gửi được vì mất kết nối")).to_have_count(0)
