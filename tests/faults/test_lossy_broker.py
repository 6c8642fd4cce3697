"""F3, F9, T19: the broker loses, doubles and invents messages; the rows decide."""

from __future__ import annotations

import base64
import json
import pickle
import signal
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from django.db import transaction
from django.utils import timezone

from outbox import services
from outbox.models import Job, JobState
from tests import servers
from tests.faults import points
from tests.faults.conftest import Desk, send
from tests.faults.workers import Worker, wait_for

pytestmark = [pytest.mark.postgresql, pytest.mark.redis]


def test_jobs_whose_messages_were_flushed_away_are_handed_over_again(
    desk: Desk, broker: servers.Server, start_worker: Callable[..., Worker]
):
    jobs = [desk.give(f"paper {number}") for number in range(10)]
    redis.from_url(broker.url).flushall()

    start_worker()
    desk.wait(*jobs)

    assert [job.state for job in jobs] == [JobState.DONE] * 10
    assert len(desk.files()) == 10


def test_without_the_sweeper_a_flushed_job_stays_undone(
    desk: Desk, broker: servers.Server, start_worker: Callable[..., Worker]
):
    """The negative control: nothing else brings a lost message back."""
    lost = desk.give("lost")
    redis.from_url(broker.url).flushall()

    start_worker(OUTBOX_SWEEP_SECONDS="3600")
    desk.wait(desk.give("later"))

    lost.refresh_from_db()
    assert (lost.state, lost.attempts) == (JobState.WAITING, 0)


def test_redis_dies_with_the_jobs_and_comes_back_empty(
    desk: Desk, broker: servers.Server, start_worker: Callable[..., Worker]
):
    start_worker()
    desk.hold()
    held = desk.give("held", point=points.BEFORE_THE_WORK)
    desk.reached()
    waiting = [desk.give(f"paper {number}") for number in range(5)]

    broker.kill()
    promised_meanwhile = desk.give("promised while Redis was down")
    desk.release()
    broker.start()
    desk.wait(held, promised_meanwhile, *waiting)

    states = Job.objects.values_list("state", flat=True)
    assert list(states) == [JobState.DONE] * 7
    assert len(desk.files()) == 7


@pytest.mark.django_db(transaction=True)
def test_a_request_is_answered_while_redis_is_down(desk: Desk, broker: servers.Server):
    broker.kill()
    began = time.monotonic()

    jobs = [desk.give(f"paper {number}") for number in range(20)]

    assert time.monotonic() - began < 2
    assert {job.state for job in jobs} == {JobState.WAITING}


def out_of_memory(broker: servers.Server) -> Callable[[], object]:
    redis.from_url(broker.url).config_set("maxmemory", "1")
    return lambda: redis.from_url(broker.url).config_set("maxmemory", "0")


def read_only(broker: servers.Server) -> Callable[[], object]:
    redis.from_url(broker.url).replicaof("127.0.0.1", servers.free_port())
    return lambda: redis.from_url(broker.url).replicaof("no", "one")


def silent(broker: servers.Server) -> Callable[[], object]:
    broker.process.send_signal(signal.SIGSTOP)
    return lambda: broker.process.send_signal(signal.SIGCONT)


@pytest.mark.parametrize("trouble", [out_of_memory, read_only, silent])
def test_redis_in_trouble_delays_the_jobs_and_stops_neither_pages_nor_the_worker(
    trouble: Callable[[servers.Server], Callable[[], object]],
    desk: Desk,
    broker: servers.Server,
    start_worker: Callable[..., Worker],
):
    worker = start_worker()
    end = trouble(broker)
    began = time.monotonic()
    jobs = [desk.give(f"paper {number}") for number in range(10)]
    answered_after = time.monotonic() - began
    time.sleep(3)
    still_running = worker.process.poll() is None

    end()
    desk.wait(*jobs)

    assert answered_after < 5
    assert still_running
    assert len(desk.files()) == 10


@pytest.mark.parametrize("times", [2, 10])
def test_a_message_delivered_again_and_again_makes_one_file(
    times: int, desk: Desk, start_worker: Callable[..., Worker]
):
    job = desk.give(different_each_time=True, seconds=0.3)
    send(str(job.pk), times=times)

    start_worker("--concurrency", "4")
    desk.wait(job)
    send(str(job.pk), times=times)
    desk.wait(desk.give("behind all of them", kind="nothing"))

    job.refresh_from_db()
    assert (len(desk.files()), desk.runs(job), job.attempts) == (1, 1, 1)


