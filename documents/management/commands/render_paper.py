"""``manage.py render_paper PAPER CASE.json OUT.pdf [--layout …]`` and ``render_paper PAPER --example``.

Prints an official paper from plain data; needs no database. Exit 0 when done, 1 when the data or the
rendering is refused (JSON on standard output says why), 2 when the call itself is wrong (message on standard error).
"""

from __future__ import annotations

import hashlib
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import InvalidInput
from documents import rendering
from documents.papers import layouts, registry
from documents.papers.base import Paper

REFUSED = 1
WRONG_CALL = 2


class Command(BaseCommand):
    help = "In một mẫu văn bản (F-xx) ra PDF từ dữ liệu JSON; --example in ra dữ liệu mẫu điền đủ mọi trường."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paper", metavar="PAPER", help="mã mẫu, ví dụ F-10")
        parser.add_argument("case", metavar="CASE.json", nargs="?", help="tệp dữ liệu")
        parser.add_argument("out", metavar="OUT.pdf", nargs="?", help="tệp PDF sẽ ghi")
        parser.add_argument("--layout", help=f"thể thức: {', '.join(layouts.LAYOUTS)}; mặc định theo ngày văn bản")
        parser.add_argument("--example", action="store_true", help="in ra dữ liệu mẫu rồi thôi")

    def handle(self, *args: Any, **options: Any) -> None:
        paper = _paper(options["paper"])
        if options["example"]:
            self.stdout.write(json.dumps(paper.example(), ensure_ascii=False, indent=2))
            return
        if not options["case"] or not options["out"]:
            raise CommandError("Cần cả CASE.json và OUT.pdf, hoặc --example.", returncode=WRONG_CALL)
        if options["layout"] and options["layout"] not in layouts.LAYOUTS:
            raise CommandError(
                f"Không có thể thức {options['layout']}. Dùng một trong: {', '.join(layouts.LAYOUTS)}.",
                returncode=WRONG_CALL,
            )
        self._print(paper, _read(Path(options["case"])), Path(options["out"]), options["layout"])

    def _print(self, kind: type[Paper], text: str, out: Path, layout_code: str | None) -> None:
        try:
            paper = kind.from_dict(_parsed(text))
            layout = layout_code or _layout_of(paper)
            pdf = rendering.render(paper, layout)
        except InvalidInput as refusal:
            self._refuse(kind, str(refusal), fields=refusal.fields)
        except rendering.RenderingRefused as refusal:
            self._refuse(kind, str(refusal), refused=list(refusal.refused))
        _write(out, pdf)
        self._say(
            {
                "paper": kind.code,
                "layout": layout,
                "status": "rendered",
                "file": str(out),
                "bytes": len(pdf),
                "sha256": hashlib.sha256(pdf).hexdigest(),
            }
        )

    def _refuse(self, kind: type[Paper], reason: str, **details: Any) -> None:
        self._say({"paper": kind.code, "status": "refused", "reason": reason, **details})
        raise SystemExit(REFUSED)

    def _say(self, line: dict[str, Any]) -> None:
        said = json.dumps(line, ensure_ascii=False)
        lone = any("\ud800" <= sign <= "\udfff" for sign in said)  # half a surrogate pair cannot be written as UTF-8
        self.stdout.write(json.dumps(line) if lone else said)


def _paper(code: str) -> type[Paper]:
    try:
        return registry.get(code.upper())
    except registry.UnknownPaper as unknown:
        raise CommandError(str(unknown), returncode=WRONG_CALL) from None


def _read(case: Path) -> str:
    try:
        return case.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"Không đọc được {case}: {error}", returncode=WRONG_CALL) from None


def _parsed(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"Tệp dữ liệu không phải JSON: {error}.") from None
    if not isinstance(data, dict):
        raise InvalidInput("Tệp dữ liệu phải là một đối tượng JSON.")
    return data


def _layout_of(paper: Paper) -> str:
    on = paper.letterhead.date
    return (layouts.layout_for(on) if on else layouts.DEFAULT).code


def _write(out: Path, pdf: bytes) -> None:
    """Under a temporary name first: a half-written paper is never found under its own name."""
    part = out.with_name(out.name + ".part")
    try:
        part.write_bytes(pdf)
        part.replace(out)
    except OSError as error:
        raise CommandError(f"Không ghi được {out}: {error}", returncode=WRONG_CALL) from None
