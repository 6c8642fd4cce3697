"""Slates before the opening, concluded elections before the closing."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.roles import Role
from congress.models import Congress
from congress.readiness import CLOSING, OPENING, Gap
from elections import queries
from elections.lifecycle import COUNTED, SEALED, SLATE_FIXED
from elections.models import ElectedOffice, Election
from elections.services.slates import offices_of

PREPARERS = (Role.SECRETARY, Role.CLERK)


def _needs_slate_now(election: Election) -> bool:
    """Leaders chosen among those elected on the day, and alternates (E-58), have no list before; others have."""
    congress, office = election.congress, election.office
    if congress.is_meeting or office == ElectedOffice.ALTERNATE_DELEGATES:
        return False
    return office not in queries.LEADERS or queries.body_of_leaders(congress) is None


def slates(congress: Congress, step: str) -> Iterator[Gap]:
    if step != OPENING:
        return
    elections = list(queries.current_elections(congress).select_related("congress"))
    if {one.office: one.seats for one in elections} != offices_of(congress):
        yield Gap(
            "Chưa lập các cuộc bầu theo số lượng đã ghi.",
            "Lập các cuộc bầu",
            "elections:overview",
            {"congress_id": congress.pk},
        )
        return
    for election in elections:
        first = election.rounds.order_by("number").first()
        if first is not None and _needs_slate_now(election) and not first.candidates.exists():
            yield Gap(
                f"{election}: chưa có danh sách do cấp ủy chuẩn bị.",
                "Lập danh sách",
                "elections:round",
                {"round_id": first.pk},
            )


def results(congress: Congress, step: str) -> Iterator[Gap]:
    if step != CLOSING:
        return
    for election in queries.current_elections(congress):
        if not election.is_concluded:
            last = queries.last_round(election)
            state = last.get_state_display().lower() if last else "chưa lập"
            done = last is not None and last.state == SEALED
            yield Gap(
                f"{election} chưa kết thúc ({'chưa bầu đủ số lượng' if done else state}).",
                "Mở cuộc bầu",
                "elections:round" if last else "elections:overview",
                {"round_id": last.pk} if last else {"congress_id": congress.pk},
                owners=(Role.TELLER,) if last and last.state in (SLATE_FIXED, COUNTED) else PREPARERS,
            )
