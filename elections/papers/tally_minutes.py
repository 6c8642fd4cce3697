"""F-10 Biên bản kiểm phiếu: one election, one round (E-60)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, ClassVar, Literal

from documents.papers.base import Paper, Signature
from documents.papers.numbering import long_date
from documents.papers.registry import register
from documents.papers.wording import capital, clock, comrades, count, in_order, percent
from elections.papers.minutes_parts import (
    VOTERS,
    CandidateLine,
    CitedMinutes,
    Deduction,
    DoubtfulPaper,
    ExplainedWarning,
    InvalidReason,
    LedgerLine,
    ReasoningStep,
    Replacement,
    Teller,
    in_papers,
    presiding,
    small_first,
)
from elections.papers.offices import OFFICES, Office, OfficeCode, which_round

Status = Literal["complete", "short", "tie", "tie_again", "superior_appoints"]


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class TallyMinutes(Paper):
    """Biên bản kiểm phiếu. A rejected count or one that waits for a ruling has no minutes, so no such ``status``."""

    code: ClassVar[str] = "F-10"
    title: ClassVar[str] = "BIÊN BẢN KIỂM PHIẾU"
    template: ClassVar[str] = "tally_minutes"

    organization_name: Annotated[str, "Tên chi bộ"]
    term: Annotated[str, "Nhiệm kỳ"]
    congress_name: Annotated[str, "Tên đại hội"]
    held_on: Annotated[date, "Ngày bỏ phiếu"]
    begun_at: Annotated[time | None, "Giờ bắt đầu kiểm phiếu"] = None
    finished_at: Annotated[time | None, "Giờ kết thúc kiểm phiếu"] = None
    venue: Annotated[str, "Địa điểm"] = ""
    regulation: Annotated[str, "Quy chế bầu cử được áp dụng"] = ""

    office: Annotated[OfficeCode, "Chức danh bầu"]
    kind: Annotated[Literal["ordinary", "tie_revote"], "Loại cuộc bầu"] = "ordinary"
    ballot_round: Annotated[int, "Lần bầu"] = 1
    seats: Annotated[int, "Số lượng cần bầu"]
    ballot: Annotated[Literal["strike_out", "agree_disagree"], "Loại phiếu bầu"]

    electors: Annotated[Literal["members", "delegates", "meeting"], "Người bầu"] = "members"
    summoned: Annotated[int, "Số đảng viên chính thức được triệu tập"]
    present: Annotated[int, "Số đảng viên chính thức có mặt lúc bầu"]
    deductions: Annotated[tuple[Deduction, ...], "Các trường hợp không tính vào căn cứ"] = ()
    base: Annotated[int, "Số đảng viên làm căn cứ tính kết quả"]
    needed: Annotated[int, "Số phiếu cần để trúng cử"]

    issued: Annotated[int, "Số phiếu phát ra"]
    returned: Annotated[int, "Số phiếu thu về"]
    valid: Annotated[int, "Số phiếu hợp lệ"]
    invalid: Annotated[int, "Số phiếu không hợp lệ"]
    invalid_reasons: Annotated[tuple[InvalidReason, ...], "Lý do phiếu không hợp lệ"] = ()
    tellers: Annotated[tuple[Teller, ...], "Ban kiểm phiếu"]
    lines: Annotated[tuple[CandidateLine, ...], "Danh sách bầu cử"]

    status: Annotated[Status, "Kết luận"]
    open_seats: Annotated[int, "Số lượng còn thiếu"] = 0
    remarks: Annotated[tuple[str, ...], "Ý kiến kết luận của Ban kiểm phiếu"] = ()
    packet: Annotated[str, "Niêm phong phiếu bầu"] = ""
    copies: Annotated[int, "Số bản"] = 2
    reasoning: Annotated[tuple[ReasoningStep, ...], "Giải trình cách tính kết quả"] = ()
    replacements: Annotated[tuple[Replacement, ...], "Đại biểu dự khuyết thay đại biểu chính thức"] = ()
    ledger: Annotated[LedgerLine | None, "Sổ phiếu"] = None
    rulings: Annotated[tuple[DoubtfulPaper, ...], "Kết luận về phiếu nghi vấn"] = ()
    warnings: Annotated[tuple[ExplainedWarning, ...], "Giải trình của Ban kiểm phiếu"] = ()
    void_ledgers: Annotated[tuple[str, ...], "Các lần phát phiếu đã hủy, số liệu và lý do"] = ()
    dropped: Annotated[tuple[str, ...], "Các lần kiểm đã bỏ, số liệu và lý do"] = ()
    signatures: Annotated[tuple[Signature, ...], "Người ký"]
    recounted_on: Annotated[date | None, "Ngày kiểm đếm lại"] = None
    recount_reason: Annotated[str, "Lý do kiểm đếm lại"] = ""
    replaced: Annotated[CitedMinutes | None, "Biên bản được thay"] = None
    members_sign: Annotated[bool, "Ủy viên Ban kiểm phiếu cùng ký"] = False

    @property
    def named_office(self) -> Office:
        return OFFICES[self.office]

    @property
    def post(self) -> str:
        """“bí thư Chi bộ Văn phòng 2”."""
        return f"{self.named_office.body} {self.organization_name}"

    @property
    def subject_parts(self) -> tuple[str, ...]:
        which = which_round(self.ballot_round)
        again = ("(bầu lại giữa những người có số phiếu bằng nhau)",) if self.kind == "tie_revote" else ()
        recounted = ("(kiểm đếm lại)",) if self.recounted_on else ()
        return (f"bầu {self.post},", f"nhiệm kỳ {self.term}{which}", *again, *recounted)

    @property
    def assembly(self) -> str:
        """What meets: a congress, or the committee that one elected."""
        return "Hội nghị" if self.electors == "meeting" else "Đại hội"

    @property
    def people(self) -> str:
        """Those of whom the minutes say how many came and vote."""
        return {"members": "Đảng viên", "delegates": "Đại biểu"}.get(self.electors, "Cấp ủy viên")

    @property
    def chair(self) -> str:
        return presiding(self.signatures)

    @property
    def voters(self) -> str:
        return VOTERS[self.electors]

    @property
    def opening(self) -> str:
        begun = f"Hồi {clock(self.begun_at, self.held_on)}" if self.begun_at else capital(long_date(self.held_on))
        where = f", tại {self.venue}" if self.venue else ""
        under = f" theo Điều lệ Đảng và {self.regulation}" if self.regulation else " theo quy định của Điều lệ Đảng"
        return f"{begun}{where}, {self.congress_name} đã tiến hành bầu {self.post}, nhiệm kỳ {self.term}{under}."

    @property
    def recount(self) -> str:
        """That these figures come of a recount, when, why, and which minutes they replace."""
        if not self.recounted_on:
            return ""
        why = f" Lý do: {self.recount_reason.rstrip('.')}." if self.recount_reason else ""
        instead = f" Biên bản này thay {self.replaced.shown}." if self.replaced else ""
        return f"{capital(long_date(self.recounted_on))}, Ban kiểm phiếu đã kiểm đếm lại phiếu bầu.{why}{instead}"

    @property
    def adopted(self) -> str:
        if self.kind == "tie_revote":
            return (
                f"{capital(self.chair)} lập danh sách {count(len(self.lines))} đồng chí có số phiếu bằng nhau "
                f"ở lần bầu trước để {self.assembly} bầu lại, lấy {count(self.seats)} đồng chí. Danh sách bầu cử gồm:"
            )
        return (
            f"{self.assembly} đã biểu quyết số lượng cần bầu là {count(self.seats)} đồng chí "
            f"và thông qua danh sách bầu cử gồm {count(len(self.lines))} đồng chí{in_order(len(self.lines))}:"
        )

    @property
    def ballot_note(self) -> str:
        if self.ballot == "agree_disagree":
            return "Phiếu bầu có số người bằng số lượng cần bầu; người bầu đánh dấu X vào ô đồng ý hoặc không đồng ý."
        return "Phiếu bầu có số dư; người bầu gạch tên những người mình không bầu."

    @property
    def absent(self) -> int:
        return self.summoned - self.present

    @property
    def attendance(self) -> tuple[tuple[str, str], ...]:
        """Label and figure, one row each, of who was called, who came, who counts."""
        rows = [
            (f"Tổng số {self.voters} được triệu tập", _people(self.summoned)),
            (f"Số {self.voters} có mặt lúc bầu cử", _people(self.present)),
            (f"Số {self.voters} vắng mặt lúc bầu cử", _people(self.absent)),
        ]
        rows += [(f"Không tính vào căn cứ: {small_first(one.reason)}", _people(one.count)) for one in self.deductions]
        rows.append((f"Số {self.voters} làm căn cứ tính kết quả bầu cử", _people(self.base)))
        if self.kind == "ordinary":
            rows.append(("Số phiếu cần để trúng cử (quá một nửa số nêu trên)", f"từ {in_papers(self.needed)}"))
        return tuple(rows)

    @property
    def papers_counted(self) -> tuple[tuple[str, str], ...]:
        rows = [
            ("Số phiếu phát ra", in_papers(self.issued)),
            ("Số phiếu thu về", in_papers(self.returned)),
            ("Số phiếu hợp lệ", in_papers(self.valid)),
            ("Số phiếu không hợp lệ", in_papers(self.invalid)),
        ]
        return tuple(rows)

    @property
    def invalid_note(self) -> str:
        if not self.invalid_reasons:
            return ""
        reasons = "; ".join(f"{small_first(one.reason)}: {in_papers(one.count)}" for one in self.invalid_reasons)
        return f"Lý do phiếu không hợp lệ: {reasons}."

    @property
    def shortfall(self) -> str:
        missing = self.issued - self.returned
        return f"Số phiếu không thu về: {in_papers(missing)}." if missing else ""

    @property
    def with_not_counted(self) -> bool:
        return self.ballot == "agree_disagree" and any(line.not_counted for line in self.lines)

    @property
    def figure_labels(self) -> tuple[str, ...]:
        """Heads of the result table after STT and Họ và tên."""
        if self.ballot == "strike_out":
            return ("Số phiếu bầu", "Tỷ lệ %")
        not_counted = ("Không tính",) if self.with_not_counted else ()
        return ("Đồng ý", "Không đồng ý", *not_counted, "Tỷ lệ %")

    @property
    def rows(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """STT, name and figures under ``figure_labels``, in ballot order."""
        return tuple((f"{index}", line.shown, self._figures(line)) for index, line in enumerate(self.lines, start=1))

    def _figures(self, line: CandidateLine) -> tuple[str, ...]:
        counts = [line.votes]
        if self.ballot == "agree_disagree":
            counts.append(line.disagree)
        if self.with_not_counted:
            counts.append(line.not_counted)
        return (*map(count, counts), percent(line.votes, self.base))

    @property
    def base_words(self) -> str:
        less = " sau khi trừ các trường hợp nêu tại mục 1" if self.deductions else " được triệu tập"
        return f"{count(self.base)} {self.voters}{less}"

    @property
    def board_size(self) -> str:
        return _people(len(self.tellers))

    @property
    def elected(self) -> tuple[CandidateLine, ...]:
        """In descending votes, equal ones in ballot order."""
        return tuple(sorted((line for line in self.lines if line.elected), key=lambda line: -line.votes))

    @property
    def tied(self) -> tuple[CandidateLine, ...]:
        return tuple(line for line in self.lines if line.tied)

    @property
    def not_elected(self) -> tuple[CandidateLine, ...]:
        rest = [line for line in self.lines if not line.elected and not line.tied]
        return tuple(sorted(rest, key=lambda line: -line.votes))

    def score(self, line: CandidateLine) -> str:
        return f"{line.shown}: {count(line.votes)}/{count(self.base)} phiếu, đạt {percent(line.votes, self.base)}"

    @property
    def elected_lead(self) -> str:
        if not self.elected:
            return f"Không có đồng chí nào đủ số phiếu trúng cử {self.named_office.one} {self.organization_name}."
        if len(self.elected) == 1:
            return f"Đồng chí có tên sau đây trúng cử {self.elected_as}:"
        return f"Các đồng chí có tên sau đây trúng cử {self.elected_as}, xếp theo số phiếu từ cao đến thấp:"

    @property
    def elected_as(self) -> str:
        return f"{self.named_office.one} {self.organization_name}, nhiệm kỳ {self.term}"

    @property
    def elected_scores(self) -> tuple[str, ...]:
        numbered = len(self.elected) > 1
        return tuple(
            f"{f'{index}. ' if numbered else ''}Đồng chí {self.score(line)}"
            for index, line in enumerate(self.elected, start=1)
        )

    @property
    def not_elected_lead(self) -> str:
        return "Đồng chí không trúng cử:" if len(self.not_elected) == 1 else "Các đồng chí không trúng cử:"

    @property
    def not_elected_scores(self) -> tuple[str, ...]:
        return tuple(self.score(line) for line in self.not_elected)

    @property
    def outcome(self) -> str:
        """What follows when seats stay open; nothing when all are filled."""
        return getattr(self, f"_outcome_{self.status}")()  # type: ignore[no-any-return]  # all five return str

    def _outcome_complete(self) -> str:
        return ""

    def _tied_names(self) -> str:
        return capital(comrades([line.shown for line in self.tied]))

    def _outcome_tie(self) -> str:
        return (
            f"{self._tied_names()} có số phiếu bằng nhau ({self._tied_votes()}) trong khi chỉ còn cần bầu "
            f"{count(self.open_seats)} đồng chí. Ban kiểm phiếu báo cáo {self.chair} lập danh sách những đồng chí "
            f"có số phiếu bằng nhau để {self.assembly} bầu lại, "
            f"lấy {count(self.open_seats)} đồng chí có số phiếu cao hơn."
        )

    def _outcome_tie_again(self) -> str:
        return (
            f"{self._tied_names()} tiếp tục có số phiếu bằng nhau ({self._tied_votes()}) sau khi bầu lại; "
            f"còn thiếu {count(self.open_seats)} đồng chí. Ban kiểm phiếu báo cáo {self.chair} "
            f"để {self.assembly} quyết định bầu tiếp hay không bầu tiếp."
        )

    def _outcome_short(self) -> str:
        return (
            f"So với số lượng cần bầu đã được {self.assembly} biểu quyết, còn thiếu {count(self.open_seats)} đồng chí. "
            f"Ban kiểm phiếu báo cáo {self.chair} để {self.assembly} quyết định bầu tiếp hay không bầu tiếp."
        )

    def _outcome_superior_appoints(self) -> str:
        return (
            f"Đã bầu đến lần thứ ba mà không có đồng chí nào đủ số phiếu trúng cử {self.post}. Ban kiểm phiếu "
            f"báo cáo {self.chair} để báo cáo cấp ủy cấp trên trực tiếp xem xét, chỉ định theo quy định."
        )

    def _tied_votes(self) -> str:
        votes = sorted({line.votes for line in self.tied}, reverse=True)
        return ", ".join(f"{count(number)}/{count(self.base)} phiếu" for number in votes)

    @property
    def ending(self) -> str:
        done = f"Việc kiểm phiếu kết thúc hồi {clock(self.finished_at)} cùng ngày. " if self.finished_at else ""
        if self.finished_at and self.recounted_on:
            done = f"Việc kiểm đếm lại kết thúc hồi {clock(self.finished_at, self.recounted_on)}. "
        return f"{done}Biên bản này được lập thành {count(self.copies)} bản, đã được đọc trước {self.assembly}."

    @property
    def annex(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Headings and sentences of the annex but for the steps; parts without anything to say are left out."""
        parts = (
            ("Căn cứ tính kết quả", self._base_sentences),
            ("Sổ phiếu", (self.ledger.sentence,) if self.ledger else ()),
            ("Các lần phát phiếu, sổ phiếu đã hủy", self.void_ledgers),
            ("Các lần kiểm đã bỏ", self.dropped),
            ("Phiếu nghi vấn và kết luận của Ban kiểm phiếu", tuple(self._rulings_told)),
            ("Điểm cần chú ý và giải trình của Ban kiểm phiếu", tuple(one.shown for one in self.warnings)),
        )
        return tuple((title, sentences) for title, sentences in parts if sentences)

    @property
    def _rulings_told(self) -> Iterator[str]:
        for number, one in enumerate(self.rulings, start=1):
            yield f"Phiếu nghi vấn {number}: {one.shown}"

    @property
    def _base_sentences(self) -> tuple[str, ...]:
        nobody = "" if self.deductions else ", không trừ ai"
        told = [f"{capital(self.voters)} được triệu tập: {_people(self.summoned)}{nobody}."]
        for one in self.deductions:
            who = f": {'; '.join(person.shown for person in one.people)}" if one.people else ""
            told.append(f"Trừ {_people(one.count)}, {small_first(one.reason)}{who}.")
        told += [f"{one.alternate} thay {one.delegate}, vắng mặt." for one in self.replacements]
        told.append(f"Căn cứ tính kết quả: {_people(self.base)}.")
        return tuple(told)

    @property
    def texts_cited(self) -> str:
        return f"Các điều, khoản nêu dưới đây là của {self.regulation}." if self.regulation else ""

    @property
    def members(self) -> tuple[tuple[str, ...], ...]:
        """Names of the tellers who sign below, two by two: all but the head, who signs for the board."""
        names = tuple(one.name for one in self.tellers[1:]) if self.members_sign else ()
        return tuple(names[start : start + 2] for start in range(0, len(names), 2))

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from self._count_faults()
        deducted = sum(one.count for one in self.deductions)
        if self.base == 0 or self.base != self.summoned - deducted:
            yield (
                "base",
                (
                    f"Căn cứ tính kết quả là {self.base}, trong khi triệu tập {self.summoned} trừ {deducted} "
                    f"còn {self.summoned - deducted}."
                ),
            )
        if self.present > self.summoned:
            yield "present", f"Có mặt {self.present} đồng chí, nhiều hơn {self.summoned} đồng chí được triệu tập."
        if len(self.signatures) != 2:
            yield "signatures", "Biên bản kiểm phiếu có đúng 02 chữ ký: Trưởng ban kiểm phiếu và Chủ tịch Đại hội."
        if self.ballot == "agree_disagree" and len(self.lines) != self.seats:
            yield "ballot", "Phiếu đồng ý / không đồng ý chỉ dùng khi danh sách có số người bằng số lượng cần bầu."
        if self.ballot == "strike_out" and len(self.lines) <= self.seats:
            yield "ballot", "Phiếu gạch tên chỉ dùng khi danh sách có số dư."
        yield from self._outcome_faults()

    def _count_faults(self) -> Iterator[tuple[str, str]]:
        if self.issued > self.present:
            yield "issued", f"Phát ra {self.issued} phiếu nhưng chỉ có {self.present} đồng chí có mặt."
        if self.returned > self.issued:
            yield "returned", f"Thu về {self.returned} phiếu nhưng chỉ phát ra {self.issued} phiếu."
        if self.valid + self.invalid != self.returned:
            yield (
                "valid",
                (f"Hợp lệ {self.valid} cộng không hợp lệ {self.invalid} không bằng {self.returned} phiếu thu về."),
            )
        if self.invalid_reasons and sum(one.count for one in self.invalid_reasons) != self.invalid:
            yield "invalid_reasons", f"Các lý do cộng lại không bằng {self.invalid} phiếu không hợp lệ."
        for index, line in enumerate(self.lines):
            if line.votes + line.disagree + line.not_counted > self.valid:
                yield f"lines[{index}].votes", f"{line.name} có nhiều phiếu hơn {self.valid} phiếu hợp lệ."

    def _outcome_faults(self) -> Iterator[tuple[str, str]]:
        if len(self.elected) + self.open_seats != self.seats:
            yield (
                "open_seats",
                (f"Trúng cử {len(self.elected)} và còn thiếu {self.open_seats} không cộng thành {self.seats} cần bầu."),
            )
        if (self.status == "complete") != (self.open_seats == 0):
            yield "status", "Kết luận “đủ số lượng” và số lượng còn thiếu không khớp nhau."
        if (self.status in ("tie", "tie_again")) != bool(self.tied):
            yield "status", "Kết luận về số phiếu bằng nhau không khớp với danh sách."
        if any(line.elected and line.tied for line in self.lines):
            yield "lines", "Một người không thể vừa trúng cử vừa phải bầu lại."


def _people(number: int) -> str:
    return f"{count(number)} đồng chí"
