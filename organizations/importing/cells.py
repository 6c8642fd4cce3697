"""One cell at a time: days in the spellings that staff use, marks, numbers kept as text. What is unclear is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from organizations.importing.workbook import Uncomputed
from organizations.rules.names import fold

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
ADULT = 18
NUMBERS = re.compile(r"(\d{1,4})\s*([/.\-,\s])\s*(\d{1,2})\s*[/.\-,\s]\s*(\d{1,4})")
IN_WORDS = re.compile(r"(?:ngay\s+)?(\d{1,2})\s*(?:thang|[/.\-])\s*(\d{1,2})\s*,?\s*(?:nam|[/.\-])?\s*(\d{4})")
WITHOUT_SIGNS = re.compile(r"(\d{2})(\d{2})(\d{4})")
CLOCK = re.compile(r"[ T]00:00(?::00)?(?:\.0+)?$")
PART_OF_A_DAY = re.compile(r"(?:(?:thang\s*)?\d{1,2}\s*(?:[/.\-]|nam)\s*)?\d{4}")
YES, NO = {"x", "v", "co", "1", "yes", "✓", "✔", "☑", "+"}, {"khong", "0", "no", "chua", "-", "–"}
MALE, FEMALE = {"nam", "m", "male", "trai"}, {"nu", "f", "female", "gai"}
LEVELS = {"so cap": "elementary", "trung cap": "intermediate", "cao cap": "advanced", "cu nhan": "bachelor"}
SHORT_LEVELS = {"sc": "elementary", "tc": "intermediate", "cc": "advanced", "cn": "bachelor"}
NOTHING = {"", "-", "–", "khong", "chua", "chua qua dao tao", "chua co"}
NOT_IN_A_NAME = re.compile(r"[^\w\s'’ʼ‘.\-()]|[\d_ªºµ]")


class Unreadable(Exception):
    """The sentence says what is wrong with the cell and what to write instead."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What readers need to know beside the cell: the day of the import."""

    today: date


Reader = Callable[[Any, Reading], Any]


def shown(value: Any) -> str:
    """The cell as a person typed it, for messages and for the file of refused rows."""
    if value is None:
        return ""
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def text(value: Any, reading: Reading) -> str:
    """Words in NFC with single spaces; the spelling is kept. Signs nobody sees are refused, since they would stay."""
    if isinstance(value, Uncomputed):
        raise Unreadable("Ô có công thức chưa được tính. Mở tệp bằng Excel, lưu lại rồi tải lên.")
    words = unicodedata.normalize("NFC", " ".join(shown(value).split()))
    for sign in words:
        if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            raise Unreadable(f"Trong ô có ký tự ẩn (U+{ord(sign):04X}). Xóa chữ trong ô rồi gõ lại bằng tay.")
    if words.startswith("#") and words.rstrip("!?/0A").isupper() and words[-1] in "!?0A":
        raise Unreadable(f"Ô đang báo lỗi {words} của Excel. Sửa công thức hoặc gõ thẳng nội dung.")
    return words


def name(value: Any, reading: Reading) -> str:
    """A person's name as it is spelled."""
    words = text(value, reading)
    if found := NOT_IN_A_NAME.search(words):
        raise Unreadable(
            f"Họ tên có ký tự lạ “{found[0]}”, có thể gõ bằng phông chữ cũ (TCVN3, VNI). Gõ lại bằng Unicode."
        )
    return words


def day(value: Any, reading: Reading, *, adult: bool = False) -> date | None:
    """A day: a real one, 1/2/1980, 01.02.1980, 1-2-80, 1980-02-01, 01021980, "ngày 1 tháng 2 năm 1980".

    Two signs of a year are the latest such year that has been (``adult``: of somebody of 18). A year alone is refused.
    """
    if value is None:
        return None
    if isinstance(value, datetime | date):
        found = value.date() if isinstance(value, datetime) else value
    else:
        words = CLOCK.sub("", text(value, reading))
        if fold(words) in NOTHING:
            return None
        found = _typed_day(words, reading, adult=adult)
    if not EARLIEST <= found <= LATEST:
        raise Unreadable(f"Năm {found.year} không hợp lý. Kiểm tra lại ngày.")
    return found


