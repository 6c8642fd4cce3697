"""The forms of signing in, in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.base.internal.flows import post_authentication
from django import forms
from django.utils import timezone

from accounts import audit, second_factor
from accounts.formfields import DayField, TextField
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


def _code_field(label: str, hint: str, missing: str) -> TextField:
    attrs = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
    return TextField(
        label=label,
        max_length=20,
        help_text=hint,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"required": missing},
    )


class CodeForm(mfa_forms.BaseAuthenticateForm):
    """The code of the telephone, or a printed one, at the sign-in."""

    again = False
    code = _code_field(
        "Mã xác thực",
        "6 chữ số trong ứng dụng xác thực trên điện thoại, hoặc một mã dự phòng gồm 8 chữ số đã in.",
        "Nhập mã gồm 6 chữ số trên điện thoại, hoặc một mã dự phòng.",
    )

    def clean_code(self) -> str:
        """Each code once, and not many tries; a wrong one is one refusal in the record."""
        give_back = second_factor.count_try(context.request, self.user)
        if give_back is None:
            raise get_adapter().validation_error("too_many_login_attempts")
        code: str = self.cleaned_data["code"]
        found = second_factor.accept(self.user, code) if self.user.is_active else None
        if found is None:
            reason = "mã sai, cũ hoặc đã dùng"
            audit.record_refusal("account.code_refused", self.user, actor=None, at=timezone.now(), reason=reason)
            raise get_mfa_adapter().validation_error("incorrect_code")
        give_back()
        self.authenticator = found
        return code

    def save(self) -> None:
        if self.again:
            second_factor.record_printed_code(self.authenticator, at=timezone.now())
        post_authentication(context.request, self.authenticator, reauthenticated=self.again)


class CodeAgainForm(CodeForm):
    """The same, before what cannot be undone."""

    again = True


class FirstCodeForm(forms.Form):
    """The first code of a new telephone proves that it works."""

    code = _code_field(
        "Mã trên điện thoại",
        "6 chữ số mà ứng dụng đang hiện.",
        "Nhập 6 chữ số mà ứng dụng trên điện thoại đang hiện.",
    )


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
