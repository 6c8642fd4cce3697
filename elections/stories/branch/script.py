"""What the script of one branch says: who, how many, when; and how it reckons days and finds its people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from accounts.roles import Role
from congress.models import CardVote, Congress
from documents.models import DocumentKind
from elections.stories.people import Real, invented_name, roll
from elections.stories.player import Player, hour, office_day
from organizations import services as organization_services
from organizations.models import Member

Subject = CardVote.Subject
Kind = DocumentKind

PREPARED, SENT_BACK, SUBMITTED, CLEARED, SEATED = "prepared", "sent_back", "submitted", "cleared", "seated"
SLATE_FIXED, COUNTED, CLOSED, REPORTED = "slate_fixed", "counted", "closed", "reported"
RATIFIED, COMPLETE = "ratified", "complete"


@dataclass(frozen=True, slots=True)
class Committee:
    """Who acts for a committee: one who works on the files and one who decides, both invented."""

    code: str
    staff: str
    approver: str
    post: str = "Phó Bí thư"

    @classmethod
    def of(cls, code: str) -> Committee:
        return cls(code, staff=f"{code.lower()}.chuyenvien", approver=f"{code.lower()}.duyet")

    @property
    def staff_name(self) -> str:
        return invented_name(self.code, "staff")[0]

    @property
    def approver_name(self) -> str:
        return invented_name(self.code, "approver")[0]

    def open_accounts(self, player: Player, *, password: str | None = None) -> None:
        player.open_account(self.staff, self.staff_name, Role.COMMITTEE_STAFF, self.code, password=password)
        player.open_account(self.approver, self.approver_name, Role.APPROVER, self.code, password=password)


SECOND = -4
"""The place on the roll of a second teller: before the clerk."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something said or someone present, as the congress minutes keep it."""

    kind: str
    person: str
    post: str
    text: str = ""


@dataclass(kw_only=True)
class Script:
    """One branch and its congress. Days the text does not give are counted back and forth from ``held_on``.

    ``size`` official members: the elected come first, then the chair, the clerk and the two tellers last.
    ``stop`` is the last step taken; the story may also simply end before (``--until``, ``ends_on``).
    """

    code: str
    committee: Committee
    term: str
    held_on: date
    at: int = 14
    place: str = "Trụ sở cơ quan"
    size: int = 6
    real: tuple[Real, ...] = ()
    ordinal: int | None = None
    seats: int = 0
    has_deputy: bool = False
    leader: int = 0
    deputy: int = 1
    absent: int = 0
    unanimous: bool = True
    pilot_of: Committee | None = None
    reviewed_twice: bool = False
    given: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    secretary: str = ""
    drafter: str = ""
    entering: str = ""
    second: str = ""
    head: str = ""
    password: str | None = None
    stop: str = RATIFIED
    ends_on: date | None = None

    def __post_init__(self) -> None:
        account = self.code.lower()
        self.named = {self.secretary, self.entering, self.second, self.head}
        self.secretary = self.secretary or f"{account}.bithu"
        self.drafter = self.drafter or self.secretary
        self.entering = self.entering or f"{account}.kiemphieu"
        self.head = self.head or f"{account}.truongban"
        self.typing = (self.entering, self.second or self.head)

    # Who takes part.

    def enroll(self, player: Player) -> None:
        branch = player.organization(self.code)
        for fields in roll(self.code, self.size, self.real):
            player.act(organization_services.enroll_member, branch.pk, by=self.committee.staff, **fields)

    def open_accounts(self, player: Player) -> None:
        """The secretary, who may be invented even where the one elected is real, and two tellers on the roll."""
        members = self.members(player)
        staff = self.committee.staff
        name = invented_name(self.code, "secretary")[0]
        player.open_account(
            self.secretary, name, Role.SECRETARY, self.code, by=staff, password=self.password_of(self.secretary)
        )
        tellers = [(self.head, members[-1])] if self.meets else []
        if self.meets:
            tellers.insert(0, (self.entering, members[-2]))
            tellers += [(self.second, members[SECOND])] if self.second else []
        for username, member in tellers:
            password = self.password_of(username)
            player.open_account(
                username, member.full_name, Role.TELLER, self.code, member=member, by=staff, password=password
            )

    def password_of(self, username: str) -> str | None:
        """Only accounts that the script names are for visitors."""
        return self.password if username in self.named else None

    @property
    def meets(self) -> bool:
        """Whether the story comes as far as the day of the congress."""
        before = self.stop in (PREPARED, SENT_BACK, SUBMITTED, CLEARED)
        return not before and (self.ends_on is None or self.held_on <= self.ends_on)

    def members(self, player: Player) -> list[Member]:
        """In the order in which the story enrolled them."""
        known = player.rolls.setdefault(self.code, [])
        if not known:
            found = Member.objects.filter(organization=player.organization(self.code)).order_by("pk")
            known.extend(found[: self.size])
        return known

    # How many, when, and of which congress.

    @property
    def elections(self) -> int:
        return 1 + bool(self.seats) + self.has_deputy

    @property
    def present(self) -> int:
        return self.size - self.absent

    def before(self, days: int, at: int = 8) -> datetime:
        return hour(office_day(self.held_on - timedelta(days=days)), at)

    def on_the_day(self, minutes: int) -> datetime:
        return hour(self.held_on, self.at) + timedelta(minutes=minutes)

    def after(self, days: int) -> datetime:
        day = self.held_on + timedelta(days=days)
        return hour(day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0), 9)

    def congress_id(self, player: Player) -> int:
        return player.congress_id(self.code, self.term)

    def congress(self, player: Player) -> Congress:
        return player.congress(self.code, self.term)
