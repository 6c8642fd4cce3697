"""How an elected office is named in the sentences of a paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OfficeCode = Literal[
    "branch_committee",
    "committee",
    "standing_committee",
    "secretary",
    "deputy_secretary",
    "delegates",
    "alternate_delegates",
]
ROUNDS = {1: "", 2: ", lần thứ hai", 3: ", lần thứ ba", 4: ", lần thứ tư", 5: ", lần thứ năm"}


@dataclass(frozen=True, slots=True)
class Office:
    """``body`` follows “bầu” and stands before the organization's name; ``one`` is what a person elected becomes.

    ``head`` is the part of ``body`` that a ballot prints in capitals.
    """

    body: str
    one: str
    head: str

    @property
    def rest(self) -> str:
        """What of ``body`` follows the heading: "dự đại hội cấp trên của", mostly nothing."""
        return self.body.removeprefix(self.head).strip()


OFFICES: dict[str, Office] = {
    "branch_committee": Office("chi ủy", "chi ủy viên", "chi ủy"),
    "committee": Office("ban chấp hành", "ủy viên ban chấp hành", "ban chấp hành"),
    "standing_committee": Office("ban thường vụ", "ủy viên ban thường vụ", "ban thường vụ"),
    "secretary": Office("bí thư", "bí thư", "bí thư"),
    "deputy_secretary": Office("phó bí thư", "phó bí thư", "phó bí thư"),
    "delegates": Office("đại biểu dự đại hội cấp trên của", "đại biểu dự đại hội cấp trên của", "đại biểu"),
    "alternate_delegates": Office(
        "đại biểu dự khuyết dự đại hội cấp trên của", "đại biểu dự khuyết của", "đại biểu dự khuyết"
    ),
}


def which_handing_out(number: int) -> tuple[str, ...]:
    """ "(phát phiếu lần 2)" once a vote of this round was given up and others are cast; mostly nothing."""
    return (f"(phát phiếu lần {number})",) if number > 1 else ()


def which_round(number: int) -> str:
    """ ", lần thứ hai" after the first round."""
    return ROUNDS.get(number, f", lần thứ {number}")