def test_without_the_lease_the_same_messages_make_many_files(desk: Desk, start_worker: Callable[..., Worker]):
    """The negative control: it is the lease that the test above proves, and not luck."""
    job = desk.give(different_each_time=True, seconds=0.3)
    send(str(job.pk), times=10)

    start_worker("--concurrency", "4", NO_LEASE="1")
    wait_for(lambda: len(desk.files()) > 1, "a second file")

    assert desk.runs(job) > 1


def test_a_slow_job_that_the_broker_delivers_again_is_still_done_once(
    desk: Desk, start_worker: Callable[..., Worker], tmp_path: Path
):
    """Visibility timeout shorter than the job: Redis hands it to a second worker while the first is at work."""
    job = desk.give(different_each_time=True, seconds=1.0)
    for _ in range(2):
        start_worker(ready=False, OUTBOX_LEASE_SECONDS="10")
    for _ in range(5):
        time.sleep(0.2)
        send(str(job.pk))

    desk.wait(job)

    assert (len(desk.files()), desk.runs(job)) == (1, 1)


def forged(body: object, *, content_type: str = "application/json", task: str = "outbox.tasks.run_job") -> bytes:
    """A message as Kombu lays it into the list of a queue."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    number = str(uuid.uuid4())
    return json.dumps(
        {
            "body": base64.b64encode(raw).decode(),
            "content-encoding": "binary" if content_type == "application/x-python-serialize" else "utf-8",
            "content-type": content_type,
            "headers": {"lang": "py", "task": task, "id": number, "root_id": number},
            "properties": {
                "correlation_id": number,
                "delivery_mode": 2,
                "delivery_info": {"exchange": "", "routing_key": "celery"},
                "priority": 0,
                "body_encoding": "base64",
                "delivery_tag": str(uuid.uuid4()),
            },
        }
    ).encode()


NOTHING = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}


class Gadget:
    """Unpickled, it leaves a file behind."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.mark,))


def test_forged_messages_change_nothing_and_stop_nobody(
    desk: Desk, broker: servers.Server, start_worker: Callable[..., Worker], tmp_path: Path
):
    mark = tmp_path / "gadget was run"
    finished = desk.give("finished")
    with transaction.atomic():
        failed = services.promise("store", "failed", {}, at=timezone.now())
    Job.objects.filter(pk=finished.pk).update(state=JobState.DONE, done_at=timezone.now())
    Job.objects.filter(pk=failed.pk).update(state=JobState.FAILED, attempts=3, error="Không tạo được tệp.")
    queue = redis.from_url(broker.url)
    queue.flushall()
    before = list(Job.objects.order_by("pk").values())
    ids: list[object] = [str(uuid.uuid4()), str(finished.pk), str(failed.pk), finished.pk.int, 1, -1, None, True, ""]
    ids += ["x" * 36, "x" * 10_000_000, "' OR 1=1 --", {"pk": str(failed.pk)}, [str(failed.pk)], "\x00" * 36]
    messages = [forged([[forged_id], {}, NOTHING]) for forged_id in ids]
    messages += [
        forged([[], {"job_id": str(failed.pk), "state": "waiting"}, NOTHING]),
        forged([[str(failed.pk)], {}, NOTHING], task="outbox.services.retry"),
        forged([["import os"], {}, NOTHING], task="os.system"),
        forged(b"{"),
        b"not a message at all",
        b"{}",
        forged(pickle.dumps([[Gadget(mark)], {}, NOTHING]), content_type="application/x-python-serialize"),
    ]
    queue.lpush("celery", *messages)
    honest = desk.give("honest")

    worker = start_worker()
    desk.wait(honest)
    wait_for(lambda: queue.llen("celery") == 0, "the queue to be empty")

    assert list(Job.objects.exclude(pk=honest.pk).order_by("pk").values()) == before
    assert honest.state == JobState.DONE
    assert not mark.exists()
    assert worker.process.poll() is None
