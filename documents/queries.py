"""Querysets over drafts and issued papers."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from documents.models import Document, DocumentVersion, IssuedPaper, ReviewComment, ReviewRound
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
