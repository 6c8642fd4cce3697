"""Papers of the room: ballots, opinion slips and tally sheets, printed for one slate and of no use for another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress.electorates import day_of
from congress.models import Congress
from congress.queries import electorate_of
from documents.models import IssuedPaper
from documents.services import papers
from elections import policies, printing, standings
from elections.conflicts import Slate
from elections.lifecycle import COUNTING, SLATE_FIXED, SLATE_OPEN
from elections.models import BallotRound
from elections.papers.ballot import MOST_COPIES
from elections.rules.ledger import papers_to_print
from elections.services.opinions import require_opinion_ballot
from elections.services.slates import lock_round

BALLOT, TALLY_SHEET, OPINION_SLIP = "F-09", "F-22", "F-23"
LEAST_RESERVE = 2
NOT_ALIKE = (
    "Lần bỏ phiếu này đã có tệp in cỡ chữ khác. Mọi phiếu của một lần bỏ phiếu phải giống nhau: "
    "chỉ dùng phiếu của một cỡ, phiếu cỡ kia đã in thì hủy. Đánh dấu ô này nếu hủy phiếu cỡ kia."
)


def usual_reserve(present: int) -> int:
    """A tenth of those present, rounded up, two at least: for papers that are spoiled and exchanged."""
    return max(LEAST_RESERVE, -(-present // 10))


def present_of(congress: Congress) -> int:
    """Who will be handed a ballot: the official members or delegates present."""
    return electorate_of(congress).present or 0


def subject_of(ballot_round: BallotRound) -> str:
    """What ballots are about: the slate as that one card vote fixed it, and each vote on it that is not given up."""
    again = standings.handing_out(ballot_round)
    return f"round:{ballot_round.pk}:slate:{ballot_round.fixed_vote_id}{f':{again}' if again > 1 else ''}"


def opinion_subject_of(ballot_round: BallotRound) -> str:
    return f"round:{ballot_round.pk}:opinion"


def in_use(ballot_round: BallotRound) -> QuerySet[IssuedPaper]:
    """Ballots and tally sheets of the slate as it stands."""
    found = IssuedPaper.objects.filter(about=subject_of(ballot_round), code__in=[BALLOT, TALLY_SHEET])
    return found.order_by("pk")


def out_of_use(ballot_round: BallotRound) -> QuerySet[IssuedPaper]:
    """Ballots and tally sheets of a slate opened again or a vote given up: kept, and offered to nobody."""
    every = IssuedPaper.objects.filter(about__startswith=f"round:{ballot_round.pk}:slate:")
    return every.exclude(about=subject_of(ballot_round)).order_by("pk")


@dataclass(frozen=True, slots=True)
class Made:
    """One file of ballots that was made to be printed: how many, how big, by whom, when."""

    copies: int
    large: bool
    by: str
    at: datetime


def made_for(ballot_round: BallotRound) -> list[Made]:
    """The ballots made for the vote in hand, file by file."""
    files = in_use(ballot_round).filter(code=BALLOT).select_related("created_by")
    return [
        Made(int(one.data["copies"]), bool(one.data.get("large")), str(one.created_by), one.created_at) for one in files
    ]


def copies_made(made: Sequence[Made]) -> int | None:
    """How many ballots these files have; None where nobody can tell: none made, or of two sizes one given up (E-43)."""
    return sum(one.copies for one in made) if len({one.large for one in made}) == 1 else None


def printed_in_other_size(papers: QuerySet[IssuedPaper], *, large: bool) -> bool:
    """Whether papers of this vote were printed in the other size: a paper would be known by it (E-43)."""
    return any(bool(one.data.get("large")) != large for one in papers.filter(code__in=[BALLOT, OPINION_SLIP]))


def _require_one_size(papers: QuerySet[IssuedPaper], *, large: bool, other_size_void: bool) -> bool:
    """True where papers of the other size are given up for these; InvalidInput where nobody has said so."""
    if not printed_in_other_size(papers, large=large):
        return False
    if not other_size_void:
        raise InvalidInput(NOT_ALIKE, fields={"other_size_void": [NOT_ALIKE]})
    return True


def opinion_slips(ballot_round: BallotRound) -> QuerySet[IssuedPaper]:
    return IssuedPaper.objects.filter(about=opinion_subject_of(ballot_round), code=OPINION_SLIP).order_by("pk")


def require_printable(ballot_round: BallotRound) -> None:
    """Raise IllegalTransition unless the congress has fixed number and slate and nobody has counted to the end."""
    if ballot_round.state == SLATE_OPEN:
        raise IllegalTransition(
            "Danh sách chưa chốt nên chưa in phiếu bầu. Đại hội biểu quyết chốt số lượng, danh sách rồi mới in."
        )
    if ballot_round.state not in (SLATE_FIXED, COUNTING):
        raise IllegalTransition("Lần bỏ phiếu này đã kiểm phiếu xong nên không in thêm phiếu.")


def why_no_more_ballots(ballot_round: BallotRound) -> str:
    """Why no ballot is made any more, with who does what next; "" while they are handed out (E-43).

    What the ledger counts was in the room when it closed; a tally sheet is still of use after that.
    """
    if ballot_round.state == COUNTING:
        return (
            "Đang kiểm phiếu nên không lập thêm phiếu bầu. Nếu phải bỏ phiếu lại thì trưởng ban kiểm phiếu bỏ lần kiểm "
            "này, hủy sổ phiếu, rồi lập phiếu bầu."
        )
    ledger = standings.ledger_of(ballot_round)
    if ledger is not None and ledger.closed_at is not None:
        return (
            "Sổ phiếu đã đóng nên không lập thêm phiếu bầu. Nếu phải in thêm thì trưởng ban kiểm phiếu hủy sổ này, "
            "lập phiếu bầu, rồi lập sổ mới."
        )
    return ""


def _copies(congress: Congress, reserve: int) -> int:
    copies = papers_to_print(present_of(congress), reserve)
    if not 1 <= copies <= MOST_COPIES:
        message = f"Mỗi lần in từ 1 đến {MOST_COPIES} phiếu, đang là {copies}. Kiểm tra lại số phiếu dự phòng."
        raise InvalidInput(message, fields={"reserve": [message]})
    return copies


@transaction.atomic
def print_ballots(
    round_id: int, *, reserve: int, large: bool = False, other_size_void: bool = False, actor: User, at: datetime
) -> IssuedPaper:
    """In phiếu bầu: a file with exactly as many ballots as official members present, and the reserve (E-43).

    Nothing is printed before the slate is fixed by vote or once the ledger is closed, and never two sizes for one vote
    unless the person says that those of the other size are void. Raises NotAllowed, IllegalTransition or InvalidInput.
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_print(actor, congress).require()
    require_printable(ballot_round)
    if why_not := why_no_more_ballots(ballot_round):
        raise IllegalTransition(why_not)
    copies = _copies(congress, reserve)
    gives_up = _require_one_size(in_use(ballot_round), large=large, other_size_void=other_size_void)
    paper = papers.issue_working(
        printing.ballot(ballot_round, congress, copies=copies, large=large),
        congress=congress,
        about=subject_of(ballot_round),
        prepared_on=day_of(congress),
        actor=actor,
        at=at,
    )
    action = "election.ballots_printed_in_other_size" if gives_up else "election.ballots_printed"
    audit.record(action, ballot_round, actor=actor, at=at, copies=copies)
    return paper


