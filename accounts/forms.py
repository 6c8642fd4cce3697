"""The forms of signing in, in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms

from accounts.formfields import DayField
from accounts.models import Outcome


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "login", "Tên đăng nhập", "Nhập tên đăng nhập của đồng chí.")
        _say(self, "password", "Mật khẩu", "Nhập mật khẩu.")
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "oldpassword", "Mật khẩu hiện tại", "Nhập mật khẩu đang dùng.")
        _say(self, "password1", "Mật khẩu mới", "Nhập mật khẩu mới.")
        _say(self, "password2", "Nhập lại mật khẩu mới", "Nhập lại mật khẩu mới.")
        self.fields[
            "password1"
        ].help_text = "Ít nhất 10 ký tự; một câu ngắn dễ nhớ thì tốt. Không dùng họ tên, tên đơn vị, dãy số."

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = forms.Form.clean(self) or self.cleaned_data
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "Hai lần nhập mật khẩu mới chưa giống nhau. Nhập lại.")
        if first and first == cleaned.get("oldpassword"):
            self.add_error("password1", "Mật khẩu mới trùng mật khẩu đang dùng. Chọn mật khẩu khác.")
        return cleaned


def _say(form: forms.Form, name: str, label: str, missing: str) -> None:
    field = form.fields[name]
    field.label = label
    field.error_messages["required"] = missing
    field.help_text = ""
    field.widget.attrs.pop("placeholder", None)


class AuditFilter(forms.Form):
    """What of the record to show; every field may be left empty."""

    organization = forms.ChoiceField(label="Tổ chức", required=False)
    congress = forms.TypedChoiceField(label="Đại hội", required=False, coerce=int, empty_value=None)
    outcome = forms.ChoiceField(label="Kết quả", required=False, choices=[("", "Tất cả"), *Outcome.choices])
    since = DayField(label="Từ ngày", required=False)
    until = DayField(label="Đến ngày", required=False)

    def __init__(
        self, *args: Any, organizations: list[tuple[str, str]], congresses: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].choices = [("", "Mọi tổ chức"), *organizations]
        self.fields["congress"].choices = [("", "Mọi đại hội"), *congresses]
        for name in ("since", "until"):
            self.fields[name].error_messages["invalid"] = "Nhập ngày dạng 29/6/2022."
            self.fields[name].widget.attrs |= {"placeholder": "29/6/2022", "inputmode": "numeric"}
        for name in ("organization", "congress"):
            self.fields[name].error_messages["invalid_choice"] = "Không có lựa chọn này trong phạm vi của đồng chí."
