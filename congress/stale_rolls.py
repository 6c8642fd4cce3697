"""A roll that is no longer that of its branch: an act on the tree or a transfer came after it was made."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from congress.alerts import Alert
from congress.callings import Mismatch, mismatch_of
from congress.lifecycle import CLEARED, PREPARING, SUBMITTED
from congress.models import Congress


def stale_roll(congress: Congress) -> Iterator[Alert]:
    """Only before the opening: then the list is what it was opened with."""
    if congress.state not in (PREPARING, SUBMITTED, CLEARED):
        return
    found = mismatch_of(congress)
    if found is None:
        return
    url, link = _next(congress, found)
    yield Alert(
        key="stale-roll",
        title="Danh sách triệu tập không còn khớp danh sách đảng viên",
        text=f"{found.sentence}. Hai cơ sở tính vẫn theo danh sách cũ. {_what_to_do(congress, found)}",
        url=url,
        link=link,
    )


def _what_to_do(congress: Congress, found: Mismatch) -> str:
    if congress.state == SUBMITTED:
        return "Chi bộ rút hồ sơ trình duyệt về rồi lập lại danh sách."
    if found.day_is_over:
        return "Ngày đại hội đã ghi đã qua: ghi ngày mới rồi lập lại danh sách."
    return "Lập lại danh sách; điểm danh và vắng mặt đã ghi được giữ."


def _next(congress: Congress, found: Mismatch) -> tuple[str, str]:
    if congress.state == SUBMITTED:
        return reverse("congress:clearance", args=[congress.pk]), "Mở hồ sơ trình duyệt"
    if found.day_is_over:
        return reverse("congress:details", args=[congress.pk]), "Ghi thời gian, địa điểm"
    return reverse("congress:roll", args=[congress.pk]), "Mở danh sách triệu tập"
