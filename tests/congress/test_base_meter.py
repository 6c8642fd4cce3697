"""The base meter: both bases live from the convening on, each deduction with the people behind it; kept with a vote."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import InvalidInput
from accounts.models import AuditEvent, User
from congress import alerts
from congress.models import Attendance
from congress.queries import electorate_of, electorate_snapshot
from congress.services import preparing, sitting
from organizations import services as organization_services
from organizations.models import Member
from tests.factories import World, congress_at, make_admin

pytestmark = pytest.mark.django_db


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def exempt(world: World, member: Member) -> None:
    organization_services.set_standing(
        member.pk,
        kind="exempt",
        starts_on=date(2021, 5, 4),
        ground="Đơn xin miễn sinh hoạt (bịa)",
        accepted_by="Chi bộ số 1",
        actor=make_admin(),
        at=world.when(-60),
    )
    preparing.convene(world.congress_id, actor=world.secretary, at=world.when(-21))


def line_of(world: World, member: Member) -> Attendance:
    return world.congress.attendances.get(member=member)


def mark(world: World, hour: int = 14, minute: int = 20, **presences: str) -> None:
    """``m0="present"``: the first member."""
    marks = {line_of(world, world.members[int(name[1:])]).pk: value for name, value in presences.items()}
    sitting.take_roll(world.congress_id, marks, actor=world.secretary, at=world.when(0, hour, minute))


def of_twelve() -> World:
    """Twelve called, one exempt and away, one away with an accepted reason."""
    world = congress_at("cleared", members=12)
    exempt(world, world.members[3])
    everybody = {f"m{i}": "present" for i in range(12) if i not in (3, 4)}
    mark(world, 13, 40, **everybody, m3="absent")
    sitting.excuse_absence(
        line_of(world, world.members[4]).pk,
        reason="Điều trị tại bệnh viện",
        accepted_by="Chi ủy (bịa)",
        accepted_on=world.held_on,
        actor=world.secretary,
        at=world.when(0, 13, 45),
    )
    return world


def meter_page(user: User, world: World, query: str = "", **headers: str) -> Any:
    return as_user(user).get(reverse("congress:meter", args=[world.congress_id]) + query, headers=headers)


# ---- the two bases ----


@pytest.mark.rule("E-12")
@pytest.mark.rule("E-13")
def test_each_deduction_names_the_people_who_accepted_it_and_when():
    world = of_twelve()

    snapshot = electorate_snapshot(world.congress)

    assert (snapshot["summoned"], snapshot["present"]) == (12, 10)
    assert (snapshot["resolution_base"], snapshot["resolution_needed"]) == (11, 6)
    assert (snapshot["election_base"], snapshot["election_needed"]) == (10, 6)
    away, excused = snapshot["deductions"]
    assert (away["figure"], away["bases"]) == ("exempt_absent", ["resolution", "election"])
    assert away["people"][0] | {"line": 0} == {
        "line": 0,
        "member": world.members[3].pk,
        "name": world.members[3].display_name,
        "ground": "Đơn xin miễn sinh hoạt (bịa)",
        "accepted_by": "Chi bộ số 1",
        "accepted_at": "2021-05-04",
    }
    assert (excused["figure"], excused["bases"]) == ("excused_throughout", ["election"])
    assert excused["people"][0]["ground"] == "Điều trị tại bệnh viện"
    assert excused["people"][0]["accepted_by"] == "Chi ủy (bịa)"
    assert excused["people"][0]["accepted_at"] == world.held_on.isoformat()
    assert excused["people"][0]["recorded_by"] == str(world.secretary)


@pytest.mark.rule("E-13")
def test_an_absence_of_which_nobody_wrote_who_accepted_it_says_so():
    world = congress_at("cleared", members=12)
    row = line_of(world, world.members[4])
    act = {"actor": world.secretary, "at": world.when(0, 13, 45)}
    sitting.excuse_absence(row.pk, reason="Công tác (bịa)", **act)

    (excused,) = electorate_snapshot(world.congress)["deductions"]
    (person,) = excused["people"]
    seen = as_user(world.secretary).get(reverse("congress:roll", args=[world.congress_id])).content.decode()

    assert (person["accepted_by"], person["accepted_at"]) == ("", None)
    assert person["note"] == "chưa ghi cấp ủy viên nào chấp nhận"
    assert "Người chấp nhận: chưa ghi" in seen
    with pytest.raises(InvalidInput, match="không thể sau hôm nay"):
        sitting.excuse_absence(
            row.pk, reason="Công tác (bịa)", accepted_by="Chi ủy", accepted_on=date(2099, 1, 1), **act
        )


def test_the_form_asks_who_accepted_the_absence_and_on_what_day():
    world = congress_at("cleared", members=12)
    row = line_of(world, world.members[4])
    url = reverse("congress:excuse", args=[row.pk])
    whole = {"reason": "Công tác (bịa)", "accepted_by": "Chi ủy (bịa)", "accepted_on": "1/6/2022"}

    blank = as_user(world.secretary).post(url, {"reason": "Công tác (bịa)"})
    kept = as_user(world.secretary).post(url, whole)

    assert (blank.status_code, set(blank.context["form"].errors)) == (422, {"accepted_by", "accepted_on"})
    assert kept.status_code == 302
    row.refresh_from_db()
    assert (row.accepted_by, row.accepted_on) == ("Chi ủy (bịa)", date(2022, 6, 1))
    assert "01/06/2022" in as_user(world.secretary).get(url).content.decode()


def test_where_nobody_is_deducted_the_meter_says_so():
    world = congress_at("sitting", members=12, committee_seats=3)

    text = " ".join(meter_page(world.member_user, world).content.decode().split())

    assert 'triệu tập <b class="meter-base">12</b>, không trừ ai <span class="nowrap">→ cần' in text
    assert "= <b" not in text


def test_the_meter_reads_as_one_sum():
    world = of_twelve()

    text = meter_page(world.member_user, world).content.decode()

    words = " ".join(text.replace("<b>", "").replace("</b>", "").replace('<b class="meter-base">', "").split())
    words = words.replace('<span class="nowrap">', "").replace("</span>", "")
    assert "triệu tập 12 − miễn, vắng 1 − vắng có lý do được chấp nhận 1 = 10 → cần 6 phiếu" in words
    assert "triệu tập 12 − miễn, vắng 1 = 11 → cần 6 thẻ" in words
    assert "Điều trị tại bệnh viện" in text
    assert f"Chi ủy (bịa) chấp nhận ngày 29/6/2022, {world.secretary} ghi nhận" in text


@pytest.mark.parametrize("name", ["roll", "sitting", "meter"])
def test_the_meter_stands_on_the_pages_of_the_day(name):
    world = of_twelve()

    text = as_user(world.secretary).get(reverse(f"congress:{name}", args=[world.congress_id])).content.decode()

    assert text.count('class="meter"') == 1
    assert 'hx-trigger="every 20s"' in text


def test_a_congress_that_is_over_does_not_ask_again():
    world = of_twelve()
    type(world.congress).objects.filter(pk=world.congress_id).update(state="closed")

    assert "hx-trigger" not in meter_page(world.secretary, world).content.decode()


# ---- live ----


def poll(world: World, seen: str, user: User | None = None) -> Any:
    return meter_page(user or world.secretary, world, f"?seen={seen}", **{"HX-Request": "true", "X-Background": "1"})


def seen_on(text: str) -> str:
    return text.split("?seen=")[1].split('"')[0]


def test_nothing_is_sent_while_the_roll_stays_as_it_was():
    world = of_twelve()
    seen = seen_on(meter_page(world.secretary, world).content.decode())

    answer = poll(world, seen)

    assert (answer.status_code, answer.content) == (204, b"")


def test_a_change_of_the_roll_is_sent_and_announced():
    world = of_twelve()
    seen = seen_on(meter_page(world.secretary, world).content.decode())
    mark(world, 14, 0, m4="present")

    answer = poll(world, seen)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in text
    assert 'hx-swap-oob="innerHTML:#co-so-noi"' in text
    assert "Bầu cử: cơ sở tính 11, cần 6 phiếu." in text
    assert seen_on(text) != seen


def test_a_page_that_asks_by_itself_keeps_no_session_alive(settings):
    world = of_twelve()
    client = as_user(world.secretary)
    url = reverse("congress:meter", args=[world.congress_id])
    client.get(url)

    def last_seen_after(**headers: str) -> bool:
        session = client.session
        session["last_seen_at"] -= 120
        session.save()
        before = session["last_seen_at"]
        client.get(url, headers=headers)
        return bool(client.session["last_seen_at"] > before)

    assert not last_seen_after(**{"HX-Request": "true", "X-Background": "1"})
    assert last_seen_after(**{"HX-Request": "true"})


def test_a_page_that_asks_by_itself_is_not_led_to_the_sign_in():
    world = of_twelve()

    answer = Client().get(
        reverse("congress:meter", args=[world.congress_id]), headers={"HX-Request": "true", "X-Background": "1"}
    )

    assert answer.status_code == 401
    assert "HX-Redirect" not in answer.headers


# ---- kept with a vote ----


def test_a_card_vote_keeps_the_people_of_its_base_although_somebody_comes_later():
    world = congress_at("sitting", members=12)
    sitting.excuse_absence(
        line_of(world, world.members[4]).pk, reason="Công tác", actor=world.secretary, at=world.when(0, 14, 11)
    )
    vote = sitting.record_card_vote(
        world.congress_id,
        subject="programme",
        text="Chương trình",
        in_favour=11,
        actor=world.secretary,
        at=world.when(0, 14, 12),
    )
    mark(world, m4="present")

    vote.refresh_from_db()

    assert (vote.electorate["resolution_base"], vote.electorate["election_base"]) == (12, 11)
    assert [one["people"][0]["name"] for one in vote.electorate["deductions"]] == [world.members[4].display_name]
    assert electorate_of(world.congress).election_base == 12


# ---- who comes late ----


def test_the_roll_is_taken_between_two_votes_and_knows_who_came_when():
    world = congress_at("sitting", members=12)
    mark(world, 14, 15, m4="absent")
    mark(world, 14, 40, m4="present")

    line = line_of(world, world.members[4])

    assert line.arrived_at == world.when(0, 13, 45)
    assert (line.marked_by, line.marked_at) == (world.secretary, world.when(0, 14, 40))


def test_an_alert_of_another_app_is_shown_and_recorded_once(monkeypatch):
    world = congress_at("sitting", members=12)
    mark(world, 14, 15, m4="absent")

    def somebody_came(congress: Any) -> list[alerts.Alert]:
        here = congress.attendances.get(member=world.members[4]).presence == "present"
        return [alerts.Alert("late:1", "Có đồng chí đến sau", "Cấp trên xem xét.")] if here else []

    monkeypatch.setattr(alerts, "_providers", [somebody_came])
    mark(world, 14, 40, m4="present")
    mark(world, 14, 41, m4="present")

    events = AuditEvent.objects.filter(action="congress.alerted")
    assert [event.details["about"] for event in events] == ["Có đồng chí đến sau. Cấp trên xem xét."]
    text = as_user(world.clerk).get(reverse("congress:sitting", args=[world.congress_id])).content.decode()
    assert "Có đồng chí đến sau" in text


# ---- U-19 ----


@pytest.mark.parametrize(("choice", "base", "present"), [("co", 12, 12), ("khong", 11, 11)])
def test_the_secretary_chooses_whether_an_exempt_member_takes_a_ballot(choice, base, present):
    world = congress_at("cleared", members=12)
    exempt(world, world.members[3])
    mark(world, 13, 40, **{f"m{i}": "present" for i in range(12)})
    line = line_of(world, world.members[3])

    answer = as_user(world.secretary).post(
        reverse("congress:choose_ballot", args=[line.pk]), {"nhan_phieu": choice}, follow=True
    )

    electorate = electorate_of(world.congress)
    assert answer.status_code == 200
    assert (electorate.election_base, electorate.present) == (base, present)
    assert AuditEvent.objects.order_by("-sequence")[0].action == "congress.ballot_chosen"
    assert line_of(world, world.members[3]).marked_by == world.secretary


def test_nobody_is_asked_about_members_who_are_not_exempt():
    world = congress_at("sitting", members=12)

    answer = as_user(world.secretary).post(
        reverse("congress:choose_ballot", args=[line_of(world, world.members[0]).pk]), {"nhan_phieu": "khong"}
    )

    assert answer.status_code == 422
    assert electorate_of(world.congress).present == 12


def test_a_choice_that_does_not_exist_is_refused():
    world = congress_at("sitting", members=12)

    answer = as_user(world.secretary).post(
        reverse("congress:choose_ballot", args=[line_of(world, world.members[0]).pk]), {"nhan_phieu": "có lẽ"}
    )

    assert answer.status_code == 422
