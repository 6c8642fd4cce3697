"""Invented people: the same name for the same place each time, never one that a text gives to a real person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any
from zlib import crc32

from django.conf import settings

DEMO_PASSWORD: str | None = settings.DEMO_PASSWORD or None

REAL_NAMES = frozenset(
    {
        "Lê Huy Tuấn",
        "Nguyễn Thị Huyền",
        "Phạm Bá Oai",
        "Ngô Minh Liên",
        "Nguyễn Sỹ Chín",
        "Nguyễn Trọng Thức",
        "Trần Quang Kháng",
        "Nguyễn Hoàng Tùng",
        "Bùi Thanh Tú",
        "Nông Văn Vịnh",
        "Ngô Quang Trung",
    }
)
"""Everybody whom the five texts name; nobody else in the stories is real."""

SURNAMES = "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Mai Tạ Hà Cao Lương".split()
MEN = "Văn Đức Quang Xuân Minh Hữu Công Tiến".split()
WOMEN = "Thị Thu Thanh Ngọc Bích Kim Hồng Mai".split()
MENS_NAMES = "An Bình Cường Dũng Đạt Giang Hải Hiếu Hòa Khánh Lâm Long Mạnh Nam Phong Quân Sơn Thắng Toàn Việt".split()
WOMENS_NAMES = (
    "Anh Chi Dung Giang Hạnh Hoa Hương Lan Linh Loan Mai Nga Nhung Oanh Phương Quỳnh Thảo Trang Vân Yến".split()
)


def pick(words: list[str], *key: object) -> str:
    return words[number(*key) % len(words)]


def number(*key: object) -> int:
    """A fixed number for these words: the stories must be the same on every machine."""
    return crc32("/".join(map(str, key)).encode())


def invented_name(*key: object) -> tuple[str, str]:
    """(full name, gender)."""
    for attempt in count():
        male = number(*key, attempt, "gender") % 5 < 3
        name = " ".join(
            (
                pick(SURNAMES, *key, attempt, "surname"),
                pick(MEN if male else WOMEN, *key, attempt, "middle"),
                pick(MENS_NAMES if male else WOMENS_NAMES, *key, attempt, "given"),
            )
        )
        if name not in REAL_NAMES:
            return name, "male" if male else "female"
    raise AssertionError("count() has no end")


def invented_phone(*key: object) -> str:
    """To try the calls of the wall with: no telephone of the country has a number that begins with 0100."""
    digits = f"{number(*key, 'phone') % 1_000_000:06d}"
    return f"0100 {digits[:3]} {digits[3:]} (bịa)"


@dataclass(frozen=True, slots=True)
class Real:
    """A person whom the text names, with the work it gives them; nothing else is known."""

    full_name: str
    job: str = ""


def roll(code: str, size: int, real: tuple[Real, ...] = ()) -> Iterator[dict[str, Any]]:
    """Fields of ``size`` official members of one branch, the real ones first, no name twice."""
    taken = {person.full_name for person in real}
    for person in real:
        # No text tells when: a day before any of the congresses stands for it.
        yield {"full_name": person.full_name, "job": person.job, "official_on": date(2015, 1, 1)}
    keys = count()
    for _ in range(size - len(real)):
        name, gender = next(found for found in (invented_name(code, key) for key in keys) if found[0] not in taken)
        taken.add(name)
        year = 1966 + number(code, name, "born") % 27
        yield {
            "full_name": name,
            "gender": gender,
            "born_on": date(year, 1 + number(name, "month") % 12, 1 + number(name, "day") % 28),
            "admitted_on": date(year + 24, 5, 19),
            "official_on": date(year + 25, 5, 19),
            "phone": invented_phone(code, name),
            "is_invented": True,
        }
