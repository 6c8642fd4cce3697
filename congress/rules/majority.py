"""Shares of a base, compared by multiplication: no fraction is ever computed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Threshold:
    """``numerator/denominator`` of a base, with or without equality."""

    numerator: int
    denominator: int
    inclusive: bool

    def is_met(self, votes: int, *, base: int) -> bool:
        """Whether ``votes`` of ``base`` reach the share; figures that cannot be are a ValueError."""
        if base <= 0:
            raise ValueError(f"a majority needs a positive base, got {base}")
        if not 0 <= votes <= base:
            raise ValueError(f"{votes} votes cannot come from a base of {base}")
        lead = votes * self.denominator - base * self.numerator
        return lead > 0 or (self.inclusive and lead == 0)

    def needed(self, base: int) -> int:
        """The smallest number of votes that meets the share of ``base``."""
        if base <= 0:
            raise ValueError(f"a majority needs a positive base, got {base}")
        whole, rest = divmod(base * self.numerator, self.denominator)
        return whole if self.inclusive and rest == 0 else whole + 1


MORE_THAN_HALF = Threshold(1, 2, inclusive=False)
TWO_THIRDS = Threshold(2, 3, inclusive=True)


def votes_needed(election_base: int) -> int:
    """E-51 — "Quá một nửa": exactly half is not enough, so ``floor(D/2) + 1``.

    Điều lệ Đảng, Điều 12 khoản 3; Quyết định 190-QĐ/TW, Điều 30 khoản 1–2 (244-QĐ/TW, Điều 32).
    """
    return MORE_THAN_HALF.needed(election_base)
