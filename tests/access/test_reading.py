"""Reading changes nothing, and nobody reads what is not theirs: walked over every page of the world of the matrix."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponseBase

from accounts.models import AuditEvent, User
from congress.models import Attendance, CardVote, Congress, Guidance, Plan, Proceeding
from documents.models import Document, IssuedPaper
from documents.services import drafts
from elections.matrix.cells import Cell
from elections.matrix.congresses import moment
from elections.matrix.expected import Answer
from elections.matrix.places import IDENTITIES
from elections.matrix.runner import Runner
from organizations.models import Member, MemberStanding, Organization, Post, PostHolding
from tests.access.asking import CELLS, once_each, some_of, told_apart
from tests.flushing.management.commands.flush import triggers_asleep

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MARK = "Kim Tước 7319"
FOREIGN = ("sibling_branch", "branch_of_sibling", "other_branch", "other_committee", "other_bloc", "sibling_committee")
PLACES_SEARCHED = ("tim", "q", "trang_thai", "nhiem_ky", "before", "to_chuc", "organization")
OPENED = (Answer.SHOWN, Answer.SHOWN_OR_CONFLICT, Answer.SHOWN_OR_REFUSED, Answer.ANSWERED)


def digest() -> str:
    """Every table but those that a visit may touch: sessions and the record of events, which is looked at apart."""
    found = hashlib.sha256()
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda one: one._meta.db_table):
        if model not in (Session, AuditEvent):
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608  (names of our own tables)
                found.update(repr((model._meta.db_table, sorted(map(repr, cursor.fetchall())))).encode())
    return found.hexdigest()


def pages_of(identity: str, *methods: str) -> list[Cell]:
    """Every page that opens for this person, the nearest that is hidden at each address; one in forty of the rest.

    ``make matrix`` asks all of them who may see them.
    """
    found = [cell for cell in CELLS if cell.identity == identity and cell.method in methods]
    return once_each((*opened(found), *nearest_hidden(found), *some_of(found)))


def opened(cells: Iterable[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.method == "GET" and cell.expected in OPENED]


def nearest_hidden(cells: Iterable[Cell]) -> list[Cell]:
    hidden = (cell for cell in cells if cell.method == "GET" and cell.expected is Answer.HIDDEN)
    return told_apart(hidden, lambda cell: cell.address.name)


def content_of(response: HttpResponseBase) -> str:
    """Everything that reaches the reader."""
    body = getattr(response, "content", b"").decode("utf-8", "replace")
    return body + repr(sorted(response.headers.items())) + response.cookies.output()


def test_a_page_that_changed_something_would_be_seen(matrix: Runner):
    before = digest()

    withdraws = (cell for cell in CELLS if cell.address.access.action == "withdraw" and cell.method == "POST")
    matrix.visit(next(cell for cell in withdraws if cell.expected is Answer.ACCEPTED))

    assert digest() != before


# ---- canaries ----


def everywhere(texts: Iterable[tuple[type, str, dict[str, object]]]) -> None:
    """The mark into a column of the rows of foreign places."""
    with triggers_asleep(connection):  # issued plans and decided rows cannot be changed by anybody awake
        for model, column, where in texts:
            model._base_manager.filter(**where).update(**{column: MARK})


def put_canaries() -> list[Organization]:
    """Foreign places, their people, plans, drafts, papers and what happened at their congresses bear the mark."""
    foreign = list(Organization.objects.filter(code__in=FOREIGN))
    there = {"congress__organization__in": foreign}
    everywhere(
        [
            (Organization, "name", {"pk__in": [one.pk for one in foreign]}),
            (Organization, "committee_name", {"pk__in": [one.pk for one in foreign]}),
            (Organization, "place", {"pk__in": [one.pk for one in foreign]}),
            (Member, "full_name", {"organization__in": foreign}),
            (Member, "job", {"organization__in": foreign}),
            (MemberStanding, "ground", {"member__organization__in": foreign}),
            (User, "full_name", {"username__in": [f"holder-{name.replace('_', '-')}" for name in FOREIGN]}),
            (Plan, "subject", {"organization__in": foreign}),
            (Guidance, "subject", {"organization__in": foreign}),
            (Guidance, "body", {"organization__in": foreign}),
            (Congress, "place", {"organization__in": foreign}),
            (Document, "title", there),
            (Proceeding, "person", there),
        ]
    )
    for document in Document.objects.filter(state="draft", **there):
        drafts.save_version(
            document.pk,
            seen=document.versions.count(),
            sections=[{"heading": MARK, "text": MARK}],
            actor=User.objects.get(username="left-hand"),
            at=moment(-18),
        )
    for organization in foreign:
        PostHolding.objects.create(
            member=Member.objects.filter(organization=organization).first() or Member.objects.all()[0],
            organization=organization,
            post=Post.DEPUTY_SECRETARY,
            starts_on=moment(-500).date(),
            decision=MARK,
        )
    return foreign


def marked_pages(matrix: Runner, cells: Iterable[Cell]) -> list[str]:
    """Addresses on which the mark is shown, also when it is searched for."""
    found = []
    for cell in cells:
        for query in ("", *(f"?{name}={MARK.split()[0]}" for name in PLACES_SEARCHED)):
            if query and (cell.method != "GET" or cell.address.access.scope is not None):
                continue
            if MARK in content_of(matrix.visit(cell, query=query)):
                found.append(f"{cell.method} {cell.address.name} {cell.relation} {cell.state}{query}")
    return found


@pytest.mark.parametrize("identity", IDENTITIES)
def test_no_page_changes_anything_and_nobody_of_a_branch_reads_what_is_foreign(matrix: Runner, identity):
    """The control is whoever stands above the foreign places: the mark is where pages show it."""
    put_canaries()
    last = AuditEvent.objects.order_by("-sequence").values_list("sequence", flat=True)[0]
    before = digest()

    shown = marked_pages(matrix, pages_of(identity, "GET", "HEAD", "OPTIONS"))

    assert digest() == before
    assert set(AuditEvent.objects.filter(sequence__gt=last).values_list("outcome", flat=True)) <= {"refused"}
    if IDENTITIES[identity].home == "branch":
        assert shown == []
    if identity == "system_administrator":
        assert len({line.split()[1] for line in shown}) >= 8, shown


def test_rows_of_foreign_congresses_bear_the_mark_too(matrix: Runner):
    foreign = put_canaries()

    assert all(one.name == MARK for one in Organization.objects.filter(pk__in=[o.pk for o in foreign]))
    assert {MARK} == set(Document.objects.filter(congress__organization__in=foreign).values_list("title", flat=True))
    assert Attendance.objects.filter(member__full_name=MARK).exists()
    assert IssuedPaper.objects.filter(congress__organization__name=MARK).exists()
    assert CardVote.objects.filter(congress__organization__name=MARK).exists()
