"""Carries one congress of the world to a state by the services, ready for its next step, so that who may go on can."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from accounts.models import User
from congress import lifecycle as states
from congress.models import Congress
from congress.services import preparing, sitting
from documents.files import store_once
from documents.models import Document
from documents.services import drafts, minutes
from documents.uploads import PDF, Upload
from elections import lifecycle as round_states
from elections.models import BallotRound
from elections.rules.signed_paper import key_figures
from elections.services import counting, ledgers, ratifying, rounds, sealing, signed_sheets, slates
from organizations.models import Member

HELD_ON = date(2022, 6, 29)
VIETNAM = timezone(timedelta(hours=7))
REQUIRED_KINDS = ("political_report", "resolution", "personnel_plan")
PLACEHOLDER = b"%PDF-1.4\n%%EOF\n"
"""Stands for every official paper's file: a real one takes a quarter of a second, and no cell reads it."""
TEXT = [{"heading": "I. Kết quả", "text": "Chi bộ hoàn thành nhiệm vụ."}]


def moment(days: int = 0, hour: int = 8) -> datetime:
    """That hour in Vietnam, ``days`` after the day on which the congresses of the world meet."""
    day = HELD_ON + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=VIETNAM)


@dataclass(frozen=True, slots=True)
class Hands:
    """Who builds the world; none of them is asked about afterwards. ``left`` submits, ``right`` decides."""

    left: User
    right: User
    teller: User
    head_teller: User


@dataclass(frozen=True, slots=True)
class Carried:
    """One congress on its way, with the people of its branch; the last two members are elected tellers."""

    congress_id: int
    members: list[Member]
    hands: Hands

    @property
    def congress(self) -> Congress:
        return Congress.objects.get(pk=self.congress_id)

    @property
    def round(self) -> BallotRound:
        return BallotRound.objects.get(election__congress_id=self.congress_id)

    def to(self, state: str) -> None:
        """To a state of the congress."""
        for step in STEPS[: STATES.index(state) + 1]:
            step(self)

    def to_round(self, state: str) -> None:
        """Sitting, with its ballot round in that state."""
        for step in (prepare, submit, clear, open_sitting):
            step(self)
        for step in ROUND_STEPS[state]:
            step(self)


def written(congress_id: int, kind: str, hands: Hands, title: str = "") -> Document:
    """A draft with one version."""
    document = drafts.create_document(congress_id, kind=kind, title=title, actor=hands.left, at=moment(-21))
    drafts.save_version(document.pk, seen=0, sections=TEXT, actor=hands.left, at=moment(-21, 9))
    return document


def prepare(one: Carried) -> None:
    """Details, roll, drafts under review, elections with a slate: nothing is missing but the clearance."""
    preparing.set_details(
        one.congress_id,
        version=one.congress.version,
        ordinal=7,
        planned_for=moment(0, 14),
        place="Hội trường cơ quan",
        has_branch_committee=False,
        committee_seats=None,
        has_deputy=False,
        actor=one.hands.left,
        at=moment(-22),
    )
    preparing.convene(one.congress_id, actor=one.hands.left, at=moment(-22, 9))
    for kind in REQUIRED_KINDS:
        drafts.submit(written(one.congress_id, kind, one.hands).pk, actor=one.hands.left, at=moment(-20))
    (election,) = slates.set_up_elections(one.congress_id, actor=one.hands.left, at=moment(-19))
    first = election.rounds.get()
    slates.nominate(first.pk, member_id=one.members[0].pk, actor=one.hands.left, at=moment(-19, 9))


def submit(one: Carried) -> None:
    preparing.submit_for_clearance(one.congress_id, actor=one.hands.left, at=moment(-15))
    for document in Document.objects.filter(congress_id=one.congress_id, kind__in=REQUIRED_KINDS):
        drafts.approve(document.pk, actor=one.hands.right, at=moment(-12))


def clear(one: Carried) -> None:
    preparing.clear(one.congress_id, actor=one.hands.right, at=moment(-10))
    present = {row.pk: "present" for row in one.congress.attendances.all()}
    sitting.take_roll(one.congress_id, present, actor=one.hands.left, at=moment(0, 13))
    sitting.record_proceeding(
        one.congress_id, kind="guest", person="Lê Văn Khách", post="", text="", actor=one.hands.left, at=moment(0, 13)
    )


