"""F-11, the congress minutes, from what was recorded of the congress."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress.lifecycle import CLOSED
from congress.models import Attendance, CardVote, Congress, Office, Officer, Proceeding
from congress.queries import electorate_of
from congress.services.preparing import lock as lock_congress
from documents import policies
from documents.letterheads import TO_SIGN, of_congress
from documents.models import IssuedPaper
from documents.papers import congress_minutes as f11
from documents.papers.base import Person, Signature
from documents.papers.sections import elections_of
from documents.services import papers

Subject = CardVote.Subject
Kind = Proceeding.Kind
BODIES = (
    ("Chủ tịch", Subject.PRESIDIUM, (Office.CHAIR, Office.PRESIDIUM)),
    ("Thư ký", Subject.CLERK, (Office.CLERK,)),
    ("Ban kiểm phiếu", Subject.TELLERS, (Office.HEAD_TELLER, Office.TELLER)),
)


def _vote(row: CardVote | None) -> f11.CardVote | None:
    if row is None:
        return None
    return f11.CardVote(agree=row.in_favour, disagree=row.against, other=row.abstained, base=row.base)


def _attendance(congress: Congress) -> f11.Attendance:
    rows = list(congress.attendances.select_related("member").order_by("member__sort_name"))
    present = [row for row in rows if row.presence == Attendance.Presence.PRESENT]
    if congress.is_of_delegates:  # an alternate counts in the place of a delegate alone
        voters = electorate_of(congress)
        return f11.Attendance(
            official_summoned=voters.summoned,
            official_present=voters.present or 0,
            probationary_summoned=0,
            probationary_present=0,
            absences=tuple(
                f11.Absence(name=row.member.display_name, reason=row.reason)
                for row in rows
                if row not in present and row.mandate != Attendance.Mandate.ALTERNATE
            ),
            called="Đại biểu",
        )
    return f11.Attendance(
        official_summoned=sum(row.is_official for row in rows),
        official_present=sum(row.is_official for row in present),
        probationary_summoned=sum(not row.is_official for row in rows),
        probationary_present=sum(not row.is_official for row in present),
        absences=tuple(
            f11.Absence(name=row.member.display_name, reason=row.reason) for row in rows if row not in present
        ),
        called="Cấp ủy viên" if congress.is_meeting else "Đảng viên",
    )


def _bodies(officers: list[Officer], votes: dict[str, CardVote], congress: Congress) -> tuple[f11.ElectedBody, ...]:
    found = []
    for title, subject, offices in BODIES:
        people = [one for office in offices for one in officers if one.office == office]
        if people:
            if subject == Subject.PRESIDIUM:
                title = "Đoàn Chủ tịch" if len(people) > 1 else _chair_of(congress)
            elif subject == Subject.CLERK:
                title = f"{title} {congress.word.capitalize()}"
            found.append(
                f11.ElectedBody(
                    title=title,
                    members=tuple(
                        Person(name=one.member.display_name, note=_duty(one) if len(people) > 1 else "")
                        for one in people
                    ),
                    vote=_vote(votes.get(subject)),
                )
            )
    return tuple(found)


def _chair_of(congress: Congress) -> str:
    """Who presides alone, as papers call him."""
    return "Chủ trì Hội nghị" if congress.is_meeting else "Chủ tịch Đại hội"


def _duty(officer: Officer) -> str:
    return {Office.CHAIR: "chủ trì", Office.HEAD_TELLER: "Trưởng ban"}.get(Office(officer.office), "")


def _speech(entry: Proceeding | None) -> f11.Speech | None:
    return f11.Speech(name=entry.person, post=entry.post, content=entry.text or "(không ghi)") if entry else None


def congress_minutes(congress: Congress, *, number: str) -> f11.CongressMinutes:
    """The paper's data. Raises InvalidInput while the clerk or the chair is not recorded."""
    officers = list(congress.officers.select_related("member"))
    chair = next((one for one in officers if one.office == Office.CHAIR), None)
    clerk = next((one for one in officers if one.office == Office.CLERK), None)
    if chair is None or clerk is None or congress.opened_at is None:
        raise InvalidInput(
            congress.said(
                "Chưa ghi chủ tịch và thư ký đại hội nên chưa lập được biên bản. Ghi kết quả bầu các bộ phận."
            )
        )
    entries = list(congress.proceedings.filter(sitting=congress.sitting_number))
    taken = list(congress.card_votes.filter(sitting=congress.sitting_number).order_by("pk"))
    votes = {vote.subject: vote for vote in taken if vote.adopted}
    by_kind = {kind: [one for one in entries if one.kind == kind] for kind in Kind.values}
    opened, closed = (
        timezone.localtime(congress.opened_at),
        congress.closed_at and timezone.localtime(congress.closed_at),
    )
    presidium = [one for one in officers if one.office in (Office.CHAIR, Office.PRESIDIUM)]
    return f11.CongressMinutes(
        letterhead=of_congress(congress, number=number, on=(closed or opened).date()),
        draft_mark=TO_SIGN,
        congress_name=congress.name,
        held_on=opened.date(),
        begun_at=opened.time().replace(second=0, microsecond=0),
        ended_on=closed.date() if closed else None,
        ended_at=closed.time().replace(second=0, microsecond=0) if closed else None,
        venue=congress.place,
        attendance=_attendance(congress),
        guests=tuple(f11.Guest(name=one.person, post=one.post) for one in by_kind[Kind.GUEST]),
        bodies=_bodies(officers, votes, congress),
        adopted=tuple(
            f11.AdoptedItem(name=vote.text if vote.adopted else f"{vote.text}: không được thông qua", vote=_vote(vote))
            for vote in taken
            if vote.subject in (Subject.PROGRAMME, Subject.OTHER) or not vote.adopted
        ),
        readings=tuple(f11.Reading(title=one.text, reader=one.person) for one in by_kind[Kind.REPORT]),
        discussion=tuple(
            f11.Speech(name=one.person, post=one.post, content=one.text or "(không ghi)")
            for one in by_kind[Kind.DISCUSSION]
        ),
        superior_speech=_speech(next(iter(by_kind[Kind.GUIDANCE]), None)),
        reply=_speech(next(iter(by_kind[Kind.REPLY]), None)),
        elections=elections_of(congress.pk),
        resolution_vote=_vote(votes.get(Subject.RESOLUTION)),
        minutes_vote=_vote(votes.get(Subject.MINUTES)),
        signatures=(
            Signature(authority="Thư ký", post="", name=clerk.member.display_name),
            Signature(
                authority="T/M Đoàn Chủ tịch" if len(presidium) > 1 else _chair_of(congress),
                post="",
                name=chair.member.display_name,
            ),
        ),
        assembly=congress.word.capitalize(),
    )


@transaction.atomic
def issue_congress_minutes(congress_id: int, *, actor: User, at: datetime) -> IssuedPaper:
    """Lập biên bản đại hội after the closing. A second one is a new edition; the first stays readable."""
    congress = lock_congress(congress_id)
    policies.can_issue_minutes(actor, congress).require()
    if congress.state != CLOSED or congress.held_on is None:
        raise IllegalTransition(
            congress.said("Biên bản đại hội lập sau khi bế mạc và trước khi trình đề nghị chuẩn y.")
        )
    issued = papers.issue_minutes(
        lambda notation: congress_minutes(congress, number=notation),
        congress=congress,
        about=f"congress:{congress.pk}",
        issued_on=timezone.localdate(congress.closed_at or congress.opened_at),
        actor=actor,
        at=at,
    )
    audit.record("paper.minutes_issued", congress, actor=actor, at=at, notation=issued.notation)
    return issued
