"""The floors of the interface, on the page of all components and on the sign-in page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.browser import floors
from tests.browser.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = ("normal", "large", "largest")
CONTRASTS = ("normal", "high")
PHONE_320 = {"width": 320, "height": 640}


def components(size: str = "normal", contrast: str = "normal") -> str:
    return f"{reverse('components')}?tin=1&size={size}&contrast={contrast}"


@pytest.mark.parametrize("contrast", CONTRASTS)
@pytest.mark.parametrize("size", SIZES)
def test_components_pass_axe_in_each_size_and_contrast(visitor, size, contrast):
    visitor.goto(components(size, contrast))

    assert floors.axe_complaints(visitor) == []


@pytest.mark.parametrize("contrast", CONTRASTS)
@pytest.mark.parametrize("size", SIZES)
def test_sign_in_passes_axe_in_each_size_and_contrast(visitor, size, contrast):
    visitor.goto(reverse("account_login"))
    visitor.locator(f'button[name="size"][value="{size}"]').click()
    if contrast == "high":
        visitor.get_by_role("button", name="Tương phản cao").click()

    assert visitor.locator("html").get_attribute("data-text-size") == size
    assert floors.axe_complaints(visitor) == []


@pytest.mark.parametrize("size", SIZES)
def test_components_reflow_at_320_pixels(open_browser, size):
    page = open_browser(viewport=PHONE_320).new_page()
    page.goto(components(size))

    assert floors.reflow_complaints(page) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("width", [768, 1024, 1280, 1366, 1920])
def test_components_never_scroll_sideways(open_browser, width, size):
    page = open_browser(viewport={"width": width, "height": 768}).new_page()
    page.goto(components(size))

    assert floors.reflow_complaints(page) == []


@pytest.mark.parametrize("viewport", [pytest.param(PHONE, id="phone"), pytest.param(DESK, id="desk")])
def test_controls_are_big_enough_for_a_finger(open_browser, viewport):
    page = open_browser(viewport=viewport, has_touch=True).new_page()
    page.goto(components())

    assert floors.target_complaints(page) == []


@pytest.mark.parametrize("name", ["account_login", "components"])
def test_the_first_load_is_light(visitor, name):
    load = floors.first_load(visitor, reverse(name))

    assert load.without_fonts <= 150 * floors.KILOBYTE
    assert load.scripts <= 60 * floors.KILOBYTE
    assert load.fonts <= 60 * floors.KILOBYTE


def test_nothing_moves_while_the_page_loads(visitor):
    visitor.add_init_script(
        """
        window.moved = 0;
        new PerformanceObserver((list) => { for (const one of list.getEntries()) window.moved += one.value; })
          .observe({ type: "layout-shift", buffered: true });
        """
    )

    visitor.goto(reverse("account_login"), wait_until="networkidle")

    assert visitor.evaluate("window.moved") < 0.01


def test_every_page_says_its_language_and_title(visitor):
    visitor.goto(reverse("account_login"))

    assert visitor.locator("html").get_attribute("lang") == "vi"
    assert visitor.title() == "Đăng nhập – Đại hội chi bộ"


def test_the_sign_in_page_works_without_scripts(open_browser):
    page = open_browser(java_script_enabled=False).new_page()
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Cỡ chữ lớn nhất").click()
    page.get_by_label("Tên đăng nhập").fill("khong-co-ai")
    page.get_by_label("Mật khẩu").fill("khong dung")
    page.get_by_role("button", name="Đăng nhập").click()

    assert page.locator("html").get_attribute("data-text-size") == "largest"
    assert page.get_by_role("alert").is_visible()
