"""The forms of a congress being prepared and cleared."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from accounts.formfields import ClockField, DayField, moment
from congress.lifecycle import STATE_NAMES
from congress.models import Congress
from congress.rules import regimes


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
    tim = forms.CharField(label="Tên chi bộ", max_length=100, required=False)
    nhiem_ky = forms.ChoiceField(label="Nhiệm kỳ", required=False)
    buoc = forms.ChoiceField(label="Bước", required=False, choices=[("", "Mọi bước"), *STATE_NAMES.items()])
    dang_bo = forms.TypedChoiceField(label="Đảng bộ", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, terms: list[str], authorities: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nhiem_ky"].choices = [("", "Mọi nhiệm kỳ"), *((term, term) for term in terms)]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["dang_bo"].choices = [("", "Mọi đảng bộ"), *authorities]  # type: ignore[attr-defined]  # a ChoiceField
        if len(authorities) < 2:
            del self.fields["dang_bo"]


class DetailsForm(forms.Form):
    """When, where and what is elected; ``version`` is what the writer looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
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
    place = forms.CharField(
        label="Địa điểm",
        max_length=200,
        error_messages={"required": "Ghi địa điểm đại hội, ví dụ “Hội trường cơ quan”."},
    )
    has_branch_committee = forms.BooleanField(label="Đại hội bầu chi ủy", required=False)
    committee_seats = forms.IntegerField(
        label="Số lượng chi ủy viên cần bầu",
        required=False,
        min_value=1,
        widget=numeric(),
        help_text="Chỉ ghi khi đại hội bầu chi ủy.",
        error_messages={
            "invalid": "Ghi số lượng chi ủy viên bằng chữ số, ví dụ 3.",
            "min_value": "Số lượng chi ủy viên từ 1 trở lên.",
        },
    )
    has_deputy = forms.BooleanField(label="Đại hội bầu phó bí thư", required=False)

    def __init__(self, *args: Any, official: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "has_branch_committee"
        ].help_text = (
            f"Chi bộ có {official} đảng viên chính thức. Từ 9 trở lên thì bầu chi ủy; dưới 9 thì bầu thẳng bí thư."
        )

    @property
    def details(self) -> dict[str, Any]:
        """The cleaned fields as ``services.preparing.set_details`` takes them."""
        data = self.cleaned_data
        return {
            "version": data["version"],
            "ordinal": data["ordinal"],
            "planned_for": moment(data["day"], data["clock"]),
            "place": data["place"],
            "has_branch_committee": data["has_branch_committee"],
            "committee_seats": data["committee_seats"],
            "has_deputy": data["has_deputy"],
        }


def stored_details(congress: Congress) -> dict[str, Any]:
    """What ``DetailsForm`` shows of a congress."""
    planned = timezone.localtime(congress.planned_for) if congress.planned_for else None
    return {
        "version": congress.version,
        "ordinal": congress.ordinal,
        "day": planned.date() if planned else None,
        "clock": planned.time() if planned else None,
        "place": congress.place,
        "has_branch_committee": congress.has_branch_committee,
        "committee_seats": congress.committee_seats,
        "has_deputy": congress.has_deputy,
    }


class ExcuseForm(forms.Form):
    reason = forms.CharField(
        label="Lý do vắng mặt",
        max_length=200,
        help_text="Ví dụ: đi công tác nước ngoài, điều trị tại bệnh viện.",
        error_messages={"required": "Ghi lý do, ví dụ “đi công tác nước ngoài”."},
    )


class ReasonsForm(forms.Form):
    reasons = forms.CharField(
        label="Lý do, yêu cầu",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Nêu rõ việc nào cần làm lại và làm thế nào.",
        error_messages={"required": "Ghi lý do để chi bộ biết cần làm gì."},
    )


class ClearForm(forms.Form):
    reasons = forms.CharField(
        label="Ý kiến kèm theo", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
