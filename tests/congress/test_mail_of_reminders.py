"""The mail of the day goes to who wants it when it is sent; what was reminded before places were kept ends."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from congress.models import Digest, Reminder
from congress.services import reminding
from outbox.models import Job
from tests.factories import START, at, make_plan, make_tree, make_user

pytestmark = pytest.mark.django_db

DAY = at(date(2022, 6, 8))
ADDRESS = "bi.thu@vidu.invalid"


@pytest.fixture
def secretary() -> User:
    tree = make_tree()
    make_plan(tree.committee, deadlines={"clearance": date(2022, 6, 10), "window_closes": date(2022, 6, 28)})
    secretary = make_user(Role.SECRETARY, tree.branch)
    User.objects.filter(pk=secretary.pk).update(email=ADDRESS)
    return secretary


@override_settings(EMAIL_HOST="mail.invalid")
@pytest.mark.parametrize(
    ("changed", "letters"),
    [
        pytest.param({}, 1, id="nothing has changed"),
        pytest.param({"email": ""}, 0, id="the address is taken away"),
        pytest.param({"wants_mail": False}, 0, id="no mail is wanted any more"),
        pytest.param({"is_active": False}, 0, id="the account is stopped"),
    ],
)
def test_who_has_declined_since_it_was_promised_gets_no_mail(secretary, changed, letters):
    reminding.remind(at=DAY)
    (job,) = Job.objects.filter(kind=reminding.MAIL)
    choice = {"email": ADDRESS, "wants_mail": True} | changed
    reminding.choose_mail(secretary, email=choice["email"], wants_mail=choice["wants_mail"], from_hour=7, at=DAY)
    User.objects.filter(pk=secretary.pk).update(is_active=choice.get("is_active", True))

    reminding.mail_digest(job.payload, job)

    assert len(mail.outbox) == letters
    assert Digest.objects.filter(mailed_at__isnull=False).count() == letters


@pytest.mark.parametrize("address", ["congress:mail_choice", "organizations:open_account"])
def test_an_address_longer_than_is_kept_is_refused_and_named(secretary, address):
    """On SQLite the column would take it; on PostgreSQL it is an error of the database."""
    long = "a" * 40 + "@" + ".".join(["b" * 60] * 4) + ".vn"
    assert 254 < len(long) < 320
    place = Reminder._meta.get_field("place").related_model.objects.get(
        code=secretary.assignments.get().organization.code
    )
    admin = User.objects.get(assignments__role=Role.SYSTEM_ADMINISTRATOR)
    client = Client()
    client.force_login(admin)
    path = reverse(address, args=[] if address == "congress:mail_choice" else [place.pk])

    answer = client.post(path, {"email": long, "from_hour": "7", "wants_mail": "on"})

    assert answer.status_code == 422
    assert "254" in answer.content.decode()
    assert not User.objects.filter(email=long).exists()


def test_what_was_reminded_before_places_were_kept_is_settled(secretary):
    reminding.remind(at=DAY)
    known = Reminder.objects.get(user=secretary)
    for number, level in enumerate((Reminder.Level.LATE, Reminder.Level.NOTICE)):
        Reminder.objects.create(
            user=secretary, key=f"cu:{number}", level=level, sentence="Cũ", url="/", created_at=START
        )

    import_module("congress.migrations.0013_old_reminders_are_settled").settle(apps, None)

    assert list(Reminder.objects.filter(seen_at=None)) == [known]
    assert Reminder.objects.count() == 3
