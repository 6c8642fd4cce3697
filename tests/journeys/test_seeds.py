"""The five stories say what their texts say, and nothing about real people beyond that."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from accounts import audit
from accounts import services as account_services
from accounts.errors import InvalidInput
from accounts.models import AuditEvent, User
from congress import duties
from congress.models import Congress, Following, Plan, Proceeding
from congress.queries import held_by_day, progress_of
from congress.services import guidance, plans
from documents.models import IssuedPaper
from elections import queries as election_queries
from elections.models import SealedResult
from elections.stories import lang_son, thanh_hoa
from elections.stories.branch import Branch
from elections.stories.demo import USERNAMES
from elections.stories.demo import accounts as demo_accounts
from elections.stories.player import Player, Story, hour
from organizations.models import Member, Organization
from organizations.queries import members_of_committee
from tests.journeys.telling import tell

pytestmark = [pytest.mark.usefixtures("told"), pytest.mark.embedded]
Told = dict[str, dict[str, Any]]

NAMED_IN_THE_TEXTS = {
    "Lê Huy Tuấn",
    "Nguyễn Thị Huyền",
    "Phạm Bá Oai",
    "Ngô Minh Liên",
    "Nguyễn Sỹ Chín",
    "Nguyễn Trọng Thức",
    "Trần Quang Kháng",
    "Nguyễn Hoàng Tùng",
    "Bùi Thanh Tú",
    "Nông Văn Vịnh",
    "Ngô Quang Trung",
}


def congress_of(name: str, term: str = "2022-2025") -> Congress:
    return Congress.objects.get(organization__name=name, term_label=term)


def elected(congress: Congress, office: str) -> list[tuple[str, str]]:
    people = election_queries.elected_by_office(congress)[office]
    return [(one.member.full_name, f"{one.votes}/{one.base}") for one in people]


# 000 – Thanh Hóa


def test_six_members_without_chi_uy_elect_le_huy_tuan_by_all_votes() -> None:
    congress = congress_of("Chi bộ phòng Kế hoạch - Tài chính - Tổng hợp")

    assert congress.name.endswith("lần thứ VII, nhiệm kỳ 2022-2025")
    assert (congress.held_on, congress.state) == (date(2022, 6, 29), "complete")
    assert timezone.localtime(congress.opened_at).hour >= 13
    assert congress.attendances.filter(is_official=True).count() == 6
    assert not congress.has_branch_committee
    assert elected(congress, "secretary") == [("Lê Huy Tuấn", "6/6")]
    assert list(congress.elections.values_list("office", flat=True)) == ["secretary"]


def test_the_plans_of_thanh_hoa_come_one_from_the_other_and_choose_two_pilots(told: Told) -> None:
    assert told["000"]["figures"]["plans"] == ["44-KH/ĐUK 2022-04-22", "22-KH/ĐU 2022-05-19"]
    assert Plan.objects.get(organization__code="TH-SCT", number=22).based_on.notation == "44-KH/ĐUK"
    assert told["000"]["figures"]["pilots"] == 2


def test_the_guests_and_the_guidance_of_the_pilot_are_in_its_minutes() -> None:
    congress = congress_of("Chi bộ phòng Kế hoạch - Tài chính - Tổng hợp")
    minutes = IssuedPaper.objects.get(congress=congress, code="F-11").data

    assert [guest["name"] for guest in minutes["guests"]][:2] == ["Nguyễn Thị Huyền", "Phạm Bá Oai"]
    assert minutes["superior_speech"]["name"] == "Phạm Bá Oai"
    report = congress.documents.get(kind="political_report").versions.first()
    assert "1879-QĐ/ĐUK ngày 07/02/2022" in str(report.sections)


def test_the_lessons_of_the_pilot_are_guidance_for_the_other_branches() -> None:
    meeting = Organization.objects.get(code="TH-SCT").guidance.get(notation=thanh_hoa.MEETING)

    assert "cần chốt số lượng, danh sách bầu cử" in meeting.body


def test_work_is_shared_out_and_lessons_are_on_their_way_where_a_visitor_tries_them() -> None:
    own = Organization.objects.get(code="TH-SCT")
    lessons = own.guidance.get(notation=thanh_hoa.LESSONS_LETTER)
    seats = {
        code: members_of_committee(Organization.objects.get(code=code), on=date(2022, 7, 21)).count()
        for code in ("TH-SCT", "LS-K", "LS-04")
    }

    assert seats == {"TH-SCT": 5, "LS-K": 9, "LS-04": 3}
    assert own.subcommittees.get().memberships.count() == 3
    assert Following.objects.filter(committee=own, ends_on=None).count() == 3
    assert (lessons.receipts.count(), lessons.receipts.exclude(read_at=None).count()) == (8, 5)
    assert {one.done.count() for one in lessons.lessons.all()} == {5}


def test_a_dang_uy_of_lang_son_may_tighten_the_day_of_the_khoi_and_not_loosen_it() -> None:
    """By accounts that a visitor has."""
    place = Organization.objects.get(code="LS-04").pk
    staff, approver = (User.objects.get(username=f"ls-04.{who}") for who in ("chuyenvien", "duyet"))
    common = {"subject": "Đại hội chi bộ (thử)", "term_label": "2022-2025", "at": hour(date(2022, 6, 1))}
    common |= {"based_on_id": Plan.objects.get(organization__code="LS-K").pk, "actor": staff}

    with pytest.raises(InvalidInput) as refused:
        plans.draft_plan(place, deadlines={"window_closes": date(2022, 6, 29)}, **common)
    assert "28/6/2022" in " ".join(refused.value.fields["window_closes"])
    plan = plans.draft_plan(place, deadlines={"window_closes": date(2022, 6, 27)}, **common)
    plans.issue_plan(plan.pk, number=1, issued_on=date(2022, 6, 1), actor=approver, at=hour(date(2022, 6, 1)))


def test_thanh_hoa_has_a_branch_in_every_state_that_gives_somebody_work(told: Told) -> None:
    assert set(told["000"]["congresses"]) == {"preparing", "submitted", "cleared", "sitting", "reported", "complete"}


# 001 – Thái Bình


def test_twelve_of_twelve_met_from_16_january_to_3_may_2020(told: Told) -> None:
    figures = told["001"]["figures"]

    assert (figures["held"], figures["first_day"], figures["last_day"]) == ("12/12", "2020-01-16", "2020-05-03")
    assert figures["one_ballot_each"]
    assert elected(congress_of("Chi bộ XNK - HNKT", "2020-2022"), "secretary")[0][0] == "Ngô Minh Liên"


def test_plan_12_amends_plans_10_and_11(told: Told) -> None:
    figures = told["001"]["figures"]

    assert figures["plans"] == [
        "78-KH/ĐUK 2019-11-08",
        "10-KH/ĐU 2019-11-28",
        "11-KH/ĐU 2019-11-28",
        "12-KH/ĐU 2020-03-12",
    ]
    assert figures["amended_by_12"] == ["10-KH/ĐU", "11-KH/ĐU"]
    assert figures["guidance"] == ["09-HD/BTCĐUK ngày 12/03/2020"]


def test_three_tieu_ban_prepare_the_fourth_congress_with_a_surplus_of_18_18_percent(told: Told) -> None:
    figures = told["001"]["figures"]
    own = congress_of("Đảng bộ Sở Công Thương Thái Bình", "2020-2025")

    assert (figures["tieu_ban"], figures["helpers"]) == (3, ["Tổ giúp việc", "Tổ biên tập"])
    assert figures["surplus"] == "18,18%"
    assert own.name.endswith("lần thứ IV, nhiệm kỳ 2020-2025")
    assert (own.state, timezone.localdate(own.planned_for)) == ("preparing", date(2020, 5, 28))
    personnel = own.documents.get(kind="personnel_plan")
    assert personnel.state == "approved"
    assert "18,18%" in str(personnel.approved_version.sections)


# 002 – Văn phòng Sở 2


def test_the_branch_split_off_in_2019_holds_its_first_congress_as_a_pilot() -> None:
    congress = congress_of("Chi bộ Văn phòng Sở 2", "2020-2022")
    origin = congress.organization.origins.get()

    assert "118-QĐ/ĐU" in origin.decision
    assert (origin.decided_on, origin.predecessor.name) == (date(2019, 2, 19), "Chi bộ Văn phòng Sở")
    assert (congress.held_on, congress.ordinal, congress.is_pilot) == (date(2020, 1, 16), 1, True)
    assert congress.plan.notation == "205-KH/ĐU"
    assert len(elected(congress, "branch_committee")) == 3
    assert elected(congress, "secretary")[0][0] == "Nguyễn Trọng Thức"
    assert elected(congress, "deputy_secretary")[0][0] == "Trần Quang Kháng"
    assert congress.proceedings.filter(kind="guest", person="Nguyễn Sỹ Chín").exists()
    resolution = congress.documents.get(kind="resolution").versions.first()
    assert "trên 95% đảng viên hoàn thành tốt nhiệm vụ" in str(resolution.sections)


# 003 – Lạng Sơn


def test_38_of_261_had_met_on_30_may_2022(told: Told) -> None:
    figures = told["003"]["figures"]
    congresses = Congress.objects.filter(organization__code__startswith="LS-")

    assert (figures["committees"], figures["branches"], figures["held"]) == (36, 261, "38/261")
    assert progress_of(congresses).held == 38
    assert held_by_day(congresses)[-1] == (date(2022, 5, 30), 38)
    assert figures["deadline"] == "2022-06-28"
    assert {"preparing", "submitted", "cleared", "closed", "reported", "ratified"} == set(told["003"]["congresses"])


def test_the_bloc_has_two_pilots_of_two_kinds_and_one_committee_its_own() -> None:
    pilots = Congress.objects.filter(is_pilot=True, organization__code__startswith="LS-").select_related("pilot_of")

    assert {(one.organization.name, one.organization.sector, one.pilot_of.code) for one in pilots} == {
        ("Chi bộ Trung tâm Kinh doanh", "enterprise", "LS-K"),
        ("Chi bộ III", "agency", "LS-K"),
        ("Chi bộ Kho bạc Nhà nước Hữu Lũng", "agency", "LS-03"),
    }
    assert elected(congress_of("Chi bộ Trung tâm Kinh doanh"), "deputy_secretary")[0][0] == "Bùi Thanh Tú"
    treasury = congress_of("Chi bộ Kho bạc Nhà nước Hữu Lũng")
    assert (treasury.held_on, elected(treasury, "secretary")[0][0]) == (date(2022, 5, 26), "Nông Văn Vịnh")


def test_the_letter_after_the_pilots_has_five_contents(told: Told) -> None:
    assert told["003"]["figures"]["letter"] == "684-CV/ĐUK ngày 23/05/2022"
    assert told["003"]["figures"]["letter_contents"] == 5


# 004 – Cục Công Thương địa phương


def test_six_branches_by_name_met_from_29_august_to_5_september_with_100_percent(told: Told) -> None:
    figures = told["004"]["figures"]
    names = set(Organization.objects.filter(parent__code="BCT-CTDP").values_list("name", flat=True))

    assert names == {
        "Chi bộ Quản lý khuyến công",
        "Chi bộ Phát triển tiểu thủ công nghiệp",
        "Chi bộ Kế hoạch - tổng hợp",
        "Chi bộ Văn phòng",
        "Chi bộ Quản lý cụm công nghiệp",
        "Chi bộ Trung tâm 1",
    }
    assert figures["plans"] == ["32-KH/ĐUB 2022-04-08", "99-KH/ĐUC 2022-06-29"]
    assert (figures["held"], figures["first_day"], figures["last_day"]) == ("6/6", "2022-08-29", "2022-09-05")
    assert figures["all_with_100_percent"]


# All of them


def test_every_congress_was_held_in_the_regime_of_its_year() -> None:
    assert set(Congress.objects.filter(opened_at__isnull=False).values_list("regime", flat=True)) == {"244-QĐ/TW"}
    assert {seal.sheet.case["regime"] for seal in SealedResult.objects.select_related("sheet")} == {"244-QĐ/TW"}
    assert set(IssuedPaper.objects.values_list("layout", flat=True)) == {"HD36_2018"}


def test_nobody_is_real_but_whom_a_text_names() -> None:
    real = set(Member.objects.filter(is_invented=False).values_list("full_name", flat=True))
    speaking = set(Proceeding.objects.values_list("person", flat=True))
    groups = {"Các đồng chí Ủy viên BCH Đảng bộ Sở, Bí thư các chi bộ, đảng bộ bộ phận"}

    assert real <= NAMED_IN_THE_TEXTS
    assert not Member.objects.filter(is_invented=True, full_name__in=NAMED_IN_THE_TEXTS).exists()
    assert {name for name in speaking - groups if "(bịa)" not in name} <= NAMED_IN_THE_TEXTS
    assert not User.objects.exclude(full_name__endswith="(bịa)").exists()
    signers = {paper.data["signature"]["name"] for paper in IssuedPaper.objects.filter(code="F-18")}
    assert all(name.endswith("(bịa)") for name in signers)


def test_of_a_real_person_nothing_is_kept_but_what_the_text_says() -> None:
    for member in Member.objects.filter(is_invented=False):
        assert (member.born_on, member.admitted_on, member.gender, member.user_id) == (None, None, "", None)


def test_every_act_is_on_record_at_its_own_hour_by_its_own_actor() -> None:
    events = list(AuditEvent.objects.order_by("sequence").values_list("at", "actor_id", "action"))

    assert [action for _, actor, action in events if actor is None] == [
        "organization.founded",
        "account.created",
        "role.granted",
    ]
    assert [at for at, _, _ in events] == sorted(at for at, _, _ in events)
    assert all(7 <= timezone.localtime(at).hour <= 19 for at, _, _ in events)
    assert audit.verify_chain() == []


def test_who_entered_a_count_did_not_seal_it_and_who_reported_did_not_ratify() -> None:
    assert len(set(AuditEvent.objects.filter(action="election.sealed").values_list("actor_id", flat=True))) > 50
    for congress in Congress.objects.filter(state="ratified").prefetch_related("ratifications"):
        (ratification,) = congress.ratifications.all()
        assert ratification.submitted_by_id != ratification.decided_by_id


def test_a_second_run_changes_nothing(told: Told) -> None:
    before = digest()

    assert tell() == told
    assert digest() == before


def test_what_people_did_since_is_left_alone_by_another_run() -> None:
    congress = congress_of(thanh_hoa.NAMES[thanh_hoa.EXTENSION])
    guidance.send_guidance(
        congress.authority.pk,
        notation="01-CV/ĐU",
        issued_on=date(2022, 9, 1),
        subject="Đôn đốc",
        term_label="2022-2025",
        body="",
        actor=User.objects.get(username=thanh_hoa.COMMITTEE.staff),
        at=hour(date(2022, 9, 1)),
    )
    before = digest()
    tell()

    assert digest() == before


def digest() -> str:
    """Of every row of every table."""
    content = hashlib.sha256()
    for model in apps.get_models():
        content.update(model._meta.label.encode())
        for row in model._default_manager.order_by("pk").values_list():
            content.update(repr(row).encode())
    return content.hexdigest()


# The demo accounts


def test_one_account_for_every_role_can_sign_in() -> None:
    roles = set()
    for one in demo_accounts():
        user = User.objects.get(username=one.username)
        assert user.check_password(one.password)
        assert not user.must_change_password
        roles |= set(user.assignments.values_list("role", flat=True))

    assert len(roles) == 8
    others = User.objects.exclude(username__in=[*USERNAMES, lang_son.PROVINCIAL.approver])
    assert not any(user.has_usable_password() for user in others)


def test_every_demo_account_but_the_members_has_work_to_do() -> None:
    idle = {one for one in USERNAMES if not duties.of(User.objects.get(username=one))}

    assert idle == {"chibo.dangvien", "chibo.truongban"}  # the head waits for the two who type


def test_the_table_of_demo_accounts_names_person_password_role_and_place() -> None:
    out = StringIO()
    call_command("demo_accounts", stdout=out)

    assert "chibo.bithu" in out.getvalue()
    assert "Bí thư chi bộ – Chi bộ phòng Quản lý thương mại (bịa)" in out.getvalue()


def test_a_password_that_was_changed_is_no_longer_shown() -> None:
    user = User.objects.get(username="chibo.bithu")
    account_services.change_password(user.pk, "cây đa bến nước sân đình", at=timezone.now())

    assert next(one.password for one in demo_accounts() if one.username == "chibo.bithu") == "(đã đổi)"


def test_visitors_carry_a_congress_of_today_from_plan_to_ratification() -> None:
    """By the demo accounts alone, under the rules now in force."""
    held_on = timezone.localdate() - timedelta(days=20)
    script = Branch(
        code=thanh_hoa.TRADE,
        committee=thanh_hoa.COMMITTEE,
        term="2025-2027",
        held_on=held_on,
        size=8,
        has_deputy=True,
        **thanh_hoa.DEMO,
    )
    player = Player()
    player.play([fresh_plans(player, held_on - timedelta(days=40)), script.story(player)])
    congress = congress_of(thanh_hoa.NAMES[thanh_hoa.TRADE], "2025-2027")

    assert (congress.state, congress.regime) == ("ratified", "190-QĐ/TW")
    assert congress.plan.based_on.organization.code == thanh_hoa.BLOC
    assert congress.papers.filter(code="F-18").exists()


def fresh_plans(player: Player, day: date) -> Story:
    yield hour(day)
    bloc, own = thanh_hoa.PROVINCIAL, thanh_hoa.COMMITTEE
    guiding = player.plan(bloc.code, thanh_hoa.NEXT)
    player.act(plans.issue_plan, guiding.pk, number=1, issued_on=day, by=bloc.approver)
    yield hour(day, 9)
    player.act(
        plans.draft_plan,
        player.organization(own.code).pk,
        subject="Đại hội chi bộ 2025-2027",
        term_label="2025-2027",
        based_on_id=guiding.pk,
        by=own.staff,
    )
    plan = player.plan(own.code, "Đại hội chi bộ 2025-2027")
    player.act(plans.issue_plan, plan.pk, number=1, issued_on=day, by=own.approver)
