"""Forms of the slate: who is put forward, the cards that adopt it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from elections.forms.fields import CountField
from elections.models import Candidate
from organizations.models import Member


class NominationForm(forms.Form):
    member = forms.ChoiceField(
        label="Đồng chí",
        error_messages={
            "required": "Chọn đồng chí đưa vào danh sách.",
            "invalid_choice": (
                "Đồng chí này không thuộc diện được giới thiệu hoặc đã có trong danh sách. Chọn đồng chí khác."
            ),
        },
    )
    source = forms.ChoiceField(label="Nguồn giới thiệu", choices=Candidate.Source.choices, widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, members: Iterable[Member] = (), source: str = Candidate.Source.COMMITTEE, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(one.pk), _with_year(one)) for one in members]
        self.fields["member"].choices = [("", "Chọn đồng chí"), *rows]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["source"].initial = source


def _with_year(member: Member) -> str:
    return f"{member.display_name}, sinh năm {member.born_on.year}" if member.born_on else member.display_name


class CardVoteForm(forms.Form):
    """Chốt danh sách: three counts of cards."""

    in_favour = CountField(what="số thẻ tán thành", label="Tán thành")
    against = CountField(what="số thẻ không tán thành", label="Không tán thành", initial="0")
    abstained = CountField(what="số ý kiến khác", label="Ý kiến khác", initial="0")
