"""What every official paper has: a letterhead, signatures, and a strict door for its data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from sys import modules
from typing import Annotated, Any, ClassVar, Self

from accounts.errors import InvalidInput
from documents.papers import fields
from documents.papers.numbering import format_place_date
from documents.papers.wording import balanced

# Capitals of size 14 that the left column (77 mm) holds, upright and bold.
SUPERIOR_LETTERS = 24
ISSUER_LETTERS = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Boxes 1–4. The issuing body's lines are data because a congress may be named in more than one way."""

    superior_lines: Annotated[tuple[str, ...], "Tên cấp trên trực tiếp"] = ()
    issuer_lines: Annotated[tuple[str, ...], "Tên cơ quan ban hành"]
    number: Annotated[str, "Số và ký hiệu"] = ""
    place: Annotated[str, "Địa danh"]
    date: Annotated[date | None, "Ngày ban hành"] = None

    @property
    def superior_shown(self) -> tuple[str, ...]:
        return tuple(part for line in self.superior_lines for part in balanced(line.upper(), SUPERIOR_LETTERS))

    @property
    def issuer_shown(self) -> tuple[str, ...]:
        return tuple(part for line in self.issuer_lines for part in balanced(line.upper(), ISSUER_LETTERS))

    @property
    def day_shown(self) -> str:
        """“ngày …”, which stays on one line; a long line breaks before it."""
        return format_place_date(self.place, self.date).removeprefix(self.place_shown)

    @property
    def place_shown(self) -> str:
        return f"{self.place}, "


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Box 7: quyền hạn (bold), chức vụ (not bold), họ tên; a line that is blank is left out."""

    authority: Annotated[str, "Quyền hạn ký"] = ""
    post: Annotated[str, "Chức vụ người ký"] = ""
    name: Annotated[str, "Họ tên người ký"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A name in a list; ``note`` tells two people of one name apart (năm sinh, đơn vị)."""

    name: Annotated[str, "Họ và tên"]
    note: Annotated[str, "Ghi chú về người"] = ""

    @property
    def shown(self) -> str:
        return f"{self.name} ({self.note})" if self.note else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Base of the papers. ``from_dict`` is the only way in from outside; ``to_dict`` gives the same data back."""

    code: ClassVar[str]
    title: ClassVar[str]
    listed_as: ClassVar[str] = ""
    """Its name in lists, where the title alone does not say which minutes or which decision."""
    template: ClassVar[str]

    letterhead: Annotated[Letterhead, "Phần đầu văn bản"]
    draft_mark: Annotated[str, "Dòng nhắc ở chân trang"] = ""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Raises InvalidInput with every fault, each naming its field."""
        faults: fields.Faults = {}
        paper: Self | None = fields.read(cls, data, faults, label=cls.label())
        if paper is not None:
            for path, message in paper.faults():
                faults.setdefault(path, []).append(message)
        if paper is None or faults:
            raise InvalidInput(
                f"Dữ liệu của {cls.label()} chưa dùng được: " + " ".join(m for ms in faults.values() for m in ms),
                fields=faults,
            )
        return paper

    def checked(self) -> Self:
        """This paper after its own door: call it before data built in code are stored. Raises InvalidInput."""
        return self.from_dict(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        written: dict[str, Any] = fields.write(self)
        return written

    def faults(self) -> Iterator[tuple[str, str]]:
        """Contradictions between fields, as (field, sentence)."""
        yield from ()

    @classmethod
    def label(cls) -> str:
        return f"{cls.title[:1]}{cls.title[1:].lower()} ({cls.code})"

    @classmethod
    def example(cls) -> dict[str, Any]:
        """Data that fills every field; its people are invented."""
        home = Path(str(modules[cls.__module__].__file__)).parent
        data: dict[str, Any] = json.loads((home / "examples" / f"{cls.code}.json").read_text("utf-8"))
        return data

    @property
    def subject_parts(self) -> tuple[str, ...]:
        """Trích yếu nội dung, below the title; a line breaks between parts before it breaks within one."""
        raise NotImplementedError

    @property
    def subject(self) -> str:
        return " ".join(self.subject_parts)

    @property
    def listing(self) -> str:
        """Its name in the list of papers."""
        return self.listed_as or self.title.capitalize()

    def fingerprint(self) -> str:
        """SHA-256 of the paper's code and data: the same paper always has the same one."""
        canonical = json.dumps([self.code, self.to_dict()], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
