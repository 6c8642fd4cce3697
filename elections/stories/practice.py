"""A đảng bộ to practise in, everything invented: 190-QĐ/TW, an opinion ballot, a tie, a đảng bộ's own congress.

Told by ``make run`` after the five stories and by no command: ``replay_seeds`` prints what newspapers wrote of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.roles import Role
from congress.models import Coverage, DeadlineKind
from congress.services import plans, preparing
from elections.models import BallotRound
from elections.services import nominations
from elections.stories.branch import CLEARED, SEATED, SLATE_FIXED, Branch, Committee
from elections.stories.people import DEMO_PASSWORD, invented_name
from elections.stories.player import Player, Story, hour
from organizations.models import Member, NodeType, Sector

ABOVE, TOP = "DTH", "DTH-DU"
MANY, TIED, COMING = f"{TOP}-1", f"{TOP}-2", f"{TOP}-3"
BRANCH_TERM, OWN_TERM = "2025-2027", "2025-2030"
SUPERIOR, COMMITTEE = Committee.of(ABOVE), Committee.of(TOP)
GUIDING = "Tổ chức đại hội thực hành (bịa)"
BRANCHES = "Tổ chức đại hội các chi bộ thực hành (bịa)"
OWN = "Tổ chức đại hội Đảng bộ Thực hành (bịa)"
SEALED = "sealed"
CLERK = -3
"""The place on the roll of who is elected clerk of the congress."""


def _accounts(prefix: str) -> dict[str, str | None]:
    """Names of those who can sign in to one body: who prepares, two who type, who heads the board."""
    return {
        "secretary": f"{prefix}.bithu",
        "entering": f"{prefix}.kiemphieu1",
        "second": f"{prefix}.kiemphieu2",
        "head": f"{prefix}.truongban",
        "password": DEMO_PASSWORD,
    }


@dataclass(kw_only=True)
class ManyNames(Branch):
    """The committee names as many as are elected; more are put forward from the floor than there is room for (E-38)."""

    def slate_of(self, office: str) -> list[int]:
        return list(range(self.seats)) if office == "branch_committee" else super().slate_of(office)

    @property
    def clerk(self) -> str:
        """Who confirms the opinion ballot that the secretary enters."""
        return f"{self.secretary.partition('.')[0]}.thuky"

    def open_accounts(self, player: Player) -> None:
        super().open_accounts(player)
        member = self.members(player)[CLERK]
        by, password = self.committee.staff, self.password
        player.open_account(
            self.clerk, member.full_name, Role.CLERK, self.code, member=member, by=by, password=password
        )

    def elect_officers(self, player: Player) -> None:
        super().elect_officers(player)
        ballot = self.first_round(player, 0)
        for member in self.members(player)[self.seats + 2 : self.seats + 5]:
            fields = {"member_id": member.pk, "source": "nominated", "nominator_id": self.members(player)[0].pk}
            player.act(nominations.nominate, ballot.pk, by=self.secretary, **fields)


@dataclass(kw_only=True)
class Tied(Branch):
    """Two are tied for the last seat, above half: the congress has to vote again between them (E-53)."""

    def figures(self, ballot: BallotRound) -> dict[str, Any]:
        slate = list(ballot.candidates.order_by("member_id").values_list("member_id", flat=True))
        half = self.present // 2 + 1
        votes = [self.present - 1] * (ballot.seats - 1) + [half, half]
        return super().figures(ballot) | {"votes": {str(pk): count for pk, count in zip(slate, votes, strict=True)}}

    def steps(self) -> list[tuple[Any, str, Any]]:
        """Ends with the first seal."""
        return [(moment, SEALED if act_is_seal(act) else step, act) for moment, step, act in super().steps()]


def act_is_seal(act: Any) -> bool:
    return getattr(getattr(act, "func", act), "__name__", "") == "seal"


@dataclass(kw_only=True)
class OwnCongress(Branch):
    """The congress of the đảng bộ itself: its members are those of its chi bộ, it elects a ban chấp hành."""

    @property
    def elections(self) -> int:
        return 1

    def slate_of(self, office: str) -> list[int]:
        return list(range(self.seats + 1))

    def members(self, player: Player) -> list[Member]:
        known = player.rolls.setdefault(self.code, [])
        if not known:
            known.extend(Member.objects.filter(organization__parent__code=self.code).order_by("pk")[: self.size])
        return known

    def prepare(self, player: Player) -> None:
        congress = self.congress(player)
        player.act(
            preparing.set_details,
            congress.pk,
            version=congress.version,
            ordinal=self.ordinal,
            planned_for=self.on_the_day(0),
            place=self.place,
            has_branch_committee=False,
            committee_seats=self.seats,
            has_deputy=False,
            by=self.secretary,
        )


def _branch(kind: type[Branch], code: str, prefix: str, held_on: date, **fields: Any) -> Branch:
    return kind(code=code, committee=COMMITTEE, term=BRANCH_TERM, held_on=held_on, **_accounts(prefix), **fields)


SCRIPTS: tuple[tuple[str, Branch], ...] = (
    (
        "Chi bộ Thực hành 1 (bịa)",
        _branch(ManyNames, MANY, "thuchanh1", date(2025, 3, 18), size=14, seats=3, stop=SEATED),
    ),
    ("Chi bộ Thực hành 2 (bịa)", _branch(Tied, TIED, "thuchanh2", date(2025, 3, 19), size=12, seats=3, stop=SEALED)),
    ("Chi bộ Thực hành 3 (bịa)", _branch(Branch, COMING, "thuchanh3", date(2025, 3, 20), size=8, stop=CLEARED)),
)
OWN_SCRIPT = OwnCongress(
    code=TOP,
    committee=SUPERIOR,
    term=OWN_TERM,
    held_on=date(2025, 5, 15),
    size=34,
    seats=5,
    stop=SLATE_FIXED,
    **_accounts("thuchanh"),  # type: ignore[arg-type]  # names and the demo's password
)
USERNAMES = tuple(
    name
    for script in (*(one for _, one in SCRIPTS), OWN_SCRIPT)
    for name in (
        script.secretary,
        *([script.clerk] if isinstance(script, ManyNames) else []),
        *(script.typing if script.meets else ()),
        *([script.head] if script.meets else []),
    )
)


def before(player: Player) -> Story:
    yield hour(date(2025, 1, 6))
    agency = {"sector": Sector.AGENCY, "place": "Hà Nội"}
    player.found(
        "GOC", code=ABOVE, name="Đảng bộ Khối Thực hành (bịa)", committee_name="Đảng ủy Khối Thực hành (bịa)",
        symbol="ĐUK", node_type=NodeType.UPPER, **agency,
    )  # fmt: skip
    player.found(
        ABOVE, code=TOP, name="Đảng bộ Thực hành (bịa)", committee_name="Đảng ủy Thực hành (bịa)", symbol="ĐU",
        node_type=NodeType.GRASSROOTS, **agency,
    )  # fmt: skip
    SUPERIOR.open_accounts(player)
    COMMITTEE.open_accounts(player)
    for name, script in SCRIPTS:
        branch = {"node_type": NodeType.BRANCH, "sector": Sector.AGENCY}
        player.found(TOP, code=script.code, name=name, symbol="CB", **branch)
        script.enroll(player)
        script.open_accounts(player)
    open_own_accounts(player)

    yield hour(date(2025, 1, 13))
    above, own = player.organization(ABOVE), player.organization(TOP)
    player.act(
        plans.draft_plan, above.pk, subject=GUIDING, term_label=OWN_TERM, coverage=Coverage.GUIDING, by=SUPERIOR.staff
    )
    guiding = player.plan(ABOVE, GUIDING)
    player.act(plans.issue_plan, guiding.pk, number=1, issued_on=date(2025, 1, 13), by=SUPERIOR.approver)
    common: dict[str, Any] = {"based_on_id": guiding.pk, "by": COMMITTEE.staff}
    player.act(
        plans.draft_plan, own.pk, subject=OWN, term_label=OWN_TERM, coverage=Coverage.OWN,
        deadlines={DeadlineKind.WINDOW_CLOSES: date(2025, 5, 30)}, **common,
    )  # fmt: skip
    player.act(
        plans.draft_plan, own.pk, subject=BRANCHES, term_label=BRANCH_TERM,
        deadlines={DeadlineKind.WINDOW_OPENS: date(2025, 3, 10), DeadlineKind.WINDOW_CLOSES: date(2025, 3, 31)},
        **common,
    )  # fmt: skip
    for number, subject in ((2, OWN), (3, BRANCHES)):
        plan = player.plan(TOP, subject)
        player.act(plans.issue_plan, plan.pk, number=number, issued_on=date(2025, 1, 13), by=COMMITTEE.approver)


def open_own_accounts(player: Player) -> None:
    """Who runs the đảng bộ's congress: its tellers are members of its chi bộ who type for nobody else."""
    script = OWN_SCRIPT
    members = script.members(player)
    name = invented_name(TOP, "secretary")[0]
    by = SUPERIOR.staff
    player.open_account(script.secretary, name, Role.SECRETARY, TOP, by=by, password=DEMO_PASSWORD)
    for username, place in ((script.head, -1), (script.entering, -2), (script.second, -4)):
        person = members[place]
        player.open_account(
            username, person.full_name, Role.MEMBER, COMING, member=person, by=COMMITTEE.staff, password=DEMO_PASSWORD
        )
        player.grant(username, Role.TELLER, TOP, by=by)


def stories(player: Player) -> Iterable[Story]:
    return [before(player), *(script.story(player) for _, script in SCRIPTS), OWN_SCRIPT.story(player)]


def tell() -> None:
    """After the five stories; a second time changes nothing."""
    player = Player()
    player.play(stories(player))
