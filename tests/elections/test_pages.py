"""The pages of elections and ratification: who sees and does what, what they say, what they write."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def address(name: str, world: World) -> str:
    objects = {
        "congress": world.congress_id,
        "round": world.round.pk if world.elections else 0,
        "election": world.elections[0].pk if world.elections else 0,
        "candidate": world.round.candidates.first().pk if world.elections and world.round.candidates.exists() else 0,
    }
    return reverse(f"elections:{name}", args=[objects[KIND[name]]] if name in KIND else [])


KIND = {name: "congress" for name in ("overview", "set_up", "ratification", "report", "ratify")}
KIND |= {name: "congress" for name in ("return_results", "refuse_results")}
KIND |= {name: "round" for name in ("round", "nominate", "fix_slate", "reopen_slate")}
KIND |= {name: "round" for name in ("count", "proposal", "reject_count", "seal")}
KIND |= {"strike": "candidate", "next_round": "election", "conclude": "election"}


# ---- who may open what ----

READERS = ("secretary", "clerk", "drafter", "teller", "head_teller", "member_user", "staff", "approver")
GETS = [  # page, stage, who besides everybody in reach may (None: all readers)
    ("all", "sitting", None),
    ("overview", "cleared", None),
    ("overview", "sealed", None),
    ("round", "sitting", None),
    ("round", "slate_fixed", None),
    ("round", "counted", None),
    ("proposal", "counted", None),
    ("proposal", "sealed", None),
    ("count", "slate_fixed", ("teller",)),
    ("reject_count", "counted", ("head_teller",)),
    ("seal", "counted", ("head_teller",)),
    ("ratifications", "reported", None),
    ("ratification", "sitting", None),
    ("ratification", "closed", None),
    ("ratification", "reported", None),
    ("ratification", "ratified", None),
    ("ratify", "reported", ("approver",)),
    ("return_results", "reported", ("approver",)),
    ("refuse_results", "reported", ("approver",)),
]


@pytest.mark.parametrize(("name", "stage", "allowed"), GETS)
def test_each_page_opens_for_those_it_is_for_and_says_why_not_to_others(name, stage, allowed):
    world = congress_at(stage)
    url = address(name, world)

    got = {who: signed_in(getattr(world, who)).get(url).status_code for who in READERS}

    assert got == {who: 200 if allowed is None or who in allowed else 403 for who in READERS}
