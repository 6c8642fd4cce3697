"""Forms of ratification (chuẩn y)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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


class EnclosureForm(forms.Form):
    """Hồ sơ gửi kèm tờ trình on paper (E-64): short biographies, and a curriculum vitae of each elected."""

    def __init__(self, *args: Any, elected: Mapping[int, str], **kwargs: Any) -> None:
        """``elected``: member id → name. The rule says what is missing, so no field is required here."""
        super().__init__(*args, **kwargs)
        self.all_optional = True  # every box is asked for: nothing to mark
        self.elected = elected
        self._add("biographies", "Danh sách trích ngang những đồng chí trúng cử")
        for pk, name in elected.items():
            self._add(f"curriculum_{pk}", f"Sơ yếu lý lịch của đồng chí {name}")

    def _add(self, name: str, label: str) -> None:
        box = forms.CheckboxInput(attrs={"required": True})
        self.fields[name] = forms.BooleanField(label=label, required=False, widget=box)

    @property
    def curricula(self) -> list[int]:
        return [pk for pk in self.elected if self.cleaned_data[f"curriculum_{pk}"]]


class ComplaintForm(forms.Form):
    received_on = DayField(label="Ngày nhận đơn")
    about = TextField(
        label="Nội dung",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ví dụ: cho rằng có phiếu hợp lệ bị tính là không hợp lệ. Không ghi tên người gửi đơn.",
        error_messages={"required": "Ghi nội dung đơn."},
    )


class SettlementForm(forms.Form):
    complaint = forms.IntegerField(widget=forms.HiddenInput)
    settled_on = DayField(label="Ngày kết luận")
    conclusion = TextField(
        label="Kết luận",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Ghi kết luận của cấp ủy."},
    )
