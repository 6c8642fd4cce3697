"""The filters of the progress page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.formfields import DayField
from congress.lifecycle import STATE_NAMES

LATE = "tre"
OPEN = "chua-xong"
STUCK = "ket"
SILENT = "chua-dang-nhap"
ACCOUNTLESS = "chua-co-tai-khoan"
FLAT = "gap"


class ProgressFilter(forms.Form):
    """Term, committee, step and the day to look from; every field may be left empty."""

    all_optional = True
    nhiem_ky = forms.ChoiceField(label="Nhiệm kỳ", required=False)
    dang_bo = forms.TypedChoiceField(label="Đảng bộ", required=False, coerce=int, empty_value=None)
    buoc = forms.ChoiceField(
        label="Bước", required=False, choices=[("", "Mọi bước"), (LATE, "Quá hạn"), *STATE_NAMES.items()]
    )
    thuoc = forms.IntegerField(required=False, widget=forms.HiddenInput)
    tinh_den = DayField(label="Tính đến ngày", required=False, help_text="")

    def __init__(self, *args: Any, terms: list[str], committees: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nhiem_ky"].choices = [("", "Nhiệm kỳ mới nhất"), *((term, term) for term in terms)]
        self.fields["dang_bo"].choices = [("", "Mọi đảng bộ"), *committees]


class WallFilter(ProgressFilter):
    """The same, with what only the wall knows, and how its rows are put together."""

    xep = forms.ChoiceField(
        label="Xếp", required=False, choices=[("", "Theo đảng bộ, chậm trước"), (FLAT, "Từng chi bộ, gấp trước")]
    )

    def __init__(self, *args: Any, is_past: bool = False, **kwargs: Any) -> None:
        """``is_past``: who has an account is known as of today alone."""
        super().__init__(*args, **kwargs)
        accounts = [(SILENT, "Bí thư chưa đăng nhập"), (ACCOUNTLESS, "Bí thư chưa có tài khoản")]
        self.fields["buoc"].choices = [
            ("", "Mọi chi bộ"),
            (OPEN, "Chưa xong"),
            (LATE, "Quá hạn"),
            (STUCK, "Kẹt lâu"),
            *([] if is_past else accounts),
            *STATE_NAMES.items(),
        ]
