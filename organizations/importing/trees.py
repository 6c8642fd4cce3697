"""A tree of organizations in a list: each row names its superior by code or by name; superiors may stand below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from organizations.importing import cells
from organizations.importing.cells import Reading, Unreadable, shown
from organizations.importing.columns import Header, dictionary
from organizations.importing.comparing import Judged, Outcome
from organizations.importing.rowreading import Entry, Problem, RowReader
from organizations.importing.rows import Raw
from organizations.rules import placement
from organizations.rules.names import fold, same_spelling

TREE = dictionary(
    """
number | Số thứ tự | stt, tt, so tt, so thu tu
code | Mã | ma, ma to chuc, ma chi bo, ma so, ma don vi, ky ma hieu
name | Tên tổ chức | ten, ten to chuc, to chuc dang, ten to chuc dang, ten chi bo, ten dang bo, chi bo, to chuc,
    ten chi bo dang bo, don vi
parent | Cấp trên trực tiếp | cap tren, cap tren truc tiep, truc thuoc, ma cap tren, ten cap tren, thuoc, dang bo,
    dang bo cap tren, to chuc cap tren
node_type | Loại hình | loai hinh, loai, loai to chuc, loai hinh to chuc
symbol | Ký hiệu văn bản | ky hieu, ky hieu van ban
place | Địa danh | dia danh, noi dong, dia ban
committee_name | Tên cấp ủy | ten cap uy, cap uy
sector | Khối công tác | khoi cong tac, khoi, linh vuc
founded_on | Ngày thành lập | ngay thanh lap, thanh lap ngay, thanh lap
founding_decision | Quyết định thành lập | quyet dinh, quyet dinh thanh lap, so quyet dinh
    """,
    required=[("name",)],
    enough=2,
)
FILLED_IN = ("symbol", "place", "committee_name", "sector", "founded_on", "founding_decision")
"""What an organization that is there may still lack; its name, kind and superior change by an act on the tree."""
COMMITTEES = ("grassroots", "upper", "bloc", "province", "central")


@dataclass(frozen=True, slots=True)
class Words:
    """What the cells of a kind or a sector may say: value → label. ``labels`` of kinds are those of the product."""

    kinds: Mapping[str, str]
    sectors: Mapping[str, str]


@dataclass(slots=True)
class Body:
    """An organization that is there (``pk``), or a row that will make one."""

    name: str
    node_type: str
    code: str = ""
    pk: int | None = None
    parent: Body | None = None
    row: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    closed: bool = False


def entry(raw: Raw, header: Header, reading: Reading, limits: Mapping[str, int], words: Words) -> Entry:
    row = _Row(raw, header, reading, limits)
    for key in header.columns.values():
        if key == "node_type":
            continue
        reader = {"founded_on": cells.day, "sector": lambda value, on: _choice(value, on, words.sectors)}.get(key)
        row.entry.values[key] = row.cell(key, reader)
    row.entry.values.pop("number", None)
    kind = row.cells.get("node_type")
    row.entry.values["node_type"] = row.cell("node_type", lambda value, on: _kind(value, on, words.kinds))
    if kind is None or row.entry.values["node_type"] is None:
        row.entry.values.pop("node_type", None)
    if not row.entry.values.get("name"):
        row.refuse("name", "Ghi tên tổ chức.")
    return row.entry


class _Row(RowReader):
    dictionary = TREE


def _choice(value: Any, reading: Reading, labels: Mapping[str, str]) -> str:
    word = fold(cells.text(value, reading))
    known = {fold(label): key for key, label in labels.items()}
    if word in known or not word:
        return known.get(word, "")
    raise Unreadable(f"Ghi một trong: {', '.join(labels.values())}.")


def _kind(value: Any, reading: Reading, labels: Mapping[str, str]) -> str:
    """A kind, or "branch?" and "committee?" for "Chi bộ" and "Đảng bộ": which of them, the superior says."""
    word = fold(cells.text(value, reading))
    known = {fold(label): key for key, label in labels.items()} | {"chi bo": "branch?", "dang bo": "committee?"}
    if word in known:
        return known[word]
    raise Unreadable(f"Ghi một trong: Chi bộ, {', '.join(labels.values())}.")


def judge(entries: Iterable[Entry], root: Body, there: Iterable[Body], words: Words) -> list[Judged]:
    """Every row with its outcome; ``values`` then hold the kind found and the superior as ``Body`` under "above"."""
    return _Judge(root, there, words).all(list(entries))


class _Judge:
    def __init__(self, root: Body, there: Iterable[Body], words: Words) -> None:
        self.root = root
        self.words = words
        self.by_code: dict[str, Body] = {}
        self.by_name: dict[str, list[Body]] = defaultdict(list)
        self.makers: dict[int, Judged] = {}
        self.bodies: dict[str, Body] = {}
        self.under_way: set[str] = set()
        self.settled: set[str] = set()
        for body in (root, *there):
            self.remember(body)

    def remember(self, body: Body) -> None:
        if body.code:
            self.by_code.setdefault(fold(body.code), body)
        self.by_name[fold(body.name)].append(body)

    def all(self, entries: list[Entry]) -> list[Judged]:
        judged = [Judged(entry, Outcome.CREATED) for entry in entries]
        of_file: dict[str, Judged] = {}
        for one in judged:
            self.meet(one, of_file)
        for one in judged:
            self.settle(one)
        return judged

    def meet(self, one: Judged, of_file: dict[str, Judged]) -> None:
        """Find the organization that the row is about, or note the one it makes."""
        values = one.entry.values
        if one.entry.problems:
            one.outcome = Outcome.REFUSED
            return
        code = values.get("code") or ""
        if code and fold(code) in of_file:
            return one.refuse("Mã", code, f"Mã trùng dòng {of_file[fold(code)].entry.raw.row} của tệp.")
        if code:
            of_file[fold(code)] = one
        body = self.by_code.get(fold(code)) if code else self.namesake(values)
        if body is None or body.row:
            body = Body(values["name"], values.get("node_type", ""), code, row=one.entry.raw.row, values=values)
            self.remember(body)
            self.makers[id(body)] = one
        self.bodies[one.entry.place] = body
        return None

    def namesake(self, values: Mapping[str, Any]) -> Body | None:
        """A row without code is the organization of its name, where there is one and only one."""
        known = [one for one in self.by_name[fold(values["name"])] if one.pk is not None]
        return known[0] if len(known) == 1 else None

    def above(self, one: Judged) -> Body | None:
        named = one.entry.values.get("parent")
        if not named:
            return self.root
        by_code = self.by_code.get(fold(named))
        if by_code is not None:
            return by_code
        bearers = self.by_name.get(fold(named), [])
        if len(bearers) == 1:
            return bearers[0]
        reason = (
            "Có nhiều tổ chức cùng tên này. Ghi mã thay cho tên."
            if bearers
            else "Không có tổ chức này trong tệp và trên hệ thống."
        )
        one.refuse("Cấp trên trực tiếp", named, reason)
        return None

    def settle(self, one: Judged) -> None:
        """The superior first, however far below it stands; a circle is refused."""
        place = one.entry.place
        if one.outcome is Outcome.REFUSED or place in self.settled:
            return None
        if place in self.under_way:
            one.refuse(
                "Cấp trên trực tiếp", one.entry.values.get("parent"), "Các tổ chức là cấp trên của nhau theo vòng tròn."
            )
            return None
        self.under_way.add(place)
        if self.bodies.get(place) is self.root:  # the list begins with the organization it is put below
            self.settled.add(place)
            self.under_way.discard(place)
            return self.compare(one, self.root, self.root)
        above = self.above(one)
        if above is not None and above.row and self.bodies.get(place) is not above:
            maker = self.makers.get(id(above))
            if maker is not None:
                self.settle(maker)
                if maker.outcome is Outcome.REFUSED and one.outcome is not Outcome.REFUSED:
                    one.refuse("Cấp trên trực tiếp", above.name, f"Cấp trên ở dòng {maker.entry.raw.row} bị trả lại.")
        self.under_way.discard(place)
        self.settled.add(place)
        if above is None or one.outcome is Outcome.REFUSED:
            return None
        body = self.bodies[place]
        if body is above:
            return one.refuse("Cấp trên trực tiếp", above.name, "Tổ chức không thể là cấp trên của chính mình.")
        if body.pk is not None:
            self.compare(one, body, above)
        else:
            self.found(one, body, above)
        return None

    def compare(self, one: Judged, body: Body, above: Body) -> None:
        """What is there keeps its name, kind and superior; what it lacks is filled in."""
        values = one.entry.values
        one.member_id, one.branch = body.pk, body.name
        kind = values.get("node_type", "")
        if same_spelling(values["name"]) != same_spelling(body.name):
            return one.refuse(
                "Tên tổ chức", values["name"], f"Mã này là của {body.name}. Ghi việc đổi tên trên trang của tổ chức."
            )
        if values.get("parent") and body is not self.root and body.parent is not above:
            held = body.parent.name if body.parent else "không có"
            return one.refuse(
                "Cấp trên trực tiếp", values["parent"], f"Trên hệ thống cấp trên là {held}. Ghi việc chuyển cấp trên."
            )
        if kind and not kind.endswith("?") and kind != body.node_type:
            label = self.words.kinds[body.node_type]
            return one.refuse(
                "Loại hình", self.words.kinds[kind], f"Trên hệ thống là {label}. Ghi việc chuyển loại hình."
            )
        for key in FILLED_IN:
            new, old = values.get(key), body.values.get(key)
            if new is None or new == old:
                continue
            if old:
                return one.refuse(TREE.label(key), new, f"Trên hệ thống đã ghi “{shown(old)}”. Sửa tệp cho khớp.")
            one.changes[key] = (old, new)
        one.outcome = Outcome.UPDATED if one.changes else Outcome.UNCHANGED
        return None

    def found(self, one: Judged, body: Body, above: Body) -> None:
        values = one.entry.values
        if above.closed:
            return one.refuse("Cấp trên trực tiếp", above.name, f"{above.name} đã kết thúc hoạt động.")
        same = [other for other in self.by_name[fold(body.name)] if other is not body and other.parent is above]
        if same:
            where = f"dòng {same[0].row} của tệp" if same[0].row else "hệ thống"
            return one.refuse("Tên tổ chức", body.name, f"{above.name} đã có tổ chức cùng tên ở {where}.")
        kind = _whole_kind(values.get("node_type") or _kind_of_name(body.name), above.node_type)
        if not kind:
            return one.refuse("Loại hình", body.name, "Không biết loại hình. Thêm cột “Loại hình”.")
        fault = placement.why_not(
            kind,
            above.node_type,
            labels=self.words.kinds,
            on=values.get("founded_on"),
            sector=values.get("sector") or "",
        )
        if fault:
            return one.refuse("Loại hình", self.words.kinds[kind], fault)
        body.parent, body.node_type = above, kind
        values |= {"node_type": kind, "above": body.parent, "body": body}
        one.branch = above.name
        return None


def _kind_of_name(name: str) -> str:
    """The kind that a name begins with."""
    word = fold(name)
    for beginning, kind in (
        ("dang bo bo phan", "subdivision"),
        ("chi bo", "branch?"),
        ("dang bo", "committee?"),
        ("to dang", "team"),
    ):
        if word.startswith(beginning):
            return kind
    return ""


def _whole_kind(kind: str, above: str) -> str:
    if kind == "branch?":
        return "branch" if above in ("grassroots", "subdivision") else "grassroots_branch"
    if kind == "committee?":
        return {"grassroots": "subdivision", "upper": "grassroots", "bloc": "grassroots", "province": "upper"}.get(
            above, ""
        )
    return kind


def order_of_founding(judged: Iterable[Judged]) -> list[Judged]:
    """Those to be made, superiors first."""
    new = [one for one in judged if one.outcome is Outcome.CREATED]
    return sorted(new, key=lambda one: _depth(one.entry.values["body"]))


def _depth(body: Body) -> int:
    depth = 0
    while body.parent is not None and body.row:
        body, depth = body.parent, depth + 1
    return depth


__all__ = ["TREE", "Body", "Problem", "Words", "entry", "judge", "order_of_founding"]
