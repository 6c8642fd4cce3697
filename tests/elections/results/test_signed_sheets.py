"""The signed minutes: a picture from one person, six figures from another, and no report before they match."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.errors import IllegalTransition, InvalidInput, NotAllowed, NotReady
from accounts.models import AuditEvent, User
from congress import readiness
from documents.services import minutes
from documents.uploads import PDF, Upload
from elections.models import SealedResult, SignedSheet
from elections.rules.signed_paper import KEY_FIGURES, key_figures
from elections.services import counting, ratifying, sealing, signed_sheets
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def photograph() -> SimpleUploadedFile:
    kept = io.BytesIO()
    Image.new("RGB", (800, 600), "white").save(kept, "JPEG")
    return SimpleUploadedFile("bien-ban.jpg", kept.getvalue(), "image/jpeg")


@pytest.fixture
def world() -> World:
    return congress_at("sealed")


@pytest.fixture
def seal(world) -> SealedResult:
    return SealedResult.objects.get()


def url(name: str, seal: SealedResult, number: int | None = None) -> str:
    place = [seal.round_id] if number is None else [seal.round_id, seal.edition, number]
    return reverse(f"elections:{name}", args=place)


def read(seal: SealedResult, person: User, world: World, **changed: int | None) -> SignedSheet:
    return signed_sheets.read_signed_sheet(
        seal.round_id,
        edition=1,
        number=seal.signed_sheets.count(),
        read=key_figures(seal.sheet.result) | changed,
        actor=person,
        at=world.when(0, 16, 50),
    )


def gaps(world: World) -> list[str]:
    return [gap.url_name for gap in readiness.gaps(world.congress, readiness.REPORTING)]


# ---- who, and what ----


def test_another_person_reads_what_one_has_sent(world, seal):
    world.upload_signed_sheet(seal)

    sheet = read(seal, world.head_teller, world)

    assert (sheet.matches, sheet.uploaded_by, sheet.checked_by) == (True, world.teller, world.head_teller)


def test_the_picture_of_an_earlier_edition_is_not_read_against_the_newest_seal():
    """Else a recount with another result would be borne out, or belied, by minutes that were signed before it."""
    world = congress_at("sealed", members=12, committee_seats=3)
    first = SealedResult.objects.get()
    number = world.upload_signed_sheet(first).number
    counting.recount(first.round_id, reasons="Có khiếu nại", actor=world.head_teller, at=world.when(0, 15, 30))
    figures = first.sheet.case["ballots"] | {"votes": dict(zip(first.sheet.case["slate"], [12, 3, 9, 11], strict=True))}
    newest = first.round.counts.order_by("-number")[0]
    for person in world.typists:
        counting.submit_entry(newest.pk, figures=figures, actor=person, at=world.when(0, 15, 31))
    second = sealing.seal(first.round_id, sheet_number=2, actor=world.head_teller, at=world.when(0, 15, 32))

    for sealed in (first, second):
        with pytest.raises(IllegalTransition, match="đã có bản niêm phong mới"):
            signed_sheets.read_signed_sheet(
                first.round_id,
                edition=1,
                number=number,
                read=key_figures(sealed.sheet.result),
                actor=world.head_teller,
                at=world.when(0, 16, 50),
            )

    assert SignedSheet.objects.get().checked_at is None


def test_who_sends_the_picture_does_not_read_it(world, seal):
    sheet = world.upload_signed_sheet(seal)

    with pytest.raises(NotAllowed):
        read(seal, world.teller, world)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignedSheet.objects.update(checked_by=sheet.uploaded_by, checked_at=world.when(0, 17), matches=True, retyped={})


@pytest.mark.parametrize("name", KEY_FIGURES)
def test_each_figure_read_otherwise_is_named_and_does_not_match(world, seal, name):
    world.upload_signed_sheet(seal)
    right = key_figures(seal.sheet.result)[name]

    sheet = read(seal, world.head_teller, world, **{name: right + 1})

    assert (sheet.matches, signed_sheets.differing(sheet)) == (False, [KEY_FIGURES[name]])


def test_a_figure_left_blank_is_no_zero(world, seal):
    world.upload_signed_sheet(seal)

    with pytest.raises(InvalidInput) as refused:
        read(seal, world.head_teller, world, invalid=None)

    assert list(refused.value.fields) == ["invalid"]
    assert not SignedSheet.objects.filter(checked_at__isnull=False).exists()


def test_a_reading_is_final_and_the_same_picture_may_be_read_once_more(world, seal):
    first = world.upload_signed_sheet(seal)
    read(seal, world.head_teller, world, valid=0)
    with pytest.raises(IllegalTransition):
        read(seal, world.secretary, world)

    again = signed_sheets.read_again(
        seal.round_id, edition=1, number=1, actor=world.secretary, at=world.when(0, 16, 55)
    )
    with pytest.raises(NotAllowed):
        read(seal, world.teller, world)
    read(seal, world.secretary, world)

    assert (again.number, again.file, again.uploaded_by) == (2, first.file, world.teller)
    assert [one.matches for one in seal.signed_sheets.order_by("number")] == [False, True]


def test_a_matching_sheet_is_not_read_again(world, seal):
    world.upload_signed_sheet(seal)
    read(seal, world.head_teller, world)

    with pytest.raises(IllegalTransition):
        signed_sheets.read_again(seal.round_id, edition=1, number=1, actor=world.secretary, at=world.when(0, 17))


@pytest.mark.parametrize("person", ["member_user", "drafter", "approver", "outsider"])
def test_only_the_board_secretary_and_clerk_handle_the_paper(world, seal, person):

    with pytest.raises(NotAllowed):
        signed_sheets.upload_signed_sheet(
            seal.round_id,
            upload=Upload(b"%PDF-1.4", "a.pdf", PDF),
            actor=getattr(world, person),
            at=world.when(0, 16),
        )


# ---- no report without it ----


def test_the_report_waits_for_a_matching_sheet_of_every_sealed_round():
    world = congress_at("sealed", members=12, committee_seats=3)
    world.close()
    minutes.issue_congress_minutes(world.congress_id, actor=world.secretary, at=world.when(0, 17))
    assert gaps(world) == ["elections:signed_sheets"] * 2
    with pytest.raises(NotReady):
        ratifying.report_results(world.congress_id, actor=world.secretary, at=world.when(2))

    first, second = SealedResult.objects.order_by("round__election_id")
    world.upload_signed_sheet(first)
    read(first, world.head_teller, world)
    world.upload_signed_sheet(second)
    read(second, world.head_teller, world, returned=0)
    assert gaps(world) == ["elections:signed_sheets"]

    world.upload_signed_sheet(second)
    read(second, world.head_teller, world)
    assert gaps(world) == []
    assert ratifying.report_results(world.congress_id, actor=world.secretary, at=world.when(2)).number == 1


# ---- pages ----


def test_from_the_gap_to_the_matching_sheet_by_two_people(world, seal):
    sender, reader, events = signed_in(world.clerk), signed_in(world.secretary), AuditEvent.objects.count()

    assert sender.post(url("upload_signed_sheet", seal), {"file": photograph()}).status_code == 302
    page = reader.get(url("read_signed_sheet", seal, 1)).content.decode()
    answer = reader.post(
        url("read_signed_sheet", seal, 1), {key: str(n) for key, n in key_figures(seal.sheet.result).items()}
    )

    assert answer["Location"] == url("signed_sheets", seal)
    assert url("signed_picture", seal, 1) in page
    assert AuditEvent.objects.count() == events + 2
    assert "khớp với kết quả niêm phong" in reader.get(url("signed_sheets", seal)).content.decode()


def test_the_page_of_the_reading_shows_no_sealed_figure():
    world = congress_at("counting", members=12, committee_seats=3)
    world.enter(world.figures(votes=[11, 10, 9, 6]))
    world.sealed()
    seal = SealedResult.objects.get()
    world.upload_signed_sheet(seal)

    context = signed_in(world.head_teller).get(url("read_signed_sheet", seal, 1)).context

    assert [field.value() for field in context["form"]] == [None] * 6
    assert {"result", "sealed", "lines", "chart"} & context.keys() == set()


def test_a_mismatch_names_the_figures_and_not_what_was_sealed(world, seal):
    world.upload_signed_sheet(seal)
    right = key_figures(seal.sheet.result)
    client = signed_in(world.head_teller)

    typed = {key: str(number + (key == "valid")) for key, number in right.items()}
    page = client.post(url("read_signed_sheet", seal, 1), typed, follow=True).content.decode()

    assert "Khác với kết quả niêm phong: số phiếu hợp lệ." in page
    assert f"hợp lệ {right['valid']}" not in page
    assert "Đọc lại cùng bản chụp" in page


def test_what_is_no_picture_is_refused_at_its_field(world, seal):
    wrong = SimpleUploadedFile("bien-ban.jpg", b"khong phai anh", "image/jpeg")

    answer = signed_in(world.clerk).post(url("upload_signed_sheet", seal), {"file": wrong})

    assert answer.status_code == 422
    assert "bị hỏng hoặc không đúng là ảnh JPEG" in answer.content.decode()
    assert not SignedSheet.objects.exists()


def test_the_picture_leaves_as_kept_and_runs_nothing(world, seal):
    signed_in(world.clerk).post(url("upload_signed_sheet", seal), {"file": photograph()})

    answer = signed_in(world.member_user).get(url("signed_picture", seal, 1))

    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_who_sent_the_picture_is_told_why_he_does_not_read_it(world, seal):
    world.upload_signed_sheet(seal)

    page = signed_in(world.teller).get(url("signed_sheets", seal)).content.decode()

    assert "Người tải ảnh lên không tự đọc lại số liệu." in page


def test_a_sheet_that_is_not_there_is_missing(world, seal):
    assert signed_in(world.secretary).get(url("signed_picture", seal, 7)).status_code == 404
    assert signed_in(world.outsider).get(url("signed_sheets", seal)).status_code == 404


@pytest.mark.parametrize("changed", [{}, {"returned": 0}])
def test_a_later_picture_unread_or_read_otherwise_stops_the_report_again(changed):
    world = congress_at("sealed", members=12, committee_seats=3)
    world.close()
    world.sign_minutes()
    minutes.issue_congress_minutes(world.congress_id, actor=world.secretary, at=world.when(0, 17))
    assert gaps(world) == []

    last = SealedResult.objects.order_by("pk")[0]
    world.upload_signed_sheet(last)
    if changed:
        read(last, world.head_teller, world, **changed)

    assert gaps(world) == ["elections:signed_sheets"]
