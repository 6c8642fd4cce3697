"""What the minutes of a count are made of: lines of the slate, deductions, the ledger, doubtful papers, reasoning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from documents.papers.base import Signature
from documents.papers.numbering import short_date
from documents.papers.wording import count

UNVERIFIED = "chưa kiểm chứng"
VOTERS = {"members": "đảng viên chính thức", "delegates": "đại biểu", "meeting": "cấp ủy viên"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedMinutes:
    """Counting minutes that other minutes speak of: those a recount corrects, or those that replace them."""

    number: Annotated[str, "Số biên bản"]
    on: Annotated[date, "Ngày biên bản"]

    @property
    def shown(self) -> str:
        return f"Biên bản kiểm phiếu số {self.number}, ngày {short_date(self.on)}"


def presiding(signatures: Sequence[Signature]) -> str:
    """Who presides, in the text as at the signature: "Đoàn Chủ tịch", "Chủ tịch Đại hội", "chủ trì Hội nghị"."""
    called = signatures[-1].authority.removeprefix("T/M ") if signatures else "Đoàn Chủ tịch"
    return small_first(called) if called.startswith("Chủ trì") else called


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateLine:
    """One person of the slate, in ballot order.

    ``votes`` are votes for (agree); ``disagree`` and ``not_counted`` belong to the agree/disagree ballot.
    ``elected`` and ``tied`` are the engine's answer: the paper prints it and does not decide.
    """

    name: Annotated[str, "Họ và tên"]
    note: Annotated[str, "Ghi chú về người"] = ""
    votes: Annotated[int, "Số phiếu bầu"]
    disagree: Annotated[int, "Số phiếu không đồng ý"] = 0
    not_counted: Annotated[int, "Số phiếu không tính"] = 0
    elected: Annotated[bool, "Trúng cử"] = False
    tied: Annotated[bool, "Bằng phiếu, phải bầu lại"] = False

    @property
    def shown(self) -> str:
        return f"{self.name} ({self.note})" if self.note else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    name: Annotated[str, "Họ và tên kiểm phiếu viên"]
    role: Annotated[str, "Nhiệm vụ trong Ban kiểm phiếu"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeductedPerson:
    """Who is not counted in the base, on what ground, and who accepted it."""

    name: Annotated[str, "Họ và tên người không tính vào căn cứ"]
    ground: Annotated[str, "Lý do, căn cứ"] = ""
    accepted_by: Annotated[str, "Người, cấp đã chấp nhận"] = ""
    accepted_on: Annotated[date | None, "Ngày chấp nhận"] = None

    @property
    def shown(self) -> str:
        day = f" ngày {short_date(self.accepted_on)}" if self.accepted_on else ""
        accepted = f"{self.accepted_by} chấp nhận{day}" if self.accepted_by else ""
        told = "; ".join(part for part in (small_first(self.ground), accepted) if part)
        return f"{self.name} ({told})" if told else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """A class of members taken out of the base (E-13), with how many and who they are."""

    reason: Annotated[str, "Trường hợp không tính vào căn cứ"]
    count: Annotated[int, "Số đảng viên không tính"]
    people: Annotated[tuple[DeductedPerson, ...], "Những người không tính vào căn cứ"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """An alternate in the place of a delegate (E-14)."""

    delegate: Annotated[str, "Đại biểu chính thức vắng mặt"]
    alternate: Annotated[str, "Đại biểu dự khuyết thay"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidReason:
    reason: Annotated[str, "Lý do phiếu không hợp lệ"]
    count: Annotated[int, "Số phiếu theo lý do"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasoningStep:
    """A step of the engine's reasoning; ``rule`` (E-xx) is kept with the data and not printed.

    ``certainty`` is "" or says that the place was recalled, or that an unsettled point (U-xx) decided here; what is
    printed of it is that it is not verified.
    """

    rule: Annotated[str, "Mã quy tắc"] = ""
    text: Annotated[str, "Nội dung bước tính"]
    citation: Annotated[str, "Căn cứ"] = ""
    certainty: Annotated[str, "Độ chắc chắn của căn cứ"] = ""

    @property
    def basis(self) -> str:
        doubt = f" ({UNVERIFIED})" if self.certainty else ""
        place = self.citation.removesuffix(f"({self.certainty})").removesuffix(f"– {self.certainty}").strip()
        return f"{place}{doubt}" if place else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """Sổ phiếu: every sheet that was printed is somewhere (E-63a)."""

    printed: Annotated[int, "Số phiếu in"]
    issued: Annotated[int, "Số phiếu phát ra"]
    spoiled: Annotated[int, "Số phiếu hỏng đổi lại"]
    unused: Annotated[int, "Số phiếu không dùng"]
    returned: Annotated[int, "Số phiếu thu về"]
    handing_out: Annotated[int, "Lần phát phiếu"] = 1

    @property
    def sentence(self) -> str:
        again = f"Phát phiếu lần {self.handing_out}: in" if self.handing_out > 1 else "In"
        spoiled = f"hỏng đổi lại {in_papers(self.spoiled)}; thu về {in_papers(self.returned)}"
        return (
            f"{again} {in_papers(self.printed)}; phát ra {in_papers(self.issued)}, "
            f"không dùng {in_papers(self.unused)}, {spoiled}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulPaper:
    """A paper in doubt and what the board concluded (E-49).

    Its place in the stack stands in pencil on the paper that is kept, so it is not printed: nobody finds one paper
    and what is on it by the minutes. Minutes issued earlier have the place in their data.
    """

    team: Annotated[int | None, "Tổ kiểm phiếu"] = None
    slip: Annotated[int | None, "Thứ tự trong tập"] = None
    question: Annotated[str, "Điểm nghi vấn"]
    verdict: Annotated[str, "Kết luận"]
    category: Annotated[str, "Căn cứ theo quy chế"] = ""
    reason: Annotated[str, "Lý do"]

    @property
    def shown(self) -> str:
        category = f" ({small_first(self.category)})" if self.category else ""
        return (
            f"{without_stop(self.question)}. "
            f"Kết luận: {small_first(self.verdict)}{category}. Lý do: {without_stop(self.reason)}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedWarning:
    """A point the figures call attention to, and how the tellers explain it."""

    message: Annotated[str, "Điểm cần chú ý"]
    text: Annotated[str, "Giải trình"]

    @property
    def shown(self) -> str:
        return f"{without_stop(self.message)}. Giải trình: {without_stop(self.text)}."


def in_papers(number: int) -> str:
    return f"{count(number)} phiếu"


def without_stop(text: str) -> str:
    return text.rstrip(".")


def small_first(text: str) -> str:
    return text[:1].lower() + text[1:]
