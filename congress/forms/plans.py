"""The forms of plans and subcommittees."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.formfields import DayField, TextField
from congress.models import OWN_KINDS, Coverage, DeadlineKind, Duration, Organising, Plan, PlanStation
from congress.plan_settings import CONTENTS, STEPS
from congress.rules.presets import SETTINGS
from congress.rules.timeline import Station

DEADLINE_HINTS = {
    DeadlineKind.PAPERS: "Chi bộ gửi dự thảo văn kiện, nhân sự về cấp ủy.",
    DeadlineKind.CLEARANCE: "Chi bộ trình cấp ủy duyệt đại hội.",
    DeadlineKind.WINDOW_OPENS: "Không chi bộ nào đại hội trước ngày này.",
    DeadlineKind.WINDOW_CLOSES: "Mọi chi bộ đại hội xong trong ngày này.",
    DeadlineKind.RATIFICATION: "Kết quả bầu cử được báo cáo và chuẩn y.",
    DeadlineKind.DOSSIER: "Hồ sơ đại hội nộp lưu đầy đủ.",
}


ABOVE = ("", "Theo kế hoạch cấp trên")
YES_NO = [ABOVE, ("yes", "Có"), ("no", "Không")]
SETTING_CHOICES: dict[str, list[tuple[str, str]]] = {
    "duration": [ABOVE, *Duration.choices],
    "contents": [ABOVE, *((str(number), label) for number, label in CONTENTS.items())],
    "has_preliminary": YES_NO,
    "organising": [ABOVE, *Organising.choices],
    "personnel_steps": [ABOVE, *((str(number), label) for number, label in STEPS.items())],
    "merges_review": YES_NO,
}
NUMBERS = ("contents", "personnel_steps")
TRUTHS = {"yes": True, "no": False}


def as_typed(name: str, value: Any) -> str:
    """A stored setting as the form chooses it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def as_stored(name: str, typed: str) -> Any:
    """A chosen setting as the plan keeps it; None where nothing was chosen."""
    if not typed:
        return None
    return int(typed) if name in NUMBERS else TRUTHS.get(typed, typed)


class PlanForm(forms.Form):
    """A plan in four steps: what it is, when things fall due, how congresses are held, what it asks for."""

    subject = TextField(label="Trích yếu", max_length=300, help_text="Ví dụ: về tổ chức đại hội các chi bộ trực thuộc.")
    term_label = TextField(label="Nhiệm kỳ", max_length=20, help_text="Ví dụ 2025-2027.")
    coverage = forms.ChoiceField(
        label="Phạm vi",
        choices=Coverage.choices,
        widget=forms.RadioSelect,
        help_text="Khi ban hành, đại hội của các tổ chức trong phạm vi này được mở.",
    )
    kind = forms.ChoiceField(
        label="Loại hình đại hội của chính đảng bộ",
        choices=[(one.value, one.label) for one in OWN_KINDS],
        initial=OWN_KINDS[0].value,
        required=False,
        widget=forms.RadioSelect,
        help_text="Chỉ dùng khi phạm vi là đại hội của chính đảng bộ; đại hội chi bộ luôn là đại hội đảng viên.",
    )
    based_on = forms.ModelChoiceField(
        label="Thực hiện kế hoạch",
        queryset=Plan.objects.none(),
        required=False,
        empty_label="Không theo kế hoạch nào",
        help_text="Kế hoạch đã ban hành của cấp trên hoặc của chính cấp ủy; thời hạn để trống lấy theo kế hoạch này.",
    )
    amends = forms.ModelMultipleChoiceField(
        label="Sửa đổi, bổ sung kế hoạch",
        queryset=Plan.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chọn kế hoạch của chính cấp ủy khi kế hoạch này chỉ thay đổi thời hạn, nội dung.",
    )
    basis = TextField(
        label="Căn cứ",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Mỗi căn cứ một dòng.",
    )
    requirements = TextField(label="Nội dung, yêu cầu", required=False, widget=forms.Textarea(attrs={"rows": 6}))
    preset = TextField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, higher: QuerySet[Plan], own: QuerySet[Plan], for_branch: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if for_branch:
            del self.fields["coverage"], self.fields["kind"]
        self.fields["based_on"].queryset = higher
        self.fields["amends"].queryset = own
        if not own.exists():
            del self.fields["amends"]
        self.fields["based_on"].label_from_instance = describe
        if "amends" in self.fields:
            self.fields["amends"].label_from_instance = describe
        for kind in DeadlineKind:
            self.fields[kind.value] = DayField(label=kind.label, required=False, help_text=DEADLINE_HINTS[kind])
        for name, choices in SETTING_CHOICES.items():
            label = str(Plan._meta.get_field(name).verbose_name)
            self.fields[name] = forms.ChoiceField(label=label[0].upper() + label[1:], choices=choices, required=False)

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The fields in the order of the work, under their headings."""
        about = ("subject", "term_label", "coverage", "kind", "based_on", "amends")
        groups = (
            ("Kế hoạch nào", "", about),
            (
                "Thời hạn",
                "Để trống thời hạn nào thì thời hạn đó lấy theo kế hoạch đang thực hiện.",
                DeadlineKind.values,
            ),
            ("Cách tổ chức đại hội", "Để “Theo kế hoạch cấp trên” thì lấy theo kế hoạch đang thực hiện.", SETTINGS),
            ("Căn cứ, nội dung", "", ("basis", "requirements")),
        )
        return [
            {"title": title, "text": text, "fields": [self[name] for name in names if name in self.fields]}
            for title, text, names in groups
        ]

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned fields as ``services.plans.draft_plan`` takes them."""
        data = self.cleaned_data
        return {
            "subject": data["subject"],
            "term_label": data["term_label"],
            "coverage": data.get("coverage", Coverage.OWN),
            "kind": data.get("kind") or None,
            "based_on_id": data["based_on"].pk if data["based_on"] else None,
            "amends_ids": [plan.pk for plan in data.get("amends", ())],
            "basis": [line.strip() for line in data["basis"].splitlines() if line.strip()],
            "requirements": data["requirements"],
            "deadlines": {kind: data[kind] for kind in DeadlineKind.values if data[kind]},
            "settings": {name: as_stored(name, data[name]) for name in SETTINGS},
            "preset_key": data["preset"],
        }


