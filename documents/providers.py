"""Duties about drafts: write, mend, give an opinion, approve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from congress import queries as congress_queries
from congress.duties import Duty
from congress.lifecycle import CLEARED, PREPARING, SUBMITTED
from congress.models import Congress, DeadlineKind
from congress.reach import exactly_at, holds_anywhere, under
from documents.checks import required_kinds
from documents.lifecycle import CHANGES_REQUESTED, DRAFT
from documents.models import Document, DocumentVersion, ReviewRound

SUBMITTERS = (Role.SECRETARY, Role.CLERK)
WRITERS = (*SUBMITTERS, Role.DRAFTER)
OPEN = (PREPARING, SUBMITTED, CLEARED)
"""States of the congress in which its drafts still move."""


def _papers_due(congresses: Iterable[Congress]) -> dict[int, date | None]:
    """Plan id → the day on which drafts are due."""
    deadlines = congress_queries.deadlines_of_plans(congress.plan for congress in congresses)
    return {
        pk: found[kind].due_on if (kind := DeadlineKind.PAPERS) in found else None for pk, found in deadlines.items()
    }


def to_write(user: User) -> Iterator[Duty]:
    """Sent back with reasons: for everyone who writes, and once mended for those who submit. Begun: for the drafter."""
    if not holds_anywhere(user, *WRITERS):
        return
    written_since = DocumentVersion.objects.filter(document=OuterRef("pk"), written_at__gte=OuterRef("state_since"))
    place = "congress__organization__"
    sent_back = Q(under(user, *WRITERS, prefix=place), state=CHANGES_REQUESTED, is_mended=False)
    mended = Q(under(user, *SUBMITTERS, prefix=place), state=CHANGES_REQUESTED, is_mended=True)
    begun = Q(under(user, Role.DRAFTER, prefix=place), state=DRAFT)
    documents = list(
        Document.objects.annotate(is_mended=Exists(written_since))
        .filter(sent_back | mended | begun, congress__state__in=OPEN)
        .select_related("congress__organization", "congress__plan")
        .order_by("state_since")[:200]
    )
    due = _papers_due(document.congress for document in documents)
    for document in documents:
        sentence, button = _writing(document)
        yield Duty(
            sentence=sentence,
            where=document.congress.name,
            button=button,
            url=reverse("documents:detail", args=[document.pk]),
            since=document.state_since,
            due_on=due[document.congress.plan_id],
        )


def _writing(document: Document) -> tuple[str, str]:
    """The sentence and the button of one draft of ``to_write``."""
    title = _lower(document.title)
    if document.state == DRAFT:
        return f"Soạn tiếp {title}", "Soạn tiếp văn kiện"
    if document.is_mended:
        return f"Trình lại {title}, đã sửa theo ý kiến", "Mở văn kiện"
    return f"Sửa {title} theo ý kiến", "Sửa văn kiện"


def to_begin(user: User) -> Iterator[Duty]:
    """Required papers that nobody began, one duty per congress, for the drafter."""
    if not holds_anywhere(user, Role.DRAFTER):
        return
    reach = under(user, Role.DRAFTER, prefix="organization__")
    found = Congress.objects.filter(reach, state=PREPARING).select_related("organization", "plan")
    congresses = list(found.prefetch_related("documents").order_by("state_since")[:200])
    due = _papers_due(congresses)
    for congress in congresses:
        known = {document.kind for document in congress.documents.all()}
        missing = [kind.label for kind in required_kinds(congress) if kind not in known]
        if missing:
            yield Duty(
                sentence=f"Soạn {', '.join(_lower(label) for label in missing)}",
                where=congress.name,
                button="Soạn văn kiện",
                url=reverse("documents:list", args=[congress.pk]),
                since=congress.state_since,
                due_on=due[congress.plan_id],
            )


def to_review(user: User) -> Iterator[Duty]:
    """Drafts under review at the person's own committee, one duty per congress; not one's own submissions.

    The staff's part is done once they gave an opinion in the round; the approver's when it is closed.
    """
    deciding, advising = exactly_at(user, Role.APPROVER), exactly_at(user, Role.COMMITTEE_STAFF)
    if not deciding | advising:
        return
    rounds = (
        ReviewRound.objects.filter(outcome=ReviewRound.Outcome.OPEN, document__congress__state__in=OPEN)
        .filter(
            Q(document__congress__authority__in=deciding)
            | (Q(document__congress__authority__in=advising) & ~Q(comments__written_by=user))
        )
        .exclude(opened_by=user)
        .select_related("document__congress__organization", "document__congress__plan")
        .distinct()
        .order_by("opened_at", "pk")
    )
    groups: dict[int, list[ReviewRound]] = {}
    for one in rounds:
        groups.setdefault(one.document.congress_id, []).append(one)
    for waiting in groups.values():
        yield _review(waiting, may_approve=waiting[0].document.congress.authority_id in deciding)


def _review(rounds: list[ReviewRound], *, may_approve: bool) -> Duty:
    document = rounds[0].document
    what = _lower(document.title) if len(rounds) == 1 else f"{len(rounds)} văn kiện"
    verb = "Xem xét, phê duyệt" if may_approve else "Cho ý kiến"
    single = len(rounds) == 1
    return Duty(
        sentence=f"{verb} {what} của {document.congress.organization.name}",
        where=document.congress.name,
        button="Mở văn kiện",
        url=reverse("documents:detail", args=[document.pk])
        if single
        else reverse("documents:list", args=[document.congress_id]),
        since=rounds[0].opened_at,
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


DUTIES = (to_begin, to_write, to_review)
