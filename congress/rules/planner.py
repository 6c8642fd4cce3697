"""Who represents the superior at which congress: clashes, load, and a proposal that people change or accept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

Half = tuple[date, bool]
"""A day and whether it is the afternoon: nobody is at two congresses in one."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A congress to be attended. ``half`` is None while its day is open; ``followers`` follow that branch already.

    ``own``: whose branch it is: they come as its members, not for the superior.
    """

    key: int
    half: Half | None
    attended_by: tuple[int, ...] = ()
    followers: tuple[int, ...] = ()
    own: frozenset[int] = frozenset()


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

    Who follows the branch comes first, then who has the fewest, then the order given; never two in one half day, and
    nobody at the congress of their own branch.
    The meetings with the fewest people free are settled first, so that a busy day does not run out of them.
    """
    taken: set[tuple[int, Half | None]] = {
        (person, meeting.half) for meeting in meetings for person in meeting.attended_by if meeting.half
    }
    count = load(meetings, people)
    order = {person: number for number, person in enumerate(people)}
    waiting = [one for one in meetings if not one.attended_by]
    chosen: dict[int, int] = {}
    for half, meeting, free in _tightest_first(waiting, people, taken):
        followers = set(meeting.followers)
        free = [person for person in free if person not in meeting.own]
        if not free:
            continue
        person = min(free, key=lambda one: (one not in followers, count[one], order[one]))
        chosen[meeting.key] = person
        taken.add((person, half))
        count[person] += 1
    return Proposal(chosen, tuple(one.key for one in waiting if one.key not in chosen))


def _tightest_first(
    waiting: Iterable[Meeting], people: Sequence[int], taken: set[tuple[int, Half | None]]
) -> Iterator[tuple[Half, Meeting, list[int]]]:
    """Dated meetings with those free for them, of the half day with the fewest free first; ``taken`` may grow between.

    Whoever is free in a half day is free for all its meetings but that of their own branch, so that halves are compared
    and not meetings; those where somebody is at home come first in theirs.
    """
    halves: dict[Half, list[Meeting]] = {}
    for one in sorted(waiting, key=lambda one: (bool(one.own), -one.key)):
        if one.half is not None:
            halves.setdefault(one.half, []).append(one)
    free = {half: [person for person in people if (person, half) not in taken] for half in halves}
    while open_halves := [half for half, meetings in halves.items() if meetings and free[half]]:
        half = min(open_halves, key=lambda one: (len(free[one]), one))
        yield half, halves[half].pop(), free[half]
        free[half] = [person for person in free[half] if (person, half) not in taken]
