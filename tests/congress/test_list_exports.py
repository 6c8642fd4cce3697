"""Every list of plans, letters and reminders goes to Excel with the filters of its page."""

import io
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from accounts.roles import Role
from congress.models import Reminder
from congress.services import guidance
from tests.factories import make_plan, make_tree, make_user

pytestmark = pytest.mark.django_db


def rows_of(user: User, page: str, **asked: str) -> list[dict[str, object]]:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    address = reverse(page)
    assert f'href="{address}?' in client.get(address, asked).content.decode()  # the button stands on the page
    content = client.get(address, asked | {"xuat": "excel"}).content
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    head = next(row for row in rows if row[0] == "STT")
    return [dict(zip(head, row, strict=True)) for row in rows[rows.index(head) + 1 :]]


def test_the_plans_of_one_term():
    tree = make_tree()
    make_plan(tree.committee)
    make_plan(tree.committee, number=9, term_label="2020-2022")
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)

    assert len(rows_of(staff, "congress:plans")) == 2
    (row,) = rows_of(staff, "congress:plans", nhiem_ky="2022-2025")
    assert (row["Số, ký hiệu"], row["Cấp ủy"], row["Trạng thái"]) == (
        "22-KH/ĐU",
        tree.committee.committee,
        "Đã ban hành",
    )


def test_the_letters_with_how_many_have_read_them():
    tree = make_tree(3)
    plan = make_plan(tree.committee)
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)
    guidance.send_guidance(
        tree.committee.pk,
        notation="05-CV/ĐU",
        issued_on=date(2022, 5, 20),
        term_label=plan.term_label,
        subject="Thống nhất một số nội dung",
        body="1. Trang trí.",
        actor=staff,
        at=timezone.now(),
    )

    (row,) = rows_of(staff, "congress:guidance_list")

    assert (row["Số, ký hiệu"], row["Gửi"], row["Đã đọc"]) == ("05-CV/ĐU", 3, 0)


def test_the_reminders_of_the_person_alone():
    tree = make_tree(2)
    one, other = (make_user(Role.SECRETARY, branch) for branch in tree.branches)
    for user in (one, other):
        Reminder.objects.create(
            user=user,
            key="k",
            level=Reminder.Level.LATE,
            place=tree.branch,
            about=tree.branch,
            sentence=f"Nhắc {user.username}",
            url="/",
            created_at=timezone.now(),
        )

    (row,) = rows_of(one, "congress:reminders")

    assert (row["Lời nhắc"], row["Về tổ chức"], row["Mức"]) == (f"Nhắc {one.username}", tree.branch.name, "Quá hạn")
