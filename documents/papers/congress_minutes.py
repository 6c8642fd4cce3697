"""F-11 Biên bản đại hội: the course of a congress, from its opening to the reading of these minutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, ClassVar

from documents.papers.base import Paper, Person, Signature
from documents.papers.numbering import long_date
from documents.papers.registry import register
from documents.papers.wording import capital, clock, comrades, count, in_order, percent, roman, share


@dataclass(frozen=True, slots=True, kw_only=True)
class CardVote:
    """Biểu quyết giơ thẻ: ``base`` is the base of ordinary resolutions (E-12)."""

    agree: Annotated[int, "Số tán thành"]
    disagree: Annotated[int, "Số không tán thành"] = 0
    other: Annotated[int, "Số ý kiến khác"] = 0
    base: Annotated[int, "Tổng số để tính"]

    @property
    def sentence(self) -> str:
        parts = [f"tán thành {share(self.agree, self.base)}"]
        if self.disagree:
            parts.append(f"không tán thành {share(self.disagree, self.base)}")
        if self.other:
            parts.append(f"ý kiến khác {share(self.other, self.base)}")
        return "; ".join(parts)


CONGRESS, MEETING = "Đại hội", "Hội nghị"
"""What meets, as its minutes call it: a congress, or the committee that one elected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    name: Annotated[str, "Họ và tên người vắng mặt"]
    reason: Annotated[str, "Lý do vắng mặt"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Members called and present; only official ones vote."""

    official_summoned: Annotated[int, "Số đảng viên chính thức được triệu tập"]
    official_present: Annotated[int, "Số đảng viên chính thức có mặt"]
    probationary_summoned: Annotated[int, "Số đảng viên dự bị được triệu tập"] = 0
    probationary_present: Annotated[int, "Số đảng viên dự bị có mặt"] = 0
    absences: Annotated[tuple[Absence, ...], "Đảng viên vắng mặt"] = ()
    called: Annotated[str, "Gọi những người được triệu tập"] = "Đảng viên"

    @property
    def summoned(self) -> int:
        return self.official_summoned + self.probationary_summoned

    @property
    def present(self) -> int:
        return self.official_present + self.probationary_present

    @property
    def absent(self) -> int:
        return self.summoned - self.present

    @property
    def sentences(self) -> tuple[str, ...]:
        called, came = f"{count(self.summoned)} đồng chí", f"{count(self.present)} đồng chí"
        if self.called == "Đảng viên":  # nobody else is a probationer
            called += _split(self.official_summoned, self.probationary_summoned)
            came += _split(self.official_present, self.probationary_present)
        away = f"Vắng mặt: {count(self.absent)} đồng chí"
        return (
            f"{self.called} được triệu tập: {called}.",
            f"Có mặt: {came}, đạt {percent(self.present, self.summoned).replace(',00', '')} số được triệu tập.",
            f"{away}, gồm:" if self.absences else f"{away}.",
        )


def _split(official: int, probationary: int) -> str:
    return f" (chính thức {count(official)}, dự bị {count(probationary)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    name: Annotated[str, "Họ và tên đại biểu"]
    post: Annotated[str, "Chức vụ đại biểu"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectedBody:
    """One of the bodies that run the congress: đoàn chủ tịch or chủ tịch, thư ký, ban kiểm phiếu."""

    title: Annotated[str, "Tên bộ phận được bầu"]
    members: Annotated[tuple[Person, ...], "Thành viên"]
    vote: Annotated[CardVote | None, "Kết quả biểu quyết"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptedItem:
    name: Annotated[str, "Nội dung được thông qua"]
    vote: Annotated[CardVote | None, "Kết quả biểu quyết"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    title: Annotated[str, "Tên báo cáo"]
    reader: Annotated[str, "Người trình bày"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    name: Annotated[str, "Người phát biểu"]
    post: Annotated[str, "Chức vụ người phát biểu"] = ""
    content: Annotated[str, "Nội dung phát biểu"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    name: Annotated[str, "Người xin rút"]
    allowed: Annotated[bool, "Đại hội cho rút"]
    vote: Annotated[CardVote | None, "Kết quả biểu quyết"] = None
    by_ballot: Annotated[bool, "Quyết định bằng bỏ phiếu kín"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    """``votes`` are counted against the election base (E-13), which differs from a card vote's base."""

    name: Annotated[str, "Họ và tên"]
    note: Annotated[str, "Ghi chú về người"] = ""
    votes: Annotated[int, "Số phiếu bầu"]
    elected: Annotated[bool, "Trúng cử"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectionRecord:
    """One round as the minutes tell it; the figures come from its counting minutes (F-10).

    ``counted`` is False for a round on which nobody voted: it has its preparation and its ``remarks`` alone.
    """

    title: Annotated[str, "Tên cuộc bầu cử"]
    criteria: Annotated[str, "Tiêu chuẩn, cơ cấu"] = ""
    seats: Annotated[int, "Số lượng cần bầu"]
    seats_vote: Annotated[CardVote | None, "Biểu quyết số lượng"] = None
    proposed: Annotated[tuple[Person, ...], "Người được cấp ủy triệu tập đề cử"] = ()
    nominated: Annotated[tuple[Person, ...], "Người được đề cử tại đại hội"] = ()
    standing: Annotated[tuple[Person, ...], "Người ứng cử"] = ()
    withdrawals: Annotated[tuple[Withdrawal, ...], "Người xin rút"] = ()
    slate: Annotated[tuple[Person, ...], "Danh sách bầu cử"] = ()
    slate_vote: Annotated[CardVote | None, "Biểu quyết danh sách bầu cử"] = None
    tellers: Annotated[tuple[Person, ...], "Ban kiểm phiếu"] = ()
    counted: Annotated[bool, "Đã bỏ phiếu, kiểm phiếu"] = True
    voters: Annotated[str, "Gọi người bầu"] = "đảng viên chính thức"
    base: Annotated[int, "Số đảng viên làm căn cứ tính kết quả"] = 0
    issued: Annotated[int, "Số phiếu phát ra"] = 0
    returned: Annotated[int, "Số phiếu thu về"] = 0
    valid: Annotated[int, "Số phiếu hợp lệ"] = 0
    invalid: Annotated[int, "Số phiếu không hợp lệ"] = 0
    results: Annotated[tuple[ResultLine, ...], "Kết quả kiểm phiếu"] = ()
    remarks: Annotated[tuple[str, ...], "Diễn biến khác"] = ()
    outcome: Annotated[str, "Kết luận về kết quả bầu cử"] = ""
    assembly: Annotated[str, "Đại hội hay Hội nghị"] = CONGRESS

    @property
    def elected(self) -> tuple[ResultLine, ...]:
        return tuple(sorted((line for line in self.results if line.elected), key=lambda line: -line.votes))

    @property
    def rows(self) -> tuple[tuple[str, str, str, str, str], ...]:
        """STT, họ tên, số phiếu, tỷ lệ, kết quả, in ballot order."""
        return tuple(
            (
                f"{index}",
                f"{line.name} ({line.note})" if line.note else line.name,
                f"{count(line.votes)}/{count(self.base)}",
                percent(line.votes, self.base),
                "Trúng cử" if line.elected else "",
            )
            for index, line in enumerate(self.results, start=1)
        )

    @property
    def preparation(self) -> tuple[str, ...]:
        """What came before the ballot, one sentence each."""
        said = [f"Số lượng cần bầu: {count(self.seats)} đồng chí{_voted(self.seats_vote)}."]
        if self.criteria:
            said.append(f"Tiêu chuẩn, cơ cấu: {self.criteria.rstrip('.')}.")
        if self.proposed:
            said.append(f"Nhân sự {self._prepared_by}: {_names(self.proposed)}.")
        if self.counted or self.nominated:
            said.append(_or_none(f"{self.assembly} đề cử thêm", self.nominated))
        if self.counted or self.standing:
            said.append(_or_none("Ứng cử", self.standing))
        for one in self.withdrawals:
            decision = "đồng ý cho rút" if one.allowed else "không đồng ý cho rút"
            how = "bỏ phiếu kín" if one.by_ballot else "biểu quyết"
            decided = f"{self.assembly} {decision}{_voted(one.vote, how)}"
            said.append(f"Đồng chí {one.name} xin rút khỏi danh sách; {decided}.")
        if self.slate:
            said.append(
                f"Danh sách bầu cử gồm {count(len(self.slate))} đồng chí{in_order(len(self.slate))}: "
                f"{', '.join(person.shown for person in self.slate)}{_voted(self.slate_vote)}."
            )
        if self.tellers:
            said.append(f"Ban kiểm phiếu: {_names(self.tellers)}.")
        return tuple(said)

    @property
    def _prepared_by(self) -> str:
        """Before a congress its convening committee prepares a list; to the meeting of a new one names are put."""
        if self.assembly == CONGRESS:
            return "do cấp ủy triệu tập đại hội chuẩn bị"
        return f"được giới thiệu trước {self.assembly}"

    @property
    def count_sentence(self) -> str:
        return (
            f"Số phiếu phát ra: {count(self.issued)}; số phiếu thu về: {count(self.returned)}; "
            f"số phiếu hợp lệ: {count(self.valid)}; số phiếu không hợp lệ: {count(self.invalid)}. "
            f"Kết quả tính trên {count(self.base)} {self.voters}:"
        )

    @property
    def conclusion(self) -> str:
        if self.outcome:
            return self.outcome
        names = [line.name for line in self.elected]
        if not names:
            return "Không có đồng chí nào đủ số phiếu trúng cử."
        verb = "đã trúng cử" if len(names) == 1 else "đã trúng cử, xếp theo số phiếu từ cao đến thấp"
        return f"{capital(comrades(names))} {verb}."


def _voted(vote: CardVote | None, how: str = "biểu quyết") -> str:
    return f" ({how}: {vote.sentence})" if vote else ""


def _names(people: tuple[Person, ...]) -> str:
    return ", ".join(person.shown for person in people)


def _or_none(label: str, people: tuple[Person, ...]) -> str:
    return f"{label}: {_names(people)}." if people else f"{label}: không."


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A Roman-numbered part of the minutes and the template that prints it."""

    number: str
    title: str
    template: str


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class CongressMinutes(Paper):
    """Biên bản đại hội or of a hội nghị cấp ủy, sections I–VIII; those without content are left out."""

    code: ClassVar[str] = "F-11"
    title: ClassVar[str] = "BIÊN BẢN"
    template: ClassVar[str] = "congress_minutes"

    congress_name: Annotated[str, "Tên đại hội"]
    held_on: Annotated[date, "Ngày khai mạc"]
    begun_at: Annotated[time, "Giờ khai mạc"]
    ended_on: Annotated[date | None, "Ngày bế mạc"] = None
    ended_at: Annotated[time | None, "Giờ bế mạc"] = None
    venue: Annotated[str, "Địa điểm đại hội"]
    attendance: Annotated[Attendance, "Đảng viên dự đại hội"]
    guests: Annotated[tuple[Guest, ...], "Đại biểu khách mời"] = ()
    bodies: Annotated[tuple[ElectedBody, ...], "Bộ phận điều hành và giúp việc"] = ()
    adopted: Annotated[tuple[AdoptedItem, ...], "Chương trình, quy chế được thông qua"] = ()
    readings: Annotated[tuple[Reading, ...], "Báo cáo trình bày tại đại hội"] = ()
    discussion: Annotated[tuple[Speech, ...], "Ý kiến thảo luận"] = ()
    superior_speech: Annotated[Speech | None, "Phát biểu của cấp trên"] = None
    reply: Annotated[Speech | None, "Tiếp thu ý kiến cấp trên"] = None
    elections: Annotated[tuple[ElectionRecord, ...], "Các cuộc bầu cử"] = ()
    resolution_vote: Annotated[CardVote | None, "Biểu quyết nghị quyết"] = None
    targets: Annotated[tuple[AdoptedItem, ...], "Chỉ tiêu biểu quyết riêng"] = ()
    closing: Annotated[str, "Nội dung bế mạc"] = ""
    minutes_vote: Annotated[CardVote | None, "Biểu quyết thông qua biên bản"] = None
    signatures: Annotated[tuple[Signature, ...], "Người ký"]
    assembly: Annotated[str, "Đại hội hay Hội nghị"] = CONGRESS

    @property
    def listing(self) -> str:
        return f"{self.title.capitalize()} {self.assembly.lower()}"

    @property
    def subject_parts(self) -> tuple[str, ...]:
        name, comma, term = self.congress_name.partition(", ")
        return (f"{name},", term) if comma else (name,)

    @property
    def opening(self) -> str:
        return f"{self.assembly} khai mạc hồi {clock(self.begun_at, self.held_on)}, tại {self.venue.rstrip('.')}."

    @property
    def speakers(self) -> str:
        return f"{count(len(self.discussion))} đồng chí"

    @property
    def ending(self) -> str:
        when = clock(self.ended_at, self.ended_on or self.held_on) if self.ended_at else long_date(self.held_on)
        if self.minutes_vote is None:
            return f"{self.assembly} bế mạc hồi {when}."
        read = f"Biên bản này đã được đọc trước {self.assembly} và được thông qua"
        return f"{self.assembly} bế mạc hồi {when}. {read}; {self.minutes_vote.sentence}."

    @property
    def sections(self) -> tuple[Section, ...]:
        parts = (
            (f"Bầu các bộ phận điều hành và giúp việc {self.assembly}", "bodies", self.bodies),
            ("Thông qua chương trình và quy chế làm việc", "adopted", self.adopted),
            (f"Các báo cáo trình bày tại {self.assembly}", "readings", self.readings),
            ("Thảo luận", "discussion", self.discussion),
            ("Phát biểu của cấp trên", "superior_speech", self.superior_speech),
            ("Bầu cử", "elections", self.elections),
            (f"Thông qua nghị quyết {self.assembly}", "resolution", self.resolution_vote or self.targets),
            ("Bế mạc", "closing", self.closing),
        )
        present = [(name, part) for name, part, content in parts if content]
        return tuple(
            Section(number=roman(index), title=name, template=f"print/congress_minutes/{part}.html")
            for index, (name, part) in enumerate(present, start=1)
        )

    def faults(self) -> Iterator[tuple[str, str]]:
        seen = self.attendance
        if seen.official_summoned == 0:
            yield "attendance.official_summoned", "Số đảng viên chính thức được triệu tập phải lớn hơn 0."
        if seen.official_present > seen.official_summoned or seen.probationary_present > seen.probationary_summoned:
            yield "attendance", "Số đảng viên có mặt lớn hơn số được triệu tập."
        if len(seen.absences) > max(seen.absent, 0):
            yield "attendance.absences", "Danh sách vắng mặt dài hơn số đảng viên vắng mặt."
        if len(self.signatures) != 2:
            yield "signatures", "Biên bản đại hội có đúng 02 chữ ký: bên trái Thư ký, bên phải Chủ tịch."
        for path, vote in self._votes():
            if vote and not 0 < vote.agree + vote.disagree + vote.other <= vote.base:
                yield path, f"Biểu quyết cộng lại phải từ 1 đến {vote.base}, là tổng số để tính."
        for index, one in enumerate(self.elections):
            yield from _election_faults(f"elections[{index}]", one)

    def _votes(self) -> Iterator[tuple[str, CardVote | None]]:
        yield "resolution_vote", self.resolution_vote
        yield "minutes_vote", self.minutes_vote
        for name in ("bodies", "adopted", "targets"):
            for index, item in enumerate(getattr(self, name)):
                yield f"{name}[{index}].vote", item.vote
        for index, one in enumerate(self.elections):
            yield f"elections[{index}].seats_vote", one.seats_vote
            yield f"elections[{index}].slate_vote", one.slate_vote
            for place, withdrawal in enumerate(one.withdrawals):
                yield f"elections[{index}].withdrawals[{place}].vote", withdrawal.vote


def _election_faults(path: str, one: ElectionRecord) -> Iterator[tuple[str, str]]:
    if not one.counted:
        return
    if not one.slate or not one.results:
        yield f"{path}.slate", f"{one.title}: chưa ghi danh sách bầu cử và kết quả kiểm phiếu."
    if one.valid + one.invalid != one.returned:
        yield f"{path}.returned", f"{one.title}: số phiếu hợp lệ và không hợp lệ cộng lại không bằng số thu về."
    if one.base == 0:
        yield f"{path}.base", f"{one.title}: số đảng viên làm căn cứ tính kết quả phải lớn hơn 0."
    if any(line.votes > min(one.valid, one.base) for line in one.results):
        yield f"{path}.results", f"{one.title}: có người nhiều phiếu hơn số phiếu hợp lệ."
    if len(one.elected) > one.seats:
        yield f"{path}.results", f"{one.title}: số người trúng cử nhiều hơn số lượng cần bầu."
