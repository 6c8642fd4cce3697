"""Each row of a roll beside the people who are known: the same, a new one, or somebody has to say which.

The same person: the same name (case, NFC/NFD and the code of Đ do not count, tone marks do) with the same day of birth,
or the same card number with the same name. What only looks alike is never decided here: in one branch that is every
other bearer of the name, whatever the dates, and of a name that differs in its marks alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from organizations.importing.cells import shown
from organizations.importing.rolls import ROLL
from organizations.importing.rowreading import Entry, Problem
from organizations.rules import particulars
from organizations.rules.names import code_of_d, fold, same_spelling

COMPARED = (
    "full_name", "gender", "born_on", "job", "admitted_on", "official_on", "joined_on", "card_number", "ethnicity",
    "religion", "native_place", "residence", "education", "political_level", "languages", "is_planned_cadre",
    "classification", "awards", "retires_on", "phone",
)  # fmt: skip


class Outcome(StrEnum):
    """What becomes of one row. The four of ``COUNTED`` add up to the rows that were read."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class Choice(StrEnum):
    """What a person said about somebody who looks alike."""

    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True)
class Known:
    """Somebody in the database, or in a row above. ``gone``: no longer on that roll."""

    pk: int | None
    branch_id: int
    branch: str
    values: Mapping[str, Any]
    gone: bool = False
    row: int | None = None
    spelled: str = field(init=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "spelled", same_spelling(self.values["full_name"]))


@dataclass(slots=True)
class Judged:
    """One row with what becomes of it. ``alike``: who must be told apart by a person."""

    entry: Entry
    outcome: Outcome
    branch_id: int | None = None
    branch: str = ""
    member_id: int | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    alike: Known | None = None
    choice: Choice | None = None

    def refuse(self, column: str, value: object, reason: str) -> None:
        self.entry.problems.append(Problem(column, shown(value)[:200], reason))
        self.outcome = Outcome.REFUSED


def judge(
    entries: Iterable[Entry],
    branches: Mapping[str, tuple[int, str]],
    known: Iterable[Known],
    choices: Mapping[str, str],
    *,
    only_branch: tuple[int, str] | None = None,
) -> list[Judged]:
    """Every entry with its outcome, in the order of the file.

    ``branches``: folded name or code → (id, name), with id 0 for a name that several bear; ``only_branch``: the roll
    of one branch, whose entries need not name it; ``choices``: place of the row → ``Choice``.
    """
    return _Judge(branches, known, choices, only_branch).all(entries)


