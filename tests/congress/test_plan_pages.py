"""Pages of plans, subcommittees and guidance."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from accounts.roles import Role
from congress.models import Congress, Guidance, Plan
from congress.queries import deadlines_of, deadlines_of_plans
from congress.services import plans
from tests.factories import Tree, at, make_organization, make_plan, make_tree, make_user

pytestmark = pytest.mark.django_db

DRAFT = {
    "subject": "về tổ chức đại hội các chi bộ trực thuộc",
    "term_label": "2022-2025",
    "coverage": "branches",
    "basis": "Điều lệ Đảng\n\nQuyết định số 244-QĐ/TW",
    "papers": "10/6/2022",
    "window_closes": "30/7/2022",
}


@pytest.fixture
def tree() -> Tree:
    return make_tree(branches=2)


@pytest.fixture
def staff(tree: Tree) -> User:
    return make_user(Role.COMMITTEE_STAFF, tree.committee, full_name="Cao Thị Chuyên")


@pytest.fixture
def approver(tree: Tree) -> User:
    return make_user(Role.APPROVER, tree.committee, full_name="Phạm Văn Duyệt")


@pytest.fixture
def secretary(tree: Tree) -> User:
    return make_user(Role.SECRETARY, tree.branch)


@pytest.fixture
def draft(tree: Tree, staff: User) -> Plan:
    return plans.draft_plan(
        tree.committee.pk,
        subject="về đại hội chi bộ",
        term_label="2022-2025",
        deadlines={"window_closes": date(2022, 7, 30)},
        actor=staff,
        at=at(date(2022, 5, 1)),
    )


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"congress:{name}", args=args)


def last_actions(number: int) -> list[str]:
    return list(AuditEvent.objects.order_by("-sequence").values_list("action", flat=True)[:number])


# ---- who sees what ----


def test_a_secretary_reads_the_issued_plans_above_and_no_draft(tree, secretary, draft, staff, approver):
    issued = make_plan(tree.committee, staff=staff, approver=approver)
    client = as_user(secretary)

    page = client.get(url("plans")).content.decode()

    assert issued.notation in page and draft.subject not in page
    assert client.get(url("plan", issued.pk)).status_code == 200
    assert client.get(url("plan", draft.pk)).status_code == 404


def test_the_list_is_narrowed_by_term(tree, staff, approver):
    make_plan(tree.committee, number=22, staff=staff, approver=approver)
    make_plan(tree.committee, number=7, term_label="2025-2027", staff=staff, approver=approver)

    page = as_user(staff).get(url("plans"), {"nhiem_ky": "2025-2027"}).content.decode()

    assert "07-KH/ĐU" in page and "22-KH/ĐU" not in page


def test_three_plans_cost_no_more_queries_than_one(tree, staff, approver, django_assert_num_queries):
    make_plan(tree.committee, number=1, staff=staff, approver=approver)
    client = as_user(staff)
    client.get(url("plans"))
    with django_assert_num_queries(5):
        client.get(url("plans"))
    for number in (2, 3):
        make_plan(tree.committee, number=number, term_label=f"202{number}-2025", staff=staff, approver=approver)

    with django_assert_num_queries(5):
        client.get(url("plans"))


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        pytest.param("draft_plan", (200, 200, 403), id="drafting"),
        pytest.param("record_guidance", (200, 200, 403), id="guidance"),
    ],
)
def test_the_committees_own_people_write_for_it(tree, staff, approver, name, answers):
    administrator = make_user(Role.SYSTEM_ADMINISTRATOR, tree.committee)

    found = tuple(
        as_user(user).get(url(name, tree.committee.pk)).status_code for user in (staff, approver, administrator)
    )

    assert found == answers


# ---- drafting ----


def test_a_draft_keeps_its_basis_line_by_line_and_its_deadlines(tree, staff):
    answer = as_user(staff).post(url("draft_plan", tree.committee.pk), DRAFT)

    plan = Plan.objects.get()
    assert answer.headers["Location"] == url("plan", plan.pk)
    assert plan.basis == ["Điều lệ Đảng", "Quyết định số 244-QĐ/TW"]
    assert {row.kind: row.due_on for row in plan.deadlines.all()} == {
        "papers": date(2022, 6, 10),
        "window_closes": date(2022, 7, 30),
    }
    assert last_actions(1) == ["plan.drafted"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        pytest.param({"term_label": "2022"}, "Ghi nhiệm kỳ bằng hai năm", id="a term of one year"),
        pytest.param({"papers": "32/6/2022"}, "Ghi ngày theo dạng ngày/tháng/năm", id="no such day"),
        pytest.param({"papers": "1/8/2022"}, "không thể trước hạn", id="deadlines in the wrong order"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(tree, staff, wrong, sentence):
    answer = as_user(staff).post(url("draft_plan", tree.committee.pk), DRAFT | wrong)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert all(typed in page for typed in (*wrong.values(), DRAFT["subject"]))
    assert not Plan.objects.exists()


def test_only_issued_plans_of_the_committee_and_those_above_are_offered(tree, staff, approver, draft):
    higher = make_plan(tree.bloc, coverage="guiding", number=44)
    other = make_plan(make_organization(tree.bloc, node_type="grassroots"), number=5)
    own = make_plan(tree.committee, staff=staff, approver=approver)

    form = as_user(staff).get(url("draft_plan", tree.committee.pk)).context["form"]

    assert set(form.fields["based_on"].queryset) == {higher, own}
    assert list(form.fields["amends"].queryset) == [own]
    assert other not in form.fields["based_on"].queryset


def test_a_draft_is_taken_up_again_until_it_is_issued(tree, staff, approver, draft):
    client = as_user(staff)

    answer = client.post(url("edit_plan", draft.pk), DRAFT | {"subject": "về đại hội chi bộ năm 2022"})
    draft.refresh_from_db()
    plans.issue_plan(draft.pk, number=3, issued_on=date(2022, 5, 2), actor=approver, at=at(date(2022, 5, 2)))

    assert (answer.status_code, draft.subject) == (302, "về đại hội chi bộ năm 2022")
    assert client.get(url("edit_plan", draft.pk)).status_code == 409
    assert client.post(url("edit_plan", draft.pk), {}).status_code == 409


# ---- issuing and amending ----


def test_the_page_of_issuing_says_how_many_congresses_open(tree, approver, draft):
    page = as_user(approver).get(url("issue_plan", draft.pk)).content.decode()

    assert "2 đại hội" in page
    assert "Kế hoạch đã ban hành không sửa được nữa" in page


def test_issuing_opens_the_congresses_and_is_recorded_once(tree, approver, draft):
    before = AuditEvent.objects.count()

    answer = as_user(approver).post(url("issue_plan", draft.pk), {"number": "22", "issued_on": "19/5/2022"})

    assert answer.status_code == 302
    assert (Congress.objects.count(), AuditEvent.objects.count()) == (2, before + 1)


def test_staff_do_not_issue_and_are_told_who_does(tree, staff, draft):
    client = as_user(staff)

    assert client.post(url("issue_plan", draft.pk), {"number": "22", "issued_on": "19/5/2022"}).status_code == 403
    assert "Người có thẩm quyền chuẩn y" in client.get(url("plan", draft.pk)).content.decode()


def test_an_issued_plan_is_not_issued_again(tree, staff, approver):
    plan = make_plan(tree.committee, staff=staff, approver=approver)

    assert as_user(approver).post(url("issue_plan", plan.pk), {}).status_code == 409


def test_a_number_in_letters_is_refused(tree, approver, draft):
    answer = as_user(approver).post(url("issue_plan", draft.pk), {"number": "hai hai", "issued_on": "19/5/2022"})

    assert answer.status_code == 422
    assert "Ghi số kế hoạch bằng chữ số" in answer.content.decode()


def test_an_amendment_starts_from_the_days_in_force_and_shows_old_and_new(tree, staff, approver):
    plan = make_plan(tree.committee, staff=staff, approver=approver, deadlines={"window_closes": date(2022, 6, 28)})
    client = as_user(staff)
    form = client.get(url("amend_plan", plan.pk)).context["form"]
    client.post(url("amend_plan", plan.pk), DRAFT | {"amends": [plan.pk], "papers": "", "window_closes": "15/7/2022"})
    amending = Plan.objects.exclude(pk=plan.pk).get()
    plans.issue_plan(amending.pk, number=30, issued_on=date(2022, 6, 1), actor=approver, at=at(date(2022, 6, 1)))

    page = client.get(url("plan", plan.pk)).content.decode()

    assert form.initial["window_closes"] == date(2022, 6, 28)
    assert "28/6/2022</del>" in page and "thứ sáu, ngày 15/7/2022" in page
    assert amending.label.replace("…", "30") in page


def test_a_draft_has_no_amendment(tree, staff, draft):
    assert as_user(staff).get(url("amend_plan", draft.pk)).status_code == 409


def test_a_subcommittee_is_set_up_once(tree, staff, draft):
    client, data = as_user(staff), {"name": "Tiểu ban Văn kiện", "duties": "Thẩm định văn kiện"}

    first = client.post(url("add_subcommittee", draft.pk), data)
    again = client.post(url("add_subcommittee", draft.pk), data)

    assert (first.status_code, again.status_code) == (302, 422)
    assert "Tên này đã có." in again.content.decode()
    assert last_actions(1) == ["subcommittee.set_up"]


# ---- guidance ----


def test_guidance_reaches_every_branch_below(tree, staff, secretary):
    data = {
        "kind": "letter",
        "notation": "684-CV/ĐUK",
        "issued_on": "30/5/2022",
        "subject": "Về đẩy nhanh tiến độ đại hội chi bộ",
        "term_label": "2022-2025",
        "body": "Yêu cầu các chi bộ hoàn thành đúng hạn.",
    }

    answer = as_user(staff).post(url("record_guidance", tree.committee.pk), data)

    guidance = Guidance.objects.get()
    assert answer.headers["Location"] == url("guidance", guidance.pk)
    assert last_actions(1) == ["guidance.issued"]
    reader = as_user(secretary)
    assert "684-CV/ĐUK" in reader.get(url("guidance_list")).content.decode()
    assert "hoàn thành đúng hạn" in reader.get(url("guidance", guidance.pk)).content.decode()
    assert as_user(make_user(Role.SECRETARY, make_tree().branch)).get(url("guidance", guidance.pk)).status_code == 404


# ---- deadlines ----


def test_deadlines_of_many_plans_are_those_of_each(tree, staff, approver, django_assert_max_num_queries):
    higher = make_plan(
        tree.bloc, coverage="guiding", number=44, deadlines={"papers": date(2022, 5, 1), "dossier": date(2022, 9, 1)}
    )
    own = make_plan(
        tree.committee,
        staff=staff,
        approver=approver,
        based_on_id=higher.pk,
        deadlines={"papers": date(2022, 4, 20), "window_closes": date(2022, 6, 28)},
    )
    amending = make_plan(
        tree.bloc, number=45, amends_ids=[higher.pk], deadlines={"dossier": date(2022, 10, 1)}, term_label="2022-2025"
    )

    with django_assert_max_num_queries(4):
        found = deadlines_of_plans([higher, own])

    assert found == {higher.pk: deadlines_of(higher), own.pk: deadlines_of(own)}
    assert {kind: (one.due_on, one.replaced) for kind, one in found[own.pk].items()} == {
        "papers": (date(2022, 4, 20), None),
        "window_closes": (date(2022, 6, 28), None),
        "dossier": (date(2022, 10, 1), date(2022, 9, 1)),
    }
    assert found[own.pk]["dossier"].plan == amending


def test_a_draft_calls_its_days_planned_names_its_term_once_and_sources_once(tree, approver, draft):
    draft.subject = "Tổ chức đại hội, nhiệm kỳ 2022-2025"
    draft.save(update_fields=["subject"])
    client = as_user(approver)

    before = client.get(url("plan", draft.pk)).content.decode()
    plan = make_plan(tree.committee, approver=approver, subject="Tổ chức đại hội, nhiệm kỳ 2022-2025")
    after = client.get(url("plan", plan.pk)).content.decode()
    steps = client.get(url("plan_stations", plan.pk)).content.decode()

    assert "Thời hạn dự kiến" in before and "đang có hiệu lực" not in before
    assert "Thời hạn đang có hiệu lực" in after
    assert "nhiệm kỳ 2022-2025, nhiệm kỳ 2022-2025" not in after
    assert "Thông lệ" in steps and "Thông lệ <span" not in steps
