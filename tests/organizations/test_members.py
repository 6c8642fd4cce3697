"""Particulars of members, their names in any code, and their way from branch to branch."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from accounts.roles import Role
from accounts.sheets import write_xlsx
from elections.search import search_for
from organizations import services
from organizations.forms import MemberForm
from organizations.models import Member, Post
from organizations.queries import members_on_roll
from organizations.rules.names import fold, same_spelling, sort_key
from organizations.services import rolls
from tests.factories import START, Tree, make_member, make_organization, make_tree, make_user

pytestmark = pytest.mark.django_db
JUNE = date(2021, 6, 1)


@pytest.fixture
def tree() -> Tree:
    return make_tree(branches=2)


@pytest.fixture
def staff(tree: Tree) -> User:
    return make_user(Role.COMMITTEE_STAFF, tree.committee)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


@pytest.mark.parametrize("letter", ["Đ", "Ð", "Ɖ", "đ", "ð"])
def test_every_code_of_d_is_recognised(letter):
    name = f"{letter}ỗ Văn An"

    assert fold(name) == "do van an"
    assert sort_key(name)[:3] == sort_key("Đỗ Văn An")[:3]
    assert same_spelling(name) == same_spelling(unicodedata.normalize("NFD", "đỗ  văn an"))


def test_a_name_is_kept_as_it_is_spelled_and_found_in_any_code(tree, staff):
    typed = unicodedata.normalize("NFD", "Ðỗ Thị Hoà")  # with the Icelandic letter and the tone on the a
    made = services.enroll_member(tree.branch.pk, actor=staff, at=START, full_name=typed)

    assert made.full_name == "Ðỗ Thị Hoà"
    for wanted in ("do thi hoa", "Đỗ Thị", unicodedata.normalize("NFD", "đỗ thị hoà")):
        assert [one.text for group in search_for(staff, wanted) for one in group.items] == ["Ðỗ Thị Hoà"]


def test_who_is_spelled_as_typed_comes_first_however_many_others_there_are(tree, staff):
    for number in range(30):
        make_member(tree.branch, f"Lê Văn Ánh {chr(65 + number % 26)}", actor=staff)
    make_member(tree.branch, "Vũ Thị Anh", actor=staff)

    (people,) = [group for group in search_for(staff, "anh") if group.title == "Đảng viên"]

    assert people.items[0].text.startswith("Vũ Thị Anh")
    assert people.more


def test_members_stand_in_the_order_of_their_given_names(tree, staff):
    for name in ("Ðỗ Văn Ân", "Nguyễn Thị Ánh", "Lê Văn An", "Trần Văn Ăn", "Bùi Thị Đào", "Bùi Thị Dung"):
        services.enroll_member(tree.branch.pk, actor=staff, at=START, full_name=name)

    assert [one.full_name.split()[-1] for one in tree.branch.members.all()] == ["An", "Ánh", "Ăn", "Ân", "Dung", "Đào"]


def test_every_particular_is_asked_kept_and_shown_to_who_keeps_the_roll(tree, staff):
    address = reverse("organizations:enroll", args=[tree.branch.pk])
    told = {name: "Nội dung" for name in MemberForm.base_fields} | {
        "full_name": "Lê Văn An", "gender": "male", "born_on": "1/2/1980", "admitted_on": "1/2/2005",
        "official_on": "1/2/2006", "joined_on": "1/2/2010", "left_on": "", "political_level": "advanced",
        "is_planned_cadre": "False", "retires_on": "1/3/2042", "phone": "0912345678", "card_number": "45.012345",
    }  # fmt: skip

    answer = client_of(staff).post(address, told)
    an = Member.objects.get()
    page = client_of(staff).get(reverse("organizations:member", args=[an.pk])).content.decode()
    reader = make_user(Role.MEMBER, tree.branch)
    public = client_of(reader).get(reverse("organizations:member", args=[an.pk])).content.decode()

    assert answer.status_code == 302
    assert (an.is_planned_cadre, an.political_level, an.retires_on) == (False, "advanced", date(2042, 3, 1))
    for text in ("45.012345", "0912345678", "Cao cấp", "1/3/2042", "Quê quán", "Trong quy hoạch cấp ủy"):
        assert text in page
        assert text not in public


def test_only_the_name_is_compulsory_and_all_is_shown_again_for_editing(tree, staff):
    client = client_of(staff)

    client.post(reverse("organizations:enroll", args=[tree.branch.pk]), {"full_name": "Lê Văn An"})
    an = Member.objects.get()
    page = client.get(reverse("organizations:update_member", args=[an.pk])).content.decode()

    assert all(f'name="{name}"' in page for name in MemberForm.base_fields)
    assert page.count('<details class="disclosure mb-4" open>') == 0


# ---- from branch to branch ----


def moved(member: Member, to: object, actor: User, **more: object) -> Member:
    told = {"on": JUNE, "decision": "15-GT/ĐU", "actor": actor, "at": START} | more
    return services.transfer_member(member.pk, to.pk, **told)  # type: ignore[attr-defined]  # a branch


def test_a_transfer_keeps_where_the_member_was_and_ends_the_posts_there(tree, staff):
    one, two = tree.branches
    an = make_member(one, "Lê Văn An", actor=staff, joined_on=date(2015, 1, 1))
    post = services.give_post(
        an.pk, one.pk, Post.SECRETARY, starts_on=date(2020, 1, 1), decision="1-QĐ", actor=staff, at=START
    )

    moved(an, two, staff)

    an.refresh_from_db()
    post.refresh_from_db()
    before = an.memberships.get()
    assert (an.organization, an.joined_on, post.ends_on) == (two, JUNE, JUNE)
    assert (before.organization, before.starts_on, before.ends_on) == (one, date(2015, 1, 1), JUNE)
    assert AuditEvent.objects.get(action="member.transferred").details["target"] == two.name


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"on": date(2014, 1, 1)}, "Chọn ngày sau ngày này"),
        ({"on": date(2099, 1, 1)}, "sau hôm nay"),
    ],
)
def test_a_day_that_cannot_be_is_refused(tree, staff, more, reason):
    an = make_member(tree.branch, "Lê Văn An", actor=staff, joined_on=date(2015, 1, 1))

    with pytest.raises(InvalidInput, match=reason):
        moved(an, tree.branches[1], staff, **more)


def test_nobody_moves_people_into_a_roll_they_do_not_keep(tree, staff):
    one, two = tree.branches
    secretary = make_user(Role.SECRETARY, one)
    an = make_member(one, "Lê Văn An", actor=staff)

    with pytest.raises(NotAllowed):
        moved(an, two, secretary)
    with pytest.raises(InvalidInput, match="không nhận đảng viên"):
        moved(an, tree.committee, staff)
    with pytest.raises(InvalidInput, match="đang sinh hoạt tại"):
        moved(an, one, staff)


def test_the_page_offers_the_other_branches_and_shows_the_way(tree, staff):
    one, two = tree.branches
    an = make_member(one, "Lê Văn An", actor=staff, joined_on=date(2015, 1, 1))
    client = client_of(staff)
    address = reverse("organizations:transfer", args=[an.pk])

    offered = client.get(address).content.decode()
    client.post(address, {"target": two.pk, "on": "1/6/2021", "decision": "15-GT/ĐU"})
    page = client.get(reverse("organizations:member", args=[an.pk])).content.decode()

    assert f'<option value="{two.pk}"' in offered
    assert f'<option value="{one.pk}"' not in offered
    assert "Đã sinh hoạt tại" in page
    assert "15-GT/ĐU" in page


# ---- posts ----


def test_a_post_is_recorded_on_the_page_once_and_not_ahead_of_its_day():
    tree = make_tree()
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)
    member = services.enroll_member(
        tree.branch.pk, actor=tree.admin, at=START, full_name="Lê Văn An (bịa)", official_on=date(2010, 1, 1)
    )
    client, address = Client(), reverse("organizations:give_post", args=[tree.committee.pk])
    client.force_login(User.objects.get(pk=staff.pk))
    given = {"member": member.pk, "post": "committee_member", "starts_on": "1/3/2020", "decision": "01-QĐ/ĐUK"}

    answers = [client.post(address, given | said) for said in ({"starts_on": "1/1/2099"}, {}, {})]

    assert [one.status_code for one in answers] == [422, 302, 422]
    assert [one.post for one in member.posts.all()] == ["committee_member"]
    assert "đang giữ chức vụ này" in answers[2].content.decode()


def test_who_has_moved_stands_on_the_roll_of_each_day(tree: Tree):
    member = make_member(tree.branch)
    other = make_organization(tree.committee)
    moved = date(2022, 6, 1)
    member.memberships.create(organization=tree.branch, starts_on=None, ends_on=moved)
    Member.objects.filter(pk=member.pk).update(organization=other, joined_on=moved)

    def rolls(day: date) -> list[bool]:
        return [member in members_on_roll(one, on=day) for one in (tree.branch, other)]

    assert rolls(date(2022, 5, 31)) == [True, False]
    assert rolls(moved) == [False, True]


def post_given(tree, staff, member, day, post=Post.SECRETARY):
    return services.give_post(
        member.pk, tree.branch.pk, post, starts_on=day, decision="Quyết định 1-QĐ/ĐU", actor=staff, at=START
    )


def test_a_secretary_of_an_earlier_day_does_not_end_the_present_one_before_the_beginning(tree, staff):
    now = post_given(tree, staff, make_member(tree.branch), JUNE)

    with pytest.raises(InvalidInput, match="từ 01/06/2021, sau ngày 01/06/2019"):
        post_given(tree, staff, make_member(tree.branch), date(2019, 6, 1))
    with pytest.raises(InvalidInput, match="sau ngày 31/05/2021"):
        services.end_posts(tree.branch, on=date(2021, 5, 31))

    assert [(one.pk, one.ends_on) for one in tree.branch.posts.all()] == [(now.pk, None)]


def test_the_wrong_day_of_a_post_is_corrected_where_it_was_given(tree, staff):
    former, other = post_given(tree, staff, make_member(tree.branch), date(2018, 1, 1)), make_member(tree.branch)
    now = post_given(tree, staff, make_member(tree.branch), JUNE)
    client, address = client_of(staff), reverse("organizations:give_post", args=[tree.branch.pk])
    told = {"member": now.member_id, "post": Post.SECRETARY, "decision": "", "corrects": "on"}
    with pytest.raises(InvalidInput, match=f"“Ghi chức vụ đảng” của {tree.branch.name}"):
        services.end_posts(tree.branch, on=date(2021, 5, 31))

    refused = [
        client.post(address, told | changed)
        for changed in (
            {"starts_on": "1/1/2099"},
            {"starts_on": "1/1/2017"},
            {"starts_on": "1/1/2021", "member": other.pk},
        )
    ]
    done = client.post(address, told | {"starts_on": "1/5/2021"})
    services.end_posts(tree.branch, on=date(2021, 5, 31))

    assert [one.status_code for one in refused] == [422] * 3
    assert "từ 01/01/2018" in refused[1].content.decode()
    assert done.status_code == 302
    days = list(tree.branch.posts.order_by("pk").values_list("pk", "starts_on", "ends_on", "decision"))
    assert days == [
        (former.pk, date(2018, 1, 1), date(2021, 5, 1), "Quyết định 1-QĐ/ĐU"),
        (now.pk, date(2021, 5, 1), date(2021, 5, 31), "Quyết định 1-QĐ/ĐU"),
    ]
    event = AuditEvent.objects.get(action="post.corrected")
    assert (event.details["before"], event.details["after"]) == ("1/6/2021", "1/5/2021")


def test_the_day_of_a_post_is_corrected_by_who_may_give_it(tree):
    member, secretary = make_member(tree.branch), make_user(Role.SECRETARY, tree.branch)
    post_given(tree, tree.admin, member, JUNE)

    with pytest.raises(NotAllowed):
        services.correct_post(
            member.pk, tree.branch.pk, Post.SECRETARY, starts_on=date(2021, 5, 1), decision="", actor=secretary,
            at=START,
        )  # fmt: skip

    assert tree.branch.posts.get().starts_on == JUNE


def test_the_database_holds_no_post_that_ends_before_it_begins(tree):
    with pytest.raises(IntegrityError, match="post_ends_after_it_starts|CHECK"), transaction.atomic():
        tree.branch.posts.create(
            member=make_member(tree.branch), post=Post.DEPUTY_SECRETARY, starts_on=JUNE, ends_on=date(2021, 5, 31)
        )


def test_a_post_is_given_to_members_of_the_organization_alone(tree, staff):
    stranger = make_member(make_tree().branch)

    with pytest.raises(InvalidInput, match="không sinh hoạt tại"):
        post_given(tree, staff, stranger, JUNE)


def meanwhile(table, pk):
    """Somebody else's telephone number arrives just before the first statement that writes that member."""
    done = []

    def wrapper(execute, sql, params, many, context):
        if not done and sql.startswith(("UPDATE", "INSERT")) and table in sql:
            done.append(sql)
            Member.objects.filter(pk=pk).update(phone="0999")
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wrapper)


