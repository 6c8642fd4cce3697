from __future__ import annotations

import pytest
from django.db.models.functions import Now

from outbox import queries, runner
from outbox.models import Job
from tests.outbox.conftest import Clerk, make_job

pytestmark = pytest.mark.django_db


def test_what_is_unfinished_waits_or_is_being_done(clerk: Clerk):
    waiting, running, done = make_job("waiting"), make_job("running"), make_job("done")
    runner.take_lease(running.pk)
    runner.run(done.pk)

    assert set(queries.unfinished(Job.objects.all())) == {waiting, running}


def test_a_job_nobody_touched_for_a_minute_is_late(clerk: Clerk):
    late, fresh, tried = make_job("late"), make_job("fresh"), make_job("tried")
    Job.objects.filter(pk__in=[fresh.pk]).update(created_at=Now())
    clerk.failure = RuntimeError()
    runner.run(tried.pk)

    assert list(queries.late(Job.objects.all())) == [late]
