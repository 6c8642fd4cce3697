"""Acts on the tree: what each writes, what it refuses, and the tree of any past day."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from accounts import audit_trail
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from accounts.roles import Role
from organizations import queries, services
from organizations.authority import holds
from organizations.models import Membership, NodeType, Organization, Succession, TreeAct
from organizations.services import Ground, NewBody
from tests.factories import Tree, at, give_role, make_member, make_organization, make_tree, make_user

pytestmark = pytest.mark.django_db
DAY = date(2022, 9, 1)
NOW = at(date(2022, 9, 10))
OTHERS = {"node_type": NodeType.GRASSROOTS, "name": "Đảng bộ Sở Xây dựng", "committee_name": "Đảng ủy Sở Xây dựng"}


def ground(by: Organization, **changes: object) -> Ground:
    return replace(Ground("118-QĐ/ĐU", date(2022, 8, 25), DAY, by.pk), **changes)


@pytest.fixture
def tree() -> Tree:
    return make_tree(branches=3)


def fresh(one: Organization) -> Organization:
    return Organization.objects.get(pk=one.pk)


def rename(tree: Tree, branch: Organization, name: str, **changes: object) -> TreeAct:
    return services.rename(branch.pk, name=name, ground=ground(tree.committee, **changes), actor=tree.admin, at=NOW)


def move(tree: Tree, what: Organization, to: Organization, by: Organization, **changes: object) -> TreeAct:
    return services.move(what.pk, to.pk, ground=ground(by, **changes), actor=tree.admin, at=NOW)


def as_it_was(one: Organization, day: date) -> queries.PastNode | None:
    return next((node for node in queries.tree_on(day) if node.pk == one.pk), None)


# ---- renaming and converting ----


def test_a_former_name_stays_with_its_days_and_the_act(tree):
    before = tree.branch.name

    act = rename(tree, tree.branch, "Chi bộ Thanh tra")

    names = [(one.name, one.starts_on, one.ends_on, one.act) for one in tree.branch.names.order_by("pk")]
    assert names == [(before, None, DAY, None), ("Chi bộ Thanh tra", DAY, None, act)]
    assert fresh(tree.branch).search_name.startswith("chi bo thanh tra")
    assert (act.kind, act.decided_by, list(act.organizations.all())) == ("rename", tree.committee, [tree.branch])
    assert act.details["lines"] == [{"label": "Tên tổ chức", "old": before, "new": "Chi bộ Thanh tra"}]
    assert AuditEvent.objects.all()[0].action == "organization.renamed"


def test_the_name_of_a_day_is_the_one_in_force_that_day(tree):
    before = tree.branch.name
    rename(tree, tree.branch, "Chi bộ Thanh tra")

    assert [as_it_was(tree.branch, day).name for day in (date(2022, 8, 31), DAY)] == [before, "Chi bộ Thanh tra"]


def test_a_second_name_before_the_first_one_is_refused(tree):
    rename(tree, tree.branch, "Chi bộ Thanh tra")

    with pytest.raises(InvalidInput, match="theo thứ tự thời gian"):
        rename(tree, tree.branch, "Chi bộ Văn phòng", effective_on=DAY)

    assert TreeAct.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"effective_on": date(2022, 9, 11)}, "effective_on", "ghi việc này vào ngày quyết định có hiệu lực"),
        ({"decided_on": date(2022, 9, 11)}, "decided_on", "không thể sau hôm nay"),
        ({"decision": " "}, "decision", "Ghi số quyết định"),
        ({"decided_by_id": 0}, "decided_by", "phải là cấp trên"),
    ],
)
def test_a_ground_that_does_not_hold_is_refused_at_its_field(tree, changes, field, says):
    with pytest.raises(InvalidInput) as refusal:
        rename(tree, tree.branch, "Chi bộ Thanh tra", **changes)

    assert says in refusal.value.fields[field][0]


def test_a_branch_becomes_one_of_the_grassroots_when_its_parent_allows(tree):
    upper = make_organization(tree.bloc, node_type=NodeType.UPPER, name="Đảng bộ Bộ")
    below = make_organization(upper, node_type=NodeType.GRASSROOTS_BRANCH, committee_name="Chi ủy")

    services.convert(
        below.pk, node_type=NodeType.GRASSROOTS, ground=ground(upper), actor=tree.admin, at=NOW, symbol="ĐU"
    )

    kinds = [as_it_was(below, day).node_type for day in (date(2022, 8, 31), DAY)]
    assert kinds == [NodeType.GRASSROOTS_BRANCH, NodeType.GRASSROOTS]
    assert fresh(below).symbol == "ĐU"


def test_a_committee_with_branches_does_not_become_a_branch(tree):
    with pytest.raises(InvalidInput, match="Còn Chi bộ"):
        services.convert(
            tree.committee.pk, node_type=NodeType.GRASSROOTS_BRANCH, ground=ground(tree.bloc), actor=tree.admin, at=NOW
        )


# ---- moving ----


def test_a_moved_committee_takes_everything_below_along(tree):
    other = make_organization(tree.bloc, node_type=NodeType.UPPER, name="Đảng bộ cấp trên")
    team = make_organization(tree.branch, node_type=NodeType.TEAM)

    act = move(tree, tree.committee, other, tree.bloc)

    committee, branch, team = fresh(tree.committee), fresh(tree.branch), fresh(team)
    assert committee.path == f"{fresh(other).path}{committee.pk}/"
    assert (branch.path, branch.depth) == (f"{committee.path}{branch.pk}/", committee.depth + 1)
    assert (team.path, team.depth) == (f"{branch.path}{team.pk}/", branch.depth + 1)
    assert (branch.parent_id, team.parent_id) == (committee.pk, branch.pk)
    dated = [(one.parent_id, one.ends_on, one.act) for one in committee.parents.order_by("starts_on")]
    assert dated == [(tree.bloc.pk, DAY, None), (other.pk, None, act)]


def test_several_of_one_parent_move_by_one_decision_when_their_khoi_ends(tree):
    """2025: the đảng bộ of a khối go to the đảng bộ of the province's people's committee, then the khối is closed."""
    other = make_organization(tree.bloc, **OTHERS)
    upper = make_organization(tree.bloc.parent, node_type=NodeType.UPPER, name="Đảng bộ Ủy ban nhân dân tỉnh")
    said = Ground("1-QĐ/TU", date(2025, 6, 20), date(2025, 7, 1), tree.bloc.parent.pk)
    how = {"ground": said, "actor": tree.admin, "at": at(date(2025, 7, 2))}

    act = services.move(tree.committee.pk, upper.pk, together_with=[other.pk], **how)
    services.close(tree.bloc.pk, **how)

    assert [fresh(one).parent for one in (tree.committee, other)] == [upper, upper]
    assert fresh(tree.branch).path.startswith(fresh(upper).path)
    assert act.organizations.count() == 4
    assert fresh(tree.bloc).closed_on == date(2025, 7, 1)
    assert as_it_was(tree.committee, date(2025, 6, 30)).parent_id == tree.bloc.pk
    with pytest.raises(InvalidInput, match="không trực thuộc"):
        services.move(tree.branch.pk, other.pk, together_with=[tree.committee.pk], **how)


def test_rights_follow_the_branch_to_its_new_superior(tree):
    other = make_organization(tree.bloc, **OTHERS)
    old, new = make_user(Role.COMMITTEE_STAFF, tree.committee), make_user(Role.COMMITTEE_STAFF, other)

    move(tree, tree.branch, other, tree.bloc)

    branch = fresh(tree.branch)
    reloaded = [User.objects.get(pk=one.pk) for one in (old, new)]
    assert [holds(one, [Role.COMMITTEE_STAFF], branch) for one in reloaded] == [False, True]
    assert [branch in queries.visible_to(one) for one in reloaded] == [False, True]


def test_the_record_of_events_comes_along_and_stays_with_who_was_superior_then(tree):
    other = make_organization(tree.bloc, **OTHERS)
    upper = make_organization(tree.bloc, node_type=NodeType.UPPER)
    rename(tree, tree.branch, "Chi bộ Thanh tra")
    old, new, above = (make_user(Role.COMMITTEE_STAFF, one) for one in (tree.committee, other, upper))
    secretary = make_user(Role.SECRETARY, tree.branch)

    def reads(user: User) -> bool:
        events = audit_trail.visible_to(User.objects.get(pk=user.pk))
        return events.filter(action="organization.renamed").exists()

    before = [reads(one) for one in (secretary, old, new, above)]
    move(tree, tree.branch, other, tree.bloc, effective_on=date(2022, 9, 2))
    moved = [reads(one) for one in (secretary, old, new, above)]
    move(tree, fresh(other), upper, tree.bloc, effective_on=date(2022, 9, 3))
    moved_again = [reads(one) for one in (secretary, old, new, above)]
    move(tree, fresh(tree.branch), tree.committee, tree.bloc, effective_on=date(2022, 9, 4))

    assert before == [True, True, False, False]
    assert moved == [True, True, True, False]
    assert moved_again == [True, True, True, True]
    assert [reads(one) for one in (secretary, old, new, above)] == [True, True, False, False]


def test_moving_takes_the_right_at_both_parents(tree):
    other = make_organization(tree.bloc, **OTHERS)
    only_here = make_user(Role.COMMITTEE_STAFF, tree.committee)

    with pytest.raises(NotAllowed):
        services.move(tree.branch.pk, other.pk, ground=ground(tree.committee), actor=only_here, at=NOW)
    give_role(only_here, Role.COMMITTEE_STAFF, other)
    services.move(tree.branch.pk, other.pk, ground=ground(tree.committee), actor=only_here, at=NOW)

    assert fresh(tree.branch).parent == other


def test_nothing_moves_below_itself_below_what_it_does_not_fit_or_where_it_is(tree):
    upper = make_organization(tree.bloc, node_type=NodeType.UPPER)
    inside = make_organization(upper, node_type=NodeType.UPPER)
    for what, to, says in (
        (upper, inside, "nằm trong"),
        (tree.branch, tree.bloc, "không đặt trực tiếp dưới"),
        (tree.branch, tree.branches[1], "dưới chi bộ chỉ có tổ đảng"),
        (tree.branch, tree.committee, "đang trực thuộc"),
        (tree.bloc.parent, tree.bloc, "đứng đầu cây tổ chức"),
    ):
        with pytest.raises(InvalidInput, match=says):
            move(tree, what, to, what.parent or what)

    assert TreeAct.objects.count() == 0


def test_a_parent_that_is_only_known_since_it_was_typed_reaches_back(tree):
    """Entered in January 2022 without a founding day; in 2019 it was moved."""
    other = make_organization(tree.bloc, **OTHERS)

    move(tree, tree.branch, other, tree.bloc, effective_on=date(2019, 5, 1), decided_on=date(2019, 4, 1))

    before, after = (as_it_was(tree.branch, day).parent_id for day in (date(2019, 4, 30), date(2019, 5, 1)))
    assert (before, after) == (tree.committee.pk, other.pk)
    rows = tree.branch.parents.order_by("starts_on")
    assert all(one.ends_on is None or one.starts_on < one.ends_on for one in rows)


def test_who_decides_over_a_branch_is_found_for_today_and_for_a_past_day(tree):
    subdivision = make_organization(tree.committee, node_type=NodeType.SUBDIVISION)
    branch = make_organization(subdivision)
    other = make_organization(tree.bloc, **OTHERS)

    move(tree, branch, other, tree.bloc)

    branch = fresh(branch)
    assert queries.authority_over(branch) == other
    assert queries.authority_over(branch, on=date(2022, 8, 31)) == tree.committee
    assert queries.authority_over(branch, on=DAY) == other
    assert queries.authority_over(Organization.objects.get(parent=None)) is None


# ---- splitting, merging, consolidating, closing ----


def new_body(**changes: object) -> NewBody:
    return replace(NewBody(code="VP2", name="Chi bộ Văn phòng 2", symbol="CB"), **changes)


def test_a_branch_that_goes_on_gives_members_and_their_posts_to_the_new_one(tree):
    stays, goes = make_member(tree.branch), make_member(tree.branch, joined_on=date(2020, 1, 1))
    secretary = make_user(Role.SECRETARY, tree.branch)
    goes.user = secretary
    goes.save()
    tree.branch.posts.create(member=goes, post="secretary", starts_on=date(2020, 2, 1))

    act = services.split(
        tree.branch.pk,
        bodies=[new_body(members=[goes.pk])],
        continues=True,
        carries_ordinal=False,
        ground=ground(tree.committee),
        actor=tree.admin,
        at=NOW,
    )

    made = Organization.objects.get(code="VP2")
    goes.refresh_from_db()
    assert (made.parent, made.founded_on, made.node_type) == (tree.committee, DAY, NodeType.BRANCH)
    assert (goes.organization, goes.joined_on, stays.organization) == (made, DAY, tree.branch)
    kept = Membership.objects.get()
    assert (kept.organization, kept.starts_on, kept.ends_on) == (tree.branch, date(2020, 1, 1), DAY)
    assert tree.branch.posts.get().ends_on == DAY
    assert secretary.assignments.get().revoked_at == NOW
    link = Succession.objects.get()
    assert (link.predecessor, link.successor, link.carries_ordinal, link.act) == (tree.branch, made, False, act)
    assert fresh(tree.branch).closed_on is None
    assert AuditEvent.objects.all()[0].action == "organization.divided"


def test_a_branch_that_ends_is_split_into_two_at_least_and_leaves_nobody_behind(tree):
    first, second = make_member(tree.branch), make_member(tree.branch)
    how = {"continues": False, "ground": ground(tree.committee), "actor": tree.admin, "at": NOW}

    with pytest.raises(InvalidInput, match="từ hai tổ chức mới"):
        services.split(tree.branch.pk, bodies=[new_body(members=[first.pk, second.pk])], **how)
    halves = [new_body(members=[first.pk]), new_body(code="VP3", name="Chi bộ Văn phòng 3")]
    with pytest.raises(InvalidInput, match="còn 1 đảng viên"):
        services.split(tree.branch.pk, bodies=halves, **how)
    assert not Organization.objects.filter(code="VP2").exists()
    services.split(tree.branch.pk, bodies=[halves[0], replace(halves[1], members=[second.pk])], **how)

    assert fresh(tree.branch).closed_on == DAY
    assert [as_it_was(tree.branch, day) is None for day in (date(2022, 8, 31), DAY)] == [False, True]
    assert sorted(one.successor.code for one in tree.branch.successions.all()) == ["VP2", "VP3"]


def test_a_committee_is_split_with_the_branches_that_go_along(tree):
    services.split(
        tree.committee.pk,
        bodies=[new_body(name="Đảng bộ Sở Năng lượng", symbol="ĐU", children=[tree.branches[2].pk])],
        continues=True,
        ground=ground(tree.bloc),
        actor=tree.admin,
        at=NOW,
    )

    made = Organization.objects.get(code="VP2")
    assert fresh(tree.branches[2]).path == f"{made.path}{tree.branches[2].pk}/"
    assert queries.authority_over(fresh(tree.branches[2])) == made


def test_a_merged_branch_ends_and_its_members_go_over(tree):
    source, into = tree.branches[:2]
    member = make_member(source)
    clerk = make_user(Role.CLERK, source)

    services.merge(source.pk, into.pk, ground=ground(tree.committee), actor=tree.admin, at=NOW)

    member.refresh_from_db()
    assert member.organization == into
    assert fresh(source).closed_on == DAY
    assert clerk.assignments.get().revoked_at == NOW
    assert source.successions.get().successor == into
    assert source.parents.get().ends_on == source.names.get().ends_on == DAY


def test_a_branch_does_not_merge_into_a_committee(tree):
    with pytest.raises(InvalidInput, match="chi bộ sáp nhập với chi bộ"):
        services.merge(tree.branch.pk, tree.committee.pk, ground=ground(tree.committee), actor=tree.admin, at=NOW)


def test_committees_are_merged_with_all_their_branches(tree):
    other = make_organization(tree.bloc, **OTHERS)
    below = make_organization(other)

    services.merge(other.pk, tree.committee.pk, ground=ground(tree.bloc), actor=tree.admin, at=NOW)

    assert fresh(below).path == f"{tree.committee.path}{below.pk}/"
    assert fresh(other).closed_on == DAY


def test_several_branches_become_one_new_one(tree):
    people = [make_member(one) for one in tree.branches]

    services.consolidate(
        tree.branch.pk,
        others=[one.pk for one in tree.branches[1:]],
        body=new_body(name="Chi bộ Khối văn phòng"),
        carries={tree.branches[2].pk: False},
        ground=ground(tree.committee),
        actor=tree.admin,
        at=NOW,
    )

    made = Organization.objects.get(code="VP2")
    assert made.members.count() == len(people)
    assert all(fresh(one).closed_on == DAY for one in tree.branches)
    assert [one.carries_ordinal for one in made.origins.order_by("predecessor")] == [None, None, False]
    act = TreeAct.objects.get()
    assert act.organizations.count() == 4
    assert any("không tính tiếp từ" in note for note in act.details["notes"])


def test_what_still_has_members_or_branches_is_not_closed(tree):
    make_member(tree.branch)
    for what, says in ((tree.branch, "còn 1 đảng viên"), (tree.committee, "còn tổ chức trực thuộc")):
        with pytest.raises(InvalidInput, match=says):
            services.close(what.pk, ground=ground(what.parent), actor=tree.admin, at=NOW)


def test_a_closed_branch_takes_no_further_act(tree):
    services.close(tree.branch.pk, ground=ground(tree.committee), actor=tree.admin, at=NOW)

    with pytest.raises(InvalidInput, match="đã kết thúc hoạt động"):
        rename(tree, tree.branch, "Chi bộ Thanh tra")


def test_founding_by_a_decision_is_an_act_and_entering_what_exists_is_none(tree):
    made = services.found_organization(
        parent_id=tree.committee.pk,
        actor=tree.admin,
        at=NOW,
        code="MOI",
        name="Chi bộ mới",
        symbol="CB",
        node_type=NodeType.BRANCH,
        founded_on=DAY,
        founding_decision="12-QĐ/ĐU",
    )

    act = TreeAct.objects.get()
    assert (act.kind, act.effective_on, list(act.organizations.all())) == ("found", DAY, [made])
    assert made.parents.get().act == made.names.get().act == act


def test_an_act_is_seen_by_those_who_see_an_organization_it_concerns(tree):
    act = rename(tree, tree.branch, "Chi bộ Thanh tra")
    own, sibling = make_user(Role.SECRETARY, tree.branch), make_user(Role.SECRETARY, tree.branches[1])

    assert [list(queries.acts_visible_to(one)) for one in (own, sibling)] == [[act], []]


def test_the_tree_of_every_day_is_the_one_that_was_written_down_that_day(tree):
    """Forty acts at random, each on a day of its own; a notebook kept beside them, and the rows asked afterwards."""
    chance = random.Random(2025)  # noqa: S311  (which act comes next)
    committees = [tree.committee, *(make_organization(tree.bloc, node_type=NodeType.GRASSROOTS) for _ in range(2))]
    branches = [*tree.branches, *(make_organization(chance.choice(committees)) for _ in range(5))]
    notebook = {one.pk: (one.name, one.parent_id) for one in Organization.objects.all()}
    pages = {DAY: dict(notebook)}
    day = DAY
    for number in range(40):
        day += timedelta(days=chance.randint(1, 20))
        one = fresh(chance.choice([branch for branch in branches if branch.pk in notebook]))
        what = {"ground": Ground(f"{number}-QĐ", day, day, tree.bloc.pk), "actor": tree.admin, "at": at(day, 12)}
        kind = chance.choice(("rename", "rename", "move", "move", "move", "split", "merge"))
        others = [branch for branch in branches if branch.pk in notebook and branch.pk != one.pk]
        if kind == "rename":
            services.rename(one.pk, name=f"Chi bộ lần {number}", **what)
            notebook[one.pk] = (f"Chi bộ lần {number}", one.parent_id)
        elif kind == "move":
            to = chance.choice([place for place in committees if place.pk != one.parent_id])
            services.move(one.pk, to.pk, **what)
            notebook[one.pk] = (notebook[one.pk][0], to.pk)
        elif kind == "split":
            services.split(one.pk, bodies=[new_body(code=f"M{number}")], continues=True, **what)
            branches.append(Organization.objects.get(code=f"M{number}"))
            notebook[branches[-1].pk] = ("Chi bộ Văn phòng 2", one.parent_id)
        elif len(others) > 2:
            services.merge(one.pk, chance.choice(others).pk, **what)
            del notebook[one.pk]
        pages[day] = dict(notebook)

    last = DAY
    for day, page in pages.items():
        for asked, written in ((day - timedelta(days=1), pages[last]), (day, page)):
            assert {one.pk: (one.name, one.parent_id) for one in queries.tree_on(asked)} == written, asked
        last = day


def test_the_tree_of_a_past_day_takes_three_queries(tree, django_assert_num_queries):
    rename(tree, tree.branch, "Chi bộ Thanh tra")

    with django_assert_num_queries(3):
        queries.tree_on(date(2022, 8, 31))
