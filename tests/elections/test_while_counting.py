"""Who may count, and what stands still from the first count to the seal."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.errors import IllegalTransition, InvalidInput, NotAllowed, NotReady
from accounts.models import AuditEvent
from accounts.roles import Role
from congress.services import sitting
from elections.services import counting, ledgers, ratifying, sealing, slates
from organizations import services as organization_services
from organizations.models import Member
from tests.factories import World, congress_at, give_role, make_user

pytestmark = pytest.mark.django_db


def _enter(world: World, actor) -> None:
    counting.submit_entry(world.count.pk, figures=world.figures(), actor=actor, at=world.when(0, 15))


def _without_tellers() -> World:
    """Counting has begun, and then the congress has no teller beside the head."""
    world = congress_at("counting")
    world.congress.officers.filter(office="teller").delete()
    return world


def test_the_role_alone_does_not_count_where_the_congress_elected_tellers():
    world = congress_at("counting")

    with pytest.raises(NotAllowed, match="do đại hội bầu"):
        _enter(world, make_user(Role.TELLER, world.branch))


def test_the_role_held_above_the_branch_does_not_count():
    world = _without_tellers()

    with pytest.raises(NotAllowed, match="vai trò"):
        _enter(world, make_user(Role.TELLER, world.committee))


def test_somebody_on_the_slate_does_not_count():
    world = _without_tellers()
    candidate = make_user(Role.TELLER, world.branch)
    Member.objects.filter(pk=world.slate()[0].pk).update(user=candidate)

    with pytest.raises(NotAllowed, match="danh sách bầu cử"):
        _enter(world, candidate)


def test_the_secretary_does_not_count_in_whatever_role_he_acts():
    world = _without_tellers()
    world.secretary.acting = give_role(world.secretary, Role.TELLER, world.branch)

    with pytest.raises(NotAllowed, match="Bí thư chi bộ không nhập"):
        _enter(world, world.secretary)


def test_nobody_whom_the_congress_did_not_elect_counts_even_where_the_board_is_short():
    world = _without_tellers()

    with pytest.raises(NotAllowed, match="do đại hội bầu"):
        _enter(world, make_user(Role.TELLER, world.branch))


def test_a_count_waits_for_two_of_the_board_who_can_sign_in():
    world = congress_at("slate_fixed")
    world.close_ledger()
    Member.objects.filter(pk=world.members[-2].pk).update(user=None)

    with pytest.raises(NotReady) as refused:
        counting.start_count(world.round.pk, actor=world.head_teller, at=world.when(0, 14, 50))

    assert "ít nhất hai đồng chí" in refused.value.gaps[0]


def test_the_secretary_does_not_head_the_board_in_whatever_role_he_acts():
    world = congress_at("counted")
    world.congress.officers.filter(office="head_teller").delete()
    Member.objects.filter(pk=world.members[2].pk).update(user=world.secretary)
    world.congress.officers.create(member=world.members[2], office="head_teller")
    give_role(world.secretary, Role.TELLER, world.branch)

    with pytest.raises(NotAllowed, match="Bí thư chi bộ không"):
        sealing.seal(world.round.pk, sheet_number=1, actor=world.secretary, at=world.when(0, 15, 20))
    with pytest.raises(NotAllowed, match="Bí thư chi bộ không"):
        counting.drop_count(world.count.pk, reasons="x", actor=world.secretary, at=world.when(0, 15, 20))


def test_the_secretary_is_not_elected_teller():
    world = congress_at("sitting")
    Member.objects.filter(pk=world.members[2].pk).update(user=world.secretary)

    with pytest.raises(InvalidInput, match="là bí thư nên không ở ban kiểm phiếu"):
        sitting.elect_officers(
            world.congress_id,
            subject="tellers",
            members={"head_teller": [world.members[2].pk]},
            in_favour=world.present(),
            actor=world.secretary,
            at=world.when(0, 14, 20),
        )


def test_the_head_types_only_where_two_others_cannot():
    world = congress_at("sitting", members=8)
    second = make_user(Role.TELLER, world.branch)
    Member.objects.filter(pk=world.members[4].pk).update(user=second)
    world._elect(
        "tellers",
        {"head_teller": [world.members[-1].pk], "teller": [world.members[-2].pk, world.members[4].pk]},
        world.when(0, 14, 20),
    )
    world.slate_fixed()
    world.counting()

    with pytest.raises(NotAllowed, match="Trưởng ban kiểm phiếu xác nhận kết quả nên không nhập số liệu"):
        _enter(world, world.head_teller)
    _enter(world, second)


def test_the_roll_stands_still_while_ballots_are_out_even_after_a_recount_is_asked():
    world = congress_at("counted")
    row = world.congress.attendances.first()
    counting.drop_count(world.count.pk, reasons="Đếm lại", actor=world.head_teller, at=world.when(0, 15, 5))

    with pytest.raises(IllegalTransition, match="danh sách có mặt giữ nguyên"):
        sitting.excuse_absence(row.pk, reason="Đi công tác", actor=world.secretary, at=world.when(0, 15, 6))
    with pytest.raises(IllegalTransition, match="danh sách có mặt giữ nguyên"):
        sitting.take_roll(world.congress_id, {row.pk: "absent"}, actor=world.secretary, at=world.when(0, 15, 6))


def test_a_wrong_roll_is_mended_by_opening_the_slate_and_voting_again():
    world = congress_at("counted")
    counting.drop_count(world.count.pk, reasons="Đếm lại", actor=world.head_teller, at=world.when(0, 15, 5))
    ledgers.void_ledger(world.round.pk, reasons="Điểm danh sai", actor=world.head_teller, at=world.when(0, 15, 5))
    slates.reopen_slate(
        world.round.pk,
        reasons="Điểm danh sai",
        in_favour=world.present(),
        actor=world.secretary,
        at=world.when(0, 15, 6),
    )
    row = world.congress.attendances.first()

    sitting.take_roll(world.congress_id, {row.pk: "absent"}, actor=world.secretary, at=world.when(0, 15, 7))
    world.slate_fixed()
    world.counting()
    world.counted()

    assert world.round.sheets.first().case["electorate"]["present"] == 5


def test_the_roll_may_change_before_the_slate_is_fixed_and_after_the_seal():
    for stage in ("sitting", "sealed"):
        world = congress_at(stage)
        row = world.congress.attendances.first()

        sitting.take_roll(world.congress_id, {row.pk: "absent"}, actor=world.secretary, at=world.when(0, 15, 40))

        assert world.present() == 5


@pytest.mark.parametrize("stage", ["counting", "counted", "recount"])
def test_tellers_are_not_changed_from_the_start_of_a_count_to_its_seal(stage):
    world = congress_at("sealed" if stage == "recount" else stage)
    if stage == "recount":
        counting.recount(world.round.pk, reasons="Đếm lại", actor=world.head_teller, at=world.when(0, 15, 25))
    members = {"head_teller": [world.members[1].pk]}

    with pytest.raises(IllegalTransition, match="chưa thay ban kiểm phiếu"):
        sitting.elect_officers(
            world.congress_id,
            subject="tellers",
            members=members,
            in_favour=6,
            actor=world.secretary,
            at=world.when(0, 15, 5),
        )


def test_a_congress_does_not_open_before_the_day_it_was_cleared():
    world = congress_at("cleared")

    with pytest.raises(InvalidInput, match="trước ngày đại hội được duyệt"):
        sitting.open_sitting(world.congress_id, opened_at=world.when(-11, 14), actor=world.secretary, at=world.when())


def test_a_congress_does_not_close_before_its_last_result_was_sealed():
    world = congress_at("sealed")

    with pytest.raises(InvalidInput, match="niêm phong lúc 15:20"):
        sitting.close_sitting(
            world.congress_id, closed_at=world.when(0, 15, 10), actor=world.secretary, at=world.when(0, 17)
        )


def test_a_decision_is_not_dated_before_the_submission_it_cites():
    world = congress_at("reported")

    with pytest.raises(InvalidInput, match="trước ngày tờ trình"):
        ratifying.ratify(
            world.congress_id,
            issued_on=world.held_on + timedelta(days=1),
            signer_name="Phạm Văn Duyệt",
            signer_post="Bí thư",
            actor=world.approver,
            at=world.when(9),
        )


def test_a_name_changed_on_the_roll_after_the_slate_was_fixed_reaches_no_result_and_no_paper():
    world = congress_at("sealed")
    elected = world.members[0]
    organization_services.update_member(
        elected.pk, full_name="Người Khác Hẳn", actor=world.secretary, at=world.when(0, 15, 30), **_facts_of(elected)
    )

    world.closed()
    world.reported()
    world.ratified()

    for paper in world.papers:
        assert "Người Khác Hẳn" not in str(paper.data["letterhead"]) + str(paper.data.get("secretary", ""))
    decision = next(paper for paper in world.papers if paper.code == "F-18")
    assert decision.data["secretary"]["name"] == elected.display_name
    changed = AuditEvent.objects.get(action="member.updated").details["changed"]
    assert changed == f"họ và tên “{elected.full_name}” thành “Người Khác Hẳn”"


def _facts_of(member):
    names = ("born_on", "gender", "admitted_on", "official_on", "is_invented")
    return {name: getattr(member, name) for name in names}


def test_figures_are_the_tellers_alone_until_the_seal(client):
    world = congress_at("counted")
    address = reverse("elections:proposal", args=[world.round.pk])

    for person, status in (
        (world.secretary, 403),
        (world.approver, 403),
        (world.teller, 200),
        (world.head_teller, 200),
    ):
        client.force_login(person)
        assert client.get(address).status_code == status
    world.sealed()
    client.force_login(world.secretary)
    assert client.get(address).status_code == 200
