"""Which objects the world of the matrix holds, by scope: where, in which states, and who else may see them.

A scope that is not named here stops ``access_matrix`` with its name: add the row, and the object in ``world``.
"""

from __future__ import annotations

from dataclasses import dataclass

from accounts.access import Scope
from congress import lifecycle as congress_states
from documents import lifecycle as document_states
from elections import lifecycle as round_states
from elections.matrix.places import PLACES

STATELESS = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """A branch has the object in every state of its life cycle; other places in ``elsewhere`` alone.

    ``usual``: the state for addresses that perform no action. ``handed_down``: states in which those below
    the object's place may see it, too. ``decided_here``: "authority" is the object's own place.
    """

    usual: str = STATELESS
    elsewhere: tuple[str, ...] = ()
    handed_down: tuple[str, ...] = ()
    decided_here: bool = False


ANYWHERE = (STATELESS,)
SAMPLES: dict[str, Sample] = {
    "organization": Sample(elsewhere=ANYWHERE),
    "tree_act": Sample(elsewhere=ANYWHERE),
    "member": Sample(),
    "standing": Sample(),
    "assignment": Sample(elsewhere=ANYWHERE),
    "import": Sample(elsewhere=ANYWHERE),
    "access_link": Sample(elsewhere=ANYWHERE),
    "slip_batch": Sample(elsewhere=ANYWHERE),
    "account_slip": Sample(elsewhere=ANYWHERE),
    "congress": Sample(congress_states.SITTING, elsewhere=(congress_states.PREPARING,)),
    "plan": Sample(
        congress_states.PLAN_ISSUED,
        elsewhere=(congress_states.PLAN_DRAFT, congress_states.PLAN_ISSUED),
        handed_down=(congress_states.PLAN_ISSUED,),
        decided_here=True,
    ),
    "guidance": Sample(elsewhere=ANYWHERE, handed_down=ANYWHERE),
    "subcommittee": Sample(elsewhere=ANYWHERE),
    "receipt": Sample(),
    "attendance": Sample(),
    "milestone": Sample(),
    "deviation": Sample(),
    "proceeding": Sample(),
    "document": Sample(document_states.DRAFT, elsewhere=tuple(document_states.STATE_NAMES)),
    "version": Sample(elsewhere=ANYWHERE),
    "paper": Sample(),
    "report": Sample(elsewhere=ANYWHERE),
    "election": Sample(elsewhere=ANYWHERE),
    "round": Sample(round_states.SEALED, elsewhere=(round_states.SLATE_OPEN,)),
    "count": Sample(),
    "candidate": Sample(),
    "withdrawal": Sample(),
    "opinion": Sample(),
    "rehearsal": Sample(),
}

HIDDEN_FIELDS = {"sheet_number": "1", "team": "1"}
"""What pages fill in by themselves; everything that a person types is left out of the forms that are sent."""
GAPS: dict[str, str | int] = {"kind": "xlsx", "slug": "hai-dong-chi-bang-phieu"}
"""Values for gaps of an address other than its scope's, by the name of the gap."""


def states_at(scope: Scope, place: str) -> tuple[str, ...]:
    """The states in which the world has such an object there."""
    if not PLACES[place].is_branch:
        return SAMPLES[scope.name].elsewhere
    return scope.lifecycle.states() if scope.lifecycle else ANYWHERE


def usual_state(scope: Scope, place: str) -> str:
    there = states_at(scope, place)
    usual = SAMPLES[scope.name].usual
    return usual if usual in there else there[0]
