"""Reading single values of foreign data: what is malformed becomes a finding and None, nothing is raised."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from congress.rules.findings import Finding
from elections.rules.catalogue import finding

MOST = 9_999_999  # more than all members of the Party
POSSIBLE = range(MOST + 1)
KINDS: dict[type, str] = {
    dict: "một đối tượng",
    list: "một danh sách",
    str: "chữ",
    bool: "đúng hoặc sai",
    int: "một số",
    float: "một số thập phân",
    type(None): "trống",
}
Choice = TypeVar("Choice", bound=StrEnum)


def kind_of(value: Any) -> str:
    return KINDS.get(type(value), "giá trị lạ")


def shown(value: Any) -> str:
    """A value in a sentence: short, on one line, never a whole list or a number of a thousand digits."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, dict | list):
        return kind_of(value)
    if isinstance(value, int) and abs(value) > 10**18:
        return "một số rất lớn"
    return f"“{plain(value)}”" if isinstance(value, str) else repr(value)


def plain(text: str) -> str:
    """A text from outside, short and on one line."""
    line = " ".join(text[:200].split())
    return line if len(line) <= 60 else f"{line[:59]}…"


class Reader:
    """Collects findings while reading; every method answers None for what it could not read."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def report(self, code: str, letter: str = "", **figures: object) -> None:
        self.findings.append(finding(code, letter, **figures))

    def missing_or_wrong(self, value: Any, what: str, expected: str, letter: str = "") -> None:
        if value is None:
            self.report("F103", letter, what=what)
        else:
            self.report("F106", letter, what=what, expected=expected, found=kind_of(value))

    def whole(self, raw: Mapping[str, Any], key: str, what: str, letter: str = "") -> int | None:
        """A whole number from 0; true, 3.0, "3" and null are none."""
        value = raw.get(key)
        if value is None:
            self.report("F110" if key in raw else "F103", letter, what=what)
        elif type(value) is not int or value < 0:
            self.report("F104", letter, what=what, found=shown(value))
        elif value > MOST:
            self.report("F105", letter, what=what, most=MOST)
        else:
            return value
        return None

    def choice(self, value: Any, known: Mapping[str, Choice], what: str, letter: str = "") -> Choice | None:
        if type(value) is str and value in known:
            return known[value]
        if value is None:
            self.report("F103", letter, what=what)
        else:
            self.report("F108", letter, what=what, found=shown(value), known=", ".join(known))
        return None

    def inside(self, raw: Mapping[str, Any], key: str, letter: str = "") -> dict[str, Any] | None:
        value = raw.get(key)
        if isinstance(value, dict):
            return value
        self.missing_or_wrong(value, key, "một đối tượng", letter)
        return None

    def listed(self, raw: Mapping[str, Any], key: str, what: str, letter: str = "") -> list[Any] | None:
        value = raw.get(key)
        if isinstance(value, list):
            return value
        self.missing_or_wrong(value, what, "một danh sách", letter)
        return None

    def texts(self, values: list[Any], what: str, letter: str = "") -> tuple[str, ...]:
        """The texts of a list; anything else in it is reported and left out."""
        for value in values:
            if type(value) is not str:
                self.report("F106", letter, what=what, expected="danh sách tên", found=kind_of(value))
        return tuple(value for value in values if type(value) is str)