@transaction.atomic
def print_tally_sheet(round_id: int, *, actor: User, at: datetime) -> IssuedPaper:
    """In phiếu kiểm: the sheet on which one teller writes while counting."""
    ballot_round, congress = lock_round(round_id)
    policies.can_print(actor, congress).require()
    require_printable(ballot_round)
    paper = papers.issue_working(
        printing.tally_sheet(ballot_round, congress, ballots=present_of(congress)),
        congress=congress,
        about=subject_of(ballot_round),
        prepared_on=day_of(congress),
        actor=actor,
        at=at,
    )
    audit.record("election.tally_sheet_printed", ballot_round, actor=actor, at=at)
    return paper


def require_opinions_printable(ballot_round: BallotRound) -> Slate:
    """Raise IllegalTransition unless this slate, still open, needs an opinion ballot (E-38)."""
    slate = Slate(ballot_round)
    require_opinion_ballot(slate)
    return slate


@transaction.atomic
def print_opinion_slips(
    round_id: int, *, reserve: int, large: bool = False, other_size_void: bool = False, actor: User, at: datetime
) -> IssuedPaper:
    """In phiếu xin ý kiến on the names outside the committee's list (E-38)."""
    ballot_round, congress = lock_round(round_id)
    policies.can_print(actor, congress).require()
    slate = require_opinions_printable(ballot_round)
    copies = _copies(congress, reserve)
    gives_up = _require_one_size(opinion_slips(ballot_round), large=large, other_size_void=other_size_void)
    paper = papers.issue_working(
        printing.opinion_slip(ballot_round, slate.others, congress, copies=copies, large=large),
        congress=congress,
        about=opinion_subject_of(ballot_round),
        prepared_on=day_of(congress),
        actor=actor,
        at=at,
    )
    action = "election.opinion_slips_printed_in_other_size" if gives_up else "election.opinion_slips_printed"
    audit.record(action, ballot_round, actor=actor, at=at, copies=copies)
    return paper
