"""What the pages do by themselves: keys, drafts, one submit a press."""

from __future__ import annotations

import pytest
from django.urls import reverse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(visitor):
    visitor.goto(reverse("components"))
    return visitor


def test_the_question_mark_lists_the_keys(page):
    page.keyboard.press("?")

    assert page.get_by_role("dialog", name="Phím tắt").is_visible()


def test_keys_are_letters_while_one_types(page):
    page.locator("#sach_note").focus()

    page.keyboard.type("np?/")

    assert page.locator("#sach_note").input_value() == "np?/"
    assert not page.get_by_role("dialog", name="Phím tắt").is_visible()


def test_n_and_p_go_through_the_changes_of_a_text(page):
    page.keyboard.press("n")
    page.keyboard.press("n")
    second = page.locator(".is-current-change").inner_text()
    page.keyboard.press("p")

    assert second == "xuất sắc"
    assert page.locator(".is-current-change").inner_text() == "tốt"


def test_j_goes_down_the_rows_of_a_table_to_open_by_enter(page):
    page.keyboard.press("j")
    page.keyboard.press("j")

    assert page.locator(":focus").inner_text() == "Chi bộ Quản lý năng lượng"


def test_what_is_typed_survives_a_reload_on_this_machine(page):
    page.locator("#sach_note").fill("Đại hội họp buổi chiều")
    page.get_by_text("đã lưu trên máy này").wait_for()

    page.reload()

    assert page.locator("#sach_note").input_value() == "Đại hội họp buổi chiều"
    assert page.get_by_text("Đã lấy lại nội dung lưu trên máy này").is_visible()

    page.get_by_role("button", name="Bỏ nội dung này, bắt đầu lại").click()

    assert page.locator("#sach_note").input_value() != "Đại hội họp buổi chiều"
    page.reload()
    assert not page.get_by_text("Đã lấy lại nội dung lưu trên máy này").is_visible()


def test_a_draft_is_dropped_once_the_server_has_accepted_it(page):
    page.locator("#sach_note").fill("Đại hội họp buổi chiều")
    page.get_by_text("đã lưu trên máy này").wait_for()

    page.goto(reverse("components") + "?da-luu=1")

    assert page.evaluate("Object.keys(localStorage)") == []


def test_signing_out_leaves_no_draft_behind(page):
    page.locator("#sach_note").fill("Đại hội họp buổi chiều")
    page.get_by_text("đã lưu trên máy này").wait_for()

    page.get_by_label("Tài khoản:").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_load_state()

    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_second_press_sends_nothing(page):
    page.evaluate(
        "document.addEventListener('submit', (event) => {"
        " window.sent = (window.sent ?? 0) + 1; event.preventDefault(); })"
    )
    button = page.get_by_role("button", name="Niêm phong kết quả")

    button.click()
    button.click()

    assert page.evaluate("window.sent") == 1
    assert button.get_attribute("aria-busy") == "true"


def test_a_button_that_cannot_be_used_says_why_and_does_nothing(page):
    button = page.get_by_role("button", name="Khai mạc đại hội")

    button.click(force=True)

    assert button.get_attribute("aria-disabled") == "true"
    assert page.locator(f"#{button.get_attribute('aria-describedby')}").inner_text().startswith("Còn thiếu 2 việc")


def test_an_error_summary_is_read_out_and_leads_to_the_field(page):
    summary = page.get_by_role("alert").filter(has_text="Cần sửa trước khi gửi")

    summary.get_by_role("link").first.click()

    assert page.locator(":focus").get_attribute("name") == "returned"
    assert "id_returned_error" in (page.locator("#id_returned").get_attribute("aria-describedby") or "")
