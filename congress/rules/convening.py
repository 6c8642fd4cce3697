"""What kind of congress meets, when, and by which kind of vote it decides what."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import date
from enum import StrEnum

from congress.rules.bases import Assembly
from congress.rules.catalogue import CATALOGUE
from congress.rules.findings import Finding, finding_from
from congress.rules.regimes import Regime, by_default
from organizations.rules.names import fold


class Form(StrEnum):
    """How a matter is voted on."""

    BALLOT = "ballot"
    CARD = "card"
    EITHER = "either"


class Matter(StrEnum):
    COMMITTEE = "committee"
    SECRETARY = "secretary"
    DEPUTY_SECRETARY = "deputy_secretary"
    DELEGATES = "delegates"
    OPINION = "opinion"
    PRESIDIUM = "presidium"
    SECRETARIAT = "secretariat"
    CREDENTIALS = "credentials"
    TELLERS = "tellers"
    NUMBER_TO_ELECT = "number_to_elect"
    SLATE = "slate"
    WITHDRAWAL = "withdrawal"
    INSPECTION = "inspection"


SECRET_MATTERS = frozenset(
    {
        Matter.COMMITTEE,
        Matter.SECRETARY,
        Matter.DEPUTY_SECRETARY,
        Matter.DELEGATES,
        Matter.OPINION,
        Matter.INSPECTION,
    }
)
CARD_MATTERS = frozenset(
    {Matter.PRESIDIUM, Matter.SECRETARIAT, Matter.CREDENTIALS, Matter.TELLERS, Matter.NUMBER_TO_ELECT, Matter.SLATE}
)


def form_of_vote(matter: Matter) -> Form:
    """E-21 — Whether somebody may leave the list the congress decides either way, as it chooses.

    Hướng dẫn 03-HD/TW ngày 20/3/2020. Everything else has its form.
    """
    if is_secret(matter):
        return Form.BALLOT
    return Form.CARD if is_by_card(matter) else Form.EITHER


def is_secret(matter: Matter) -> bool:
    """E-19 — Secret ballot: chi ủy, bí thư, phó bí thư, delegates, the opinion ballot on names for the list.

    Quyết định 190-QĐ/TW, Điều 3 khoản 1 (244-QĐ/TW, Điều 3 khoản 1).
    """
    return matter in SECRET_MATTERS


def is_by_card(matter: Matter) -> bool:
    """E-20 — Raised card: those who run the congress and help it, the number to elect and the list.

    Quyết định 190-QĐ/TW, Điều 3 khoản 2 và Điều 28 khoản 5 (244-QĐ/TW, Điều 3 khoản 2).
    """
    return matter in CARD_MATTERS


def assembly_findings(assembly: Assembly, *, is_branch: bool) -> Iterator[Finding]:
    """E-04 — A chi bộ always meets with all its members; it elects no delegates to its own congress."""
    if is_branch and assembly is Assembly.DELEGATES:
        yield finding_from(CATALOGUE, "F205")


def programme_findings(matters: Collection[Matter], assembly: Assembly) -> Iterator[Finding]:
    """E-26 — A members' congress elects no credentials board: the convening committee reports who attends.

    Quy định 29-QĐ/TW ngày 25/7/2016, điểm 12.2, and its successors.
    """
    if Matter.CREDENTIALS in matters and assembly is Assembly.MEMBERS:
        yield finding_from(CATALOGUE, "F206")


NAMED = {Matter.CREDENTIALS: "tham tra tu cach", Matter.INSPECTION: "uy ban kiem tra"}
"""How a text names a board, folded."""


def elected_in(text: str) -> frozenset[Matter]:
    """The boards that a text of a card vote says to elect; one that says "không bầu" elects none."""
    folded = fold(text)
    elects = "bau " in folded and "khong bau" not in folded
    return frozenset(matter for matter, name in NAMED.items() if elects and name in folded)


def inspection_findings(*, is_branch: bool, elects_inspection: bool) -> Iterator[Finding]:
    """E-18 — A chi bộ has no Ủy ban kiểm tra; there is one from đảng ủy cơ sở upward."""
    if is_branch and elects_inspection:
        yield finding_from(CATALOGUE, "F207")


def elects_branch_committee(official_members: int, regime: Regime | None = None) -> bool:
    """E-15 — Nine official members or more elect a chi ủy; exempt members count, probationers do not.

    Điều lệ Đảng, Điều 24 khoản 4; with fewer, bí thư and if needed one phó bí thư are elected directly.
    """
    return official_members >= _members_for_a_committee(regime)


def size_findings(official_members: int, *, planned: bool, regime: Regime | None = None) -> Iterator[Finding]:
    """E-15 — A chi ủy planned goes with the size of the chi bộ; both ways this only warns.

    ``planned``: whether the congress is to elect a chi ủy. With nine and exempt members among them the congress may
    weigh its situation.
    """
    if elects_branch_committee(official_members, regime):
        if not planned:
            yield finding_from(CATALOGUE, "W307", members=official_members)
    elif planned:
        yield finding_from(CATALOGUE, "W303", "A", summoned=official_members, least=_members_for_a_committee(regime))


def _members_for_a_committee(regime: Regime | None) -> int:
    number = (regime or by_default()).number("branch_committee_from_members")
    if number is None:
        raise ValueError("the regime sets no branch_committee_from_members")
    return number


def board_findings(size: int, regime: Regime, *, list_adopted: bool, head_adopted: bool) -> Iterator[Finding]:
    """E-27 — Under 190 the congress votes the list and the head of the tellers; under 244 their number is enough.

    Quyết định 190-QĐ/TW, Điều 8 khoản 1. No minimum was read: under three only warns (U-05).
    """
    if regime.parameter("tellers_list_and_head").value and not (list_adopted and head_adopted):
        yield finding_from(CATALOGUE, "F703")
    least = regime.number("tellers_customary")
    if least is not None and size < least:
        certainty = regime.certainty("", "tellers_customary")
        yield finding_from(CATALOGUE, "W701", "", certainty, count=size, least=least)


def months_of_grace(regime: Regime, *, grassroots: bool = False) -> int:
    """E-06 — By how many months a congress may be early or late; for a chi bộ cơ sở the number is recalled.

    Điều lệ Đảng, Điều 24 khoản 3.
    """
    months = regime.number("grassroots_shift_months" if grassroots else "branch_shift_months")
    return 0 if months is None else months


def timing_findings(due: date, held: date, regime: Regime, *, grassroots: bool, consent: bool) -> Iterator[Finding]:
    """E-06 — Earlier or later than due only with the superior's consent, and at most by the months of grace."""
    months = months_of_grace(regime, grassroots=grassroots)
    if not months_from(due, -months) <= held <= months_from(due, months):
        name = "grassroots_shift_months" if grassroots else "branch_shift_months"
        certainty = regime.certainty("", name)
        yield finding_from(
            CATALOGUE, "W202", "", certainty, due=f"{due:%d/%m/%Y}", held=f"{held:%d/%m/%Y}", months=months
        )
    elif held != due and not consent:
        yield finding_from(CATALOGUE, "W203", due=f"{due:%d/%m/%Y}", held=f"{held:%d/%m/%Y}")


def months_from(day: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
