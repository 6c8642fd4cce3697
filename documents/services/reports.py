"""Báo cáo tiến độ of a committee: the figures of one day, its number, and both files by a durable job."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit, wording
from accounts.errors import InvalidInput
from accounts.models import User
from congress.lifecycle import CLEARED, COMPLETE, PREPARING, SITTING, SUBMITTED
from congress.progress import Line, Overview, overview_of, terms_of
from congress.queries import congresses_under
from congress.structure import structure_of
from congress.wall import at_committees, exceptions_of
from documents import letterheads, policies
from documents.files import store_once
from documents.models import CommitteeReport
from documents.papers import registry
from documents.papers.base import Signature
from documents.papers.layouts import layout, layout_for
from documents.papers.numbering import format_number, short_date
from documents.papers.progress_report import (
    BranchLine,
    CommitteeLine,
    DayCount,
    NamedException,
    ProgressReport,
    StructureLine,
)
from documents.services.papers import committee_run, take_number
from organizations.models import Organization
from organizations.queries import below
from outbox.models import Job
from outbox.services import promise

RENDER = "render_report"
DRAFT = "DỰ THẢO, chưa lấy số"
NAMED, EACH = 20, 4
"""Committees with late branches, and branches of each, that the report names; the list in Excel has them all."""


def terms_to_report(organization: Organization) -> list[str]:
    """The terms of which there is something to report, newest first."""
    return terms_of(congresses_under(organization))


def overview_for(organization: Organization, term_label: str, *, as_of: date) -> Overview:
    """What lies below the organization, as of that day."""
    congresses = congresses_under(organization).filter(term_label=term_label)
    return overview_of(congresses, Organization.objects.filter(below(organization.path)), term_label, as_of=as_of)


def draft_report(
    organization: Organization,
    term_label: str,
    *,
    as_of: date,
    number: int | None = None,
    issued_on: date,
    addressee: str = "",
    recipients: tuple[str, ...] = (),
    signature: Signature,
    assessment: str = "",
    proposals: str = "",
    mark: str = letterheads.TO_SIGN,
) -> ProgressReport:
    """The report as it would be issued now; nothing is stored."""
    seen = overview_for(organization, term_label, as_of=as_of)
    states = [line.state for line in seen.lines]
    congresses = congresses_under(organization).filter(term_label=term_label)
    structure = structure_of(congresses, on=as_of)
    late = exceptions_of(seen.lines, {}).late
    return ProgressReport(
        letterhead=letterheads.of_organization(
            organization, number=format_number(number, "BC", organization.symbol), on=issued_on
        ),
        draft_mark=mark,
        addressee=addressee,
        organization_name=organization.name,
        committee_name=organization.committee,
        term=term_label,
        as_of=as_of,
        plans=_plans(congresses, as_of),
        total=seen.total,
        held=seen.held,
        ratified=seen.ratified,
        sitting=states.count(SITTING),
        cleared=states.count(CLEARED),
        submitted=states.count(SUBMITTED),
        preparing=states.count(PREPARING),
        late=seen.late,
        deadline=seen.deadline,
        starts_on=seen.starts_on,
        outlook=seen.outlook,
        committees=tuple(_committee_lines(seen)),
        days=tuple(_days(seen)),
        exceptions=tuple(_named(own) for own in at_committees(late, worst=lambda one: -(one.left or 0))[:NAMED]),
        elected=structure.total,
        structure=tuple(
            StructureLine(group=one.title, label=label, count=count)
            for one in structure.classifications()
            for label, count in one.rows
        ),
        branches=tuple(_branch_line(line) for line in seen.lines),
        assessment=assessment,
        proposals=proposals,
        recipients=recipients or ("Cấp ủy cấp trên", f"Lưu {organization.committee}"),
        signature=signature,
    )


def _plans(congresses: Any, as_of: date) -> tuple[str, ...]:
    """The plans of that day that the congresses carry out from the top; those of many committees below are left out."""
    plans = {one.plan for one in congresses.select_related("plan__organization", "plan__based_on__organization")[:200]}
    roots = {plan.based_on or plan for plan in plans}
    cited = sorted(roots, key=lambda plan: (plan.issued_on or date.min, plan.pk))[:3]
    issued = [(plan, plan.issued_on) for plan in cited if plan.issued_on and plan.issued_on <= as_of]
    return tuple(f"{plan.label}, ngày {short_date(day)}" for plan, day in issued)


def _committee_lines(seen: Overview) -> list[CommitteeLine]:
    mine: dict[int, list[Line]] = {}
    for line in seen.lines:
        mine.setdefault(line.authority_id, []).append(line)
    return [
        CommitteeLine(
            name=place.name,
            total=total,
            held=held,
            ratified=sum(line.is_ratified for line in mine[place.pk]),
            late=sum(line.is_late for line in mine[place.pk]),
        )
        for place, held, total in seen.by_committee()
    ]


def _branch_line(line: Line) -> BranchLine:
    return BranchLine(
        branch=line.branch,
        committee=line.committee,
        state=line.label,
        holder="" if line.state == COMPLETE else line.holder,
        since=line.since,
        days=line.holding,
        day=line.closed_on if line.is_held else line.planned_on,
        due=line.due,
        is_pilot=line.is_pilot,
    )


def _days(seen: Overview) -> list[DayCount]:
    closings = sorted(line.closed_on for line in seen.lines if line.is_held and line.closed_on)
    return [DayCount(on=day, held=number) for day, number in {day: n for n, day in enumerate(closings, 1)}.items()]


def _named(own: list[Line]) -> NamedException:
    """The late branches of one committee, the longest late first."""
    worst, names = own[0], [line.branch for line in own[:EACH]]
    rest = f" và {len(own) - EACH} chi bộ khác" if len(own) > EACH else ""
    return NamedException(
        branch=f"{', '.join(names)}{rest}",
        committee=worst.committee,
        state=f"{worst.label.lower()}, {wording.working_days(worst.left or 0)}",
        count=len(own),
    )


@transaction.atomic
def issue_report(
    organization_id: int,
    term_label: str,
    *,
    as_of: date,
    issued_on: date,
    number: int | None,
    addressee: str,
    recipients: tuple[str, ...],
    signature: Signature,
    assessment: str,
    proposals: str,
    actor: User,
    at: datetime,
) -> CommitteeReport:
    """Lập báo cáo tiến độ with the next number of the committee's run, or the one typed.

    Raises NotAllowed, or InvalidInput naming the field.
    """
    organization = Organization.objects.select_for_update().get(pk=organization_id)
    policies.can_report(actor, organization).require()
    _require_days(organization, term_label, as_of=as_of, issued_on=issued_on, today=timezone.localdate(at))
    run = committee_run(organization, term_label, "BC")
    taken = take_number(run, number)
    paper = draft_report(
        organization,
        term_label,
        as_of=as_of,
        number=taken,
        issued_on=issued_on,
        addressee=addressee,
        recipients=recipients,
        signature=signature,
        assessment=assessment,
        proposals=proposals,
    )
    report = keep_report(paper, organization, run=run, number=taken, actor=actor, at=at)
    audit.record("report.issued", report, actor=actor, at=at, notation=report.notation)
    return report


def preview_report(
    organization: Organization,
    term_label: str,
    *,
    as_of: date,
    issued_on: date,
    number: int | None,
    today: date,
    **said: Any,
) -> ProgressReport:
    """Xem trước: the report as issuing it now would make it, marked as a draft; no number is taken, nothing is stored.

    Raises InvalidInput naming the field.
    """
    _require_days(organization, term_label, as_of=as_of, issued_on=issued_on, today=today)
    return draft_report(organization, term_label, as_of=as_of, issued_on=issued_on, number=number, mark=DRAFT, **said)


def _require_days(organization: Organization, term_label: str, *, as_of: date, issued_on: date, today: date) -> None:
    if as_of > today:
        raise InvalidInput("Chưa có số liệu của ngày chưa tới.", fields={"as_of": ["Chọn hôm nay hoặc ngày đã qua."]})
    if issued_on > today or issued_on < as_of:
        problem = "Ngày báo cáo từ ngày chốt số liệu đến hôm nay."
        raise InvalidInput(problem, fields={"issued_on": [problem]})
    if term_label not in terms_to_report(organization):
        problem = f"Chưa có đại hội nào của nhiệm kỳ {term_label} để báo cáo."
        raise InvalidInput(problem, fields={"term_label": [problem]})


def keep_report(
    paper: ProgressReport, organization: Organization, *, run: str, number: int, actor: User, at: datetime
) -> CommitteeReport:
    """Store the report under its number and promise its files. The caller holds the lock and records the event."""
    issued_on = paper.letterhead.date or timezone.localdate(at)
    report = CommitteeReport.objects.create(
        code=paper.code,
        organization=organization,
        term_label=paper.term,
        as_of=paper.as_of,
        title=paper.listing,
        number_scope=run,
        number=number,
        notation=paper.letterhead.number.removeprefix("Số "),
        issued_on=issued_on,
        layout=layout_for(issued_on).code,
        data=paper.checked().to_dict(),
        created_by=actor,
        created_at=at,
    )
    promise(RENDER, f"report:{report.pk}", {"report_id": report.pk}, at=at)
    return report


def render_report(payload: Mapping[str, Any], job: Job) -> None:
    """The durable job: the three files once, of the same data, stored, then written into the row that has none yet."""
    report = CommitteeReport.objects.get(pk=payload["report_id"])
    if report.is_rendered:
        return
    from documents.rendering import render  # local: WeasyPrint is loaded by the process that renders, no other
    from documents.sheet_out import workbook_of
    from documents.word_out import word_of

    paper = paper_of(report)
    pdf = store_once("reports/report.pdf", render(paper, report.layout))
    word = store_once("reports/report.docx", word_of(paper, layout(report.layout)))
    excel = store_once("reports/report.xlsx", workbook_of(paper))
    with transaction.atomic():
        CommitteeReport.objects.filter(pk=report.pk, pdf_sha256="").update(
            pdf_name=pdf.name,
            pdf_sha256=pdf.sha256,
            word_name=word.name,
            word_sha256=word.sha256,
            excel_name=excel.name,
            excel_sha256=excel.sha256,
        )


def paper_of(report: CommitteeReport) -> ProgressReport:
    """The report's content, read back through its own door."""
    paper = registry.get(report.code).from_dict(report.data)
    assert isinstance(paper, ProgressReport)  # noqa: S101  (the one code that reports have)
    return paper


def job_of(report: CommitteeReport) -> Job | None:
    """The job that makes the files."""
    return Job.objects.filter(kind=RENDER, key=f"report:{report.pk}").first()
