"""The forms of an import: the file, the columns set right, who is the same person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.archives import EXCEL, accept_workbook
from accounts.errors import InvalidInput
from accounts.formfields import TextField
from organizations.importing.columns import Dictionary
from organizations.importing.comparing import Choice

MOST_KINDS = 10
"""Kinds of sheets whose columns are asked about: more would be no list of one office."""
DROP = {"accept": EXCEL.ending, "class": "drop-zone"}


class UploadForm(forms.Form):
    """One workbook; ``cleaned_data`` has its shown ``name`` and its ``content``."""

    file = forms.FileField(
        label="Tệp Excel",
        help_text="Kéo tệp .xlsx thả vào ô này, hoặc bấm để chọn tệp. Tối đa 20 MB.",
        widget=forms.FileInput(attrs=DROP),
        error_messages={"required": "Chọn tệp Excel (.xlsx) có danh sách.", "empty": "Tệp rỗng. Chọn lại tệp."},
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        given: UploadedFile | None = data.pop("file", None)
        if given is not None:
            content = given.read()
            try:
                data |= {"name": accept_workbook(given.name or "", content), "content": content}
            except InvalidInput as refusal:
                self.add_error("file", str(refusal))
        return data


class ColumnsForm(forms.Form):
    """What each column holds; sheets that look alike are asked about once."""

    all_optional = True

    def __init__(self, *args: Any, sheets: Sequence[Mapping[str, Any]], dictionary: Dictionary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alike: dict[str, list[Mapping[str, Any]]] = {}
        for sheet in sheets:
            self.alike.setdefault(repr(sheet["columns"]), []).append(sheet)
        self.kinds = list(self.alike.values())[:MOST_KINDS]
        known = [("", "Không dùng"), *((key, one.label) for key, one in dictionary.fields.items())]
        for number, (sheet, *_) in enumerate(self.kinds):
            for column in sheet["columns"]:
                self.fields[f"column_{number}_{column['column']}"] = forms.ChoiceField(
                    label=column["title"], choices=known, required=False, initial=column["key"]
                )

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """(names of the sheets, their fields)."""
        for number, (sheet, *others) in enumerate(self.kinds):
            more = f" và {len(others)} trang cùng các cột" if others else ""
            yield f"Trang “{sheet['name']}”{more}", [self[name] for name in self._names(number, sheet).values()]

    @staticmethod
    def _names(number: int, sheet: Mapping[str, Any]) -> dict[str, str]:
        return {str(one["column"]): f"column_{number}_{one['column']}" for one in sheet["columns"]}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        chosen: dict[str, dict[str, str]] = {}
        for number, sheets in enumerate(self.kinds):
            names = self._names(number, sheets[0])
            mapping = {column: data.get(name, "") for column, name in names.items()}
            used = [key for key in mapping.values() if key]
            for column, key in mapping.items():
                if key and used.count(key) > 1:
                    self.add_error(names[column], "Hai cột cùng một nội dung. Để một cột.")
            chosen |= {sheet["name"]: mapping for sheet in sheets}
        return {"columns": chosen}


class QuestionsForm(forms.Form):
    """Who is the same person; a question may be left open."""

    all_optional = True
    seen = TextField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, questions: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for number, one in enumerate(questions):
            self.fields[f"choice_{number}"] = forms.ChoiceField(
                label=f"Dòng {one['row']}: {one['name']}",
                choices=[(Choice.SAME.value, "Cùng một người"), (Choice.OTHER.value, "Người khác")],
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
                required=False,
                initial=one["choice"] or None,
            )

    def pairs(self) -> Iterator[tuple[Mapping[str, Any], forms.BoundField]]:
        for number, one in enumerate(self.questions):
            yield one, self[f"choice_{number}"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = {one["place"]: data.get(f"choice_{number}") for number, one in enumerate(self.questions)}
        return {"seen": data.get("seen", ""), "choices": {place: choice for place, choice in chosen.items() if choice}}
