"""The frame that every page about one congress shares: where it is, its stations, its sections."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from congress.models import AssemblyKind, Congress
from congress.stations import STOPPED, TONES, ball_of, is_stopped, stations_of
from organizations.trail import crumbs_to

SECTIONS = (
    ("overview", "Tổng quan", "congress:detail"),
    ("timeline", "Lộ trình", "congress:timeline"),
    ("documents", "Văn kiện", "documents:list"),
    ("roll", "Đảng viên dự đại hội", "congress:roll"),
    ("elections", "Bầu cử", "elections:overview"),
    ("sitting", "Diễn biến đại hội", "congress:sitting"),
    ("papers", "Biên bản, quyết định", "documents:papers"),
    ("ratification", "Chuẩn y", "elections:ratification"),
)


OF_KIND = {
    AssemblyKind.MEMBERS: {},
    AssemblyKind.DELEGATES: {"roll": "Đại biểu dự đại hội"},
    AssemblyKind.MEETING: {
        "roll": "Cấp ủy viên dự hội nghị",
        "sitting": "Diễn biến hội nghị",
    },
}
"""What the sections are called elsewhere than in a members' congress."""


def section_label(congress: Congress, section: str) -> str:
    """The name of a section as this kind of congress calls it."""
    named = next(label for key, label, _ in SECTIONS if key == section)
    return OF_KIND[AssemblyKind(congress.kind)].get(section, named)


def frame(
    request: HttpRequest,
    congress: Congress,
    section: str,
    *,
    title: str = "",
    crumbs: list[tuple[str, str]] | None = None,
) -> dict[str, Any]:
    """Context for templates that extend "congress/frame.html".

    ``section``: a key of ``SECTIONS``; ``title``: of the page, else the congress's name; ``crumbs``: what
    follows the congress in the trail, the last one being this page.
    """
    sections = [
        {"label": section_label(congress, key), "url": reverse(name, args=[congress.pk]), "current": key == section}
        for key, _, name in SECTIONS
        if not (key == "timeline" and congress.is_meeting)  # it follows the timeline of its congress
    ]
    word = "Hội nghị" if congress.is_meeting else "Đại hội"
    stopped = is_stopped(congress)
    own = (f"{word} {congress.term_label}", reverse("congress:detail", args=[congress.pk]))
    return {
        "congress": congress,
        "title": title or congress.name,
        "state_label": STOPPED if stopped else congress.get_state_display(),
        "state_tone": "stopped" if stopped else TONES.get(congress.state, "now"),
        "stopped": stopped,
        "stations": stations_of(congress),
        "ball": ball_of(congress, today=timezone.localdate()),
        "sections": sections,
        "crumbs": [*crumbs_to(congress.organization, request), own, *(crumbs or [])],
    }
