"""From a slate to the papers of the room: ballots (F-09), opinion slips (F-23), the printed tally sheet (F-22)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from congress.electorates import day_of
from congress.models import Congress
from documents.letterheads import of_congress, of_tellers
from documents.papers.base import Person
from elections.minutes import body_of, names_on
from elections.models import BallotRound, Candidate
from elections.papers import Ballot, OpinionSlip, SheetBox, SheetReason, TallySheetPaper
from elections.rules.layout import Layout, layout_for
from elections.rules.papers import REASON_LABELS, reasons_possible
from elections.standings import handing_out
from organizations.models import NodeType, Organization

GRASSROOTS = (NodeType.GRASSROOTS,)
BOXES = (
    ("G", "Số phiếu thu về"),
    ("H", "Số phiếu hợp lệ"),
    ("K", "Số phiếu không hợp lệ"),
)
"""The boxes about papers, in the order and with the letters of the page that takes the figures."""


def stamp_of(organization: Organization) -> str:
    """E-43 — Whose stamp a ballot carries: the convening committee's; for a chi bộ below a đảng ủy cơ sở or đảng ủy
    bộ phận, which has none of its own, that of the đảng ủy cơ sở.
    """
    if organization.node_type != NodeType.BRANCH:
        return organization.committee
    above = Organization.objects.filter(pk__in=organization.ancestor_ids()).order_by("-depth")
    found = above.filter(node_type__in=GRASSROOTS).first() or above.first()
    return found.committee if found else organization.committee


def people_of(candidates: Sequence[Candidate]) -> tuple[Person, ...]:
    """Name after name in the order given; two of one name with their years of birth."""
    names = names_on(candidates)
    return tuple(names[one.member_id] for one in candidates)


def ballot(ballot_round: BallotRound, congress: Congress, *, copies: int, large: bool) -> Ballot:
    """Phiếu bầu of a slate that is fixed, in its fixed order."""
    candidates = list(ballot_round.candidates.select_related("member").order_by("position", "pk"))
    return Ballot(
        letterhead=of_congress(congress, number="", on=day_of(congress)),
        stamp=stamp_of(congress.organization),
        organization_name=body_of(ballot_round.election.office, congress.organization),
        term=congress.term_label,
        office=ballot_round.election.office,
        copies=copies,
        large=large,
        kind=ballot_round.kind,
        ballot_round=ballot_round.number,
        handing_out=handing_out(ballot_round),
        seats=ballot_round.seats,
        lines=people_of(candidates),
    )


def opinion_slip(
    ballot_round: BallotRound, others: Iterable[Candidate], congress: Congress, *, copies: int, large: bool
) -> OpinionSlip:
    """Phiếu xin ý kiến on the names outside the committee's list, in the order given."""
    named = list(others)
    names = names_on(named)
    stood, nominated = (
        tuple(names[one.member_id] for one in named if one.source == source)
        for source in (Candidate.Source.STOOD, Candidate.Source.NOMINATED)
    )
    return OpinionSlip(
        letterhead=of_congress(congress, number="", on=day_of(congress)),
        stamp=stamp_of(congress.organization),
        organization_name=body_of(ballot_round.election.office, congress.organization),
        term=congress.term_label,
        office=ballot_round.election.office,
        copies=copies,
        large=large,
        number=ballot_round.opinion_ballots.filter(confirmed_at__isnull=False).count() + 1,
        stood=stood,
        nominated=nominated,
    )


def tally_sheet(ballot_round: BallotRound, congress: Congress, *, ballots: int) -> TallySheetPaper:
    """Phiếu kiểm of a slate that is fixed; ``ballots`` are the most that can come back."""
    candidates = list(ballot_round.candidates.select_related("member").order_by("position", "pk"))
    by_agreement = layout_for(len(candidates), ballot_round.seats) is Layout.AGREE_DISAGREE
    reasons = (REASON_LABELS[reason] for reason in reasons_possible(len(candidates), by_agreement=by_agreement))
    on: date = day_of(congress)
    return TallySheetPaper(
        letterhead=of_tellers(congress, number="", on=on),
        organization_name=body_of(ballot_round.election.office, congress.organization),
        term=congress.term_label,
        office=ballot_round.election.office,
        kind=ballot_round.kind,
        ballot_round=ballot_round.number,
        handing_out=handing_out(ballot_round),
        seats=ballot_round.seats,
        ballots=ballots,
        boxes=tuple(SheetBox(letter=letter, label=label) for letter, label in BOXES),
        lines=people_of(candidates),
        reasons=tuple(SheetReason(label=label[:1].upper() + label[1:]) for label in reasons),
    )
