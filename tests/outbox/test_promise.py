from __future__ import annotations

import time

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError

from config.celery import app
from outbox import publishing, services
from outbox.models import Job, JobState
from tests import servers
from tests.outbox.conftest import AT, make_job

pytestmark = pytest.mark.usefixtures("clerk")


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was given to Celery, in place of a broker."""
    given: list[object] = []
    monkeypatch.setattr(services, "publish", given.append)
    return given


@pytest.mark.django_db(transaction=True)
def test_a_promise_is_handed_over_after_the_commit_and_not_before(handed_over):
    with transaction.atomic():
        job = services.promise("paper", "F-10 số 1", {"paper_id": 1}, at=AT)
        before = list(handed_over)

    assert (before, handed_over) == ([], [job.pk])
    assert (job.state, job.attempts, job.payload, job.created_at) == (JobState.WAITING, 0, {"paper_id": 1}, AT)


@pytest.mark.django_db(transaction=True)
def test_a_promise_falls_with_the_transaction_it_belongs_to(handed_over):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.promise("paper", "F-10 số 1", {}, at=AT)
        raise ZeroDivisionError

    assert (Job.objects.count(), handed_over) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_a_promise_outside_a_transaction_is_refused(handed_over):
    with pytest.raises(TransactionManagementError):
        services.promise("paper", "F-10 số 1", {}, at=AT)

    assert Job.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_same_work_promised_twice_is_one_job(handed_over):
    first = make_job(paper_id=1)
    second = make_job(paper_id=2)

    assert first == second
    assert second.payload == {"paper_id": 1}
    assert handed_over == [first.pk]


@pytest.mark.django_db
def test_a_kind_nobody_does_is_refused_where_it_is_promised():
    with pytest.raises(LookupError):
        make_job(kind="no such kind")


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_does_not_fail_the_request(monkeypatch):
    monkeypatch.setattr(publishing, "_silent_until", 0.0)
    usual = app.conf.broker_url, app.conf.broker_transport_options
    app.conf.broker_url = f"redis://127.0.0.1:{servers.free_port()}/0"
    app.conf.broker_transport_options = settings.BROKER_OF_REDIS
    app._after_fork()  # forget connections to the usual broker
    began = time.monotonic()
    try:
        jobs = [make_job(f"F-10 số {number}") for number in range(10)]
    finally:
        app.conf.broker_url, app.conf.broker_transport_options = usual
        app._after_fork()

    assert Job.objects.filter(pk__in=[job.pk for job in jobs], state=JobState.WAITING).count() == 10
    assert time.monotonic() - began < 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"state": JobState.RUNNING}, id="running without a lease"),
        pytest.param({"state": JobState.DONE}, id="done without its time"),
        pytest.param({"state": "lost"}, id="a state nobody knows"),
    ],
)
def test_the_database_refuses_a_row_that_contradicts_itself(broken):
    job = make_job()

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**broken)
