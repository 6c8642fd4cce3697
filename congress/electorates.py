"""Who counts in a vote now: the roll as the rules count it, and the same with names for keeping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from congress.models import Attendance, Congress
from congress.rules.bases import Assembly, Electorate
from congress.rules.majority import votes_needed
from congress.rules.quorum import Representation, representation
from congress.rules.regimes import Regime
from congress.rules.rights import Standing, counts_in_election_base
from organizations.models import MemberStanding

Presence = Attendance.Presence
Mandate = Attendance.Mandate
Kind = MemberStanding.Kind
NOBODY_WRITTEN = "chưa ghi cấp ủy viên nào chấp nhận"
BARRED = (Kind.SUSPENDED, Kind.PROSECUTED)
OF_STANDING = {
    Kind.SUSPENDED: "suspended_or_prosecuted",
    Kind.PROSECUTED: "suspended_or_prosecuted",
    Kind.TEMPORARILY_ELSEWHERE: "temporarily_elsewhere_absent",
    Kind.EXEMPT: "exempt_absent",
}
REASONS = {
    "temporarily_elsewhere_absent": "sinh hoạt tạm thời nơi khác, vắng",
    "exempt_absent": "miễn, vắng",
    "suspended_or_prosecuted": "đình chỉ, khởi tố",
    "excused_throughout": "vắng có lý do được chấp nhận",
    "convening_members_absent": "cấp ủy viên triệu tập vắng",
    "unreplaced_absent": "đại biểu vắng, không có người thay",
}
"""Figure of ``Electorate`` → why these people are deducted, in the order in which they are."""
OF_BOTH = ("temporarily_elsewhere_absent", "exempt_absent", "suspended_or_prosecuted")
"""What the base of card votes is reduced by, too (E-12)."""


def standing_in(kind: str, *, is_official: bool = True) -> Standing:
    """The class of a member (E-11) by the kind of standing that the roll holds."""
    if kind in BARRED:
        return Standing.SUSPENDED_OR_PROSECUTED
    if not is_official:
        return Standing.PROBATIONARY
    return Standing(kind) if kind in {one.value for one in Standing} else Standing.OFFICIAL


@dataclass
class Roll:
    """The lines of one congress, each known to count or to be deducted; read once, ``by_name`` with their people."""

    congress: Congress
    by_name: bool = True

    @cached_property
    def lines(self) -> list[Attendance]:
        """Those who vote where all come: official members, or every official delegate."""
        return [line for line in self._all if self._is_voter(line)]

    @cached_property
    def _all(self) -> list[Attendance]:
        if not self.by_name:
            return list(self.congress.attendances.order_by("pk"))
        rows = self.congress.attendances.select_related("member__organization", "excused_by", "marked_by")
        return list(rows.order_by("member__sort_name", "pk"))

    def _is_voter(self, line: Attendance) -> bool:
        if self.congress.is_of_delegates:
            return line.mandate != Mandate.ALTERNATE
        return line.is_official

    @cached_property
    def substitutes(self) -> dict[int, Attendance]:
        """Line of a delegate → line of the alternate who is present in this place (E-14)."""
        return {
            line.replaces_id: line
            for line in self._all
            if line.replaces_id is not None and line.presence == Presence.PRESENT
        }

    def takes_part(self, line: Attendance) -> bool:
        """Present; an exempt member who came but takes no ballot does not take part (U-19)."""
        declined = line.standing == Kind.EXEMPT and line.takes_ballot is False
        return line.presence == Presence.PRESENT and not declined

    def deduction(self, line: Attendance) -> str:
        """The figure of ``Electorate`` in which this voter is deducted; "" for who counts.

        A member of several kinds counts once: suspended first, then temporarily elsewhere, then exempt.
        """
        if self.congress.is_of_delegates:
            return "" if self.takes_part(line) else self._deduction_of_delegate(line)
        standing, excused = standing_in(line.standing), line.excused_at is not None
        if counts_in_election_base(standing, present=self.takes_part(line), excused_throughout=excused):
            return ""
        found = OF_STANDING.get(Kind(line.standing)) if line.standing in Kind.values else None
        return found or "excused_throughout"

    def _deduction_of_delegate(self, line: Attendance) -> str:
        """E-14 — Only absence throughout: who came for a part of the congress stays in the base."""
        if line.presence != Presence.ABSENT or line.arrived_at is not None or line.pk in self.substitutes:
            return ""
        return "convening_members_absent" if line.mandate == Mandate.EX_OFFICIO else "unreplaced_absent"

    @cached_property
    def deducted(self) -> dict[str, list[Attendance]]:
        """Figure → the voters deducted in it, in the order of ``REASONS``; figures of nobody are left out."""
        found: dict[str, list[Attendance]] = {figure: [] for figure in REASONS}
        for line in self.lines:
            if figure := self.deduction(line):
                found[figure].append(line)
        return {figure: lines for figure, lines in found.items() if lines}

    @cached_property
    def present(self) -> int:
        """Those who vote: present themselves, or by the alternate in their place."""
        there = sum(self.takes_part(line) for line in self.lines)
        instead = sum(line.pk in self.substitutes and not self.takes_part(line) for line in self.lines)
        return there + instead

    @property
    def taking_part(self) -> list[Attendance]:
        """The lines of those who vote: who may be elected to run the congress or to count (E-27)."""
        voters = [line for line in self.lines if self.takes_part(line)]
        there = {line.pk for line in voters}
        return voters + [line for pk, line in self.substitutes.items() if pk not in there]

    @cached_property
    def organizations(self) -> tuple[set[int], set[int]]:
        """Organizations that sent official delegates, and those of them that have one there (E-10)."""
        sent = [line for line in self.lines if line.mandate == Mandate.OFFICIAL]
        there = {line.pk for line in sent if self.takes_part(line)} | set(self.substitutes)
        called = {line.member.organization_id for line in sent}
        return called, {line.member.organization_id for line in sent if line.pk in there}

    @property
    def electorate(self) -> Electorate:
        counts = {figure: len(lines) for figure, lines in self.deducted.items()}
        return Electorate(
            summoned=len(self.lines), present=self.present, assembly=Assembly(self.congress.kind), **counts
        )


def representation_of(congress: Congress, regime: Regime) -> Representation | None:
    """Whether enough of the organizations below are represented (E-10); None where all members come."""
    if not congress.is_of_delegates:
        return None
    called, represented = Roll(congress).organizations
    return representation(len(called), len(represented), regime)


def electorate_of(congress: Congress) -> Electorate:
    """The roll of the congress as the rules count it (E-12, E-13, E-14)."""
    return Roll(congress, by_name=False).electorate


def figures_of(electorate: Electorate) -> dict[str, Any]:
    """The figures as the election engine reads them; those of delegates only where they are not zero."""
    always = ("summoned", "temporarily_elsewhere_absent", "exempt_absent", "suspended_or_prosecuted")
    found: dict[str, Any] = {name: getattr(electorate, name) for name in (*always, "excused_throughout", "present")}
    for name in ("convening_members_absent", "unreplaced_absent"):
        if count := getattr(electorate, name):
            found[name] = count
    if electorate.assembly != Assembly.MEMBERS:
        found["assembly"] = electorate.assembly.value
    return found


def electorate_snapshot(congress: Congress) -> dict[str, Any]:
    """Both bases with every deduction, the people behind it, who accepted it and when; plain JSON to keep with a vote.

    ``figures`` are what the election engine reads. Moments are ISO 8601.
    """
    roll = Roll(congress)
    electorate = roll.electorate
    standings = _standings(congress, [line for lines in roll.deducted.values() for line in lines])
    return {
        "assembly": electorate.assembly.value,
        "voter": congress.voter,
        "summoned": electorate.summoned,
        "present": electorate.present,
        "deductions": [
            {
                "figure": figure,
                "reason": REASONS[figure],
                "bases": ["resolution", "election"] if figure in OF_BOTH else ["election"],
                "people": [_person(line, figure, standings.get(line.member_id)) for line in lines],
            }
            for figure, lines in roll.deducted.items()
        ],
        "replacements": list(_replacements(roll)),
        "resolution_base": electorate.resolution_base,
        "resolution_needed": _needed(electorate.resolution_base),
        "election_base": electorate.election_base,
        "election_needed": _needed(electorate.election_base),
        "figures": figures_of(electorate),
    }


def _needed(base: int) -> int | None:
    return votes_needed(base) if base > 0 else None


def _person(line: Attendance, figure: str, standing: MemberStanding | None) -> dict[str, Any]:
    """Who it is, on what ground, who accepted it and when."""
    found: dict[str, Any] = {"line": line.pk, "member": line.member_id, "name": line.member.display_name}
    if standing is not None and figure in OF_STANDING.values():
        found |= {
            "ground": standing.ground,
            "accepted_by": standing.accepted_by,
            "accepted_at": standing.starts_on.isoformat(),
        }
        if line.presence == Presence.PRESENT:
            found |= {"note": "có mặt, không nhận phiếu", "noted_by": str(line.marked_by or "")}
        return found
    if line.excused_at is None:
        return found | {
            "ground": line.reason,
            "accepted_by": str(line.marked_by or ""),
            "accepted_at": _moment(line.marked_at),
        }
    unwritten = {} if line.accepted_by else {"note": NOBODY_WRITTEN}
    return (
        found
        | unwritten
        | {
            "ground": line.reason,
            "accepted_by": line.accepted_by or "",
            "accepted_at": line.accepted_on.isoformat() if line.accepted_on else None,
            "recorded_by": str(line.excused_by or ""),
        }
    )


def _moment(moment: datetime | None) -> str | None:
    """In Vietnam's time, whatever the database hands out."""
    return timezone.localtime(moment).isoformat() if moment else None


def _replacements(roll: Roll) -> Iterator[dict[str, Any]]:
    names = {line.pk: line for line in roll.lines}
    for pk, alternate in roll.substitutes.items():
        if pk in names and not roll.takes_part(names[pk]):
            yield {
                "delegate": names[pk].member.display_name,
                "alternate": alternate.member.display_name,
                "member": alternate.member_id,
                "accepted_by": str(alternate.marked_by or ""),
                "accepted_at": _moment(alternate.marked_at),
            }


def _standings(congress: Congress, lines: Iterable[Attendance]) -> dict[int, MemberStanding]:
    """Member id → the standing behind the line of the roll, the one that began last before the day."""
    kinds = {line.member_id: line.standing for line in lines if line.standing}
    if not kinds:
        return {}
    rows = MemberStanding.objects.filter(member__in=kinds, starts_on__lte=day_of(congress)).order_by("starts_on", "pk")
    return {row.member_id: row for row in rows if row.kind == kinds[row.member_id]}


def day_of(congress: Congress) -> date:
    """The day of the congress: opened, else planned, else today."""
    return timezone.localdate(congress.opened_at or congress.planned_for)
