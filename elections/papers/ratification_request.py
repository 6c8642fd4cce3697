"""F-17 Tờ trình đề nghị chuẩn y kết quả bầu cử (E-64)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from documents.papers.base import Paper, Signature
from documents.papers.numbering import long_date
from documents.papers.registry import register
from documents.papers.wording import count, grounds, listed, percent


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectedPerson:
    """``votes`` of ``base``: both are printed, since each election has its own base."""

    name: Annotated[str, "Họ và tên"]
    born: Annotated[str, "Ngày sinh hoặc năm sinh"] = ""
    post: Annotated[str, "Chức vụ, đơn vị công tác"] = ""
    votes: Annotated[int, "Số phiếu bầu"]
    base: Annotated[int, "Số đảng viên làm căn cứ tính kết quả"]

    @property
    def shown(self) -> str:
        return f"{self.name} ({self.born})" if self.born else self.name

    @property
    def score(self) -> str:
        return f"{count(self.votes)}/{count(self.base)} phiếu, đạt {percent(self.votes, self.base)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    name: Annotated[str, "Tên tài liệu kèm theo"]
    copies: Annotated[int, "Số bản"] = 1


def parts(*, body: str, committee: bool, secretary: bool, deputy: bool) -> str:
    """“chi ủy, bí thư và phó bí thư”, “bí thư”: the offices a request or decision is about."""
    named = ((body, committee), ("bí thư", secretary), ("phó bí thư", deputy))
    return listed([name for name, there in named if there])


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class RatificationRequest(Paper):
    """Tờ trình của chi bộ, đảng bộ. A branch under nine official members has no chi ủy (E-15): its list stays empty."""

    code: ClassVar[str] = "F-17"
    title: ClassVar[str] = "TỜ TRÌNH"
    listed_as: ClassVar[str] = "Tờ trình đề nghị chuẩn y"
    template: ClassVar[str] = "ratification_request"

    addressee: Annotated[str, "Nơi kính trình"]
    organization_name: Annotated[str, "Tên chi bộ, đảng bộ"]
    term: Annotated[str, "Nhiệm kỳ"]
    congress_name: Annotated[str, "Tên đại hội"]
    congress_held_on: Annotated[date, "Ngày đại hội"]
    congress_ended_on: Annotated[date | None, "Ngày bế mạc đại hội"] = None
    assembly: Annotated[str, "Đại hội hay hội nghị"] = "đại hội"
    voters: Annotated[str, "Người được triệu tập là ai"] = "đảng viên chính thức"
    body: Annotated[str, "Cấp ủy được bầu"] = "chi ủy"
    summoned: Annotated[int, "Số đảng viên chính thức được triệu tập"]
    present: Annotated[int, "Số đảng viên chính thức có mặt"]
    grounds: Annotated[tuple[str, ...], "Căn cứ"]
    committee: Annotated[tuple[ElectedPerson, ...], "Danh sách chi ủy"] = ()
    secretary: Annotated[ElectedPerson | None, "Bí thư"] = None
    deputy_secretary: Annotated[ElectedPerson | None, "Phó bí thư"] = None
    explanation: Annotated[str, "Nội dung báo cáo thêm"] = ""
    attachments: Annotated[tuple[Attachment, ...], "Hồ sơ kèm theo"] = ()
    recipients: Annotated[tuple[str, ...], "Nơi nhận"]
    signature: Annotated[Signature, "Người ký"]

    @property
    def offices(self) -> str:
        there = {"committee": bool(self.committee), "secretary": bool(self.secretary)}
        return parts(body=self.body, deputy=bool(self.deputy_secretary), **there)

    @property
    def subject_parts(self) -> tuple[str, ...]:
        return (
            f"về việc đề nghị chuẩn y kết quả bầu cử {self.offices}",
            f"{self.organization_name}, nhiệm kỳ {self.term}",
        )

    @property
    def grounds_lines(self) -> tuple[str, ...]:
        return grounds(self.grounds)

    @property
    def report(self) -> str:
        when = long_date(self.congress_held_on)
        if self.congress_ended_on and self.congress_ended_on != self.congress_held_on:
            when = f"từ {when} đến {long_date(self.congress_ended_on)}"
        return (
            f"{self.organization_name} đã tổ chức {self.congress_name} {when}, có {count(self.present)}/"
            f"{count(self.summoned)} {self.voters} được triệu tập có mặt. {self.assembly.capitalize()} đã bầu "
            f"{self.offices} theo đúng quy định của Điều lệ Đảng và Quy chế bầu cử trong Đảng, kết quả như sau:"
        )

    @property
    def committee_lead(self) -> str:
        number = "1. " if self._leaders else ""
        return (
            f"{number}{self.body[0].upper()}{self.body[1:]} {self.organization_name}, nhiệm kỳ {self.term} gồm "
            f"{count(len(self.committee))} đồng chí:"
        )

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        return tuple(
            (f"{index}", one.shown, one.post, f"{count(one.votes)}/{count(one.base)}", percent(one.votes, one.base))
            for index, one in enumerate(self.committee, start=1)
        )

    @property
    def _leaders(self) -> tuple[tuple[str, ElectedPerson], ...]:
        named = (("Bí thư", self.secretary), ("Phó bí thư", self.deputy_secretary))
        return tuple((office, one) for office, one in named if one)

    @property
    def leaders(self) -> tuple[str, ...]:
        """“2. Bí thư Chi bộ: đồng chí A, 12/12 phiếu …”; a single one carries no number."""
        first = 2 if self.committee else 1
        numbered = bool(self.committee) or len(self._leaders) > 1
        return tuple(
            f"{f'{index}. ' if numbered else ''}{office} {self.organization_name}: "
            f"đồng chí {one.shown}{_post(one)}, {one.score}."
            for index, (office, one) in enumerate(self._leaders, start=first)
        )

    @property
    def request(self) -> str:
        return (
            f"{self.organization_name} kính trình {self.addressee} xem xét, chuẩn y kết quả bầu cử {self.offices} "
            f"{self.organization_name}, nhiệm kỳ {self.term}."
        )

    @property
    def enclosed(self) -> tuple[str, ...]:
        last = len(self.attachments)
        return tuple(
            f"{index}. {one.name} ({count(one.copies)} bản){'.' if index == last else ';'}"
            for index, one in enumerate(self.attachments, start=1)
        )

    def faults(self) -> Iterator[tuple[str, str]]:
        if not (self.committee or self.secretary or self.deputy_secretary):
            yield "secretary", "Tờ trình phải nêu ít nhất một chức danh đề nghị chuẩn y."
        if self.present > self.summoned:
            yield "present", f"Có mặt {self.present} đồng chí, nhiều hơn {self.summoned} đồng chí được triệu tập."
        people = [(f"committee[{index}]", one) for index, one in enumerate(self.committee)]
        people += [("secretary", one) for one in (self.secretary,) if one]
        people += [("deputy_secretary", one) for one in (self.deputy_secretary,) if one]
        for path, one in people:
            if not 0 < one.votes <= one.base:
                yield f"{path}.votes", f"{one.name}: {one.votes} phiếu không thể tính trên {one.base} đảng viên."


def _post(one: ElectedPerson) -> str:
    return f", {one.post}" if one.post else ""
