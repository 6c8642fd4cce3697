"""What goes down the tree: who receives, who has read, what a pilot congress teaches and who has done it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.roles import Role
from congress import duties
from congress.models import Congress, Guidance, GuidanceKind, GuidanceReceipt, Lesson, LessonDone, Reminder
from congress.queries import guidance_visible_to
from congress.services import guidance as services
from organizations.models import NodeType
from tests.factories import Tree, at, congress_at, make_organization, make_tree, make_user

pytestmark = pytest.mark.django_db

DAY = date(2022, 5, 23)
NOW = at(DAY, 9)


def sent(tree: Tree, staff: User, **said: object) -> Guidance:
    known: dict[str, object] = {
        "notation": "684-CV/ĐUK",
        "issued_on": DAY,
        "subject": "Thống nhất một số nội dung",
        "term_label": "2022-2025",
        "body": "Tiếp tục quán triệt.",
    }
    return services.send_guidance(tree.bloc.pk, actor=staff, at=NOW, **known | said)  # type: ignore[arg-type]  # words of the form


@pytest.fixture
def tree() -> Tree:
    return make_tree(3)


@pytest.fixture
def staff(tree: Tree) -> User:
    return make_user(Role.COMMITTEE_STAFF, tree.bloc)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def test_a_letter_goes_to_every_living_body_below_and_reminds_each_reader_once(tree, staff):
    secretary = make_user(Role.SECRETARY, tree.branch)
    member = make_user(Role.MEMBER, tree.branch)

    letter = sent(tree, staff)

    assert set(letter.receipts.values_list("organization_id", flat=True)) == {
        tree.committee.pk,
        *(one.pk for one in tree.branches),
    }
    assert Reminder.objects.filter(user=secretary, level="notice").count() == 1
    assert not Reminder.objects.filter(user=member).exists()


def test_a_message_to_some_is_seen_by_those_alone(tree, staff):
    other = make_organization(tree.bloc, node_type=NodeType.GRASSROOTS, name="Đảng bộ Sở Xây dựng", symbol="ĐU")
    outside = make_user(Role.SECRETARY, make_organization(other))
    inside = make_user(Role.SECRETARY, tree.branch)

    message = sent(tree, staff, kind=GuidanceKind.MESSAGE, notation="", to=[tree.committee.pk])

    assert message.receipts.count() == 1 + len(tree.branches)
    assert message in guidance_visible_to(User.objects.get(pk=inside.pk))
    assert message not in guidance_visible_to(User.objects.get(pk=outside.pk))
    assert signed_in(outside).get(reverse("congress:guidance", args=[message.pk])).status_code == 404


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"notation": " "}, "notation"),
        ({"issued_on": date(2022, 5, 24)}, "issued_on"),
        ({"to": []}, "to"),
        ({"term_label": "2022"}, "term_label"),
    ],
    ids=["a letter without a number", "dated tomorrow", "to nobody", "no term"],
)
def test_a_letter_that_cannot_go_names_the_field(tree, staff, said, field):
    with pytest.raises(InvalidInput) as refused:
        sent(tree, staff, **said)
    assert field in refused.value.fields
    assert not Guidance.objects.exists()


def test_the_same_number_of_a_day_goes_out_once(tree, staff):
    sent(tree, staff)
    with pytest.raises(InvalidInput):
        sent(tree, staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        tree.bloc.guidance.create(
            notation="684-CV/ĐUK", issued_on=DAY, subject="x", term_label="2022-2025", recorded_by=staff
        )


def test_reading_is_confirmed_by_who_answers_there_and_the_first_stays(tree, staff):
    secretary, clerk = make_user(Role.SECRETARY, tree.branch), make_user(Role.CLERK, tree.branch)
    letter = sent(tree, staff)
    receipt = letter.receipts.get(organization=tree.branch)
    assert [one.sentence for one in duties.of(secretary) if "684" in one.sentence]

    services.confirm_read(receipt.pk, actor=secretary, at=NOW)
    services.confirm_read(receipt.pk, actor=clerk, at=NOW)

    receipt.refresh_from_db()
    assert receipt.read_by == secretary
    assert not [one.sentence for one in duties.of(User.objects.get(pk=secretary.pk)) if "684" in one.sentence]
    for stranger in (make_user(Role.SECRETARY, tree.branches[1]), make_user(Role.COMMITTEE_STAFF, tree.committee)):
        with pytest.raises(NotAllowed):
            services.confirm_read(receipt.pk, actor=stranger, at=NOW)


def test_the_sender_sees_who_has_not_read(tree, staff):
    secretary = make_user(Role.SECRETARY, tree.branch)
    letter = sent(tree, staff)
    signed_in(secretary).post(reverse("congress:confirm_read", args=[letter.receipts.get(organization=tree.branch).pk]))

    text = signed_in(staff).get(reverse("congress:guidance", args=[letter.pk])).content.decode()

    assert "Nơi nhận: 1/4 đã đọc" in text
    assert tree.branches[1].name in text


def test_a_receipt_that_says_read_says_by_whom(tree, staff):
    letter = sent(tree, staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        letter.receipts.update(read_at=NOW)


# ---- pilot congresses ----


@pytest.fixture
def pilot():
    world = congress_at("closed")
    Congress.objects.filter(pk=world.congress.pk).update(is_pilot=True)
    world.staff = make_user(Role.COMMITTEE_STAFF, world.congress.authority)
    world.sibling = make_organization(world.congress.authority, name="Chi bộ khác")
    world.after = at(world.congress.held_on, 18)
    return world


def reviewed(pilot) -> object:
    return services.review_pilot(
        pilot.congress.pk,
        held_on=pilot.congress.held_on,
        participants="Ban Thường vụ, bí thư các chi bộ",
        actor=pilot.staff,
        at=pilot.after,
    )


def lesson(pilot, review, **said: object) -> Lesson:
    known: dict[str, object] = {
        "area": Lesson.Area.ELECTION,
        "strengths": "",
        "limits": "Cách tính kết quả chưa đúng",
        "action": "Tính trên số đảng viên chính thức được triệu tập",
        "applies_to_all": True,
        "owner": "Ban kiểm phiếu",
        "due_on": date(2022, 7, 30),
    }
    return services.add_lesson(review.pk, actor=pilot.staff, at=pilot.after, **known | said)


def test_lessons_become_work_of_every_branch_with_who_has_done_it(pilot):
    secretary = make_user(Role.SECRETARY, pilot.sibling)
    review = reviewed(pilot)
    one, own = lesson(pilot, review), lesson(pilot, review, applies_to_all=False)

    letter = services.send_lessons(
        review.pk,
        notation="",
        issued_on=pilot.congress.held_on,
        subject="Rút kinh nghiệm",
        body="",
        actor=pilot.staff,
        at=pilot.after,
    )

    assert list(letter.lessons.all()) == [one]
    own.refresh_from_db()
    assert own.guidance is None
    client = signed_in(secretary)
    receipt = GuidanceReceipt.objects.get(guidance=letter, organization=pilot.sibling)
    client.post(reverse("congress:confirm_read", args=[receipt.pk]))
    assert "Thực hiện 1 việc rút kinh nghiệm" in client.get(reverse("home")).content.decode()
    client.post(reverse("congress:lesson_done", args=[receipt.pk]), {"lesson": one.pk, "note": "Đã tập huấn"})
    assert LessonDone.objects.get().note == "Đã tập huấn"
    assert "việc rút kinh nghiệm" not in client.get(reverse("home")).content.decode()
    with pytest.raises(InvalidInput):
        services.do_lesson(receipt.pk, own.pk, note="", actor=secretary, at=pilot.after)
    with pytest.raises(InvalidInput):
        services.remove_lesson(one.pk, actor=pilot.staff, at=pilot.after)


@pytest.mark.parametrize(
    "said",
    [{"limits": "", "action": "", "applies_to_all": False}, {"action": ""}],
    ids=["nothing said", "work for all without saying what"],
)
def test_a_lesson_that_says_nothing_is_refused(pilot, said):
    review = reviewed(pilot)
    with pytest.raises(InvalidInput):
        lesson(pilot, review, **said)


def test_only_a_pilot_that_has_met_is_reviewed(pilot):
    Congress.objects.filter(pk=pilot.congress.pk).update(is_pilot=False)
    with pytest.raises(InvalidInput):
        reviewed(pilot)


def test_the_review_is_the_committee_s_own(pilot):
    with pytest.raises(NotAllowed):
        services.review_pilot(
            pilot.congress.pk,
            held_on=pilot.congress.held_on,
            participants="",
            actor=make_user(Role.SECRETARY, pilot.congress.organization),
            at=pilot.after,
        )


def test_the_pages_carry_a_review_from_the_meeting_to_the_letter(pilot):
    client = signed_in(pilot.staff)
    day = f"{pilot.congress.held_on:%d/%m/%Y}"
    pk = [pilot.congress.pk]
    client.post(reverse("congress:pilot_review", args=pk), {"held_on": day, "participants": "Đảng ủy"})
    client.post(
        reverse("congress:add_lesson", args=pk),
        {"area": "election", "limits": "Tính sai", "action": "Tập huấn ban kiểm phiếu", "applies_to_all": "on"},
    )
    page = client.get(reverse("congress:pilot_review", args=pk)).content.decode()
    assert "1 bài học chưa gửi" in page

    client.post(reverse("congress:send_lessons", args=pk), {"subject": "Rút kinh nghiệm", "issued_on": day})

    letter = Guidance.objects.get(kind=GuidanceKind.LESSONS)
    assert "Tập huấn ban kiểm phiếu" in client.get(reverse("congress:guidance", args=[letter.pk])).content.decode()
