"""The tally sheet of the tellers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from elections.forms.fields import CountField
from elections.rules.layout import Layout
from elections.rules.papers import REASON_LABELS, Reason

BALLOTS = (
    ("issued", "E", "phiếu phát ra"),
    ("returned", "G", "phiếu thu về"),
    ("valid", "H", "phiếu hợp lệ"),
    ("invalid", "K", "phiếu không hợp lệ"),
)
ONLY_STRIKE_OUT = (Reason.TOO_MANY, Reason.NOBODY)
ONLY_SINGLE_NAME = (Reason.BOTH_BOXES, Reason.NO_BOX)


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
