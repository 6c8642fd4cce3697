"""Forms of ratification (chuẩn y)."""

from __future__ import annotations

from django import forms

from accounts.formfields import DayField, TextField
from elections.forms.fields import CountField


class DecisionForm(forms.Form):
    """Quyết định chuẩn y: its day, its number, who signs."""

    issued_on = DayField(label="Ngày quyết định")
    number = CountField(
        what="số quyết định", label="Số quyết định", required=False, help_text="Để trống để lấy số tiếp theo."
    )
    signer_post = TextField(
        label="Chức vụ người ký",
        max_length=100,
        help_text="Ví dụ Bí thư, Phó Bí thư.",
        error_messages={"required": "Ghi chức vụ người ký."},
    )
    signer_name = TextField(
        label="Họ và tên người ký", max_length=100, error_messages={"required": "Ghi họ và tên người ký quyết định."}
    )

    def clean_number(self) -> int | None:
        number: int | None = self.cleaned_data["number"]
        if number == 0:
            raise forms.ValidationError("Số quyết định bắt đầu từ 1. Để trống để lấy số tiếp theo.")
        return number
