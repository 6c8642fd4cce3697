"""What the congress decides on a slate and on a round, by two people at once: going on, stopping, withdrawing.

Every race has its control: without locks, while everybody takes a moment between looking and writing, it breaks.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import sleep
from typing import Any

import pytest

from accounts.models import AuditEvent, User
from congress.models import CardVote
from elections.lifecycle import SET_ASIDE, SLATE_OPEN
from elections.models import Candidate, Election, Withdrawal
from elections.services import annulling, counting, nominations, rounds, withdrawals
from elections.standings import live_count
from tests.elections.results.test_lost_ground import recounted
from tests.factories import World, congress_at
from tests.races.conftest import (
    PAUSE_SECONDS,
    Act,
    Outcome,
    Race,
    break_without_it,
    hold_always,
    lost_clearly,
    one_won,
)
from tests.slates import UNDER_190

pytestmark = pytest.mark.postgresql

PRESENT = 12


def fresh(user: User) -> User:
    """The same person without anything loaded before: every thread loads its own."""
    return User.objects.get(pk=user.pk)


def decide(call: Callable[..., object], pk: int, world: World, actor: User | None = None, **more: object) -> Act:
    return partial(call, pk, actor=fresh(actor or world.secretary), at=world.when(0, 16), **more)


def events(*actions: str) -> list[str]:
    found = AuditEvent.objects.filter(action__in=actions).order_by("sequence")
    return list(found.values_list("action", flat=True))


# ---- the scenes ----


def short() -> World:
    """Two of three seats are filled; the congress has to say whether it goes on."""
    world = congress_at("counting", members=PRESENT, committee_seats=3)
    world.enter(world.figures(votes=[12, 12, 3, 4]))
    world.sealed()
    return world


def nominated() -> World:
    """Under 190: a name from the floor, whose support is not counted yet, besides four of the committee."""
    world = congress_at("sitting", members=PRESENT, committee_seats=3, held_on=UNDER_190)
    nominations.nominate(
        world.round.pk,
        member_id=world.members[5].pk,
        source="nominated",
        nominator_id=world.members[8].pk,
        actor=world.secretary,
        at=world.when(0, 14, 15),
    )
    return world


def asked(world: World) -> None:
    ask(world, world.secretary)()


# ---- acts ----


def go_on(world: World) -> Act:
    return decide(rounds.open_next_round, world.elections[0].pk, world, in_favour=PRESENT)


def stop(world: World) -> Act:
    return decide(rounds.conclude, world.elections[0].pk, world, reasons="Để khuyết.", in_favour=PRESENT)


def ask(world: World, actor: User) -> Act:
    who = {"member_id": world.members[0].pk, "reason": "Sức khỏe yếu", "proposal": "allow"}
    return decide(withdrawals.ask_to_withdraw, world.round.pk, world, actor, **who)


def let_go(world: World, actor: User, in_favour: int) -> Act:
    cards = {"in_favour": in_favour, "against": PRESENT - in_favour}
    return decide(withdrawals.decide_withdrawal, Withdrawal.objects.get().pk, world, actor, **cards)


def floor_name(world: World) -> Candidate:
    return Candidate.objects.get(round=world.round, source="nominated")


# ---- the races, and what must hold ----


def stop_and_go_on(world: World) -> list[Act]:
    return [stop(world), go_on(world)]


def stopped_with_nothing_open(world: World, outcomes: list[Outcome]) -> bool:
    """The stop comes through: a round opened before it is set aside, none is opened after it."""
    stopped, opened = outcomes
    election = world.elections[0]
    later = list(election.rounds.filter(number__gt=1).values_list("state", flat=True))
    went_on = not isinstance(opened, Exception)
    return (
        not isinstance(stopped, Exception)
        and lost_clearly(outcomes)
        and election.is_concluded
        and later == [SET_ASIDE] * went_on
        and events("election.round_opened", "election.concluded")
        == ["election.round_opened", "election.concluded"][1 - went_on :]
    )


def two_go_on(world: World) -> list[Act]:
    return [go_on(world), go_on(world)]


def one_round_more(world: World, outcomes: list[Outcome]) -> bool:
    later = world.elections[0].rounds.filter(number__gt=1, state=SLATE_OPEN).count()
    votes = CardVote.objects.filter(congress_id=world.congress_id, text__contains="bầu tiếp").count()
    return one_won(outcomes) and (later, votes) == (1, 1)


def two_stops(world: World) -> list[Act]:
    return [stop(world), stop(world)]


def stopped_by_one_vote(world: World, outcomes: list[Outcome]) -> bool:
    votes = CardVote.objects.filter(congress_id=world.congress_id, text__contains="dừng bầu").count()
    return one_won(outcomes) and votes == 1 == len(events("election.concluded"))


def two_ask(world: World) -> list[Act]:
    return [ask(world, world.secretary), ask(world, world.clerk)]


def asked_once(world: World, outcomes: list[Outcome]) -> bool:
    return one_won(outcomes) and Withdrawal.objects.count() == 1 == len(events("election.withdrawal_asked"))


def two_decisions(world: World) -> list[Act]:
    """One says that the congress let go, the other that it did not."""
    return [let_go(world, world.secretary, PRESENT), let_go(world, world.clerk, 2)]


def decided_once(world: World, outcomes: list[Outcome]) -> bool:
    """One card vote on it, and the name is on the slate exactly when that vote kept it."""
    decided = Withdrawal.objects.get()
    votes = CardVote.objects.filter(congress_id=world.congress_id, text__contains="rút khỏi danh sách")
    stays = Candidate.objects.filter(round=world.round, member=decided.member).exists()
    return one_won(outcomes) and [decided.vote] == list(votes) and stays == (decided.outcome == "refused")


def support_and_strike(world: World) -> list[Act]:
    name = floor_name(world).pk
    return [
        decide(nominations.record_support, name, world, support=PRESENT),
        decide(nominations.strike, name, world, world.clerk, reasons="Ghi nhầm người"),
    ]


def supported_or_gone(world: World, outcomes: list[Outcome]) -> bool:
    """Whose support the congress has counted does not leave as a slip of the pen, and nobody supports who is gone."""
    supported = not isinstance(outcomes[0], Exception)
    left = Candidate.objects.filter(round=world.round, source="nominated").values_list("support", flat=True)
    return one_won(outcomes) and list(left) == [PRESENT] * supported


def two_strikes(world: World) -> list[Act]:
    name = floor_name(world).pk
    told = {"reasons": "Ghi nhầm người"}
    return [decide(nominations.strike, name, world, actor, **told) for actor in (world.secretary, world.clerk)]


def struck_once(world: World, outcomes: list[Outcome]) -> bool:
    return one_won(outcomes) and events("election.struck") == ["election.struck"]


def vote_anew_and_recount(world: World) -> list[Act]:
    """The election of the bí thư, whose ground is gone: the congress gives it up while the head counts it again."""
    secretary = world.elections[1]
    return [
        decide(annulling.vote_anew, secretary.pk, world, reasons="Không còn trong chi ủy.", in_favour=PRESENT),
        decide(counting.recount, secretary.rounds.get().pk, world, world.head_teller, reasons="Khiếu nại."),
    ]


def given_up_or_counted_again(world: World, outcomes: list[Outcome]) -> bool:
    given_up = not isinstance(outcomes[0], Exception)
    first = Election.objects.get(congress_id=world.congress_id, office="secretary", attempt=1)
    is_counted = live_count(first.rounds.get()) is not None
    return one_won(outcomes) and (first.is_annulled, is_counted) == (given_up, not given_up)


def two_vote_anew(world: World) -> list[Act]:
    return [vote_anew_and_recount(world)[0], vote_anew_and_recount(world)[0]]


def one_attempt_more(world: World, outcomes: list[Outcome]) -> bool:
    attempts = Election.objects.filter(congress_id=world.congress_id, office="secretary").values_list("attempt")
    return (
        one_won(outcomes) and sorted(attempts) == [(1,), (2,)] and events("election.annulled") == ["election.annulled"]
    )


SCENES = {
    "short": (None, short),
    "nominated": (None, nominated),
    "asked": ("nominated", asked),
    "without ground": (None, recounted),
}
RACES = {
    "stop and go on": Race("short", stop_and_go_on, stopped_with_nothing_open),
    "go on twice": Race("short", two_go_on, one_round_more),
    "stop twice": Race("short", two_stops, stopped_by_one_vote),
    "ask to withdraw twice": Race("nominated", two_ask, asked_once),
    "decide on a withdrawal twice": Race("asked", two_decisions, decided_once),
    "support and strike": Race("nominated", support_and_strike, supported_or_gone),
    "strike twice": Race("nominated", two_strikes, struck_once),
    "vote anew and recount": Race("without ground", vote_anew_and_recount, given_up_or_counted_again),
    "vote anew twice": Race("without ground", two_vote_anew, one_attempt_more),
}


@pytest.mark.parametrize("name", RACES)
def test_the_congress_decides_once(name, scenes, runners, record_property):
    hold_always(RACES[name], scenes, runners, record_property)


# ---- the controls ----

LOOKED = (
    (rounds, "require_concludable"),
    (rounds, "require_continuable"),
    (withdrawals, "require_decided_by_congress"),
    (withdrawals, "proposals_for"),
    (nominations, "require_decided_by_congress"),
    (nominations, "require_strikable"),
    (annulling, "require_annullable"),
    (counting, "require_recountable"),
)


@pytest.fixture
def thinking(without_locks: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """No locks, and everybody takes a moment between what they look at and what they write."""
    for place, name in LOOKED:
        looked = getattr(place, name)

        def look(*args: Any, looked: Callable[..., Any] = looked) -> Any:
            found = looked(*args)
            sleep(PAUSE_SECONDS)
            return found

        monkeypatch.setattr(place, name, look)


@pytest.mark.parametrize("name", RACES)
def test_without_locks_it_breaks(name, scenes, runners, record_property, request):
    break_without_it(RACES[name], scenes, runners, record_property, request)
