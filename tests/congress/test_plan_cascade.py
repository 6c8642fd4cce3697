"""Khối → đảng ủy cơ sở → chi bộ: inheriting, tightening, amending; what is issued stands still."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.errors import IllegalTransition, InvalidInput, NotAllowed
from accounts.models import User
from accounts.roles import Role
from congress import policies, queries, rollup
from congress.amending import effect_of
from congress.deadlines import deadlines_of, too_loose
from congress.models import Congress, Coverage, DeadlineKind, Milestone, Plan, PlanDeadline, Reminder
from congress.plan_settings import settings_of, stations_of_plans
from congress.rules.timeline import Station, shipped
from congress.services import milestones, plans, reminding
from organizations import services as org_services
from organizations.models import NodeType
from organizations.services import Ground
from tests.factories import Tree, at, make_admin, make_organization, make_plan, make_root, make_tree, make_user

pytestmark = pytest.mark.django_db
ISSUED = date(2022, 5, 19)
HIGHER = {"papers": date(2022, 6, 10), "window_opens": date(2022, 6, 1), "window_closes": date(2022, 7, 30)}


@pytest.fixture
def tree() -> Tree:
    return make_tree(branches=2)


@pytest.fixture
def guiding(tree: Tree) -> Plan:
    return make_plan(
        tree.bloc, number=44, issued_on=date(2022, 4, 22), coverage=Coverage.GUIDING, deadlines=HIGHER,
        settings={"duration": "half_day", "personnel_steps": 3},
    )  # fmt: skip


def make_lower(tree: Tree, guiding: Plan, **fields: Any) -> Plan:
    return make_plan(tree.committee, number=22, based_on_id=guiding.pk, **fields)


def amendment(plan: Plan, *, number: int, on: date, deadlines: dict[str, date]) -> Plan:
    return make_plan(
        plan.organization, number=number, issued_on=on, coverage=Coverage.GUIDING, amends_ids=[plan.pk],
        based_on_id=plan.based_on_id, deadlines=deadlines, subject=f"sửa đổi {plan.notation}",
    )  # fmt: skip


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def page(user: User, name: str, *args: object) -> str:
    answer = as_user(user).get(reverse(f"congress:{name}", args=args))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


# ---- inheriting and tightening ----


def test_what_a_lower_plan_does_not_set_it_inherits_with_the_plan_that_set_it(tree, guiding):
    lower = make_lower(tree, guiding, deadlines={"papers": date(2022, 6, 8)}, settings={"personnel_steps": 5})

    found = deadlines_of(lower)
    settings = settings_of(lower)

    assert [(kind, one.due_on, one.plan) for kind, one in found.items()] == [
        ("papers", date(2022, 6, 8), lower),
        ("window_opens", HIGHER["window_opens"], guiding),
        ("window_closes", HIGHER["window_closes"], guiding),
    ]
    assert (settings["duration"].value, settings["duration"].plan) == ("half_day", guiding)
    assert (settings["personnel_steps"].shown, settings["personnel_steps"].plan) == ("5 bước", lower)
    assert (settings["contents"].shown, settings["contents"].plan) == ("chưa quy định", None)


@pytest.mark.parametrize(
    ("deadlines", "field"),
    [
        pytest.param({"papers": date(2022, 6, 11)}, "papers", id="a deadline a day later"),
        pytest.param({"window_closes": date(2022, 7, 31)}, "window_closes", id="a window that ends a day later"),
        pytest.param({"window_opens": date(2022, 5, 31)}, "window_opens", id="a window that begins a day earlier"),
        pytest.param({"window_closes": date(2022, 6, 9)}, "window_closes", id="a window before the inherited papers"),
    ],
)
def test_a_looser_day_is_refused_naming_both_plans(tree, guiding, deadlines, field):
    with pytest.raises(InvalidInput) as refused:
        make_lower(tree, guiding, deadlines=deadlines)

    assert list(refused.value.fields) == [field]
    assert not Plan.objects.filter(organization=tree.committee).exists()
    if field == "papers":
        assert "44-KH/ĐUK" in refused.value.fields[field][0] and "11/6/2022" in refused.value.fields[field][0]


def test_a_plan_drafted_before_the_one_above_was_tightened_is_not_issued(tree, guiding):
    staff, approver = make_user(Role.COMMITTEE_STAFF, tree.committee), make_user(Role.APPROVER, tree.committee)
    draft = plans.draft_plan(
        tree.committee.pk, subject="Đại hội", term_label="2022-2025", based_on_id=guiding.pk,
        deadlines={"window_closes": date(2022, 7, 20)}, actor=staff, at=at(ISSUED),
    )  # fmt: skip
    amendment(guiding, number=45, on=ISSUED, deadlines={"window_closes": date(2022, 7, 15)})

    with pytest.raises(InvalidInput) as refused:
        plans.issue_plan(draft.pk, number=22, issued_on=ISSUED, actor=approver, at=at(ISSUED, 10))

    assert list(refused.value.fields) == ["window_closes"]
    draft.refresh_from_db()
    assert draft.state == "draft"


# ---- a superior's plan that the lower one does not name ----


def test_a_plan_of_a_lower_committee_says_that_it_carries_out_the_plan_above(tree, guiding):
    staff, approver = make_user(Role.COMMITTEE_STAFF, tree.committee), make_user(Role.APPROVER, tree.committee)
    given = {"subject": "Đại hội", "term_label": "2022-2025", "actor": staff, "at": at(ISSUED)}
    early = plans.draft_plan(tree.committee.pk, **given | {"term_label": "2025-2027"})

    with pytest.raises(InvalidInput) as refused:
        plans.draft_plan(tree.committee.pk, deadlines={"window_closes": date(2022, 8, 30)}, **given)
    own_congress = plans.draft_plan(tree.committee.pk, coverage=Coverage.OWN, kind="delegates", **given)
    make_plan(tree.bloc, number=46, coverage=Coverage.GUIDING, term_label="2025-2027")
    with pytest.raises(InvalidInput) as not_issued:
        plans.issue_plan(early.pk, number=3, issued_on=ISSUED, actor=approver, at=at(ISSUED, 10))

    assert list(refused.value.fields) == list(not_issued.value.fields) == ["based_on"]
    assert "44-KH/ĐUK" in refused.value.fields["based_on"][0] and "46-KH/ĐUK" in not_issued.value.fields["based_on"][0]
    assert own_congress.based_on is None


def test_the_superiors_plan_is_chosen_beforehand_and_a_looser_day_names_neither_number_nor_dots(tree):
    term = f"{timezone.localdate().year}-{timezone.localdate().year + 3}"
    higher = make_plan(tree.bloc, number=44, coverage=Coverage.GUIDING, term_label=term, deadlines=HIGHER)
    make_plan(tree.committee, number=9, term_label=term)
    client = as_user(make_user(Role.COMMITTEE_STAFF, tree.committee))
    address = reverse("congress:draft_plan", args=[tree.committee.pk])

    shown = client.get(address).context["form"]
    answer = client.post(
        address,
        {
            "subject": "Đại hội",
            "term_label": term,
            "coverage": "branches",
            "based_on": higher.pk,
            "papers": "11/6/2022",
        },
    )

    assert shown.initial["based_on"] == higher.pk
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "11/6/2022 của kế hoạch này muộn hơn hạn 10/6/2022" in said and "…-KH" not in said


def test_a_plan_issued_before_the_one_above_counts_with_the_tighter_day(tree):
    loose = make_plan(tree.committee, deadlines={"papers": date(2022, 6, 20), "window_closes": date(2022, 7, 1)})
    before = deadlines_of(loose)["papers"].due_on
    guiding = make_plan(tree.bloc, number=44, coverage=Coverage.GUIDING, issued_on=date(2022, 5, 20), deadlines=HIGHER)

    found = {kind: (one.due_on, one.plan) for kind, one in deadlines_of(loose).items()}

    assert before == date(2022, 6, 20)
    assert found == {
        "papers": (HIGHER["papers"], guiding),
        "window_opens": (HIGHER["window_opens"], guiding),
        "window_closes": (date(2022, 7, 1), loose),
    }
    assert set(Milestone.objects.filter(key="papers_submitted").values_list("due_on", flat=True)) == {HIGHER["papers"]}
    assert list(too_loose(loose)) == ["papers"]
    shown = page(make_user(Role.COMMITTEE_STAFF, tree.bloc), "plan", guiding.pk)
    assert "Cấp dưới cần sửa kế hoạch" in shown and "chưa ghi thực hiện kế hoạch này" in shown
    assert "Chịu thời hạn của" in page(make_user(Role.COMMITTEE_STAFF, tree.committee), "plan", loose.pk)
    with pytest.raises(InvalidInput) as refused:
        amendment(loose, number=23, on=date(2022, 5, 21), deadlines={"papers": date(2022, 6, 11)})
    assert list(refused.value.fields) == ["papers"]


# ---- the plan of a chi bộ ----


def test_a_branch_plans_its_own_congress_under_the_plan_of_its_committee(tree, guiding):
    lower = make_lower(tree, guiding)
    secretary, clerk = make_user(Role.SECRETARY, tree.branch), make_user(Role.CLERK, tree.branch)
    given = {"subject": "Tổ chức đại hội chi bộ", "term_label": "2022-2025", "coverage": Coverage.OWN, "at": at(ISSUED)}

    with pytest.raises(InvalidInput) as without_basis:
        plans.draft_plan(tree.branch.pk, actor=clerk, **given)
    draft = plans.draft_plan(
        tree.branch.pk, actor=clerk, based_on_id=lower.pk, deadlines={"window_closes": date(2022, 7, 1)}, **given
    )
    with pytest.raises(NotAllowed):
        plans.issue_plan(draft.pk, number=10, issued_on=ISSUED, actor=clerk, at=at(ISSUED, 11))
    own = plans.issue_plan(draft.pk, number=10, issued_on=ISSUED, actor=secretary, at=at(ISSUED, 12))

    congress, other = (
        Congress.objects.get(organization=tree.branch),
        Congress.objects.get(organization=tree.branches[1]),
    )
    assert list(without_basis.value.fields) == ["based_on"]
    assert own.notation == "10-KH/CB"
    assert (congress.plan, other.plan) == (own, lower)
    assert deadlines_of(congress.plan)["window_closes"].due_on == date(2022, 7, 1)
    assert deadlines_of(congress.plan)["papers"].plan == guiding
    assert congress.milestones.get(key="branch_plan").done_on == ISSUED
    assert Congress.objects.count() == 2


def test_nobody_of_a_branch_plans_for_others(tree, guiding):
    secretary = make_user(Role.SECRETARY, tree.branch)
    given = {"subject": "Đại hội", "term_label": "2022-2025", "actor": secretary, "at": at(ISSUED)}

    for place in (tree.committee, tree.branches[1]):
        with pytest.raises(NotAllowed):
            plans.draft_plan(place.pk, coverage=Coverage.OWN, **given)
    with pytest.raises(InvalidInput):
        plans.draft_plan(tree.branch.pk, coverage=Coverage.BRANCHES, **given)


def test_the_secretary_drafts_on_the_page_what_is_known_already(tree, guiding):
    make_lower(tree, guiding)
    secretary = make_user(Role.SECRETARY, tree.branch)
    client = as_user(secretary)
    address = reverse("congress:draft_plan", args=[tree.branch.pk])

    shown = client.get(address).content.decode()
    lower = Plan.objects.get(number=22)
    answer = client.post(
        address, {"subject": "Tổ chức đại hội", "term_label": "2022-2025", "based_on": lower.pk, "duration": "half_day"}
    )

    assert 'value="2022-2025"' in shown and "Phạm vi" not in shown
    draft = Plan.objects.get(organization=tree.branch)
    assert answer.status_code == 302
    assert (draft.coverage, draft.based_on, draft.duration) == (Coverage.OWN, lower, "half_day")


# ---- presets and stations ----


def test_a_preset_fills_the_form_and_brings_its_lead_times(tree):
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)
    client = as_user(staff)
    address = reverse("congress:draft_plan", args=[tree.committee.pk])

    shown = client.get(address, {"mau": "thai-binh-2020"}).content.decode()
    client.post(
        address,
        {
            "subject": "Đại hội", "term_label": "2020-2025", "coverage": "branches", "preset": "thai-binh-2020",
            "personnel_steps": "5", "has_preliminary": "yes", "contents": "4",
        },
    )  # fmt: skip

    draft = Plan.objects.get()
    keeper, stations = stations_of_plans([draft])[draft.pk]
    offsets = {one.key: one.offset for one in stations}
    assert "Sở Công Thương Thái Bình" in shown and 'value="thai-binh-2020"' in shown
    assert (draft.personnel_steps, draft.has_preliminary, draft.contents) == (5, True, 4)
    assert keeper == draft
    assert offsets["papers_submitted"] == -28 and "personnel_5" in offsets and "preliminary" in offsets


def test_a_plans_own_stations_are_kept_inherited_and_given_up(tree, guiding):
    staff = make_user(Role.COMMITTEE_STAFF, tree.bloc)
    draft = plans.draft_plan(
        tree.bloc.pk, subject="Đợt sau", term_label="2025-2027", actor=staff, at=at(ISSUED), coverage=Coverage.GUIDING
    )
    rows = [
        Station("drafts", "Soạn văn kiện", "branch", "opening", -12),
        Station("held", "Đại hội", "presidium", "opening", 0, ("drafts",)),
    ]

    plans.keep_stations(draft.pk, rows, actor=staff, at=at(ISSUED))
    kept = stations_of_plans([draft])[draft.pk]
    plans.keep_stations(draft.pk, [], actor=staff, at=at(ISSUED))
    given_up = stations_of_plans([draft])[draft.pk]

    assert kept[0] == draft and [(one.key, one.offset, one.after) for one in kept[1]] == [
        ("drafts", -12, ()),
        ("held", 0, ("drafts",)),
    ]
    assert given_up[0] is None and len(given_up[1]) > 20
    with pytest.raises(IllegalTransition):
        plans.keep_stations(guiding.pk, rows, actor=staff, at=at(ISSUED))
    with pytest.raises(InvalidInput):
        plans.keep_stations(draft.pk, rows[:1], actor=staff, at=at(ISSUED))


def test_the_page_of_stations_changes_adds_and_drops_steps(tree):
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)
    draft = plans.draft_plan(tree.committee.pk, subject="Đợt", term_label="2022-2025", actor=staff, at=at(ISSUED))
    address = reverse("congress:plan_stations", args=[draft.pk])
    form = {"form-TOTAL_FORMS": "4", "form-INITIAL_FORMS": "2"}
    rows = [
        ("drafts", "Soạn dự thảo", "-12", ""),
        ("comments", "", "-5", ""),
        ("held", "Đại hội", "0", "1"),
        ("", "Thăm gia đình chính sách", "-2", "1"),
    ]
    for number, (key, title, offset, after) in enumerate(rows):
        form |= {
            f"form-{number}-key": key, f"form-{number}-title": title, f"form-{number}-owner": "branch",
            f"form-{number}-anchor": "opening", f"form-{number}-offset": offset, f"form-{number}-after": after,
        }  # fmt: skip

    answer = as_user(staff).post(address, form)

    assert answer.status_code == 302
    assert list(draft.stations.values_list("key", "title", "offset", "after")) == [
        ("drafts", "Soạn dự thảo", -12, []),
        ("held", "Đại hội", 0, ["drafts"]),
        ("buoc-4", "Thăm gia đình chính sách", -2, ["drafts"]),
    ]


# ---- which congresses go by a plan ----

LATER = "2025-2030"


def test_a_branch_that_came_after_the_plan_is_named_on_its_page_and_gets_its_congress_there(tree):
    plan = make_plan(tree.committee, term_label=LATER)
    lower = make_organization(tree.committee, node_type=NodeType.SUBDIVISION, name="Đảng bộ bộ phận Kho vận")
    founded = make_organization(lower, name="Chi bộ Kho số 2")
    staff, approver = make_user(Role.COMMITTEE_STAFF, tree.committee), make_user(Role.APPROVER, tree.committee)
    stranger = make_user(Role.COMMITTEE_STAFF, make_tree().committee)
    address = reverse("congress:open_missing", args=[plan.pk])

    before = page(staff, "plan", plan.pk)
    refused = as_user(stranger).post(address)
    told = as_user(staff).post(address)
    assert (told.status_code, Congress.objects.filter(organization=founded).count()) == (403, 0)
    with pytest.raises(NotAllowed):
        plans.open_missing(plan.pk, actor=staff, at=timezone.now())
    opened = as_user(approver).post(address)
    again = as_user(approver).post(address)

    assert policies.can_issue_plan(staff, tree.committee).reason in before
    assert "1 chi bộ chưa có đại hội nhiệm kỳ này" in before and founded.name in before
    congress = Congress.objects.get(organization=founded)
    assert (congress.plan, congress.authority, congress.term_label) == (plan, tree.committee, LATER)
    assert congress.milestones.count() == Congress.objects.exclude(pk=congress.pk).first().milestones.count()
    assert [step.state for step in congress.steps.all()] == ["preparing"]
    assert (refused.status_code, opened.status_code, again.status_code) == (404, 302, 409)
    assert "chưa có đại hội nhiệm kỳ này" not in page(staff, "plan", plan.pk)


def test_only_the_plan_nearest_to_a_new_branch_offers_to_open_its_congress(tree):
    higher = make_plan(tree.bloc, number=44, term_label=LATER)
    lower = make_plan(tree.committee, term_label=LATER, based_on_id=higher.pk)
    old = make_plan(tree.committee, term_label="2020-2022", number=7)
    draft = plans.draft_plan(tree.committee.pk, subject="Đợt", term_label="2030-2035",
                             actor=make_user(Role.COMMITTEE_STAFF, tree.committee), at=at(ISSUED))  # fmt: skip
    founded = make_organization(tree.committee)
    own = make_organization(tree.bloc, node_type=NodeType.GRASSROOTS_BRANCH)

    found = {plan.pk: queries.left_without_congress(plan, on=date(2026, 3, 1)) for plan in (higher, lower, old, draft)}

    assert found == {higher.pk: [own], lower.pk: [founded], old.pk: [], draft.pk: []}


def test_a_plan_takes_over_what_goes_by_the_plan_of_a_former_superior_but_nothing_of_those_below(tree):
    elsewhere = make_tree()
    former = make_plan(elsewhere.committee, number=9)
    lower = make_plan(tree.committee, number=5)
    moved, kept = Congress.objects.get(organization=elsewhere.branch), Congress.objects.filter(plan=lower)
    to = make_organization(tree.bloc, node_type=NodeType.GRASSROOTS, committee_name="Đảng ủy Sở Y tế")
    day = date(2022, 5, 20)
    ground = Ground("118-QĐ/ĐU", day, day, make_root().pk)
    org_services.move(elsewhere.branch.pk, to.pk, ground=ground, actor=make_admin(), at=at(day))

    plan = make_plan(tree.bloc, number=44, issued_on=date(2022, 5, 23))

    moved.refresh_from_db()
    assert former != moved.plan == plan
    assert kept.count() == 2


# ---- amending ----


def test_an_amendment_shows_each_deadline_old_to_new_before_and_for_ever(tree, guiding):
    lower = make_lower(tree, guiding, deadlines={"window_closes": date(2022, 7, 20)})
    staff, approver = make_user(Role.COMMITTEE_STAFF, tree.committee), make_user(Role.APPROVER, tree.committee)
    draft = plans.draft_plan(
        tree.committee.pk, subject="sửa đổi", term_label="2022-2025", coverage=Coverage.GUIDING,
        based_on_id=guiding.pk, amends_ids=[lower.pk], deadlines={"window_closes": date(2022, 7, 25)},
        actor=staff, at=at(date(2022, 6, 1)),
    )  # fmt: skip
    secretary = make_user(Role.SECRETARY, tree.branch)
    Congress.objects.filter(organization=tree.branch).update(planned_for=at(date(2022, 7, 28), 14))
    Congress.objects.filter(organization=tree.branches[1]).update(state="closed")

    before = page(approver, "issue_plan", draft.pk)
    plans.issue_plan(draft.pk, number=23, issued_on=date(2022, 6, 1), actor=approver, at=at(date(2022, 6, 1), 9))
    again = amendment(lower, number=24, on=date(2022, 6, 10), deadlines={"window_closes": date(2022, 7, 22)})

    draft.refresh_from_db()
    shown = [(one.kind, one.old, one.new) for one in effect_of(draft).changes]
    assert shown == [("window_closes", date(2022, 7, 20), date(2022, 7, 25))]
    assert [(one.old, one.new) for one in effect_of(again).changes] == [(date(2022, 7, 25), date(2022, 7, 22))]
    for words in ("20/7/2022", "25/7/2022", tree.branch.name, "dự kiến 28/7/2022", "1 đại hội đã qua bước đó"):
        assert words in before
    assert "20/7/2022" in page(staff, "plan", draft.pk)
    congress = Congress.objects.get(organization=tree.branch)
    notice = page(secretary, "detail", congress.pk)
    assert "24-KH/ĐU đã đổi hạn" in notice and "25/7/2022" in notice and "22/7/2022" in notice


def test_an_amendment_above_reaches_below_and_names_the_plans_left_too_loose(tree, guiding):
    lower = make_lower(tree, guiding, deadlines={"window_closes": date(2022, 7, 20)})
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)
    higher_staff = make_user(Role.COMMITTEE_STAFF, tree.bloc)

    new = amendment(
        guiding, number=45, on=ISSUED, deadlines={"window_closes": date(2022, 7, 15), "papers": date(2022, 6, 5)}
    )
    effect = effect_of(new)

    assert [(one.plan, one.kind, one.new) for one in effect.changes] == [
        (guiding, "papers", date(2022, 6, 5)),
        (guiding, "window_closes", date(2022, 7, 15)),
    ]
    assert [(one.plan, one.kind, one.old) for one in effect.lower] == [
        (lower, "papers", HIGHER["papers"]),
        (lower, "window_closes", date(2022, 7, 20)),
    ]
    in_force = deadlines_of(lower)["window_closes"]  # the earlier day counts at once, whatever the lower plan says
    assert (in_force.due_on, in_force.plan, in_force.replaced) == (date(2022, 7, 15), new, date(2022, 7, 20))
    assert [plan for plan, _ in effect.to_mend] == [lower]
    assert list(too_loose(lower)) == ["window_closes"]
    assert len(effect.congresses) == 2
    assert "Kế hoạch này cần sửa" in page(staff, "plan", lower.pk)
    assert "Cấp dưới cần sửa kế hoạch" in page(higher_staff, "plan", guiding.pk)
    assert "Kế hoạch cấp dưới cần sửa" in page(higher_staff, "plan", new.pk)


def test_what_a_chi_bo_inherits_from_a_plan_left_too_loose_is_not_its_own_fault(tree, guiding):
    lower = make_lower(tree, guiding, deadlines={"window_closes": date(2022, 7, 20)})
    secretary = make_user(Role.SECRETARY, tree.branch)
    own = make_plan(tree.branch, number=5, coverage=Coverage.OWN, based_on_id=lower.pk, staff=secretary,
                    approver=secretary)  # fmt: skip
    amendment(guiding, number=45, on=ISSUED, deadlines={"window_closes": date(2022, 7, 15)})

    assert (list(too_loose(lower)), too_loose(own)) == (["window_closes"], {})
    assert deadlines_of(own)["window_closes"].due_on == date(2022, 7, 15)


# ---- what stays as it was, and who is told ----


def news_of(user: User) -> list[tuple[str, str]]:
    return list(Reminder.objects.filter(user=user).order_by("pk").values_list("sentence", "url"))


def test_an_amendment_keeps_only_the_days_that_it_changes(tree, guiding):
    lower = make_lower(tree, guiding, deadlines={"window_closes": date(2022, 7, 20), "papers": date(2022, 6, 8)})
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)

    new = amendment(
        lower,
        number=23,
        on=date(2022, 6, 1),
        deadlines=HIGHER | {"window_closes": date(2022, 7, 25), "papers": date(2022, 6, 8)},
    )

    assert {row.kind: row.due_on for row in new.deadlines.all()} == {"window_closes": date(2022, 7, 25)}
    shown = page(staff, "plan", new.pk)
    assert shown.count("ngày cũ </span>") == 1 and "22-KH/ĐU" in shown


def test_who_drafts_an_amendment_is_told_which_days_it_leaves_as_they_are(tree, guiding):
    lower = make_lower(tree, guiding, deadlines={"window_closes": date(2022, 7, 20), "papers": date(2022, 6, 8)})
    client, address = (
        as_user(make_user(Role.COMMITTEE_STAFF, tree.committee)),
        reverse("congress:amend_plan", args=[lower.pk]),
    )
    given = {"subject": "sửa đổi", "term_label": "2022-2025", "coverage": "branches", "amends": [lower.pk]}

    told = client.post(address, given | {"window_closes": "20/7/2022", "papers": "7/6/2022"}, follow=True)
    silent = client.post(address, given | {"papers": "7/6/2022"}, follow=True)

    sentence = f"những ngày đang có hiệu lực sẵn: {DeadlineKind.WINDOW_CLOSES.label.lower()}. Nếu"
    assert sentence in told.content.decode() and "đang có hiệu lực sẵn" not in silent.content.decode()


def test_days_stored_although_unchanged_are_not_shown_as_changed(tree, guiding):
    lower = make_lower(tree, guiding, deadlines={"window_closes": date(2022, 7, 20)})
    staff, approver = make_user(Role.COMMITTEE_STAFF, tree.committee), make_user(Role.APPROVER, tree.committee)
    new = plans.draft_plan(
        tree.committee.pk, subject="sửa đổi", term_label="2022-2025", coverage=Coverage.GUIDING, amends_ids=[lower.pk],
        deadlines={"papers": date(2022, 6, 7)}, actor=staff, at=at(date(2022, 6, 1)),
    )  # fmt: skip
    PlanDeadline.objects.create(plan=new, kind="window_closes", due_on=date(2022, 7, 20))  # as older drafts did
    plans.issue_plan(new.pk, number=23, issued_on=date(2022, 6, 1), actor=approver, at=at(date(2022, 6, 1), 9))
    secretary = make_user(Role.SECRETARY, tree.branch)
    congress = Congress.objects.get(organization=tree.branch)

    found = deadlines_of(lower)["window_closes"]

    assert (found.plan, found.is_changed) == (lower, False)
    for shown in (
        page(staff, "plan", new.pk),
        page(secretary, "detail", congress.pk),
    ):
        assert shown.count("ngày cũ </span>") == 1  # of the papers alone


def test_issuing_an_amendment_tells_the_branches_and_committees_whose_days_change(tree, guiding):
    lower = make_lower(tree, guiding, deadlines={"papers": date(2022, 6, 8)})
    secretary, done = make_user(Role.SECRETARY, tree.branch), make_user(Role.SECRETARY, tree.branches[1])
    staff, above = make_user(Role.COMMITTEE_STAFF, tree.committee), make_user(Role.COMMITTEE_STAFF, tree.bloc)
    foreign = make_tree()
    make_plan(foreign.committee)
    stranger = make_user(Role.SECRETARY, foreign.branch)
    Congress.objects.filter(organization=tree.branches[1]).update(state="closed")

    new = amendment(guiding, number=45, on=ISSUED, deadlines={"window_closes": date(2022, 7, 15)})
    again = amendment(lower, number=23, on=date(2022, 6, 1), deadlines={"papers": date(2022, 6, 7)})

    congress = Congress.objects.get(organization=tree.branch)
    mine = reverse("congress:detail", args=[congress.pk])
    assert news_of(secretary) == [
        (f"{congress.name}: thời hạn đổi theo Kế hoạch số 45-KH/ĐUK", mine),
        (f"{congress.name}: thời hạn đổi theo Kế hoạch số 23-KH/ĐU", mine),
    ]
    assert news_of(staff) == [
        (
            "Kế hoạch số 45-KH/ĐUK của Đảng ủy Khối Cơ quan tỉnh đổi thời hạn của 1 đại hội thuộc cấp ủy",
            reverse("congress:plan", args=[new.pk]),
        )
    ]
    assert (news_of(done), news_of(above), news_of(stranger)) == ([], [], [])
    assert not any("2022-07" in one or "15/7" in one for one, _ in news_of(secretary) + news_of(staff))
    assert effect_of(again).waiting == [congress]


def test_reminders_name_the_new_day_as_soon_as_the_amendment_is_issued(tree, guiding):
    lower = make_lower(tree, guiding, deadlines={"clearance": date(2022, 6, 13)})
    secretary, now = make_user(Role.SECRETARY, tree.branch), at(date(2022, 6, 8))
    reminding.remind(at=now)
    before = [one.due_on for one in Reminder.objects.filter(user=secretary, seen_at=None)]

    draft = plans.draft_plan(
        tree.committee.pk, subject="sửa đổi", term_label="2022-2025", coverage=Coverage.GUIDING,
        based_on_id=guiding.pk, amends_ids=[lower.pk], deadlines={"clearance": date(2022, 6, 10)},
        actor=make_user(Role.COMMITTEE_STAFF, tree.committee), at=now,
    )  # fmt: skip
    plans.issue_plan(draft.pk, number=31, issued_on=now.date(), actor=make_user(Role.APPROVER, tree.committee), at=now)

    waiting = Reminder.objects.filter(user=secretary, seen_at=None).exclude(level="notice")
    assert (before, [one.due_on for one in waiting]) == ([date(2022, 6, 13)], [date(2022, 6, 10)])


def test_the_page_of_a_plan_counts_and_names_what_goes_by_it_through_the_plans_below(tree, guiding):
    lower = make_lower(tree, guiding)
    new = amendment(guiding, number=45, on=ISSUED, deadlines={"window_closes": date(2022, 7, 15)})
    again = amendment(new, number=46, on=date(2022, 6, 1), deadlines={"window_closes": date(2022, 7, 16)})
    higher_staff, secretary = make_user(Role.COMMITTEE_STAFF, tree.bloc), make_user(Role.SECRETARY, tree.branch)

    for plan in (guiding, lower, new, again):
        shown = page(higher_staff, "plan", plan.pk)
        assert "0/2 đã đại hội" in shown and f"{tree.committee.name}: 2 đại hội" in shown, plan
        assert all(branch.name in shown for branch in tree.branches)
    shown = page(higher_staff, "plan", again.pk)
    assert "2 đại hội đã đổi thời hạn" in shown and "Đã đổi thời hạn" in shown
    own = page(secretary, "plan", new.pk)
    assert tree.branch.name in own and tree.branches[1].name not in own and "1 đại hội trong phạm vi" in own


def test_thousands_of_congresses_are_counted_on_the_page_of_a_plan_and_not_listed(tree, guiding, monkeypatch):
    make_lower(tree, guiding)
    new = amendment(guiding, number=45, on=ISSUED, deadlines={"window_closes": date(2022, 7, 15)})
    staff = make_user(Role.COMMITTEE_STAFF, tree.bloc)
    monkeypatch.setattr(rollup, "LINES", 1)

    for plan in (guiding, new):
        shown = page(staff, "plan", plan.pk)
        assert "0/2 đã đại hội" in shown and "2 đại hội trong phạm vi của đồng chí" in shown
        assert f"?nhiem_ky=2022-2025&amp;thuoc={tree.bloc.pk}" in shown
        assert tree.branch.name not in shown
    assert "2 đại hội đã đổi thời hạn" in shown


def test_issuing_an_amendment_counts_the_timelines_again(tree, guiding):
    lower = make_lower(tree, guiding)
    congress = Congress.objects.get(organization=tree.branch)
    before = congress.milestones.get(key="papers_submitted").due_on

    amendment(lower, number=23, on=date(2022, 5, 25), deadlines={"papers": date(2022, 6, 7)})

    assert before == HIGHER["papers"]
    assert congress.milestones.get(key="papers_submitted").due_on == date(2022, 6, 7)


@pytest.mark.parametrize("count", [1, 3])
def test_timelines_of_many_congresses_cost_no_more_queries_than_of_one(count, django_assert_num_queries):
    tree = make_tree(branches=3)
    make_plan(tree.committee)
    congresses = list(Congress.objects.all()[:count])

    with django_assert_num_queries(8):
        milestones.lay_out(congresses)

    assert Milestone.objects.count() == 60


# ---- what is issued stands still ----


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        return True
    return False


def test_settings_and_stations_of_an_issued_plan_are_frozen_in_the_database(tree):
    staff, approver = make_user(Role.COMMITTEE_STAFF, tree.committee), make_user(Role.APPROVER, tree.committee)
    draft = plans.draft_plan(tree.committee.pk, subject="Đợt", term_label="2022-2025", actor=staff, at=at(ISSUED))
    plans.keep_stations(draft.pk, shipped()[:1] + (Station("held", "Đại hội", "presidium", "opening", 0),), actor=staff,
                        at=at(ISSUED))  # fmt: skip
    changes = {
        "duration": "'one_day'", "contents": "2", "has_preliminary": "true", "organising": "'none'",
        "personnel_steps": "5", "merges_review": "true",
    }  # fmt: skip
    statements = [f"UPDATE congress_plan SET {name} = {value} WHERE id = {draft.pk}" for name, value in changes.items()]  # noqa: S608  (our own)
    statements += [
        f"UPDATE congress_planstation SET title = 'x' WHERE plan_id = {draft.pk}",  # noqa: S608  (our own)
        f"DELETE FROM congress_planstation WHERE plan_id = {draft.pk}",  # noqa: S608  (our own)
    ]
    before = [refused(statement) for statement in statements[:-1]]
    for name in changes:
        Plan.objects.filter(pk=draft.pk).update(**{name: None})

    plans.issue_plan(draft.pk, number=1, issued_on=ISSUED, actor=approver, at=at(ISSUED, 9))

    assert before == [False] * len(before)
    assert [refused(statement) for statement in statements] == [True] * len(statements)
    columns, values = (
        'plan_id, key, title, owner, anchor, "offset", after, position',
        "'x', 'x', 'branch', 'opening', 0",
    )
    insert = f"INSERT INTO congress_planstation ({columns}) VALUES ({draft.pk}, {values}, '[]', 9)"  # noqa: S608  (our own)
    assert refused(insert)
    assert not refused(f"UPDATE congress_plan SET requirements = 'x' WHERE id = {draft.pk + 1000}")  # noqa: S608  (our own)
