"""Numbers and times as they are written in the sentences of a paper. Percentages are made here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from textwrap import wrap

from documents.papers.numbering import long_date


def count(number: int) -> str:
    """``06``, ``12``, ``0``: counts under ten carry a zero, as clerks write them."""
    return f"{number:02d}" if number else "0"


def paragraphs(text: str) -> tuple[str, ...]:
    """What was typed, one paragraph for each line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def percent(part: int, base: int) -> str:
    """``53,85 %``: two decimals, half up, by integers only."""
    if base <= 0:
        raise ValueError(f"a percentage needs a positive base, got {base}")
    hundredths = (part * 20_000 + base) // (2 * base)
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02d} %"


def share(part: int, base: int) -> str:
    """``12/12 đồng chí, đạt 100 %``: a card vote as a chair announces it; whole percentages drop their decimals."""
    return f"{count(part)}/{count(base)} đồng chí, đạt {percent(part, base).replace(',00', '')}"


def clock(at: time, on: date | None = None) -> str:
    """``14 giờ 30 phút``, with the day where one is given."""
    words = f"{at.hour:02d} giờ {at.minute:02d} phút"
    return f"{words}, {long_date(on)}" if on else words


def listed(items: Sequence[str]) -> str:
    """``A, B và C``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} và {items[-1]}"


def comrades(names: Sequence[str]) -> str:
    """``đồng chí A`` or ``các đồng chí A, B và C``."""
    return f"{'các ' if len(names) > 1 else ''}đồng chí {listed(names)}"


def in_order(people: int) -> str:
    """How a ballot list is ordered (E-39), said only where there is an order."""
    return ", xếp theo thứ tự tên A, B, C" if people > 1 else ""


def capital(text: str) -> str:
    """The first letter upper, the rest untouched (``str.capitalize`` would lower names)."""
    return text[:1].upper() + text[1:]


def roman(number: int) -> str:
    signs = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    word = ""
    for value, sign in signs:
        while number >= value:
            word += sign
            number -= value
    return word


def grounds(texts: Sequence[str]) -> tuple[str, ...]:
    """Căn cứ: each ends “;”, the last “,”; upright, as Party documents have them."""
    last = len(texts) - 1
    return tuple(f"{text.rstrip('.,; ')}{',' if index == last else ';'}" for index, text in enumerate(texts))


def balanced(text: str, longest: int) -> tuple[str, ...]:
    """``text`` in as few lines as ``longest`` letters allow, of about equal length: no word is left alone below."""
    lines = -(-len(text) // longest)
    while lines > 1:
        width = -(-len(text) // lines)
        for letters in range(width, longest + 1):
            folded = wrap(text, letters, break_long_words=False, break_on_hyphens=False)
            if len(folded) <= lines:
                return tuple(folded)
        lines += 1
        if lines > len(text.split()):
            break
    return (text,)
