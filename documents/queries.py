"""Querysets over drafts and issued papers."""

from __future__ import annotations

from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When

from accounts.models import AuditEvent, User
from documents.lifecycle import CHANGES_REQUESTED, IN_REVIEW
from documents.models import CommitteeReport, Document, DocumentVersion, IssuedPaper, ReviewComment, ReviewRound
from organizations.queries import in_reach


def visible_to(user: User) -> QuerySet[Document]:
    return Document.objects.filter(in_reach(user, "congress__organization__")).select_related(
        "congress__organization", "congress__authority", "congress__plan__organization", "approved_version"
    )


def versions_visible_to(user: User) -> QuerySet[DocumentVersion]:
    return DocumentVersion.objects.filter(in_reach(user, "document__congress__organization__")).select_related(
        "document__congress__organization", "document__congress__authority"
    )


def papers_visible_to(user: User) -> QuerySet[IssuedPaper]:
    return IssuedPaper.objects.filter(in_reach(user, "congress__organization__")).select_related(
        "congress__organization", "congress__authority", "issuer"
    )


def reports_visible_to(user: User) -> QuerySet[CommitteeReport]:
    return CommitteeReport.objects.filter(in_reach(user, "organization__")).select_related("organization", "created_by")


def numbered(papers: QuerySet[IssuedPaper]) -> QuerySet[IssuedPaper]:
    """Official papers; working papers are listed where the work is done."""
    return papers.exclude(notation="")


def with_newest_version(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Adds ``newest_number`` and ``newest_at`` (None while nothing is written)."""
    newest = DocumentVersion.objects.filter(document=OuterRef("pk")).order_by("-number")
    return documents.annotate(
        newest_number=Subquery(newest.values("number")[:1]), newest_at=Subquery(newest.values("written_at")[:1])
    )


def newest_version(document: Document) -> DocumentVersion | None:
    return document.versions.order_by("-number").first()


def open_round(document: Document) -> ReviewRound | None:
    return document.rounds.filter(outcome=ReviewRound.Outcome.OPEN).select_related("version", "opened_by").first()


def comments_to_answer(document: Document) -> QuerySet[ReviewComment]:
    """The comments of the newest closed round: what the next version answers."""
    last = document.rounds.exclude(outcome=ReviewRound.Outcome.OPEN).order_by("-number").first()
    return ReviewComment.objects.filter(round=last).select_related("written_by")


def under_review_first(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Those a committee has to look at, then those to be mended, then the rest; longest waiting first."""
    rank = Case(When(state=IN_REVIEW, then=Value(0)), When(state=CHANGES_REQUESTED, then=Value(1)), default=Value(2))
    return documents.order_by(rank, "state_since", "pk")


def comments_on(document: Document) -> QuerySet[ReviewComment]:
    """The comments of every round, newest round first."""
    return (
        ReviewComment.objects.filter(round__document=document)
        .select_related("written_by", "round")
        .order_by("-round__number", "pk")
    )


def last_reasons(document: Document) -> str:
    """What the committee asked for when it last sent the draft back, or opened an approved one again."""
    last = document.rounds.exclude(outcome=ReviewRound.Outcome.OPEN).order_by("-number").first()
    opened_again = (
        AuditEvent.objects.filter(
            action="document.reopened", subject_type="documents.document", subject_id=str(document.pk)
        )
        .order_by("-sequence")
        .first()
    )
    if opened_again and last and last.closed_at and opened_again.at >= last.closed_at:
        return str(opened_again.details.get("reasons", ""))
    return last.reasons if last else ""
