"""Small forms of a rehearsal; the tally sheet is the real one (``elections.forms.counting.EntryForm``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.formfields import TextField
from elections.forms import CountField
from elections.rehearsal.offers import Offer
from elections.rules.case import Ruling


class StartForm(forms.Form):
    office = forms.ChoiceField(
        label="Cuộc bầu",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Chọn cuộc bầu để diễn tập.",
            "invalid_choice": "Chọn một cuộc bầu của đại hội này.",
        },
    )

    def __init__(self, *args: Any, offers: Sequence[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.office, f"{one.title}: {len(one.names)} người, bầu {one.seats}") for one in offers]
        self.fields["office"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["office"].initial = choices[0][0] if choices else ""


class ReturnedForm(forms.Form):
    returned = CountField(what="số phiếu thu về", letter="G")


class RulingForm(forms.Form):
    verdict = forms.ChoiceField(
        label="Ban kiểm phiếu kết luận",
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn kết luận của ban kiểm phiếu."},
    )
    reason = TextField(
        label="Lý do ghi vào biên bản",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Ghi lý do kết luận, như trong biên bản."},
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verdict"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (Ruling.VALID.value, f"Hợp lệ: tính cho đồng chí {name}"),
            (Ruling.INVALID.value, "Không hợp lệ: không rõ bầu cho ai"),
        ]


class NoteForm(forms.Form):
    """Giải trình, where the rules warn."""

    note = TextField(
        label="Giải trình của Ban kiểm phiếu",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Ghi giải trình của Ban kiểm phiếu."},
    )
