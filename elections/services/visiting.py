"""Who nominates without being on the roll: members who are at the chi bộ temporarily, named by hand (E-31)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from accounts.errors import InvalidInput
from congress.rules.bases import Assembly
from elections.conflicts import Slate
from elections.models import Candidate
from elections.rules.nomination import visitors_nominate
from organizations.models import Member
from organizations.queries import below
from organizations.rules.names import TONES, fold, same_spelling

FIELD, HOME = "nominator_name", "nominator_from"
TITLE = re.compile(r"^đồng chí\s+", re.IGNORECASE)
NOTE = re.compile(r"\([^()]*\)")
NOT_OF_A_NAME = re.compile(r"[^\w\s().'’-]|[\d_]")
GROUPS = (
    "ban chấp hành",
    "ban chi ủy",
    "ban thường vụ",
    "các đồng chí",
    "cấp ủy",
    "chi bộ",
    "chi đoàn",
    "chi hội",
    "chi ủy",
    "công đoàn",
    "đảng bộ",
    "đảng ủy",
    "đoàn chủ tịch",
    "đoàn thanh niên",
    "đoàn tncs",
    "hội cựu chiến binh",
    "hội nông dân",
    "hội phụ nữ",
    "liên chi",
    "mặt trận",
    "nhóm",
    "tập thể",
    "tổ công đoàn",
    "tổ đảng",
)
"""How the names of bodies begin; no full name of a person begins so (Đoàn and Hội alone are surnames)."""


def visitor_named(
    slate: Slate, member: Member, source: str, nominator_id: int | None, typed: str, typed_from: str = ""
) -> tuple[str, str]:
    """The name of a nominator who is here temporarily and where he comes from; both "" when nobody such nominated.

    A typed name is no way round E-32 and E-33: whoever is on the roll is chosen from it, and nobody nominates himself
    or for a body. Another person of the same name is told apart by the chi bộ he comes from, which is printed with
    him. Raises InvalidInput at the field.
    """
    name = TITLE.sub("", _tidy(typed))[:110].strip()
    home = _tidy(typed_from)[:150].strip()
    if source != Candidate.Source.NOMINATED or not name:
        if source == Candidate.Source.NOMINATED and home:
            raise _refused("Ghi họ và tên đồng chí sinh hoạt tạm thời đã đề cử, hoặc bỏ trống nơi chuyển đến.")
        return "", ""
    if nominator_id is not None:
        raise _refused("Chỉ ghi một người đề cử: chọn trong danh sách hoặc ghi họ và tên.")
    if not visitors_nominate(Assembly(slate.congress.kind)):
        raise _refused(f"Tại {slate.congress.name} chỉ {slate.congress.voter} đề cử. Chọn người đề cử.")
    _require_a_persons_name(name)
    if home:
        _require_elsewhere(home, slate)
        return name, home
    if is_named(name, [member.full_name]):
        raise _refused("Đồng chí tự giới thiệu mình thì chọn nguồn “Ứng cử” và bỏ trống ô này.")
    if is_named(name, _on_the_roll(slate)):
        raise _refused(
            f"Đồng chí {name} trùng họ và tên với đảng viên của {slate.congress.organization.name}. Chọn đồng chí ấy ở "
            "ô “Người đề cử”; nếu là đồng chí khác trùng họ và tên, đang sinh hoạt tạm thời, thì ghi nơi chuyển đến."
        )
    return name, ""


def _tidy(typed: str) -> str:
    return " ".join(unicodedata.normalize("NFC", typed).split())


def _require_elsewhere(home: str, slate: Slate) -> None:
    """Who is here temporarily comes from another party organization (E-11); its name is no way round the roll."""
    here = slate.congress.organization
    if not any(letter.isalpha() for letter in home) or len(home.split()) < 2:
        raise _refused("Ghi đủ tên chi bộ nơi đồng chí ấy sinh hoạt chính thức.", HOME)
    if _spelled(home) in (_spelled(here.name), _spelled(here.name.removeprefix("Chi bộ "))):
        told = f"Nơi chuyển đến phải là tổ chức đảng khác. Đảng viên của {here.name} thì chọn ở ô “Người đề cử”."
        raise _refused(told, HOME)


def _require_a_persons_name(name: str) -> None:
    if NOT_OF_A_NAME.search(name) or len(NOTE.sub("", name).split()) < 2:
        raise _refused("Ghi đủ họ và tên của một đảng viên, chỉ gồm chữ cái, ví dụ: Nguyễn Văn An.")
    if _spelled(name).startswith(tuple(f"{_spelled(one)} " for one in GROUPS)) or _spelled(name) in map(
        _spelled, GROUPS
    ):
        raise _refused("Không đề cử nhân danh tập thể. Ghi họ và tên đồng chí đề cử.")


def is_named(typed: str, names: Iterable[str]) -> bool:
    """Whether it is one of these names but for case, spaces, notes in brackets, and where a tone stands (oà, òa).

    Typed without any marks it is compared without marks.
    """
    key = _spelled(typed)
    if key.isascii():
        return key in {fold(NOTE.sub(" ", one)) for one in names}
    return key in {_spelled(one) for one in names}


def _spelled(name: str) -> str:
    return " ".join(_tone_last(word) for word in same_spelling(NOTE.sub(" ", name)).split())


def _tone_last(word: str) -> str:
    signs = unicodedata.normalize("NFD", word)
    letters = "".join(one for one in signs if one not in TONES)
    return unicodedata.normalize("NFC", letters) + "".join(one for one in signs if one in TONES)


def _on_the_roll(slate: Slate) -> list[str]:
    """Everybody summoned, everybody in the convening committee, and every member of the chi bộ."""
    here = Member.objects.filter(below(slate.congress.organization.path, "organization__"))
    others = Member.objects.filter(pk__in=[*slate.rows, *slate.convening])
    return [*here.values_list("full_name", flat=True), *others.values_list("full_name", flat=True)]


def _refused(text: str, field: str = FIELD) -> InvalidInput:
    return InvalidInput(text, fields={field: [text]})
