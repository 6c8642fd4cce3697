"""One run of the reminders over the generated nation, when six branches of ten are late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from django.db import connection, transaction

from accounts.models import User
from benchmarks.figures import Figure, Goal, seconds_of
from congress.dues import Part
from congress.models import Reminder
from congress.services.reminding import remind, remind_part
from congress.tasks import remind as task
from organizations.models import BRANCH_TYPES, Organization
from tests.factories import at, make_user

DAY = at(date(2022, 6, 20), 8)
PEOPLE = 1000
UNSEAL = "ALTER TABLE congress_plandeadline DISABLE TRIGGER USER"
DEADLINES = """
INSERT INTO congress_plandeadline (plan_id, kind, due_on) SELECT id, 'clearance', date '2022-06-10' FROM congress_plan
"""
SEAL = "ALTER TABLE congress_plandeadline ENABLE TRIGGER USER"
ROLES = """
INSERT INTO organizations_roleassignment (user_id, role, organization_id, starts_on)
SELECT (%(people)s::int[])[1 + id %% %(count)s],
       CASE WHEN node_type = 'branch' THEN 'secretary' ELSE 'committee_staff' END, id, date '2022-01-01'
FROM organizations_organization WHERE node_type IN ('branch', 'grassroots', 'bloc')
"""


def figures(bloc: Organization) -> Iterator[Figure]:
    """The first run writes everything, the next finds nothing new; both against the khối as often as it fits in.

    The run of the whole also closes the day: a digest for everybody.
    """
    branches = Organization.objects.filter(node_type__in=BRANCH_TYPES).count()
    fits = branches / bloc_branches(bloc)
    everybody_is_late()
    first_of_one = undone(lambda: remind_part(Part(bloc.path), at=DAY))
    first = seconds_of(lambda: remind(at=DAY))
    written = Reminder.objects.count()
    again_in_one = seconds_of(lambda: remind_part(Part(bloc.path), at=DAY))
    again = seconds_of(lambda: remind(at=DAY))
    yield Figure(
        f"first run of the reminders over {branches} branches, {written} written",
        first,
        "s",
        f"one khối of 2,610 branches, {fits:.0f} times",
        first_of_one * fits,
        Goal("ratio", "<=", 2),
    )
    yield Figure(
        "next run of the reminders, nothing new",
        again,
        "s",
        f"one khối of 2,610 branches, {fits:.0f} times",
        again_in_one * fits,
        Goal("ratio", "<=", 2),
    )
    yield Figure(
        "first run of the reminders against the time the task has",
        first,
        "s",
        "the soft limit of the task",
        float(task.soft_time_limit),
        Goal("ratio", "<=", 1 / 3),
    )


def bloc_branches(bloc: Organization) -> int:
    return Organization.objects.filter(path__startswith=bloc.path, node_type__in=BRANCH_TYPES).count()


def everybody_is_late() -> None:
    """A day for clearance that has passed in every plan; somebody at every branch and committee."""
    first = make_user()
    known = User.objects.get(pk=first.pk)
    for number in range(1, PEOPLE):
        known.pk, known.username = None, f"nhac{number}"
        known.save()
    people = list(User.objects.filter(username__startswith="nhac").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        for statement in (UNSEAL, DEADLINES, SEAL):
            cursor.execute(statement)
        cursor.execute(ROLES, {"people": people, "count": len(people)})
        cursor.execute("VACUUM ANALYZE")


def undone(act: Callable[[], object]) -> float:
    """Seconds of the act, after which nothing of it stays."""
    with transaction.atomic():
        found = seconds_of(act)
        transaction.set_rollback(True)
    return found
