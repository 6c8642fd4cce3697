"""Official papers: number, plain data, and a PDF made once by a durable job."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import InvalidInput
from accounts.models import User
from congress.models import Congress
from documents import policies
from documents.files import store_once
from documents.models import CommitteeReport, IssuedPaper, NumberCounter
from documents.papers import registry
from documents.papers.base import Paper
from documents.papers.layouts import layout_for
from documents.papers.numbering import format_number
from organizations.models import Organization
from outbox.models import Job
from outbox.services import promise, retry

RENDER = "render_paper"


def congress_run(congress: Congress) -> str:
    """One run of numbers for all papers of one congress and its bodies (HD 36, mục 1.3)."""
    return f"congress:{congress.pk}"


def committee_run(organization: Organization, term_label: str, doc_type: str) -> str:
    """One run per committee, term and type of paper (HD 36, mục 1.3)."""
    return f"org:{organization.pk}:{term_label}:{doc_type}"


def next_number(scope: str) -> int:
    """Take the next number of the run, inside the caller's transaction; runs start at 01 and have no gap."""
    counter, _ = NumberCounter.objects.select_for_update().get_or_create(scope=scope)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def take_number(scope: str, wanted: int | None) -> int:
    """``wanted`` of the run, or the next one; a number typed by hand moves the run on.

    Raises InvalidInput when it is taken.
    """
    if wanted is None:
        return next_number(scope)
    counter, _ = NumberCounter.objects.select_for_update().get_or_create(scope=scope)
    if wanted < 1 or any(
        kind.objects.filter(number_scope=scope, number=wanted).exists() for kind in (IssuedPaper, CommitteeReport)
    ):
        message = (
            f"Số {wanted:02d} đã dùng hoặc không hợp lệ. Chọn số khác, hoặc để trống để phần mềm lấy số tiếp theo."
        )
        raise InvalidInput(message, fields={"number": [message]})
    counter.last = max(counter.last, wanted)
    counter.save(update_fields=["last"])
    return wanted


def issue(
    paper: Paper,
    *,
    congress: Congress,
    issuer: Organization,
    about: str,
    run: str,
    number: int,
    notation: str,
    issued_on: date,
    actor: User,
    at: datetime,
) -> IssuedPaper:
    """Store the paper's data under its number and promise the PDF. The caller holds the lock and records the event.

    A second paper of the same code about the same thing is the next edition; the earlier ones stay.
    """
    editions = IssuedPaper.objects.filter(code=paper.code, about=about).count()
    issued = IssuedPaper.objects.create(
        code=paper.code,
        congress=congress,
        issuer=issuer,
        about=about,
        edition=editions + 1,
        title=paper.listing,
        number_scope=run,
        number=number,
        notation=notation,
        issued_on=issued_on,
        layout=layout_for(issued_on).code,
        regime=congress.regime,
        data=paper.checked().to_dict(),
        created_by=actor,
        created_at=at,
    )
    promise(RENDER, f"paper:{issued.pk}", {"paper_id": issued.pk}, at=at)
    return issued


def issue_next(
    write: Callable[[str], Paper],
    *,
    congress: Congress,
    issuer: Organization,
    about: str,
    run: str,
    kind: str,
    symbol: str,
    wanted: int | None = None,
    issued_on: date,
    actor: User,
    at: datetime,
) -> IssuedPaper:
    """Take the next number of the run (or ``wanted``), write the paper with it ("Số 03-BB/ĐH") and issue it."""
    number = take_number(run, wanted)
    notation = format_number(number, kind, symbol)
    return issue(
        write(notation),
        congress=congress,
        issuer=issuer,
        about=about,
        run=run,
        number=number,
        notation=notation.removeprefix("Số "),
        issued_on=issued_on,
        actor=actor,
        at=at,
    )


def issue_minutes(
    write: Callable[[str], Paper], *, congress: Congress, about: str, issued_on: date, actor: User, at: datetime
) -> IssuedPaper:
    """Biên bản of the congress or one of its bodies, in the congress's one run of numbers."""
    return issue_next(
        write,
        congress=congress,
        issuer=congress.organization,
        about=about,
        run=congress_run(congress),
        kind="BB",
        symbol="ĐH",
        issued_on=issued_on,
        actor=actor,
        at=at,
    )


def issue_working(
    paper: Paper, *, congress: Congress, about: str, prepared_on: date, actor: User, at: datetime
) -> IssuedPaper:
    """Store a working paper (ballots, tally sheets): kept and printed like the others, but in no run of numbers.

    Asked for again with the same data it is the same paper: a second press of the button makes no second file.
    The caller holds the lock and records the event.
    """
    data = paper.checked().to_dict()
    earlier = list(IssuedPaper.objects.filter(code=paper.code, about=about))
    if (same := next((one for one in earlier if one.data == data), None)) is not None:
        return same
    return issue(
        paper,
        congress=congress,
        issuer=congress.organization,
        about=about,
        run=f"working:{paper.code}:{about}",
        number=len(earlier) + 1,
        notation="",
        issued_on=prepared_on,
        actor=actor,
        at=at,
    )


def render_paper(payload: Mapping[str, Any], job: Job) -> None:
    """The durable job: render once, store, and write file and hash into the row that has none yet.

    Run twice, or by two workers at once, it leaves one file and one hash.
    """
    issued = IssuedPaper.objects.get(pk=payload["paper_id"])
    if issued.sha256:
        return
    from documents.rendering import render  # local: WeasyPrint is loaded by the process that renders, no other

    content = render(registry.get(issued.code).from_dict(issued.data), issued.layout)
    stored = store_once("papers/paper.pdf", content)
    with transaction.atomic():
        IssuedPaper.objects.filter(pk=issued.pk, sha256="").update(
            file_name=stored.name, sha256=stored.sha256, size=stored.size, rendered_at=timezone.now()
        )


def job_of(issued: IssuedPaper) -> Job | None:
    """The job that makes this paper's PDF: its state is what the page shows while there is no file."""
    return Job.objects.filter(kind=RENDER, key=f"paper:{issued.pk}").first()


def jobs_of(issued: Iterable[IssuedPaper]) -> dict[int, Job]:
    """Paper id → its job, for a whole list in one query."""
    keys = {f"paper:{paper.pk}": paper.pk for paper in issued}
    return {keys[job.key]: job for job in Job.objects.filter(kind=RENDER, key__in=keys)}


@transaction.atomic
def retry_render(paper_id: int, *, actor: User, at: datetime) -> IssuedPaper:
    """Tạo lại tệp after three failed tries; a paper that has its file is left as it is. Raises NotAllowed."""
    issued = IssuedPaper.objects.select_related("congress__organization", "issuer").get(pk=paper_id)
    policies.can_retry(actor, issued).require()
    job = job_of(issued)
    if job is not None and not issued.sha256:
        retry(job.pk, at=at)
    audit.record("paper.retried", issued, actor=actor, at=at)
    return issued
