"""Fills in the form of a page as a person in a hurry would: every field, the first choice, today's dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

KNOWN = {
    "username": "le.van.moi",
    "full_name": "Lê Văn Mới",
    "born_on": "01/01/1980",
    "admitted_on": "01/01/2009",
    "official_on": "01/01/2010",
    "code": "TC-MOI",
    "term_label": "2025-2030",
    "clock": "17:00",
    "day": "30/6/2022",
    "from_day": "30/6/2090",
    "in_favour": "6",
    "issued": "6",
    "returned": "6",
    "valid": "6",
    "seats": "1",
    "email": "mot@vidu.vn",
    "signer_post": "Bí thư",
    "issued_on": "08/7/2022",
    "phone": "0912345678",
    "letter": "Chi bộ đề nghị đại hội (ngày đề nghị) vì đồng chí bí thư đi công tác.",
}
"""By the name of the field; other numbers are 0, other days the one after the congress, other texts a word."""
EMPTY = re.compile(
    r"left_on|ends_on|papers|clearance|window_\w+|ratification|dossier|ruling_\w+|reason_\w+|number|committee_seats|standing_seats|delegate_seats|alternate_seats|second_\w+|nominator_\w+"
)
DAY, WORD = "30/6/2022", "Nội dung"


@dataclass
class Form:
    action: str
    values: dict[str, str] = field(default_factory=dict)


class Reader(HTMLParser):
    """Collects the forms of a page with a value in every field."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":  # also one that asks first and posts from the page after
            self.open = Form(told.get("action", ""))
            self.forms.append(self.open)
        elif self.open is not None:
            self.field(tag, told)

    def field(self, tag: str, told: dict[str, str]) -> None:
        values, name = self.open.values, told.get("name", "")
        if tag == "input" and name:
            self.input(told, name)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and told.get("value"):
            if "selected" in told or not values.get(self.select):
                values[self.select] = told["value"]
        elif tag == "textarea" and name:
            self.area = name
            values[name] = ""
        elif tag == "button" and name and name not in values:
            values[name] = told.get("value", "")

    def input(self, told: dict[str, str], name: str) -> None:
        values, kind = self.open.values, told.get("type", "text")
        if kind in ("radio", "checkbox"):
            asked = kind == "checkbox" and "required" in told
            if "checked" in told or asked or (kind == "radio" and name not in values):
                values[name] = told.get("value", "on")
        elif kind != "file":
            values[name] = told.get("value") or typed(name, kind, told)

    def handle_data(self, data: str) -> None:
        if self.area and self.open is not None:
            self.open.values[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            known = KNOWN.get(self.area, "")
            self.open.values[self.area] = known or self.open.values[self.area].strip() or WORD
            self.area = ""
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.open = None


def typed(name: str, kind: str, told: dict[str, str]) -> str:
    """What somebody types into an empty field."""
    if name in KNOWN:
        return KNOWN[name]
    if kind == "hidden" or EMPTY.fullmatch(name):
        return ""
    if name.startswith("agree_"):
        return "6"
    if name.endswith("_on"):
        return DAY
    return "0" if kind == "number" or told.get("inputmode") == "numeric" else WORD


def forms_of(page: str, path: str) -> Iterator[tuple[str, dict[str, str]]]:
    """(path, filled fields) of every form on the page that stands at ``path``."""
    reader = Reader()
    reader.feed(page)
    return ((re.split("[?#]", one.action)[0] or path, one.values) for one in reader.forms)
