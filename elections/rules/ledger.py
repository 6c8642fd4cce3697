"""The ledger of ballot papers: every sheet that was printed is somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from congress.rules.findings import Finding
from congress.rules.regimes import Regime
from elections.rules.catalogue import finding
from elections.rules.checks import issued_to_those_present, returned_of_issued

FIELDS = (
    ("printed", "S1", "số phiếu in"),
    ("issued", "E", "số phiếu phát ra"),
    ("unused", "S2", "số phiếu chưa dùng"),
    ("spoiled", "S3", "số phiếu hỏng"),
    ("returned", "G", "số phiếu thu về"),
)
BEFORE_THE_BOX_IS_OPENED = FIELDS[:-1]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Sổ phiếu bầu of one vote; None is not yet written, never zero.

    A paper that a voter gave back for a fresh one is ``spoiled``, and only the fresh one counts as ``issued``.
    """

    printed: int | None = None
    issued: int | None = None
    returned: int | None = None
    unused: int | None = None
    spoiled: int | None = None


def ledger_findings(
    ledger: Ledger, present: int | None, regime: Regime | None = None, *, box_opened: bool = True
) -> tuple[Finding, ...]:
    """E-63a — The ledger closes: printed = issued + unused + spoiled, and no more issued than members present.

    While the box is closed nobody knows the papers returned; afterwards they are at most those issued (E-63b).
    """
    blank = tuple(_blanks(ledger, BEFORE_THE_BOX_IS_OPENED if not box_opened else FIELDS))
    return (*blank, *_closing(ledger), *_against(ledger, present, regime))


def papers_to_print(present: int, spare: int = 0) -> int:
    """E-43 — One printed paper per member who may vote, and the spare ones against spoiled papers."""
    return present + spare


def printing_findings(printed: int, present: int) -> Iterator[Finding]:
    """E-43 — Fewer papers printed than members to vote: some would get none."""
    if printed < present:
        yield finding("F411", "S1", least=present, present=present, printed=printed)


def copies_findings(printed: int, made: int) -> Iterator[Finding]:
    """E-43 — The ledger has other papers printed than were made here."""
    if printed != made:
        yield finding("W403", "S1", printed=printed, made=made, difference=abs(printed - made))


def _blanks(ledger: Ledger, fields: tuple[tuple[str, str, str], ...]) -> Iterator[Finding]:
    for name, letter, label in fields:
        figure = getattr(ledger, name)
        if figure is None:
            yield finding("F110", letter, what=label)
        elif figure < 0:
            yield finding("F104", letter, what=label, found=figure)


def _closing(ledger: Ledger) -> Iterator[Finding]:
    if ledger.printed is None or ledger.issued is None or ledger.unused is None or ledger.spoiled is None:
        return
    total = ledger.issued + ledger.unused + ledger.spoiled
    if total != ledger.printed:
        figures = {"printed": ledger.printed, "issued": ledger.issued, "unused": ledger.unused}
        yield finding("F404", "S1", **figures, spoiled=ledger.spoiled, total=total)


def _against(ledger: Ledger, present: int | None, regime: Regime | None) -> Iterator[Finding]:
    if ledger.printed is not None and present is not None:
        yield from printing_findings(ledger.printed, present)
    yield from issued_to_those_present(ledger.issued, present, regime)
    yield from returned_of_issued(ledger.returned, ledger.issued, regime)
