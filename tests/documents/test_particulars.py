"""Danh sách trích ngang (F-05): a wide list of the particulars, for whoever keeps the roll and asked for it."""

from __future__ import annotations

import io
import os
import time
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.errors import IllegalTransition, InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from accounts.roles import Role
from documents.papers.layouts import layout_for
from documents.services import particulars
from documents.tasks import forget_lists
from organizations.models import PostHolding
from outbox import runner
from outbox.models import Job, JobState
from tests.factories import Tree, make_member, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def tree() -> Tree:
    tree = make_tree(branches=2)
    for name, gender, branch in (("Lê Văn Út", "male", 0), ("Trần <b> Ánh", "female", 0), ("Vũ An", "male", 1)):
        make_member(
            tree.branches[branch],
            name,
            gender=gender,
            born_on=date(1980, 2, 1),
            native_place="xã Hoằng Lộc, huyện Hoằng Hóa, tỉnh Thanh Hóa",
            job="Chuyên viên phòng Quản lý năng lượng",
            awards="Bằng khen của Bộ trưởng",
        )
    return tree


@pytest.fixture
def secretary(tree: Tree) -> User:
    return make_user(Role.SECRETARY, tree.branch)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_it_is_asked_for_made_by_the_worker_and_taken(tree, secretary):
    client, address = client_of(secretary), reverse("documents:particulars", args=[tree.branch.pk])

    asked = client.post(address, {"who": "members"})
    waiting = client.get(asked["Location"]).content.decode()
    runner.run(Job.objects.get(kind=particulars.PRINT).pk)
    runner.run(Job.objects.get(kind=particulars.PRINT).pk)
    ready = client.get(asked["Location"]).content.decode()
    file = client.get(f"{asked['Location']}&tep=1")

    assert "Đang tạo" in waiting and "Tải về" in ready
    assert file.headers["Content-Disposition"].startswith("attachment")
    page = PdfReader(io.BytesIO(file.content)).pages[0].mediabox
    assert (round(page.width), round(page.height)) == (842, 595)  # A4 turned sideways
    said = words(file.content)
    for text in ("DANH SÁCH TRÍCH NGANG", "ĐẢNG CỘNG SẢN VIỆT NAM", tree.branch.name.upper(), "Nữ sinh", "1/2/1980"):
        assert text in said
    assert said.index("<b> Ánh") < said.index("Lê Văn") and "Vũ An" not in said
    (name,) = default_storage.listdir("particulars")[1]
    assert b"%PDF" not in default_storage.open(f"particulars/{name}").read()
    assert AuditEvent.objects.filter(action="particulars.asked").count() == 1


def test_the_list_of_the_committee_has_those_who_hold_a_post(tree, secretary):
    member = tree.branch.members.get(full_name="Lê Văn Út")
    PostHolding.objects.create(member=member, organization=tree.branch, post="secretary", starts_on=date(2020, 1, 1))

    listed = particulars.list_of(tree.branch, particulars.COMMITTEE, on=timezone.localdate())
    whole = particulars.list_of(tree.committee, particulars.MEMBERS, on=timezone.localdate())

    assert [(row[0], row[13]) for row in listed.rows] == [("1", "Bí thư; Chuyên viên phòng Quản lý năng lượng")]
    assert listed.letterhead.place == tree.bloc.place
    assert [row[17] for row in whole.rows] == [one.name for one in (tree.branches[1], tree.branch, tree.branch)]


def test_nobody_takes_the_list_of_another_or_of_another_place(tree, secretary):
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)
    mark = particulars.ask_for_list(tree.branch.pk, "members", actor=secretary, at=timezone.now())
    address = reverse("documents:particulars", args=[tree.branch.pk])

    assert client_of(staff).get(f"{address}?ban={mark}").status_code == 404
    assert client_of(secretary).get(f"{address}?ban=khong-co").status_code == 404
    assert particulars.job_of(mark, tree.branches[1], secretary) is None
    assert client_of(secretary).get(f"{address}?ban={mark}&tep=1").status_code == 409
    with pytest.raises(NotAllowed):
        particulars.ask_for_list(
            tree.branch.pk, "members", actor=make_user(Role.MEMBER, tree.branch), at=timezone.now()
        )
    for who in ("committee", "everybody"):
        with pytest.raises(InvalidInput):
            particulars.ask_for_list(tree.branch.pk, who, actor=secretary, at=timezone.now())


