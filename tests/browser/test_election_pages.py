"""The floors of the interface on the pages of elections and ratification, in every look but the usual one.

As they come, on a desk and on a phone, ``test_pages_floors`` holds them with all other pages.
"""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import User
from tests.browser import floors
from tests.browser.conftest import DESK
from tests.factories import World, congress_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [  # name, stage, who
    ("overview", "sitting", "secretary"),
    ("round", "sitting", "secretary"),
    ("round", "slate_fixed", "teller"),
    ("count", "slate_fixed", "teller"),
    ("proposal", "counted", "head_teller"),
    ("seal", "counted", "head_teller"),
    ("ratification", "closed", "secretary"),
    ("ratification", "reported", "approver"),
    ("ratify", "reported", "approver"),
    ("all", "sitting", "secretary"),
    ("ratifications", "reported", "approver"),
]
OF_CONGRESS = ("overview", "ratification", "ratify")


def address(name: str, world: World) -> str:
    if name in ("all", "ratifications"):
        return reverse(f"elections:{name}")
    return reverse(f"elections:{name}", args=[world.congress_id if name in OF_CONGRESS else world.round.pk])


@pytest.mark.parametrize(("name", "stage", "who"), PAGES)
def test_pages_pass_axe_and_fit_in_larger_text_and_high_contrast(page_as, name, stage, who):
    world = congress_at(stage, members=12, committee_seats=3)
    complaints: dict[str, list[str]] = {}
    for size, contrast, viewport in (
        ("largest", False, DESK),
        ("normal", True, DESK),
        ("largest", True, {"width": 320, "height": 640}),
    ):
        user = User.objects.get(pk=getattr(world, who).pk)
        User.objects.filter(pk=user.pk).update(text_size=size, high_contrast=contrast)
        page = page_as(user, viewport=viewport, has_touch=viewport["width"] < 600)
        page.goto(address(name, world))
        found = [*floors.axe_complaints(page), *floors.reflow_complaints(page)]
        if viewport["width"] < 600:
            found += floors.target_complaints(page)
        if found:
            complaints[f"{size} {contrast} {viewport['width']}"] = found
        page.context.close()

    assert complaints == {}


def test_a_wrong_sheet_comes_back_with_its_faults_at_the_fields(page_as, watch):
    watch.expected.append("status of 422")
    world = congress_at("counting", members=12, committee_seats=3)
    page = page_as(world.teller)
    page.goto(reverse("elections:entry", args=[world.count.pk]))
    page.get_by_label("G. Số phiếu thu về").fill("13")
    page.get_by_role("button", name="Gửi bản nhập").click()

    assert page.locator(".error-summary").is_visible()
    assert page.get_by_label("G. Số phiếu thu về").input_value() == "13"
    assert page.locator("#div_id_returned").get_by_text("Thu về 13 phiếu nhưng chỉ phát ra 12 phiếu.").is_visible()
    assert floors.axe_complaints(page) == []
