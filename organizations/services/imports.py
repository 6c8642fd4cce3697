"""One import on its way: uploaded, read in the background, looked at, confirmed once, written or given up.

A file holds personal data. It is deleted as soon as nothing waits for it any more: when every row has been written,
when the import is given up, and in any case ``KEPT_FOR`` after it came; the counts and the fingerprint stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial as bound
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.decisions import Decision
from accounts.errors import DomainError, IllegalTransition, InvalidInput, StaleVersion
from accounts.models import User
from organizations import policies
from organizations.models import ImportBatch, Organization
from organizations.services import rolls, trees
from organizations.services.examining import Examination
from outbox.models import Job, JobState
from outbox.services import promise, retry

READ, APPLY = "imports.read", "imports.apply"
KEPT_FOR = timedelta(days=7)
State = ImportBatch.State
OPEN = (State.READING, State.READY, State.APPLYING)
KEPT_WHEN_OVER = ("counts", "partial", "repeats")


@dataclass(frozen=True, slots=True)
class Kind:
    """What is done with one kind of list, and who may."""

    examine: Callable[..., Examination]
    write: Callable[..., tuple[Examination, bool]]
    may: Callable[[User, Organization], Decision]


KINDS = {
    ImportBatch.Kind.ROLL: Kind(rolls.examine, rolls.write, policies.can_manage_roll),
    ImportBatch.Kind.TREE: Kind(trees.examine, trees.write, policies.can_manage_tree),
}


@transaction.atomic
def upload(
    organization_id: int, kind: str, *, name: str, content: bytes, actor: User, at: datetime
) -> tuple[ImportBatch, bool]:
    """Tải lên a workbook that ``accept_workbook`` let pass. False: the same file is already on its way there."""
    organization = Organization.objects.select_for_update().get(pk=organization_id)
    KINDS[ImportBatch.Kind(kind)].may(actor, organization).require()
    if organization.closed_on is not None:
        raise InvalidInput(f"{organization.name} đã kết thúc hoạt động, không nhập thêm danh sách.")
    digest = hashlib.sha256(content).hexdigest()
    same = organization.imports.filter(kind=kind, sha256=digest)
    if (known := same.filter(state__in=OPEN).first()) is not None:
        return known, False
    batch = ImportBatch(
        kind=kind,
        organization=organization,
        filename=name,
        sha256=digest,
        uploaded_by=actor,
        uploaded_at=at,
        report={"turn": 1, "repeats": same.filter(state=State.APPLIED).exists()},
    )
    batch.file.save(f"{digest}.xlsx", ContentFile(content), save=False)
    batch.save()
    _promise(READ, batch, at=at)
    audit.record("import.uploaded", organization, actor=actor, at=at, file=name, sha256=digest)
    return batch, True


def _promise(kind: str, batch: ImportBatch, *, at: datetime) -> None:
    promise(kind, _key(batch), {"batch_id": batch.pk}, at=at)


def _key(batch: ImportBatch) -> str:
    return f"import:{batch.pk}:{batch.report.get('turn', 1)}"


def job_of(batch: ImportBatch) -> Job | None:
    """The job that the page waits for."""
    kind = APPLY if batch.state == State.APPLYING else READ
    return Job.objects.filter(kind=kind, key=_key(batch)).first()


def _content(batch: ImportBatch) -> bytes:
    """The file as it was uploaded; another one is a fault of the machine."""
    with batch.file.open("rb") as file:
        content: bytes = file.read()
    if hashlib.sha256(content).hexdigest() != batch.sha256:
        raise RuntimeError(f"{batch.file.name} no longer has the hash {batch.sha256}")
    return content


def _told(batch: ImportBatch) -> dict[str, Any]:
    """What people said so far, as the examination takes it (the report is JSON: its keys are texts)."""
    columns = batch.report.get("columns", {})
    return {
        "choices": batch.report.get("choices", {}),
        "columns": {sheet: {int(place): key for place, key in one.items()} for sheet, one in columns.items()},
    }


def _said(batch: ImportBatch) -> dict[str, Any]:
    return {key: batch.report[key] for key in ("turn", "repeats", "choices", "columns") if key in batch.report}


# ---- reading ----


def read_batch(payload: Mapping[str, Any], job: Job) -> None:
    """The job: examine the file and say how far it is; done twice, it says the same."""
    batch = ImportBatch.objects.select_related("organization").get(pk=payload["batch_id"])
    waiting = ImportBatch.objects.filter(pk=batch.pk, state=State.READING)
    if not waiting.exists() or job.key != _key(batch):
        return

    def progress(read: int, whole: int | None) -> None:
        waiting.update(rows_read=read, rows_total=whole)

    kind = KINDS[ImportBatch.Kind(batch.kind)]
    try:
        examined = kind.examine(
            _content(batch), batch.organization, on=timezone.localdate(), progress=progress, **_told(batch)
        )
    except InvalidInput as refusal:
        with transaction.atomic():
            waiting.update(state=State.FAILED, error=str(refusal), report=_said(batch))
            _forget_file(batch)
        return
    rows = examined.counts["read"]
    waiting.update(
        state=State.READY, rows_read=rows, rows_total=rows, error="", report=_said(batch) | examined.report()
    )


@transaction.atomic
def look_again(
    batch_id: int,
    *,
    actor: User,
    at: datetime,
    columns: Mapping[str, Mapping[str, str]] | None = None,
    choices: Mapping[str, str] | None = None,
) -> ImportBatch:
    """Sửa cột, chọn "cùng một người" hay "người khác": the file is examined once more with what was said."""
    batch = _locked(batch_id, actor=actor, wanted=State.READY)
    said = _said(batch) | {"turn": batch.report.get("turn", 1) + 1}
    if columns is not None:
        said |= {"columns": {sheet: dict(one) for sheet, one in columns.items()}, "choices": {}}
    if choices is not None:
        said["choices"] = said.get("choices", {}) | dict(choices)
    batch.report, batch.state, batch.rows_read = said, State.READING, 0
    batch.save(update_fields=["report", "state", "rows_read"])
    _promise(READ, batch, at=at)
    audit.record("import.read_again", batch.organization, actor=actor, at=at, file=batch.filename)
    return batch


def _locked(batch_id: int, *, actor: User, wanted: str) -> ImportBatch:
    batch = (
        ImportBatch.objects.select_for_update(of=("self",))
        .select_related("organization", "decided_by")
        .get(pk=batch_id)
    )
    KINDS[ImportBatch.Kind(batch.kind)].may(actor, batch.organization).require()
    if batch.state != wanted:
        who = f" bởi đồng chí {batch.decided_by.full_name}" if batch.decided_by else ""
        raise IllegalTransition(
            f"Lần nhập tệp “{batch.filename}” hiện ở trạng thái “{batch.get_state_display()}”{who}. "
            "Tải lại trang để xem."
        )
    return batch


# ---- confirming ----


@transaction.atomic
def confirm(batch_id: int, *, seen: str, partial: bool = False, actor: User, at: datetime) -> ImportBatch:
    """Xác nhận nhập what was ``seen`` (the digest of the preview); twice is once.

    Raises InvalidInput while rows are refused and not ``partial``, StaleVersion when the preview is another by now.
    """
    batch = _locked(batch_id, actor=actor, wanted=State.READY)
    counts = batch.report["counts"]
    if seen != batch.report["digest"]:
        raise StaleVersion("Bản xem trước đã thay đổi từ lúc đồng chí mở trang. Xem lại rồi xác nhận.")
    if counts["refused"] and not partial:
        raise InvalidInput(
            f"Còn {counts['refused']} dòng bị trả lại nên chưa ghi dòng nào. Sửa tệp rồi tải lại, "
            "hoặc chọn nhập các dòng đúng và để lại các dòng này."
        )
    if not counts["created"] and not counts["updated"]:
        raise InvalidInput("Tệp không có gì mới so với hệ thống nên không cần nhập.")
    batch.state, batch.decided_by, batch.decided_at = State.APPLYING, actor, at
    batch.report |= {"partial": partial}
    batch.save(update_fields=["state", "decided_by", "decided_at", "report"])
    _promise(APPLY, batch, at=at)
    audit.record("import.confirmed", batch.organization, actor=actor, at=at, file=batch.filename, partial=partial)
    return batch


def apply_batch(payload: Mapping[str, Any], job: Job) -> None:
    """The job: write what was confirmed, or go back to the preview when the roll has changed meanwhile."""
    try:
        _apply(payload["batch_id"], job.key)
    except DomainError as refusal:  # the right was withdrawn meanwhile, or the organization closed
        with transaction.atomic():
            batch = ImportBatch.objects.select_for_update().get(pk=payload["batch_id"])
            if batch.state == State.APPLYING:
                batch.state, batch.error = State.FAILED, str(refusal)
                batch.save(update_fields=["state", "error"])
                _forget_file(batch)


@transaction.atomic
def _apply(batch_id: int, key: str) -> None:
    batch = (
        ImportBatch.objects.select_for_update(of=("self",))
        .select_related("organization", "decided_by")
        .get(pk=batch_id)
    )
    if batch.state != State.APPLYING or _key(batch) != key:
        return
    examined, written = KINDS[ImportBatch.Kind(batch.kind)].write(
        _content(batch),
        batch.organization_id,
        actor=batch.decided_by,
        at=batch.decided_at,
        on=timezone.localdate(batch.decided_at),
        partial=batch.report["partial"],
        seen=batch.report["digest"],
        source={"file": batch.filename, "sha256": batch.sha256, "import": batch.pk},
        **_told(batch),
    )
    if not written:
        turn = {"turn": batch.report["turn"] + 1, "changed": True}
        batch.report = _said(batch) | examined.report() | turn
        batch.state, batch.decided_by, batch.decided_at = State.READY, None, None
        batch.save(update_fields=["report", "state", "decided_by", "decided_at"])
        return
    partial = batch.report["partial"]
    batch.report = _said(batch) | {"counts": examined.counts, "partial": partial}
    batch.state = State.APPLIED
    if examined.refused():
        batch.report["refused"] = examined.report()["refused"]
    else:
        _forget_file(batch)
    batch.save(update_fields=["report", "state"])


@transaction.atomic
def try_again(batch_id: int, *, actor: User, at: datetime) -> ImportBatch:
    """Thử lại what the machine failed at. Raises IllegalTransition where nothing has failed."""
    batch = ImportBatch.objects.select_related("organization").get(pk=batch_id)
    KINDS[ImportBatch.Kind(batch.kind)].may(actor, batch.organization).require()
    job = job_of(batch)
    if job is None or job.state != JobState.FAILED or batch.state not in OPEN:
        raise IllegalTransition(f"Lần nhập tệp “{batch.filename}” không có việc nào cần làm lại. Tải lại trang để xem.")
    retry(job.pk, at=at)
    audit.record("import.retried", batch.organization, actor=actor, at=at, file=batch.filename)
    return batch


# ---- giving up, forgetting ----


@transaction.atomic
def discard(batch_id: int, *, actor: User, at: datetime) -> ImportBatch:
    """Bỏ lần nhập, or delete the file of one that is over: nothing of the file stays but its name and fingerprint."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("organization").get(pk=batch_id)
    KINDS[ImportBatch.Kind(batch.kind)].may(actor, batch.organization).require()
    if batch.state == State.APPLYING:
        raise IllegalTransition(f"Đang ghi danh sách từ tệp “{batch.filename}”, không bỏ được nữa.")
    if batch.state in (State.READING, State.READY):
        batch.state, batch.decided_by, batch.decided_at = State.DISCARDED, actor, at
        batch.save(update_fields=["state", "decided_by", "decided_at"])
        audit.record("import.discarded", batch.organization, actor=actor, at=at, file=batch.filename)
    elif batch.file:
        audit.record("import.file_deleted", batch.organization, actor=actor, at=at, file=batch.filename)
    else:
        raise IllegalTransition(f"Tệp “{batch.filename}” đã được xóa trước đó.")
    _forget_file(batch)
    return batch


