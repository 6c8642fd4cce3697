"""Papers of elections: F-09, F-10, F-17, F-18, and the papers of counting that are numbered from F-22 on."""

from elections.papers.ballot import Ballot, OpinionSlip
from elections.papers.corrigendum import ChangedFigure, Corrigendum, SealShown
from elections.papers.minutes_parts import (
    CandidateLine,
    CitedMinutes,
    DeductedPerson,
    Deduction,
    DoubtfulPaper,
    ExplainedWarning,
    InvalidReason,
    LedgerLine,
    ReasoningStep,
    Replacement,
    Teller,
)
from elections.papers.opinion_minutes import OpinionLine, OpinionMinutes
from elections.papers.ratification_decision import RatificationDecision, RatifiedPerson
from elections.papers.ratification_request import Attachment, ElectedPerson, RatificationRequest
from elections.papers.tally_minutes import TallyMinutes
from elections.papers.tally_sheet import SheetBox, SheetReason, TallySheetPaper

__all__ = [
    "Attachment",
    "Ballot",
    "CandidateLine",
    "ChangedFigure",
    "CitedMinutes",
    "Corrigendum",
    "DeductedPerson",
    "Deduction",
    "DoubtfulPaper",
    "ElectedPerson",
    "ExplainedWarning",
    "InvalidReason",
    "LedgerLine",
    "OpinionLine",
    "OpinionMinutes",
    "OpinionSlip",
    "RatificationDecision",
    "RatificationRequest",
    "RatifiedPerson",
    "ReasoningStep",
    "Replacement",
    "SealShown",
    "SheetBox",
    "SheetReason",
    "TallyMinutes",
    "TallySheetPaper",
    "Teller",
]