def test_only_the_columns_of_the_form_are_written(tree, staff):
    member = make_member(tree.branch, phone="0111")

    with meanwhile("organizations_member", member.pk):
        services.update_member(member.pk, actor=staff, at=START, full_name="Lê Văn Mới", job="Kế toán")

    member.refresh_from_db()
    assert (member.full_name, member.job, member.phone) == ("Lê Văn Mới", "Kế toán", "0999")


def test_a_file_writes_each_member_only_what_it_changes_there(tree, staff):
    """Two members with different changes: the column of one is not written again for the other."""
    one, other = (make_member(tree.branch, name, phone="0111", job="Cũ") for name in ("Lê Văn An", "Vũ Thị Bình"))
    rows = [["Lê Văn An", "1/1/1980", "Kế toán", "0111"], ["Vũ Thị Bình", "1/1/1980", "Cũ", "0912000222"]]
    file = write_xlsx("Danh sách", ["Họ và tên", "Ngày sinh", "Chức vụ", "Số điện thoại"], rows)

    with meanwhile("organizations_member", one.pk):
        rolls.write(file, tree.branch.pk, actor=staff, at=START, on=START.date(), source={"source": "danh sách"})

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.job, one.phone) == ("Kế toán", "0999")
    assert (other.job, other.phone) == ("Cũ", "0912000222")


def test_a_name_that_grows_when_it_is_folded_still_fits_its_columns(tree, staff):
    made = services.enroll_member(tree.branch.pk, actor=staff, at=START, full_name="Lê " + "ﬃ" * 97)
    services.update_member(made.pk, actor=staff, at=START, full_name="Lê " + "山" * 97)

    made.refresh_from_db()
    assert (len(made.sort_name), len(made.search_name)) == (500, 100)