def test_after_a_day_it_is_gone(tree, secretary):
    at = timezone.now()
    mark = particulars.ask_for_list(tree.branch.pk, "members", actor=secretary, at=at)
    job = Job.objects.get(kind=particulars.PRINT)
    runner.run(job.pk)
    job.refresh_from_db()
    just_before = at + particulars.KEPT_FOR - timedelta(seconds=1)
    assert particulars.content_of(job, at=just_before).startswith(b"%PDF")

    with pytest.raises(IllegalTransition, match="24 giờ"):
        particulars.content_of(job, at=at + particulars.KEPT_FOR)

    assert default_storage.listdir("particulars")[1] == []
    assert mark


def test_sent_twice_it_is_one_list_and_what_has_changed_is_another(tree, secretary):
    asked = partial(particulars.ask_for_list, tree.branch.pk, actor=secretary)
    at = timezone.now()
    first, second = asked("members", at=at), asked("members", at=at + timedelta(seconds=1))
    others = {particulars.ask_for_list(tree.committee.pk, "members", actor=tree.admin, at=at)}
    others.add(particulars.ask_for_list(tree.branch.pk, "members", actor=tree.admin, at=at))
    tree.branch.members.filter(full_name="Lê Văn Út").update(awards="Huân chương")
    others.add(asked("members", at=at))
    others.add(asked("members", at=at + timedelta(days=1)))

    assert first == second
    assert len(others - {first}) == 4
    assert Job.objects.filter(kind=particulars.PRINT).count() == 5
    assert AuditEvent.objects.filter(action="particulars.asked").count() == 5


def test_a_list_that_could_not_be_made_is_tried_again_by_asking_again(tree, secretary):
    asked = partial(particulars.ask_for_list, tree.branch.pk, "members", actor=secretary, at=timezone.now())
    mark = asked()
    Job.objects.update(state=JobState.FAILED, attempts=3, error="hỏng")

    assert asked() == mark
    assert Job.objects.get(kind=particulars.PRINT).state == JobState.WAITING


def test_the_clock_takes_lists_of_former_days_away(tree, secretary):
    """Asked for by every worker's clock, not by whoever prints the next one."""
    assert forget_lists.name in settings.PERIODIC_TASKS
    mark = particulars.ask_for_list(tree.branch.pk, "members", actor=secretary, at=timezone.now())
    runner.run(Job.objects.get(kind=particulars.PRINT).pk)
    forget_lists()
    assert default_storage.listdir("particulars")[1] == [f"{mark}.bin"]

    then = time.time() - particulars.KEPT_FOR.total_seconds()
    os.utime(default_storage.path(f"particulars/{mark}.bin"), (then, then))
    forget_lists()

    assert default_storage.listdir("particulars")[1] == []


def test_signatures_are_never_alone_on_a_page(tree):
    from documents.rendering import html_to_pdf  # as the worker does

    today = date(2026, 7, 1)
    listed = particulars.list_of(tree.branch, particulars.MEMBERS, on=today)
    for number in (11, 14, 16):
        rows = tuple((str(n), f"Lê Văn Số{n}", *listed.rows[0][2:]) for n in range(1, number + 1))
        html = particulars.list_html(replace(listed, rows=rows))
        pages = PdfReader(io.BytesIO(html_to_pdf(html, layout_for(today), identifier="thu"))).pages

        assert f"Số{number}" in pages[-1].extract_text() and "NGƯỜI LẬP BIỂU" in pages[-1].extract_text()