def birthday(value: Any, reading: Reading) -> date | None:
    found = day(value, reading, adult=True)
    if found and found > reading.today:
        raise Unreadable("Ngày sinh ở sau hôm nay. Kiểm tra lại năm sinh.")
    return found


def _typed_day(words: str, reading: Reading, *, adult: bool) -> date:
    plain = fold(words).strip(" .,;")
    if match := NUMBERS.fullmatch(plain):
        first, month, last = match[1], int(match[3]), match[4]
        if len(first) == 4 and len(last) <= 2:
            return _real_day(int(last), month, int(first))
        if len(first) <= 2 and len(last) in (2, 4):
            return _real_day(int(first), month, _whole_year(last, reading, adult=adult))
    if (match := IN_WORDS.fullmatch(plain)) or (match := WITHOUT_SIGNS.fullmatch(plain)):
        return _real_day(int(match[1]), int(match[2]), int(match[3]))
    if PART_OF_A_DAY.fullmatch(plain):
        raise Unreadable(f"“{words}” chưa đủ ngày, tháng, năm. Ghi đủ, ví dụ 01/02/1980, hoặc để trống ô này.")
    if plain.isdecimal():
        raise Unreadable(f"“{words}” là số, không phải ngày. Định dạng lại ô thành ngày hoặc gõ ngày/tháng/năm.")
    raise Unreadable(f"Không đọc được “{words}” như một ngày. Ghi theo dạng ngày/tháng/năm, ví dụ 01/02/1980.")


def _whole_year(typed: str, reading: Reading, *, adult: bool) -> int:
    if len(typed) == 4:
        return int(typed)
    latest = reading.today.year - (ADULT if adult else 0)
    year = latest - latest % 100 + int(typed)
    return year if year <= latest else year - 100


def _real_day(number: int, month: int, year: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        typed = f"{number}/{month}/{year}"
        order = " Ghi ngày trước, tháng sau." if month > 12 >= number else ""
        raise Unreadable(f"Không có ngày {typed}.{order} Kiểm tra lại.") from None


def gender(value: Any, reading: Reading) -> str:
    word = fold(text(value, reading))
    if word in MALE:
        return "male"
    if word in FEMALE:
        return "female"
    if word in NOTHING:
        return ""
    raise Unreadable("Giới tính ghi “Nam” hoặc “Nữ”.")


def level(value: Any, reading: Reading) -> str:
    """Trình độ lý luận chính trị; "Cao cấp LLCT-HC" is cao cấp."""
    word = fold(text(value, reading))
    if word in NOTHING:
        return ""
    if word in SHORT_LEVELS:
        return SHORT_LEVELS[word]
    for known, kept in LEVELS.items():
        if known in word:
            return kept
    raise Unreadable("Lý luận chính trị ghi một trong: Sơ cấp, Trung cấp, Cao cấp, Cử nhân; chưa học thì để trống.")


def yes_or_no(value: Any, reading: Reading) -> bool | None:
    if isinstance(value, bool):
        return value
    word = fold(text(value, reading))
    if not word:
        return None
    if word in YES or "quy hoach" in word and not word.startswith(("khong", "chua")):
        return True
    if word in NO or word.startswith(("khong", "chua")):
        return False
    raise Unreadable("Ghi “có” hoặc “không”.")


def official(value: Any, reading: Reading) -> bool | None:
    """ "Chính thức", "CT", "Dự bị", "DB" in the column of the kind of member."""
    word = fold(text(value, reading))
    if not word:
        return None
    if word in ("ct", "x") or "chinh thuc" in word:
        return True
    if word == "db" or "du bi" in word:
        return False
    raise Unreadable("Ghi “Chính thức” hoặc “Dự bị”.")


def phone(value: Any, reading: Reading) -> str:
    """Excel drops the 0 at the beginning of a number: it is put back when nine digits are left."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        digits = shown(value)
        return f"0{digits}" if len(digits) == 9 and digits[0] != "0" else digits
    words = text(value, reading)
    if words and not re.fullmatch(r"[\d\s.+()\-/;,]+", words):
        raise Unreadable("Số điện thoại chỉ gồm chữ số.")
    return words


def card(value: Any, reading: Reading) -> str:
    """Số thẻ as text; Excel turns 45.012340 into a number without its last zero, which is put back."""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.6f}"
    return text(value, reading)
