"""The timeline of a congress: laid out, moved, marked by what happens, judged before it is saved; deviations."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.errors import IllegalTransition, InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from accounts.roles import Role
from congress import queries
from congress.deviation_letters import names_day
from congress.models import Congress, Holiday, Milestone, Reminder, Representation
from congress.rules.timeline import CODES
from congress.services import deviations, holidays, milestones, preparing, timeline
from congress.timeline import judged
from tests.factories import (
    HELD_ON,
    Tree,
    at,
    congress_at,
    give_role,
    make_admin,
    make_member,
    make_organization,
    make_plan,
    make_tree,
    make_user,
)

pytestmark = pytest.mark.django_db
DEADLINES = {"papers": date(2022, 6, 10), "window_opens": date(2022, 6, 6), "window_closes": date(2022, 7, 15)}
NOW = at(date(2022, 5, 23))


@pytest.fixture
def tree() -> Tree:
    return make_tree(branches=2)


@pytest.fixture
def secretary(tree: Tree) -> User:
    return make_user(Role.SECRETARY, tree.branch)


@pytest.fixture
def approver(tree: Tree) -> User:
    return make_user(Role.APPROVER, tree.committee)


@pytest.fixture
def congress(tree: Tree, approver: User) -> Congress:
    """Planned for Wednesday 29/6/2022 in the afternoon."""
    make_plan(tree.committee, approver=approver, deadlines=DEADLINES)
    Congress.objects.update(planned_for=at(HELD_ON, 14), place="Hội trường")
    milestones.lay_out(Congress.objects.all())
    return Congress.objects.get(organization=tree.branch)


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def row(congress: Congress, key: str) -> Milestone:
    return congress.milestones.get(key=key)


def codes(congress: Congress, key: str, day: date) -> list[str]:
    return [one.finding.code for one in judged(congress, key, day)]


# ---- laid out and moved ----


def test_opening_a_congress_lays_its_timeline_out_and_setting_its_day_dates_it(tree, approver, secretary):
    make_plan(tree.committee, approver=approver, deadlines=DEADLINES)
    congress = Congress.objects.get(organization=tree.branch)
    before = {one.key: one.due_on for one in congress.milestones.all()}

    preparing.set_details(congress.pk, version=1, planned_for=at(HELD_ON, 14), actor=secretary, at=NOW)

    after = {one.key: one.due_on for one in congress.milestones.all()}
    assert (before["held"], before["papers_submitted"], before["cleared"]) == (
        DEADLINES["window_closes"], DEADLINES["papers"], None,
    )  # fmt: skip
    assert (after["held"], after["cleared"], after["reported"]) == (HELD_ON, date(2022, 6, 20), date(2022, 7, 8))
    assert after["papers_submitted"] == date(2022, 6, 3)
    assert after["studied"] == before["studied"] == date(2022, 5, 26)


def test_moving_the_congress_moves_what_is_neither_done_nor_set_by_hand(congress, secretary):
    timeline.set_day(row(congress, "comments").pk, day=date(2022, 5, 30), actor=secretary, at=NOW, accepted=["W904"])
    timeline.mark_done(row(congress, "drafts").pk, on=date(2022, 5, 20), actor=secretary, at=NOW)
    drafts = row(congress, "drafts").due_on

    timeline.set_day(row(congress, "held").pk, day=date(2022, 7, 6), actor=secretary, at=NOW)

    congress.refresh_from_db()
    assert congress.planned_for == at(date(2022, 7, 6), 14)
    assert row(congress, "cleared").due_on == date(2022, 6, 27)
    assert row(congress, "comments").planned_on == date(2022, 5, 30)
    assert (row(congress, "drafts").due_on, row(congress, "drafts").done_on) == (drafts, date(2022, 5, 20))


def test_a_pilot_has_its_review_and_a_congress_without_rows_gets_them_on_request(congress, tree, approver, secretary):
    preparing.choose_pilot(congress.pk, level_id=tree.committee.pk, actor=approver, at=NOW)
    pilot = row(congress, "pilot_review").due_on
    other = Congress.objects.exclude(pk=congress.pk).get()
    other.milestones.all().delete()
    client = as_user(make_user(Role.SECRETARY, tree.branches[1]))

    empty = client.get(reverse("congress:timeline", args=[other.pk])).content.decode()
    client.post(reverse("congress:lay_out", args=[other.pk]))

    assert pilot == date(2022, 6, 30)
    assert "chưa có lộ trình" in empty
    assert other.milestones.count() == congress.milestones.count() - 1


# ---- done ----


def test_what_happens_in_the_software_marks_its_step_done_and_falling_back_opens_it_again():
    world = congress_at("submitted")
    congress = world.congress
    submitted = {one.key for one in congress.milestones.filter(done_on__isnull=False)}

    preparing.return_for_changes(
        congress.pk, reasons="Bổ sung", actor=world.approver, at=congress.state_since.replace(minute=59)
    )

    done = {one.key for one in congress.milestones.filter(done_on__isnull=False)}
    assert {"papers_submitted", "clearance_submitted", "drafts"} <= submitted
    assert "cleared" not in submitted
    assert "clearance_submitted" not in done and "papers_submitted" in done


def test_a_complete_congress_has_its_chain_done_with_who_and_when():
    world = congress_at("complete")
    rows = {one.key: one for one in world.congress.milestones.all()}

    for key in ("papers_submitted", "papers_approved", "cleared", "held", "reported", "ratified", "dossier"):
        assert rows[key].done_on is not None and rows[key].done_by_id is not None, key
    assert rows["held"].done_on == HELD_ON
    assert rows["cleared"].done_on < HELD_ON < rows["ratified"].done_on


def test_by_hand_only_what_the_software_cannot_see_and_not_tomorrow(congress, secretary):
    with pytest.raises(InvalidInput):
        timeline.mark_done(row(congress, "cleared").pk, on=NOW.date(), actor=secretary, at=NOW)
    with pytest.raises(InvalidInput):
        timeline.mark_done(row(congress, "comments").pk, on=date(2022, 5, 24), actor=secretary, at=NOW)
    client = as_user(secretary)

    client.post(
        reverse("congress:milestone_done", args=[row(congress, "comments").pk]),
        {"on": "20/5/2022", "note": "Họp chi bộ"},
    )
    marked = row(congress, "comments")
    client.post(reverse("congress:milestone_undone", args=[marked.pk]))

    assert (marked.done_on, marked.done_by, marked.note) == (date(2022, 5, 20), secretary, "Họp chi bộ")
    assert row(congress, "comments").done_on is None
    with pytest.raises(NotAllowed):
        timeline.mark_done(marked.pk, on=NOW.date(), actor=make_user(Role.MEMBER, congress.organization), at=NOW)


# ---- judged before it is saved ----


@pytest.mark.parametrize(
    ("key", "day", "expected"),
    [
        pytest.param("held", date(2022, 7, 6), [], id="within the window"),
        pytest.param("held", date(2022, 7, 18), ["W901"], id="after the window"),
        pytest.param("held", date(2022, 6, 3), ["W901"], id="before the window"),
        pytest.param("held", date(2022, 7, 2), ["W903"], id="on a Saturday"),
        pytest.param("papers_submitted", date(2022, 6, 13), ["W902"], id="after the committee's deadline"),
        pytest.param("reported", date(2022, 7, 11), ["F902"], id="reported on the eighth working day"),
        pytest.param("cleared", date(2022, 6, 30), ["F901", "W904", "W904"], id="cleared after the congress"),
    ],
)
def test_which_rule_a_day_breaks(congress, key, day, expected):
    assert codes(congress, key, day) == expected


def test_what_the_rules_forbid_is_not_saved_and_warnings_are_seen_first(congress, secretary):
    held, reported = row(congress, "held"), row(congress, "reported")
    client = as_user(secretary)
    address = reverse("congress:milestone_day", args=[held.pk])

    preview = client.get(address, {"ngay": "2022-07-18"})
    unseen = client.post(address, {"day": "18/7/2022"})
    with pytest.raises(InvalidInput):
        timeline.set_day(reported.pk, day=date(2022, 7, 11), actor=secretary, at=NOW, accepted=["F902"])
    assert Congress.objects.get(pk=congress.pk).planned_for == at(HELD_ON, 14)
    seen = client.post(address, {"day": "18/7/2022", "seen": ["W901"], "seen_for": "2022-07-18"})

    assert "sau ngày chậm nhất 15/7/2022" in preview.content.decode()
    assert "Đề nghị làm khác kế hoạch" in preview.content.decode()
    assert (unseen.status_code, seen.status_code) == (422, 302)
    assert "sau ngày chậm nhất 15/7/2022" in unseen.content.decode()
    assert Congress.objects.get(pk=congress.pk).planned_for == at(date(2022, 7, 18), 14)


def test_what_is_no_day_is_said_at_the_field(congress, secretary):
    answer = as_user(secretary).post(
        reverse("congress:milestone_day", args=[row(congress, "drafts").pk]), {"day": "mai"}
    )

    assert answer.status_code == 422
    assert "Ghi ngày theo dạng" in answer.content.decode()


def test_a_tighter_plan_above_counts_even_where_the_own_plan_is_looser(tree, approver):
    higher = make_plan(tree.bloc, number=44, issued_on=date(2022, 4, 22), coverage="guiding", deadlines=DEADLINES)
    make_plan(tree.committee, approver=approver, based_on_id=higher.pk, deadlines={"window_closes": date(2022, 7, 14)})
    make_plan(
        tree.bloc, number=45, issued_on=date(2022, 5, 20), coverage="guiding", amends_ids=[higher.pk],
        deadlines={"window_closes": date(2022, 7, 8)}, subject="sửa đổi",
    )  # fmt: skip
    congress = Congress.objects.get(organization=tree.branch)

    (found,) = judged(congress, "held", date(2022, 7, 11))

    assert found.finding.code == "W901" and "45-KH/ĐUK" in found.finding.message


def test_a_representative_with_two_congresses_in_one_half_day_is_seen(congress, tree, approver):
    member = make_member(tree.branch, "Phạm Văn Duyệt")
    other = Congress.objects.exclude(pk=congress.pk).get()
    for one in (congress, other):
        Representation.objects.create(congress=one, member=member, assigned_by=approver, assigned_at=NOW)

    same = [one.finding.message for one in judged(congress, "held", HELD_ON)]
    Congress.objects.filter(pk=other.pk).update(planned_for=at(HELD_ON, 8))

    assert len(same) == 1 and "Phạm Văn Duyệt" in same[0] and other.organization.name in same[0]
    assert codes(congress, "held", HELD_ON) == []


def test_the_page_shows_who_what_when_and_a_picture_with_its_table(congress, secretary, tree):
    shown = as_user(secretary).get(reverse("congress:timeline", args=[congress.pk])).content.decode()
    member = as_user(make_user(Role.MEMBER, tree.branch)).get(reverse("congress:timeline", args=[congress.pk]))

    for words in ("Trình dự thảo văn kiện", tree.committee.committee, "data-bar", "Xem bảng số liệu", "Đổi ngày"):
        assert words in shown
    assert member.status_code == 200
    assert "data-bar" not in member.content.decode() and "Đổi ngày" not in member.content.decode()


def test_a_complete_dossier_ends_the_timeline():
    world = congress_at("complete")
    milestone = world.congress.milestones.get(key="studied")

    with pytest.raises(IllegalTransition):
        timeline.set_day(milestone.pk, day=HELD_ON, actor=world.secretary, at=world.congress.state_since)


# ---- asking to deviate ----


def ask(congress: Congress, user: User, day: date = date(2022, 7, 20)):
    return deviations.ask(
        congress.pk, rule="window:held", wanted_on=day, letter="Kính đề nghị (ngày đề nghị)", actor=user, at=NOW
    )


def test_the_letter_is_written_already_and_names_what_is_broken(congress, secretary, approver, tree):
    client = as_user(secretary)
    address = reverse("congress:ask_deviation", args=[congress.pk])

    shown = client.get(address, {"buoc": "held", "ngay": "2022-07-20"}).content.decode()
    answer = client.post(
        address, {"rule": "window:held", "wanted_on": "20/7/2022", "letter": "Kính gửi Đảng ủy: 20/7/2022"}
    )

    deviation = congress.deviations.get()
    for words in (tree.committee.committee, "22-KH/ĐU", "20/7/2022", "15/7/2022"):
        assert words in shown
    assert answer.status_code == 302
    assert (deviation.rule, deviation.wanted_on, deviation.asked_by) == ("window:held", date(2022, 7, 20), secretary)
    home = as_user(approver).get(reverse("home")).content.decode()
    assert f"Trả lời đề nghị làm khác kế hoạch của {tree.branch.name}" in home


def test_the_letter_goes_with_its_reason_and_the_day_asked_for(congress, secretary, approver, tree):
    plan = congress.plan
    make_plan(
        tree.committee, number=31, approver=approver, issued_on=date(2022, 5, 20), coverage="guiding",
        amends_ids=[plan.pk], deadlines={"window_closes": date(2022, 7, 8)}, subject="sửa đổi",
    )  # fmt: skip
    client, address = as_user(secretary), reverse("congress:ask_deviation", args=[congress.pk])
    written = client.get(address).context["form"].initial["letter"]
    reasoned = written.replace(written[written.index("(ghi rõ") : written.index("đột xuất)") + 9], "bí thư đi công tác")
    given = {"rule": "window:held", "wanted_on": "30/8/2022"}

    bracket = client.post(address, given | {"letter": written})
    other = client.post(address, given | {"letter": reasoned.replace("(ngày đề nghị)", "29/06/2022")})
    sent = client.post(address, given | {"letter": reasoned})

    assert "22-KH/ĐU" in written and "31-KH/ĐU ngày 20/5/2022" in written and "29/6/2022" not in written
    assert (bracket.status_code, other.status_code, sent.status_code) == (422, 422, 302)
    assert "Thư còn chỗ “(ghi rõ lý do…)”" in bracket.content.decode()
    assert "Thư chưa nêu ngày đề nghị 30/8/2022" in other.content.decode()
    assert "vào ngày 30/8/2022." in congress.deviations.get().letter
    for day in ("30/8/2022", "30/08/2022", "30-8-2022", "ngày 30 tháng 8 năm 2022"):
        assert names_day(f"dời sang {day}, mong", date(2022, 8, 30)), day
    assert not names_day("dời sang 3/8/2022", date(2022, 8, 30))


def test_a_granted_deviation_sets_the_finding_aside_and_is_cited(congress, secretary, approver):
    deviation = ask(congress, secretary)
    waiting = judged(congress, "held", date(2022, 7, 20))
    deviations.answer(deviation.pk, granted=True, reasons="", actor=approver, at=NOW)

    (found,) = judged(congress, "held", date(2022, 7, 20))
    timeline.set_day(row(congress, "held").pk, day=date(2022, 7, 20), actor=secretary, at=NOW)

    assert waiting[0].pending == deviation and not waiting[0].may_deviate
    assert found.granted == deviation
    assert judged(congress, "held", date(2022, 7, 19))[0].granted == deviation
    assert judged(congress, "held", date(2022, 7, 21))[0].granted is None
    congress.refresh_from_db()
    assert queries.outside_window(congress) == ""
    shown = as_user(secretary).get(reverse("congress:timeline", args=[congress.pk])).content.decode()
    assert "đồng ý ngày" in shown
    assert list(AuditEvent.objects.order_by("-sequence").values_list("action", flat=True)[:3]) == [
        "congress.details_set", "deviation.granted", "deviation.asked",
    ]  # fmt: skip


def test_a_refusal_gives_reasons_and_sets_nothing_aside(congress, secretary, approver):
    deviation = ask(congress, secretary)
    client = as_user(approver)
    address = reverse("congress:answer_deviation", args=[deviation.pk])

    silent = client.post(address, {"granted": "no", "reasons": ""})
    client.post(address, {"granted": "no", "reasons": "Còn đủ thời gian."})

    deviation.refresh_from_db()
    assert silent.status_code == 422
    assert (deviation.answer, deviation.reasons, deviation.answered_by) == ("refused", "Còn đủ thời gian.", approver)
    assert judged(congress, "held", date(2022, 7, 20))[0].granted is None
    assert (
        "Còn đủ thời gian."
        in as_user(secretary).get(reverse("congress:deviation", args=[deviation.pk])).content.decode()
    )
    with pytest.raises(IllegalTransition):
        deviations.answer(deviation.pk, granted=True, reasons="", actor=approver, at=NOW)


def test_who_asks_does_not_answer_and_one_request_waits_at_a_time(congress, secretary, approver, tree):
    both = make_user(Role.APPROVER, tree.committee)
    give_role(both, Role.SECRETARY, tree.branch)
    deviation = ask(congress, both)

    with pytest.raises(NotAllowed):
        deviations.answer(deviation.pk, granted=True, reasons="", actor=both, at=NOW)
    with pytest.raises(NotAllowed):
        deviations.answer(deviation.pk, granted=True, reasons="", actor=secretary, at=NOW)
    with pytest.raises(InvalidInput):
        ask(congress, secretary)
    deviations.withdraw(deviation.pk, actor=secretary, at=NOW)
    again = ask(congress, secretary)

    assert again.answer == "pending"
    with pytest.raises(InvalidInput):
        deviations.ask(congress.pk, rule="order:held", wanted_on=HELD_ON, letter="x", actor=secretary, at=NOW)


# ---- holidays ----


def test_a_new_holiday_counts_the_timelines_around_it_again(congress, secretary):
    admin, root = make_admin(), make_organization().parent or congress.organization
    place = admin.assignments.get().organization
    before = row(congress, "cleared").due_on
    given = {"name": "Nghỉ (bịa)", "is_working": False, "source": "", "actor": admin, "at": NOW}

    holidays.keep_holiday(place.pk, day=date(2022, 6, 22), **given)
    with_holiday = row(congress, "cleared").due_on
    holidays.drop_holiday(place.pk, day=date(2022, 6, 22), actor=admin, at=NOW)

    assert (before, with_holiday, row(congress, "cleared").due_on) == (date(2022, 6, 20), date(2022, 6, 17), before)
    with pytest.raises(NotAllowed):
        holidays.keep_holiday(congress.organization_id, day=HELD_ON, **(given | {"actor": secretary}))
    with pytest.raises(InvalidInput):
        holidays.drop_holiday(place.pk, day=HELD_ON, actor=admin, at=NOW)
    assert root is not None


def test_the_holiday_page_is_kept_by_the_administrator_and_warns_of_years_it_does_not_know(tree, secretary):
    admin = make_admin()
    place = admin.assignments.get().organization
    client = as_user(admin)

    answer = client.post(
        reverse("congress:keep_holiday", args=[place.pk]),
        {"day": "4/9/2032", "name": "Làm bù Quốc khánh", "is_working": "on", "source": "Thông báo (bịa)"},
    )
    sunday = client.post(reverse("congress:keep_holiday", args=[place.pk]), {"day": "5/9/2032", "name": "Nghỉ"})
    shown = client.get(reverse("congress:holidays"), {"nam": "2032"}).content.decode()
    reader = as_user(secretary).get(reverse("congress:holidays"), {"nam": "2022"}).content.decode()
    Holiday.objects.all().delete()
    bare = client.get(reverse("congress:holidays")).content.decode()

    assert (answer.status_code, sunday.status_code) == (302, 422)
    assert "Làm bù Quốc khánh" in shown and "Bỏ" in shown
    assert "Tết Nguyên đán" in reader and "Ghi ngày nghỉ" not in reader
    assert "Bảng chưa có năm" in bare


# ---- the day of the congress: who sets it, and what follows once it is cleared ----


def test_who_may_not_move_the_congress_sees_no_link_for_it_and_is_told_once(congress, tree, secretary):
    address = reverse("congress:timeline", args=[congress.pk])
    link = reverse("congress:milestone_day", args=[row(congress, "held").pk])
    other = reverse("congress:milestone_day", args=[row(congress, "drafts").pk])
    staff = as_user(make_user(Role.COMMITTEE_STAFF, tree.committee))

    above, own = (client.get(address).content.decode() for client in (staff, as_user(secretary)))
    Congress.objects.filter(pk=congress.pk).update(state="submitted")
    submitted = as_user(secretary).get(address).content.decode()

    told = "Ngày đại hội do bí thư, thư ký của chi bộ đặt"
    assert (link in above, other in above, above.count(told)) == (False, True, 1)
    assert (link in own, other in own, told in own) == (True, True, False)
    assert (link in submitted, submitted.count("rút hồ sơ trình duyệt trước")) == (False, 1)


def test_the_timeline_has_a_tab_of_its_own_and_a_meeting_none(congress, secretary):
    page = as_user(secretary).get(reverse("congress:detail", args=[congress.pk])).content.decode()
    Congress.objects.filter(pk=congress.pk).update(kind="meeting")
    meeting = as_user(secretary).get(reverse("congress:detail", args=[congress.pk])).content.decode()
    tab = f'<a href="{reverse("congress:timeline", args=[congress.pk])}">Lộ trình</a>'

    assert tab in page and tab not in meeting


def test_moving_a_cleared_congress_is_warned_of_told_above_and_recorded():
    world = congress_at("cleared")
    congress = world.congress
    held, day = row(congress, "held"), timezone.localdate(congress.planned_for) + timedelta(days=1)
    reminders = Reminder.objects.filter(user__in=[world.staff, world.approver], level="notice")
    client = as_user(world.secretary)

    with pytest.raises(InvalidInput) as refused:
        timeline.set_day(held.pk, day=day, actor=world.secretary, at=world.when(-5))
    asked = client.get(reverse("congress:milestone_day", args=[held.pk]), {"ngay": day.isoformat()}).content.decode()
    timeline.set_day(held.pk, day=day, actor=world.secretary, at=world.when(-5), accepted=CODES)
    first = list(reminders.values_list("user_id", flat=True))
    timeline.set_day(held.pk, day=day, actor=world.secretary, at=world.when(-5), accepted=CODES)

    assert "đã duyệt đại hội vào ngày" in str(refused.value) and "đã duyệt đại hội vào ngày" in asked
    assert (
        sorted(first)
        == sorted([world.staff.pk, world.approver.pk])
        == sorted(reminders.values_list("user_id", flat=True))
    )
    one = reminders.first()
    assert one is not None and "đã đổi thời gian sau khi được duyệt" in one.sentence
    assert not any(char.isdigit() for char in one.sentence.replace(congress.name, "").replace(world.branch.name, ""))
    recorded = AuditEvent.objects.get(action="congress.moved_after_clearance")
    assert recorded.details["new"].endswith(f"ngày {day.day}/{day.month}/{day.year}")


def test_a_cleared_day_is_asked_about_until_it_stands_again_and_keeps_its_hour():
    world = congress_at("cleared")
    congress, cleared = world.congress, timezone.localtime(world.congress.planned_for)
    address, client = reverse("congress:milestone_day", args=[row(congress, "held").pk]), as_user(world.secretary)
    second, third = (cleared.date() + timedelta(days=number) for number in (1, 2))
    agreed = f"{cleared.day}/{cleared.month}/{cleared.year}"

    def typed(day: date | None) -> dict[str, str]:
        return {"day": f"{day:%d/%m/%Y}" if day else ""}

    def stored() -> object:
        congress.refresh_from_db()
        return congress.planned_for and timezone.localtime(congress.planned_for)

    def asked(day: date | None, **seen: object) -> str:
        before = stored()
        answer = client.post(address, typed(day) | seen)
        assert answer.status_code == 422 and stored() == before
        return answer.content.decode()

    def saved(day: date | None) -> object:
        shown_for = day.isoformat() if day else ""
        codes = [code for code in CODES if code.startswith("W")]
        assert client.post(address, typed(day) | {"seen": codes, "seen_for": shown_for}).status_code == 302
        return stored()

    assert f"đã duyệt đại hội vào ngày {agreed}; để trống" in asked(None)
    assert "Vẫn bỏ ngày đại hội" in asked(None, seen=["W907"], seen_for=second.isoformat())
    assert saved(None) is None
    assert f"đã duyệt đại hội vào ngày {agreed}" in asked(second)
    assert saved(second) == cleared + timedelta(days=1)
    assert f"đã duyệt đại hội vào ngày {agreed}" in asked(third, seen=["W907"], seen_for=second.isoformat())
    assert codes(congress, "held", cleared.date()).count("W907") == 0
    given = congress.clearances.get(outcome="cleared")
    assert timezone.localtime(given.cleared_for) == cleared


def test_the_form_of_details_asks_before_a_cleared_day_is_moved():
    world = congress_at("cleared")
    address, client = reverse("congress:details", args=[world.congress_id]), as_user(world.secretary)
    day = timezone.localdate(world.congress.planned_for) + timedelta(days=1)
    shown = client.get(address)
    form = shown.context["form"]
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    values = {name: value for name, value in values.items() if value not in (None, "", False)}
    values |= {"day": f"{day:%d/%m/%Y}", "clock": "14:00"}

    refused = client.post(address, values)
    moved = client.post(address, values | {"moves_cleared": "on"}, follow=True)

    again = client.get(address)
    assert f"đã duyệt ngày {(day - timedelta(days=1)).day}/" in again.content.decode()
    kept = values | {"version": again.context["form"]["version"].value(), "place": "Hội trường B"}
    assert client.post(address, kept).status_code == 302
    assert "đã duyệt ngày" in shown.content.decode()
    assert refused.status_code == 422 and "khác ngày cấp trên đã duyệt" in refused.content.decode()
    assert f"Đã báo tin đổi ngày cho {world.committee.committee}" in moved.content.decode()
    assert timezone.localdate(world.congress.planned_for) == day
