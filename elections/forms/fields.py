"""What the forms of elections share: a count as written on paper, the reason why something stops."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from accounts.formfields import TextField
from elections.rules.fields import MOST, plain

DIGITS = re.compile(r"[0-9]{1,7}")


class CountField(TextField):
    """A count as written on the tally sheet: digits 0 to 9 and nothing else; blank is not zero.

    ``what`` names it in messages ("số phiếu phát ra"), ``letter`` is its place on the sheet. Digits of other
    scripts, signs and separators are refused: what was typed is never turned into another number.
    """

    def __init__(self, *, what: str, letter: str = "", **options: Any) -> None:
        self.place = f"Ô {letter}: " if letter else ""
        self.what = what
        options.setdefault("label", f"{letter}. {what[0].upper()}{what[1:]}" if letter else what[0].upper() + what[1:])
        super().__init__(**options)
        blank = f"{self.place}chưa ghi {what}. Không có thì ghi 0."
        self.error_messages["required"] = blank if self.place else blank[0].upper() + blank[1:]
        self.widget.attrs |= {"inputmode": "numeric", "pattern": "[0-9]*", "autocomplete": "off"}

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]  # a number typed as text
        text = super().to_python(value)
        if not text:
            return None
        if not DIGITS.fullmatch(text):
            said = f"{self.place}{self.what} chỉ ghi bằng chữ số từ 0 đến 9 và không quá {MOST:_}, ".replace("_", ".")
            raise forms.ValidationError(f"{said[0].upper()}{said[1:]}đang là “{plain(text)}”.")
        return int(text)

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Nothing beyond ``to_python``: the validators of a text field do not fit a number."""


class ReasonsForm(forms.Form):
    """Why: asked wherever something goes back or stops."""

    def __init__(self, *args: Any, label: str, hint: str = "", missing: str, most: int = 4000, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"] = TextField(
            label=label,
            help_text=hint,
            max_length=most,
            widget=forms.Textarea(attrs={"rows": 5}),
            error_messages={"required": missing},
        )