def _forget_file(batch: ImportBatch) -> None:
    """After the commit: a file is not missed by an import that was not given up after all."""
    if batch.file:
        transaction.on_commit(bound(default_storage.delete, batch.file.name))
    batch.report = {key: value for key, value in batch.report.items() if key in KEPT_WHEN_OVER}
    batch.file = ""
    ImportBatch.objects.filter(pk=batch.pk).update(file="", report=batch.report)


@transaction.atomic
def forget(*, at: datetime) -> int:
    """Delete the files nobody came back to for a week; how many. Asked for by the worker's clock."""
    old = ImportBatch.objects.select_for_update(of=("self",), skip_locked=True).filter(uploaded_at__lt=at - KEPT_FOR)
    batches = list(old.exclude(file="").exclude(state=State.APPLYING))
    for batch in batches:
        if batch.state in (State.READING, State.READY):
            ImportBatch.objects.filter(pk=batch.pk).update(state=State.DISCARDED, decided_at=at)
        _forget_file(batch)
    return len(batches)


def refused_workbook(batch: ImportBatch) -> bytes:
    """The refused rows with their reasons, out of the file; raises LookupError once it is deleted."""
    if not batch.file:
        raise LookupError("the file is no longer kept")
    examined = KINDS[ImportBatch.Kind(batch.kind)].examine(
        _content(batch), batch.organization, on=timezone.localdate(batch.decided_at or timezone.now()), **_told(batch)
    )
    return examined.refused_workbook()
