"""How many papers to print, and how big."""

from __future__ import annotations

from typing import Any

from django import forms

from elections.forms.fields import CountField


class PrintForm(forms.Form):
    """Số phiếu dự phòng on top of those present; chữ to.

    ``other_size``: papers of the other size are there, and it is asked whether they are given up for these.
    """

    reserve = CountField(
        what="số phiếu dự phòng",
        label="Số phiếu dự phòng",
        help_text="Để đổi phiếu in hỏng, viết hỏng: khoảng một phần mười số người bầu, ít nhất 2 phiếu.",
    )
    large = forms.BooleanField(
        label="In chữ to, mỗi phiếu một tờ A4",
        required=False,
        help_text="Cho hội trường có nhiều đồng chí cao tuổi. Mọi phiếu trong một lần bầu phải in giống nhau.",
    )
    other_size_void = forms.BooleanField(label="Hủy phiếu cỡ chữ kia đã in, chỉ dùng phiếu cỡ này", required=False)

    def __init__(self, *args: Any, other_size: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not other_size:
            del self.fields["other_size_void"]
