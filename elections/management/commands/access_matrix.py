"""``manage.py access_matrix``: who reaches what, one line per cell; ``--run`` asks every one of them.

Exit code 1 on an address without a policy or an answer that differs; 2 when the call is wrong.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.test.utils import (
    override_settings,
    setup_databases,
    setup_test_environment,
    teardown_databases,
    teardown_test_environment,
)

from elections.matrix.cells import Cell, every_address, every_cell, shard
from elections.matrix.expected import MEANING
from elections.matrix.runner import Runner, fault
from elections.matrix.world import build

QUICK = {
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
}
"""Nobody signs in with a password here, and no style sheet need have been collected."""
ANSWERS = "\n".join(
    f"  {answer:<18} {', '.join(map(str, codes)):<26} {what}" for answer, (codes, what) in MEANING.items()
)
EXPLANATION = f"""\
Mỗi dòng một ô: url, method, identity (ai hỏi), scope (đối tượng ở đâu so với người hỏi: own, sibling,
ancestor, descendant, other_block, missing; none khi địa chỉ không nói về đối tượng nào), state (bước của
đối tượng), expected (lớp câu trả lời), statuses (các mã HTTP của lớp đó). Với --run còn có answer (mã thật),
events (số việc được ghi, số lần từ chối được ghi) và fault (chỗ sai, rỗng khi đúng).

Các lớp câu trả lời:
{ANSWERS}

--run hỏi trong cơ sở dữ liệu dùng một lần rồi bỏ, không đụng tới dữ liệu thật.
"""


class Command(BaseCommand):
    help = "Ma trận quyền truy cập: ai tới được địa chỉ nào, lấy từ cấu hình địa chỉ và quyền khai báo (JSONL)."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.epilog, parser.formatter_class = EXPLANATION, RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--run", action="store_true", help="hỏi từng ô và so với câu trả lời mong đợi")
        parser.add_argument("--faults", action="store_true", help="với --run: chỉ in các ô sai")
        parser.add_argument("--shard", default="1/1", help="phần thứ mấy trên mấy phần, ví dụ 1/4")
        parser.add_argument("--url", default="", help="chỉ những địa chỉ có tên bắt đầu như thế")

    def handle(self, *args: Any, run: bool, faults: bool, shard: str, url: str, **options: Any) -> None:
        part, of = _part(shard)
        try:
            found = [one for one in every_address() if one.name.startswith(url)]
        except ImproperlyConfigured as refusal:
            self.stdout.write(json.dumps({"fault": str(refusal)}, ensure_ascii=False))
            sys.exit(1)
        cells = _part_of(every_cell(found), part, of)
        if not run:
            for cell in cells:
                self.write(cell.as_line())
        elif not self.perform(cells, faults):
            sys.exit(1)

    def perform(self, cells: Iterable[Cell], only_faults: bool) -> bool:
        good = True
        with throw_away_database(), transaction.atomic():
            runner = Runner(build())
            for cell, seen in runner.run(cells):
                wrong = fault(cell, seen)
                good = good and not wrong
                if wrong or not only_faults:
                    events = {"done": seen.done, "refused": seen.refused}
                    self.write(cell.as_line() | {"answer": seen.status, "events": events, "fault": wrong})
            transaction.set_rollback(True)
        return good

    def write(self, told: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(told, ensure_ascii=False))


def _part(text: str) -> tuple[int, int]:
    part, _, of = text.partition("/")
    if not (part.isdigit() and of.isdigit() and 1 <= int(part) <= int(of)):
        raise CommandError(f"--shard nhận dạng phần/số phần, ví dụ 1/4, không phải “{text}”.", returncode=2)
    return int(part), int(of)


def _part_of(cells: Iterable[Cell], part: int, of: int) -> Iterator[Cell]:
    return shard(cells, part, of)


@contextmanager
def throw_away_database() -> Iterator[None]:
    """A migrated database of this process alone (in memory on SQLite), and a folder for files; gone afterwards."""
    connection.settings_dict["TEST"]["NAME"] = None if connection.vendor == "sqlite" else f"access_matrix_{os.getpid()}"
    setup_test_environment(debug=False)
    with tempfile.TemporaryDirectory(prefix="access-matrix-") as folder, override_settings(MEDIA_ROOT=folder, **QUICK):
        with redirect_stdout(sys.stderr):  # making the table of the cache says so, whatever the verbosity
            databases = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
        logging.disable(logging.CRITICAL)  # ten thousand refusals are what is asked for
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)
            teardown_databases(databases, verbosity=0)
            teardown_test_environment()
