"""The forms of a congress being prepared and cleared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property

from accounts import wording
from accounts.formfields import ClockField, DayField, TextField, moment
from congress import ordinals
from congress.lifecycle import STATE_NAMES
from congress.models import OWN_KINDS, Attendance, Congress
from congress.rules import regimes
from congress.services.delegates import CHOSEN
from congress.services.preparing import MOST_SEATS
from congress.timeline import agreed_for
from organizations.models import Member
from organizations.rules.names import fold


def numeric(**attrs: Any) -> forms.TextInput:
    """A narrow input for whole numbers, typed on the numeric pad."""
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", **attrs})


class CongressDayField(DayField):
    """A day on which a congress may meet: some election regulation answers for it."""

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is None:
            return None
        try:
            regimes.in_force(day)
        except regimes.NoRegime as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return day


class CongressFilter(forms.Form):
    """Which congresses of the list to show."""

    all_optional = True
    tim = TextField(label="Tên chi bộ", max_length=100, required=False)
    nhiem_ky = forms.ChoiceField(label="Nhiệm kỳ", required=False)
    buoc = forms.ChoiceField(label="Bước", required=False, choices=[("", "Mọi bước"), *STATE_NAMES.items()])
    dang_bo = forms.TypedChoiceField(label="Đảng bộ", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, terms: list[str], authorities: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nhiem_ky"].choices = [("", "Mọi nhiệm kỳ"), *((term, term) for term in terms)]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["dang_bo"].choices = [("", "Mọi đảng bộ"), *authorities]  # type: ignore[attr-defined]  # a ChoiceField
        if len(authorities) < 2:
            del self.fields["dang_bo"]


QUOTA = "Số lượng do cấp ủy cấp trên phân bổ, đại hội không biểu quyết. Để trống nếu không bầu đại biểu."


def _seats(what: str, *, label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=MOST_SEATS,
        widget=numeric(),
        error_messages={
            "invalid": f"Ghi {what} bằng chữ số, ví dụ 3.",
            "min_value": f"{what[0].upper()}{what[1:]} từ 1 trở lên.",
            "max_value": f"{what[0].upper()}{what[1:]} không quá {MOST_SEATS}. Kiểm tra lại.",
        },
    )


def _ordinal_hint(congress: Congress) -> str:
    """What counting through the history of the organization gives, and why; whoever fills in decides."""
    found = ordinals.proposal(congress)
    what = f"Đề xuất: {found.number}." if found.number else "Để trống nếu chưa rõ."
    return " ".join(["Ghi bằng chữ số, ví dụ 7.", what, *found.reasons])


class DetailsForm(forms.Form):
    """When, where and what is elected, as far as this kind of congress elects it; ``version``: what the writer saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    kind = forms.ChoiceField(
        label="Loại hình đại hội",
        choices=[(one.value, one.label) for one in OWN_KINDS],
        widget=forms.RadioSelect,
        help_text="Đại hội đảng viên: mọi đảng viên dự. Đại hội đại biểu: đại biểu các chi bộ bầu. "
        "Đổi loại hình thì lập lại danh sách triệu tập.",
        error_messages={"required": "Chọn đại hội đảng viên hoặc đại hội đại biểu."},
    )
    ordinal = forms.IntegerField(
        label="Đại hội lần thứ",
        required=False,
        min_value=1,
        max_value=89,
        widget=numeric(),
        help_text="Ghi bằng chữ số, ví dụ 7. Để trống nếu chưa rõ.",
        error_messages={
            "invalid": "Ghi lần đại hội bằng chữ số, ví dụ 7.",
            "min_value": "Lần đại hội từ 1 trở lên.",
            "max_value": "Lần đại hội không quá 89. Kiểm tra lại.",
        },
    )
    day = CongressDayField(label="Ngày đại hội")
    clock = ClockField(label="Giờ khai mạc dự kiến", error_messages={"required": "Ghi giờ khai mạc dự kiến."})
    moves_cleared = forms.BooleanField(label="Vẫn đổi ngày đại hội đã được duyệt", required=False)
    place = TextField(
        label="Địa điểm",
        max_length=200,
        error_messages={"required": "Ghi địa điểm đại hội, ví dụ “Hội trường cơ quan”."},
    )
    term_ends_on = DayField(
        label="Ngày hết nhiệm kỳ của cấp ủy đương nhiệm",
        required=False,
        help_text="Để phần mềm nhắc khi đại hội sớm hoặc muộn. Để trống nếu chưa rõ.",
    )
    has_branch_committee = forms.BooleanField(label="Đại hội bầu chi ủy", required=False)
    committee_seats = _seats("số lượng chi ủy viên", label="Số lượng chi ủy viên cần bầu")
    standing_seats = _seats("số lượng ủy viên ban thường vụ", label="Số lượng ủy viên ban thường vụ cần bầu")
    has_deputy = forms.BooleanField(label="Đại hội bầu phó bí thư", required=False)
    delegate_seats = _seats("số đại biểu", label="Số đại biểu dự đại hội cấp trên cần bầu")
    alternate_seats = _seats("số đại biểu dự khuyết", label="Số đại biểu dự khuyết cần bầu")

    def __init__(self, *args: Any, congress: Congress, official: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.congress = congress
        self._of_cleared()
        if not congress.is_meeting:
            self.fields["ordinal"].help_text = _ordinal_hint(congress)
        if congress.organization.is_branch:
            self._of_branch(official)
        elif congress.is_meeting:
            self._of_meeting()
        else:
            self._of_committee()

    def _of_cleared(self) -> None:
        """Another day than the superior has agreed to is possible, but nobody does it unawares."""
        if self.cleared_on is None:
            self._drop("moves_cleared")
        else:
            superior, agreed = self.congress.authority.committee, wording.day(self.cleared_on)
            hint = f"{superior} đã duyệt ngày {agreed}. Đổi ngày thì {superior} được báo tin."
            self.fields["moves_cleared"].help_text = hint

    @cached_property
    def cleared_on(self) -> date | None:
        """The day to which the superior has agreed; None while the congress is not cleared."""
        agreed = agreed_for(self.congress)
        return timezone.localdate(agreed) if agreed is not None else None

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        planned = self.congress.planned_for
        stands = timezone.localdate(planned) if planned is not None else None
        moves = self.cleared_on is not None and data.get("day") not in (None, stands, self.cleared_on)
        if moves and not data.get("moves_cleared"):
            self.add_error(
                "moves_cleared", "Ngày này khác ngày cấp trên đã duyệt. Đánh dấu ô này nếu vẫn đổi, hoặc giữ ngày cũ."
            )
        return data

    def _drop(self, *names: str) -> None:
        for name in names:
            del self.fields[name]

    def _of_branch(self, official: int) -> None:
        self._drop("kind", "standing_seats")
        self.fields["committee_seats"].help_text = "Chỉ ghi khi đại hội bầu chi ủy."
        self.fields["delegate_seats"].help_text = QUOTA
        self.fields[
            "has_branch_committee"
        ].help_text = (
            f"Chi bộ có {official} đảng viên chính thức. Từ 9 trở lên thì bầu chi ủy; dưới 9 thì bầu thẳng bí thư."
        )

    def _of_committee(self) -> None:
        """The congress of a đảng bộ: its committee and delegates; leaders are elected by the committee itself."""
        self._drop("has_branch_committee", "has_deputy", "standing_seats", "term_ends_on")
        seats = self.fields["committee_seats"]
        seats.label, seats.help_text = (
            "Số lượng ủy viên ban chấp hành cần bầu",
            "Bí thư, phó bí thư do hội nghị cấp ủy bầu.",
        )
        self.fields["delegate_seats"].help_text = QUOTA

    def _of_meeting(self) -> None:
        self._drop(
            "kind", "has_branch_committee", "committee_seats", "delegate_seats", "alternate_seats", "term_ends_on"
        )
        for name, label in (
            ("ordinal", "Hội nghị lần thứ"),
            ("day", "Ngày hội nghị"),
            ("has_deputy", "Bầu phó bí thư"),
        ):
            self.fields[name].label = label
        self.fields["standing_seats"].help_text = "Để trống nếu không bầu ban thường vụ."

    @property
    def details(self) -> dict[str, Any]:
        """The cleaned fields as ``services.preparing.set_details`` takes them."""
        data = dict(self.cleaned_data)
        data.pop("moves_cleared", None)
        planned_for = moment(data.pop("day"), data.pop("clock"))
        return data | {"planned_for": planned_for}


def stored_details(congress: Congress) -> dict[str, Any]:
    """What ``DetailsForm`` shows of a congress."""
    planned = timezone.localtime(congress.planned_for) if congress.planned_for else None
    same = ("version", "kind", "ordinal", "place", "term_ends_on", "has_branch_committee", "committee_seats")
    return {
        name: getattr(congress, name)
        for name in (*same, "standing_seats", "has_deputy", "delegate_seats", "alternate_seats")
    } | {
        "day": planned.date() if planned else None,
        "clock": planned.time() if planned else None,
    }


class DelegatesForm(forms.Form):
    """Delegates chosen one by one or pasted as a list, all official or all alternate."""

    mandate = forms.ChoiceField(
        label="Tư cách",
        choices=[(one.value, one.label) for one in CHOSEN],
        initial=CHOSEN[0].value,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn đại biểu chính thức hoặc dự khuyết."},
    )
    person = forms.TypedChoiceField(
        label="Chọn một đồng chí",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Chọn đồng chí trong danh sách."},
    )
    pasted = TextField(
        label="Hoặc dán danh sách",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Mỗi dòng một đồng chí: họ và tên; nếu trùng tên thì ghi thêm dấu phẩy và tên chi bộ hoặc năm sinh.",
    )

    def __init__(self, *args: Any, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        groups: dict[str, list[tuple[int, str]]] = {}
        for one in members:
            groups.setdefault(one.organization.name, []).append((one.pk, one.full_name))
        choices = [("", "Chọn theo chi bộ"), *groups.items()]
        self.fields["person"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        chosen = [data["person"]] if data.get("person") else []
        for number, line in enumerate(data.get("pasted", "").splitlines(), start=1):
            if line.strip():
                chosen += self._of_line(number, line)
        if not chosen and not self.errors:
            self.add_error("person", "Chọn ít nhất một đồng chí hoặc dán danh sách.")
        data["chosen"] = list(dict.fromkeys(chosen))
        return data

    def _of_line(self, number: int, line: str) -> list[int]:
        name, _, more = (fold(part) for part in line.partition(","))
        found = [one for one in self.members if fold(one.full_name) == name.strip()]
        if more.strip():
            found = [one for one in found if more.strip() in fold(_known_by(one))]
        if len(found) == 1:
            return [found[0].pk]
        shown = line.strip()[:80]
        if not found:
            self.add_error("pasted", f"Dòng {number}: không có đảng viên “{shown}” trong các chi bộ trực thuộc.")
        else:
            places = "; ".join(f"{one.full_name}, {_known_by(one)}" for one in found)
            self.add_error("pasted", f"Dòng {number}: có {len(found)} đồng chí “{shown}”. Ghi rõ hơn: {places}.")
        return []

    @property
    def mandates(self) -> dict[int, str]:
        """Member id → mandate, as ``services.delegates.summon_delegates`` takes them."""
        return {pk: self.cleaned_data["mandate"] for pk in self.cleaned_data["chosen"]}


def _known_by(member: Member) -> str:
    born = f" {member.born_on.year}" if member.born_on else ""
    return f"{member.organization.name}{born}"


class ReplacementForm(forms.Form):
    """For whom an alternate stands in."""

    delegate = forms.TypedChoiceField(
        label="Thay đại biểu vắng mặt",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Chọn đại biểu chính thức đã được điểm danh vắng mặt."},
    )

    def __init__(self, *args: Any, absent: Sequence[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Không thay ai"), *((line.pk, line.member.full_name) for line in absent)]
        self.fields["delegate"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class ExcuseForm(forms.Form):
    reason = TextField(
        label="Lý do vắng mặt",
        max_length=200,
        help_text="Ví dụ: đi công tác nước ngoài, điều trị tại bệnh viện.",
        error_messages={"required": "Ghi lý do, ví dụ “đi công tác nước ngoài”."},
    )
    accepted_by = TextField(
        label="Ai chấp nhận",
        max_length=200,
        help_text="Cấp ủy triệu tập hoặc cấp ủy viên đã chấp nhận, ví dụ: chi ủy; đồng chí bí thư chi bộ.",
        error_messages={"required": "Ghi cấp ủy hoặc cấp ủy viên nào đã chấp nhận lý do vắng mặt."},
    )
    accepted_on = DayField(label="Ngày chấp nhận", error_messages={"required": "Ghi ngày chấp nhận."})


class ReasonsForm(forms.Form):
    reasons = TextField(
        label="Lý do, yêu cầu",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Nêu rõ việc nào cần làm lại và làm thế nào.",
        error_messages={"required": "Ghi lý do để chi bộ biết cần làm gì."},
    )


class ClearForm(forms.Form):
    reasons = TextField(
        label="Ý kiến kèm theo", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
