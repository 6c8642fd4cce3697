"""From one line of JSON to a case, with every fault of its form at once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NoReturn

from congress.rules.bases import Assembly, Electorate
from congress.rules.findings import Finding
from elections.rules.blanks import BALLOT_FIELDS
from elections.rules.case import Ballots, Case, Kind, Office, Opinion
from elections.rules.catalogue import finding
from elections.rules.fields import POSSIBLE, Reader, kind_of, plain, shown
from elections.rules.reading_papers import read_papers

OFFICES = {office.value: office for office in Office}
KINDS = {kind.value: kind for kind in Kind}
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LABELS = {  # as the tally sheet calls them
    "summoned": "số đảng viên chính thức triệu tập",
    "temporarily_elsewhere_absent": "số đảng viên sinh hoạt tạm thời nơi khác, vắng mặt",
    "exempt_absent": "số đảng viên miễn công tác và sinh hoạt, vắng mặt",
    "suspended_or_prosecuted": "số đảng viên bị đình chỉ sinh hoạt, khởi tố, truy tố, tạm giam",
    "excused_throughout": "số đảng viên vắng suốt đại hội, lý do được chấp nhận",
    "present": "số đảng viên chính thức có mặt",
}
DEDUCTIONS = tuple(LABELS)[1:-1]
OF_DELEGATES = ("convening_members_absent", "unreplaced_absent")
"""E-14: asked for in a delegate congress alone, so they may be left out."""
LABELS |= {
    "convening_members_absent": "số ủy viên cấp ủy triệu tập vắng suốt đại hội",
    "unreplaced_absent": "số đại biểu chính thức vắng suốt đại hội, không có đại biểu dự khuyết thay",
}
ASSEMBLIES = {one.value: one for one in Assembly}


class _Twice(Exception):
    """A key stands twice in one object: the line is read again, slowly, to name all such keys."""


def read_line(line: bytes) -> Case:
    """The case of one line of UTF-8 JSON; a key written twice is a fault, not a choice of the last."""
    try:
        text = line.decode("utf-8")
        try:
            return read_case(DECODER.decode(text))
        except _Twice:
            return _with_doubled_keys(text)
    except UnicodeDecodeError:
        return nothing("F101", why="không phải UTF-8")
    except RecursionError:
        return nothing("F101", why="lồng quá nhiều lớp")
    except ValueError:
        return nothing("F101", why="không phải JSON")


def _once(items: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(items)
    if len(made) != len(items):
        raise _Twice
    return made


def _with_doubled_keys(text: str) -> Case:
    twice: list[str] = []

    def note(items: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in items]
        twice.extend(sorted({name for name in names if names.count(name) > 1}))
        return dict(items)

    case = read_case(json.loads(text, object_pairs_hook=note, parse_constant=_no_constant))
    return replace(case, faults=(*(finding("F107", what=plain(name)) for name in twice), *(case.faults or ())))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)


def nothing(code: str, **figures: object) -> Case:
    """A case of which nothing could be read."""
    return Case(None, None, (), None, kind=None, ballot_round=None, faults=(finding(code, "", **figures),))


def read(raw: Any) -> tuple[Case, tuple[Finding, ...]]:
    """The case of parsed JSON, and what is wrong with its form."""
    case = read_case(raw)
    return case, case.faults or ()


def read_case(raw: Any, *, names: Mapping[str, str] | None = None) -> Case:
    """The case of parsed JSON with the faults of its form; ``names`` gives ids their full names in sentences."""
    if not isinstance(raw, dict):
        return nothing("F102", found=kind_of(raw))
    names = names or {}
    reader = Reader()
    by_papers = raw.get("papers") is not None
    twice = by_papers and (raw.get("ballots") is not None or raw.get("votes") is not None)
    if twice:
        reader.report("F109")
    by_issued = by_papers and (raw.get("issued") is not None or not twice)
    return Case(
        id=_identity(reader, raw),
        held_on=_day(reader, raw),
        regime=_regime(reader, raw),
        office=reader.choice(raw.get("office"), OFFICES, "office"),
        seats=reader.whole(raw, "seats", "số lượng cần bầu"),
        ballot_round=reader.whole(raw, "ballot_round", "lần bầu"),
        kind=reader.choice(raw.get("kind"), KINDS, "kind"),
        electorate=_electorate(reader, raw),
        slate=_slate(reader, raw, names),
        ballots=None if by_papers else _ballots(reader, raw),
        votes=None if by_papers else _votes(reader, raw, names),
        papers=read_papers(reader, raw) if by_papers else None,
        issued=reader.whole(raw, "issued", "số phiếu phát ra", "E") if by_issued else None,
        names=names,
        faults=tuple(reader.findings),  # last: arguments are read in this order
    )


def _identity(reader: Reader, raw: dict[str, Any]) -> str | int | None:
    value = raw.get("id")
    if type(value) is str or (type(value) is int and abs(value) <= 10**18):
        return value
    reader.missing_or_wrong(value, "id", "chữ hoặc số nguyên")
    return None


def _day(reader: Reader, raw: dict[str, Any]) -> date | None:
    value = raw.get("held_on")
    if value is None:
        if raw.get("regime") is None:
            reader.report("F112")
        return None
    try:
        if type(value) is str and DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    reader.report("F111", found=shown(value))
    return None


def _regime(reader: Reader, raw: dict[str, Any]) -> str | None:
    value = raw.get("regime")
    if value is None or type(value) is str:
        return value
    reader.missing_or_wrong(value, "regime", "ký hiệu quy chế bầu cử")
    return None


def _electorate(reader: Reader, raw: dict[str, Any]) -> Electorate | None:
    inside = reader.inside(raw, "electorate", "A")
    if inside is None:
        return None
    summoned = reader.whole(inside, "summoned", LABELS["summoned"], "A")
    away = {name: reader.whole(inside, name, LABELS[name], "B") for name in DEDUCTIONS}
    present = reader.whole(inside, "present", LABELS["present"], "D")
    known = {name: count for name, count in away.items() if count is not None}
    of_delegates = {name: reader.whole(inside, name, LABELS[name], "B") for name in OF_DELEGATES if name in inside}
    named = inside.get("assembly", Assembly.MEMBERS)
    assembly = named if isinstance(named, Assembly) else reader.choice(named, ASSEMBLIES, "assembly", "A")
    if summoned is None or len(known) < len(away) or None in of_delegates.values() or assembly is None:
        return None
    return Electorate(
        summoned,
        known["temporarily_elsewhere_absent"],
        known["exempt_absent"],
        known["suspended_or_prosecuted"],
        known["excused_throughout"],
        present,
        assembly=assembly,
        **{name: count or 0 for name, count in of_delegates.items()},
    )


def _slate(reader: Reader, raw: dict[str, Any], known: Mapping[str, str]) -> tuple[str, ...]:
    values = reader.listed(raw, "slate", "slate")
    if values is None:
        return ()
    names = reader.texts(values, "slate")
    if not values:
        reader.report("F301")
    seen: set[str] = set()
    for name in names:
        if not name.strip():
            reader.report("F303")
        elif name in seen:
            reader.report("F302", name=plain(known.get(name, name)))
        seen.add(name)
    return names


def _ballots(reader: Reader, raw: dict[str, Any]) -> Ballots | None:
    inside = reader.inside(raw, "ballots", "E")
    if inside is None:
        return None
    read = {name: reader.whole(inside, name, label, letter) for name, letter, label in BALLOT_FIELDS}
    return Ballots(read["issued"], read["returned"], read["valid"], read["invalid"])


def _votes(reader: Reader, raw: dict[str, Any], names: Mapping[str, str]) -> dict[str, int | Opinion | None] | None:
    inside = reader.inside(raw, "votes", "L")
    if inside is None:
        return None
    slate = raw.get("slate")
    order = [name for name in slate if type(name) is str] if isinstance(slate, list) else []
    letters = {name: f"L{number}" for number, name in enumerate(order, start=1)}
    return {name: _figure(reader, inside, name, letters.get(name, "L"), names.get(name, name)) for name in inside}


def _figure(reader: Reader, votes: dict[str, Any], name: str, letter: str, full_name: str) -> int | Opinion | None:
    value = votes[name]
    if type(value) is int and value in POSSIBLE:
        return value
    who = plain(full_name)
    if not isinstance(value, dict):
        return reader.whole(votes, name, f"số phiếu của {who}", letter)
    return Opinion(
        agree=reader.whole(value, "agree", f"số phiếu đồng ý với {who}", letter),
        disagree=reader.whole(value, "disagree", f"số phiếu không đồng ý với {who}", letter),
    )
