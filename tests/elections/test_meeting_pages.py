"""A committee meeting (hội nghị cấp ủy) is called so on its own pages, before it opens, while it sits and after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from congress.models import Congress, DeadlineKind
from congress.rules import regimes
from congress.rules.convening import Form
from congress.stations import binding, stations_of
from elections.forms.slates import WithdrawalVoteForm
from elections.models import BallotRound
from elections.rules import situations
from elections.services import slates
from tests.assemblies import Place, everybody_present, when
from tests.elections.test_committee_meeting import called, opened

pytestmark = pytest.mark.django_db

OTHERS = ("Đại hội các chi bộ trực thuộc", "Đại hội Đảng bộ", "đại hội đảng bộ", "về đại hội", "Đại hội XI thông qua")
"""What is a congress: that of the đảng bộ before, those of its branches, what the plan is about."""


def told(client: Client, url: str) -> str:
    """What is read in the page itself, without its menus."""
    page = client.get(url, follow=True).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    main = re.sub(r"<nav.*?</nav>", " ", main, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<script.*?</script>|<[^>]+>", " ", main, flags=re.DOTALL)).split())


def as_of_a_congress(text: str) -> list[str]:
    for other in OTHERS:
        text = text.replace(other, "")
    return re.findall(".{0,40}(?:đại hội|chi bộ|chi ủy|đảng viên dự bị).{0,40}", text, flags=re.IGNORECASE)


def of_congress(meeting: Congress) -> Iterator[str]:
    for name in ("congress:detail", "congress:sitting", "congress:roll", "elections:overview"):
        yield reverse(name, args=[meeting.pk])
    yield reverse("elections:congress_situations", args=[meeting.pk])


def of_round(ballot: BallotRound) -> Iterator[str]:
    yield reverse("elections:round", args=[ballot.pk])


def cards(meeting: Congress) -> Iterator[str]:
    for card in situations.of_a_meeting():
        yield reverse("elections:congress_situation", args=[meeting.pk, card.slug])


def signed_in(place: Place) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=place.secretary.pk))
    return client


def test_no_page_of_a_meeting_calls_it_a_congress():
    place, _, meeting = called(standing=2)
    client = signed_in(place)
    ballot = meeting.elections.order_by("pk")[0].rounds.get()
    slates.nominate(ballot.pk, member_id=place.members[0].pk, actor=place.secretary, at=when(0, 17))

    everybody_present(place, meeting)
    before = [*of_congress(meeting), reverse("congress:open", args=[meeting.pk]), *of_round(ballot)]
    found = {url: as_of_a_congress(told(client, url)) for url in before}
    opened(place, meeting)
    sits = [*of_congress(meeting), *of_round(ballot), *cards(meeting)]
    found |= {f"{url} ngay lúc họp": as_of_a_congress(told(client, url)) for url in sits}

    assert [f"{url}: {hit}" for url, hits in found.items() for hit in hits] == []


def test_a_meeting_has_no_window_to_meet_in_and_no_clearance_of_its_own():
    place, congress, meeting = called()

    assert [one.label for one in stations_of(meeting)][:2] == ["Chuẩn bị", "Hội nghị"]
    assert "Được duyệt" in [one.label for one in stations_of(congress)]
    days: dict[str, Any] = dict.fromkeys(DeadlineKind.values)  # which day each is plays no part
    assert set(binding(meeting, days)) == {"ratification", "dossier"}
    assert binding(congress, days) == days


def test_cards_of_branches_and_of_members_congresses_are_not_offered_to_a_meeting():
    place, congress, meeting = called()
    client = signed_in(place)

    here, there = (told(client, reverse("elections:congress_situations", args=[one.pk])) for one in (meeting, congress))

    for title in ("Chi bộ ít người", "Đảng viên miễn sinh hoạt", "Đảng viên dự bị được đề cử"):
        assert title not in here and title in there


def test_who_answers_for_a_dang_bo_is_its_dang_uys_secretary():
    place, congress, meeting = called()

    for one in (congress, meeting):
        shown = told(signed_in(place), reverse("congress:detail", args=[one.pk]))
        assert "Bí thư đảng ủy" in shown and "Bí thư chi bộ" not in shown


def test_the_card_of_one_who_withdraws_after_he_was_elected_does_not_cite_the_notice_of_a_congress():
    card = situations.by_slug("nguoi-trung-cu-xin-rut")
    assert card is not None

    for day in (date(2022, 6, 1), date(2025, 3, 1), date(2025, 8, 1)):
        cited = card.citations(regimes.in_force(day))
        assert not any("11.1" in one for one in cited)
        assert any(one.startswith("Điều lệ Đảng") and "Điều 13 khoản 1" in one for one in cited)


def test_a_withdrawal_asks_for_cards_or_ballots_as_the_congress_chose():
    form = WithdrawalVoteForm({}, forms_open=[Form.CARD, Form.BALLOT])

    assert "phiếu tán thành" in " ".join(form.errors["in_favour"])
