"""Forms of those who help a committee: subcommittees and their members."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.formfields import DayField, TextField
from congress.models import SubcommitteeMember
from organizations.models import Member
from organizations.pick_fields import member_field


class SubcommitteeForm(forms.Form):
    """Tiểu ban, tổ giúp việc, with the decision that set it up."""

    name = TextField(label="Tên tiểu ban, tổ giúp việc", max_length=200, help_text="Ví dụ: Tiểu ban Văn kiện.")
    duties = TextField(label="Nhiệm vụ", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    decision = TextField(
        label="Quyết định thành lập", required=False, max_length=200, help_text="Ví dụ 25-QĐ/ĐU. Để trống nếu chưa có."
    )
    decided_on = DayField(label="Ngày quyết định", required=False)


class SubcommitteeMemberForm(forms.Form):
    """One member of a subcommittee."""

    member = forms.Field(label="Đồng chí")
    rank = forms.ChoiceField(
        label="Cương vị", choices=SubcommitteeMember.Rank.choices, initial=SubcommitteeMember.Rank.MEMBER
    )
    duty = TextField(label="Nhiệm vụ được giao", required=False, max_length=300)

    def __init__(self, *args: Any, members: QuerySet[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"] = member_field(members, label="Đồng chí")
