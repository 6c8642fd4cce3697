"""Sổ phiếu: what was printed, handed out, taken back; closed before anybody counts votes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress.lifecycle import SITTING
from congress.models import Congress
from congress.queries import electorate_of
from congress.rules.findings import Finding
from elections import policies, standings
from elections.lifecycle import SLATE_FIXED
from elections.models import BallotLedger, BallotRound
from elections.rules.ledger import Ledger, copies_findings, ledger_findings
from elections.services import ballots
from elections.services.refusals import by_letter
from elections.services.slates import lock_round

BLANK = "F110"
FIGURES = ("printed", "issued", "spoiled", "unused", "returned")


def require_ledger_open(ballot_round: BallotRound, congress: Congress) -> None:
    """Raise IllegalTransition unless ballots of this round are being handed out and taken back now."""
    if congress.state != SITTING:
        raise IllegalTransition(congress.said("Sổ phiếu chỉ ghi khi đại hội đang diễn ra."))
    if ballot_round.state != SLATE_FIXED:
        raise IllegalTransition(congress.said("Sổ phiếu ghi từ khi đại hội chốt danh sách đến khi bắt đầu kiểm phiếu."))
    ledger = standings.ledger_of(ballot_round)
    if ledger is not None and ledger.closed_at is not None:
        raise IllegalTransition("Sổ phiếu đã đóng. Nếu ghi nhầm, trưởng ban kiểm phiếu hủy sổ này rồi lập sổ mới.")


@transaction.atomic
def keep_ledger(
    round_id: int,
    *,
    figures: Mapping[str, int | None],
    printed_note: str = "",
    close: bool = False,
    actor: User,
    at: datetime,
) -> BallotLedger:
    """Ghi sổ phiếu; ``close``: đóng sổ, after which its five figures stand.

    ``figures``: printed, issued, spoiled, unused, returned; None is "not known yet", never zero. ``printed_note``: why
    other papers are printed than the file that was made; it goes into the minutes. Raises NotAllowed,
    IllegalTransition, or on closing InvalidInput with everything that does not add up or is not explained, by figure.
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_keep_ledger(actor, ballot_round, congress).require()
    require_ledger_open(ballot_round, congress)
    ledger = standings.ledger_of(ballot_round)
    if ledger is None:
        ledger = BallotLedger(round=ballot_round, number=ballot_round.ledgers.count() + 1)
    for name in FIGURES:
        setattr(ledger, name, figures.get(name))
    ledger.kept_by, ledger.kept_at = actor, at
    ledger.printed_note = printed_note.strip()[:300] or None
    if close:
        _require_closable(ledger, congress)
        ledger.closed_at = at
    ledger.save()
    action = "election.ledger_closed" if close else "election.ledger_kept"
    details: dict[str, Any] = {name: figures.get(name) for name in FIGURES}
    audit.record(action, ballot_round, actor=actor, at=at, **details)
    return ledger


def not_adding_up(figures: Mapping[str, int | None], congress: Congress) -> list[str]:
    """What is wrong among the figures already written, so that nobody learns of it only when closing."""
    found = ledger_findings(Ledger(**figures), electorate_of(congress).present)
    return [one.message for one in found if one.level == "error" and one.code != BLANK]


def _require_closable(ledger: BallotLedger, congress: Congress) -> None:
    figures = Ledger(**{name: getattr(ledger, name) for name in FIGURES})
    found = ledger_findings(figures, present=electorate_of(congress).present)
    errors = [one.to_dict() for one in found if one.level == "error"]
    ledger.printed_against = ballots.copies_made(ballots.made_for(ledger.round))
    beside = [] if None in (ledger.printed, ledger.printed_against) else _beside_the_file(ledger)
    if not beside:
        ledger.printed_note = None
    elif not ledger.printed_note:
        errors += [one.to_dict() for one in beside]
    if errors:
        raise InvalidInput("Sổ phiếu chưa khớp nên chưa đóng được.", fields=by_letter(errors))


def _beside_the_file(ledger: BallotLedger) -> list[Finding]:
    """E-43 — That other papers are printed than the file has which was made."""
    return list(copies_findings(ledger.printed or 0, ledger.printed_against or 0))


def require_voidable(ballot_round: BallotRound, congress: Congress) -> BallotLedger:
    """The ledger in use. Raise IllegalTransition unless it may be made void now: while nobody counts."""
    if congress.state != SITTING or ballot_round.state != SLATE_FIXED:
        raise IllegalTransition("Chỉ hủy sổ phiếu khi chưa kiểm phiếu. Đang kiểm phiếu thì bỏ lần kiểm trước.")
    ledger = standings.ledger_of(ballot_round)
    if ledger is None:
        raise IllegalTransition("Lần bỏ phiếu này chưa có sổ phiếu nào để hủy.")
    return ledger


@transaction.atomic
def void_ledger(round_id: int, *, reasons: str, votes_again: bool = True, actor: User, at: datetime) -> BallotLedger:
    """Hủy sổ phiếu by the head teller: figures written wrong, or ballots to be handed out and cast again.

    ``votes_again``: the ballots are given up, too; what is printed from now on carries the next number of handing-out.
    Only while nobody counts; a count that has begun is dropped first. The void ledger stays readable.
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_head_the_board(actor, ballot_round, congress).require()
    ledger = require_voidable(ballot_round, congress)
    if not reasons.strip():
        raise InvalidInput("Ghi lý do hủy sổ phiếu.", fields={"reasons": ["Ghi lý do hủy sổ phiếu."]})
    ledger.void_reason, ledger.votes_again = reasons.strip()[:300], votes_again
    ledger.save(update_fields=["void_reason", "votes_again"])
    action = "election.ledger_void" if votes_again else "election.ledger_rewritten"
    audit.record(action, ballot_round, actor=actor, at=at, reasons=reasons.strip())
    return ledger
