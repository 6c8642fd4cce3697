"""The worlds other tests stand on: every stage of a congress is reached by the services alone."""

from __future__ import annotations

import pytest

from accounts import audit
from tests.factories import STAGES, congress_at

OF_ROUND = ("slate_fixed", "counting", "counted", "sealed")


@pytest.mark.django_db
@pytest.mark.parametrize("stage", STAGES)
def test_a_congress_reaches_the_stage(stage: str) -> None:
    world = congress_at(stage)
    if stage in OF_ROUND:
        assert (world.congress.state, world.round.state) == ("sitting", stage)
    else:
        assert world.congress.state == stage
    assert audit.verify_chain() == []


@pytest.mark.django_db
def test_a_branch_of_ten_elects_chi_uy_then_secretary_then_deputy() -> None:
    world = congress_at("ratified", members=10, committee_seats=3, has_deputy=True)
    assert [one.office for one in world.elections] == ["branch_committee", "secretary", "deputy_secretary"]
    assert world.branch.posts.filter(ends_on__isnull=True).count() == 5
