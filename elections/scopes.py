"""What the addresses of this app are about, for ``accounts.access.scoped``."""

from accounts.access import Scope
from elections import queries
from elections.lifecycle import ROUND_LIFECYCLE
from elections.models import Candidate, Count, OpinionBallot, Rehearsal, Withdrawal
from organizations.queries import in_reach

ELECTION = Scope(
    name="election",
    kwarg="election_id",
    visible_to=queries.visible_to,
    places={"organization": lambda election: election.congress.organization},
)
ROUND = Scope(
    name="round",
    kwarg="round_id",
    visible_to=queries.rounds_visible_to,
    places={"organization": lambda ballot_round: ballot_round.election.congress.organization},
    state=lambda ballot_round: ballot_round.state,
    lifecycle=ROUND_LIFECYCLE,
)
COUNT = Scope(
    name="count",
    kwarg="count_id",
    visible_to=lambda user: Count.objects.filter(
        in_reach(user, "round__election__congress__organization__")
    ).select_related("ledger", "round__election__congress__organization", "round__election__congress__authority"),
    places={"organization": lambda count: count.round.election.congress.organization},
)
CANDIDATE = Scope(
    name="candidate",
    kwarg="candidate_id",
    visible_to=lambda user: Candidate.objects.filter(
        in_reach(user, "round__election__congress__organization__")
    ).select_related("member", "round__election__congress__organization"),
    places={"organization": lambda candidate: candidate.round.election.congress.organization},
)
REHEARSAL = Scope(
    name="rehearsal",
    kwarg="rehearsal_id",
    visible_to=lambda user: Rehearsal.objects.filter(in_reach(user, "congress__organization__")).select_related(
        "congress__organization", "congress__authority"
    ),
    places={
        "organization": lambda rehearsal: rehearsal.congress.organization,
        "own": lambda rehearsal: rehearsal.congress.organization,
    },
)
WITHDRAWAL = Scope(
    name="withdrawal",
    kwarg="withdrawal_id",
    visible_to=lambda user: Withdrawal.objects.filter(
        in_reach(user, "round__election__congress__organization__")
    ).select_related("member", "round__election__congress__organization"),
    places={"organization": lambda asked: asked.round.election.congress.organization},
)
OPINION = Scope(
    name="opinion",
    kwarg="opinion_id",
    visible_to=lambda user: OpinionBallot.objects.filter(
        in_reach(user, "round__election__congress__organization__")
    ).select_related("round__election__congress__organization"),
    places={"organization": lambda opinion: opinion.round.election.congress.organization},
)
