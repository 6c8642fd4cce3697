"""Two write at the same moment and the database sends one away: nothing is written, nothing typed is lost."""

import sqlite3

import psycopg2.errors
import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client
from django.urls import reverse

from accounts.contention import GO_BACK, LOAD_AGAIN, SEND_AGAIN, is_contention
from accounts.roles import Role
from congress.models import MailChoice
from tests.factories import PASSWORD, make_tree, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary():
    user = make_user(Role.SECRETARY, make_tree().branch)
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def known(cls, code):
    """As psycopg raises it: the code belongs to the class, the server sets it."""
    return type(cls.__name__, (cls,), {"pgcode": code})()


@pytest.fixture
def busy():
    cause = known(psycopg2.errors.lookup("40P01"), "40P01")

    def wrapper(execute, sql, params, many, context):
        if "congress_mailchoice" in sql:
            raise OperationalError("deadlock detected") from cause
        return execute(sql, params, many, context)

    return lambda: connection.execute_wrapper(wrapper)


TYPED = {"wants_mail": "on", "email": "lan@coquan.vn", "from_hour": "9", "dong": ["a", "b <c>"]}


def test_who_loses_to_another_is_told_to_send_again_and_keeps_what_was_typed(secretary, busy):
    address = reverse("congress:mail_choice")
    with busy():
        answer = secretary.post(address, TYPED)
    page = answer.content.decode()

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert SEND_AGAIN in page
    assert f'<form method="post" action="{address}">' in page
    for line in ('name="email" value="lan@coquan.vn"', 'name="dong" value="a"', 'name="dong" value="b &lt;c&gt;"'):
        assert line in page
    assert not MailChoice.objects.exists()
    secretary.user.refresh_from_db()
    assert secretary.user.email == ""  # the half that was written before is gone again
    kept = secretary.session["typed_before"]
    assert (kept["path"], kept["values"]["dong"]) == (address, ["a", "b <c>"])

    assert secretary.post(address, TYPED).status_code == 302
    assert MailChoice.objects.get().from_hour == 9


def test_a_page_that_could_not_be_read_is_loaded_again(secretary, busy):
    address = reverse("congress:mail_choice")
    with busy():
        answer = secretary.get(address)

    assert answer.status_code == 503
    assert LOAD_AGAIN in answer.content.decode()
    assert f'href="{address}">Tải lại trang</a>' in answer.content.decode()


def test_a_password_is_neither_shown_again_nor_kept(secretary, busy):
    with busy():
        answer = secretary.post(reverse("congress:mail_choice"), {**TYPED, "password": PASSWORD})
    page = answer.content.decode()

    assert answer.status_code == 503
    assert GO_BACK in page
    assert PASSWORD not in page and "<form" not in page
    assert "typed_before" not in secretary.session


@pytest.mark.parametrize(("code", "busy"), [("40P01", True), ("40001", True), ("55P03", True), ("57014", False)])
def test_only_what_passes_by_itself_counts_on_postgresql(code, busy):
    fault = OperationalError("…")
    fault.__cause__ = known(psycopg2.OperationalError, code)

    assert is_contention(fault) is busy


def test_only_what_passes_by_itself_counts_on_sqlite(tmp_path):
    file = tmp_path / "held.sqlite3"
    first, second = sqlite3.connect(file, isolation_level=None), sqlite3.connect(file, isolation_level=None, timeout=0)
    first.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError) as held:
        second.execute("BEGIN EXCLUSIVE")
    first.execute("ROLLBACK")
    with pytest.raises(sqlite3.OperationalError) as missing:
        second.execute("SELECT * FROM nowhere")

    for fault, busy in ((held.value, True), (missing.value, False)):
        wrapped = OperationalError(str(fault))
        wrapped.__cause__ = fault
        assert is_contention(wrapped) is busy
    assert not is_contention(ValueError("…"))
    first.close()
    second.close()
