"""Which kind of organization may stand directly under which, and from when until when: data, read by ``fits``.

Kinds and sectors are named by the values of ``NodeType`` and ``Sector``. Sources: Điều lệ Đảng, Điều 10, 20–24;
the reorganisation of 2025 (no more khối of a province and no district; the committee of a commune stands
directly above the grassroots since 01/7/2025). What no text says is a choice of ours and marked as such.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

REORGANISED = date(2025, 7, 1)
"""The first day of two levels: province and commune."""
CHARTER = "Điều lệ Đảng"
BLOCS_END = "Kết thúc hoạt động đảng ủy khối, năm 2025"
COMMUNES = "Đảng bộ xã, phường, đặc khu là cấp trên trực tiếp cơ sở từ 01/7/2025"
OURS = "Cách sắp xếp thường gặp"
ENTRUSTED = "Đảng ủy cơ sở được giao quyền cấp trên trực tiếp cơ sở"

BRANCHES = ("grassroots_branch", "branch")


@dataclass(frozen=True, slots=True)
class Placement:
    """``child`` may stand directly under ``parent`` from ``since`` until the day before ``until``."""

    child: str
    parent: str
    source: str
    since: date | None = None
    until: date | None = None
    sector: str = ""

    def holds(self, on: date | None) -> bool:
        """In force on that day; on an unknown day, whenever it was."""
        return on is None or ((self.since or date.min) <= on < (self.until or date.max))


def _under(child: str, *parents: str, source: str = CHARTER) -> tuple[Placement, ...]:
    return tuple(Placement(child, parent, source) for parent in parents)


def _until_2025(child: str, parent: str) -> Placement:
    return Placement(child, parent, BLOCS_END, until=REORGANISED)


PLACEMENTS: tuple[Placement, ...] = (
    *_under("province", "central"),
    _until_2025("bloc", "central"),
    _until_2025("bloc", "province"),
    *_under("upper", "central", "province", "upper"),
    _until_2025("upper", "bloc"),
    *_under("grassroots", "upper", "province"),
    *_under("grassroots", "central", source=OURS),
    _until_2025("grassroots", "bloc"),
    *_under("grassroots_branch", "upper", "province"),
    *_under("grassroots_branch", "central", source=OURS),
    _until_2025("grassroots_branch", "bloc"),
    *_under("grassroots", "grassroots", source=ENTRUSTED),
    *_under("grassroots_branch", "grassroots", source=ENTRUSTED),
    *_under("subdivision", "grassroots"),
    *_under("branch", "grassroots", "subdivision"),
    Placement("branch", "upper", COMMUNES, since=REORGANISED),
    *_under("team", "branch", "grassroots_branch"),
)
COMMUNE_ROWS: tuple[Placement, ...] = (
    Placement("upper", "province", COMMUNES, since=REORGANISED, sector="commune"),
    Placement("grassroots", "upper", CHARTER, until=REORGANISED, sector="commune"),
    Placement("grassroots", "province", "Đặc khu do tỉnh quyết định", since=REORGANISED, sector="commune"),
)
"""What is different for the đảng bộ of a commune, ward or special zone; replaces the rows of the same kind."""


def _rows(child: str, sector: str) -> list[Placement]:
    special = [row for row in COMMUNE_ROWS if row.child == child and row.sector == sector]
    return special or [row for row in PLACEMENTS if row.child == child]


def fits(child: str, parent: str, *, on: date | None = None, sector: str = "") -> bool:
    """Whether ``child`` may stand directly under ``parent`` that day; ``on`` None: on some day at all."""
    return any(row.parent == parent and row.holds(on) for row in _rows(child, sector))


def parents_of(child: str, *, on: date | None = None, sector: str = "") -> tuple[str, ...]:
    """The kinds under which it may stand that day, in the order of the table."""
    return tuple(dict.fromkeys(row.parent for row in _rows(child, sector) if row.holds(on)))


def children_of(parent: str, *, on: date | None = None) -> tuple[str, ...]:
    """The kinds that may stand under it that day."""
    return tuple(dict.fromkeys(row.child for row in PLACEMENTS if row.parent == parent and row.holds(on)))


def why_not(child: str, parent: str, *, labels: Mapping[str, str], on: date | None = None, sector: str = "") -> str:
    """The sentence for somebody who tries; empty when it fits. ``labels``: kind → its Vietnamese name."""
    if fits(child, parent, on=on, sector=sector):
        return ""
    what = labels[child] + (" xã, phường, đặc khu" if sector == "commune" else "")
    other = next((row for row in _rows(child, sector) if row.parent == parent), None)
    if other is not None and other.until is not None and on is not None and on >= other.until:
        end = f"{other.until:%d/%m/%Y}"
        return f"Từ {end}, {what} không còn trực thuộc {labels[parent]} ({other.source}). Chọn cấp trên khác."
    if other is not None and other.since is not None:
        return (
            f"{what} trực thuộc {labels[parent]} chỉ từ {other.since:%d/%m/%Y} ({other.source}). Xem lại ngày hiệu lực."
        )
    possible = " hoặc ".join(labels[one] for one in parents_of(child, on=on, sector=sector))
    return f"{what} không đặt trực tiếp dưới {labels[parent]}. Cấp trên trực tiếp phải là {possible}."
