"""The Celery application: ``celery -A config worker``, with Redis or with a folder as its broker.

The broker is treated as lossy. What must be done stands in the outbox; every worker asks at regular times
to have it swept, and for what else is due by the clock.
"""

from __future__ import annotations

import logging
import os
from typing import Any

from celery import Celery, bootsteps
from celery.signals import worker_init
from celery.worker import state
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")

logger = logging.getLogger(__name__)

TRANSPORT_ALIASES["folder"] = "config.broker:FolderTransport"
TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = "config.broker:RedisTransport"

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class Clock(bootsteps.StartStopStep):
    """Asks for each periodic task whenever the worker has (re)connected, and then at its interval.

    A request that nobody took before the next one is due expires. Every worker has this clock: what it asks for
    must bear being asked for often, and no separate beat process can be forgotten.
    """

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def __init__(self, consumer: Any, **kwargs: Any) -> None:
        super().__init__(consumer, **kwargs)
        self.timers: list[Any] = []

    def start(self, consumer: Any) -> None:
        for name, seconds in settings.PERIODIC_TASKS.items():
            ask_for(name, seconds)
            self.timers.append(consumer.timer.call_repeatedly(seconds, self.again, (consumer, name, seconds)))

    def again(self, consumer: Any, name: str, seconds: float) -> None:
        ask_for(name, seconds)
        reconnect_if_stuck(consumer)

    def stop(self, consumer: Any) -> None:
        for timer in self.timers:
            timer.cancel()
        self.timers = []

    shutdown = stop


def ask_for(name: str, seconds: float) -> None:
    try:
        app.send_task(name, expires=seconds, retry=False)
    except Exception:
        logger.warning("the broker did not take the request for %s", name, exc_info=True)


def reconnect_if_stuck(consumer: Any) -> None:
    """Raise what makes the consumer connect anew when it holds messages that nobody works on any more.

    Redis gone at the moment of an acknowledgement: Celery logs it and forgets, the message keeps its place among
    those a worker may hold, and once all places are taken the worker waits for ever on a healthy Redis.
    """
    if consumer.hub is None:  # one solo process: timers run beside the loop there, and its folder does not go away
        return
    qos = consumer.task_consumer.channel.qos
    held = len(qos._delivered) - len(qos._dirty)
    if held > len(state.reserved_requests):
        raise ConnectionResetError("messages are held that no task belongs to")


app.steps["consumer"].add(Clock)


@worker_init.connect
def load_the_printer(**kwargs: Any) -> None:
    """Once in the parent: its children share the memory, and the first paper does not wait for the import."""
    import weasyprint  # noqa: F401  (heavy, and only workers print)
