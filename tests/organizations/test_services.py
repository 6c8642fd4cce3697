"""What the services of the tree refuse whatever page they are called from."""

import pytest

from accounts.errors import InvalidInput
from accounts.roles import Role
from congress.queries import deadlines_of
from congress.services import plans
from organizations import services
from tests.factories import START, give_role, make_admin, make_plan, make_root, make_tree, make_user

pytestmark = pytest.mark.django_db


def test_the_last_system_administrator_stays():
    admin = make_admin()

    with pytest.raises(InvalidInput, match="quản trị hệ thống cuối cùng"):
        services.revoke_role(admin.assignments.get().pk, actor=admin, at=START)


def test_one_of_two_system_administrators_may_go():
    admin = make_admin()
    second = make_user(Role.SYSTEM_ADMINISTRATOR, make_root())

    services.revoke_role(second.assignments.get().pk, actor=admin, at=START)

    assert second.assignments.get().revoked_at == START


def test_a_role_that_begins_later_is_not_granted_a_second_time_from_today():
    tree = make_tree()
    user = make_user()
    later = START.date().replace(year=2030)
    services.grant_role(user.pk, Role.SECRETARY, tree.branch.pk, actor=tree.admin, at=START, starts_on=later)

    with pytest.raises(InvalidInput, match="không cần giao lại"):
        give_role(user, Role.SECRETARY, tree.branch)


def test_a_code_is_given_once_under_whichever_parent():
    first, second = make_tree(), make_tree()
    code = first.branch.code

    with pytest.raises(InvalidInput, match="đã dùng cho tổ chức khác"):
        services.found_organization(
            parent_id=second.committee.pk,
            actor=second.admin,
            at=START,
            code=code,
            name="Chi bộ trùng mã",
            symbol="CB",
            node_type="branch",
        )


def test_an_amendment_of_an_amendment_counts():
    tree = make_tree()
    staff, approver = make_user(Role.COMMITTEE_STAFF, tree.committee), make_user(Role.APPROVER, tree.committee)
    first = make_plan(tree.committee, staff=staff, approver=approver, deadlines={"window_closes": _day(7, 30)})
    second = _amend(tree, first, staff, approver, number=23, closes=_day(8, 8))
    third = _amend(tree, second, staff, approver, number=24, closes=_day(9, 27))

    in_force = deadlines_of(first)["window_closes"]

    assert (in_force.due_on, in_force.plan, in_force.replaced) == (_day(9, 27), third, _day(8, 8))


def _day(month, day):
    return START.date().replace(month=month, day=day)


def _amend(tree, plan, staff, approver, *, number, closes):
    draft = plans.draft_plan(
        tree.committee.pk,
        subject="Sửa đổi kế hoạch",
        term_label=plan.term_label,
        amends_ids=[plan.pk],
        deadlines={"window_closes": closes},
        actor=staff,
        at=plan.recorded_at,
    )
    return plans.issue_plan(draft.pk, number=number, issued_on=plan.issued_on, actor=approver, at=plan.recorded_at)


def test_a_plan_rests_on_issued_plans_only():
    tree = make_tree()
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)
    draft = plans.draft_plan(tree.committee.pk, subject="Đại hội", term_label="2022-2025", actor=staff, at=START)

    with pytest.raises(InvalidInput) as refusal:
        plans.draft_plan(
            tree.committee.pk,
            subject="Đại hội",
            term_label="2022-2025",
            based_on_id=draft.pk,
            plan_id=draft.pk,
            actor=staff,
            at=START,
        )

    assert refusal.value.fields["based_on"] == ["Chỉ chọn được kế hoạch khác đã ban hành. Ban hành kế hoạch kia trước."]