class _Judge:
    def __init__(
        self,
        branches: Mapping[str, tuple[int, str]],
        known: Iterable[Known],
        choices: Mapping[str, str],
        only_branch: tuple[int, str] | None,
    ) -> None:
        self.branches = branches
        self.choices = choices
        self.only_branch = only_branch
        self.by_birth: dict[tuple[str, date | None], list[Known]] = defaultdict(list)
        self.by_branch: dict[tuple[int, str], list[Known]] = defaultdict(list)
        self.by_card: dict[str, list[Known]] = defaultdict(list)
        self.taken: dict[int, int] = {}
        self.refused: dict[str, list[Known]] = defaultdict(list)
        for one in known:
            self.remember(one)

    def remember(self, one: Known) -> None:
        name = fold(one.values["full_name"])
        self.by_birth[name, one.values.get("born_on")].append(one)
        if not one.gone:
            self.by_branch[one.branch_id, name].append(one)
        if one.values.get("card_number"):
            self.by_card[_card(one.values["card_number"])].append(one)

    def all(self, entries: Iterable[Entry]) -> list[Judged]:
        return [self.one(entry) for entry in entries]

    def one(self, entry: Entry) -> Judged:
        judged = Judged(entry, Outcome.CREATED)
        self.place(judged)
        if entry.problems:
            judged.outcome = Outcome.REFUSED
            self.tell_of_doubles(judged)
            return judged
        match, alike = self.find(judged)
        if match is None and alike is not None:
            judged.alike = alike
            match = self.decided(judged, alike)
        if judged.outcome is not Outcome.REFUSED:
            self.settle(judged, match)
        return judged

    def tell_of_doubles(self, judged: Judged) -> None:
        """A refused row that looks like another row says so too, that both are mended in one go."""
        values, row = judged.entry.values, judged.entry.raw.row
        name, born = fold(values.get("full_name") or ""), values.get("born_on")
        if not name:
            return
        rows = [*self.refused[name], *(one for one in self.by_branch[judged.branch_id or 0, name] if one.row)]
        found = next((one for one in rows if born is None or one.values.get("born_on") in (None, born)), None)
        self.refused[name].append(Known(None, judged.branch_id or 0, judged.branch, values, row=row))
        if found is not None:
            mine, theirs = (called(one["full_name"]) for one in (values, found.values))
            judged.refuse(
                ROLL.label("full_name"),
                mine,
                f"Giống dòng {found.row}, đồng chí {theirs}. Cùng một người thì chỉ để một dòng.",
            )

    # ---- the branch ----

    def place(self, judged: Judged) -> None:
        entry = judged.entry
        named = entry.branch or (entry.raw.section if "chi bo" in fold(entry.raw.section) else "")
        if self.only_branch and (not entry.branch or _means(entry.branch, self.only_branch[1])):
            judged.branch_id, judged.branch = self.only_branch
            return None
        if not named:
            return judged.refuse(
                ROLL.label("branch"), "", "Không biết đồng chí thuộc chi bộ nào. Thêm cột “Chi bộ” và ghi tên chi bộ."
            )
        found = self.branches.get(fold(named)) or self.branches.get(fold(f"chi bộ {named}"))
        if found is None:
            reason = "Không có chi bộ này trong phạm vi nhập. Ghi đúng tên hoặc mã chi bộ như trên hệ thống."
            return judged.refuse(ROLL.label("branch"), named, reason)
        if found[0] == 0:
            return judged.refuse(
                ROLL.label("branch"), named, "Có nhiều chi bộ cùng tên này. Ghi mã chi bộ thay cho tên."
            )
        judged.branch_id, judged.branch = found
        return None

    # ---- who it is ----

    def find(self, judged: Judged) -> tuple[Known | None, Known | None]:
        """(the person themselves, somebody who looks alike)."""
        values = judged.entry.values
        name, spelled = fold(values["full_name"]), same_spelling(values["full_name"])
        born, card, admitted = values.get("born_on"), values.get("card_number"), values.get("admitted_on")
        bearers = self.by_card.get(_card(card), []) if card else []
        of_the_day = self.by_birth.get((name, born), []) if born else []
        for one in (*bearers, *of_the_day):
            if one.branch_id == judged.branch_id and not one.gone and one.spelled == spelled:
                if one in bearers or not _cards_differ(card, one):
                    return one, None
        of_the_branch = self.by_branch.get((judged.branch_id or 0, name), [])
        here = [one for one in of_the_branch if one.spelled == spelled]
        without_birth = [one for one in here if _cannot_be_told(one, born, admitted)]
        if born is None and len(without_birth) == 1 and without_birth[0].values.get("born_on") is None:
            return without_birth[0], None
        of_one_admission = [one for one in here if admitted and one.values.get("admitted_on") == admitted]
        others = (one for one in (*here, *of_the_branch) if one.pk not in self.taken)
        return None, next(iter((*bearers, *of_the_day, *without_birth, *of_one_admission, *others)), None)

    def decided(self, judged: Judged, alike: Known) -> Known | None:
        """What the person said; unsaid, the row is refused with the question."""
        choice = self.choices.get(judged.entry.place)
        if choice == Choice.OTHER:
            judged.choice = Choice.OTHER
            return None
        value = judged.entry.values["full_name"]
        who = called(alike.values["full_name"]) + (f" (dòng {alike.row})" if alike.row else "")
        if choice == Choice.SAME:
            judged.choice = Choice.SAME
            if alike.row:
                judged.refuse(ROLL.label("full_name"), value, f"Trùng dòng {alike.row} của tệp; chỉ nhập một dòng.")
            elif alike.gone or alike.branch_id != judged.branch_id:
                where = f"đã rời {alike.branch}" if alike.gone else f"đang sinh hoạt tại {alike.branch}"
                judged.refuse(
                    ROLL.label("full_name"),
                    value,
                    f"Đồng chí {who} {where}. Ghi việc chuyển sinh hoạt trên trang của đồng chí.",
                )
            else:
                return alike
            return None
        judged.refuse(
            ROLL.label("full_name"),
            value,
            f"Có thể là đồng chí {who} đã có tại {alike.branch}. "
            "Xem hai bên rồi chọn “Cùng một người” hoặc “Người khác”.",
        )
        return None

    # ---- what is written ----

    def settle(self, judged: Judged, match: Known | None) -> None:
        values, entry = judged.entry.values, judged.entry
        if match is None:
            row = Known(None, judged.branch_id or 0, judged.branch, values, row=entry.raw.row)
            self.remember(row)
            return
        if match.row:
            judged.refuse(ROLL.label("full_name"), values["full_name"], _double_of(match.row, values, match.values))
            return
        if match.pk in self.taken:
            row_before = self.taken[match.pk]
            judged.refuse(ROLL.label("full_name"), values["full_name"], f"Trùng dòng {row_before} của tệp.")
            return
        self.taken[match.pk or 0] = entry.raw.row
        judged.member_id = match.pk
        judged.changes = {
            key: (match.values.get(key), values[key])
            for key in COMPARED
            if values.get(key) is not None and values[key] != match.values.get(key)
        }
        if code_of_d(values["full_name"]) and not code_of_d(match.values["full_name"]):
            judged.changes.pop("full_name", None)  # a worse code of the same letter mends nothing
        judged.outcome = Outcome.UPDATED if judged.changes else Outcome.UNCHANGED
        if not judged.changes:
            return
        for fault in _after_the_change(match, judged):
            judged.refuse(*fault)


