"""The forms of a congress in session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from accounts.formfields import ClockField, TextField, moment
from congress.forms.preparing import CongressDayField, numeric
from congress.models import CardVote, Congress, Office, Proceeding
from congress.services.sitting import OFFICES_OF

Subject = CardVote.Subject
FREE_SUBJECTS = (Subject.PROGRAMME, Subject.RESOLUTION, Subject.MINUTES, Subject.OTHER)
"""What is voted by cards and is neither about people nor about slates."""


class MomentForm(forms.Form):
    """Day and time of the opening or the closing."""

    day = CongressDayField(label="Ngày")
    clock = ClockField(label="Giờ", error_messages={"required": "Ghi giờ."})

    @property
    def moment(self) -> datetime:
        return moment(self.cleaned_data["day"], self.cleaned_data["clock"])


def _count(label: str, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=9999,
        widget=numeric(),
        error_messages={
            "required": f"Ghi số thẻ {label.lower()}.",
            "invalid": f"Ghi số thẻ {label.lower()} bằng chữ số.",
            "min_value": "Số thẻ không thể âm.",
            "max_value": "Số thẻ quá lớn. Kiểm tra lại.",
        },
        **options,
    )


class CardsForm(forms.Form):
    """The three counts of a vote by cards; subclasses say what was voted on."""

    key = "cards"

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{key}_%s"
        super().__init__(*args, **kwargs)
        self.key = key
        self.fields["in_favour"] = _count("Tán thành")
        self.fields["against"] = _count("Không tán thành", initial=0)
        self.fields["abstained"] = _count("Ý kiến khác", initial=0)

    @property
    def cards(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in ("in_favour", "against", "abstained")}

    @property
    def about(self) -> list[forms.BoundField]:
        """The fields above the three counts."""
        return [field for field in self.visible_fields() if field.name not in ("in_favour", "against", "abstained")]

    @property
    def counts(self) -> list[forms.BoundField]:
        return [self[name] for name in ("in_favour", "against", "abstained")]


class OfficersForm(CardsForm):
    """The people of one list: a head (or several clerks) and the others, all official members present."""

    subject = forms.ChoiceField(choices=[(one.value, one.label) for one in OFFICES_OF], widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, subject: str, people: Sequence[tuple[int, str]], congress: Congress, **kwargs: Any
    ) -> None:
        super().__init__(*args, key=subject, **kwargs)
        self.topic = Subject(subject)
        self.fields["subject"].initial = subject
        for position, office in enumerate(OFFICES_OF[self.topic]):
            self.fields[office.value] = _one(office, people, congress) if position == 0 else _several(office, people)
        self.order_fields(["subject", *(one.value for one in OFFICES_OF[self.topic]), "in_favour"])

    @property
    def members(self) -> dict[str, list[int]]:
        """``Office`` value → member ids, as ``services.sitting.elect_officers`` takes them."""
        return {office.value: _as_list(self.cleaned_data.get(office.value)) for office in OFFICES_OF[self.topic]}


def _one(office: Office, people: Sequence[tuple[int, str]], congress: Congress) -> forms.Field:
    wording = congress.said(f"Chọn đồng chí làm {office.label.lower()}.")
    return forms.TypedChoiceField(
        label=congress.said(str(office.label)),
        coerce=int,
        choices=[("", "Chọn một đồng chí"), *people],
        error_messages={"required": wording, "invalid_choice": "Chọn đồng chí trong danh sách có mặt."},
    )


def _several(office: Office, people: Sequence[tuple[int, str]]) -> forms.Field:
    label = "Các ủy viên đoàn chủ tịch khác" if office == Office.PRESIDIUM else office.label
    return forms.TypedMultipleChoiceField(
        label=label,
        coerce=int,
        choices=people,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Chọn các đồng chí trong danh sách có mặt."},
    )


def _as_list(value: Any) -> list[int]:
    if value in (None, ""):
        return []
    return list(value) if isinstance(value, list) else [value]


class CardVoteForm(CardsForm):
    subject = forms.ChoiceField(
        label="Nội dung biểu quyết",
        choices=[(one.value, one.label) for one in FREE_SUBJECTS],
        error_messages={"invalid_choice": "Chọn nội dung biểu quyết trong danh sách."},
    )
    text = TextField(
        label="Ghi rõ nội dung",
        max_length=300,
        required=False,
        help_text="Để trống thì ghi theo tên nội dung. Nội dung khác thì phải ghi rõ.",
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        subject = data.get("subject")
        if subject and not data.get("text", "").strip():
            if subject == Subject.OTHER:
                self.add_error("text", "Ghi rõ đại hội biểu quyết nội dung gì.")
            else:
                data["text"] = Subject(subject).label
        return data


class ProceedingForm(forms.Form):
    """One entry of what happened, for the congress minutes."""

    kind = forms.ChoiceField(
        label="Loại diễn biến",
        choices=Proceeding.Kind.choices,
        error_messages={"invalid_choice": "Chọn loại diễn biến trong danh sách."},
    )
    person = TextField(label="Đồng chí", max_length=100, error_messages={"required": "Ghi họ và tên đồng chí."})
    post = TextField(
        label="Chức vụ", max_length=200, required=False, help_text="Ví dụ: Phó bí thư Đảng ủy, Giám đốc Sở."
    )
    text = TextField(
        label="Nội dung",
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Tóm tắt báo cáo, ý kiến; đại biểu dự thì để trống.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = "proceeding_%s"
        super().__init__(*args, **kwargs)
