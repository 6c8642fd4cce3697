"""What the board concluded on a paper in doubt, in words: on the whole of it, or on some of its names (E-49)."""

from __future__ import annotations

from collections.abc import Mapping

from elections.models import BoardRuling, Count


def of_count(count: Count) -> list[BoardRuling]:
    """As papers and pages list them once both people agree: not in the order of the stack, which is forgotten."""
    return sorted(
        count.rulings.all(),
        key=lambda one: (one.question, one.verdict, one.category, one.reason, str(one.uncounted)),
    )


def verdict_of(ruling: BoardRuling, names: Mapping[int, str]) -> str:
    """ "Hợp lệ, không tính cho đồng chí …"; ``names``: member id → as on the ballot."""
    verdict = ruling.get_verdict_display()
    left_out = ", ".join(names[pk] for pk in ruling.uncounted or () if pk in names)
    return f"{verdict}, không tính cho đồng chí {left_out}" if left_out else verdict
