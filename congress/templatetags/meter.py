"""The base meter and the alerts of a congress, one line each on the pages that show them."""

from __future__ import annotations

from typing import Any

from django import template

from congress import alerts, meter
from congress.models import Congress

register = template.Library()


@register.inclusion_tag("congress/_meter.html")
def base_meter(congress: Congress, *, level: int = 2) -> dict[str, Any]:
    """Both bases as the roll stands now; asks for itself again while the roll may change."""
    return {"meter": meter.live_meter(congress), "title": "Cơ sở tính", "key": "co-so", "level": level}


@register.inclusion_tag("congress/_meter.html")
def frozen_meter(
    snapshot: dict[str, Any] | None,
    *,
    title: str = "Cơ sở tính đã chốt",
    key: str = "co-so-chot",
    most_votes: bool = False,
) -> Any:
    """What was kept with a vote; nothing where nothing was kept. ``most_votes``: no number is needed."""
    kept = meter.shown(snapshot, most_votes=most_votes) if snapshot else None
    return {"meter": kept, "title": title, "key": key, "level": 2}


@register.inclusion_tag("congress/_alerts.html")
def congress_alerts(congress: Congress) -> dict[str, Any]:
    """What people must be told although nothing changes by itself (U-22)."""
    return {"alerts": alerts.of(congress)}
