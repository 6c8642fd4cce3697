"""Fields that take words, days and times as people type them; what was typed is shown back unchanged on an error."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

DAY_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%y", "%Y-%m-%d"]
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
IMPLAUSIBLE = "Ngày phải trong khoảng 1/1/1900 đến 31/12/2100. Kiểm tra lại năm."
TURNS_WRITING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Signs nobody sees that turn the direction of what follows: a name would read otherwise than it is stored."""
CLOCK = re.compile(r"(\d{1,2})\s*(?:[:hg]\s*(\d{1,2})?)?\s*(?:phút)?", re.IGNORECASE)


class DayField(forms.DateField):
    """A day: 29/6/2022, 29-06-2022, 29/6/22."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("input_formats", DAY_FORMATS)
        options.setdefault("widget", forms.DateInput(format="%d/%m/%Y", attrs={"autocomplete": "off"}))
        options.setdefault("help_text", "Ví dụ 29/6/2022.")
        options["error_messages"] = {
            "invalid": "Ghi ngày theo dạng ngày/tháng/năm, ví dụ 29/6/2022.",
            "required": "Ghi ngày.",
        } | options.get("error_messages", {})
        super().__init__(**options)
        self.validators += [MinValueValidator(EARLIEST, IMPLAUSIBLE), MaxValueValidator(LATEST, IMPLAUSIBLE)]


def reads_as_it_is_stored(text: str) -> None:
    """Refuse signs that turn the direction of writing; Vietnamese has no use for them."""
    if found := TURNS_WRITING.search(text):
        before = text[: found.start()].split()[-3:]
        where = f"sau “{' '.join(before)}”" if before else "ở đầu dòng"
        raise forms.ValidationError(
            f"Trong chữ đã dán có ký tự ẩn làm đảo chiều chữ (U+{ord(found.group()):04X}), {where}. "
            "Xóa đoạn ấy rồi gõ lại bằng tay."
        )


class TextField(forms.CharField):
    """Words as people type or paste them; every form of ours takes text through this field."""

    default_validators = [reads_as_it_is_stored]


class ClockField(TextField):
    """A time of day: 14:00, 14h, 14h30, 8 giờ 30 phút."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "Ví dụ 14:00 hoặc 14h30.")
        super().__init__(max_length=20, **options)
        self.widget.attrs |= {"autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%H:%M") if isinstance(value, time) else value

    def clean(self, value: Any) -> time | None:
        text = super().clean(value)
        if not text:
            return None
        match = CLOCK.fullmatch(text.replace("giờ", "h").strip())
        hour, minute = (int(match.group(1)), int(match.group(2) or 0)) if match else (99, 0)
        if hour > 23 or minute > 59:
            raise forms.ValidationError("Ghi giờ theo dạng giờ:phút, ví dụ 14:00.")
        return time(hour, minute)


def moment(day: date, clock: time) -> datetime:
    """The moment in Vietnam's time."""
    return timezone.make_aware(datetime.combine(day, clock))
