"""Forms of what goes down the tree: letters, messages, reviews of pilot congresses and their lessons."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.formfields import DayField, TextField
from congress.models import GuidanceKind, Lesson

EVERYBODY, CHOSEN = "all", "chosen"


class GuidanceForm(forms.Form):
    """A letter or a message, to everybody below or to those chosen."""

    kind = forms.ChoiceField(
        label="Hình thức",
        choices=[choice for choice in GuidanceKind.choices if choice[0] != GuidanceKind.LESSONS],
        initial=GuidanceKind.LETTER,
        widget=forms.RadioSelect,
    )
    notation = TextField(
        label="Số và ký hiệu",
        required=False,
        max_length=40,
        help_text="Ví dụ 684-CV/ĐUK. Thông báo nội bộ không cần số.",
    )
    issued_on = DayField(label="Ngày ban hành")
    subject = TextField(label="Trích yếu", max_length=300)
    term_label = TextField(label="Nhiệm kỳ", max_length=20, help_text="Ví dụ 2025-2027.")
    body = TextField(label="Nội dung", required=False, widget=forms.Textarea(attrs={"rows": 8}))
    reach = forms.ChoiceField(
        label="Nơi nhận",
        required=False,
        choices=[(EVERYBODY, "Mọi tổ chức trực thuộc"), (CHOSEN, "Chỉ những nơi chọn dưới đây")],
        initial=EVERYBODY,
        widget=forms.RadioSelect,
    )
    to = forms.TypedMultipleChoiceField(
        label="Chọn nơi nhận",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chọn đảng bộ là gửi cho cả các chi bộ của đảng bộ đó.",
    )

    def __init__(self, *args: Any, places: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = places

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.pop("reach", EVERYBODY) != CHOSEN:
            data["to"] = None
        return data


class ReviewForm(forms.Form):
    """The meeting right after a pilot congress (F-20)."""

    held_on = DayField(label="Ngày họp rút kinh nghiệm")
    participants = TextField(label="Thành phần", required=False, widget=forms.Textarea(attrs={"rows": 2}))


class LessonForm(forms.Form):
    """One lesson of one area."""

    area = forms.ChoiceField(label="Lĩnh vực", choices=Lesson.Area.choices)
    strengths = TextField(label="Ưu điểm", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    limits = TextField(label="Hạn chế", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    action = TextField(label="Việc cần làm", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    applies_to_all = forms.BooleanField(label="Áp dụng cho mọi chi bộ", required=False, initial=True)
    owner = TextField(label="Ai làm", required=False, max_length=200)
    due_on = DayField(label="Hạn", required=False)


class LessonLetterForm(forms.Form):
    """The letter or message with which lessons go out."""

    subject = TextField(label="Trích yếu", max_length=300)
    notation = TextField(
        label="Số và ký hiệu",
        required=False,
        max_length=40,
        help_text="Ví dụ 684-CV/ĐUK; để trống nếu không ra văn bản.",
    )
    issued_on = DayField(label="Ngày gửi")
    body = TextField(label="Nội dung", required=False, widget=forms.Textarea(attrs={"rows": 5}))


class DoneForm(forms.Form):
    """How a branch has carried out a lesson."""

    lesson = forms.IntegerField(widget=forms.HiddenInput)
    note = TextField(label="Cách thực hiện", required=False, max_length=300)
