"""A person at a screen: reads what is there, presses what is written, types into what is labelled; knows no address."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Download, Locator, Page, expect

PATIENCE = 15_000
"""Milliseconds that a page may take on a busy machine."""

OPTIONAL = r"(\s*\(không bắt buộc\))?"


def short(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def clock(*, minutes_ago: int = 0) -> str:
    """The time of day as people write it, never later than the server's clock nor before midnight."""
    now = timezone.localtime()
    then = max(now - timedelta(minutes=minutes_ago), now.replace(hour=0, minute=0))
    return then.strftime("%H:%M")


class Desk:
    """One person's browser. Every act waits for what it needs, so there is no waiting here."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    # Going somewhere.

    def home(self) -> None:
        self.page.get_by_role("navigation", name="Chức năng").get_by_role("link", name="Việc cần làm").click()

    def section(self, name: str) -> None:
        """One of the functions on the left."""
        self.page.get_by_role("navigation", name="Chức năng").get_by_role("link", name=name, exact=True).click()

    def part(self, name: str) -> None:
        """One of the parts of a congress."""
        self.page.get_by_role("navigation", name="Các phần của đại hội").get_by_role(
            "link", name=name, exact=True
        ).click()

    def take_duty(self, title: str) -> None:
        """The home page names the thing to do; its button leads to where it is done."""
        self.home()
        duty = self.main.get_by_role("listitem").filter(has_text=title).first
        expect(duty).to_be_visible()
        duty.get_by_role("link").or_(duty.get_by_role("button")).first.click()

    # Pressing and typing.

    def tick_every_box(self) -> None:
        for box in self.main.get_by_role("checkbox").all():
            box.check(force=True)  # the words beside it, which a person presses, lie over the box

    def press(self, name: str, *, within: str = "", nth: int = 0) -> None:
        """A button or a link of the page by its words; ``within``: of the part that contains these words."""
        place = self.part_with(within) if within else self.main
        exact = re.compile(rf"^\s*{re.escape(name)}(?=\s|$)")
        place.get_by_role("button", name=exact).or_(place.get_by_role("link", name=exact)).nth(nth).click()
        self.page.wait_for_load_state()

    def part_with(self, words: str) -> Locator:
        """The innermost section, row or group of the page with these words."""
        return self.main.locator("form, section, fieldset, li, tr, .day-group, .panel").filter(has_text=words).last

    def write(self, values: Mapping[str, str], *, within: str = "") -> None:
        """Label → what is typed, chosen or ticked ("x")."""
        for label, value in values.items():
            self.field(label, within=within, value=value)

    def field(self, label: str, *, value: str, within: str = "") -> None:
        place = self.main.locator(within) if within else self.main
        control = place.get_by_label(re.compile(rf"^\s*{re.escape(label)}{OPTIONAL}\s*$")).first
        for closed in control.locator("xpath=ancestor::details[not(@open)]").all():
            closed.locator("summary").first.click()  # particulars that most forms leave out
        kind = control.evaluate("(node) => node.type || node.tagName")
        if kind == "select-one":
            options = control.locator("option").all_inner_texts()
            found = next((one for one in options if value in one), None)
            assert found is not None, f"“{value}” is not offered for {label}: {options}"
            control.select_option(label=found.strip())
        elif kind in ("radio", "checkbox"):
            control.check(force=True)  # the words beside it, which a person presses, lie over the box
        elif kind == "file":
            control.set_input_files(value)
        else:
            control.fill(value)

    def value_of(self, label: str) -> str:
        return self.main.get_by_label(re.compile(rf"^\s*{re.escape(label)}{OPTIONAL}\s*$")).first.input_value()

    # Reading.

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.main).to_contain_text(text)

    def is_told(self, text: str) -> None:
        """The sentence that answers the last act."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    def errors(self) -> list[str]:
        """The lines of the error summary."""
        lines: Sequence[str] = self.page.get_by_role("alert").get_by_role("listitem").all_inner_texts()
        return list(lines)

    def download(self, name: str, into: Path) -> Path:
        """Press a file's button once the file is there; the saved file."""
        button = self.main.get_by_role("link", name=re.compile(rf"^\s*Tải về\s+{re.escape(name)}")).first
        expect(button).to_be_visible(timeout=60_000)
        with self.page.expect_download() as started:
            button.click()
        got: Download = started.value
        saved = into / got.suggested_filename
        got.save_as(saved)
        return saved
