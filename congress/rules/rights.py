"""What a member may do at a members' congress, by class."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    OFFICIAL = "official"
    PROBATIONARY = "probationary"
    TEMPORARY_HERE = "temporary_here"
    TEMPORARILY_ELSEWHERE = "temporarily_elsewhere"
    EXEMPT = "exempt"
    SUSPENDED_OR_PROSECUTED = "suspended_or_prosecuted"
    UNDER_REVIEW = "under_review"


@dataclass(frozen=True, slots=True)
class Rights:
    """``caution`` is a sentence for whoever relies on an unsettled right."""

    summoned: bool
    nominate: bool
    stand: bool
    vote: bool
    caution: str = ""


FULL = Rights(summoned=True, nominate=True, stand=True, vote=True)
GUEST = Rights(summoned=True, nominate=True, stand=False, vote=False)
NONE = Rights(summoned=False, nominate=False, stand=False, vote=False)
EXEMPT = Rights(True, True, True, True, "đảng viên được miễn sinh hoạt: chưa rõ có được bầu vào chi ủy không (U-03)")
UNDER_REVIEW = Rights(True, True, True, True, "đang được kiểm tra, xem xét kỷ luật: đối chiếu tiêu chuẩn")


def rights_of(standing: Standing) -> Rights:
    """E-11 — Official members vote and stand; probationary members and visitors nominate only.

    Điều lệ Đảng, Điều 3; Quyết định 190-QĐ/TW, Điều 10 (244-QĐ/TW, Điều 15 khoản 2).
    """
    return {
        Standing.PROBATIONARY: GUEST,
        Standing.TEMPORARY_HERE: GUEST,
        Standing.SUSPENDED_OR_PROSECUTED: NONE,
        Standing.EXEMPT: EXEMPT,
        Standing.UNDER_REVIEW: UNDER_REVIEW,
    }.get(standing, FULL)


def is_summoned(standing: Standing) -> bool:
    """E-09 — Suspended, charged and prosecuted members are not called; the exempt and those away are (E-08)."""
    return rights_of(standing).summoned


def counts_in_election_base(standing: Standing, *, present: bool, excused_throughout: bool) -> bool:
    """E-08 — The exempt and the temporarily elsewhere are called, and count only when they come."""
    if not rights_of(standing).vote:
        return False
    if standing in (Standing.EXEMPT, Standing.TEMPORARILY_ELSEWHERE):
        return present
    return present or not excused_throughout
