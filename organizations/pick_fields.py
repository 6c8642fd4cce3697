"""Fields that choose one of many: a list while it is short, else a name to search by, and those found to choose from.

No page ever carries a whole roll. Works without scripts: the form comes back with the people or organizations that
the name fits, each to be ticked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.template.loader import render_to_string

from accounts.formfields import reads_as_it_is_stored
from accounts.models import User
from accounts.web import number_of
from organizations.models import Member, Organization
from organizations.queries import marks_first
from organizations.rules.names import fold

SHORT = 40
"""As many stand in a list; of more one is searched."""
SHOWN = 20
CHOSEN, SHOWN_FOR = "_chon", "_tim"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent: the words, and who was ticked of those that had been shown for which words."""

    text: str = ""
    chosen: int = 0
    shown_for: str = ""

    def __str__(self) -> str:
        return self.text


class SearchWidget(forms.Widget):
    """The words, and below them those found."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.found: list[tuple[int, str]] = []

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed:
        text, shown_for = (str(data.get(one, "")).strip() for one in (name, name + SHOWN_FOR))
        return Typed(text, number_of(str(data.get(name + CHOSEN, ""))), shown_for)

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> Any:
        context = {
            "name": name,
            "text": str(value or ""),
            "attrs": self.build_attrs(self.attrs, attrs),
            "chosen": value.chosen if isinstance(value, Typed) else 0,
            "found": self.found,
            "chosen_name": name + CHOSEN,
            "shown_for_name": name + SHOWN_FOR,
        }
        return render_to_string("components/search_field.html", context)


class SearchField(forms.Field):
    """One row of ``queryset``, searched by name without tone marks; whoever is named in full is taken at once."""

    widget = SearchWidget

    def __init__(
        self,
        *,
        queryset: QuerySet[Any],
        find: Callable[[QuerySet[Any], str], list[Any]],
        label_of: Callable[[Any], str],
        is_named: Callable[[Any, str], bool],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.queryset, self.find, self.label_of, self.is_named = queryset, find, label_of, is_named

    def clean(self, value: Typed) -> Any:
        if not value.text:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return None
        reads_as_it_is_stored(value.text)
        if value.chosen and value.text == value.shown_for:
            one = self.queryset.filter(pk=value.chosen).first()
            if one is not None:
                self._show([one])
                return one
        return self._searched(value.text)

    def _searched(self, text: str) -> Any:
        found = self.find(self.queryset, text) if len(fold(text)) > 1 else []
        if len(found) == 1 and self.is_named(found[0], text):
            return found[0]
        self._show(found[:SHOWN])
        if not found:
            raise forms.ValidationError(f"Không tìm thấy “{text[:60]}” trong phạm vi này. Kiểm tra lại tên.")
        if len(found) > SHOWN:
            raise forms.ValidationError(
                f"Hơn {SHOWN} kết quả khớp với “{text[:60]}”, dưới đây là {SHOWN} kết quả đầu. "
                "Chọn một, hoặc ghi đủ tên."
            )
        raise forms.ValidationError(f"Chọn đúng một trong những kết quả khớp với “{text[:60]}” dưới đây.")

    def _show(self, found: list[Any]) -> None:
        self.widget.found = [(one.pk, self.label_of(one)) for one in found]  # type: ignore[attr-defined]  # SearchWidget


def _named_alike(full_name: str, text: str) -> bool:
    return fold(full_name) == fold(text)


# ---- members ----


def of_member(one: Member) -> str:
    born = f" ({one.born_on.year})" if one.born_on else ""
    return f"{one.display_name}{born}, {with_parent(one.organization)}"


def member_field(members: QuerySet[Member], **options: Any) -> forms.Field:
    members = members.select_related("organization__parent")
    if members.count() <= SHORT:
        field = forms.ModelChoiceField(members, empty_label="Chọn đồng chí", **options)
        field.label_from_instance = of_member  # type: ignore[method-assign, assignment]  # as Django says to do it
        return field
    return SearchField(
        queryset=members,
        find=lambda rows, text: marks_first(
            rows.filter(search_name__contains=fold(text)).order_by("sort_name", "pk"), "full_name", text, limit=SHOWN
        ),
        label_of=of_member,
        is_named=lambda one, text: _named_alike(one.full_name, text),
        help_text="Ghi họ tên hoặc tên, có dấu hay không dấu, rồi gửi: phần mềm tìm và để đồng chí chọn.",
        error_messages={"required": "Ghi tên đồng chí cần tìm."},
        **options,
    )


# ---- people with accounts ----


def of_person(one: User) -> str:
    return f"{one.full_name} ({one.username})"


def person_field(people: QuerySet[User], *, empty_label: str, **options: Any) -> forms.Field:
    if people.count() <= SHORT:
        field = forms.ModelChoiceField(people, empty_label=empty_label, **options)
        field.label_from_instance = of_person  # type: ignore[method-assign, assignment]  # as Django says to do it
        return field
    return SearchField(
        queryset=people,
        find=_people_called,
        label_of=of_person,
        is_named=lambda one, text: one.username == text.lower(),  # two people may have one name
        help_text="Ghi họ tên hoặc tên đăng nhập, có dấu hay không dấu, rồi gửi: phần mềm tìm và để đồng chí chọn.",
        error_messages={"required": "Ghi tên đồng chí cần tìm."},
        **options,
    )


def _people_called(people: QuerySet[User], text: str) -> list[User]:
    """Accounts keep no folded name: their names alone are read and compared here, those spelled as typed first."""
    wanted, found = fold(text), []
    for pk, full_name, username in people.values_list("pk", "full_name", "username"):
        if wanted in fold(full_name) or wanted in username:
            found.append((text.casefold() not in full_name.casefold(), full_name, username, pk))
    first = sorted(found)[: SHOWN + 1]
    rows = people.in_bulk([pk for *_, pk in first])
    return [rows[pk] for *_, pk in first]


# ---- organizations ----


def with_parent(one: Organization) -> str:
    return f"{one.name} – {one.parent.name}" if one.parent else one.name


def organization_field(organizations: QuerySet[Organization], **options: Any) -> SearchField:
    """To be used where a list would be long: ``organizations.count() > SHORT``."""
    return SearchField(
        queryset=organizations.select_related("parent"),
        find=lambda rows, text: marks_first(
            rows.filter(search_name__contains=fold(text)).order_by("path"), "name", text, limit=SHOWN
        ),
        label_of=with_parent,
        is_named=lambda one, text: _named_alike(one.name, text) or _named_alike(one.code, text),
        **options,
    )
