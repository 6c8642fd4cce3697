"""Importing a roll of 10,000 people from a workbook, against reading the same file with openpyxl alone."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from openpyxl import load_workbook

from accounts.sheets import Column, write_xlsx
from benchmarks.figures import Figure, Goal, seconds_of
from benchmarks.nation import GIVEN, MIDDLES, SURNAMES
from benchmarks.scratch import Scratch
from organizations.models import Member, Organization
from organizations.services import rolls
from tests.factories import START, make_organization, make_root

BRANCHES = 200
LIMIT_SECONDS = 20
HEADER = ("STT", "Họ và tên", "Ngày sinh", "Nam/Nữ", "Chức vụ", "Ngày vào Đảng", "Chính thức", "Số thẻ", "Chi bộ")


def measure(place: Scratch) -> Iterator[Figure]:
    count = 1_000 if place.quick else 10_000
    committee = committee_with_branches()
    content = roll(count, committee)
    rounds = [(seconds_of(lambda: read_alone(content)), undone_import(content, committee, count)) for _ in range(3)]
    alone, whole = min(one for one, _ in rounds), min(one for _, one in rounds)
    yield Figure(
        f"importing a roll of {count} people",
        whole,
        "s",
        "reading the same file with openpyxl alone",
        alone,
        Goal("ratio", "<=", 4),
    )
    yield Figure(
        f"importing a roll of {count} people",
        whole,
        "s",
        "the time a person waits at most",
        float(LIMIT_SECONDS),
        Goal("ratio", "<=", 1),
    )


def committee_with_branches() -> Organization:
    committee = make_organization(make_root(), node_type="grassroots", name="Đảng bộ nhập danh sách")
    for number in range(BRANCHES):
        make_organization(committee, name=f"Chi bộ nhập {number + 1}")
    return committee


def roll(count: int, committee: Organization) -> bytes:
    """Names as they come, days as text, the branch in each row: what staff keep."""
    branches = list(Organization.objects.filter(parent=committee).values_list("name", flat=True))
    rows: list[list[str | int]] = []
    for number in range(count):
        surname, middle = SURNAMES[number % len(SURNAMES)], MIDDLES[number // 16 % len(MIDDLES)]
        born = date(1960, 1, 1) + timedelta(days=number * 7 % 14_000)
        joined = born + timedelta(days=9_000)
        rows.append(
            [
                number + 1,
                f"{surname} {middle} {GIVEN[number // 160 % len(GIVEN)]}",
                f"{born:%d/%m/%Y}",
                "Nữ" if number % 3 else "Nam",
                "Chuyên viên",
                f"{joined:%d/%m/%Y}",
                f"{joined + timedelta(days=365):%d/%m/%Y}",
                f"{10_000_000 + number}",
                branches[number % len(branches)],
            ]
        )
    return write_xlsx("Danh sách", [Column(title) for title in HEADER], rows)


def read_alone(content: bytes) -> int:
    """Every cell of every sheet, once, as a program would that does nothing with them."""
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return sum(1 for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row if cell)


def undone_import(content: bytes, committee: Organization, count: int) -> float:
    """Seconds to examine and write the whole file; nothing of it stays."""
    source = {"file": "danh-sach.xlsx", "sha256": hashlib.sha256(content).hexdigest()}
    with transaction.atomic():
        took = seconds_of(
            lambda: rolls.write(content, committee.pk, actor=None, at=START, on=timezone.localdate(), source=source)
        )
        written = Member.objects.filter(organization__parent=committee).count()
        transaction.set_rollback(True)
    if written != count:
        raise RuntimeError(f"{written} of {count} rows were written")
    return took
