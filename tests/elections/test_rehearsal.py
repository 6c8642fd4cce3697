"""A rehearsal is played to its end by one person, is never taken for the real thing and leaves nothing behind."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.errors import IllegalTransition, NotAllowed, StaleVersion
from accounts.models import AuditEvent, User
from accounts.roles import Role
from elections.models import BallotRound, Candidate, Rehearsal, SealedResult
from elections.rehearsal import services
from elections.rehearsal.invention import Vote, first_round, revote, true_entry
from elections.rehearsal.offers import people_on_the_roll
from elections.services import slates
from organizations.rules.names import sort_text
from tests.factories import World, congress_at, make_user

BAND = "số liệu bịa, không có giá trị"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


# ---- invented papers ----


def every_vote():
    for voters in range(5, 25):
        for seats in range(1, 8):
            for surplus in (0, 1, 2):
                yield Vote(tuple(str(n) for n in range(1, seats + surplus + 1)), seats, voters)


def test_the_same_seed_gives_the_same_box():
    vote = Vote(("1", "2", "3", "4"), 3, 12)

    assert first_round(5, vote) == first_round(5, vote)
    assert first_round(5, vote) != first_round(6, vote)


@pytest.mark.parametrize("seed", range(4))
def test_every_box_adds_up_and_keeps_its_incidents_whatever_the_ruling(seed):
    for vote in every_vote():
        box = first_round(seed, vote)
        assert len(box["incidents"]) == 3
        for ruling in ("valid", "invalid"):
            entry = true_entry(vote, box["papers"], ruling)
            assert entry["returned"] == vote.voters - ("missing" in box["incidents"])
            assert entry["valid"] + sum(entry["invalid_reasons"].values()) == entry["returned"]
            assert ends_as_planned(vote, box["incidents"], entry["votes"]), (vote, ruling)


def ends_as_planned(vote: Vote, incidents: list[str], figures: dict[str, Any]) -> bool:
    """A tie above half for the last seat, or every seat filled without one."""
    votes = [one["agree"] if isinstance(one, dict) else one for one in figures.values()]
    *sure, last = sorted(votes, reverse=True)[: vote.seats]
    others = sorted(votes, reverse=True)[vote.seats :]
    if "tie" in incidents:
        return last == others[0] >= vote.needed and sure[-1] > last and all(n < vote.needed for n in others[1:])
    return last >= vote.needed and all(n < vote.needed for n in others)


@pytest.mark.parametrize("voters", range(5, 25))
def test_a_revote_is_never_tied_again(voters):
    for seed in range(5):
        vote = Vote(("2", "3"), 1, voters)
        votes = true_entry(vote, revote(seed, vote)["papers"], None)["votes"]
        assert votes["2"] != votes["3"]


# ---- the whole walk through the pages ----


def sheet_typed(rehearsal: Rehearsal) -> dict[str, Any]:
    """The whole tally sheet, field by field, as somebody counts it who makes no mistake."""
    box = rehearsal.content["rounds"][-1]
    entry = true_entry(services.vote_of(rehearsal), box["papers"], box["ruling"] and box["ruling"]["verdict"])
    typed = {name: entry[name] for name in ("returned", "valid", "invalid")}
    for key, votes in entry["votes"].items():
        typed |= {f"{kind}_{key}": n for kind, n in (votes if isinstance(votes, dict) else {"votes": votes}).items()}
    return typed | {f"reason_{code}": papers for code, papers in entry["invalid_reasons"].items()}


def answer_of(rehearsal: Rehearsal) -> dict[str, Any]:
    """What an attentive person types at this step."""
    step = rehearsal.step
    if step == "result":
        act = "vote_again" if services.may_vote_again(rehearsal) else "finish"
        return {act: "1", "note": "Một đồng chí không bỏ phiếu."}
    return {
        "hand_out": services.ledger_of(rehearsal),
        "open_box": {"returned": len(rehearsal.content["rounds"][-1]["papers"])},
        "ruling": {"verdict": "valid", "reason": "Nét bút không chạm họ tên."},
    }.get(step) or sheet_typed(rehearsal)


def play(client: Client, pk: int) -> tuple[list[str], list[str]]:
    """To the end: (steps taken, pages seen)."""
    address, steps, pages = reverse("elections:rehearsal", args=[pk]), [], []
    while (rehearsal := Rehearsal.objects.get(pk=pk)).step != "done":
        steps.append(rehearsal.step)
        pages.append(client.get(address).content.decode())
        answer = client.post(address, answer_of(rehearsal) | {"mark": services.mark_of(rehearsal)})
        assert answer.status_code == 302, answer.context["form"].errors
        assert len(steps) < 20
    return steps, [*pages, client.get(address).content.decode()]


def started(world: World, office: str = "secretary", seed: int = 3) -> Rehearsal:
    return services.start(world.congress_id, office=office, actor=world.teller, at=world.when(-3), seed=seed)


def digest() -> str:
    """Every table but rehearsals, sessions and the record of events."""
    found = hashlib.sha256()
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda one: one._meta.db_table):
        if model not in (Session, AuditEvent, Rehearsal):
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608  (names of our own tables)
                found.update(repr((model._meta.db_table, sorted(map(repr, cursor.fetchall())))).encode())
    return found.hexdigest()


WAYS = [
    pytest.param(
        {"members": 12, "committee_seats": 3},
        "branch_committee",
        ["hand_out", "open_box", "ruling", "count", "difference", "result", "hand_out", "open_box", "count", "result"],
        id="a tie among a committee and its re-vote",
    ),
    pytest.param(
        {"members": 6},
        "secretary",
        ["hand_out", "open_box", "ruling", "count", "difference", "result"],
        id="a paper missing where one person is elected",
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("branch", "office", "way"), WAYS)
def test_one_person_plays_a_whole_election_and_nothing_else_changes(branch, office, way):
    world = congress_at("cleared", **branch)
    client = signed_in(world.teller)
    client.get("/")
    before = digest()

    answer = client.post(reverse("elections:rehearsal_start", args=[world.congress_id]), {"office": office})
    played = Rehearsal.objects.get()
    steps, pages = play(client, played.pk)

    assert answer.url == reverse("elections:rehearsal", args=[played.pk])
    assert steps == way
    assert "Đã diễn tập xong" in pages[-1]
    assert digest() == before


@pytest.mark.django_db
@pytest.mark.parametrize(("branch", "office", "way"), WAYS)
def test_every_page_says_that_it_is_a_rehearsal_and_carries_no_seal(branch, office, way):
    world = congress_at("cleared", **branch)

    _, pages = play(signed_in(world.secretary), started(world, office).pk)

    assert [page.count(BAND) for page in pages] == [2] * len(pages)
    assert all(re.search(r"<title>\s*DIỄN TẬP", page) for page in pages)
    assert not any("SHA-256" in page or "/tep/" in page for page in pages)
    assert not SealedResult.objects.exists()


@pytest.mark.django_db
def test_every_event_of_it_is_described_as_a_rehearsal():
    world = congress_at("cleared", members=12, committee_seats=3)
    last = AuditEvent.objects.count()

    play(signed_in(world.clerk), started(world, "branch_committee").pk)

    events = AuditEvent.objects.order_by("sequence")[last:]
    assert {event.action for event in events} == {"rehearsal.started", "rehearsal.went_on", "rehearsal.finished"}
    assert all("số liệu bịa" in event.subject_label for event in events)


# ---- what the person learns on the way ----


def at_the_count(world: World, office: str = "secretary") -> Rehearsal:
    rehearsal = started(world, office)
    for service in (services.hand_out, services.open_box, services.rule):
        given = answer_of(rehearsal)
        given = {"figures": given} if service == services.hand_out else given
        rehearsal = service(
            rehearsal.pk, mark=services.mark_of(rehearsal), actor=world.teller, at=world.when(-3), **given
        )
    return rehearsal


@pytest.mark.django_db
def test_the_tally_sheet_finds_what_the_real_one_finds():
    world = congress_at("cleared")
    rehearsal = at_the_count(world)
    wrong = answer_of(rehearsal) | {"returned": "9", "mark": services.mark_of(rehearsal)}

    page = signed_in(world.teller).post(reverse("elections:rehearsal", args=[rehearsal.pk]), wrong)

    assert page.status_code == 422
    assert "Thu về 9 phiếu nhưng chỉ phát ra 6 phiếu." in page.content.decode()
    assert Rehearsal.objects.get().step == "count"


@pytest.mark.django_db
def test_a_missing_paper_is_explained_before_the_end():
    world = congress_at("cleared")
    rehearsal = at_the_count(world)
    client, address = signed_in(world.teller), reverse("elections:rehearsal", args=[rehearsal.pk])
    for _ in range(2):
        rehearsal.refresh_from_db()
        client.post(address, answer_of(rehearsal) | {"mark": services.mark_of(rehearsal)})
    rehearsal.refresh_from_db()

    silent = client.post(address, {"finish": "1", "note": " ", "mark": services.mark_of(rehearsal)})

    assert "Thu về 5 trên 6 phiếu phát ra, thiếu 1 phiếu." in silent.content.decode()
    assert silent.status_code == 422
    assert Rehearsal.objects.get().step == "result"


@pytest.mark.django_db
def test_only_the_differing_figure_is_typed_again_and_the_other_one_is_not_shown():
    world = congress_at("cleared")
    rehearsal = at_the_count(world)
    client, address = signed_in(world.teller), reverse("elections:rehearsal", args=[rehearsal.pk])

    client.post(address, answer_of(rehearsal) | {"mark": services.mark_of(rehearsal)})
    page = client.get(address)

    field = f"votes_{rehearsal.content['rounds'][0]['slip']['key']}"
    assert list(page.context["form"].fields) == [field]
    assert not page.context["form"][field].value()


@pytest.mark.django_db
def test_a_figure_typed_wrongly_again_still_differs():
    world = congress_at("cleared")
    rehearsal = at_the_count(world)
    client, address = signed_in(world.teller), reverse("elections:rehearsal", args=[rehearsal.pk])
    client.post(address, answer_of(rehearsal) | {"mark": services.mark_of(rehearsal)})
    rehearsal.refresh_from_db()
    name = f"votes_{rehearsal.content['rounds'][0]['slip']['key']}"

    client.post(address, {name: "0", "mark": services.mark_of(rehearsal)})

    assert Rehearsal.objects.get().step == "difference"
    assert "Hai bản nhập vẫn khác nhau ở ô L" in client.get(address).content.decode()


@pytest.mark.django_db
def test_own_mistakes_differ_too_and_are_mended_with_their_reasons():
    """One valid paper taken for an invalid one: papers, reason and votes are all typed again."""
    world = congress_at("cleared", members=12)
    rehearsal = at_the_count(world)
    client, address = signed_in(world.teller), reverse("elections:rehearsal", args=[rehearsal.pk])
    right = answer_of(rehearsal)
    slip = f"votes_{rehearsal.content['rounds'][0]['slip']['key']}"
    other = next(name for name in right if name.startswith("votes_") and name != slip and right[name])
    wrong = right | {"valid": right["valid"] - 1, "invalid": right["invalid"] + 1, other: right[other] - 1}
    wrong["reason_marked"] = 1

    client.post(address, wrong | {"mark": services.mark_of(rehearsal)})
    asked = set(client.get(address).context["form"].fields)
    rehearsal.refresh_from_db()
    client.post(address, right | {"reason_marked": "0", "mark": services.mark_of(rehearsal)})

    assert asked == {"valid", "invalid", "reason_marked", other, slip}
    assert Rehearsal.objects.get().step == "result"


@pytest.mark.django_db
def test_an_old_form_is_not_taken_for_the_step_at_hand():
    world = congress_at("cleared")
    rehearsal = started(world)
    old = services.mark_of(rehearsal)
    services.hand_out(
        rehearsal.pk, mark=old, figures=services.ledger_of(rehearsal), actor=world.teller, at=world.when(-3)
    )

    with pytest.raises(StaleVersion):
        services.open_box(rehearsal.pk, mark=old, returned=5, actor=world.teller, at=world.when(-3))


# ---- names ----


@pytest.mark.django_db
def test_names_are_those_of_the_slate_when_there_is_one():
    world = congress_at("cleared")
    first, *_ = slates.set_up_elections(world.congress_id, actor=world.secretary, at=world.when(-9))
    chosen = world.members[3]
    slates.nominate(first.rounds.get().pk, member_id=chosen.pk, actor=world.secretary, at=world.when(-9, 9))

    assert list(started(world).content["names"].values()) == [chosen.display_name]


@pytest.mark.django_db
def test_before_there_is_a_slate_names_come_from_the_roll():
    world = congress_at("preparing")
    on_the_roll = {one.display_name for one in world.members}

    assert set(started(world).content["names"].values()) < on_the_roll


@pytest.mark.django_db
def test_invented_people_are_sorted_by_their_names_and_namesakes_are_two():
    """The mark of an invented person is no given name (E-39)."""
    world = congress_at("preparing", members=6)
    names = ("Đỗ Văn Bình", "Bùi Thị Yến", "Đặng Văn Bình", "Ngô Thị An", "Lê Văn Cường", "Lê Văn Cường")
    for member, name in zip(world.members, names, strict=True):
        member.full_name, member.sort_name, member.is_invented = name, sort_text(name), True
        member.save()

    offered = [one.display_name for one in (c.member for c in people_on_the_roll(world.congress))]

    assert offered == [
        "Ngô Thị An (bịa)",
        "Đặng Văn Bình (bịa)",
        "Đỗ Văn Bình (bịa)",
        "Lê Văn Cường (bịa)",
        "Lê Văn Cường (bịa)",
        "Bùi Thị Yến (bịa)",
    ]


@pytest.mark.django_db
def test_the_ledger_of_a_rehearsal_closes_as_the_real_one_does():
    world = congress_at("cleared")
    rehearsal = started(world)
    client, address = signed_in(world.teller), reverse("elections:rehearsal", args=[rehearsal.pk])
    right = services.ledger_of(rehearsal)

    answer = client.post(address, right | {"unused": "", "spoiled": "2", "mark": services.mark_of(rehearsal)})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Ô S3: số phiếu hỏng trên bàn là 1." in page
    assert "Chưa nhập “số phiếu chưa dùng”" in page
    assert client.post(address, right | {"mark": services.mark_of(rehearsal)}).status_code == 302
    assert Rehearsal.objects.get().step == "open_box"


# ---- kept apart ----


def test_no_foreign_key_joins_a_rehearsal_with_an_election():
    """Neither from it nor to it: it knows its congress and who played."""
    own = {field.related_model._meta.label for field in Rehearsal._meta.get_fields() if field.is_relation}
    pointing_here = [
        one._meta.label for one in apps.get_models() for f in one._meta.get_fields() if f.related_model is Rehearsal
    ]

    assert own == {"congress.Congress", "accounts.User"}
    assert pointing_here == []


@pytest.mark.django_db
def test_the_database_joins_it_with_nothing_real_either():
    table = Rehearsal._meta.db_table
    with connection.cursor() as cursor:
        joined = {to for _, to in connection.introspection.get_relations(cursor, table).values()}
        others = [one._meta.db_table for one in (BallotRound, Candidate, SealedResult)]
        back = {to for name in others for _, to in connection.introspection.get_relations(cursor, name).values()}

    assert joined == {"congress_congress", "accounts_user"}
    assert table not in back


# ---- who and when ----


@pytest.mark.django_db
def test_tellers_and_officers_of_the_branch_may_and_nobody_else_sees_it():
    world = congress_at("cleared")
    pk = started(world).pk
    addresses = [reverse("elections:rehearsals", args=[world.congress_id]), reverse("elections:rehearsal", args=[pk])]

    def codes(user: User) -> list[int]:
        return [signed_in(user).get(address).status_code for address in addresses]

    assert [codes(one) for one in (world.secretary, world.clerk, world.teller, world.head_teller)] == [[200, 200]] * 4
    assert [codes(one) for one in (world.staff, world.approver, world.member_user, world.drafter)] == [[403, 403]] * 4
    assert codes(world.outsider) == [404, 404]


@pytest.mark.django_db
def test_who_holds_the_role_above_the_branch_does_not_rehearse_for_it():
    world = congress_at("cleared")
    above = make_user(Role.SECRETARY, world.committee)

    with pytest.raises(NotAllowed):
        services.start(world.congress_id, office="secretary", actor=above, at=world.when(-3))


@pytest.mark.django_db
def test_on_the_day_itself_nobody_rehearses():
    world = congress_at("sitting")

    with pytest.raises(IllegalTransition):
        started(world)
    page = signed_in(world.teller).get(reverse("elections:rehearsals", args=[world.congress_id]))
    assert "Chỉ diễn tập trước khi khai mạc" in page.content.decode()


@pytest.mark.django_db
def test_an_old_rehearsal_can_be_deleted():
    world = congress_at("cleared")
    rehearsal = started(world)

    answer = signed_in(world.clerk).post(reverse("elections:rehearsal_delete", args=[rehearsal.pk]))

    assert answer.url == reverse("elections:rehearsals", args=[world.congress_id])
    assert not Rehearsal.objects.exists()


@pytest.mark.django_db
def test_the_election_page_leads_to_it_for_those_who_may():
    world = congress_at("cleared")
    overview = reverse("elections:overview", args=[world.congress_id])
    link = reverse("elections:rehearsals", args=[world.congress_id])

    assert link in signed_in(world.teller).get(overview).content.decode()
    assert link not in signed_in(world.member_user).get(overview).content.decode()


@pytest.mark.django_db
def test_the_first_page_leads_to_it_while_the_congress_lies_ahead():
    ahead, today = congress_at("cleared"), congress_at("sitting", term_label="2025-2027")

    pages = {one.congress_id: signed_in(one.teller).get("/").content.decode() for one in (ahead, today)}

    assert reverse("elections:rehearsals", args=[ahead.congress_id]) in pages[ahead.congress_id]
    assert "Diễn tập bầu cử" not in pages[today.congress_id]
