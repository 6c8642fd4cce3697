"""The proposal of representatives: nobody in two places, followers first, load even, and nothing hidden."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.rules.planner import Meeting, clashes, load, propose

MORNING = (date(2022, 6, 20), False)
AFTERNOON = (date(2022, 6, 20), True)


def test_who_follows_the_branch_attends_its_congress_though_others_have_less():
    meetings = [Meeting(1, MORNING, attended_by=(7,)), Meeting(2, AFTERNOON, followers=(7,))]

    assert propose(meetings, [7, 8]).chosen == {2: 7}


def test_nobody_is_proposed_for_two_places_in_one_half_day():
    found = propose([Meeting(1, MORNING), Meeting(2, MORNING), Meeting(3, MORNING)], [7, 8])

    assert set(found.chosen.values()) == {7, 8}
    assert len(found.open) == 1


def test_a_congress_without_a_day_stays_open():
    assert propose([Meeting(1, None)], [7]).open == (1,)


def test_what_people_have_assigned_is_left_alone():
    assert propose([Meeting(1, MORNING, attended_by=(9,))], [7, 8]).chosen == {}


def test_with_nobody_at_hand_everything_stays_open():
    assert propose([Meeting(1, MORNING)], []).open == (1,)


@pytest.mark.parametrize(
    ("halves", "clash"),
    [((MORNING, MORNING), True), ((MORNING, AFTERNOON), False), ((None, None), False)],
    ids=["the same half day", "morning and afternoon", "no day yet"],
)
def test_a_clash_is_two_congresses_in_one_half_day(halves, clash):
    meetings = [Meeting(number, half, attended_by=(7,)) for number, half in enumerate(halves)]

    assert bool(clashes(meetings)) is clash


def test_the_load_counts_those_with_nothing_too():
    assert load([Meeting(1, MORNING, attended_by=(7,))], [7, 8]) == {7: 1, 8: 0}


DAYS = st.one_of(
    st.none(), st.tuples(st.integers(0, 4).map(lambda n: date(2022, 6, 20) + timedelta(days=n)), st.booleans())
)


@given(
    halves=st.lists(DAYS, max_size=30),
    people=st.lists(st.integers(1, 9), unique=True, max_size=6),
)
def test_every_meeting_is_settled_or_named_and_no_two_collide(halves, people):
    meetings = [Meeting(key, half) for key, half in enumerate(halves)]

    found = propose(meetings, people)

    assert set(found.chosen) | set(found.open) == {one.key for one in meetings}
    assert not set(found.chosen) & set(found.open)
    pairs = Counter((person, halves[key]) for key, person in found.chosen.items())
    assert all(count == 1 for count in pairs.values())
    for key in found.open:
        if halves[key] is not None:
            assert all((person, halves[key]) in pairs for person in people)


EVENING_BEFORE = (date(2022, 6, 19), True)
DAY_AFTER = (date(2022, 6, 21), False)


@pytest.mark.parametrize(
    ("meetings", "chosen"),
    [
        ([Meeting(1, MORNING, attended_by=(7,)), Meeting(2, MORNING)], {2: 8}),
        ([Meeting(1, MORNING), Meeting(2, AFTERNOON), Meeting(3, DAY_AFTER)], {1: 7, 2: 8, 3: 7}),
        (
            [
                Meeting(1, EVENING_BEFORE, attended_by=(7,)),
                Meeting(2, EVENING_BEFORE, attended_by=(7,)),
                *(Meeting(key, half) for key, half in enumerate((MORNING, AFTERNOON, DAY_AFTER), start=3)),
            ],
            {3: 8, 4: 8, 5: 7},
        ),
        ([Meeting(1, MORNING), Meeting(2, AFTERNOON), Meeting(3, AFTERNOON, attended_by=(7,))], {1: 7, 2: 8}),
    ],
    ids=[
        "who attends another one then is not free",
        "by turns in the order given",
        "who has fewer until both have as many",
        "the half day with fewer people free first",
    ],
)
def test_the_proposal_is_even(meetings, chosen):
    assert propose(meetings, [7, 8]).chosen == chosen


def test_of_one_half_day_the_first_congress_gets_who_is_left():
    assert propose([Meeting(2, MORNING), Meeting(1, MORNING)], [7]).chosen == {1: 7}


def test_the_load_counts_those_of_another_committee_too():
    assert load([Meeting(1, MORNING, attended_by=(9,))], [7]) == {7: 0, 9: 1}


def test_nobody_represents_the_superior_at_the_congress_of_their_own_branch():
    morning = (date(2022, 6, 1), False)
    meetings = [
        Meeting(1, morning),
        Meeting(2, morning, followers=(7,), own=frozenset({7})),
        Meeting(3, (date(2022, 6, 2), False), own=frozenset({7, 8})),
    ]

    found = propose(meetings, [7, 8])

    assert found.chosen == {1: 7, 2: 8}
    assert found.open == (3,)
