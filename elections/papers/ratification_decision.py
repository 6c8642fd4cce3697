"""F-18 Quyết định chuẩn y kết quả bầu cử (E-65)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from documents.papers.base import Paper, Signature
from documents.papers.registry import register
from documents.papers.wording import count, grounds, listed
from elections.papers.ratification_request import parts


@dataclass(frozen=True, slots=True, kw_only=True)
class RatifiedPerson:
    name: Annotated[str, "Họ và tên"]
    born: Annotated[str, "Ngày sinh hoặc năm sinh"] = ""
    post: Annotated[str, "Chức vụ, đơn vị công tác"] = ""

    @property
    def shown(self) -> str:
        return ", ".join(part for part in (self.name, self.born and f"sinh {self.born}", self.post) if part)


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class RatificationDecision(Paper):
    """Quyết định chuẩn y. Without chi ủy it names the bí thư [and phó bí thư] alone."""

    code: ClassVar[str] = "F-18"
    title: ClassVar[str] = "QUYẾT ĐỊNH"
    listed_as: ClassVar[str] = "Quyết định chuẩn y"
    template: ClassVar[str] = "ratification_decision"

    authority: Annotated[str, "Cơ quan quyết định"]
    organization_name: Annotated[str, "Tên chi bộ, đảng bộ"]
    body: Annotated[str, "Cấp ủy được bầu"] = "chi ủy"
    kind: Annotated[str, "Chi bộ hay đảng bộ"] = "chi bộ"
    term: Annotated[str, "Nhiệm kỳ"]
    grounds: Annotated[tuple[str, ...], "Căn cứ"]
    committee: Annotated[tuple[RatifiedPerson, ...], "Danh sách chi ủy"] = ()
    secretary: Annotated[RatifiedPerson | None, "Bí thư"] = None
    deputy_secretary: Annotated[RatifiedPerson | None, "Phó bí thư"] = None
    executors: Annotated[tuple[str, ...], "Cơ quan thi hành"]
    recipients: Annotated[tuple[str, ...], "Nơi nhận"]
    signature: Annotated[Signature, "Người ký"]

    @property
    def offices(self) -> str:
        there = {"committee": bool(self.committee), "secretary": bool(self.secretary)}
        return parts(body=self.body, deputy=bool(self.deputy_secretary), **there)

    @property
    def body_shown(self) -> str:
        return self.body[0].upper() + self.body[1:]

    @property
    def subject_parts(self) -> tuple[str, ...]:
        return (f"về việc chuẩn y kết quả bầu cử {self.offices}", f"{self.organization_name}, nhiệm kỳ {self.term}")

    @property
    def grounds_lines(self) -> tuple[str, ...]:
        return grounds(self.grounds)

    @property
    def decides(self) -> str:
        return f"{self.authority.upper()} QUYẾT ĐỊNH"

    @property
    def leaders(self) -> tuple[tuple[str, RatifiedPerson], ...]:
        named = (("Bí thư", self.secretary), ("Phó bí thư", self.deputy_secretary))
        return tuple((office, one) for office, one in named if one)

    @property
    def article_one(self) -> str:
        opening = f"Chuẩn y kết quả bầu cử {self.offices} {self.organization_name}, nhiệm kỳ {self.term}"
        if self.committee:
            return f"{opening}. {self.body_shown} gồm {_people(len(self.committee))} có tên sau đây:"
        return f"{opening}, cụ thể như sau:" if len(self.leaders) > 1 else f"{opening}: {self._only_leader}."

    @property
    def _only_leader(self) -> str:
        office, one = self.leaders[0]
        return f"đồng chí {one.shown}, giữ chức {office.lower()} {self.organization_name}"

    @property
    def committee_lines(self) -> tuple[str, ...]:
        last = 0 if self.leaders else len(self.committee)
        return tuple(
            f"{index}. Đồng chí {one.shown}{'.' if index == last else ';'}"
            for index, one in enumerate(self.committee, start=1)
        )

    @property
    def leader_lines(self) -> tuple[str, ...]:
        """Empty when article 1 has already named the only one."""
        if not self.committee and len(self.leaders) == 1:
            return ()
        last = len(self.leaders) - 1
        return tuple(
            f"Đồng chí {_short(one, self)} giữ chức {office.lower()} {self.kind}{'.' if index == last else ';'}"
            for index, (office, one) in enumerate(self.leaders)
        )

    @property
    def article_two(self) -> str:
        if self.committee:
            who = f"{self.body_shown} {self.organization_name}"
        else:
            who = f"{listed([office for office, _ in self.leaders])} {self.organization_name}"
        return (
            f"{who} thực hiện nhiệm vụ, quyền hạn theo quy định của Điều lệ Đảng, các quy định của Trung ương và "
            f"quy chế làm việc của {self.kind} trong nhiệm kỳ {self.term}. Quyết định này có hiệu lực kể từ ngày ký."
        )

    @property
    def article_three(self) -> str:
        several = len(self.committee) > 1 or len(self.leaders) > 1
        people = "các đồng chí có tên tại Điều 1" if several else "đồng chí có tên tại Điều 1"
        return f"{listed((*self.executors, self.organization_name, people))} chịu trách nhiệm thi hành Quyết định này."

    def faults(self) -> Iterator[tuple[str, str]]:
        if not (self.committee or self.leaders):
            yield "secretary", "Quyết định phải chuẩn y ít nhất một chức danh."
        if self.committee:
            names = {one.name for one in self.committee}
            for field, one in (("secretary", self.secretary), ("deputy_secretary", self.deputy_secretary)):
                if one and one.name not in names:
                    yield (
                        f"{field}.name",
                        f"{one.name} không có trong danh sách {self.body}; nơi có {self.body}, "
                        + ("bí thư và phó bí thư được bầu trong số người vừa trúng cử."),
                    )


def _people(number: int) -> str:
    return f"{count(number)} đồng chí"


def _short(one: RatifiedPerson, decision: RatificationDecision) -> str:
    """Already introduced in the list of the committee: the name alone."""
    return one.name if decision.committee or one.shown == one.name else f"{one.shown},"
