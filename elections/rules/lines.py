"""Many lines at once: blocks decided in order, on several processes when there is enough to do."""

from __future__ import annotations

import json
import multiprocessing
from collections import deque
from collections.abc import Iterator
from multiprocessing.pool import AsyncResult, Pool
from typing import BinaryIO, Protocol

from elections.rules.decide import decide
from elections.rules.reading import read_line
from elections.rules.result import Status

READ_BYTES = 1 << 20
BLOCK_LINES = 400
WORTH_A_PROCESS = 200
READABLE = json.JSONEncoder(ensure_ascii=False, check_circular=False)
BOM = b"\xef\xbb\xbf"


class Source(Protocol):
    """Anything that hands over what has arrived so far, like a file opened for bytes."""

    def read1(self, size: int = -1, /) -> bytes: ...


def decide_line(line: bytes) -> tuple[str, bool]:
    """The output line and whether the vote was rejected."""
    result = decide(read_line(line))
    answer = result.to_dict()
    for step in answer["reasoning"]:
        step.pop("about", None)  # no field of the agreed format
    text = READABLE.encode(answer)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate in a name or id: escaped as it came
        text = json.dumps(answer)
    return text, result.status is Status.REJECTED


def decide_block(lines: list[bytes]) -> tuple[bytes, bool]:
    answers = [decide_line(line) for line in lines]
    return "".join(f"{text}\n" for text, _ in answers).encode("utf-8"), any(refused for _, refused in answers)


def decide_stream(source: Source, out: BinaryIO, *, processes: int = 1) -> bool:
    """Decide every line of ``source``; True when any was rejected. Answers leave as soon as their turn comes."""
    blocks = blocks_of(source)
    if processes < 2:
        return any([_answer(out, decide_block(block)) for block in blocks])
    return _in_parallel(blocks, out, processes)


def blocks_of(source: Source) -> Iterator[list[bytes]]:
    """Lines as they arrive, in blocks; a line ends at a newline only, the last may lack it."""
    rest, first = b"", True
    while chunk := source.read1(READ_BYTES):
        *lines, rest = (rest + chunk).split(b"\n")
        if first and lines:
            lines[0], first = lines[0].removeprefix(BOM), False
        for start in range(0, len(lines), BLOCK_LINES):
            yield lines[start : start + BLOCK_LINES]
    if rest:
        yield [rest.removeprefix(BOM) if first else rest]


def _answer(out: BinaryIO, answered: tuple[bytes, bool]) -> bool:
    text, refused = answered
    out.write(text)
    out.flush()
    return refused


def _in_parallel(blocks: Iterator[list[bytes]], out: BinaryIO, processes: int) -> bool:
    """Small blocks are answered here at once; large ones go to a pool that starts with the first of them."""
    waiting: deque[AsyncResult[tuple[bytes, bool]]] = deque()
    pool: Pool | None = None
    refused = False
    try:
        for block in blocks:
            if len(block) < WORTH_A_PROCESS and not waiting:
                refused |= _answer(out, decide_block(block))
                continue
            pool = pool or multiprocessing.get_context("fork").Pool(processes)
            waiting.append(pool.apply_async(decide_block, (block,)))
            while waiting and (len(waiting) > 2 * processes or waiting[0].ready()):
                refused |= _answer(out, waiting.popleft().get())
        while waiting:
            refused |= _answer(out, waiting.popleft().get())
    finally:
        if pool is not None:
            pool.terminate()
            pool.join()
    return refused
