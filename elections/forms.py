"""Forms of slates, counts and ratification."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from accounts.formfields import DayField
from elections.models import Candidate
from elections.rules.fields import MOST, plain
from elections.rules.layout import Layout
from elections.rules.papers import REASON_LABELS, Reason
from organizations.models import Member

DIGITS = re.compile(r"[0-9]{1,7}")
BALLOTS = (
    ("issued", "E", "phiếu phát ra"),
    ("returned", "G", "phiếu thu về"),
    ("valid", "H", "phiếu hợp lệ"),
    ("invalid", "K", "phiếu không hợp lệ"),
)
ONLY_STRIKE_OUT = (Reason.TOO_MANY, Reason.NOBODY)
ONLY_SINGLE_NAME = (Reason.BOTH_BOXES, Reason.NO_BOX)


class CountField(forms.CharField):
    """A count as written on the tally sheet: digits 0 to 9 and nothing else; blank is not zero.

    ``what`` names it in messages ("số phiếu phát ra"), ``letter`` is its place on the sheet. Digits of other
    scripts, signs and separators are refused: what was typed is never turned into another number.
    """

    def __init__(self, *, what: str, letter: str = "", **options: Any) -> None:
        self.place = f"Ô {letter}: " if letter else ""
        self.what = what
        options.setdefault("label", f"{letter}. {what[0].upper()}{what[1:]}" if letter else what[0].upper() + what[1:])
        super().__init__(**options)
        blank = f"{self.place}chưa ghi {what}. Không có thì ghi 0."
        self.error_messages["required"] = blank if self.place else blank[0].upper() + blank[1:]
        self.widget.attrs |= {"inputmode": "numeric", "pattern": "[0-9]*", "autocomplete": "off"}

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]  # a number typed as text
        text = super().to_python(value)
        if not text:
            return None
        if not DIGITS.fullmatch(text):
            raise forms.ValidationError(
                f"{self.place}{self.what} chỉ ghi bằng chữ số từ 0 đến 9 và không quá {MOST:_}, ".replace("_", ".")
                + f"đang là “{plain(text)}”."
            )
        return int(text)

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Nothing beyond ``to_python``: the validators of a text field do not fit a number."""


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


