"""Cơ cấu những người được bầu: age, women, young, new, of the committees that have been ratified."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts import charts, wording
from accounts.charts import Bars
from congress.lifecycle import COMPLETE, RATIFIED
from congress.models import Congress
from congress.rules.structure import BANDS, band_of, young_below
from organizations.models import Gender, PostHolding


@dataclass(frozen=True, slots=True)
class Person:
    """One elected member of one committee: ``age`` in full years on the day of the congress, None when not known."""

    age: int | None
    is_woman: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class Structure:
    """Those elected in ``committees`` committees; ``young``: the age below which one counts as young that year."""

    people: tuple[Person, ...]
    committees: int
    young: int

    @property
    def total(self) -> int:
        return len(self.people)

    def rows(self) -> list[tuple[str, int]]:
        """(label, how many), in the order of the picture."""
        ages = [person.age for person in self.people if person.age is not None]
        return [
            ("Nữ", sum(person.is_woman for person in self.people)),
            (f"Trẻ, dưới {self.young} tuổi", sum(age < self.young for age in ages)),
            ("Tham gia lần đầu", sum(person.is_new for person in self.people)),
            *((label, sum(band_of(age) == label for age in ages)) for label, _, _ in BANDS),
        ]

    @property
    def without_age(self) -> int:
        return sum(person.age is None for person in self.people)

    def picture(self) -> Bars | None:
        """None before anybody has been ratified."""
        if not self.people:
            return None
        unknown = f" {wording.number(self.without_age)} đồng chí chưa ghi ngày sinh." if self.without_age else ""
        return charts.bars(
            title=f"Cơ cấu {wording.number(self.total)} đồng chí của {wording.number(self.committees)} cấp ủy chi bộ",
            items=self.rows(),
            base=self.total,
            unit="đồng chí",
            note=f"Chỉ tính các chi bộ đã được chuẩn y.{unknown}",
        )


def structure_of(congresses: QuerySet[Congress], *, on: date) -> Structure:
    """Those who hold a post by the ratification of one of the congresses, each once per branch. Two queries."""
    held = {
        branch: opened_at.date()
        for branch, opened_at in congresses.filter(state__in=(RATIFIED, COMPLETE), opened_at__isnull=False)
        .select_related(None)
        .order_by()
        .values_list("organization_id", "opened_at")
    }
    posts = PostHolding.objects.filter(
        organization__in=congresses.select_related(None).order_by().values("organization_id"), starts_on__lte=on
    )
    wanted = ("organization_id", "member_id", "starts_on", "member__born_on", "member__gender")
    rows = posts.order_by("starts_on", "pk").values_list(*wanted)
    return Structure(
        people=tuple(_people(rows, held)), committees=len(held), young=young_below(max(held.values(), default=on))
    )


def _people(rows: Iterable[tuple[int, int, date, date | None, str]], held: dict[int, date]) -> Iterable[Person]:
    """``rows`` in the order of their beginning: who held a post before the congress is not new."""
    before: set[tuple[int, int]] = set()
    seen: set[tuple[int, int]] = set()
    for branch, member, starts_on, born, gender in rows:
        key = (branch, member)
        if branch not in held or starts_on < held[branch]:
            before.add(key)
        elif key not in seen:
            seen.add(key)
            yield Person(age_on(born, held[branch]), gender == Gender.FEMALE, key not in before)


def age_on(born: date | None, day: date) -> int | None:
    """Full years."""
    return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))
