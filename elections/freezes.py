"""What stands still while ballots are counted (E-27, E-63k)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils.timezone import localdate

from accounts.roles import Role
from congress.freezes import ROLL
from congress.models import Congress
from elections.lifecycle import COUNTED, COUNTING, OVER, SLATE_FIXED
from elections.models import BallotRound, Candidate, Count, SealedResult
from organizations.models import RoleAssignment
from organizations.queries import live


def while_counting(congress: Congress, what: str) -> str:
    """The roll from the fixed slate until the seal; the tellers from the start of a count or recount to its seal."""
    rounds = BallotRound.objects.filter(election__congress=congress, election__is_annulled=False)
    if what == ROLL:
        held = rounds.filter(state__in=[SLATE_FIXED, COUNTING, COUNTED])
    else:
        held = rounds.filter(counts__state__in=[Count.State.ENTERING, Count.State.AGREED])
    counting = held.select_related("election").first()
    if counting is None:
        return ""
    if what == ROLL:
        return (
            f"{counting} đã chốt danh sách, đang bỏ phiếu và kiểm phiếu, nên danh sách có mặt giữ nguyên đến khi "
            "niêm phong kết quả. Nếu điểm danh sai, mở lại danh sách bầu cử, điểm danh lại rồi bỏ phiếu lại."
        )
    return (
        f"{counting} đang kiểm phiếu nên chưa thay ban kiểm phiếu được. "
        "Niêm phong kết quả, hoặc bỏ lần kiểm này rồi bầu ban kiểm phiếu mới."
    )


def on_a_slate(congress: Congress) -> dict[int, str]:
    """Who stands on a slate still to be voted on may not count it (E-27)."""
    standing = Candidate.objects.filter(round__election__congress=congress, round__election__is_annulled=False).exclude(
        round__state__in=OVER
    )
    return {
        one.member_id: f"Đồng chí {one.shown_name} có tên trong danh sách bầu cử nên không ở ban kiểm phiếu. "
        "Chọn đồng chí khác."
        for one in standing.select_related("member")
    }


def secretaries(congress: Congress) -> dict[int, str]:
    """The bí thư, who prepares the slate and reports the result, counts nothing: the board could not act with him."""
    held = live(RoleAssignment.objects.filter(organization=congress.organization, role=Role.SECRETARY), on=localdate())
    barred = congress.attendances.filter(member__user__in=held.values("user")).select_related("member")
    return {
        row.member_id: f"Đồng chí {row.member.full_name} là bí thư nên không ở ban kiểm phiếu. Chọn đồng chí khác."
        for row in barred
    }


def last_seal(congress: Congress) -> datetime | None:
    """When the last result of the current elections was sealed."""
    seals = SealedResult.objects.filter(round__election__congress=congress, round__election__is_annulled=False)
    moment: datetime | None = seals.aggregate(last=Max("sealed_at"))["last"]
    return moment
