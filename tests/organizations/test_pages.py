"""Pages of the tree, the rolls and the accounts."""

from datetime import date

import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor
from accounts.models import AuditEvent, User
from accounts.roles import Role
from organizations.models import Member, Organization, RoleAssignment
from tests.factories import PASSWORD, Tree, give_role, make_member, make_organization, make_tree, make_user

pytestmark = pytest.mark.django_db


def as_user(user: User) -> Client:
    """A browser of somebody as they are stored now: a new role ends the sessions before it."""
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


@pytest.fixture
def tree() -> Tree:
    return make_tree(branches=2)


@pytest.fixture
def staff(tree: Tree) -> User:
    return make_user(Role.COMMITTEE_STAFF, tree.committee, full_name="Cao Thị Chuyên")


@pytest.fixture
def secretary(tree: Tree) -> User:
    return make_user(Role.SECRETARY, tree.branch, full_name="Lê Văn Bí Thư")


def url(name: str, *args: object, query: str = "") -> str:
    return reverse(f"organizations:{name}", args=args) + query


# ---- the tree ----


def test_the_tree_shows_what_is_in_reach_and_nothing_else(tree, staff):
    elsewhere = make_organization(tree.bloc, node_type="grassroots", name="Đảng bộ Sở Xây dựng")

    page = as_user(staff).get(url("tree")).content.decode()

    assert tree.committee.name in page
    assert all(branch.name in page for branch in tree.branches)
    assert elsewhere.name not in page


def test_a_name_is_found_without_tone_marks(tree, staff):
    make_organization(tree.committee, name="Chi bộ Quản lý năng lượng")

    page = as_user(staff).get(url("tree", query="?tim=nang luong")).content.decode()

    assert "Chi bộ Quản lý năng lượng" in page
    assert tree.branches[0].name not in page


def test_branches_without_a_secretary_are_found(tree, staff, secretary):
    page = as_user(staff).get(url("tree", query="?thieu=on")).content.decode()

    assert tree.branches[1].name in page
    assert tree.branches[0].name not in page


@pytest.mark.parametrize("query", ["", "?tim=chi", "?thieu=on"])
def test_a_larger_tree_costs_no_more_queries(tree, staff, query, django_assert_num_queries):
    client = as_user(staff)
    client.get(url("tree"))
    with django_assert_num_queries(4):
        client.get(url("tree", query=query))
    for _ in range(5):
        make_member(make_organization(tree.committee))

    with django_assert_num_queries(4):
        client.get(url("tree", query=query))


def test_somebody_without_a_role_is_told_so(tree):
    page = as_user(make_user()).get(url("tree")).content.decode()

    assert "Chưa có tổ chức nào trong phạm vi của đồng chí" in page


# ---- who sees what ----


def test_a_page_of_an_organization_answers_those_in_reach_only(tree, staff, secretary):
    assert as_user(staff).get(url("detail", tree.branch.pk)).status_code == 200
    assert as_user(secretary).get(url("detail", tree.branch.pk)).status_code == 200
    assert as_user(secretary).get(url("detail", tree.branches[1].pk)).status_code == 404
    assert as_user(secretary).get(url("detail", tree.committee.pk)).status_code == 404


def test_members_stand_in_the_order_of_their_names_with_standing_and_kind(tree, secretary):
    make_member(tree.branch, "Trần Thị Bình", is_invented=False)
    away = make_member(tree.branch, "Nguyễn Văn An", official_on=None, is_invented=False)
    away.standings.create(kind="exempt", starts_on=date(2022, 1, 1), ground="Đơn xin", accepted_by="Chi bộ")

    page = as_user(secretary).get(url("detail", tree.branch.pk)).content.decode()

    assert page.index("Nguyễn Văn An") < page.index("Trần Thị Bình")
    assert "2 đảng viên: 1 chính thức, 1 dự bị" in page
    assert "Miễn công tác và sinh hoạt đảng" in page


