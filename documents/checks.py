"""Papers that a congress must have before each step."""

from __future__ import annotations

from collections.abc import Iterator

from congress.models import Congress
from congress.readiness import CLEARANCE, CLEARING, DOSSIER, OPENING, REPORTING, Gap
from documents import queries
from documents.lifecycle import APPROVED, IN_REVIEW, STATE_NAMES
from documents.models import DocumentKind, IssuedPaper

REQUIRED = (DocumentKind.POLITICAL_REPORT, DocumentKind.RESOLUTION, DocumentKind.PERSONNEL_PLAN)


def required_kinds(congress: Congress) -> tuple[DocumentKind, ...]:
    """Without chi ủy the kiểm điểm of bí thư is part of the báo cáo chính trị (F-03); a committee meeting has none."""
    if congress.is_meeting:
        return ()
    extra = (DocumentKind.SELF_CRITICISM,) if congress.has_branch_committee else ()
    return REQUIRED[:1] + extra + REQUIRED[1:]


def drafts(congress: Congress, step: str) -> Iterator[Gap]:
    """Required papers submitted before clearance is asked, approved before it is given and before the opening."""
    if step not in (CLEARANCE, CLEARING, OPENING):
        return
    wanted = (IN_REVIEW, APPROVED) if step == CLEARANCE else (APPROVED,)
    known = {document.kind: document for document in congress.documents.all()}
    for kind in required_kinds(congress):
        document = known.get(kind)
        if document is None:
            yield Gap(
                f"Chưa có {kind.label[0].lower()}{kind.label[1:]}.",
                f"Soạn {kind.label[0].lower()}{kind.label[1:]}",
                "documents:list",
                {"congress_id": congress.pk},
            )
        elif document.state not in wanted:
            needed = "trình xin ý kiến" if step == CLEARANCE else "được phê duyệt"
            yield Gap(
                f"{document.title} chưa {needed} (hiện: {STATE_NAMES[document.state].lower()}).",
                f"Mở {document.title[0].lower()}{document.title[1:]}",
                "documents:detail",
                {"document_id": document.pk},
            )


def papers(congress: Congress, step: str) -> Iterator[Gap]:
    """The congress minutes before reporting; every paper's file before the dossier is complete."""
    if (
        step == REPORTING
        and not IssuedPaper.objects.filter(congress=congress, code="F-11", created_at__gte=congress.closed_at).exists()
    ):
        yield Gap(
            "Chưa lập biên bản đại hội.", "Lập biên bản đại hội", "documents:papers", {"congress_id": congress.pk}
        )
    if step == DOSSIER:
        for paper in queries.numbered(IssuedPaper.objects.filter(congress=congress, sha256="")):
            yield Gap(
                f"{paper.title} số {paper.notation} chưa có tệp PDF.",
                "Xem văn bản",
                "documents:papers",
                {"congress_id": congress.pk},
            )
