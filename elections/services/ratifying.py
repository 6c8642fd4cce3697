"""Sending the result up and deciding on it: tờ trình (F-17), chuẩn y (F-18), return, refusal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress import readiness
from congress.lifecycle import CONGRESS_LIFECYCLE
from congress.models import Congress, DeadlineKind
from congress.queries import deadlines_of, electorate_of, working_calendar
from congress.rules import regimes
from congress.rules.findings import Finding
from congress.services.preparing import lock as lock_congress
from congress.services.preparing import move
from congress.services.sitting import expect_new_sitting
from documents.letterheads import TO_SIGN, of_organization
from documents.models import IssuedPaper
from documents.papers.base import Signature
from documents.papers.numbering import cite, short_date
from documents.services import papers
from elections import policies, queries
from elections.minutes import regulation_name
from elections.models import BallotRound, ElectedOffice, Ratification
from elections.papers import Attachment, ElectedPerson, RatificationDecision, RatificationRequest, RatifiedPerson
from elections.rules.afterwards import Item, file_findings
from organizations import services as organization_services
from organizations.models import Organization, Post

Outcome = Ratification.Outcome
POSTS = {
    ElectedOffice.BRANCH_COMMITTEE: Post.COMMITTEE_MEMBER,
    ElectedOffice.COMMITTEE: Post.COMMITTEE_MEMBER,
    ElectedOffice.SECRETARY: Post.SECRETARY,
    ElectedOffice.DEPUTY_SECRETARY: Post.DEPUTY_SECRETARY,
}


BODIES = {
    ElectedOffice.BRANCH_COMMITTEE: "chi ủy",
    ElectedOffice.COMMITTEE: "ban chấp hành",
    ElectedOffice.STANDING_COMMITTEE: "ban thường vụ",
}
"""What the body is called that a congress or meeting elects beside its leaders."""


def _office_of_body(elected: Mapping[str, list[queries.Elected]]) -> ElectedOffice:
    return next((office for office in BODIES if elected.get(office)), ElectedOffice.BRANCH_COMMITTEE)


def _body_of(elected: Mapping[str, list[queries.Elected]]) -> str:
    return BODIES[_office_of_body(elected)]


def _committee_of(elected: Mapping[str, list[queries.Elected]]) -> list[queries.Elected]:
    """Those elected into the body: chi ủy, ban chấp hành, or at a committee meeting ban thường vụ."""
    return elected.get(_office_of_body(elected), [])


def _elected_person(one: queries.Elected) -> ElectedPerson:
    born = str(one.born_year or "")
    return ElectedPerson(name=one.name, born=born, post=one.member.job, votes=one.votes, base=one.base)


def _ratified_person(one: queries.Elected) -> RatifiedPerson:
    born = f"năm {one.born_year}" if one.born_year else ""
    return RatifiedPerson(name=one.name, born=born, post=one.member.job)


def _only(people: list[queries.Elected] | None) -> queries.Elected | None:
    return people[0] if people else None


MINUTES = ("F-11", "F-10", "F-24", "F-25")
"""Minutes of the congress, of each count, of opinion ballots, and what a recount corrected: they go up together."""


def _plan_ground(congress: Congress) -> str:
    plan = congress.plan
    if plan.issued_on is None or plan.number is None:
        return f"Thực hiện {plan.subject}"
    body = plan.organization.committee
    return f"Thực hiện {cite('Kế hoạch', plan.notation, plan.issued_on, body, plan.subject)}"


def _charter_ground(on: date) -> str:
    text = regimes.in_force(on).text("implementation")
    return f"Căn cứ {text.title} về thi hành Điều lệ Đảng" if text else "Căn cứ quy định thi hành Điều lệ Đảng"


def _papers_of_congress(congress: Congress) -> list[IssuedPaper]:
    """The latest edition of each minutes paper, congress minutes first, then in the order they were made."""
    latest: dict[tuple[str, str], IssuedPaper] = {}
    for paper in IssuedPaper.objects.filter(congress=congress, code__in=MINUTES).order_by("edition"):
        latest[paper.code, paper.about] = paper
    rounds = BallotRound.objects.filter(election__in=queries.current_elections(congress))
    current = {f"round:{pk}" for pk in rounds.values_list("pk", flat=True)}
    current |= {
        f"opinion:{pk}" for pk in rounds.filter(opinion_ballots__isnull=False).values_list("opinion_ballots", flat=True)
    }
    kept = [paper for paper in latest.values() if paper.code == "F-11" or paper.about in current]
    return sorted(kept, key=lambda paper: (paper.code != "F-11", paper.pk))


def ratification_request(congress: Congress, *, number: str, on: date) -> RatificationRequest:
    """Tờ trình đề nghị chuẩn y from the sealed results. Raises InvalidInput when nobody was elected bí thư."""
    elected = queries.elected_by_office(congress)
    secretary = _only(elected.get(ElectedOffice.SECRETARY))
    deputy = _only(elected.get(ElectedOffice.DEPUTY_SECRETARY))
    committee = _committee_of(elected)
    if secretary is None and not committee:
        raise InvalidInput("Đại hội chưa bầu được chức danh nào nên chưa lập được tờ trình. Báo cáo cấp trên chỉ định.")
    signer = secretary or committee[0]
    electorate = electorate_of(congress)
    issuer = "Chi bộ" if congress.organization.is_branch else "Đảng ủy"
    minutes = _papers_of_congress(congress)
    return RatificationRequest(
        letterhead=of_organization(congress.organization, number=number, on=on),
        draft_mark=TO_SIGN,
        addressee=congress.authority.committee,
        organization_name=congress.organization.name,
        term=congress.term_label,
        congress_name=congress.name,
        congress_held_on=congress.held_on or on,
        congress_ended_on=timezone.localdate(congress.closed_at) if congress.closed_at else None,
        assembly=congress.word,
        voters=congress.voter,
        body=_body_of(elected),
        summoned=electorate.summoned,
        present=electorate.present or 0,
        grounds=(
            "Căn cứ Điều lệ Đảng Cộng sản Việt Nam",
            f"Căn cứ {regulation_name(congress.regime)}",
            _plan_ground(congress),
            *(f"Căn cứ {paper.title} số {paper.notation}, ngày {short_date(paper.issued_on)}" for paper in minutes[:1]),
        ),
        committee=tuple(_elected_person(one) for one in committee),
        secretary=_elected_person(secretary) if secretary else None,
        deputy_secretary=_elected_person(deputy) if deputy else None,
        attachments=(
            *(Attachment(name=f"{paper.title} số {paper.notation}", copies=1) for paper in minutes),
            Attachment(name="Danh sách trích ngang những đồng chí trúng cử", copies=1),
            Attachment(name="Sơ yếu lý lịch của từng đồng chí trúng cử", copies=len(elected_people(congress))),
        ),
        recipients=("Như trên", f"Lưu {issuer}"),
        signature=Signature(authority=f"T/M {issuer}", post="Bí thư" if secretary else "", name=signer.name),
    )


@transaction.atomic
def report_results(
    congress_id: int,
    *,
    biographies: bool = True,
    curricula: Collection[int] | None = None,
    actor: User,
    at: datetime,
) -> Ratification:
    """Trình đề nghị chuẩn y: issue F-17 and start the superior's clock of 15 working days (E-64, E-65).

    ``biographies``, ``curricula`` (member ids; None for everybody elected): what goes up with it on paper. Raises
    NotAllowed, IllegalTransition, NotReady with every gap, or InvalidInput while the file lacks anything.
    """
    congress = lock_congress(congress_id)
    policies.can_report(actor, congress).require()
    CONGRESS_LIFECYCLE.after("report_results", state=congress.state)
    readiness.require(congress, readiness.REPORTING)
    _require_whole_file(congress, biographies=biographies, curricula=curricula)
    today = timezone.localdate(at)
    submission = papers.issue_next(
        lambda notation: ratification_request(congress, number=notation, on=today),
        congress=congress,
        issuer=congress.organization,
        about=f"congress:{congress.pk}",
        run=papers.committee_run(congress.organization, congress.term_label, "TTr"),
        kind="TTr",
        symbol=congress.organization.symbol,
        issued_on=today,
        actor=actor,
        at=at,
    )
    move(congress, "report_results", actor=actor, at=at)
    ratification = congress.ratifications.create(
        number=congress.ratifications.count() + 1,
        submission=submission,
        submitted_by=actor,
        submitted_at=at,
        decide_by=queries.decision_day(congress, today) or working_calendar().after(today, 15),
    )
    audit.record("congress.reported", congress, actor=actor, at=at, notation=submission.notation)
    return ratification


def elected_people(congress: Congress) -> dict[int, str]:
    """Member id → name of everybody who is sent up as elected, each once."""
    people = [one for found in queries.elected_by_office(congress).values() for one in found]
    return {one.member.pk: one.name for one in people}


def _require_whole_file(congress: Congress, *, biographies: bool, curricula: Collection[int] | None) -> None:
    """E-64 — Raise InvalidInput with everything that the file lacks, by the box that says it is there."""
    people = {str(pk): name for pk, name in elected_people(congress).items()}
    vouched = set(people) if curricula is None else {str(pk) for pk in curricula}
    has_minutes = {paper.code for paper in _papers_of_congress(congress)} >= {"F-10", "F-11"}
    asked: dict[str, Iterable[Finding]] = {
        "": file_findings(set(Item) if has_minutes else set(Item) - {Item.MINUTES}, (), (), {}),
        "biographies": file_findings(set(Item) if biographies else set(Item) - {Item.BIOGRAPHIES}, (), (), {}),
        **{f"curriculum_{pk}": file_findings(set(Item), [pk], vouched, people) for pk in people},
    }
    told = {field: [f"{one.message} {one.next}" for one in found] for field, found in asked.items()}
    problems = {field: texts for field, texts in told.items() if texts}
    if problems:
        raise InvalidInput("Hồ sơ đề nghị chuẩn y chưa đủ.", fields=problems)


def _pending(congress: Congress) -> Ratification:
    found = congress.ratifications.select_for_update(of=("self",)).filter(outcome=Outcome.PENDING).first()
    if found is None:
        raise IllegalTransition("Hồ sơ đề nghị chuẩn y này đã được xử lý. Tải lại trang để xem kết quả.")
    return found


def _decide(
    congress_id: int, action: str, outcome: str, *, reasons: str, actor: User, at: datetime
) -> tuple[Congress, Ratification]:
    congress = lock_congress(congress_id)
    pending = congress.ratifications.filter(outcome=Outcome.PENDING).first()
    policies.can_ratify(actor, congress, pending).require()
    CONGRESS_LIFECYCLE.after(action, state=congress.state)
    ratification = _pending(congress)
    if outcome == Outcome.RATIFIED and queries.decision_day(congress, timezone.localdate(at)) is None:
        raise IllegalTransition("Còn đơn khiếu nại về bầu cử chưa kết luận nên chưa chuẩn y. Ghi kết luận đơn trước.")
    if outcome != Outcome.RATIFIED and not reasons.strip():
        raise InvalidInput(
            "Ghi lý do để chi bộ biết cần làm gì.", fields={"reasons": ["Ghi lý do để chi bộ biết cần làm gì."]}
        )
    move(congress, action, actor=actor, at=at)
    ratification.outcome, ratification.reasons = outcome, reasons.strip()
    ratification.decided_by, ratification.decided_at = actor, at
    return congress, ratification


@transaction.atomic
def return_results(congress_id: int, *, reasons: str, actor: User, at: datetime) -> Ratification:
    """Trả lại hồ sơ đề nghị chuẩn y để hoàn thiện, with reasons; the sealed results stay as they are."""
    congress, ratification = _decide(
        congress_id, "return_results", Outcome.RETURNED, reasons=reasons, actor=actor, at=at
    )
    ratification.save()
    audit.record("congress.results_returned", congress, actor=actor, at=at, reasons=ratification.reasons)
    return ratification


@transaction.atomic
def refuse_results(congress_id: int, *, reasons: str, actor: User, at: datetime) -> Ratification:
    """Không chuẩn y, yêu cầu bầu lại (E-66): the elections are kept, no longer current, and set up afresh."""
    congress, ratification = _decide(
        congress_id, "refuse_results", Outcome.REFUSED, reasons=reasons, actor=actor, at=at
    )
    ratification.save()
    annulled = list(queries.current_elections(congress))
    told = f"Không được chuẩn y: {ratification.reasons}"[:300]
    congress.elections.filter(pk__in=[one.pk for one in annulled]).update(is_annulled=True, conclusion=told)
    for election in annulled:
        again = congress.elections.create(office=election.office, attempt=election.attempt + 1, seats=election.seats)
        first = again.rounds.create(number=1, seats=election.seats, state_since=at)
        if election.office not in queries.LEADERS or queries.body_of_leaders(congress) is None:
            for candidate in election.rounds.get(number=1).candidates.all():
                first.candidates.create(member_id=candidate.member_id, source=candidate.source)
    expect_new_sitting(congress)
    audit.record("congress.results_refused", congress, actor=actor, at=at, reasons=ratification.reasons)
    return ratification


def ratification_decision(
    congress: Congress, ratification: Ratification, *, number: str, on: date, signer_post: str, signer_name: str
) -> RatificationDecision:
    """Quyết định chuẩn y of the results sent up in ``ratification``."""
    elected = queries.elected_by_office(congress)
    secretary = _only(elected.get(ElectedOffice.SECRETARY))
    deputy = _only(elected.get(ElectedOffice.DEPUTY_SECRETARY))
    authority, submission = congress.authority, ratification.submission
    body = "Ban Thường vụ" if authority.has_standing_committee else "Đảng ủy"
    return RatificationDecision(
        letterhead=of_organization(authority, number=number, on=on),
        draft_mark=TO_SIGN,
        authority=f"Ban Thường vụ {authority.committee}" if authority.has_standing_committee else authority.committee,
        organization_name=congress.organization.name,
        body=_body_of(elected),
        kind="chi bộ" if congress.organization.is_branch else "đảng bộ",
        term=congress.term_label,
        grounds=(
            "Căn cứ Điều lệ Đảng Cộng sản Việt Nam",
            _charter_ground(on),
            f"Căn cứ {regulation_name(congress.regime)}",
            f"Xét Tờ trình số {submission.notation}, ngày {short_date(submission.issued_on)} của "
            f"{congress.organization.name} và các biên bản bầu cử kèm theo",
        ),
        committee=tuple(_ratified_person(one) for one in _committee_of(elected)),
        secretary=_ratified_person(secretary) if secretary else None,
        deputy_secretary=_ratified_person(deputy) if deputy else None,
        executors=(f"Văn phòng {authority.committee}",),
        recipients=(
            *((f"{authority.parent.committee} (để báo cáo)",) if authority.parent else ()),
            "Như Điều 3",
            f"Lưu {authority.committee}",
        ),
        signature=Signature(authority=f"T/M {body}", post=signer_post, name=signer_name),
    )


def check_decision_date(issued_on: date, congress: Congress, at: datetime) -> None:
    """A decision is not dated before the submission that it cites, nor after today."""
    problem, submission = "", congress.ratifications.select_related("submission").order_by("-number")[0].submission
    if issued_on > timezone.localdate(at):
        problem = "Ngày quyết định không thể sau hôm nay."
    elif issued_on < submission.issued_on:
        day = short_date(submission.issued_on)
        problem = f"Ngày quyết định không thể trước ngày tờ trình số {submission.notation} ({day})."
    if problem:
        raise InvalidInput(problem, fields={"issued_on": [problem]})


@transaction.atomic
def ratify(
    congress_id: int,
    *,
    issued_on: date,
    signer_name: str,
    signer_post: str,
    actor: User,
    at: datetime,
    number: int | None = None,
) -> Ratification:
    """Chuẩn y: issue the decision (F-18) and record the posts of those elected from its day.

    ``number`` None takes the next of the committee's run. Raises NotAllowed, IllegalTransition or InvalidInput.
    """
    congress, ratification = _decide(congress_id, "ratify", Outcome.RATIFIED, reasons="", actor=actor, at=at)
    check_decision_date(issued_on, congress, at)
    authority = congress.authority
    decision = papers.issue_next(
        lambda notation: ratification_decision(
            congress, ratification, number=notation, on=issued_on, signer_post=signer_post, signer_name=signer_name
        ),
        congress=congress,
        issuer=authority,
        about=f"congress:{congress.pk}",
        run=papers.committee_run(authority, _committee_term(authority), "QĐ"),
        kind="QĐ",
        symbol=authority.symbol,
        wanted=number,
        issued_on=issued_on,
        actor=actor,
        at=at,
    )
    ratification.decision = decision
    ratification.save()
    _record_posts(congress, decision)
    audit.record("congress.ratified", congress, actor=actor, at=at, notation=decision.notation)
    return ratification


def _committee_term(authority: Organization) -> str:
    """The committee's own term, which its run of numbers lasts (HD 36, mục 1.3).

    It begins with its own congress; while none is recorded here the run has no name and goes on.
    """
    own = authority.congresses.filter(closed_at__isnull=False).order_by("-closed_at").first()
    return own.term_label if own else ""


def _record_posts(congress: Congress, decision: IssuedPaper) -> None:
    organization: Organization = congress.organization
    label = f"Quyết định số {decision.notation} ngày {short_date(decision.issued_on)}"
    if not congress.is_meeting:  # a meeting adds its leaders to the committee that elected them
        organization_services.end_posts(organization, on=decision.issued_on)
    for office, people in queries.elected_by_office(congress).items():
        post = POSTS.get(ElectedOffice(office))
        if post is None:  # delegates, ban thường vụ: no post of its own
            continue
        for one in people:
            organization_services.record_post(
                one.member.pk, organization, post, starts_on=decision.issued_on, decision=label
            )


def deadline_of_ratification(congress: Congress) -> date | None:
    """The day the plan sets for report and ratification; None when it sets none."""
    row = deadlines_of(congress.plan).get(DeadlineKind.RATIFICATION)
    return row.due_on if row else None