def test_the_page_of_a_branch_costs_the_same_for_three_members_as_for_one(tree, staff, django_assert_max_num_queries):
    make_member(tree.branch)
    client = as_user(staff)
    client.get(url("detail", tree.branch.pk))
    with django_assert_max_num_queries(30) as first:
        client.get(url("detail", tree.branch.pk))
    for _ in range(2):
        make_member(tree.branch)
        make_user(Role.TELLER, tree.branch)

    with django_assert_max_num_queries(len(first)):
        client.get(url("detail", tree.branch.pk))


PAGES_OF_ROLES = [
    pytest.param("found", "committee", id="founding"),
    pytest.param("record_split", "branch", id="a split"),
    pytest.param("close", "branch", id="closing"),
]


@pytest.mark.parametrize(("name", "place"), PAGES_OF_ROLES)
def test_the_tree_is_changed_by_the_superior_committee_only(tree, staff, secretary, name, place):
    organization = getattr(tree, place)

    assert as_user(staff).get(url(name, organization.pk)).status_code == 200
    assert as_user(secretary).get(url(name, organization.pk)).status_code == (403 if place == "branch" else 404)


# ---- changes ----

MEMBER = {"full_name": "Phạm Thị Dung", "admitted_on": "3/2/2015", "official_on": "3/2/2016"}
FOUNDING = {"name": "Chi bộ Thanh tra", "code": "SCT-TTR", "node_type": "branch", "symbol": "CB"}


def events_after(act) -> list[str]:
    before = AuditEvent.objects.count()
    act()
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True)[before:])


def test_founding_leads_to_the_new_organization_and_is_recorded_once(tree, staff):
    client = as_user(staff)

    events = events_after(lambda: client.post(url("found", tree.committee.pk), FOUNDING))

    assert events == ["organization.founded"]
    assert Organization.objects.get(code="SCT-TTR").parent == tree.committee


def test_a_taken_code_is_refused_at_its_field_and_nothing_typed_is_lost(tree, staff):
    answer = as_user(staff).post(url("found", tree.committee.pk), FOUNDING | {"code": tree.branch.code})

    assert answer.status_code == 422
    assert f"Mã “{tree.branch.code}” đã có. Chọn mã khác." in answer.content.decode()
    assert "Chi bộ Thanh tra" in answer.content.decode()


def test_a_split_is_recorded_once(tree, staff):
    successor, predecessor = tree.branches
    data = {"predecessor": predecessor.pk, "decided_on": "2/3/2022", "decision": "118-QĐ/ĐU"}

    events = events_after(lambda: as_user(staff).post(url("record_split", successor.pk), data))

    assert events == ["organization.split"]
    assert "118-QĐ/ĐU" in as_user(staff).get(url("detail", successor.pk)).content.decode()


def test_a_closed_branch_says_so(tree, staff):
    data = {
        "decision": "05-QĐ/ĐU",
        "decided_by": tree.committee.pk,
        "decided_on": "20/2/2026",
        "effective_on": "1/3/2026",
    }

    client, address = as_user(staff), url("close", tree.branch.pk)
    name, digest = client.post(address, data).context["seen"]

    events = events_after(lambda: client.post(address, data | {name: digest}))

    assert events == ["organization.closed"]
    assert "Đã kết thúc hoạt động" in as_user(staff).get(url("detail", tree.branch.pk)).content.decode()


def test_the_secretary_enrolls_and_corrects_members(tree, secretary):
    client = as_user(secretary)

    events = events_after(lambda: client.post(url("enroll", tree.branch.pk), MEMBER))
    member = Member.objects.get(full_name="Phạm Thị Dung")
    events += events_after(lambda: client.post(url("update_member", member.pk), MEMBER | {"job": "Chuyên viên"}))

    assert events == ["member.enrolled", "member.updated"]
    member.refresh_from_db()
    assert (member.job, member.official_on) == ("Chuyên viên", date(2016, 2, 3))


