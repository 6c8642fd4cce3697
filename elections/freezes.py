"""What stands still while ballots are counted (E-27, E-63k)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from congress.freezes import ROLL
from congress.models import Congress
from elections.lifecycle import COUNTED, SEALED
from elections.models import BallotRound, SealedResult


def while_counting(congress: Congress, what: str) -> str:
    """The roll from the first count of a ballot until its seal; the tellers while a count waits for its seal."""
    rounds = BallotRound.objects.filter(election__congress=congress, election__is_annulled=False)
    held = rounds.exclude(state=SEALED).filter(sheets__isnull=False) if what == ROLL else rounds.filter(state=COUNTED)
    counting = held.select_related("election").first()
    if counting is None:
        return ""
    if what == ROLL:
        return (
            f"{counting} đã có số liệu kiểm phiếu nên danh sách có mặt giữ nguyên đến khi niêm phong kết quả. "
            "Trưởng ban kiểm phiếu niêm phong kết quả trước."
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