def describe(plan: Plan) -> str:
    """Number, committee and subject, as the choices of a form name a plan."""
    return f"{plan.label} của {plan.organization.committee} {plan.subject}"


class IssueForm(forms.Form):
    """Number and date of the signed plan."""

    number = forms.IntegerField(
        label="Số kế hoạch",
        min_value=1,
        max_value=9999,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text="Số do văn thư cấp, ví dụ 22.",
        error_messages={"invalid": "Ghi số kế hoạch bằng chữ số, ví dụ 22.", "required": "Ghi số kế hoạch."},
    )
    issued_on = DayField(label="Ngày ban hành")


class StationForm(forms.Form):
    """One step of a plan's own timeline; a step without a title is left out."""

    key = forms.SlugField(required=False, widget=forms.HiddenInput)
    title = TextField(label="Bước", max_length=200, required=False)
    owner = forms.ChoiceField(label="Ai làm", choices=PlanStation.Owner.choices)
    anchor = forms.ChoiceField(label="Tính từ", choices=PlanStation.Anchor.choices)
    offset = forms.IntegerField(
        label="Số ngày làm việc",
        min_value=-250,
        max_value=250,
        required=False,
        help_text="Số âm là trước mốc tính.",
        error_messages={"invalid": "Ghi số ngày bằng chữ số, ví dụ -10 hoặc 7."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "4"}),
    )
    after = TextField(label="Sau các bước số", max_length=60, required=False, help_text="Ví dụ 3, 7.")


class BaseStations(forms.BaseFormSet):  # type: ignore[type-arg]  # generic in the stubs alone
    """The steps in their order; ``after`` is typed as numbers of other rows."""

    def stations(self) -> list[Station]:
        rows = [form.cleaned_data for form in self.forms]
        keys = [row.get("key") or f"buoc-{number}" for number, row in enumerate(rows, start=1)]
        found = []
        for key, row in zip(keys, rows, strict=True):
            if not row.get("title"):
                continue
            numbers = [int(word) for word in row["after"].replace(",", " ").split() if word.isdigit()]
            after = tuple(keys[one - 1] for one in numbers if 0 < one <= len(keys) and rows[one - 1].get("title"))
            found.append(Station(key, row["title"], row["owner"], row["anchor"], row["offset"] or 0, after))
        return found


Stations = forms.formset_factory(StationForm, formset=BaseStations, extra=3, max_num=60)


class PlanFilter(forms.Form):
    """Which plans of the list to show."""

    all_optional = True
    nhiem_ky = forms.ChoiceField(label="Nhiệm kỳ", required=False)

    def __init__(self, *args: Any, terms: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nhiem_ky"].choices = [("", "Mọi nhiệm kỳ"), *((term, term) for term in terms)]
