"""The search field of every page: organizations, congresses, members and drafts, found without tone marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import signed_in
from accounts.models import User
from accounts.web import signed_in_user
from congress import queries as congresses
from documents import queries as documents
from organizations import queries as organizations
from organizations.rules.names import fold

LIMIT = 20


@dataclass(frozen=True, slots=True)
class Found:
    text: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of thing found; ``more`` when the list was cut at ``LIMIT``."""

    title: str
    items: Sequence[Found]
    more: bool


def search_for(user: User, text: str) -> list[Group]:
    """What the user may see of ``text``; every group is at most two queries, whatever the size of the tree."""
    wanted = fold(text)
    if len(wanted) < 2:
        return []
    places = organizations.visible_to(user).filter(search_name__contains=wanted).order_by("path")
    held = congresses.visible_to(user).filter(organization__search_name__contains=wanted)
    people = organizations.members_visible_to(user).filter(search_name__contains=wanted).order_by("sort_name")
    drafts = documents.visible_to(user).filter(congress__organization__search_name__contains=wanted)
    found = (
        (
            "Tổ chức",
            [
                Found(one.name, one.get_node_type_display(), reverse("organizations:detail", args=[one.pk]))
                for one in organizations.marks_first(places, "name", text, limit=LIMIT)
            ],
        ),
        (
            "Đại hội",
            [
                Found(one.name, one.get_state_display(), reverse("congress:detail", args=[one.pk]))
                for one in held.order_by("-term_label", "organization__path")[: LIMIT + 1]
            ],
        ),
        (
            "Đảng viên",
            [
                Found(one.display_name, one.organization.name, reverse("organizations:member", args=[one.pk]))
                for one in organizations.marks_first(people, "full_name", text, limit=LIMIT)
            ],
        ),
        (
            "Văn kiện",
            [
                Found(one.title, one.congress.organization.name, reverse("documents:detail", args=[one.pk]))
                for one in drafts[: LIMIT + 1]
            ],
        ),
    )
    return [Group(title, items[:LIMIT], len(items) > LIMIT) for title, items in found if items]


@signed_in("GET")
def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:100]
    groups = search_for(signed_in_user(request), text)
    context = {"search_text": text, "groups": groups, "short": len(fold(text)) < 2, "crumbs": [("Tìm kiếm", "")]}
    return render(request, "search.html", context)
