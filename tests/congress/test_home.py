"""Việc cần làm: each person sees what only they can do next, in the role they act in."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.acting import SESSION_KEY
from accounts.models import User
from accounts.roles import Role
from congress import duties
from congress.models import Congress
from congress.services import plans, preparing
from documents.services import drafts, minutes
from elections.services import ratifying
from tests.factories import START, at, congress_at, give_role, make_plan, make_tree, make_user

pytestmark = pytest.mark.django_db


def duties_of(user: User) -> list[str]:
    return [duty.sentence for duty in duties.of(User.objects.get(pk=user.pk))]


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


BRANCH = "Chi bộ"


@pytest.mark.parametrize(
    ("stage", "who", "beginning"),
    [
        pytest.param("preparing", "secretary", "Chưa ghi thời gian, địa điểm đại hội", id="begin preparing"),
        pytest.param("preparing", "clerk", "Chưa ghi thời gian, địa điểm đại hội", id="the clerk prepares, too"),
        pytest.param("preparing", "drafter", "Soạn báo cáo chính trị", id="the drafter writes"),
        pytest.param("submitted", "approver", "Xem xét hồ sơ trình duyệt đại hội", id="clear"),
        pytest.param("submitted", "staff", "Cho ý kiến 3 văn kiện", id="give an opinion"),
        pytest.param("cleared", "secretary", "Chưa lập các cuộc bầu", id="make the slates"),
        pytest.param("sitting", "secretary", "Bầu bí thư chưa kết thúc", id="bring the election to its end"),
        pytest.param("slate_fixed", "teller", "Ghi sổ phiếu, kiểm phiếu", id="keep the ledger"),
        pytest.param("counting", "teller", "Nhập kết quả kiểm phiếu", id="count"),
        pytest.param("counted", "head_teller", "Xác nhận, niêm phong kết quả", id="seal"),
        pytest.param("closed", "secretary", "Chưa lập biên bản đại hội", id="write the minutes"),
        pytest.param("reported", "approver", "Xem xét chuẩn y kết quả bầu cử", id="ratify"),
        pytest.param("ratified", "secretary", "", id="complete the dossier"),
    ],
)
def test_whose_turn_it_is_sees_it(stage, who, beginning):
    world = congress_at(stage)

    found = duties_of(getattr(world, who))

    assert found, f"{who} has nothing to do at {stage}"
    assert any(sentence.startswith(beginning) for sentence in found)


@pytest.mark.parametrize(
    ("stage", "who"),
    [
        pytest.param("preparing", "teller", id="nothing to count yet"),
        pytest.param("preparing", "member_user", id="a member has no duties"),
        pytest.param("preparing", "approver", id="nothing was submitted"),
        pytest.param("submitted", "secretary", id="the ball is with the committee"),
        pytest.param("slate_fixed", "head_teller", id="the head teller keeps no ledger"),
        pytest.param("counted", "teller", id="the count is entered"),
        pytest.param("closed", "drafter", id="no drafts after the closing"),
        pytest.param("reported", "secretary", id="the dossier is with the committee"),
        pytest.param("reported", "outsider", id="another branch"),
    ],
)
def test_whose_turn_it_is_not_sees_none_of_it(stage, who):
    world = congress_at(stage)

    assert duties_of(getattr(world, who)) == []


def test_a_plan_waits_for_the_approver_of_its_own_committee():
    tree = make_tree()
    staff, approver = make_user(Role.COMMITTEE_STAFF, tree.committee), make_user(Role.APPROVER, tree.committee)
    higher = make_user(Role.APPROVER, tree.bloc)
    plans.draft_plan(tree.committee.pk, subject="về đại hội chi bộ", term_label="2022-2025", actor=staff, at=START)

    assert duties_of(approver) == ["Ban hành kế hoạch về đại hội chi bộ"]
    assert duties_of(higher) == []


def test_a_clerk_is_not_asked_to_submit():
    world = congress_at("preparing")
    world.fill_details()
    world.prepare_papers()

    assert duties_of(world.secretary) == ["Trình cấp ủy duyệt đại hội"]
    assert duties_of(world.clerk) == []


def test_a_draft_sent_back_is_named_once():
    world = congress_at("submitted")
    preparing.return_for_changes(world.congress_id, reasons="Sửa văn kiện", actor=world.approver, at=world.when(-14))
    document = world.congress.documents.first()
    drafts.request_changes(document.pk, reasons="Bổ sung số liệu", actor=world.approver, at=world.when(-14))

    assert duties_of(world.secretary) == ["Sửa báo cáo chính trị theo ý kiến"]
    assert duties_of(world.drafter) == ["Sửa báo cáo chính trị theo ý kiến"]


def test_staff_who_gave_their_opinion_are_done():
    world = congress_at("submitted")
    for document in world.congress.documents.all():
        drafts.comment(document.pk, section="I", text="Đồng ý", weight="should", actor=world.staff, at=world.when(-14))

    assert duties_of(world.staff) == []


def test_who_submitted_is_not_asked_to_ratify():
    world = congress_at("closed")
    minutes.issue_congress_minutes(world.congress_id, actor=world.secretary, at=world.when(0, 17))
    give_role(world.secretary, Role.APPROVER, world.committee)
    ratifying.report_results(world.congress_id, actor=world.secretary, at=world.when(2))

    assert duties_of(world.secretary) == []
    assert duties_of(world.approver) != []


def test_the_result_is_reported_within_seven_working_days():
    world = congress_at("closed")
    minutes.issue_congress_minutes(world.congress_id, actor=world.secretary, at=world.when(0, 17))

    duty = duties.of(User.objects.get(pk=world.secretary.pk))[0]

    assert (duty.sentence, duty.due_on) == ("Trình đề nghị chuẩn y kết quả bầu cử", date(2022, 7, 8))
    assert duties_of(world.clerk) == []


def test_branches_without_a_secretary_are_one_duty_of_the_staff():
    tree = make_tree(branches=3)
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)
    make_plan(tree.committee)
    make_user(Role.SECRETARY, tree.branch)

    assert duties_of(staff) == ["Mở tài khoản cho bí thư của 2 chi bộ"]
    assert "Mở tài khoản cho bí thư của 2 chi bộ" in duties_of(tree.admin)


def test_acting_in_one_role_shows_its_duties_only():
    world = congress_at("slate_fixed")
    give_role(world.teller, Role.SECRETARY, world.branch)
    client = as_user(world.teller)
    both = client.get(reverse("home")).context["count"]
    session = client.session
    session[SESSION_KEY] = world.teller.assignments.get(role=Role.TELLER).pk
    session.save()

    page = client.get(reverse("home"))

    assert (both, page.context["count"]) == (2, 1)
    assert "Ghi sổ phiếu, kiểm phiếu" in page.content.decode()


# ---- the page ----


@pytest.mark.parametrize("who", ["staff", "approver", "secretary", "clerk", "drafter", "teller", "member_user"])
@pytest.mark.parametrize("stage", ["preparing", "submitted", "counted", "closed", "reported"])
def test_home_answers_everybody_at_every_step(stage, who):
    world = congress_at(stage)

    assert as_user(getattr(world, who)).get(reverse("home")).status_code == 200


def test_the_branch_sees_its_stations_and_who_holds_the_ball():
    world = congress_at("submitted")

    page = as_user(world.secretary).get(reverse("home")).content.decode()

    assert "Đồng chí không còn việc nào phải làm" in page
    assert "Đảng ủy Sở Công Thương đang xem xét hồ sơ trình duyệt" in page
    assert 'aria-current="step"' in page


def test_the_committee_sees_its_progress():
    world = congress_at("closed")

    page = as_user(world.staff).get(reverse("home")).content.decode()

    assert "1/1 chi bộ đã đại hội" in page


def test_somebody_without_a_role_is_told_whom_to_ask():
    page = as_user(make_user()).get(reverse("home")).content.decode()

    assert "Đồng chí chưa được giao vai trò nào" in page


def test_more_congresses_cost_no_more_queries(django_assert_max_num_queries):
    def world(branches: int) -> tuple[Client, Client]:
        tree = make_tree(branches=branches)
        approver = make_user(Role.APPROVER, tree.committee)
        staff = make_user(Role.COMMITTEE_STAFF, tree.committee)
        plan = make_plan(tree.committee, staff=staff, approver=approver, deadlines={"clearance": date(2022, 6, 1)})
        for congress in Congress.objects.filter(plan=plan):
            secretary = make_user(Role.SECRETARY, congress.organization)
            congress.clearances.create(number=1, submitted_by=secretary, submitted_at=at(date(2022, 6, 1)))
        Congress.objects.filter(plan=plan).update(state="submitted")
        clients = as_user(approver), as_user(staff)
        for client in clients:
            client.get(reverse("home"))
        return clients

    for few, many in zip(world(1), world(12), strict=True):
        with django_assert_max_num_queries(30) as small:
            few.get(reverse("home"))
        with django_assert_max_num_queries(len(small)):
            many.get(reverse("home"))
