"""The forms of the timeline, of requests to deviate, and of the holiday table."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.formfields import DayField, TextField
from congress.rules.timeline import CODES


class DayForm(forms.Form):
    """The day of one milestone; ``seen`` are the warnings that stood on the page, of the day ``seen_for``."""

    day = DayField(label="Ngày dự kiến", required=False, help_text="Ví dụ 29/6/2022. Để trống thì theo lộ trình mẫu.")
    seen = forms.MultipleChoiceField(
        choices=[(code, code) for code in CODES if code.startswith("W")],
        required=False,
        widget=forms.MultipleHiddenInput,
    )
    seen_for = TextField(required=False, max_length=10, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_opening: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_opening:
            self.fields["day"].help_text = "Ví dụ 29/6/2022. Để trống là bỏ ngày đại hội đã đặt."

    @property
    def accepted(self) -> list[str]:
        """The warnings seen, when it is of this day that they were seen."""
        day = self.cleaned_data["day"]
        shown_for = day.isoformat() if day else ""
        return self.cleaned_data["seen"] if self.cleaned_data["seen_for"] == shown_for else []


class DoneForm(forms.Form):
    """When a step was done, and what there is to say of it."""

    on = DayField(label="Ngày xong")
    note = TextField(label="Ghi chú", max_length=300, required=False)


class DeviationForm(forms.Form):
    """A request to deviate: which step, which day, the letter as it will be sent."""

    rule = forms.ChoiceField(label="Đề nghị về")
    wanted_on = DayField(label="Ngày đề nghị")
    letter = TextField(
        label="Nội dung đề nghị",
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Thư soạn sẵn theo mẫu; ghi lý do và sửa cho đúng tình hình của chi bộ. Chỗ “(ngày đề nghị)” được "
        "thay bằng ngày ở ô trên khi gửi.",
    )

    def __init__(self, *args: Any, rules: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = rules


class AnswerForm(forms.Form):
    """The superior's answer."""

    granted = forms.ChoiceField(
        label="Trả lời", choices=[("yes", "Đồng ý"), ("no", "Không đồng ý")], widget=forms.RadioSelect
    )
    reasons = TextField(
        label="Ý kiến trả lời",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Không đồng ý thì ghi lý do để chi bộ biết cần làm gì.",
    )


class MonthForm(forms.Form):
    """Which month of the calendar to open."""

    all_optional = True
    thang = forms.TypedChoiceField(label="Tháng", choices=[(one, f"Tháng {one}") for one in range(1, 13)], coerce=int)
    nam = forms.IntegerField(
        label="Năm", widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "4", "maxlength": "4"})
    )


class HolidayForm(forms.Form):
    """A day off, or a day worked in exchange."""

    day = DayField(label="Ngày")
    name = TextField(label="Tên ngày nghỉ", max_length=100, help_text="Ví dụ: Tết Nguyên đán.")
    is_working = forms.BooleanField(label="Là ngày làm bù (thứ bảy, chủ nhật đi làm)", required=False)
    source = TextField(label="Theo văn bản nào", max_length=200, required=False)
