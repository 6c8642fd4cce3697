"""The base meter: how many were called, who is deducted by whose word, how many votes that makes necessary."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.wording import day as day_in_words
from accounts.wording import moment as moment_in_words
from congress.electorates import day_of, electorate_snapshot
from congress.lifecycle import CLEARED, PREPARING, SITTING
from congress.models import Congress
from congress.rules import regimes

LIVE = (PREPARING, CLEARED, SITTING)
"""States in which the roll may still change."""
BASES = (
    ("election", "Bầu cử", "phiếu", "E-13"),
    ("resolution", "Biểu quyết", "thẻ", "E-12"),
)


def live_meter(congress: Congress) -> dict[str, Any]:
    """What the pages of a congress show of the roll as it is now, and where it is asked for again."""
    snapshot = electorate_snapshot(congress)
    seen = digest(snapshot)
    found = shown(snapshot) | {"live": congress.state in LIVE, "roll_url": reverse("congress:roll", args=[congress.pk])}
    for base in found["bases"]:
        base["place"] = _regime_of(congress).cite(base["rule"])
    return found | {"url": f"{reverse('congress:meter', args=[congress.pk])}?seen={seen}", "seen": seen}


def _regime_of(congress: Congress) -> regimes.Regime:
    """That of the day; of a day before all texts, the latest."""
    try:
        return regimes.in_force(day_of(congress))
    except regimes.NoRegime:
        return regimes.by_default()


def digest(snapshot: dict[str, Any]) -> str:
    """Tells whether what somebody looks at is still so."""
    text = json.dumps(snapshot, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def shown(snapshot: dict[str, Any], *, most_votes: bool = False) -> dict[str, Any]:
    """A snapshot, of now or kept with a vote, in words; no number is needed where the most votes decide (E-53)."""
    bases = [_base(snapshot, *row) for row in BASES]
    if most_votes:
        bases[0] |= {"needed": None}
    return {
        "empty": not snapshot["summoned"],
        "voter": snapshot["voter"],
        "present": snapshot["present"],
        "summoned": snapshot["summoned"],
        "bases": bases,
        "deductions": [_deduction(one) for one in snapshot["deductions"]],
        "replacements": [_signed(one) for one in snapshot["replacements"]],
        "sentence": f"Có mặt {snapshot['present']}. " + " ".join(_sentence(one) for one in bases),
    }


def _base(snapshot: dict[str, Any], name: str, title: str, unit: str, rule: str) -> dict[str, Any]:
    return {
        "title": title,
        "unit": unit,
        "rule": "E-14" if name == "election" and snapshot["assembly"] == "delegates" else rule,
        "deducted": [
            {"reason": one["reason"], "count": len(one["people"])}
            for one in snapshot["deductions"]
            if name in one["bases"]
        ],
        "base": snapshot[f"{name}_base"],
        "needed": snapshot[f"{name}_needed"],
    }


def sum_in_words(snapshot: dict[str, Any], name: str) -> str:
    """ "triệu tập 12 − miễn, vắng 1 = 11" of a kept snapshot; ``name``: "resolution" or "election"."""
    parts = [f"{one['reason']} {len(one['people'])}" for one in snapshot["deductions"] if name in one["bases"]]
    if not parts:
        return f"triệu tập {snapshot['summoned']}, không trừ ai"
    return " − ".join([f"triệu tập {snapshot['summoned']}", *parts]) + f" = {snapshot[f'{name}_base']}"


def _sentence(base: dict[str, Any]) -> str:
    needed = f", cần {base['needed']} {base['unit']}" if base["needed"] else ""
    return f"{base['title']}: cơ sở tính {base['base']}{needed}."


def _deduction(one: dict[str, Any]) -> dict[str, Any]:
    both = len(one["bases"]) > 1
    return {
        "figure": one["figure"],
        "reason": one["reason"],
        "count": len(one["people"]),
        "bases": "trừ ở cả hai cơ sở tính" if both else "chỉ trừ khi bầu cử",
        "people": [_signed(person) for person in one["people"]],
    }


def _signed(person: dict[str, Any]) -> dict[str, Any]:
    """With who accepted it and when, as one phrase."""
    return person | {"signed": ", ".join(_who_and_when(person))}


def _who_and_when(person: dict[str, Any]) -> Iterator[str]:
    text = person.get("accepted_at")
    if "recorded_by" in person:  # an accepted absence: who accepted is not who wrote it down
        if person.get("accepted_by"):
            day = f" ngày {day_in_words(date.fromisoformat(text))}" if text else ""
            yield f"{person['accepted_by']} chấp nhận{day}"
        yield f"{person['recorded_by']} ghi nhận"
        return
    if person.get("accepted_by"):
        yield f"{person['accepted_by']} ghi nhận"
    if text and "T" in text:
        yield moment_in_words(timezone.localtime(datetime.fromisoformat(text)))
    elif text:
        yield f"từ ngày {day_in_words(date.fromisoformat(text))}"
