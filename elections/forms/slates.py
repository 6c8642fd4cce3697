"""Forms of the slate: who is put forward and by whom, who asks to withdraw, the cards that decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from accounts.formfields import TextField
from congress.rules.convening import Form
from elections.forms.fields import CountField
from elections.models import Candidate, Withdrawal
from organizations.models import Member

Source = Candidate.Source


def named(members: Iterable[Member], blank: str = "Chọn đồng chí") -> list[tuple[str, str]]:
    """Choices of people, with their years of birth."""
    return [("", blank), *((str(one.pk), _with_year(one)) for one in members)]


def _with_year(member: Member) -> str:
    return f"{member.display_name}, sinh năm {member.born_on.year}" if member.born_on else member.display_name


def person_field(label: str, *, missing: str, unknown: str, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, error_messages={"required": missing, "invalid_choice": unknown}, **options)


class NominationForm(forms.Form):
    """``refused``: member id → why this person of the roll is not offered, said when chosen all the same.

    Before the sitting (``nominators`` None) the list is the committee's own: nobody is asked where a name comes from.
    ``visitors``: whether members who are here temporarily may nominate, too (E-31). ``put_off``: member id → what the
    congress decided about who left the list; only its cards bring such a name back (E-34).
    """

    member = person_field(
        "Đồng chí",
        missing="Chọn đồng chí đưa vào danh sách.",
        unknown="Đồng chí này không thuộc diện được giới thiệu hoặc đã có trong danh sách. Chọn đồng chí khác.",
    )
    source = forms.ChoiceField(label="Nguồn giới thiệu", choices=Source.choices, widget=forms.RadioSelect)
    nominated_by = person_field(
        "Người đề cử",
        missing="Chọn người đề cử.",
        unknown="Người đề cử phải là người dự họp. Chọn đồng chí khác.",
        required=False,
        help_text="Ghi khi là đề cử. Đảng viên dự bị cũng được đề cử.",
    )
    nominator_name = TextField(
        label="Hoặc họ và tên đảng viên sinh hoạt tạm thời đề cử",
        required=False,
        max_length=110,
        help_text=(
            "Đảng viên sinh hoạt tạm thời tại chi bộ được đề cử; không có trong danh sách triệu tập nên ghi họ và tên. "
            "Đảng viên của chi bộ thì chọn ở ô trên."
        ),
    )

    nominator_from = TextField(
        label="Đồng chí ấy chuyển đến từ",
        required=False,
        max_length=150,
        help_text=(
            "Chi bộ nơi đồng chí ấy sinh hoạt chính thức. Bắt buộc khi trùng họ và tên với một đảng viên của chi bộ."
        ),
    )

    in_favour = CountField(what="số thẻ tán thành cho vào lại", label="Cho vào lại: tán thành", required=False)
    against = CountField(what="số thẻ không tán thành", label="Cho vào lại: không tán thành", required=False)
    abstained = CountField(what="số ý kiến khác", label="Cho vào lại: ý kiến khác", required=False)

    def __init__(
        self,
        *args: Any,
        members: Iterable[Member] = (),
        put_off: Mapping[int, str] | None = None,
        refused: Mapping[int, str] | None = None,
        sources: Sequence[str] = tuple(Source.values),
        nominators: Iterable[Member] | None = None,
        visitors: bool = False,
        is_meeting: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.all_optional = True  # the hint says when a nominator is named: nothing to mark
        self.refused = {str(pk): why for pk, why in (refused or {}).items()}
        self.fields["member"].choices = named(members)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["source"].initial = sources[0]
        self.fields["source"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (value, label) for value, label in Source.choices if value in sources
        ]
        if is_meeting:
            self.fields["source"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
                (value, label.replace("đại hội", "hội nghị"))
                for value, label in self.fields["source"].choices  # type: ignore[attr-defined]  # a ChoiceField
            ]
            self.fields["nominated_by"].help_text = "Ghi khi là đề cử."  # nobody there is on probation
        if nominators is None:
            self.fields["source"].widget = forms.HiddenInput()
            del self.fields["nominated_by"]
        if put_off:
            self.fields[
                "in_favour"
            ].help_text = (
                f"Chỉ ghi ba ô này khi đưa lại người đã rời danh sách theo biểu quyết. {'. '.join(put_off.values())}."
            )
        else:
            del self.fields["in_favour"], self.fields["against"], self.fields["abstained"]
        if nominators is None or not visitors:
            del self.fields["nominator_name"], self.fields["nominator_from"]
        if nominators is not None:
            self.fields["nominated_by"].choices = named(nominators, "Chọn người đề cử")  # type: ignore[attr-defined]  # a ChoiceField

    def full_clean(self) -> None:
        """Whoever is known but not offered is refused with the reason, not as an unknown name."""
        super().full_clean()
        why = self.refused.get(str(self.data.get("member", ""))) if self.is_bound else None
        if why and "member" in self.errors:
            self._errors["member"] = self.error_class([why], renderer=self.renderer)


class StrikeForm(forms.Form):
    """Why a name leaves that the congress has not dealt with."""

    reasons = TextField(
        label="Lý do bỏ tên",
        max_length=300,
        help_text="Ví dụ: ghi nhầm người, ghi nhầm cuộc bầu.",
        error_messages={"required": "Ghi lý do bỏ tên, ví dụ “ghi nhầm người”."},
    )


class CardVoteForm(forms.Form):
    """Three counts of cards."""

    in_favour = CountField(what="số thẻ tán thành", label="Tán thành")
    against = CountField(what="số thẻ không tán thành", label="Không tán thành", initial="0")
    abstained = CountField(what="số ý kiến khác", label="Ý kiến khác", initial="0")


FORM_LABELS = {Form.CARD: "Biểu quyết giơ thẻ", Form.BALLOT: "Bỏ phiếu kín"}


class WithdrawalVoteForm(CardVoteForm):
    """Three counts, of cards or of secret ballots as the congress chose (E-21)."""

    form = forms.ChoiceField(label="Hình thức quyết định", widget=forms.RadioSelect, required=False)
    field_order = ("form", "in_favour", "against", "abstained")

    def __init__(self, *args: Any, forms_open: Sequence[Form], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = [(one.value, FORM_LABELS[one]) for one in forms_open]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["form"].initial = forms_open[0].value
        self.all_optional = True  # what is not chosen is the usual form: nothing to mark
        for name in ("in_favour", "against"):
            label, usual = str(self.fields[name].label), self.fields[name].initial
            what = f"số thẻ hoặc số phiếu {label.lower()}"
            self.fields[name] = CountField(what=what, label=label, initial=usual)

    def clean_form(self) -> str:
        return self.cleaned_data["form"] or str(self.fields["form"].initial)


class SeatsForm(CardVoteForm):
    """Chốt số lượng."""

    seats = CountField(what="số lượng cần bầu", label="Số lượng cần bầu")
    field_order = ("seats", "in_favour", "against", "abstained")


class AnnulmentForm(CardVoteForm):
    """Bỏ kết quả không còn căn cứ: why, and the cards."""

    reasons = TextField(
        label="Lý do bỏ kết quả",
        help_text="Ví dụ: sau kiểm đếm lại, đồng chí trúng cử bí thư không còn trong chi ủy. Tối đa 200 chữ cái.",
        max_length=200,
        error_messages={"required": "Ghi lý do bỏ kết quả."},
    )
    field_order = ("reasons", "in_favour", "against", "abstained")


class ReopeningForm(CardVoteForm):
    """Mở lại danh sách after ballots were handed out: why, and the cards."""

    reasons = TextField(
        label="Lý do mở lại danh sách, bỏ phiếu lại",
        help_text="Ví dụ: danh sách in thiếu một đồng chí, đại hội thống nhất bỏ phiếu lại. Tối đa 200 chữ cái.",
        max_length=200,
        error_messages={"required": "Ghi lý do mở lại danh sách: phiếu đã phát không dùng nữa, phải bỏ phiếu lại."},
    )
    field_order = ("reasons", "in_favour", "against", "abstained")


class StoppingForm(CardVoteForm):
    """Dừng bầu: what the congress decided, and the cards."""

    reasons = TextField(
        label="Quyết định của đại hội",
        help_text="Ví dụ: Đại hội biểu quyết không bầu tiếp, đề nghị cấp trên bổ sung sau. Tối đa 250 chữ cái.",
        max_length=250,
        error_messages={"required": "Ghi quyết định của đại hội về việc dừng bầu."},
    )
    field_order = ("reasons", "in_favour", "against", "abstained")


class NoFields(forms.Form):
    """A button alone."""


class SupportForm(forms.Form):
    support = CountField(what="số người ủng hộ", label="Số người ủng hộ")


class WithdrawalForm(forms.Form):
    member = person_field(
        "Đồng chí xin rút",
        missing="Chọn đồng chí xin rút.",
        unknown="Đồng chí này không có trong danh sách. Chọn đồng chí đang có tên.",
    )
    reason = TextField(label="Lý do xin rút", max_length=300, error_messages={"required": "Ghi lý do xin rút."})
    proposal = forms.ChoiceField(
        label="Đề nghị của chủ tịch",
        choices=Withdrawal.Proposal.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn đề nghị của chủ tịch."},
    )

    def __init__(self, *args: Any, members: Iterable[tuple[int, str]], must: bool, **kwargs: Any) -> None:
        """``must``: whether somebody on the slate must withdraw (E-32), so that the chair may propose that."""
        super().__init__(*args, **kwargs)
        if not must:
            open_ones = [one for one in Withdrawal.Proposal.choices if one[0] != Withdrawal.Proposal.MUST]
            self.fields["proposal"].choices = open_ones  # type: ignore[attr-defined]  # a ChoiceField
        rows = [(str(pk), name) for pk, name in members]
        self.fields["member"].choices = [("", "Chọn đồng chí"), *rows]  # type: ignore[attr-defined]  # a ChoiceField


class OpinionForm(forms.Form):
    """Kết quả phiếu xin ý kiến: the papers, then the marks of each name, with the letters of the sheet."""

    PAPERS = (
        ("issued", "E", "số phiếu phát ra"),
        ("returned", "G", "số phiếu thu về"),
        ("valid", "H", "số phiếu hợp lệ"),
        ("invalid", "K", "số phiếu không hợp lệ"),
    )

    def __init__(self, *args: Any, names: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names
        self.letters: dict[str, str] = {}
        for name, letter, what in self.PAPERS:
            self.fields[name] = CountField(what=what, letter=letter)
            self.letters[letter] = name
        for number, (pk, name) in enumerate(names, start=1):
            letter = f"L{number}"
            self.fields[f"support_{pk}"] = CountField(
                what=f"số phiếu ủng hộ đồng chí {name}", letter=letter, label=f"{letter}. {name}"
            )
            self.letters[letter] = f"support_{pk}"

    @property
    def support(self) -> dict[str, int | None]:
        return {str(pk): self.cleaned_data.get(f"support_{pk}") for pk, _ in self.names}

    def fields_of(self, by_letter: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Messages by letter → by field."""
        return {self.letters.get(letter, ""): list(texts) for letter, texts in by_letter.items()}


