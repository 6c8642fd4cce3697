"""Six figures read off the signed minutes against the sealed result."""

from __future__ import annotations

from typing import Any

import pytest

from elections.rules.signed_paper import KEY_FIGURES, differing_figures, key_figures

BALLOTS = {"issued": 12, "returned": 11, "valid": 10, "invalid": 1}
SEALED: dict[str, Any] = {"ballots": BALLOTS, "votes": {"1": 9, "2": 7, "3": 4}, "elected": ["1", "2"]}
BY_AGREEMENT = {**SEALED, "votes": {"1": {"agree": 3, "disagree": 7}}, "elected": []}
READ = {**BALLOTS, "most": 9, "elected": 2}


@pytest.mark.rule("E-60")
def test_the_six_are_the_ballots_the_highest_vote_and_how_many_are_elected():
    assert key_figures(SEALED) == READ
    assert key_figures(BY_AGREEMENT) == {**BALLOTS, "most": 3, "elected": 0}
    assert len(KEY_FIGURES) == 6


@pytest.mark.rule("E-60")
def test_six_figures_as_sealed_do_not_differ():
    assert differing_figures(READ, SEALED) == ()


@pytest.mark.rule("E-60")
@pytest.mark.parametrize("name", KEY_FIGURES)
@pytest.mark.parametrize("by", [-1, 1])
def test_each_figure_that_is_off_by_one_is_named(name, by):
    assert differing_figures({**READ, name: READ[name] + by}, SEALED) == (name,)


@pytest.mark.rule("E-60")
def test_two_figures_exchanged_are_both_named_in_the_order_of_the_paper():
    assert differing_figures({**READ, "valid": 1, "invalid": 10}, SEALED) == ("valid", "invalid")


@pytest.mark.rule("E-60")
def test_a_figure_not_read_differs():
    assert differing_figures({key: value for key, value in READ.items() if key != "most"}, SEALED) == ("most",)
