"""How far the branches are: the numbers, the finding, who is late, and what it costs to ask."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from congress import rollup
from congress.models import Congress, CongressStep, FormerPlan
from congress.progress import overview
from congress.rollup import parts_of
from organizations import services
from organizations.models import Organization
from tests.factories import at, make_admin, make_organization, make_plan, make_tree, make_user

pytestmark = pytest.mark.django_db

DEADLINE = date(2022, 6, 28)
LOOKED_FROM = date(2022, 5, 30)
START_DAY = date(2022, 5, 4)


def hold(congresses: list[Congress], *, from_day: date = date(2022, 5, 10)) -> None:
    """Closed one a day, as the closing service leaves them."""
    for number, congress in enumerate(congresses):
        day = from_day + timedelta(days=number % 20)
        congress.opened_at, congress.closed_at, congress.state_since = at(day, 8), at(day, 11), at(day, 11)
        congress.state = "closed"
    Congress.objects.bulk_update(congresses, ["opened_at", "closed_at", "state_since", "state"])


def plan_for(tree, *, issued_on: date = date(2022, 5, 4), **deadlines: date) -> None:
    make_plan(tree.committee, issued_on=issued_on, deadlines={"window_closes": DEADLINE} | deadlines)


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


@pytest.fixture
def tree():
    return make_tree(branches=10)


@pytest.fixture
def staff(tree) -> User:
    return make_user(Role.COMMITTEE_STAFF, tree.committee)


def seen(user: User, as_of: date = LOOKED_FROM):
    return overview(User.objects.get(pk=user.pk), "2022-2025", as_of=as_of)


def test_the_finding_says_how_many_are_needed_each_working_day(tree, staff):
    plan_for(tree)
    hold(list(Congress.objects.all())[:4])

    found = seen(staff)

    assert (found.held, found.total, found.days_left) == (4, 10, 21)
    assert found.finding == "4/10 chi bộ đã đại hội; cần 1 chi bộ mỗi ngày làm việc để kịp 28/6/2022"


@pytest.mark.parametrize(
    ("as_of", "held", "ending"),
    [
        pytest.param(date(2022, 5, 9), 0, "để kịp 28/6/2022", id="the day before the first"),
        pytest.param(date(2022, 5, 10), 1, "để kịp 28/6/2022", id="the day of the first"),
        pytest.param(date(2022, 6, 28), 4, "còn 6 chi bộ chưa đại hội, hạn đại hội là 28/6/2022", id="the last day"),
        pytest.param(
            date(2022, 6, 29), 4, "còn 6 chi bộ chưa đại hội, hạn đại hội 28/6/2022 đã qua", id="the day after"
        ),
    ],
)
def test_a_past_day_shows_what_was_held_by_then(tree, staff, as_of, held, ending):
    plan_for(tree)
    hold(list(Congress.objects.all())[:4])

    found = seen(staff, as_of)

    assert found.held == held
    assert found.finding.endswith(ending)


def test_a_day_before_a_congress_was_opened_does_not_count_it(tree, staff):
    plan_for(tree, issued_on=date(2022, 5, 19))
    hold([Congress.objects.order_by("pk")[0]], from_day=date(2022, 5, 17))  # met before anybody wrote it down
    admin = make_admin()

    before, written_down, day = (seen(staff, date(2022, 5, number)) for number in (16, 18, 19))

    assert [(one.total, one.held) for one in (before, written_down, day)] == [(0, 0), (1, 1), (10, 1)]
    assert [one.without_congress for one in (before, day)] == [10, 0]
    for on, total in ((date(2022, 5, 16), 0), (date(2022, 5, 18), 1), (date(2022, 5, 19), 10)):
        parts = parts_of(tree.bloc, "2022-2025", as_of=on)
        assert sum(one.total for one in parts) == total == overview(admin, "2022-2025", as_of=on).total


def test_when_all_have_met_nothing_is_needed(tree, staff):
    plan_for(tree)
    hold(list(Congress.objects.all()))

    assert seen(staff).finding == "10/10 chi bộ đã đại hội"


def test_a_branch_is_late_by_the_deadline_of_its_own_step(tree, staff):
    plan_for(tree, clearance=date(2022, 5, 20))
    submitted, *_, cleared = Congress.objects.order_by("pk")
    Congress.objects.filter(pk=cleared.pk).update(state="cleared")

    lines = {line.congress_id: line for line in seen(staff).lines}

    assert lines[submitted.pk].is_late and lines[submitted.pk].due == date(2022, 5, 20)
    assert not lines[cleared.pk].is_late and lines[cleared.pk].due == DEADLINE


def test_late_branches_come_first_and_those_held_last(tree, staff):
    plan_for(tree, ratification=date(2022, 7, 20))
    one, two, *_ = Congress.objects.order_by("pk")
    hold([one])
    Congress.objects.filter(pk=two.pk).update(state="reported")

    lines = seen(staff, date(2022, 7, 1)).lines

    assert lines[0].is_late
    assert lines[-1].congress_id in (one.pk, two.pk)


def test_the_ball_lies_with_the_committee_while_it_decides(tree, staff):
    plan_for(tree)
    one = Congress.objects.order_by("pk").first()
    Congress.objects.filter(pk=one.pk).update(state="submitted")

    holders = {line.congress_id: line.holder for line in seen(staff).lines}

    assert holders.pop(one.pk) == tree.committee.committee
    assert set(holders.values()) == {"Chi bộ"}


def test_branches_that_no_plan_covers_are_counted(tree, staff):
    plan_for(tree)
    make_organization(tree.committee)

    assert seen(staff).without_congress == 1


def test_a_branch_under_a_plan_of_another_term_is_not_without_one(tree, staff):
    plan_for(tree)
    apart = make_organization(tree.committee)
    Congress.objects.filter(organization=tree.branch).update(term_label="2025-2028")

    assert apart.pk and seen(staff).without_congress == 1


def test_committees_are_set_side_by_side(tree):
    other = make_organization(tree.bloc, node_type="grassroots", name="Đảng bộ Sở Xây dựng", symbol="ĐU")
    make_organization(other)
    make_plan(tree.bloc, number=44, deadlines={"window_closes": DEADLINE})
    hold(list(Congress.objects.filter(authority=tree.committee)))
    staff = make_user(Role.COMMITTEE_STAFF, tree.bloc)

    counts = [(one.name, held, total) for one, held, total in seen(staff).by_committee()]

    assert counts == [("Đảng bộ Sở Công Thương", 10, 10), ("Đảng bộ Sở Xây dựng", 0, 1)]
    assert seen(staff).multiples("?dang_bo=").title == "1/2 đảng bộ có tất cả chi bộ đã đại hội"


# ---- the page ----

PAGE = "congress:progress"


def test_the_page_keeps_its_filters_in_the_address(tree, staff):
    plan_for(tree)
    hold(list(Congress.objects.all())[:4])
    client = as_user(staff)

    closed = client.get(reverse(PAGE), {"buoc": "closed", "tinh_den": "30/5/2022"})
    late = client.get(reverse(PAGE), {"buoc": "tre", "tinh_den": "1/7/2022"})

    assert (len(closed.context["rows"]), len(late.context["rows"])) == (4, 10)  # who has met has not reported
    assert "4/10 chi bộ đã đại hội" in closed.content.decode()
    assert 'value="30/5/2022"' in closed.content.decode()


def test_a_day_that_cannot_be_read_is_said_at_its_field(tree, staff):
    plan_for(tree)

    page = as_user(staff).get(reverse(PAGE), {"tinh_den": "hôm qua"}).content.decode()

    assert "Ghi ngày theo dạng ngày/tháng/năm" in page


def test_a_secretary_sees_the_own_branch_only(tree):
    plan_for(tree)
    secretary = make_user(Role.SECRETARY, tree.branch)

    assert len(as_user(secretary).get(reverse(PAGE)).context["rows"]) == 1


def test_somebody_without_a_role_sees_nothing_and_is_told_why(tree):
    plan_for(tree)

    assert "Chưa có đại hội nào trong phạm vi" in as_user(make_user()).get(reverse(PAGE)).content.decode()


def test_ten_times_the_branches_cost_no_more_queries(django_assert_max_num_queries):
    def world(branches: int) -> Client:
        tree = make_tree(branches=0)
        for number in range(branches // 13):
            below = make_organization(tree.bloc, node_type="grassroots", name=f"Đảng bộ số {number}", symbol="ĐU")
            for _ in range(13):
                make_organization(below)
            make_plan(below, deadlines={"window_closes": DEADLINE})
        hold(list(Congress.objects.filter(organization__path__startswith=tree.bloc.path))[: branches // 5])
        client = as_user(make_user(Role.COMMITTEE_STAFF, tree.bloc))
        client.get(reverse(PAGE))
        return client

    few, many = world(26), world(260)
    with django_assert_max_num_queries(15) as small:
        few.get(reverse(PAGE))

    with django_assert_max_num_queries(len(small)) as large:
        answer = many.get(reverse(PAGE))

    assert len(large) == len(small)
    assert answer.context["seen"].total == 260


# ---- thousands of branches ----


def test_above_thousands_of_branches_what_lies_below_is_counted(tree, staff, monkeypatch):
    plan_for(tree)
    hold(list(Congress.objects.filter(authority=tree.committee))[:4])
    monkeypatch.setattr(rollup, "LINES", 5)
    above = as_user(make_user(Role.COMMITTEE_STAFF, tree.bloc))

    page = above.get(reverse(PAGE))

    (part,) = rollup.parts_of(tree.bloc, "2022-2025")
    assert (part.organization, part.held, part.total, part.ratified) == (tree.committee, 4, 10, 0)
    assert f"?thuoc={tree.committee.pk}" in page.content.decode()
    assert "4/10 chi bộ đã đại hội" in page.content.decode()


@pytest.mark.parametrize("day", [date(2022, 5, 18), date(2022, 5, 19), date(2022, 5, 30), date(2022, 6, 8), None])
def test_the_counts_of_whole_bodies_add_up_to_the_list_on_every_day(tree, day):
    """Held, ratified, opened later, stopped with its branch: the same congresses on both sides of the boundary."""
    other = make_organization(tree.bloc, node_type="grassroots", name="Đảng bộ Sở Xây dựng", symbol="ĐU")
    late = make_organization(other)
    plan_for(tree)
    plans = make_plan(other, number=23, issued_on=date(2022, 6, 7), deadlines={"window_closes": DEADLINE})
    held = list(Congress.objects.filter(authority=tree.committee).order_by("pk"))
    hold(held[:5], from_day=date(2022, 5, 28))
    for congress, ratified_on in ((held[0], date(2022, 5, 30)), (held[1], date(2022, 6, 9))):
        for state in ("reported", "ratified"):
            CongressStep.objects.create(congress=congress, state=state, entered_at=at(ratified_on, 9))
        Congress.objects.filter(pk=congress.pk).update(state="ratified", state_since=at(ratified_on, 9))
    Organization.objects.filter(pk__in=[held[2].organization_id, held[8].organization_id]).update(
        closed_on=date(2022, 6, 1)
    )
    assert late.congresses.get().plan == plans
    as_of = day or timezone.localdate()

    listed = overview(make_user(Role.COMMITTEE_STAFF, tree.bloc), "2022-2025", as_of=as_of)
    parts = rollup.parts_of(tree.bloc, "2022-2025", as_of=day)

    assert sum(part.total for part in parts) == listed.total
    assert sum(part.held for part in parts) == listed.held
    assert sum(part.ratified for part in parts) == listed.ratified
    assert {part.organization: part.total for part in parts} == {one: total for one, _, total in listed.by_committee()}


def test_the_counts_of_a_past_day_say_which_day_and_hand_it_on(tree, monkeypatch):
    plan_for(tree)
    hold(list(Congress.objects.all())[:4], from_day=date(2022, 5, 28))
    monkeypatch.setattr(rollup, "LINES", 5)
    above = as_user(make_user(Role.COMMITTEE_STAFF, tree.bloc))

    text = above.get(reverse(PAGE), {"tinh_den": "29/5/2022"}).content.decode()

    assert "2/10 chi bộ đã đại hội" in text and "tính đến chủ nhật, ngày 29/5/2022" in text
    assert f"tinh_den=29%2F5%2F2022&amp;thuoc={tree.committee.pk}" in text


def test_a_past_day_counts_a_branch_under_the_committee_above_it_then_by_its_name_then(tree):
    other = make_organization(tree.bloc, node_type="grassroots", name="Đảng bộ Sở Xây dựng", symbol="ĐU")
    make_plan(tree.bloc, number=44, deadlines={"window_closes": DEADLINE})
    administrator, bloc_staff = (
        make_user(Role.SYSTEM_ADMINISTRATOR, tree.bloc),
        make_user(Role.COMMITTEE_STAFF, tree.bloc),
    )
    day, ground = date(2022, 6, 20), services.Ground("10-QĐ/ĐUK", date(2022, 6, 15), date(2022, 6, 20), tree.bloc.pk)
    services.move(tree.branch.pk, other.pk, ground=ground, actor=administrator, at=at(day, 9))
    for place, name in ((other, "Đảng bộ Sở Xây dựng và Giao thông"), (tree.committee, "Đảng bộ Sở Công nghiệp")):
        services.rename(place.pk, name=name, ground=ground, actor=administrator, at=at(day, 10))

    def counted(on: date) -> dict[str, int]:
        listed = overview(bloc_staff, "2022-2025", as_of=on)
        return {one.name: total for one, _, total in listed.by_committee()}

    assert counted(date(2022, 6, 19)) == {"Đảng bộ Sở Công Thương": 10}
    assert counted(date(2022, 6, 20)) == {"Đảng bộ Sở Công nghiệp": 9, "Đảng bộ Sở Xây dựng và Giao thông": 1}


FIRST_DAYS = {"clearance": date(2022, 6, 10), "window_closes": DEADLINE}
TIGHTER_DAYS = {"clearance": date(2022, 5, 10), "window_closes": date(2022, 6, 1)}


def test_a_plan_issued_later_changes_nothing_of_a_past_day(tree):
    """The ordinary cascade: the plan of the committee takes over what that of the khối has opened."""
    above = make_plan(tree.bloc, number=44, issued_on=date(2022, 5, 4), deadlines=FIRST_DAYS)
    staff = make_user(Role.COMMITTEE_STAFF, tree.bloc)
    client = as_user(staff)

    def looked_back(on: date) -> tuple:
        found, shown = seen(staff, on), client.get(reverse(PAGE), {"tinh_den": f"{on:%-d/%-m/%Y}"}).context
        return found.total, found.late, found.deadline, found.starts_on, shown["problem"], shown["seen"].as_of

    before = looked_back(date(2022, 5, 12))
    make_plan(tree.committee, issued_on=date(2022, 5, 20), deadlines=TIGHTER_DAYS, based_on_id=above.pk)

    assert looked_back(date(2022, 5, 12)) == before == (10, 0, DEADLINE, date(2022, 5, 4), "", date(2022, 5, 12))
    assert looked_back(date(2022, 5, 19))[:3] == (10, 0, DEADLINE)
    assert looked_back(date(2022, 5, 20))[:3] == (10, 10, date(2022, 6, 1))
    assert "số liệu có từ 4/5/2022" in looked_back(date(2022, 5, 3))[4]
    assert set(FormerPlan.objects.values_list("plan", "until")) == {(above.pk, at(date(2022, 5, 20), 9))}


def test_a_hand_over_of_which_no_row_tells_goes_back_to_the_plan_carried_out(tree):
    above = make_plan(tree.bloc, number=44, issued_on=date(2022, 5, 4), deadlines=FIRST_DAYS)
    below = make_plan(tree.committee, issued_on=date(2022, 5, 20), deadlines=TIGHTER_DAYS, based_on_id=above.pk)
    branch = make_organization(tree.committee)
    congress = Congress.objects.create(
        organization=branch, authority=tree.committee, plan=below, term_label="2022-2025", state_since=at(START_DAY)
    )
    CongressStep.objects.create(congress=congress, state="preparing", entered_at=at(START_DAY))
    staff = make_user(Role.SECRETARY, branch)

    assert seen(staff, date(2022, 5, 19)).deadline == DEADLINE
    assert seen(staff, date(2022, 5, 20)).deadline == date(2022, 6, 1)


def test_a_branch_that_moved_went_by_the_plan_of_its_former_committee_until_that_day(tree):
    other = make_organization(tree.bloc, node_type="grassroots", name="Đảng bộ Sở Xây dựng", symbol="ĐU")
    plan_for(tree, issued_on=date(2022, 5, 4))
    make_plan(other, number=23, issued_on=date(2022, 5, 4), deadlines=TIGHTER_DAYS)
    administrator = make_user(Role.SYSTEM_ADMINISTRATOR, tree.bloc)
    day = date(2022, 5, 18)
    ground = services.Ground("10-QĐ/ĐUK", date(2022, 5, 16), day, tree.bloc.pk)
    services.move(tree.branch.pk, other.pk, ground=ground, actor=administrator, at=at(day, 9))
    secretary = make_user(Role.SECRETARY, tree.branch)

    assert [seen(secretary, date(2022, 5, number)).deadline for number in (17, 18)] == [DEADLINE, date(2022, 6, 1)]


def test_overdue_is_said_in_words_and_once(tree, staff):
    plan_for(tree, ratification=date(2022, 7, 1))
    one, two, *_ = Congress.objects.order_by("pk")
    hold([one, two])
    Congress.objects.filter(pk=two.pk).update(state="ratified")

    found = seen(staff, date(2022, 7, 4))

    assert found.late == 9
    assert found.late_words == "theo hạn của bước đang làm: 8 chưa đại hội, 1 đã đại hội, chưa chuẩn y"
    assert "quá hạn" not in found.finding


def test_an_organization_in_the_address_narrows_the_page_and_a_foreign_one_does_not(tree, staff):
    plan_for(tree)
    one = Congress.objects.first().organization
    client = as_user(staff)

    assert len(client.get(reverse(PAGE), {"thuoc": one.pk}).context["seen"].lines) == 1
    for foreign in ("999999", "x", "-1", "9" * 30):
        assert len(client.get(reverse(PAGE), {"thuoc": foreign}).context["seen"].lines) == 10
