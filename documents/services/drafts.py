"""Drafts: written in versions, submitted, sent back with reasons, approved and locked."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput, StaleVersion
from accounts.models import User
from congress.lifecycle import CLEARED, PREPARING, STATE_NAMES, SUBMITTED
from congress.services import milestones
from congress.services.preparing import lock as lock_congress
from documents import policies, queries
from documents.files import store_once
from documents.lifecycle import DOCUMENT_LIFECYCLE, EDITABLE
from documents.models import Document, DocumentKind, DocumentVersion, ReviewComment, ReviewRound
from documents.uploads import Upload

Outcome = ReviewRound.Outcome
MOVABLE = (PREPARING, SUBMITTED, CLEARED)
"""States of the congress in which its drafts may still move."""


def _lock(document_id: int) -> Document:
    """The draft and before it its congress, locked: a draft moves only while the congress stands still."""
    lock_congress(Document.objects.values_list("congress_id", flat=True).get(pk=document_id))
    return (
        Document.objects.select_for_update(of=("self",))
        .select_related("congress__organization", "congress__authority")
        .get(pk=document_id)
    )


def _require_before_sitting(state: str) -> None:
    if state not in MOVABLE:
        raise IllegalTransition(f"Đại hội ở bước “{STATE_NAMES[state]}”, văn kiện trình đại hội đã chốt.")


def require_editable(document: Document) -> None:
    """Raise IllegalTransition unless a new version may be written now."""
    _require_before_sitting(document.congress.state)
    if document.state not in EDITABLE:
        raise IllegalTransition(
            f"{document.title} đang ở bước “{document.get_state_display()}” nên chưa sửa được. "
            "Rút về hoặc đề nghị mở lại trước khi sửa."
        )


def _move(document: Document, action: str, *, at: datetime) -> None:
    _require_before_sitting(document.congress.state)
    document.state = DOCUMENT_LIFECYCLE.after(action, state=document.state)
    document.state_since = at


@transaction.atomic
def create_document(congress_id: int, *, kind: str, title: str = "", actor: User, at: datetime) -> Document:
    """Lập văn kiện mới: one of each kind, any number of other papers. Raises NotAllowed or InvalidInput."""
    congress = lock_congress(congress_id)
    policies.can_write(actor, congress).require()
    _require_before_sitting(congress.state)
    if kind != DocumentKind.OTHER and congress.documents.filter(kind=kind).exists():
        raise InvalidInput(
            f"Đại hội đã có {DocumentKind(kind).label.lower()}. Mở văn kiện đó để soạn tiếp.",
            fields={"kind": ["Loại văn kiện này đã có."]},
        )
    document = congress.documents.create(
        kind=kind, title=title.strip() or DocumentKind(kind).label, state_since=at, created_by=actor
    )
    audit.record("document.created", document, actor=actor, at=at)
    return document


def _clean_sections(sections: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    def nfc(text: object) -> str:
        return unicodedata.normalize("NFC", str(text or "")).replace("\r\n", "\n").strip()

    cleaned = [{"heading": nfc(one.get("heading")), "text": nfc(one.get("text"))} for one in sections]
    return [one for one in cleaned if one["heading"] or one["text"]]


def fingerprint(sections: Sequence[Mapping[str, str]]) -> str:
    """SHA-256 of typed sections: canonical JSON, so the same words always have the same one."""
    return hashlib.sha256(json.dumps(list(sections), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def save_version(
    document_id: int,
    *,
    seen: int,
    actor: User,
    at: datetime,
    sections: Sequence[Mapping[str, str]] | None = None,
    upload: Upload | None = None,
    note: str = "",
) -> DocumentVersion:
    """Lưu dự thảo lần n, typed or uploaded. ``seen`` is the newest version the writer looked at (0: none).

    Raises NotAllowed, IllegalTransition, InvalidInput, or StaleVersion holding the newer version.
    The same content as the newest version gives that version back.
    """
    document = _lock(document_id)
    policies.can_write(actor, document.congress).require()
    require_editable(document)
    newest = queries.newest_version(document)
    number = newest.number if newest else 0
    typed = _clean_sections(sections or ())
    if upload is None and not any(one["text"] for one in typed):
        text = "Dự thảo chưa có nội dung. Nhập ít nhất một phần rồi lưu."
        raise InvalidInput(text, fields={"": [text]})
    digest = hashlib.sha256(upload.content).hexdigest() if upload else fingerprint(typed)
    if newest is not None and newest.sha256 == digest:
        return newest
    if seen != number:
        raise StaleVersion(
            f"Đồng chí {newest.written_by if newest else ''} đã lưu dự thảo lần {number} trong lúc đồng chí đang soạn. "
            "So hai bản dưới đây rồi lưu lại.",
            current=newest,
        )
    fields = _store(upload) if upload else {"sections": typed}
    version = document.versions.create(
        number=number + 1, sha256=digest, note=note.strip(), written_by=actor, written_at=at, **fields
    )
    audit.record("document.version_saved", document, actor=actor, at=at, number=version.number, sha256=digest)
    return version


def _store(upload: Upload) -> dict[str, object]:
    return {
        "file_name": store_once(f"drafts/{upload.safe_suffix}", upload.content).name,
        "original_name": upload.original_name,
        "content_type": upload.content_type,
    }


@transaction.atomic
def submit(document_id: int, *, actor: User, at: datetime) -> ReviewRound:
    """Trình dự thảo xin ý kiến: open the next review round on the newest version."""
    document = _lock(document_id)
    policies.can_submit(actor, document).require()
    _move(document, "submit", at=at)
    version = queries.newest_version(document)
    if version is None:
        raise InvalidInput(f"{document.title} chưa có nội dung. Soạn hoặc tải tệp lên trước khi trình.")
    document.save(update_fields=["state", "state_since"])
    review_round = document.rounds.create(
        version=version, number=document.rounds.count() + 1, opened_by=actor, opened_at=at
    )
    milestones.settle_papers(document.congress_id, "papers_submitted", actor=actor, at=at)
    audit.record("document.submitted", document, actor=actor, at=at, round=review_round.number, number=version.number)
    return review_round


def _close(document: Document, outcome: str, *, actor: User, at: datetime, reasons: str = "") -> ReviewRound:
    review_round = document.rounds.select_for_update().get(outcome=Outcome.OPEN)
    review_round.outcome, review_round.reasons = outcome, reasons
    review_round.closed_by, review_round.closed_at = actor, at
    review_round.save(update_fields=["outcome", "reasons", "closed_by", "closed_at"])
    return review_round


@transaction.atomic
def withdraw(document_id: int, *, actor: User, at: datetime) -> Document:
    """Rút văn kiện về để sửa, by the branch."""
    document = _lock(document_id)
    policies.can_submit(actor, document).require()
    _move(document, "withdraw", at=at)
    document.save(update_fields=["state", "state_since"])
    _close(document, Outcome.WITHDRAWN, actor=actor, at=at)
    milestones.settle_papers(document.congress_id, "papers_submitted", actor=actor, at=at)
    audit.record("document.withdrawn", document, actor=actor, at=at)
    return document


@transaction.atomic
def comment(document_id: int, *, section: str, text: str, weight: str, actor: User, at: datetime) -> ReviewComment:
    """Góp ý vào một phần of the version under review."""
    document = _lock(document_id)
    review_round = queries.open_round(document)
    policies.can_review(actor, document, review_round).require()
    if review_round is None:
        raise IllegalTransition(f"{document.title} không ở bước xin ý kiến nên chưa góp ý được.")
    if not text.strip():
        raise InvalidInput("Ghi nội dung góp ý.", fields={"text": ["Ghi nội dung góp ý."]})
    remark = review_round.comments.create(
        section=section.strip(), text=text.strip(), weight=weight, written_by=actor, written_at=at
    )
    audit.record("document.commented", document, actor=actor, at=at, section=remark.section or "toàn văn")
    return remark


@transaction.atomic
def request_changes(document_id: int, *, reasons: str, actor: User, at: datetime) -> ReviewRound:
    """Yêu cầu chỉnh sửa, with reasons. Raises InvalidInput without them."""
    document = _lock(document_id)
    policies.can_review(actor, document, queries.open_round(document)).require()
    _move(document, "request_changes", at=at)
    if not reasons.strip():
        raise InvalidInput(
            "Ghi lý do để chi bộ biết cần sửa gì.", fields={"reasons": ["Ghi lý do để chi bộ biết cần sửa gì."]}
        )
    document.save(update_fields=["state", "state_since"])
    review_round = _close(document, Outcome.CHANGES_REQUESTED, actor=actor, at=at, reasons=reasons.strip())
    milestones.settle_papers(document.congress_id, "papers_submitted", actor=actor, at=at)
    audit.record("document.changes_requested", document, actor=actor, at=at, reasons=review_round.reasons)
    return review_round


@transaction.atomic
def approve(document_id: int, *, actor: User, at: datetime, reasons: str = "") -> ReviewRound:
    """Phê duyệt: lock the reviewed version under its SHA-256."""
    document = _lock(document_id)
    review_round = queries.open_round(document)
    policies.can_approve(actor, document, review_round).require()
    _move(document, "approve", at=at)
    closed = _close(document, Outcome.APPROVED, actor=actor, at=at, reasons=reasons.strip())
    document.approved_version = closed.version
    document.save(update_fields=["state", "state_since", "approved_version"])
    milestones.settle_papers(document.congress_id, "papers_approved", actor=actor, at=at)
    audit.record(
        "document.approved", document, actor=actor, at=at, number=closed.version.number, sha256=closed.version.sha256
    )
    return closed


@transaction.atomic
def reopen(document_id: int, *, reasons: str, actor: User, at: datetime) -> Document:
    """Mở lại văn kiện đã phê duyệt để chỉnh sửa, by the committee that approved it, with reasons."""
    document = _lock(document_id)
    policies.can_approve(actor, document, None).require()
    _move(document, "reopen", at=at)
    if not reasons.strip():
        raise InvalidInput("Ghi lý do mở lại văn kiện.", fields={"reasons": ["Ghi lý do mở lại văn kiện."]})
    document.approved_version = None
    document.save(update_fields=["state", "state_since", "approved_version"])
    milestones.settle_papers(document.congress_id, "papers_approved", actor=actor, at=at)
    audit.record("document.reopened", document, actor=actor, at=at, reasons=reasons.strip())
    return document
