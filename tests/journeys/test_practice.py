"""The invented đảng bộ of the demo: what the five stories have not, told once, marked as invented throughout."""

from __future__ import annotations

import pytest

from accounts.models import AuditEvent
from congress.models import Congress
from elections import queries
from elections.conflicts import Slate
from elections.services.opinions import confirmers
from elections.stories import practice
from elections.stories.collection import opening
from elections.stories.player import Player
from organizations.models import Member, Organization

pytestmark = pytest.mark.django_db


def congress_of(code: str) -> Congress:
    return Congress.objects.get(organization__code=code)


def test_visitors_find_an_opinion_ballot_a_tie_a_rehearsal_and_a_dang_bo_under_190():
    player = Player()
    player.play([opening(player)])

    practice.tell()
    events = AuditEvent.objects.count()
    practice.tell()

    assert AuditEvent.objects.count() == events
    many = queries.current_elections(congress_of(practice.MANY))[0].rounds.get()
    assert Slate(many).needs_opinion_ballot
    clerks = confirmers(many.election.congress, besides=player.user("thuchanh1.bithu").pk)
    assert [one.username for one in clerks] == ["thuchanh1.thuky"]
    assert "thuchanh1.thuky" in practice.USERNAMES
    tied = queries.current_elections(congress_of(practice.TIED))[0].rounds.get()
    assert queries.standing_seals(tied.election)[-1].sheet.result["status"] == "tie"
    assert congress_of(practice.COMING).state == "cleared"
    own = congress_of(practice.TOP)
    assert (own.state, own.regime, own.organization.is_branch) == ("sitting", "190-QĐ/TW", False)
    assert [one.rounds.get().state for one in queries.current_elections(own)] == ["slate_fixed"]
    assert not Member.objects.filter(is_invented=False).exists()
    invented = Organization.objects.exclude(code="GOC").values_list("name", flat=True)
    assert all("(bịa)" in name for name in invented)
