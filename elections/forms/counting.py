"""What tellers fill in: the ledger, the tally sheet or what two people differ on in it, single papers, rulings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms

from accounts.formfields import TextField
from elections.forms.fields import CountField, ReasonsForm
from elections.models import BoardRuling, Count
from elections.rules.case import Flaw, Mark
from elections.rules.layout import Layout
from elections.rules.ledger import FIELDS as LEDGER
from elections.rules.papers import NAME_REASON_LABELS, REASON_LABELS, NameReason, Reason, reasons_possible

BALLOTS = (
    ("returned", "G", "phiếu thu về"),
    ("valid", "H", "phiếu hợp lệ"),
    ("invalid", "K", "phiếu không hợp lệ"),
)
HINTS = {
    "printed": "Tất cả phiếu đã in và đóng dấu.",
    "issued": "Mỗi đồng chí một phiếu; phiếu đổi cho phiếu hỏng không tính thêm.",
    "unused": "Phiếu còn lại, chưa phát.",
    "spoiled": "Phiếu người bầu nộp lại để đổi phiếu khác.",
    "returned": "Phiếu đếm được khi mở hòm.",
}
FLAWS = [
    (Flaw.NOT_ISSUED.value, "Không do ban kiểm phiếu phát ra"),
    (Flaw.WRITTEN_IN.value, "Viết thêm tên hoặc chữ"),
    (Flaw.SIGNED.value, "Ký tên, ghi tên người bầu"),
    (Flaw.MARKED.value, "Đánh dấu, đánh số riêng"),
    (Flaw.SEVERAL_INKS.value, "Nhiều loại mực"),
    (Flaw.STAMP_MISSING.value, "Thiếu dấu"),
    (Flaw.UNCLEAR.value, "Không rõ bầu cho ai"),
]
MARKS = {
    (True, False): Mark.AGREE,
    (False, True): Mark.DISAGREE,
    (True, True): Mark.BOTH,
    (False, False): Mark.NONE,
}
BOXES = {mark: boxes for boxes, mark in MARKS.items()}
UNTOUCHED = {False: "Không gạch ai", True: "Có tên để trống cả hai ô"}
UNSAID = {
    False: "Chưa gạch tên nào. Phiếu không gạch ai thì chọn “Không gạch ai” (phím 0).",
    True: "Có tên chưa ghi dấu. Phiếu để trống cả hai ô thì chọn “Có tên để trống cả hai ô” (phím 0).",
}


class EntryForm(forms.Form):
    """Bản nhập của một người, field by field as the printed sheet: papers, names, reasons of invalid papers.

    ``slate``: (member id, name) in the order of the ballot. Letters are those of the printed sheet: G, H, K for the
    papers, L1, L2 … for the names. With ``only`` (fields as ``differing_fields`` names them) nothing else is asked.
    What was handed out stands in the ledger and is not typed again.
    """

    def __init__(
        self,
        *args: Any,
        slate: Sequence[tuple[int, str]],
        layout: str | None,
        only: Collection[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.slate = slate
        self.all_optional = True  # which reasons have a paper is plain from the figures: nothing to mark
        self.letters: dict[str, str] = {}
        self.by_agreement = layout == Layout.AGREE_DISAGREE
        self.only = only
        for name, letter, label in BALLOTS:
            self._add(name, letter, f"số {label}")
        for number, (pk, name) in enumerate(slate, start=1):
            if self.by_agreement:
                self._add(f"agree_{pk}", f"L{number}.agree", f"số phiếu đồng ý với đồng chí {name}", label="Đồng ý")
                self._add(
                    f"disagree_{pk}",
                    f"L{number}.disagree",
                    f"số phiếu không đồng ý với đồng chí {name}",
                    label="Không đồng ý",
                )
            else:
                self._add(f"votes_{pk}", f"L{number}", f"số phiếu bầu đồng chí {name}", label=f"L{number}. {name}")
        self.reasons = [
            one
            for one in reasons_possible(len(slate), by_agreement=self.by_agreement)
            if only is None or f"K.{one.value}" in only
        ]
        for reason in self.reasons:
            label = REASON_LABELS[reason]
            self.fields[f"reason_{reason.value}"] = CountField(
                what=f"số phiếu {label}", label=sentence(label), required=only is not None
            )

    def _add(self, name: str, field: str, what: str, **options: Any) -> None:
        if self.only is not None and field not in self.only:
            return
        letter = field.partition(".")[0]
        self.fields[name] = CountField(what=what, letter=letter, **options)
        self.letters.setdefault(letter, name)

    def _shown(self, names: Sequence[str]) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def ballot_fields(self) -> list[forms.BoundField]:
        return self._shown([name for name, _, _ in BALLOTS])

    @property
    def name_fields(self) -> list[tuple[int, str, list[forms.BoundField]]]:
        """(number on the ballot, name, its one or two fields); names that are not asked are left out."""
        kinds = ("agree", "disagree") if self.by_agreement else ("votes",)
        found = [
            (number, name, self._shown([f"{kind}_{pk}" for kind in kinds]))
            for number, (pk, name) in enumerate(self.slate, start=1)
        ]
        return [one for one in found if one[2]]

    @property
    def reason_fields(self) -> list[forms.BoundField]:
        return [self[f"reason_{reason.value}"] for reason in self.reasons]

    @property
    def votes(self) -> dict[str, Any]:
        """By member id; None for what is blank, unreadable or not asked."""
        typed = getattr(self, "cleaned_data", {})
        if self.by_agreement:
            return {str(pk): {key: typed.get(f"{key}_{pk}") for key in ("agree", "disagree")} for pk, _ in self.slate}
        return {str(pk): typed.get(f"votes_{pk}") for pk, _ in self.slate}

    @property
    def entry(self) -> dict[str, Any]:
        """The figures as ``submit_entry`` takes them; None is not typed."""
        typed = getattr(self, "cleaned_data", {})
        reasons = {one.value: typed.get(f"reason_{one.value}") for one in self.reasons}
        return {
            **{name: typed.get(name) for name in ("returned", "valid", "invalid")},
            "votes": self.votes,
            "invalid_reasons": {code: papers for code, papers in reasons.items() if papers},
        }

    def fields_of(self, by_letter: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Messages by letter of the sheet → messages by field of this form; "" for those about the whole."""
        found: dict[str, list[str]] = {}
        for letter, texts in by_letter.items():
            name = self.letters.get(letter, letter if letter in self.fields else "")
            if letter == "invalid_reasons" and self.reasons:
                name = f"reason_{self.reasons[0].value}"
            found.setdefault(name, []).extend(texts)
        return found


