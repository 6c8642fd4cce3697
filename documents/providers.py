"""Duties about drafts: write, mend, give an opinion, approve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q
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
from documents.models import Document, ReviewRound

WRITERS = (Role.SECRETARY, Role.CLERK, Role.DRAFTER)
OPEN = (PREPARING, SUBMITTED, CLEARED)
"""States of the congress in which its drafts still move."""


def _papers_due(congresses: Iterable[Congress]) -> dict[int, date | None]:
    """Plan id → the day on which drafts are due."""
    deadlines = congress_queries.deadlines_of_plans(congress.plan for congress in congresses)
    return {
        pk: found[kind].due_on if (kind := DeadlineKind.PAPERS) in found else None for pk, found in deadlines.items()
    }


def to_write(user: User) -> Iterator[Duty]:
    """Sent back with reasons: for everyone who writes. Begun or still missing: for the drafter."""
    if not holds_anywhere(user, *WRITERS):
        return
    sent_back = Q(under(user, *WRITERS, prefix="congress__organization__"), state=CHANGES_REQUESTED)
    begun = Q(under(user, Role.DRAFTER, prefix="congress__organization__"), state=DRAFT)
    documents = list(
        Document.objects.filter(sent_back | begun, congress__state__in=OPEN)
        .select_related("congress__organization", "congress__plan")
        .order_by("state_since")[:200]
    )
    due = _papers_due(document.congress for document in documents)
    for document in documents:
        back = document.state == CHANGES_REQUESTED
        yield Duty(
            sentence=f"Sửa {_lower(document.title)} theo ý kiến" if back else f"Soạn tiếp {_lower(document.title)}",
            where=document.congress.name,
            button="Sửa văn kiện" if back else "Soạn tiếp văn kiện",
            url=reverse("documents:detail", args=[document.pk]),
            since=document.state_since,
            due_on=due[document.congress.plan_id],
        )


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
