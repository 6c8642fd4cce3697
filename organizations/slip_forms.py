"""The table in which a committee says for whom accounts are made: one small form a branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django import forms

from accounts.formfields import TextField
from accounts.web import number_of
from organizations.models import Member, Organization
from organizations.rules.names import fold
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

    @property
    def where(self) -> str:
        """Branches of many committees have one name."""
        above = self.branch.parent
        return f"{self.branch.name}, {above.name}" if above else self.branch.name

    def proposal(self, taken: set[str]) -> dict[str, str]:
        """What the empty cells would say of the member who is chosen."""
        typed = {name: str(self.form[name].value() or "").strip() for name in ("full_name", "phone", "username")}
        member = self.members.get(number_of(str(self.form["member"].value() or "")))
        full_name = typed["full_name"] or (member.full_name if member else "")
        if not full_name:
            return {}
        username = typed["username"] or proposed(full_name, self.branch.code, taken)
        taken.add(username)
        phone = typed["phone"] or (member.phone if member else "")
        return {"full_name": full_name, "phone": phone, "username": username}

    def wanted(self, taken: set[str]) -> Wanted:
        """What the row asks for; an empty name comes from the roll, an empty user name is proposed."""
        data = self.form.cleaned_data
        member = self.members.get(data["member"] or 0)
        full_name = data["full_name"] or (member.full_name if member else "")
        username = data["username"].strip().lower() or proposed(full_name, self.branch.code, taken)
        taken.add(username)
        phone = data["phone"] or (member.phone if member else "")
        return Wanted(self.branch.pk, full_name, username, phone, data["member"])


def secretary_by_job(members: Sequence[Member]) -> Member | None:
    """Whom the roll itself calls secretary of the branch, when it is one person."""
    found = [one for one in members if _says_secretary(one.job)]
    return found[0] if len(found) == 1 else None


def _says_secretary(job: str) -> bool:
    said = f" {fold(job)} ".replace(",", " ")
    return " bi thu chi bo " in said and " pho bi thu chi bo " not in said


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
        likely = secretary or secretary_by_job(members)
        initial: dict[str, Any] = {"chosen": likely is not None}
        if likely is not None:
            username = proposed(likely.full_name, branch.code, taken)
            taken.add(username)
            initial |= {
                "member": likely.pk,
                "full_name": likely.full_name,
                "phone": likely.phone,
                "username": username,
            }
        form = SlipRow(posted, initial=initial, members=members, fixed=secretary is not None, prefix=str(branch.pk))
        found.append(Row(branch, form, {one.pk: one for one in members}))
    return found


def groups(found: Sequence[Row]) -> list[tuple[Organization | None, list[Row]]]:
    """The rows under the committee each belongs to; they come in that order."""
    return [(above, list(rows)) for above, rows in groupby(found, key=lambda row: row.branch.parent)]


ALL, NONE, FILL = "tat-ca", "bo-het", "dien"


def helped(found: Sequence[Row], posted: Any, what: str, taken: set[str]) -> Any:
    """What was typed, with empty cells filled in from the member chosen, and rows ticked as asked.

    ``what``: ALL, NONE, FILL, or the id of a committee for all its rows.
    """
    data, taken = posted.copy(), set(taken)
    for row in found:
        if row.account:
            continue
        for name, value in row.proposal(taken).items():
            data[row.form.add_prefix(name)] = value
        if what == NONE:
            data.pop(row.form.add_prefix("chosen"), None)
        elif what in (ALL, str(row.branch.parent_id)):
            data[row.form.add_prefix("chosen")] = "on"
    return data


def faults_by_row(found: Sequence[Row]) -> list[tuple[str, str]]:
    """(branch and fault, id of the field to go to) for the list above the table."""
    return [
        (f"{row.where}: {fault}", row.form["full_name"].auto_id) for row in found for fault in dict.fromkeys(row.faults)
    ]


def place_faults(found: Sequence[Row], faults: dict[str, list[str]]) -> None:
    """What the service refuses, in the row of its branch."""
    by_branch = {row.branch.pk: row for row in found}
    for key, messages in faults.items():
        _, _, pk = key.rpartition("-")
        row = by_branch.get(int(pk)) if pk.isdigit() else None
        if row is not None:
            row.faults += messages
