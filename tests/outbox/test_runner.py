from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from weasyprint.urls import FatalURLFetchingError

from outbox import handlers, runner, services
from outbox.models import Job, JobState
from tests.outbox.conftest import AT, Clerk, KnownReason, make_job

pytestmark = pytest.mark.django_db

UNKNOWN_REASON = (
    "Không tạo được tệp: máy chủ gặp lỗi khi xử lý, đã thử 3 lần. "
    "Bấm “Thử lại”; nếu vẫn không được, báo quản trị hệ thống."
)


def let_the_lease_run_out(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


def make_quiet(*jobs: Job) -> None:
    """As if they had been handed over long ago."""
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(published_at=Now() - timedelta(hours=1))


def test_a_job_is_done_once_however_often_its_message_comes(clerk: Clerk):
    job = make_job(paper_id=7)

    finished = [runner.run(job.pk) for _ in range(10)]

    job.refresh_from_db()
    assert finished == [True] + [False] * 9
    assert clerk.given == [{"paper_id": 7}]
    assert (job.state, job.attempts, job.lease_token, job.lease_until) == (JobState.DONE, 1, None, None)
    assert job.done_at is not None


def test_a_failed_try_waits_for_the_next_and_the_third_is_the_last(clerk: Clerk):
    job = make_job()
    clerk.failure = RuntimeError("secret path /srv/x")
    told = []

    for _ in range(4):
        runner.run(job.pk)
        job.refresh_from_db()
        told.append((job.state, job.attempts, job.describe()))

    assert told == [
        (JobState.WAITING, 1, "Đang tạo tệp: lần 1 chưa được, hệ thống sẽ tự thử lại."),
        (JobState.WAITING, 2, "Đang tạo tệp: lần 2 chưa được, hệ thống sẽ tự thử lại."),
        (JobState.FAILED, 3, UNKNOWN_REASON),
        (JobState.FAILED, 3, UNKNOWN_REASON),
    ]
    assert len(clerk.given) == 3


def test_a_reason_written_for_users_is_shown_to_them(clerk: Clerk):
    job = make_job()
    clerk.failure = KnownReason("Máy chủ hết chỗ lưu tệp.")

    for _ in range(3):
        runner.run(job.pk)

    job.refresh_from_db()
    assert job.describe() == "Không tạo được tệp: Máy chủ hết chỗ lưu tệp."


def test_a_success_after_a_failure_forgets_the_failure(clerk: Clerk):
    job = make_job()
    clerk.failure = RuntimeError()
    runner.run(job.pk)
    clerk.failure = None

    runner.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.error, job.describe()) == (JobState.DONE, 2, "", "Đã xong.")


def test_a_paper_that_reaches_for_foreign_files_is_a_failure_and_not_the_end_of_the_worker(clerk: Clerk):
    job = make_job()
    clerk.failure = FatalURLFetchingError("file:///etc/passwd")

    runner.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.WAITING, 1)


def test_a_worker_that_is_told_to_stop_gives_the_job_back_uncounted(clerk: Clerk):
    job = make_job()
    clerk.failure = KeyboardInterrupt()

    with pytest.raises(KeyboardInterrupt):
        runner.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.lease_token) == (JobState.WAITING, 0, None)


def test_a_kind_this_worker_does_not_know_becomes_visible_as_a_failure(clerk: Clerk):
    job = make_job()
    handlers.unregister("paper")

    for _ in range(3):
        runner.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.describe().startswith("Không làm được việc này: ")


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(None, id="nothing"),
        pytest.param(1, id="a number"),
        pytest.param(True, id="a truth"),
        pytest.param("", id="empty text"),
        pytest.param("x" * 36, id="text as long as an id"),
        pytest.param("x" * 10_000_000, id="ten million letters"),
        pytest.param({"pk": 1}, id="a mapping"),
        pytest.param([], id="a list"),
        pytest.param(str(uuid.UUID(int=0)), id="an id of no job"),
    ],
)
def test_what_is_no_id_of_a_job_changes_nothing(clerk: Clerk, message: object, caplog: pytest.LogCaptureFixture):
    job = make_job()

    assert runner.run(message) is False

    job.refresh_from_db()
    assert (job.state, job.attempts, clerk.given) == (JobState.WAITING, 0, [])
    assert [len(record.getMessage()) < 200 for record in caplog.records if record.name == "outbox.runner"] == [True]