def test_dates_in_the_wrong_order_are_refused_at_their_field(tree, secretary):
    answer = as_user(secretary).post(url("enroll", tree.branch.pk), MEMBER | {"official_on": "1/1/2010"})

    assert answer.status_code == 422
    assert "Ngày chính thức không thể trước ngày vào Đảng." in answer.content.decode()
    assert "1/1/2010" in answer.content.decode()


def test_a_standing_is_set_and_ended(tree, secretary):
    member, client = make_member(tree.branch), as_user(secretary)
    data = {"kind": "exempt", "starts_on": "1/1/2026", "ground": "Đơn xin", "accepted_by": "Chi bộ"}

    events = events_after(lambda: client.post(url("set_standing", member.pk), data))
    standing = member.standings.get()
    events += events_after(lambda: client.post(url("end_standing", standing.pk), {"ends_on": "1/2/2026"}))

    assert events == ["member.standing_set", "member.standing_ended"]
    assert as_user(secretary).get(url("member", member.pk)).status_code == 200


def test_the_day_of_birth_is_shown_to_those_who_keep_the_roll(tree, secretary):
    member, teller = make_member(tree.branch, born_on=date(1983, 4, 5)), make_user(Role.TELLER, tree.branch)

    assert "5/4/1983" in as_user(secretary).get(url("member", member.pk)).content.decode()
    assert "5/4/1983" not in as_user(teller).get(url("member", member.pk)).content.decode()


# ---- accounts and roles ----


def test_an_account_shows_its_password_once_and_keeps_no_copy(tree, staff):
    member = make_member(tree.branch, "Vũ Thị Hoa", is_invented=False)
    data = {"member": member.pk, "username": "vu.thi.hoa", "role": Role.SECRETARY}

    before = AuditEvent.objects.count()
    answer = as_user(staff).post(url("open_account", tree.branch.pk), data)

    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert AuditEvent.objects.count() == before + 1
    user = User.objects.get(username="vu.thi.hoa")
    assert user.check_password(answer.context["password"])
    assert (user.must_change_password, user.member) == (True, member)


def test_a_secretary_opens_accounts_for_the_roles_of_the_branch_only(tree, secretary):
    form = as_user(secretary).get(url("open_account", tree.branch.pk)).context["form"]

    offered = [value for value, _ in form.fields["role"].choices if value]
    assert offered == [Role.CLERK, Role.DRAFTER, Role.MEMBER]  # tellers are the superior's


def test_a_taken_user_name_is_refused_at_its_field(tree, secretary, staff):
    data = {"full_name": "Vũ Thị Hoa", "username": staff.username, "role": Role.CLERK}

    answer = as_user(secretary).post(url("open_account", tree.branch.pk), data)

    assert answer.status_code == 422
    assert f"Tên đăng nhập “{staff.username}” đã có người dùng." in answer.content.decode()


def test_a_role_is_granted_from_a_day_to_a_day(tree, staff):
    helper = make_user(Role.DRAFTER, tree.branch)
    data = {"user": helper.pk, "role": Role.TELLER, "starts_on": "1/6/2026", "ends_on": "30/6/2026"}

    events = events_after(lambda: as_user(staff).post(url("grant_role", tree.branch.pk), data))

    assert events == ["role.granted"]
    given = RoleAssignment.objects.get(user=helper, role=Role.TELLER)
    assert (given.starts_on, given.ends_on) == (date(2026, 6, 1), date(2026, 6, 30))


def test_people_elsewhere_are_not_offered(tree, secretary):
    stranger = make_user(Role.TELLER, tree.branches[1])

    people = as_user(secretary).get(url("grant_role", tree.branch.pk)).context["form"].fields["user"].queryset

    assert stranger not in people


def test_revoking_asks_on_a_page_of_its_own_and_acts_at_once(tree, staff):
    teller = make_user(Role.TELLER, tree.branch)
    held = teller.assignments.get()
    client = as_user(staff)

    question = client.get(url("revoke_role", held.pk)).content.decode()
    events = events_after(lambda: client.post(url("revoke_role", held.pk)))

    assert "mất quyền của vai trò ngay ở thao tác tiếp theo" in question
    assert events == ["role.revoked"]
    assert as_user(teller).get(url("detail", tree.branch.pk)).status_code == 404


