"""What has not been entered yet. Blank is not zero: every blank is a finding with the letter of its field."""

from __future__ import annotations

from collections.abc import Iterator

from congress.rules.findings import Finding
from elections.rules.case import Ballots, Case, Opinion
from elections.rules.catalogue import finding

BALLOT_FIELDS = (
    ("issued", "E", "số phiếu phát ra"),
    ("returned", "G", "số phiếu thu về"),
    ("valid", "H", "số phiếu hợp lệ"),
    ("invalid", "K", "số phiếu không hợp lệ"),
)


def blanks(case: Case) -> tuple[Finding, ...]:
    """Blank and negative figures of a case built in code; a case read from JSON has these reported already."""
    return (*_setting(case), *_slate(case), *_count(case), *_negative(case))


def _setting(case: Case) -> Iterator[Finding]:
    if case.held_on is None and case.regime is None:
        yield finding("F112")
    for value, label in ((case.office, "chức danh"), (case.seats, "số lượng cần bầu"), (case.kind, "loại bầu")):
        if value is None:
            yield finding("F110", what=label)
    if case.ballot_round is None:
        yield finding("F110", what="lần bầu")
    if case.electorate is None:
        yield finding("F110", "A", what="số đảng viên triệu tập")
    elif case.electorate.present is None:
        yield finding("F110", "D", what="số đảng viên có mặt")


def _slate(case: Case) -> Iterator[Finding]:
    if not case.slate:
        yield finding("F301")
    seen: set[str] = set()
    for name in case.slate:
        if not name:
            yield finding("F303")
        elif name in seen:
            yield finding("F302", name=case.name_of(name))
        seen.add(name)


def _count(case: Case) -> Iterator[Finding]:
    if case.papers is not None:
        if case.ballots is not None or case.votes is not None:
            yield finding("F109")
        if case.issued is None:
            yield finding("F110", "E", what="số phiếu phát ra")
        return
    ballots = case.ballots or Ballots()
    for name, letter, label in BALLOT_FIELDS:
        if getattr(ballots, name) is None:
            yield finding("F110", letter, what=label)
    if ballots.pending:
        yield finding("F110", "H", what="kết luận của ban kiểm phiếu về phiếu còn nghi vấn")
    votes = case.votes
    if votes is None:
        yield finding("F110", "L", what="số phiếu của từng người")
        return
    for number, name in enumerate(case.slate, start=1):
        figure = votes.get(name, 0)
        if figure is None or (isinstance(figure, Opinion) and None in (figure.agree, figure.disagree)):
            yield finding("F110", f"L{number}", what=f"số phiếu của {case.name_of(name)}")


def _negative(case: Case) -> Iterator[Finding]:
    ballots = case.ballots or Ballots()
    figures: list[tuple[str, int | None]] = [(label, getattr(ballots, name)) for name, _, label in BALLOT_FIELDS]
    figures += [("số phiếu phát ra", case.issued)]
    for name, figure in (case.votes or {}).items():
        parts = (figure.agree, figure.disagree) if isinstance(figure, Opinion) else (figure,)
        figures += [(f"số phiếu của {case.name_of(name)}", part) for part in parts]
    for label, figure in figures:
        if figure is not None and figure < 0:
            yield finding("F104", what=label, found=figure)
