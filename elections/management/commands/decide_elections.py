"""``manage.py decide_elections [FILE]``: one vote per line in, one proposal per line out, in order.

Needs no database. Exit code 1 when a line is rejected (the reasons are in its output), 2 when the call is wrong.
"""

from __future__ import annotations

import gc
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from elections.rules.lines import decide_stream

UNREADABLE: dict[type[OSError], str] = {
    FileNotFoundError: "không có tệp này, kiểm tra lại tên và thư mục",
    IsADirectoryError: "đây là thư mục, không phải tệp",
    PermissionError: "không có quyền đọc",
}


class Command(BaseCommand):
    help = "Xác định kết quả bầu cử từ số liệu kiểm phiếu (mỗi dòng một lần bầu, JSON)."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="tệp JSONL; không ghi thì đọc từ đầu vào chuẩn")
        parser.add_argument("--processes", type=int, default=None, help="số tiến trình (mặc định: theo số nhân)")

    def handle(self, *args: Any, file: str | None, processes: int | None, **options: Any) -> None:
        try:
            source: BinaryIO = sys.stdin.buffer if file in (None, "-") else Path(str(file)).open("rb")
        except OSError as error:
            raise CommandError(f"Không đọc được tệp {file}: {why_unreadable(error)}.", returncode=2) from error
        gc.freeze()  # what is loaded stays loaded; the votes themselves hold no cycles
        gc.set_threshold(100_000, 50, 100)
        with source:
            refused = self.decide(source, processes or available_cores())
        if refused:
            sys.exit(1)

    def decide(self, source: BinaryIO, processes: int) -> bool:
        out = sys.stdout.buffer
        try:
            refused = decide_stream(source, out, processes=processes)
            out.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader went away: end quietly
            return True
        except OSError as error:
            raise CommandError(f"Không đọc được dữ liệu: {why_unreadable(error)}.", returncode=2) from error
        return refused


def why_unreadable(error: OSError) -> str:
    """What the system answers, in the language of who reads it."""
    for kind, said in UNREADABLE.items():
        if isinstance(error, kind):
            return said
    return f"máy báo lỗi số {error.errno}"


def available_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
