"""The dossier sent up: what has to be in it, the clocks that run on it, complaints that hold it up, seats left open."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.errors import IllegalTransition, InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from accounts.wording import day
from congress.duties import Duty
from documents.services import minutes
from elections import queries
from elections.models import Complaint, Ratification
from elections.providers import to_conclude_complaints
from elections.services import complaints, ledgers, ratifying, rounds
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db

UNDER_190 = date(2025, 3, 12)
LAST_DAY = date(2025, 4, 2)
"""Fifteen working days after the closing of UNDER_190."""


def page(world: World, who: str = "secretary", name: str = "ratification") -> str:
    client = Client()
    client.force_login(getattr(world, who))
    return client.get(reverse(f"elections:{name}", args=[world.congress_id])).content.decode()


def complain(world: World, received_on: date, *, days: int = 30) -> Complaint:
    return complaints.record_complaint(
        world.congress_id,
        received_on=received_on,
        about="Có phiếu hợp lệ bị loại",
        actor=world.approver,
        at=world.when(days),
    )


def settle(world: World, complaint: Complaint, **given: Any) -> Complaint:
    told = {"settled_on": date(2025, 4, 8), "conclusion": "Kiểm phiếu đúng.", "at": world.when(30)} | given
    return complaints.settle_complaint(world.congress_id, complaint.pk, actor=world.approver, **told)


def clock(world: World) -> queries.Clock | None:
    return queries.decision_clock(Ratification.objects.get(), today=date(2025, 3, 20))


# ---- the file (E-64) ----


@pytest.mark.rule("E-64")
def test_k137_a_file_that_lacks_anything_is_not_sent_up_and_everything_missing_is_told():
    world = congress_at("closed", held_on=UNDER_190)
    minutes.issue_congress_minutes(world.congress_id, actor=world.secretary, at=world.when(0, 17))
    client = Client()
    client.force_login(world.secretary)
    address = reverse("elections:report", args=[world.congress_id])
    (name,) = ratifying.elected_people(world.congress).values()

    nothing = client.post(address, {})
    without_cv = client.post(address, {"biographies": "on"})

    assert (nothing.status_code, without_cv.status_code) == (422, 422)
    assert "còn thiếu danh sách trích ngang" in nothing.content.decode()
    assert f"còn thiếu sơ yếu lý lịch của {name}" in without_cv.content.decode()
    assert "còn thiếu danh sách trích ngang" not in without_cv.content.decode()
    assert world.congress.state == "closed"
    assert client.post(address, world.enclosures()).status_code == 302
    attached = [one["name"] for one in Ratification.objects.get().submission.data["attachments"]]
    assert attached[-2:] == [
        "Danh sách trích ngang những đồng chí trúng cử",
        "Sơ yếu lý lịch của từng đồng chí trúng cử",
    ]


@pytest.mark.rule("E-64")
def test_the_service_asks_the_same():
    world = congress_at("closed", held_on=UNDER_190)
    minutes.issue_congress_minutes(world.congress_id, actor=world.secretary, at=world.when(0, 17))

    with pytest.raises(InvalidInput) as refused:
        ratifying.report_results(
            world.congress_id, biographies=False, curricula=[], actor=world.secretary, at=world.when(2)
        )
    assert len(refused.value.fields) == 2


# ---- complaints (E-65, E-67) ----


@pytest.mark.rule("E-65")
@pytest.mark.rule("E-67")
def test_k136_a_complaint_in_time_stops_the_clock_and_the_decision_until_it_is_settled():
    world = congress_at("reported", held_on=UNDER_190)
    before = clock(world)
    complaint = complain(world, LAST_DAY)

    assert before is not None
    assert clock(world) is None
    assert "tạm dừng vì còn đơn khiếu nại" in page(world)
    assert "tạm dừng vì còn đơn khiếu nại" in page_of_all(world)
    with pytest.raises(IllegalTransition, match="Còn đơn khiếu nại về bầu cử chưa kết luận"):
        world.ratified()
    settle(world, complaint)

    assert clock(world).due_on == date(2025, 4, 28)
    assert "Kiểm phiếu đúng." in page(world)
    world.ratified()


def page_of_all(world: World) -> str:
    client = Client()
    client.force_login(world.approver)
    return client.get(reverse("elections:ratifications")).content.decode()


@pytest.mark.rule("E-67")
def test_k134_one_that_came_late_is_recorded_and_holds_nothing_up():
    world = congress_at("reported", held_on=UNDER_190)
    before = clock(world)

    complain(world, date(2025, 4, 3))

    assert clock(world) == before
    assert "nhận quá hạn, chỉ ghi lại" in page(world)
    world.ratified()


@pytest.mark.rule("E-67")
def test_under_244_where_no_period_was_read_every_complaint_counts():
    world = congress_at("reported", held_on=date(2022, 6, 29))
    complain(world, date(2022, 8, 30), days=90)

    assert queries.decision_day(world.congress, date(2022, 7, 1)) is None


def test_only_the_deciding_committee_handles_complaints_and_a_settled_one_stays():
    world = congress_at("reported", held_on=UNDER_190)
    with pytest.raises(NotAllowed):
        complaints.record_complaint(
            world.congress_id, received_on=LAST_DAY, about="Đơn", actor=world.secretary, at=world.when(30)
        )
    complaint = complain(world, LAST_DAY)
    for wrong in (
        {"settled_on": date(2025, 4, 1)},
        {"settled_on": date(2025, 5, 30)},
        {"conclusion": " "},
    ):
        with pytest.raises(InvalidInput):
            settle(world, complaint, **wrong)
    settle(world, complaint)

    with pytest.raises(IllegalTransition):
        settle(world, complaint)
    for change in (
        lambda: Complaint.objects.update(conclusion="Khác"),
        lambda: Complaint.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("received_on", [date(2025, 3, 11), date(2025, 5, 30)])
def test_a_complaint_comes_after_the_closing_and_not_after_today(received_on):
    world = congress_at("closed", held_on=UNDER_190)

    with pytest.raises(InvalidInput) as refused:
        complain(world, received_on)
    assert set(refused.value.fields) == {"received_on"}


def test_complaints_are_noted_and_settled_on_their_page():
    world = congress_at("reported", held_on=UNDER_190)
    client, address = Client(), reverse("elections:complaints", args=[world.congress_id])
    client.force_login(world.approver)
    before = AuditEvent.objects.count()

    noted = client.post(address, {"received_on": "20/3/2025", "about": "Có phiếu hợp lệ bị loại"})
    (complaint,) = Complaint.objects.all()
    shown = client.get(address).content.decode()
    refused = client.post(address, {"complaint": complaint.pk, "settled_on": "25/3/2025", "conclusion": ""})
    settled = client.post(address, {"complaint": complaint.pk, "settled_on": "25/3/2025", "conclusion": "Đúng."})

    assert (noted.status_code, refused.status_code, settled.status_code) == (302, 422, 302)
    assert "Có phiếu hợp lệ bị loại" in shown
    assert AuditEvent.objects.count() == before + 2
    assert address in page(world, "approver")
    assert address not in page(world)


# ---- seats left open (E-70), clocks ----


@pytest.mark.rule("E-70")
def test_seats_left_open_say_who_fills_them():
    world = congress_at("counting", members=12, committee_seats=3, held_on=UNDER_190)
    world.enter(world.figures(votes=[12, 11, 4, 3]))
    world.sealed()
    act = {"in_favour": 12, "actor": world.secretary, "at": world.when(0, 15, 40)}
    rounds.conclude(world.elections[0].pk, reasons="Không bầu tiếp.", **act)
    rounds.conclude(world.elections[1].pk, reasons="Chưa có nhân sự.", **act)
    world.congress.__class__.objects.filter(pk=world.congress_id).update(state="closed", closed_at=world.when(0, 17))

    shown = page(world)

    assert "Chi ủy: còn khuyết 1; cấp ủy đề nghị, cấp trên xem xét, quyết định." in shown
    assert "Bí thư: còn khuyết 1; đại hội sớm khi cấp trên đồng ý hoặc cấp trên chỉ định." in shown
    assert "Lưu phiếu bầu đã niêm phong đến hết" in shown


@pytest.mark.rule("E-15")
def test_nine_members_and_no_chi_uy_planned_is_pointed_at_where_the_elections_are_set_up():
    world = congress_at("sitting", members=9, held_on=UNDER_190)

    assert "Chi bộ có 9 đảng viên chính thức, thường bầu chi ủy" in page(world, name="overview")


@pytest.mark.rule("E-43")
def test_fewer_ballots_printed_than_members_present_do_not_close_the_ledger():
    world = congress_at("slate_fixed", members=9, held_on=UNDER_190)
    figures = {"printed": 8, "issued": 8, "spoiled": 0, "unused": 0, "returned": 8}

    with pytest.raises(InvalidInput, match="sổ|Sổ") as refused:
        ledgers.keep_ledger(world.round.pk, figures=figures, close=True, actor=world.teller, at=world.when(0, 14, 40))
    assert "mới in 8 phiếu" in str(refused.value.fields)


@pytest.mark.rule("E-67")
def test_an_open_complaint_in_time_is_a_duty_of_the_deciding_committee_with_the_last_day_for_more():
    world = congress_at("closed", held_on=UNDER_190)
    complaint = complain(world, LAST_DAY)
    late = complain(world, LAST_DAY + timedelta(days=1))

    def owed(person: User) -> list[Duty]:
        return list(to_conclude_complaints(User.objects.get(pk=person.pk)))

    for person in (world.approver, world.staff):
        (duty,) = owed(person)
        assert duty.sentence.startswith("Xác minh, kết luận đơn về bầu cử nhận ngày ")
        assert duty.where.endswith(f"; đơn nhận đến hết ngày {day(LAST_DAY)} (Điều 33)")
        assert duty.url == reverse("elections:complaints", args=[world.congress_id])
    assert [owed(person) for person in (world.secretary, world.teller)] == [[], []]
    client = Client()
    client.force_login(world.approver)
    assert "kết luận đơn về bầu cử" in client.get("/").content.decode()

    settle(world, complaint)

    assert owed(world.approver) == [] and late.settled_on is None