def open_sitting(one: Carried) -> None:
    sitting.open_sitting(one.congress_id, opened_at=moment(0, 14), actor=one.hands.left, at=moment(0, 14))
    head, teller = one.members[-2].pk, one.members[-1].pk
    for subject, people in (
        ("presidium", {"chair": [one.members[0].pk]}),
        ("clerk", {"clerk": [one.members[1].pk]}),
        ("tellers", {"head_teller": [head], "teller": [teller]}),
    ):
        sitting.elect_officers(
            one.congress_id,
            subject=subject,
            members=people,
            in_favour=len(one.members),
            actor=one.hands.left,
            at=moment(0, 14),
        )


def fix_slate(one: Carried) -> None:
    """The slate, and the ledger of the ballots that were handed out on it: the count may begin."""
    slates.fix_slate(one.round.pk, in_favour=len(one.members), actor=one.hands.left, at=moment(0, 14))
    present = len(one.members)
    figures = {"printed": present, "issued": present, "spoiled": 0, "unused": 0, "returned": present}
    ledgers.keep_ledger(one.round.pk, figures=figures, close=True, actor=one.hands.teller, at=moment(0, 15))


def start_count(one: Carried) -> None:
    counting.start_count(one.round.pk, actor=one.hands.teller, at=moment(0, 15))


def enter_count(one: Carried) -> None:
    """Both people of the one team type the same."""
    present = len(one.members)
    votes = {str(one.members[0].pk): {"agree": present, "disagree": 0}}
    figures = {"returned": present, "valid": present, "invalid": 0, "votes": votes}
    for teller in (one.hands.teller, one.hands.head_teller):
        counting.submit_entry(one.round.counts.get().pk, figures=figures, actor=teller, at=moment(0, 15))


def seal(one: Carried) -> None:
    """And the signed minutes sent, which somebody else still has to read."""
    sealing.seal(one.round.pk, sheet_number=1, actor=one.hands.head_teller, at=moment(0, 15))
    upload = Upload(PLACEHOLDER, "bien-ban.pdf", PDF)
    signed_sheets.upload_signed_sheet(one.round.pk, upload=upload, actor=one.hands.left, at=moment(0, 15))


def set_aside(one: Carried) -> None:
    """The congress decides not to vote."""
    rounds.conclude(
        one.round.election_id,
        reasons="Đại hội không bầu nữa.",
        in_favour=len(one.members),
        actor=one.hands.left,
        at=moment(0, 14),
    )


def sit(one: Carried) -> None:
    """Everything done but the closing."""
    for step in (open_sitting, fix_slate, start_count, enter_count, seal):
        step(one)
    sitting.record_card_vote(
        one.congress_id,
        subject="resolution",
        text="Nghị quyết đại hội",
        in_favour=len(one.members),
        actor=one.hands.left,
        at=moment(0, 16),
    )


def close(one: Carried) -> None:
    sitting.close_sitting(one.congress_id, closed_at=moment(0, 16), actor=one.hands.left, at=moment(0, 16))
    minutes.issue_congress_minutes(one.congress_id, actor=one.hands.left, at=moment(0, 17))
    figures = key_figures(one.round.seals.get().sheet.result)
    signed_sheets.read_signed_sheet(
        one.round.pk, edition=1, number=1, read=figures, actor=one.hands.teller, at=moment(0, 17)
    )


def report(one: Carried) -> None:
    ratifying.report_results(one.congress_id, actor=one.hands.left, at=moment(2))


def ratify(one: Carried) -> None:
    ratifying.ratify(
        one.congress_id,
        issued_on=moment(9).date(),
        signer_name="Phạm Văn Duyệt",
        signer_post="Bí thư",
        actor=one.hands.right,
        at=moment(9),
    )
    stored = store_once("papers/paper.pdf", PLACEHOLDER)
    one.congress.papers.update(file_name=stored.name, sha256=stored.sha256, size=stored.size, rendered_at=moment(9))


def complete(one: Carried) -> None:
    sitting.complete_dossier(one.congress_id, actor=one.hands.left, at=moment(10))


STATES = (
    states.PREPARING,
    states.SUBMITTED,
    states.CLEARED,
    states.SITTING,
    states.CLOSED,
    states.REPORTED,
    states.RATIFIED,
    states.COMPLETE,
)
STEPS = (prepare, submit, clear, sit, close, report, ratify, complete)
ROUND_STEPS = {
    round_states.SLATE_OPEN: (),
    round_states.SLATE_FIXED: (fix_slate,),
    round_states.COUNTING: (fix_slate, start_count),
    round_states.COUNTED: (fix_slate, start_count, enter_count),
    round_states.SEALED: (fix_slate, start_count, enter_count, seal),
    round_states.SET_ASIDE: (set_aside,),
}
"""What is done in a sitting until its round is in that state."""
ROUND_STATES = tuple(ROUND_STEPS)