class LedgerForm(forms.Form):
    """Sổ phiếu: five figures, each blank until it is known; whether they add up is asked when it closes."""

    def __init__(self, *args: Any, figures: Sequence[tuple[str, str, str]] = LEDGER, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.all_optional = True
        self.letters = {letter: name for name, letter, _ in figures}
        for name, letter, label in figures:
            self.fields[name] = CountField(what=label, letter=letter, required=False, help_text=HINTS[name])
        if figures is LEDGER:  # a rehearsal makes no file
            self.fields["printed_note"] = TextField(
                label="Giải trình khi số phiếu in khác tệp phiếu đã lập",
                required=False,
                max_length=300,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="Chỉ ghi khi S1 khác số phiếu của tệp đã lập, ví dụ: in lại một phiếu mờ. Ghi vào biên bản.",
            )

    @property
    def figures(self) -> dict[str, int | None]:
        return {name: self.cleaned_data.get(name) for name in self.letters.values()}

    def fields_of(self, by_letter: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Messages by letter of the ledger → messages by field."""
        found: dict[str, list[str]] = {}
        for letter, texts in by_letter.items():
            found.setdefault(self.letters.get(letter, ""), []).extend(texts)
        return found


class StartForm(forms.Form):
    """Bắt đầu kiểm phiếu: how, and with how many teams of two."""

    method = forms.ChoiceField(
        label="Cách kiểm phiếu",
        choices=[
            (Count.Method.TOTALS, "Theo tổng số: đếm trên giấy rồi nhập số tổng hợp"),
            (Count.Method.PAPERS, "Từng phiếu: mỗi người nhập lần lượt từng lá phiếu, phần mềm cộng"),
        ],
        widget=forms.RadioSelect,
        initial=Count.Method.TOTALS,
        error_messages={"required": "Chọn cách kiểm phiếu.", "invalid_choice": "Chọn một trong hai cách kiểm phiếu."},
    )
    teams = CountField(
        what="số tổ kiểm phiếu", label="Số tổ kiểm phiếu", initial="1", help_text="Mỗi tổ có hai người nhập độc lập."
    )

    def __init__(self, *args: Any, only_totals: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if only_totals:
            self.fields["method"].widget = forms.HiddenInput()


class PaperForm(forms.Form):
    """One ballot paper as it lies on the table: which names are struck out or which boxes are crossed, and flaws.

    ``names``: (member id, name) in the order of the ballot. A paper on which nothing is marked must be said to be
    so (``untouched``): what is not typed yet is no empty paper.
    """

    def __init__(
        self, *args: Any, names: Sequence[tuple[int, str]], by_agreement: bool, most: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names = names
        self.by_agreement = by_agreement
        self.fields["slip"] = forms.IntegerField(widget=forms.HiddenInput(), min_value=1, max_value=most)
        for pk, _ in names:
            for kind in self.kinds:
                self.fields[f"{kind}_{pk}"] = forms.BooleanField(required=False)
        self.fields["untouched"] = forms.BooleanField(required=False, label=UNTOUCHED[by_agreement])
        self.fields["flaws"] = forms.MultipleChoiceField(
            required=False, label="Phiếu có điểm khác thường", choices=FLAWS, widget=forms.CheckboxSelectMultiple
        )
        for pk, name in names if len(names) > 1 else ():
            self.fields[f"unclear_{pk}"] = forms.BooleanField(required=False, label=name)

    @property
    def unclear(self) -> list[forms.BoundField]:
        """Tên không rõ: one box a name; of a list of one the whole paper is in doubt."""
        return [self[f"unclear_{pk}"] for pk, _ in self.names if f"unclear_{pk}" in self.fields]

    @property
    def kinds(self) -> tuple[str, ...]:
        return ("agree", "disagree") if self.by_agreement else ("struck",)

    @property
    def rows(self) -> list[tuple[int, str, list[forms.BoundField]]]:
        """(number on the ballot, name, its boxes)."""
        return [
            (number, name, [self[f"{kind}_{pk}"] for kind in self.kinds])
            for number, (pk, name) in enumerate(self.names, start=1)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if Flaw.NOT_ISSUED in data.get("flaws", ()) or data.get("untouched"):
            return data
        said = [any(data.get(f"{kind}_{pk}") for kind in self.kinds) for pk, _ in self.names]
        if not (all(said) if self.by_agreement else any(said)):
            self.add_error("untouched", UNSAID[self.by_agreement])
        return data

    @property
    def reading(self) -> dict[str, Any]:
        """The paper as the election engine reads it."""
        data = self.cleaned_data
        named = any(data.get(f"unclear_{pk}") for pk, _ in self.names)
        flaws = [flaw.value for flaw in Flaw if flaw in data["flaws"] or (named and flaw is Flaw.UNCLEAR)]
        if Flaw.NOT_ISSUED in data["flaws"]:
            return {"flaws": flaws}
        unclear = [str(pk) for pk, _ in self.names if data.get(f"unclear_{pk}")]
        told: dict[str, Any] = {"flaws": flaws} | ({"unclear": unclear} if unclear else {})
        if self.by_agreement:
            marks = {str(pk): MARKS[data[f"agree_{pk}"], data[f"disagree_{pk}"]].value for pk, _ in self.names}
            return {"marks": marks, **told}
        return {"kept": [str(pk) for pk, _ in self.names if not data[f"struck_{pk}"]], **told}


def typed_of(reading: Mapping[str, Any], names: Sequence[tuple[int, str]]) -> dict[str, Any]:
    """The fields of ``PaperForm`` that say this reading."""
    typed: dict[str, Any] = {"flaws": list(reading.get("flaws", ()))}
    if len(names) > 1:
        typed |= {f"unclear_{pk}": str(pk) in reading.get("unclear", ()) for pk, _ in names}
    if (marks := reading.get("marks")) is not None:
        for pk, _ in names:
            agree, disagree = BOXES[Mark(marks.get(str(pk), Mark.NONE))]
            typed |= {f"agree_{pk}": agree, f"disagree_{pk}": disagree}
        typed["untouched"] = Mark.NONE in marks.values()
    elif (kept := reading.get("kept")) is not None:
        typed |= {f"struck_{pk}": str(pk) not in kept for pk, _ in names}
        typed["untouched"] = len(kept) == len(names)
    return typed


class VoidLedgerForm(ReasonsForm):
    """Hủy sổ phiếu: whether only its figures were wrong or the vote is held again, and why."""

    votes_again = forms.TypedChoiceField(
        label="Hủy sổ để làm gì",
        choices=[
            ("no", "Ghi lại số cho đúng. Phiếu đã phát, đã bỏ vào hòm vẫn dùng."),
            ("yes", "Phát phiếu khác, bỏ phiếu lại. Phiếu đã phát không dùng nữa."),
        ],
        coerce=lambda told: told == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn ghi lại sổ hay bỏ phiếu lại."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args,
            label="Lý do hủy sổ phiếu",
            hint="Ví dụ: ghi nhầm số phiếu phát ra; phiếu in thiếu tên một đồng chí. Tối đa 300 chữ cái.",
            missing="Ghi lý do hủy sổ phiếu.",
            most=300,
            **kwargs,
        )


class RulingForm(forms.Form):
    """Ban kiểm phiếu kết luận on one paper in doubt."""

    team = forms.IntegerField(widget=forms.HiddenInput())
    slip = forms.IntegerField(widget=forms.HiddenInput())
    verdict = forms.ChoiceField(
        label="Ban kiểm phiếu kết luận",
        choices=BoardRuling.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn hợp lệ hoặc không hợp lệ."},
    )
    category = forms.ChoiceField(
        label="Căn cứ (bắt buộc khi kết luận không hợp lệ)",
        help_text="Phiếu không hợp lệ được cộng vào đúng căn cứ này trong biên bản. Kết luận hợp lệ thì để trống.",
        required=False,
        error_messages={"invalid_choice": "Chọn một căn cứ trong danh sách."},
    )
    uncounted = forms.MultipleChoiceField(
        label="Phiếu hợp lệ nhưng không tính cho",
        help_text=(
            "Chỉ những tên hai kiểm phiếu viên cùng đánh dấu là không rõ; những tên khác trên phiếu vẫn được tính. "
            "Không có thì để trống."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Chọn đồng chí có tên trên phiếu."},
    )
    reason = TextField(
        label="Lý do ghi vào biên bản",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Ghi lý do kết luận của ban kiểm phiếu để đưa vào biên bản."},
    )

    def __init__(
        self,
        *args: Any,
        reasons: Sequence[Reason],
        name_reasons: Sequence[NameReason],
        names: Mapping[int, str],
        **kwargs: Any,
    ) -> None:
        """``names``: member id → as on the ballot, of those who may be left out of this paper; mostly nobody."""
        super().__init__(*args, **kwargs)
        self.fields["uncounted"].choices = [(str(pk), name) for pk, name in names.items()]  # type: ignore[attr-defined]  # a ChoiceField
        if not names:
            del self.fields["uncounted"]
        self.all_optional = True  # the label of the category says when it is asked
        category, of_paper = self.fields["category"], [(one.value, sentence(REASON_LABELS[one])) for one in reasons]
        category.choices = [("", "Chọn căn cứ"), *of_paper]  # type: ignore[attr-defined]  # a ChoiceField
        if names:
            of_name = [(one.value, sentence(NAME_REASON_LABELS[one])) for one in name_reasons]
            category.label = "Căn cứ (bắt buộc khi kết luận không hợp lệ hoặc không tính cho một đồng chí)"
            category.help_text = f"{category.help_text} Hợp lệ mà không tính cho một đồng chí thì chọn ở nhóm cuối."
            category.choices = [  # type: ignore[attr-defined]  # a ChoiceField
                ("", "Chọn căn cứ"),
                ("Phiếu không hợp lệ", of_paper),
                ("Không tính cho một đồng chí", of_name),
            ]


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
