"""Papers of elections: F-09, F-10, F-17, F-18, and the papers of counting that are numbered from F-22 on."""

from elections.papers.ballot import Ballot, OpinionSlip
from elections.papers.ratification_decision import RatificationDecision, RatifiedPerson
from elections.papers.ratification_request import Attachment, ElectedPerson, RatificationRequest
from elections.papers.tally_minutes import (
    CandidateLine,
    Deduction,
    InvalidReason,
    ReasoningStep,
    TallyMinutes,
    Teller,
)
from elections.papers.tally_sheet import SheetBox, SheetReason, TallySheetPaper

__all__ = [
    "Attachment",
    "Ballot",
    "CandidateLine",
    "Deduction",
    "ElectedPerson",
    "InvalidReason",
    "OpinionSlip",
    "RatificationDecision",
    "RatificationRequest",
    "RatifiedPerson",
    "ReasoningStep",
    "SheetBox",
    "SheetReason",
    "TallyMinutes",
    "TallySheetPaper",
    "Teller",
]