def test_a_password_is_reset_by_the_superior(tree, staff):
    held = make_user(Role.CLERK, tree.branch).assignments.get()

    answer = as_user(staff).post(url("reset_password", held.pk))

    assert answer.headers["Cache-Control"] == "no-store"
    held.user.refresh_from_db()
    assert held.user.check_password(answer.context["password"])
    assert not held.user.check_password(PASSWORD)


@pytest.mark.parametrize("name", ["reset_password", "deactivate"])
def test_an_account_that_also_holds_a_higher_role_is_out_of_reach(tree, secretary, name):
    """Else a secretary could sign in as the approver who helps in the branch."""
    both = make_user(Role.CLERK, tree.branch)
    held = both.assignments.get()
    give_role(both, Role.APPROVER, tree.committee)

    answer = as_user(secretary).post(url(name, held.pk))

    assert answer.status_code == 403
    both.refresh_from_db()
    assert both.check_password(PASSWORD) and both.is_active


def test_a_stopped_account_is_reopened(tree, staff):
    held, client = make_user(Role.CLERK, tree.branch).assignments.get(), as_user(staff)

    events = events_after(lambda: client.post(url("deactivate", held.pk)))
    assert "Mở lại tài khoản" in client.get(url("assignment", held.pk)).content.decode()
    events += events_after(lambda: client.post(url("reactivate", held.pk)))

    assert events == ["account.deactivated", "account.reactivated"]


@pytest.mark.parametrize("name", ["revoke_role", "reset_password", "deactivate", "reactivate"])
def test_a_teller_manages_no_accounts(tree, name):
    teller, clerk = make_user(Role.TELLER, tree.branch), make_user(Role.CLERK, tree.branch)

    assert as_user(teller).post(url(name, clerk.assignments.get().pk)).status_code == 403


def test_a_lost_telephone_is_reset_by_the_superior_and_by_nobody_below(tree, staff, secretary):
    second_factor.set_up(secretary.pk, *_telephone(), at=timezone.now())
    held = secretary.assignments.get()
    address = url("reset_second_factor", held.pk)

    refused = as_user(make_user(Role.SECRETARY, tree.branch)).post(address).status_code
    page = as_user(staff).get(url("assignment", held.pk)).content.decode()
    done = events_after(lambda: as_user(staff).post(address))

    assert refused == 403
    assert "Đặt lại xác thực hai bước" in page
    assert done == ["account.factor_reset"]
    assert not second_factor.has(secretary)


def _telephone() -> tuple[str, str]:
    """A key as the session keeps it, and the code that a telephone would show now."""
    kept = second_factor.new_secret()
    counter = list(totp.yield_hotp_counters_from_time())[1]
    return kept, totp.format_hotp_value(totp.hotp_value(decrypt(kept), counter))


def test_the_superior_ends_every_session_of_a_person_at_once(tree, staff, secretary):
    browser = as_user(secretary)
    assert browser.get(url("tree")).status_code == 200

    done = events_after(lambda: as_user(staff).post(url("end_sessions", secretary.assignments.get().pk)))

    assert done == ["account.sessions_ended"]
    assert browser.get(url("tree")).status_code == 302


def test_the_page_says_who_approves_a_branch_and_why(tree, staff):
    part = make_organization(tree.committee, node_type="subdivision", name="Đảng bộ bộ phận Khối A")
    below = make_organization(part, name="Chi bộ Khối A1")

    near, far = (as_user(staff).get(url("detail", one.pk)).content.decode() for one in (tree.branch, below))

    assert f"{tree.committee.committee}, vì là cấp ủy cấp trên trực tiếp" in near
    assert f"{tree.committee.committee}, vì là cấp ủy gần nhất từ đảng ủy cơ sở trở lên" in far
    assert "Đảng bộ bộ phận Khối A không chuẩn y" in far
    assert "Quy định 24-QĐ/TW, điểm 16.1" in near
