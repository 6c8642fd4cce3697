"""``manage.py replay_seeds [--until YYYY-MM-DD]``: tell the five stories on an empty database, one JSON line each.

A second run changes nothing; one with a later day goes on. Exit 1 when the database holds other data, 2 when
the call itself is wrong.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from elections.stories.collection import ROOT, TALES, replay
from elections.stories.player import ADMINISTRATOR
from organizations.models import Organization


class Command(BaseCommand):
    help = "Dựng năm câu chuyện mẫu trên cơ sở dữ liệu trống."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until", type=_day, help="dừng ở hết ngày này (năm-tháng-ngày)")

    def handle(self, *args: Any, until: date | None, **options: Any) -> None:
        if holds_other_data():
            raise CommandError("Cơ sở dữ liệu đã có dữ liệu khác. Câu chuyện mẫu chỉ dựng trên cơ sở dữ liệu trống.")
        replay(until)
        for tale in TALES:
            self.stdout.write(json.dumps(tale.summary(), ensure_ascii=False))


def holds_other_data() -> bool:
    """Anything that did not begin with the stories' own root and administrator."""
    known = Organization.objects.filter(code=ROOT, parent=None).exists()
    administrator = User.objects.filter(username=ADMINISTRATOR).exists()
    return not (known and administrator) and (Organization.objects.exists() or User.objects.exists())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” không phải một ngày, ví dụ 2022-05-30") from error