def called(full_name: str) -> str:
    """The name; with the code of a letter that only looks like Đ, which nobody sees."""
    return full_name + code_of_d(full_name)


def _double_of(row: int, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
    """Two that are spelled alike may still differ in the code of Đ: then it says so."""
    differ = mine["full_name"] != theirs["full_name"]
    code = (code_of_d(mine["full_name"]) or code_of_d(theirs["full_name"])) if differ else ""
    return f"Trùng dòng {row} của tệp{code}."


def _after_the_change(match: Known, judged: Judged) -> list[tuple[str, object, str]]:
    """The rules hold for what is kept and what is new together."""
    together = {
        key: judged.entry.values.get(key) or match.values.get(key) for key in ("born_on", "admitted_on", "official_on")
    }
    found = particulars.problems(judged.entry.values["full_name"], **together)
    return [(ROLL.label(key), together.get(key), reason) for key, reason in found.items()]


def _means(named: str, branch: str) -> bool:
    """ "Văn phòng Sở" in the roll of "Chi bộ Văn phòng Sở"; another name is somebody else's roll."""
    short, whole = sorted((fold(named), fold(branch)), key=len)
    return f" {short} " in f" {whole} "


def _card(number: str) -> str:
    return "".join(sign for sign in number if sign.isalnum()).casefold()


def _cards_differ(card: str | None, one: Known) -> bool:
    known = one.values.get("card_number")
    return bool(card and known and _card(card) != _card(known))


def _cannot_be_told(one: Known, born: date | None, admitted: date | None) -> bool:
    """No day of birth on one side to tell two of one name apart; other days of admission do."""
    other = one.values.get("admitted_on")
    return (born is None or one.values.get("born_on") is None) and not (admitted and other and admitted != other)


def counts(judged: Iterable[Judged]) -> dict[str, int]:
    """Rows by outcome; together they are the rows that were read."""
    found = {outcome.value: 0 for outcome in Outcome}
    for one in judged:
        found[one.outcome.value] += 1
    return found