class JoiningForm(CardVoteForm):
    """Đại hội quyết định ai vào danh sách."""

    joining = forms.MultipleChoiceField(
        label="Vào danh sách",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Không chọn ai nếu biểu quyết không thêm người nào.",
    )
    field_order = ("joining", "in_favour", "against", "abstained")

    def __init__(self, *args: Any, names: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["joining"].choices = [(str(pk), name) for pk, name in names]  # type: ignore[attr-defined]  # a ChoiceField


class PlannedLeaderForm(forms.Form):
    member = person_field(
        "Người dự kiến",
        missing="",
        unknown="Người dự kiến phải là đảng viên chính thức được triệu tập. Chọn đồng chí khác.",
        required=False,
        help_text="Theo đề án nhân sự đã được cấp trên cho ý kiến. Để trống khi đề án không nêu.",
    )

    def __init__(self, *args: Any, members: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = named(members, "Chưa có")  # type: ignore[attr-defined]  # a ChoiceField


class SuperiorOpinionForm(forms.Form):
    text = TextField(
        label="Ý kiến của cấp trên",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Ghi ý kiến của cấp trên."},
    )
    source = TextField(
        label="Văn bản hoặc người truyền đạt",
        max_length=200,
        help_text="Ví dụ: Công văn số 12-CV/ĐU ngày 29/6/2022, hoặc ai truyền đạt qua điện thoại, lúc mấy giờ.",
        error_messages={"required": "Ghi văn bản hoặc người truyền đạt ý kiến."},
    )