def test_a_job_somebody_holds_is_left_alone(clerk: Clerk):
    job = make_job()
    runner.take_lease(job.pk)

    assert runner.run(job.pk) is False
    assert clerk.given == []


def test_a_job_whose_holder_is_gone_is_taken_over(clerk: Clerk):
    job = make_job()
    runner.take_lease(job.pk)
    let_the_lease_run_out(job)

    assert runner.run(job.pk) is True

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


@pytest.mark.parametrize("failure", [None, RuntimeError()])
def test_a_worker_that_was_overtaken_has_no_say_any_more(clerk: Clerk, failure: BaseException | None):
    job = make_job()
    clerk.failure = failure

    def somebody_else_takes_it(job: Job) -> None:
        let_the_lease_run_out(job)
        runner.take_lease(job.pk)

    clerk.meanwhile = somebody_else_takes_it

    assert runner.run(job.pk) is False

    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (JobState.RUNNING, 2, "")


def test_the_sweeper_hands_over_what_was_forgotten_and_nothing_else(clerk: Clerk, monkeypatch: pytest.MonkeyPatch):
    forgotten, fresh, held, abandoned, done = (make_job(key) for key in "abcde")
    runner.run(done.pk)
    for taken in (held, abandoned):
        runner.take_lease(taken.pk)
    let_the_lease_run_out(abandoned)
    make_quiet(forgotten, held, abandoned, done)
    published: list[object] = []
    monkeypatch.setattr(runner, "publish", lambda job_id: published.append(job_id) or True)

    numbers = runner.sweep(), runner.sweep()

    assert sorted(published) == sorted([forgotten.pk, abandoned.pk])
    assert numbers == (2, 0)


def test_a_sweep_that_meets_a_silent_broker_tries_the_same_jobs_next_time(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
):
    make_quiet(make_job("a"), make_job("b"))
    monkeypatch.setattr(runner, "publish", lambda job_id: False)
    in_vain = runner.sweep()
    monkeypatch.setattr(runner, "publish", lambda job_id: True)

    assert (in_vain, runner.sweep()) == (0, 2)


def test_the_sweeper_gives_up_what_killed_its_worker_three_times(clerk: Clerk):
    job = make_job()
    for _ in range(3):
        runner.take_lease(job.pk)
        let_the_lease_run_out(job)

    taken = runner.run(job.pk)
    runner.sweep()

    job.refresh_from_db()
    assert (taken, job.state, job.attempts, job.describe()) == (False, JobState.FAILED, 3, UNKNOWN_REASON)
    assert clerk.given == []


def test_trying_again_gives_a_failed_job_all_its_attempts_back(clerk: Clerk):
    job = make_job()
    clerk.failure = RuntimeError()
    for _ in range(3):
        runner.run(job.pk)
    clerk.failure = None

    services.retry(job.pk, at=AT)
    again = services.retry(job.pk, at=AT)

    assert (again.state, again.attempts, again.error) == (JobState.WAITING, 0, "")
    assert again.describe() == "Đang tạo tệp…"
    assert runner.run(job.pk) is True


def test_trying_again_changes_nothing_about_a_job_that_did_not_fail(clerk: Clerk):
    job = make_job()
    runner.run(job.pk)

    assert services.retry(job.pk, at=AT).state == JobState.DONE


def test_every_waiting_job_can_be_done_in_one_go(clerk: Clerk):
    for key in "abc":
        make_job(key)

    assert (runner.run_waiting(), runner.run_waiting()) == (3, 0)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_that_come_at_once_one_gets_the_job(clerk: Clerk):
    winners = []
    for number in range(25):
        job, barrier, tokens = make_job(f"F-10 số {number}"), threading.Barrier(8), []

        def come(job: Job = job, barrier: threading.Barrier = barrier, tokens: list[uuid.UUID | None] = tokens) -> None:
            barrier.wait()
            tokens.append(runner.take_lease(job.pk))
            connection.close()

        threads = [threading.Thread(target=come) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        winners.append(sum(token is not None for token in tokens))

    assert winners == [1] * 25
