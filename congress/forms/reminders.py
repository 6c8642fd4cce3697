"""The form in which a person says how they want to be reminded."""

from __future__ import annotations

from django import forms

from congress.models import MailChoice


class MailChoiceForm(forms.Form):
    """Cách nhận thư nhắc."""

    wants_mail = forms.BooleanField(label="Nhận thư nhắc hằng ngày", required=False)
    email = forms.EmailField(
        label="Địa chỉ thư điện tử",
        max_length=254,
        required=False,
        help_text="Để trống thì không có thư nào gửi đi; lời nhắc vẫn hiện ở trang Nhắc việc.",
        error_messages={"invalid": "Ghi địa chỉ có dạng ten@coquan.vn."},
    )
    from_hour = forms.TypedChoiceField(
        label="Không gửi trước", coerce=int, choices=[(hour, f"{hour} giờ") for hour in MailChoice.HOURS]
    )
