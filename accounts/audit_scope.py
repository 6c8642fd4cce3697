"""Where something happened, as far as the record of events needs to know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AuditScope:
    """The place in the tree (``1/12/7/``) and the congress that an event belongs to."""

    organization_path: str
    congress_id: int | None = None
