"""What a congress still lacks for its next step: each gap with who closes it and where.

Apps above register their checks, so that opening a sitting can wait for papers and slates that this
app knows nothing of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from accounts.errors import NotReady
from accounts.roles import Role
from congress.models import Congress

CLEARANCE = "clearance"
CLEARING = "clearing"
OPENING = "opening"
CLOSING = "closing"
REPORTING = "reporting"
DOSSIER = "dossier"

STEP_NAMES = {
    CLEARANCE: "trình duyệt đại hội",
    CLEARING: "duyệt đại hội",
    OPENING: "khai mạc",
    CLOSING: "bế mạc",
    REPORTING: "trình đề nghị chuẩn y",
    DOSSIER: "hoàn tất hồ sơ",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing missing: the sentence, the button that closes it, its address, and whose task it is.

    ``comes_last``: closed after what the other apps ask for, such as the roll call on the day itself.
    """

    sentence: str
    action: str
    url_name: str
    kwargs: dict[str, Any] = field(default_factory=dict)
    owners: tuple[Role, ...] = (Role.SECRETARY, Role.CLERK)
    comes_last: bool = False


Check = Callable[[Congress, str], Iterable[Gap]]
_checks: list[Check] = []


def register(check: Check) -> None:
    """``check(congress, step)`` yields the gaps before that step; called in the order of registration."""
    if check not in _checks:
        _checks.append(check)


def gaps(congress: Congress, step: str) -> list[Gap]:
    """Every gap before ``step``, in the order in which people close them."""
    found = (gap for check in _checks for gap in check(congress, step))
    return sorted(found, key=lambda gap: gap.comes_last)


def require(congress: Congress, step: str) -> None:
    """Raise NotReady with every gap's sentence unless there is none."""
    missing = gaps(congress, step)
    if missing:
        raise NotReady(
            f"Chưa thể {STEP_NAMES[step]}: còn {len(missing)} việc chưa xong. "
            "Làm xong các việc dưới đây rồi thực hiện lại.",
            gaps=[gap.sentence for gap in missing],
        )
