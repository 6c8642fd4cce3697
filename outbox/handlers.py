"""Who does which kind of job, and with which words the page speaks about it.

Apps register in ``AppConfig.ready()``; the outbox itself knows nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outbox.models import Job

Work = Callable[[Mapping[str, Any], "Job"], None]


@dataclass(frozen=True, slots=True)
class Handler:
    """``sentences`` are exceptions whose text is written for the user; the text of any other stays in the log."""

    work: Work
    doing: str
    failed: str
    sentences: tuple[type[Exception], ...]


_handlers: dict[str, Handler] = {}


def register(
    kind: str,
    work: Work,
    *,
    doing: str = "Đang tạo tệp",
    failed: str = "Không tạo được tệp",
    sentences: tuple[type[Exception], ...] = (),
) -> None:
    """Let ``work(payload, job)`` do the jobs of this kind.

    It may be run again after it has finished, and by two workers at once when one is slower than its
    lease: it re-reads everything, repeats nothing, and raises when it cannot do its work.
    """
    known = _handlers.get(kind)
    if known is not None and known.work is not work:
        raise ValueError(f"jobs of kind {kind} already have a handler")
    _handlers[kind] = Handler(work, doing, failed, sentences)


def unregister(kind: str) -> None:
    _handlers.pop(kind, None)


def get(kind: str) -> Handler:
    """Raises LookupError for a kind nobody registered."""
    try:
        return _handlers[kind]
    except KeyError:
        raise LookupError(f"no handler for jobs of kind {kind!r}") from None


def failed_words(kind: str) -> str:
    handler = _handlers.get(kind)
    return handler.failed if handler else "Không làm được việc này"


def doing_words(kind: str) -> str:
    handler = _handlers.get(kind)
    return handler.doing if handler else "Đang xử lý"


def sentences(kind: str) -> tuple[type[Exception], ...]:
    handler = _handlers.get(kind)
    return handler.sentences if handler else ()
