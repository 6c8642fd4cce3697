"""Kombu's brokers, made to survive what they find: a folder for the embedded default, Redis for the service.

As they come, both stop the worker on a message that is no message, and a reader of the folder may take a
message that is still being written. Here a message appears in one step, and an unreadable one is put aside.
"""

from __future__ import annotations

import logging
import os
import uuid
from functools import cached_property
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import filesystem, redis, virtual
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 0.2


class FolderChannel(filesystem.Channel):
    """Its folders are made when first needed, for this user alone."""

    @cached_property
    def data_folder_in(self) -> str:
        return _folder(self.transport_options["data_folder_in"])

    @cached_property
    def data_folder_out(self) -> str:
        return _folder(self.transport_options["data_folder_out"])

    @cached_property
    def processed_folder(self) -> str:
        return _folder(self.transport_options["processed_folder"])

    @cached_property
    def control_folder(self) -> Path:
        return Path(_folder(self.transport_options["control_folder"]))

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        name = f"{time_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        unfinished = Path(self.data_folder_out, f".{name}")
        unfinished.write_text(dumps(payload), encoding="utf-8")
        unfinished.rename(Path(self.data_folder_out, name))

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.startswith(".") or name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = Path(self.processed_folder, name)
            try:
                Path(self.data_folder_in, name).rename(taken)
            except FileNotFoundError:  # another worker was faster
                continue
            try:
                message = loads(taken.read_text(encoding="utf-8"))
                message["properties"]["delivery_info"]  # what Kombu reads before any of our code can object
            except (ValueError, KeyError, TypeError):
                logger.error("put aside an unreadable message: %s", taken)
                continue
            taken.unlink()
            return message
        raise Empty


class FolderTransport(filesystem.Transport):
    Channel = FolderChannel

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        """Look up often whether the worker shall stop: Ctrl-C must not take seconds."""
        super().drain_events(connection, timeout=min(timeout or PATIENCE_SECONDS, PATIENCE_SECONDS))


def _folder(path: str) -> str:
    Path(path).mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


class RedisQoS(redis.QoS):
    """Kombu counts a message as still in hand when Redis did not answer the thanks for it, and with one message
    allowed in hand the worker never takes another. Here it is out of hand; Redis delivers it again, and the row
    in the outbox says that it is done."""

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue=requeue)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


class RedisChannel(redis.Channel):
    QoS = RedisQoS

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)
        except (ValueError, KeyError, TypeError, AttributeError):
            logger.exception("dropped an unreadable message")
            raise Empty from None


class RedisTransport(redis.Transport):
    Channel = RedisChannel
