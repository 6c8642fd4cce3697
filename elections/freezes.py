"""What stands still while ballots are counted (E-27, E-63k)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from congress.freezes import ROLL
from congress.models import Congress
from elections.lifecycle import COUNTED, SLATE_FIXED
from elections.models import BallotRound, SealedResult


def while_counting(congress: Congress, what: str) -> str:
    """The roll from the fixed slate until the seal; the tellers while a count waits for its seal."""
    rounds = BallotRound.objects.filter(election__congress=congress, election__is_annulled=False)
    held = rounds.filter(state__in=[SLATE_FIXED, COUNTED] if what == ROLL else [COUNTED])
    counting = held.select_related("election").first()
    if counting is None:
        return ""
    if what == ROLL:
        return (
            f"{counting} đã chốt danh sách, đang bỏ phiếu và kiểm phiếu, nên danh sách có mặt giữ nguyên đến khi "
            "niêm phong kết quả. Nếu điểm danh sai, mở lại danh sách bầu cử, điểm danh lại rồi bỏ phiếu lại."
        )
    return (
        f"{counting} đang chờ trưởng ban kiểm phiếu xác nhận nên chưa thay ban kiểm phiếu được. "
        "Niêm phong kết quả, hoặc yêu cầu kiểm đếm lại rồi bầu ban kiểm phiếu mới."
    )


def last_seal(congress: Congress) -> datetime | None:
    """When the last result of the current elections was sealed."""
    seals = SealedResult.objects.filter(round__election__congress=congress, round__election__is_annulled=False)
    moment: datetime | None = seals.aggregate(last=Max("sealed_at"))["last"]
    return moment
