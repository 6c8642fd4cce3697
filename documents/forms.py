"""Forms of drafts and reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from accounts.errors import InvalidInput
from accounts.formfields import DayField, TextField
from documents.lifecycle import STATE_NAMES
from documents.models import DocumentKind, ReviewComment
from documents.uploads import Upload, accept

NO_HEADING = "Toàn văn"
SPARE = 1
"""Empty sections shown below the written ones, to add to the draft without scripts."""


class NewDocumentForm(forms.Form):
    kind = forms.ChoiceField(label="Loại văn kiện")
    title = TextField(
        label="Tên văn kiện", max_length=200, required=False, help_text="Để trống thì lấy tên của loại văn kiện."
    )

    def __init__(self, *args: Any, taken: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = [(kind, label) for kind, label in DocumentKind.choices if kind not in taken]
        self.fields["kind"].choices = left  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["kind"].error_messages["invalid_choice"] = (
            "Loại văn kiện này đã có hoặc không hợp lệ. Chọn loại khác."
        )


class DraftForm(forms.Form):
    """One pair of fields per section, ``heading_1``/``text_1`` …; ``seen`` is the version the writer looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    count = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=60)

    def __init__(self, *args: Any, sections: Sequence[Mapping[str, str]] = (), seen: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        count = self._count(len(sections) + SPARE)
        self.fields["seen"].initial, self.fields["count"].initial = seen, count
        for number in range(1, count + 1):
            given = sections[number - 1] if number <= len(sections) else {"heading": "", "text": ""}
            self.fields[f"heading_{number}"] = TextField(
                label=f"Tên phần {number}", max_length=200, required=False, initial=given["heading"]
            )
            self.fields[f"text_{number}"] = TextField(
                label=f"Nội dung phần {number}",
                max_length=200_000,
                required=False,
                initial=given["text"],
                widget=forms.Textarea(attrs={"rows": 8 if given["heading"] else 4}),
            )
        self.fields["note"] = TextField(
            label="Nội dung chỉnh sửa",
            max_length=300,
            required=False,
            help_text="Một câu cho người xem xét, ví dụ: bổ sung phần công tác xây dựng Đảng.",
        )

    def _count(self, fallback: int) -> int:
        """As many sections as were posted; what the page offers when nothing sensible was."""
        try:
            return min(60, max(1, int(self.data.get("count", fallback))))
        except (TypeError, ValueError):
            return fallback

    @property
    def sections(self) -> list[dict[str, str]]:
        """The sections as typed, valid or not: an error shows them again."""
        numbers = range(1, self._count(1) + 1)
        return [{"heading": self.data.get(f"heading_{n}", ""), "text": self.data.get(f"text_{n}", "")} for n in numbers]

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        numbers = range(1, sum(name.startswith("text_") for name in self.fields) + 1)
        return [(self[f"heading_{n}"], self[f"text_{n}"]) for n in numbers]


class UploadForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    file = forms.FileField(
        label="Tệp văn kiện",
        help_text="Tệp Word (.docx) hoặc PDF, tối đa 20 MB. Không tải tài liệu có độ mật lên hệ thống này.",
        error_messages={"required": "Chọn tệp .docx hoặc .pdf.", "empty": "Tệp rỗng. Chọn lại tệp có nội dung."},
    )
    not_secret = forms.BooleanField(
        label="Tài liệu này không có độ mật",
        error_messages={
            "required": "Tài liệu có độ mật không được đưa lên hệ thống này. Đánh dấu nếu tài liệu không mật."
        },
    )
    note = TextField(label="Nội dung chỉnh sửa", max_length=300, required=False)

    def clean_file(self) -> Upload:
        given = self.cleaned_data["file"]
        try:
            return accept(given.name, given.read())
        except InvalidInput as refusal:
            raise forms.ValidationError(str(refusal)) from None


class ReasonsForm(forms.Form):
    reasons = TextField(
        label="Lý do, yêu cầu",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Nêu rõ phần nào cần sửa và sửa thế nào.",
        error_messages={"required": "Ghi lý do để chi bộ biết cần sửa gì."},
    )


class ApprovalForm(forms.Form):
    reasons = TextField(
        label="Ý kiến kèm theo", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class CommentForm(forms.Form):
    section = forms.ChoiceField(label="Góp ý vào phần")
    weight = forms.ChoiceField(label="Mức độ", choices=ReviewComment.Weight.choices, widget=forms.RadioSelect)
    text = TextField(
        label="Ý kiến",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Ghi nội dung góp ý."},
    )

    def __init__(self, *args: Any, headings: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [heading for heading in headings if heading]
        self.fields["section"].choices = [("", NO_HEADING), *((name, name) for name in names)]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["section"].required = False
        self.fields["weight"].initial = ReviewComment.Weight.MUST


class DocumentFilter(forms.Form):
    """Which drafts of the list to show."""

    all_optional = True
    trang_thai = forms.ChoiceField(label="Trạng thái", required=False)
    loai = forms.ChoiceField(label="Loại văn kiện", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trang_thai"].choices = [("", "Tất cả"), *STATE_NAMES.items()]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["loai"].choices = [("", "Tất cả"), *DocumentKind.choices]  # type: ignore[attr-defined]  # a ChoiceField


class ReportForm(forms.Form):
    """A progress report: which day's figures, its number and date, who signs, what is said beside the figures."""

    term_label = forms.ChoiceField(label="Nhiệm kỳ")
    as_of = DayField(label="Số liệu tính đến ngày")
    issued_on = DayField(label="Ngày báo cáo")
    number = forms.IntegerField(
        label="Số", required=False, min_value=1, help_text="Để trống để lấy số tiếp theo của cấp ủy."
    )
    addressee = TextField(label="Kính gửi", required=False, max_length=200)
    assessment = TextField(label="Nhận xét, đánh giá", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    proposals = TextField(label="Kiến nghị, đề xuất", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    recipients = TextField(label="Nơi nhận", widget=forms.Textarea(attrs={"rows": 3}), help_text="Mỗi nơi một dòng.")
    signer_authority = TextField(
        label="Quyền hạn ký", required=False, max_length=60, help_text="Ví dụ T/M Ban Thường vụ."
    )
    signer_post = TextField(label="Chức vụ người ký", max_length=60)
    signer_name = TextField(label="Họ tên người ký", max_length=100)

    def __init__(self, *args: Any, terms: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["term_label"].choices = [(term, term) for term in terms]

    def clean_recipients(self) -> tuple[str, ...]:
        return tuple(line.strip(" -;.") for line in self.cleaned_data["recipients"].splitlines() if line.strip(" -;."))


class ParticularsForm(forms.Form):
    """Whose particulars go on the list."""

    who = forms.ChoiceField(
        label="Danh sách",
        choices=[
            ("members", "Mọi đảng viên của tổ chức"),
            ("committee", "Những đồng chí đang giữ chức vụ cấp ủy"),
        ],
        initial="members",
        widget=forms.RadioSelect,
        help_text="Xếp theo tên, theo mẫu danh sách trích ngang, khổ A4 nằm ngang.",
    )
