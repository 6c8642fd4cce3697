"""Whether a congress meets when the term of the committee ends, and what an earlier or later day calls for (E-06)."""

from __future__ import annotations

from django.utils import timezone

from congress.lifecycle import PREPARING, SUBMITTED
from congress.models import Congress
from congress.rules import regimes
from congress.rules.convening import timing_findings
from congress.rules.findings import Finding
from organizations.models import NodeType


def timing_of(congress: Congress) -> list[Finding]:
    """Nothing while either day is not known. The superior's consent is the clearance of the congress."""
    day = congress.opened_at or congress.planned_for
    if day is None or congress.term_ends_on is None or not congress.organization.is_branch:
        return []
    held = timezone.localdate(day)
    return list(
        timing_findings(
            congress.term_ends_on,
            held,
            regimes.in_force(held),
            grassroots=congress.organization.node_type == NodeType.GRASSROOTS_BRANCH,
            consent=congress.state not in (PREPARING, SUBMITTED),
        )
    )
