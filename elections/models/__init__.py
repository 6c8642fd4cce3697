"""Elections of a congress: slate, ballots, counts, sealed results, ratification (chuẩn y)."""

from elections.models.counting import (
    BallotLedger,
    BoardRuling,
    Count,
    CountedPaper,
    CountEntry,
    CountSeat,
)
from elections.models.ratification import Complaint, Ratification
from elections.models.results import DisposalCertificate, SealedResult, SignedSheet, TallySheet, WarningNote
from elections.models.slates import (
    OFFICE_ORDER,
    BallotRound,
    Candidate,
    ElectedOffice,
    Election,
    OpinionBallot,
    SuperiorOpinion,
    Withdrawal,
)
from elections.rehearsal.models import Rehearsal

__all__ = [
    "OFFICE_ORDER",
    "BallotLedger",
    "BallotRound",
    "BoardRuling",
    "Candidate",
    "Complaint",
    "Count",
    "CountEntry",
    "CountSeat",
    "CountedPaper",
    "DisposalCertificate",
    "ElectedOffice",
    "Election",
    "OpinionBallot",
    "Ratification",
    "Rehearsal",
    "SealedResult",
    "SignedSheet",
    "SuperiorOpinion",
    "TallySheet",
    "WarningNote",
    "Withdrawal",
]
