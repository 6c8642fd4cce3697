"""Who may rehearse, and until when."""

from __future__ import annotations

from accounts.decisions import Decision
from accounts.models import User
from accounts.roles import Role
from congress.lifecycle import CLEARED, PREPARING, SUBMITTED
from congress.models import Congress
from organizations.authority import needs

PLAYERS = (Role.SECRETARY, Role.CLERK, Role.TELLER)
BEFORE = (PREPARING, SUBMITTED, CLEARED)
"""States of a congress that still lies ahead: on the day itself an invented count must not lie beside the real one."""


def can_rehearse(actor: User, congress: Congress) -> Decision:
    """Tellers, bí thư and clerk of the branch itself: a rehearsal is nobody's above it."""
    return needs(actor, *PLAYERS, at=congress.organization, exactly=True)


def why_not_now(congress: Congress) -> str:
    """Empty while the congress lies ahead."""
    if congress.state in BEFORE:
        return ""
    return "Chỉ diễn tập trước khi khai mạc, để số liệu bịa không nằm cạnh số liệu thật trong ngày đại hội."
