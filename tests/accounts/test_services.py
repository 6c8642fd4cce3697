"""Accounts are made, closed and reset by services; each leaves one event or nothing at all."""

from __future__ import annotations

import pytest

from accounts import services
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from tests.accounts.conftest import NOON


def make(**fields: object) -> tuple[User, str]:
    given = {"username": "binh", "full_name": "Trần  Thị Bình ", "actor": None, "at": NOON, **fields}
    return services.create_user(**given)


def test_a_new_account_gets_a_one_time_password_to_change(db):
    user, password = make(username=" Binh ")

    assert (user.username, user.full_name, user.must_change_password) == ("binh", "Trần Thị Bình", True)
    assert user.check_password(password)
    assert [event.action for event in AuditEvent.objects.all()] == ["account.created"]


def test_a_given_password_need_not_be_changed(db):
    user, password = make(password="con trâu giếng nước")

    assert (password, user.must_change_password) == ("con trâu giếng nước", False)


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"username": "an"}, "username", "Tên đăng nhập gồm 3 đến 64 ký tự"),
        ({"username": "đồng chí"}, "username", "Tên đăng nhập gồm 3 đến 64 ký tự"),
        ({"username": "-binh"}, "username", "Tên đăng nhập gồm 3 đến 64 ký tự"),
        ({"username": "co-roi"}, "username", "Tên đăng nhập “co-roi” đã có người dùng."),
        ({"full_name": " "}, "full_name", ""),
        ({"email": "x"}, "email", ""),
    ],
)
def test_an_account_that_will_not_do_is_told_at_its_field_and_leaves_nothing(make_user, fields, field, said):
    make_user("co-roi")

    with pytest.raises(InvalidInput) as refusal:
        make(**fields)

    assert said in refusal.value.fields[field][0]
    assert (User.objects.count(), AuditEvent.objects.count()) == (1, 0)


def test_nobody_closes_or_resets_their_own_account(an):
    with pytest.raises(NotAllowed):
        services.deactivate_user(an.pk, actor=an, at=NOON)
    with pytest.raises(NotAllowed):
        services.reset_password(an.pk, actor=an, at=NOON)

    assert AuditEvent.objects.count() == 0


def test_closing_and_opening_again_leave_one_event_each(an, make_user):
    admin = make_user("quan-tri")

    services.deactivate_user(an.pk, actor=admin, at=NOON)
    services.reactivate_user(an.pk, actor=admin, at=NOON)

    assert User.objects.get(pk=an.pk).is_active
    assert [event.action for event in AuditEvent.objects.order_by("sequence")] == [
        "account.deactivated",
        "account.reactivated",
    ]


@pytest.mark.parametrize("act", [services.deactivate_user, services.reactivate_user])
def test_what_is_already_so_is_refused(an, make_user, act):
    admin = make_user("quan-tri")
    if act is services.deactivate_user:
        services.deactivate_user(an.pk, actor=admin, at=NOON)
    before = AuditEvent.objects.count()

    with pytest.raises(InvalidInput):
        act(an.pk, actor=admin, at=NOON)

    assert AuditEvent.objects.count() == before
