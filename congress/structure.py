"""Cơ cấu những người được bầu: age, women, young, new, of the committees that have been ratified."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

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
    gender: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Classification:
    """One way to divide all of those elected: the counts of its classes add up to the total."""

    title: str
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """Those elected in ``committees`` committees; ``young``: the age below which one counts as young that year."""

    people: tuple[Person, ...]
    committees: int
    young: int

    @property
    def total(self) -> int:
        return len(self.people)

    @property
    def finding(self) -> str:
        return f"Cơ cấu {wording.number(self.total)} đồng chí của {wording.number(self.committees)} cấp ủy chi bộ"

    def classifications(self) -> list[Classification]:
        """By sex, age, youth and renewal; who has no date of birth or sex on record is a class of its own."""
        if not self.people:
            return []
        ages = [person.age for person in self.people if person.age is not None]
        unborn = ("Chưa ghi ngày sinh", self.total - len(ages))
        genders = [person.gender for person in self.people]
        sexes = [("Nữ", genders.count(Gender.FEMALE)), ("Nam", genders.count(Gender.MALE))]
        new = sum(person.is_new for person in self.people)
        young = sum(age < self.young for age in ages)
        return [
            _classification("Giới tính", sexes, ("Chưa ghi giới tính", self.total - sum(n for _, n in sexes))),
            _classification(
                "Độ tuổi", [(label, sum(band_of(age) == label for age in ages)) for label, *_ in BANDS], unborn
            ),
            _classification(
                f"Cấp ủy viên trẻ (dưới {self.young} tuổi)",
                [("Trẻ", young), (f"Từ {self.young} tuổi", len(ages) - young)],
                unborn,
            ),
            _classification("Đổi mới", [("Tham gia lần đầu", new), ("Đã tham gia khóa trước", self.total - new)]),
        ]

    @property
    def without_age(self) -> int:
        return sum(person.age is None for person in self.people)

    def pictures(self) -> list[Bars]:
        """One for each classification; none before anybody has been ratified."""
        return [
            charts.bars(title=one.title, items=one.rows, base=self.total, unit="đồng chí")
            for one in self.classifications()
        ]


def _classification(title: str, rows: list[tuple[str, int]], unknown: tuple[str, int] = ("", 0)) -> Classification:
    return Classification(title, (*rows, unknown) if unknown[1] else tuple(rows))


def structure_of(congresses: QuerySet[Congress], *, on: date) -> Structure:
    """Those who hold a post by the ratification of one of the congresses, each once per branch. Two queries."""
    held = {
        branch: timezone.localdate(opened_at)
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
    found = list(_people(rows, held))
    return Structure(
        people=tuple(person for _, person in found),
        committees=len({branch for branch, _ in found}),
        young=young_below(max(held.values(), default=on)),
    )


def _people(
    rows: Iterable[tuple[int, int, date, date | None, str]], held: dict[int, date]
) -> Iterable[tuple[int, Person]]:
    """(branch, person); ``rows`` in the order of their beginning: who held a post before the congress is not new."""
    before: set[tuple[int, int]] = set()
    seen: set[tuple[int, int]] = set()
    for branch, member, starts_on, born, gender in rows:
        key = (branch, member)
        if branch not in held or starts_on < held[branch]:
            before.add(key)
        elif key not in seen:
            seen.add(key)
            yield branch, Person(age_on(born, held[branch]), gender, key not in before)


def age_on(born: date | None, day: date) -> int | None:
    """Full years."""
    return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))
