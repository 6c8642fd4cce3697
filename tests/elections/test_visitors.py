"""Who nominates by a typed name is here temporarily: no way round the roll, E-32 and E-33."""

from __future__ import annotations

import unicodedata
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import InvalidInput
from accounts.models import AuditEvent
from elections.models import Candidate
from elections.services import nominations
from elections.services.visiting import is_named
from tests.factories import World, make_member
from tests.slates import committee

pytestmark = pytest.mark.django_db

GROUP = "nhân danh tập thể"
NO_NAME = "Ghi đủ họ và tên"
ON_THE_ROLL = "trùng họ và tên với đảng viên"


def by(world: World, typed: str, home: str = "") -> Candidate:
    return nominations.nominate(
        world.round.pk,
        member_id=world.members[5].pk,
        source=Candidate.Source.NOMINATED,
        nominator_name=typed,
        nominator_from=home,
        actor=world.secretary,
        at=world.when(0, 14, 15),
    )


@pytest.mark.rule("E-31")
@pytest.mark.rule("E-32")
@pytest.mark.rule("E-33")
def test_a_typed_nominator_is_a_person_and_nobody_whom_the_roll_knows():
    world = committee()
    elsewhere = make_member(world.branch, "Hoàng Thị Hoà (bịa)")
    summoned, nominee = world.members[9].full_name, world.members[5].full_name
    refused = {
        summoned: ON_THE_ROLL,
        f"Đồng chí {summoned.upper()}": ON_THE_ROLL,
        unicodedata.normalize("NFD", f"  {summoned} "): ON_THE_ROLL,
        summoned.replace(" (bịa)", ""): ON_THE_ROLL,
        f"{summoned} (khách)": ON_THE_ROLL,
        elsewhere.full_name: ON_THE_ROLL,
        "Hoàng Thị Hòa": ON_THE_ROLL,
        "hoang thi hoa": ON_THE_ROLL,
        nominee: "chọn nguồn “Ứng cử”",
        "12345": NO_NAME,
        "Nguyễn Văn 5": NO_NAME,
        "Khách": NO_NAME,
        "Đặng Khách; Lê Thị Ba": NO_NAME,
        "Ban chấp hành công đoàn": GROUP,
        "ĐOÀN THANH NIÊN": GROUP,
        "Chi uỷ chi bộ Kế toán": GROUP,
        "Tập thể": GROUP,
    }

    for typed, told in refused.items():
        with pytest.raises(InvalidInput) as refusal:
            by(world, typed)
        assert told in " ".join(refusal.value.fields["nominator_name"]), typed

    assert not world.round.candidates.filter(source=Candidate.Source.NOMINATED).exists()


@pytest.mark.parametrize("typed", ["Đoàn Văn Hội (bịa)", "Đồng chí Hoàng Thị Hoá", "Lê Thị Ba-Na"])
def test_a_visitor_of_any_name_nominates(typed):
    world = committee()
    make_member(world.branch, "Hoàng Thị Hoà (bịa)")

    assert by(world, typed).nominator == typed.removeprefix("Đồng chí ")


@pytest.mark.rule("E-11")
@pytest.mark.rule("E-31")
def test_a_visitor_of_the_same_name_as_a_member_is_told_apart_by_where_he_comes_from():
    world = committee()
    namesake, own = world.members[9].full_name, world.branch.name
    for home, told in ((own, "tổ chức đảng khác"), (own.upper(), "tổ chức đảng khác"), ("12", "Ghi đủ tên chi bộ")):
        with pytest.raises(InvalidInput) as refusal:
            by(world, namesake, home)
        assert told in " ".join(refusal.value.fields["nominator_from"])
    with pytest.raises(InvalidInput, match="Ghi họ và tên đồng chí"):
        by(world, "", "Chi bộ Kho bạc (bịa)")

    candidate = by(world, namesake, " Chi bộ  Kho bạc (bịa) ")

    printed = f"{namesake} (sinh hoạt tạm thời, từ Chi bộ Kho bạc (bịa))"
    assert (candidate.nominator, candidate.nominated_by) == (printed, None)
    assert AuditEvent.objects.get(action="election.nominated", details__by=printed)
    client = Client()
    client.force_login(world.secretary)
    page = unescape(client.get(reverse("elections:round", args=[world.round.pk])).content.decode())
    assert f"Người đề cử: {printed}" in page


def test_the_namesake_is_named_through_the_page():
    world = committee()
    client = Client()
    client.force_login(world.secretary)
    told = {
        "member": world.members[5].pk,
        "source": Candidate.Source.NOMINATED,
        "nominator_name": world.members[9].full_name,
    }
    address = reverse("elections:nominate", args=[world.round.pk])

    assert "ghi nơi chuyển đến" in unescape(client.post(address, told).content.decode())
    assert client.post(address, told | {"nominator_from": "Chi bộ Kho bạc (bịa)"}).status_code == 302
    assert world.round.candidates.get(member=world.members[5]).nominator_from == "Chi bộ Kho bạc (bịa)"


def test_a_name_is_known_whatever_the_case_the_code_and_the_place_of_the_tone():
    assert is_named("THUÝ Hòa", ["Thúy Hoà (bịa)"])
    assert not is_named("Thúy Hóa", ["Thúy Hoà"])
    assert not is_named("Trần Văn An", ["Trần Văn Ân"])


def test_the_page_says_it_at_the_field():
    world = committee()
    client = Client()
    client.force_login(world.secretary)

    page = client.post(
        reverse("elections:nominate", args=[world.round.pk]),
        {
            "member": world.members[5].pk,
            "source": Candidate.Source.NOMINATED,
            "nominator_name": world.members[9].full_name,
        },
    )

    assert page.status_code == 422
    assert ON_THE_ROLL in " ".join(page.context["nomination_form"].errors["nominator_name"])
