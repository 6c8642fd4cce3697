"""Papers of elections: F-10 biên bản kiểm phiếu, F-17 tờ trình, F-18 quyết định chuẩn y."""

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

__all__ = [
    "Attachment",
    "CandidateLine",
    "Deduction",
    "ElectedPerson",
    "InvalidReason",
    "RatificationDecision",
    "RatificationRequest",
    "RatifiedPerson",
    "ReasoningStep",
    "TallyMinutes",
    "Teller",
]
