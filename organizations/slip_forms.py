"""The table in which a committee says for whom accounts are made: one small form a branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms

from accounts.formfields import TextField
from organizations.models import Member, Organization
from organizations.rules.usernames import proposed
from organizations.services.slips import Wanted


class SlipRow(forms.Form):
    """One branch: whether, whom (of the roll, or a name), telephone, the name to sign in with."""

    chosen = forms.BooleanField(required=False)
    member = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    full_name = TextField(max_length=150, required=False)
    phone = TextField(max_length=20, required=False)
    username = TextField(
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, members: Sequence[Member], fixed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(one.pk, _label(one)) for one in members]
        self.fields["member"].choices = known if fixed else [("", "Chọn trong danh sách"), *known]
        self.fields["member"].error_messages["invalid_choice"] = "Chọn đảng viên trong danh sách của chi bộ này."
        if fixed:
            self.fields["member"].widget = forms.HiddenInput()


def _label(member: Member) -> str:
    return f"{member.full_name} ({member.born_on.year})" if member.born_on else member.full_name


@dataclass(slots=True)
class Row:
    """A branch of the table: its form, or why none is needed."""

    branch: Organization
    form: SlipRow
    members: dict[int, Member]
    account: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def is_chosen(self) -> bool:
        return not self.account and bool(self.form["chosen"].value())

    @property
    def texts(self) -> list[tuple[Any, str]]:
        """The fields that are typed, with their labels."""
        return [
            (self.form["full_name"], "Họ và tên"),
            (self.form["phone"], "Điện thoại"),
            (self.form["username"], "Tên đăng nhập"),
        ]

    def wanted(self, taken: set[str]) -> Wanted:
        """What the row asks for; an empty name comes from the roll, an empty user name is proposed."""
        data = self.form.cleaned_data
        member = self.members.get(data["member"] or 0)
        full_name = data["full_name"] or (member.full_name if member else "")
        username = data["username"].strip().lower() or proposed(full_name, self.branch.code, taken)
        taken.add(username)
        phone = data["phone"] or (member.phone if member else "")
        return Wanted(self.branch.pk, full_name, username, phone, data["member"])


def rows(
    branches: Sequence[Organization],
    secretaries: dict[int, Member],
    rolls: dict[int, list[Member]],
    taken: set[str],
    posted: Any = None,
) -> list[Row]:
    """One row a branch: filled in with whom the post names, else to be chosen from the roll."""
    found = []
    taken = set(taken)
    for branch in branches:
        secretary = secretaries.get(branch.pk)
        if secretary is not None and secretary.user is not None:
            empty = SlipRow(members=(), fixed=True, prefix=str(branch.pk))
            found.append(Row(branch, empty, {}, account=f"{secretary.full_name} ({secretary.user.username})"))
            continue
        members = [secretary] if secretary else rolls.get(branch.pk, [])
        initial = {"chosen": secretary is not None}
        if secretary is not None:
            username = proposed(secretary.full_name, branch.code, taken)
            taken.add(username)
            initial |= {
                "member": secretary.pk,
                "full_name": secretary.full_name,
                "phone": secretary.phone,
                "username": username,
            }
        form = SlipRow(posted, initial=initial, members=members, fixed=secretary is not None, prefix=str(branch.pk))
        found.append(Row(branch, form, {one.pk: one for one in members}))
    return found


def place_faults(found: Sequence[Row], faults: dict[str, list[str]]) -> None:
    """What the service refuses, in the row of its branch."""
    by_branch = {row.branch.pk: row for row in found}
    for key, messages in faults.items():
        _, _, pk = key.rpartition("-")
        row = by_branch.get(int(pk)) if pk.isdigit() else None
        if row is not None:
            row.faults += messages
