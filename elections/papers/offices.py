"""How an elected office is named in the sentences of a paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OfficeCode = Literal["branch_committee", "secretary", "deputy_secretary", "committee", "delegates"]


@dataclass(frozen=True, slots=True)
class Office:
    """``body`` follows “bầu”; ``one`` is what a person elected becomes."""

    body: str
    one: str


OFFICES: dict[str, Office] = {
    "branch_committee": Office("chi ủy", "chi ủy viên"),
    "secretary": Office("bí thư", "bí thư"),
    "deputy_secretary": Office("phó bí thư", "phó bí thư"),
    "committee": Office("ban chấp hành", "ủy viên ban chấp hành"),
    "delegates": Office("đại biểu dự đại hội cấp trên của", "đại biểu dự đại hội cấp trên"),
}
