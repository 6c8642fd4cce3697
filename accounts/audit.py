"""The record of what was done and what was refused: one sentence per act, chained by hash.

``record`` runs inside the transaction of the act, so both are kept or neither. ``sequence`` and the chain
are given under a lock that lasts until that transaction ends: record last, after every other lock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from accounts.audit_scope import AuditScope
from accounts.models import AuditEvent, Outcome, User

CHAIN_LOCK = 190_001  # any fixed number: every writer of the chain asks PostgreSQL for the same lock
NOWHERE = AuditScope("", None)

_sentences: dict[str, str] = {}


def describe(sentences: Mapping[str, str]) -> None:
    """Register actions with their Vietnamese sentence, e.g. ``{"document.submitted": "trình “{subject}”"}``.

    A template may name ``{subject}`` and any detail. An action registered twice with two sentences is an error.
    """
    for action, sentence in sentences.items():
        if _sentences.setdefault(action, sentence) != sentence:
            raise ValueError(f"action {action} is already described otherwise")


def actions() -> dict[str, str]:
    """Every registered action with its template."""
    return dict(_sentences)


def record(
    action: str,
    subject: models.Model | None,
    *,
    actor: User | None,
    at: datetime,
    scope: models.Model | None = None,
    **details: Any,
) -> AuditEvent:
    """Write exactly one event about a change that was made, in the caller's transaction.

    It is filed where ``subject.audit_scope()`` says, or where ``scope`` does for a subject that has no place.
    """
    where = scope_of(subject if scope is None else scope)
    return _append(action, subject, actor=actor, at=at, where=where, outcome=Outcome.DONE, details=details)


def record_refusal(
    action: str,
    subject: models.Model | None,
    *,
    actor: User | None,
    at: datetime,
    reason: str,
    path: str = "",
    **details: Any,
) -> AuditEvent:
    """Write one event about an act that was refused, in a transaction of its own (after the rollback)."""
    details |= {"reason": reason} | ({"path": path} if path else {})
    with transaction.atomic():
        return _append(
            action, subject, actor=actor, at=at, where=scope_of(subject), outcome=Outcome.REFUSED, details=details
        )


def _append(
    action: str,
    subject: models.Model | None,
    *,
    actor: User | None,
    at: datetime,
    where: AuditScope,
    outcome: Outcome,
    details: dict[str, Any],
) -> AuditEvent:
    if action not in _sentences:
        raise ValueError(f"unknown audit action {action}: describe it in AppConfig.ready()")
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an audit event belongs to the transaction of its act")
    sequence, previous_hash = _lock_end_of_chain()
    event = AuditEvent(
        sequence=sequence + 1,
        at=at,
        recorded_at=_database_now(),
        actor=actor,
        acting_role=actor.acting.role if actor and actor.acting else "",
        action=action,
        outcome=outcome,
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=str(subject.pk) if subject else "",
        subject_label=_clean(str(subject))[:300] if subject else "",
        organization_path=where.organization_path,
        congress_id=where.congress_id,
        details=_plain(details),
        previous_hash=previous_hash,
    )
    event.hash = fingerprint(event)
    event.save(force_insert=True)
    return event


def scope_of(subject: models.Model | None) -> AuditScope:
    """Where ``subject`` belongs; nowhere for things outside the tree, such as an account."""
    told = getattr(subject, "audit_scope", None)
    scope: AuditScope = told() if told else NOWHERE
    return scope


def _lock_end_of_chain() -> tuple[int, str]:
    """The last sequence and hash; nobody else can append before this transaction ends.

    SQLite needs no lock of its own: its write transactions are IMMEDIATE, one at a time.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    last = AuditEvent.objects.order_by("-sequence").values_list("sequence", "hash").first()
    return last or (0, "")


def _database_now() -> datetime:
    """The clock of the database, so that the clock of a web server cannot back-date a record."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT transaction_timestamp()")
            moment: datetime = cursor.fetchone()[0]
            return moment.astimezone(UTC)
        cursor.execute("SELECT strftime('%%Y-%%m-%%dT%%H:%%M:%%f+00:00', 'now')", [])
        return datetime.fromisoformat(cursor.fetchone()[0])


def fingerprint(event: AuditEvent) -> str:
    """SHA-256 over the canonical JSON of every column but ``hash``: sorted keys, no spaces, UTC to the microsecond."""
    content = {
        "sequence": event.sequence,
        "at": _moment(event.at),
        "recorded_at": _moment(event.recorded_at),
        "actor": event.actor_id,
        "acting_role": event.acting_role,
        "action": event.action,
        "outcome": str(event.outcome),
        "subject_type": event.subject_type,
        "subject_id": event.subject_id,
        "subject_label": event.subject_label,
        "organization_path": event.organization_path,
        "congress_id": event.congress_id,
        "details": event.details,
        "previous_hash": event.previous_hash,
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    """Details as the database will give them back. Dates become text; a float would not hash the same twice."""
    text = json.dumps(details, cls=DjangoJSONEncoder, ensure_ascii=False, allow_nan=False)
    plain: dict[str, Any] = json.loads(text, parse_float=_refuse_float)
    return {_clean(key): _clean_value(value) for key, value in plain.items()}


def _refuse_float(text: str) -> float:
    raise ValueError(f"audit details take whole numbers and text, got {text}")


def _clean_value(value: Any) -> Any:
    match value:
        case str():
            return _clean(value)
        case list():
            return [_clean_value(one) for one in value]
        case dict():
            return {_clean(key): _clean_value(one) for key, one in value.items()}
    return value


def _clean(text: str) -> str:
    """Text a database can store: no NUL, no half of a surrogate pair."""
    return text.replace("\x00", "�").encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the chain does not hold, with a sentence for the administrator."""

    sequence: int
    message: str


def verify_chain() -> list[Fault]:
    """Every row that was altered, and every place where rows are missing. The cut-off end needs an outside witness."""
    return list(_faults())


def _faults() -> Iterator[Fault]:
    expected_sequence, expected_previous = 1, ""
    for event in AuditEvent.objects.order_by("sequence").iterator(chunk_size=2000):
        if event.sequence != expected_sequence:
            yield Fault(event.sequence, f"Thiếu sự kiện số {expected_sequence} đến {event.sequence - 1}.")
        elif event.previous_hash != expected_previous:
            yield Fault(event.sequence, f"Sự kiện số {event.sequence} không nối tiếp sự kiện trước nó.")
        if fingerprint(event) != event.hash:
            yield Fault(event.sequence, f"Nội dung sự kiện số {event.sequence} đã bị sửa.")
        expected_sequence, expected_previous = event.sequence + 1, event.hash


class _Known(dict[str, Any]):
    """Details for a template; what is missing shows as an ellipsis instead of stopping the page."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentence(event: AuditEvent) -> str:
    """What was done, in Vietnamese, without the actor and the time."""
    template = _sentences.get(event.action, event.action)
    return template.format_map(_Known(event.details, subject=event.subject_label or "…"))
