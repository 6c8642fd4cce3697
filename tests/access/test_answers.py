"""Everybody is answered as the policies say: the part of the matrix that is asked on every push."""

from __future__ import annotations

import pytest

from elections.matrix.cells import BY_LINK
from elections.matrix.expected import Answer
from elections.matrix.places import IDENTITIES
from tests.access.asking import ADDRESSES, ANYBODYS, CELLS, ONE_IN, faults, kind_of_answer, sample, share_of, told_apart

PARTS = 4


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_reaches_what_the_policies_say_and_nothing_else(matrix, part):
    asked = sample(CELLS)

    assert asked
    assert faults(matrix, asked[part::PARTS]) == []


def test_every_address_is_asked_by_everybody_for_every_kind_of_answer():
    always = told_apart(CELLS, kind_of_answer)

    decided = [cell for cell in always if cell.expected not in ANYBODYS]
    assert {(cell.address.name, cell.identity) for cell in decided} == {
        (one.name, identity) for one in ADDRESSES if BY_LINK not in one.pattern for identity in IDENTITIES
    }
    assert {kind_of_answer(cell) for cell in always} == {kind_of_answer(cell) for cell in CELLS}
    assert {cell.expected for cell in always} == set(Answer)


def test_what_else_is_asked_is_one_in_forty_and_changes_with_the_seed():
    asked = [[one for one in CELLS if share_of(one, day) % ONE_IN == 0] for day in ("2026-11-22", "2026-11-23")]

    assert asked[0] != asked[1]
    assert all(len(CELLS) / 50 < len(one) < len(CELLS) / 32 for one in asked)
