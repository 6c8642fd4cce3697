"""What the board writes about a result: why each doubtful figure is as it is, why it is counted again, what is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from accounts.errors import InvalidInput
from accounts.formfields import TextField
from documents.pictures import PICTURE_LIMIT, accept_picture
from documents.uploads import MEBIBYTE, Upload
from elections.forms.fields import CountField
from elections.models import Count
from elections.rules.signed_paper import KEY_FIGURES


class ExplanationForm(forms.Form):
    """One text area for each warning; its label is the warning as the rules say it."""

    def __init__(self, *args: Any, warnings: Sequence[Mapping[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.messages = [one["message"] for one in warnings]
        for number, one in enumerate(warnings, start=1):
            self.fields[f"text_{number}"] = TextField(
                label=one["message"],
                help_text=one["next"] or "Nêu lý do của ban kiểm phiếu; câu này in trong biên bản.",
                initial=one["text"],
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"required": "Ghi giải trình của ban kiểm phiếu cho điểm này."},
            )

    @property
    def texts(self) -> dict[str, str]:
        """Message of the warning → explanation."""
        return {
            message: self.cleaned_data.get(f"text_{number}", "")
            for number, message in enumerate(self.messages, start=1)
        }


class RecountForm(forms.Form):
    """Kiểm đếm lại a sealed result: why, and how it is counted this time."""

    reasons = TextField(
        label="Lý do kiểm đếm lại",
        help_text="Ví dụ: có khiếu nại về số phiếu của một đồng chí; biên bản đã ký khác kết quả niêm phong.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Ghi lý do kiểm đếm lại. Lý do được in trong biên bản đính chính."},
    )
    method = forms.ChoiceField(label="Cách kiểm", choices=Count.Method.choices, widget=forms.RadioSelect)
    teams = CountField(what="số tổ kiểm phiếu", help_text="Mỗi tổ hai người nhập độc lập.", initial=1)

    def __init__(self, *args: Any, only_totals: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].initial = Count.Method.TOTALS.value
        if only_totals:
            self.fields["method"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
                (Count.Method.TOTALS.value, Count.Method.TOTALS.label)
            ]


class SignedSheetForm(forms.Form):
    """Ảnh chụp, bản quét biên bản đã ký."""

    file = forms.FileField(
        label="Ảnh chụp hoặc bản quét biên bản đã ký",
        help_text=f"Tệp .jpg, .png hoặc .pdf, tối đa {PICTURE_LIMIT // MEBIBYTE} MB. "
        "Chụp đủ trang, đọc rõ số; hệ thống bỏ thông tin máy chụp và nơi chụp.",
        error_messages={
            "required": "Chọn ảnh chụp hoặc bản quét biên bản đã ký.",
            "empty": "Tệp rỗng. Chụp lại rồi tải lên.",
        },
    )

    def clean_file(self) -> Upload:
        given = self.cleaned_data["file"]
        try:
            return accept_picture(given.name, given.read(PICTURE_LIMIT + 1))
        except InvalidInput as refusal:
            raise forms.ValidationError(str(refusal)) from None


class ReadingForm(forms.Form):
    """Six figures read off the picture; nothing is filled in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in KEY_FIGURES.items():
            self.fields[name] = CountField(what=label)
