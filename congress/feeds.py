"""A calendar feed in iCalendar (RFC 5545), for the calendar that people already use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as Entry

from congress.calendar import Event

HALF_DAY = timedelta(hours=4)
UTC = ZoneInfo("UTC")
NAMESPACE = "dai-hoi-chi-bo"


def as_icalendar(name: str, events: Iterable[Event], *, at: datetime, site: str) -> bytes:
    """The whole feed. ``site``: "https://…" before the paths; readers ask again every six hours."""
    feed = Calendar()
    feed.add("prodid", "-//Đại hội chi bộ//VN")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", name)
    feed.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    feed.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    for one in events:
        feed.add_component(_entry(one, at, site))
    return bytes(feed.to_ical())


def _entry(one: Event, at: datetime, site: str) -> Entry:
    entry = Entry()
    entry.add("uid", f"{one.uid}@{NAMESPACE}")
    entry.add("dtstamp", at.astimezone(UTC))
    entry.add("summary", one.summary)
    if one.starts_at is not None:
        entry.add("dtstart", one.starts_at.astimezone(UTC))
        entry.add("dtend", (one.starts_at + HALF_DAY).astimezone(UTC))
    else:
        entry.add("dtstart", one.on)
        entry.add("dtend", one.on + timedelta(days=1))
        entry.add("transp", "TRANSPARENT")
    if one.place:
        entry.add("location", one.place)
    entry.add("url", f"{site}{one.path}")
    return entry
