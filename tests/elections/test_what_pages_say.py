"""Small things people were not told: a vote that failed, a nominator who does not belong, sums that do not fit."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import InvalidInput
from accounts.models import User
from elections.services import nominations, slates
from elections.services.refusals import by_letter
from tests.factories import congress_at

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def test_a_vote_that_did_not_adopt_the_list_is_among_what_the_congress_decided():
    world = congress_at("sitting", members=9)
    client, page = signed_in(world.secretary), reverse("elections:round", args=[world.round.pk])
    nominate = {"source": "committee", "actor": world.secretary, "at": world.when(0, 14)}
    if not world.round.candidates.exists():
        nominations.nominate(world.round.pk, member_id=world.members[0].pk, **nominate)

    slates.fix_slate(world.round.pk, in_favour=4, against=5, actor=world.secretary, at=world.when(0, 14, 10))
    refused = client.get(page).content.decode()
    slates.fix_slate(world.round.pk, in_favour=9, actor=world.secretary, at=world.when(0, 14, 20))
    adopted = client.get(page).content.decode()

    for seen in (refused, adopted):
        assert "Chưa chốt được danh sách: tán thành 4, không tán thành 5" in seen
    assert "Chốt danh sách: tán thành 9" in adopted


def test_who_stands_has_no_nominator():
    world = congress_at("sitting", members=9)
    given = {"source": "stood", "nominator_id": world.members[1].pk, "actor": world.secretary, "at": world.when(0, 14)}

    with pytest.raises(InvalidInput) as refusal:
        nominations.nominate(world.round.pk, member_id=world.members[4].pk, **given)

    assert "Ứng cử là tự mình đứng ra" in refusal.value.fields["nominated_by"][0]


def test_a_ledger_that_does_not_add_up_says_so_when_it_is_saved():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    client, url = signed_in(world.teller), reverse("elections:ledger", args=[world.round.pk])
    figures = {"printed": "14", "issued": "12", "unused": "1", "spoiled": "", "returned": ""}

    half = client.post(url, figures, follow=True).content.decode()
    wrong = client.post(url, figures | {"spoiled": "3"}, follow=True).content.decode()

    assert "Sổ phiếu chưa khớp" not in half
    assert "Sổ phiếu chưa khớp nên chưa đóng được" in wrong


def test_what_to_do_next_is_said_once_for_all_that_is_wrong():
    found = [{"field": letter, "message": f"Ô {letter} sai.", "next": "Đếm lại."} for letter in "GHK"]

    assert by_letter(found) == {"G": ["Ô G sai."], "H": ["Ô H sai."], "K": ["Ô K sai. Đếm lại."]}
