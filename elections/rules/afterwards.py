"""After the vote: what the file to the superior holds, and how a post that falls vacant is filled."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum

from congress.rules.findings import Finding
from elections.rules.case import Office
from elections.rules.catalogue import finding


class Item(StrEnum):
    """What a file for approval holds besides a curriculum vitae of each person elected."""

    MINUTES = "minutes"
    BIOGRAPHIES = "biographies"
    REQUEST = "request"


ITEM_LABELS = {
    Item.MINUTES: "biên bản bầu cử",
    Item.BIOGRAPHIES: "danh sách trích ngang",
    Item.REQUEST: "tờ trình đề nghị chuẩn y",
}


class Way(StrEnum):
    """How a post is filled between congresses."""

    EARLY_CONGRESS = "early_congress"
    SUPERIOR_APPOINTS = "superior_appoints"
    SUPERIOR_DECIDES = "superior_decides"


def file_findings(
    given: Collection[Item], elected: Sequence[str], curricula: Collection[str], names: Mapping[str, str]
) -> Iterator[Finding]:
    """E-64 — A file that lacks anything is not handed in: minutes, short biographies, request, a CV of each elected.

    Quy định 24-QĐ/TW ngày 30/7/2021, điểm 16.1.1.
    """
    for item in Item:
        if item not in given:
            yield finding("F720", what=ITEM_LABELS[item])
    for person in elected:
        if person not in curricula:
            yield finding("F720", what=f"sơ yếu lý lịch của {names.get(person, person)}")


def ways_to_fill(office: Office) -> tuple[Way, ...]:
    """E-70 — The committee proposes and the direct superior decides; for a bí thư an earlier congress, too.

    Điều lệ Đảng, Điều 13 khoản 2. The superior may also leave a post of the committee empty near the end of a term.
    """
    if office is Office.SECRETARY:
        return (Way.EARLY_CONGRESS, Way.SUPERIOR_APPOINTS)
    return (Way.SUPERIOR_DECIDES,)
