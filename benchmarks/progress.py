"""The superior's page of progress with 261 branches, as on 30/5/2022 in story 003."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from benchmarks.figures import Figure, Goal, medians_in_turns
from benchmarks.processes import Visitor, product
from benchmarks.scratch import Scratch
from elections.stories.people import DEMO_PASSWORD
from organizations.models import Organization
from tests.factories import PASSWORD, make_organization, make_plan, make_root, make_user

STORY = "langson.chuyenvien"
FEW, MANY = 26, 261


def measure(place: Scratch) -> Iterator[Figure]:
    """In a quick run both trees are small and made on the spot."""
    large = superior_of(7) if place.quick else superior_of_the_story()
    small = superior_of(3 if place.quick else FEW)
    branches = 7 if place.quick else MANY
    progress = reverse("congress:progress")
    yield page_time(place, large, branches, progress)

    few, many = queries(small, progress), queries(large, progress)
    yield Figure(
        name=f"page of progress, {branches} branches, database queries",
        value=many,
        unit="queries",
        reference=f"the same page with {3 if place.quick else FEW} branches",
        reference_value=few,
        goal=Goal("ratio", "<=", 1),
    )


def page_time(place: Scratch, user: User, branches: int, progress: str) -> Figure:
    nobody = make_user(Role.COMMITTEE_STAFF, make_organization(make_root(), node_type="grassroots"))
    empty = reverse("documents:all")
    with product(place.environment, place.folder / "progress.log") as port:
        viewer, idler = Visitor(port), Visitor(port)
        viewer.sign_in(user.username, PASSWORD if place.quick else DEMO_PASSWORD)
        idler.sign_in(nobody.username, PASSWORD)
        acts = [lambda: viewer.page(progress), lambda: idler.page(empty)]
        medians_in_turns(5, acts)  # templates are read, caches are warm
        full, bare = medians_in_turns(place.times(60), acts)
    return Figure(
        name=f"page of progress, {branches} branches",
        value=full * 1000,
        unit="ms",
        reference="a signed-in page with nothing on it (all documents, of somebody who has none)",
        reference_value=bare * 1000,
        goal=Goal("ratio", "<=", 4),
    )


def superior_of_the_story() -> User:
    call_command("replay_seeds", stdout=io.StringIO())
    return User.objects.get(username=STORY)


def superior_of(branches: int) -> User:
    """Staff over two committees with so many branches together, their congresses open."""
    bloc = make_organization(make_root(), node_type="bloc", name=f"Đảng bộ Khối {branches}")
    committees = [make_organization(bloc, node_type="grassroots") for _ in range(2)]
    for number in range(branches):
        make_organization(committees[number % 2])
    for committee in committees:
        give_plan(committee)
    return make_user(Role.COMMITTEE_STAFF, bloc)


def give_plan(committee: Organization) -> None:
    make_plan(committee, deadlines={"window_closes": date(2022, 6, 28)})


def queries(user: User, path: str) -> int:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"GET {path} answered {answer.status_code}")
    return len(seen)
