"""Lists as workbooks: what stands in them, what does not, and that they come back unchanged."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from accounts.roles import Role
from organizations import services
from organizations.models import Organization
from organizations.services import rolls, trees
from tests.factories import START, Tree, make_congress, make_member, make_tree, make_user

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
EVERYTHING = {
    "full_name": "Ðỗ Thị Bình", "gender": "female", "born_on": date(1980, 2, 1), "job": "=Trưởng phòng",
    "phone": "0912345678", "card_number": "45.012340", "admitted_on": date(2005, 2, 3),
    "official_on": date(2006, 2, 3), "ethnicity": "Mường",
    "joined_on": date(2010, 1, 1), "religion": "Không", "native_place": "Thanh Hóa", "residence": "12 Lê Lợi",
    "education": "Thạc sĩ Luật", "political_level": "advanced", "languages": "Tiếng Anh B1", "is_planned_cadre": False,
    "classification": "2023: tốt", "awards": "Bằng khen", "retires_on": date(2040, 3, 1),
}  # fmt: skip


@pytest.fixture
def tree() -> Tree:
    return make_tree(branches=2)


@pytest.fixture
def staff(tree: Tree) -> User:
    return make_user(Role.COMMITTEE_STAFF, tree.committee)


@pytest.fixture
def people(tree: Tree, staff: User) -> None:
    one, two = tree.branches
    services.enroll_member(one.pk, actor=staff, at=START, **EVERYTHING)
    services.enroll_member(one.pk, actor=staff, at=START, full_name="Lê Văn An", gender="male")
    services.enroll_member(two.pk, actor=staff, at=START, full_name="Lê Văn An", born_on=date(1990, 1, 1))
    gone = services.enroll_member(two.pk, actor=staff, at=START, full_name="Vũ Văn Đi", left_on=date(2020, 1, 1))
    assert gone.left_on


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def rows_of(answer: HttpResponse) -> list[dict[str, Any]]:
    """The rows below the header, by title."""
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    header = next(number for number, row in enumerate(rows) if "STT" in row)
    return [dict(zip(rows[header], row, strict=True)) for row in rows[header + 1 :]]


def roll_of(user: User, organization: Organization) -> HttpResponse:
    answer: Any = client_of(user).get(reverse("organizations:export_roll", args=[organization.pk]))
    return answer


def test_a_roll_has_the_columns_of_f_05_and_is_typed(tree, staff, people):
    an, binh = rows_of(roll_of(staff, tree.branch))

    assert (an["Họ và tên"], an["Nam sinh"], an["Nữ sinh"]) == ("Lê Văn An", "x", None)
    assert (binh["Nam sinh"], binh["Nữ sinh"].date(), binh["Lý luận chính trị"]) == (None, date(1980, 2, 1), "Cao cấp")
    assert (binh["Chức vụ, đơn vị công tác"], binh["Quy hoạch cấp ủy"]) == ("=Trưởng phòng", "không")


@pytest.mark.parametrize("place", ["branch", "committee"])
def test_an_exported_roll_comes_back_unchanged(tree, staff, people, place):
    organization = getattr(tree, place)
    content = roll_of(staff, organization).content

    examined = rolls.examine(content, organization, on=TODAY)

    assert [one.entry.problems for one in examined.judged if one.entry.problems] == []
    assert examined.counts == {"created": 0, "updated": 0, "refused": 0} | dict.fromkeys(
        ("read", "unchanged"), 2 if place == "branch" else 3
    )
    assert examined.absent == []


def test_an_exported_tree_comes_back_unchanged(tree, staff):
    services.found_organization(
        parent_id=tree.committee.pk, actor=staff, at=START, code="X-1", name="Chi bộ Mới", node_type="branch",
        symbol="CB", founded_on=date(2020, 2, 1), founding_decision="12-QĐ/ĐU",
    )  # fmt: skip
    answer = client_of(staff).get(reverse("organizations:tree"), {"thuoc": tree.committee.pk, "xuat": "excel"})

    examined = trees.examine(answer.content, tree.committee, on=TODAY)

    assert [one.entry.problems for one in examined.judged if one.entry.problems] == []
    assert (examined.counts["read"], examined.counts["unchanged"]) == (4, 4)
    assert {row["Mã"] for row in rows_of(answer)} >= {"X-1", tree.committee.code}


def test_accounts_go_out_without_what_opens_them(tree, staff):
    secretary = make_user(Role.SECRETARY, tree.branch)
    answer = client_of(staff).get(reverse("organizations:export_accounts", args=[tree.committee.pk]))

    rows = rows_of(answer)

    assert {row["Tên đăng nhập"] for row in rows} == {staff.username, secretary.username}
    assert secretary.password not in str(rows)
    assert not any("mật khẩu" in str(title).lower() for title in rows[0])


def test_the_list_of_congresses_goes_out_with_its_filter(tree, staff):
    congress = make_congress(tree.branch)
    address = reverse("congress:list")

    every = rows_of(client_of(staff).get(address, {"xuat": "excel"}))
    none = rows_of(client_of(staff).get(address, {"xuat": "excel", "nhiem_ky": "", "tim": "không có tên này"}))

    assert [row["Mã"] for row in every if row["Nhiệm kỳ"] == congress.term_label][:1] == [tree.branch.code]
    assert len(none) < len(every) or not none


def test_particulars_leave_only_by_who_keeps_the_roll(tree, staff, people):
    reader = make_user(Role.MEMBER, tree.branch)
    secretary = make_user(Role.SECRETARY, tree.branch)

    assert roll_of(reader, tree.branch).status_code == 403
    assert roll_of(secretary, tree.branch).status_code == 200
    assert roll_of(secretary, tree.branches[1]).status_code == 404


def test_the_page_of_an_organization_offers_them_to_who_may(tree, staff):
    make_member(tree.branch, "Lê Văn An", actor=staff)
    page = client_of(staff).get(reverse("organizations:detail", args=[tree.committee.pk])).content.decode()
    reader = client_of(make_user(Role.MEMBER, tree.branch))
    hidden = reader.get(reverse("organizations:detail", args=[tree.branch.pk])).content.decode()

    assert "Nhập danh sách đảng viên" in page and "Nhập cây tổ chức" in page and "Xuất Excel cây tổ chức" in page
    assert "Excel" not in hidden
