"""Who represents the superior at which congress: clashes, load, and a proposal that people change or accept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

Half = tuple[date, bool]
"""A day and whether it is the afternoon: nobody is at two congresses in one."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A congress to be attended. ``half`` is None while its day is open; ``followers`` follow that branch already."""

    key: int
    half: Half | None
    attended_by: tuple[int, ...] = ()
    followers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """``chosen``: meeting → person; ``open``: meetings for which nobody is free, or whose day is not set."""

    chosen: Mapping[int, int]
    open: tuple[int, ...] = field(default=())


def clashes(meetings: Iterable[Meeting]) -> dict[tuple[int, Half], list[int]]:
    """(person, half day) → the meetings that person is to attend then, where there is more than one."""
    held: dict[tuple[int, Half], list[int]] = {}
    for meeting in meetings:
        for person in meeting.attended_by:
            if meeting.half is not None:
                held.setdefault((person, meeting.half), []).append(meeting.key)
    return {when: keys for when, keys in held.items() if len(keys) > 1}


def load(meetings: Iterable[Meeting], people: Collection[int]) -> dict[int, int]:
    """Person → how many congresses they are to attend; those with none count, too."""
    found = dict.fromkeys(people, 0)
    for meeting in meetings:
        for person in meeting.attended_by:
            found[person] = found.get(person, 0) + 1
    return found


def propose(meetings: Sequence[Meeting], people: Sequence[int]) -> Proposal:
    """One person for each meeting that has a day and nobody yet.

    Who follows the branch comes first, then who has the fewest, then the order given; never two in one half day.
    The meetings with the fewest people free are settled first, so that a busy day does not run out of them.
    """
    taken: set[tuple[int, Half | None]] = {
        (person, meeting.half) for meeting in meetings for person in meeting.attended_by if meeting.half
    }
    count = load(meetings, people)
    order = {person: number for number, person in enumerate(people)}
    waiting = [one for one in meetings if not one.attended_by]
    dated = [one for one in waiting if one.half is not None]
    chosen: dict[int, int] = {}
    while dated:
        free = {one.key: [person for person in people if (person, one.half) not in taken] for one in dated}
        meeting = min(dated, key=lambda one: (len(free[one.key]), one.half, one.key))
        dated.remove(meeting)
        if not free[meeting.key]:
            continue
        followers = set(meeting.followers)
        person = min(free[meeting.key], key=lambda one: (one not in followers, count[one], order[one]))
        chosen[meeting.key] = person
        taken.add((person, meeting.half))
        count[person] += 1
    return Proposal(chosen, tuple(one.key for one in waiting if one.key not in chosen))
