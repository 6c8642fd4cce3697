"""What every service of a ballot round begins with: the locks, the one place that moves its state."""

from __future__ import annotations

from datetime import datetime

from accounts.errors import IllegalTransition
from congress.lifecycle import SITTING, SUBMITTED
from congress.models import Congress
from congress.services.preparing import lock as lock_congress
from elections.lifecycle import ROUND_LIFECYCLE, SLATE_OPEN
from elections.models import BallotRound


def lock_round(round_id: int) -> tuple[BallotRound, Congress]:
    """The round and its congress, both locked, the congress first (one order everywhere)."""
    ballot_round = BallotRound.objects.select_related("election").get(pk=round_id)
    congress = lock_congress(ballot_round.election.congress_id)
    locked = BallotRound.objects.select_for_update(of=("self",)).select_related("election").get(pk=round_id)
    locked.election.congress = congress
    return locked, congress


def move_round(ballot_round: BallotRound, action: str, *, at: datetime) -> None:
    """The only place that gives a round its state; the caller holds the lock and saves."""
    ballot_round.state = ROUND_LIFECYCLE.after(action, state=ballot_round.state)
    ballot_round.state_since = at


def require_open_slate(ballot_round: BallotRound) -> None:
    """Raise IllegalTransition when nobody may be added: the slate is fixed, or it is a revote of the tied (E-53)."""
    require_open(ballot_round)
    if ballot_round.kind == BallotRound.Kind.TIE_REVOTE:
        raise IllegalTransition("Bầu lại giữa những người bằng phiếu nên không thêm người vào danh sách.")


def require_open(ballot_round: BallotRound) -> None:
    """Raise IllegalTransition when names may not come or go: the slate is fixed, or being looked at above."""
    if ballot_round.state != SLATE_OPEN:
        raise IllegalTransition("Danh sách đã chốt. Mở lại danh sách trước khi thêm hoặc rút tên.")
    congress = ballot_round.election.congress
    if congress.state == SUBMITTED:
        raise IllegalTransition(
            f"{congress.authority.committee} đang xem xét hồ sơ trình duyệt nên danh sách giữ nguyên. "
            "Rút hồ sơ trình duyệt trước khi thêm hoặc rút tên."
        )


def require_decided_by_congress(ballot_round: BallotRound, congress: Congress, what: str) -> None:
    """Raise IllegalTransition unless the slate is open and the congress sits, which alone decides ``what``."""
    if congress.state != SITTING:
        raise IllegalTransition(f"{what} do {congress.word} quyết định. Khai mạc {congress.word} trước.")
    require_open(ballot_round)
