"""What the commands that import a workbook have in common (contract 3)."""

from __future__ import annotations

import hashlib
import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.archives import accept_workbook
from accounts.errors import DomainError
from organizations.models import Organization

REFUSED = 1
WRONG_CALL = 2


class ImportCommand(BaseCommand):
    """``examine`` and ``write`` are those of the kind of list."""

    examine: Callable[..., Any]
    write: Callable[..., Any]
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.xlsx", help="tệp Excel")
        parser.add_argument("--organization", required=True, metavar="CODE", help="mã tổ chức nhập vào")
        parser.add_argument("--dry-run", action="store_true", help="chỉ đọc và báo kết quả, không ghi gì")
        parser.add_argument("--accept-partial", action="store_true", help="ghi các dòng đúng dù có dòng bị trả lại")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            content = path.read_bytes()
        except OSError as fault:
            raise CommandError(f"Không đọc được tệp {path}: {fault.strerror}.", returncode=WRONG_CALL) from fault
        organization = Organization.objects.filter(code=options["organization"]).first()
        if organization is None:
            raise CommandError(f"Không có tổ chức mã “{options['organization']}”.", returncode=WRONG_CALL)
        try:
            name = accept_workbook(path.name, content)
            told = self.run_import(content, name, organization, options)
        except DomainError as refusal:
            told = {"read": 0, "created": 0, "updated": 0, "unchanged": 0, "refused": [], "written": False}
            told["error"] = str(refusal)
        self.stdout.write(json.dumps(told, ensure_ascii=False))
        if told["refused"] or told.get("error"):
            sys.exit(REFUSED)

    def run_import(
        self, content: bytes, name: str, organization: Organization, options: dict[str, Any]
    ) -> dict[str, Any]:
        """The JSON of one run."""
        now = timezone.now()
        if options["dry_run"]:
            examined, written = self.examine(content, organization, on=timezone.localdate(now)), False
        else:
            examined, written = self.write(
                content,
                organization.pk,
                actor=None,
                at=now,
                on=timezone.localdate(now),
                partial=options["accept_partial"],
                source={"file": name, "sha256": hashlib.sha256(content).hexdigest()},
            )
        told: dict[str, Any] = examined.counts | {"refused": examined.refused(), "written": written}
        left_out = [{"sheet": sheet, "rows": rows} for sheet, rows in examined.found.without_header]
        left_out += [
            {"sheet": one.page, "row": one.row, "kind": one.kind.value, "words": one.words}
            for one in examined.found.leftovers
        ]
        return told | {"left_out": left_out, "absent": len(examined.absent)}