class TallyForm(forms.Form):
    """Nhập kết quả kiểm phiếu, field by field as the sheet of the tellers.

    ``slate``: (member id, name) in the order of the ballot. Letters are those of the engine's findings:
    E, G, H, K for the papers, L1, L2 … for the names.
    """

    def __init__(self, *args: Any, slate: Sequence[tuple[int, str]], layout: str | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slate = slate
        self.all_optional = True  # which reasons have a paper is plain from the figures: nothing to mark
        self.letters: dict[str, str] = {}
        self.by_agreement = layout == Layout.AGREE_DISAGREE
        for name, letter, label in BALLOTS:
            self._add(name, letter, f"số {label}")
        for number, (pk, name) in enumerate(slate, start=1):
            if self.by_agreement:
                self._add(f"agree_{pk}", f"L{number}", f"số phiếu đồng ý với đồng chí {name}", label="Đồng ý")
                self._add(
                    f"disagree_{pk}", f"L{number}", f"số phiếu không đồng ý với đồng chí {name}", label="Không đồng ý"
                )
            else:
                self._add(f"votes_{pk}", f"L{number}", f"số phiếu bầu đồng chí {name}", label=f"L{number}. {name}")
        self.reasons = _reasons(len(slate), self.by_agreement)
        for reason in self.reasons:
            label = REASON_LABELS[reason]
            self.fields[f"reason_{reason.value}"] = CountField(
                what=f"số phiếu {label}", label=label[0].upper() + label[1:], required=False
            )
        self.fields["note"] = forms.CharField(
            label="Giải trình của Ban kiểm phiếu",
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="Ghi khi phần mềm nêu điểm cần giải trình, ví dụ vì sao thu về ít hơn phát ra.",
        )

    def _add(self, name: str, letter: str, what: str, **options: Any) -> None:
        self.fields[name] = CountField(what=what, letter=letter, **options)
        self.letters.setdefault(letter, name)

    @property
    def ballot_fields(self) -> list[forms.BoundField]:
        return [self[name] for name, _, _ in BALLOTS]

    @property
    def name_fields(self) -> list[tuple[int, str, list[forms.BoundField]]]:
        """(number on the ballot, name, its one or two fields)."""
        kinds = ("agree", "disagree") if self.by_agreement else ("votes",)
        return [
            (number, name, [self[f"{kind}_{pk}"] for kind in kinds])
            for number, (pk, name) in enumerate(self.slate, start=1)
        ]

    @property
    def reason_fields(self) -> list[forms.BoundField]:
        return [self[f"reason_{reason.value}"] for reason in self.reasons]

    @property
    def figures(self) -> dict[str, Any]:
        """``ballots`` and ``votes`` as the election engine reads them; None for what is blank or unreadable."""
        typed = getattr(self, "cleaned_data", {})
        votes: dict[str, Any] = {}
        for pk, _ in self.slate:
            if self.by_agreement:
                votes[str(pk)] = {key: typed.get(f"{key}_{pk}") for key in ("agree", "disagree")}
            else:
                votes[str(pk)] = typed.get(f"votes_{pk}")
        return {"ballots": {name: typed.get(name) for name, _, _ in BALLOTS}, "votes": votes}

    @property
    def invalid_reasons(self) -> list[dict[str, Any]]:
        typed = self.cleaned_data
        counts = ((REASON_LABELS[reason], typed.get(f"reason_{reason.value}")) for reason in self.reasons)
        return [{"reason": label, "count": count} for label, count in counts if count]

    def fields_of(self, by_letter: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Messages by letter of the sheet → messages by field of this form; "" for those about the whole."""
        found: dict[str, list[str]] = {}
        for letter, texts in by_letter.items():
            name = self.letters.get(letter, letter if letter in self.fields else "")
            if letter == "invalid_reasons":
                name = f"reason_{self.reasons[0].value}"
            found.setdefault(name, []).extend(texts)
        return found


def _reasons(names: int, by_agreement: bool) -> list[Reason]:
    """The legal reasons (E-47, E-49) that this kind of ballot paper can have."""
    left_out = set(ONLY_STRIKE_OUT if by_agreement else ONLY_SINGLE_NAME)
    if by_agreement and names > 1:
        left_out |= set(ONLY_SINGLE_NAME)
    return [reason for reason in Reason if reason not in left_out]


class ReasonsForm(forms.Form):
    """Why: asked wherever something goes back or stops."""

    def __init__(self, *args: Any, label: str, hint: str = "", missing: str, most: int = 4000, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"] = forms.CharField(
            label=label,
            help_text=hint,
            max_length=most,
            widget=forms.Textarea(attrs={"rows": 5}),
            error_messages={"required": missing},
        )


class DecisionForm(forms.Form):
    """Quyết định chuẩn y: its day, its number, who signs."""

    issued_on = DayField(label="Ngày quyết định")
    number = CountField(
        what="số quyết định", label="Số quyết định", required=False, help_text="Để trống để lấy số tiếp theo."
    )
    signer_post = forms.CharField(
        label="Chức vụ người ký",
        max_length=100,
        help_text="Ví dụ Bí thư, Phó Bí thư.",
        error_messages={"required": "Ghi chức vụ người ký."},
    )
    signer_name = forms.CharField(
        label="Họ và tên người ký", max_length=100, error_messages={"required": "Ghi họ và tên người ký quyết định."}
    )

    def clean_number(self) -> int | None:
        number: int | None = self.cleaned_data["number"]
        if number == 0:
            raise forms.ValidationError("Số quyết định bắt đầu từ 1. Để trống để lấy số tiếp theo.")
        return number
