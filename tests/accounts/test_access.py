"""Who reaches an address: declared on the view, checked at the start, refused with a reason and a record."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from accounts import access
from accounts.models import AuditEvent
from accounts.roles import Role
from tests.accounts.addresses import ACCOUNTS, BRANCH, COMMITTEE
from tests.accounts.conftest import HeldRole, Place

pytestmark = pytest.mark.urls("tests.accounts.addresses")


def nobody_thought_of_me(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def give(held, user, role: Role, place: Place) -> None:
    held.setdefault(user.pk, []).append(HeldRole(len(held) + 1, role, place))


# ---- the check at the start ----


def test_an_address_without_a_policy_stops_the_start_with_its_name():
    inner = ([path("b/", nobody_thought_of_me, name="forgotten")], "documents")

    with pytest.raises(ImproperlyConfigured, match=r"documents:forgotten \(/a/b/\)"):
        access.check_every_url([path("a/", include(inner))])


def test_every_forgotten_address_is_named_at_once():
    naked = [path(f"{n}/", nobody_thought_of_me, name=f"forgotten_{n}") for n in range(20)]

    with pytest.raises(ImproperlyConfigured) as stop:
        access.check_every_url(naked)

    assert [f"forgotten_{n} " in str(stop.value) for n in range(20)] == [True] * 20


def test_a_nameless_address_is_told_by_its_path():
    with pytest.raises(ImproperlyConfigured, match=r"không tên \(/x/\)"):
        access.check_every_url([path("x/", nobody_thought_of_me)])


def test_an_address_of_a_library_is_covered_by_the_table():
    table = {"forgotten": access.Access(access.Audience.PUBLIC, ("GET",))}

    access.check_every_url([path("x/", nobody_thought_of_me, name="forgotten")], table)


def test_a_scope_refuses_a_place_it_does_not_know():
    with pytest.raises(ImproperlyConfigured, match="no place office"):
        access.scoped(ACCOUNTS, at="office")


# ---- who gets what ----


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete", "options"])
def test_someone_not_signed_in_is_sent_to_sign_in_whatever_they_send(db, method):
    answers = [getattr(Client(), method)(url) for url in ("/signed-in/", "/seen/1/", "/officers/1/", "/decide/1/")]

    assert [answer.status_code for answer in answers] == [302] * 4
    assert {answer.url.partition("?")[0] for answer in answers} == {"/dang-nhap/"}


def test_after_signing_in_one_comes_back_to_the_page_asked_for(db):
    assert Client().get("/signed-in/?q=1").url == "/dang-nhap/?next=/signed-in/%3Fq%3D1"


def test_after_signing_in_a_submitted_form_leads_back_to_the_page_it_stood_on(db):
    answer = Client().post("/signed-in/", headers={"referer": "http://testserver/open/?a=1"})

    assert answer.url == "/dang-nhap/?next=/open/%3Fa%3D1"


@pytest.mark.parametrize("before", ["https://evil.example/x", "//evil.example/x", "javascript:alert(1)", ""])
def test_a_foreign_page_is_never_led_back_to(db, before):
    answer = Client().post("/signed-in/", headers={"referer": before})

    assert answer.url == "/dang-nhap/?next=/"


def test_htmx_is_told_to_leave_for_the_sign_in_page(db):
    answer = Client().get("/signed-in/", headers={"hx-request": "true", "hx-current-url": "http://testserver/open/"})

    assert answer.headers["HX-Redirect"] == "/dang-nhap/?next=/open/"


def test_an_address_for_a_form_alone_leads_back_to_the_page_it_came_from(signed_in, an):
    answer = signed_in.get(f"/decide/{an.pk}/", headers={"referer": "http://testserver/open/?a=1"})

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert 'href="/open/?a=1"' in answer.content.decode()
    assert "chỉ nhận biểu mẫu" in answer.content.decode()


@pytest.mark.parametrize("before", ["", "https://evil.example/x", "http://testserver/decide/{pk}/"])
def test_without_a_page_before_it_leads_home(signed_in, an, before):
    answer = signed_in.get(f"/decide/{an.pk}/", headers={"referer": before.format(pk=an.pk)})

    assert answer.status_code == 405
    assert 'class="btn btn-primary" href="/"' in answer.content.decode()


@pytest.mark.parametrize(
    ("url", "method", "status"),
    [
        ("/open/", "get", 200),
        ("/open/", "head", 200),
        ("/open/", "post", 405),
        ("/open/", "options", 405),
        ("/signed-in/", "post", 200),
        ("/signed-in/", "put", 405),
        ("/signed-in/", "delete", 405),
        ("/signed-in/", "options", 405),
        ("/seen/{pk}/", "head", 200),
        ("/seen/{pk}/", "post", 405),
        ("/decide/{pk}/", "get", 405),
        ("/decide/{pk}/", "head", 405),
    ],
)
def test_only_declared_methods_are_answered(signed_in, an, url, method, status):
    assert getattr(signed_in, method)(url.format(pk=an.pk)).status_code == status


def test_a_view_of_a_scope_is_given_the_object_itself(signed_in, an):
    assert signed_in.get(f"/seen/{an.pk}/").content == b"an"


def test_out_of_scope_answers_byte_for_byte_like_missing_but_leaves_a_refusal(signed_in, an, make_user):
    hidden = make_user("hidden")

    there = signed_in.get(f"/seen/{hidden.pk}/")
    not_there = signed_in.get("/seen/999999/")

    assert (there.status_code, there.content, dict(there.headers)) == (404, not_there.content, dict(not_there.headers))
    (event,) = AuditEvent.objects.all()
    assert (event.action, event.outcome, event.actor, event.subject_id) == (
        "access.refused",
        "refused",
        an,
        str(hidden.pk),
    )


def test_a_number_no_database_holds_is_missing_too(signed_in):
    assert signed_in.get(f"/seen/{10**30}/").status_code == 404


@pytest.mark.parametrize(
    ("role", "place", "status"),
    [
        pytest.param(Role.SECRETARY, BRANCH, 200, id="one of the roles, at the place"),
        pytest.param(Role.CLERK, BRANCH, 200, id="another of the roles"),
        pytest.param(Role.SECRETARY, COMMITTEE, 200, id="above it: rights roll down"),
        pytest.param(Role.SECRETARY, Place("1/8/", "Chi bộ 8"), 403, id="at the neighbour's"),
        pytest.param(Role.SECRETARY, Place("1/7/3/", "Tổ 3"), 403, id="below it"),
        pytest.param(Role.DRAFTER, BRANCH, 403, id="a role that does not do"),
    ],
)
def test_a_role_is_needed_at_the_place_or_above(signed_in, an, held, role, place, status):
    give(held, an, role, place)

    assert signed_in.post(f"/officers/{an.pk}/").status_code == status


@pytest.mark.parametrize(
    ("place", "status"),
    [
        pytest.param(COMMITTEE, 200, id="at the deciding committee"),
        pytest.param(Place("", "Tỉnh ủy"), 403, id="above the deciding committee"),
        pytest.param(BRANCH, 403, id="below it"),
    ],
)
def test_a_decision_is_for_exactly_the_deciding_committee(signed_in, an, held, place, status):
    give(held, an, Role.APPROVER, place)

    assert signed_in.post(f"/decide/{an.pk}/").status_code == status


def test_a_missing_role_is_told_with_the_role_and_the_place_and_recorded_once(signed_in, an):
    answer = signed_in.post(f"/officers/{an.pk}/")

    assert "Việc này cần vai trò Bí thư chi bộ hoặc Thư ký chi bộ tại Chi bộ 7." in answer.content.decode()
    (event,) = AuditEvent.objects.all()
    assert (event.outcome, event.subject_id, event.details["path"]) == ("refused", str(an.pk), f"/officers/{an.pk}/")


def test_a_refusal_by_the_service_is_recorded_about_the_object_of_the_address(signed_in, an):
    answer = signed_in.post(f"/service/{an.pk}/")

    assert answer.status_code == 403
    (event,) = AuditEvent.objects.all()
    assert (event.subject_id, event.details["reason"]) == (str(an.pk), "Người nhập không được xác nhận.")


# ---- acting in one role ----


def test_acting_in_one_role_puts_the_others_aside(signed_in, an, held):
    held[an.pk] = [HeldRole(1, Role.SECRETARY, BRANCH), HeldRole(2, Role.APPROVER, COMMITTEE)]

    signed_in.post("/tuy-chon/vai-tro/", {"assignment": "2"})

    assert signed_in.post(f"/officers/{an.pk}/").status_code == 403
    assert signed_in.post(f"/decide/{an.pk}/").status_code == 200


def test_the_record_says_in_which_role_something_was_refused(signed_in, an, held):
    held[an.pk] = [HeldRole(2, Role.APPROVER, COMMITTEE)]
    signed_in.post("/tuy-chon/vai-tro/", {"assignment": "2"})

    signed_in.post(f"/officers/{an.pk}/")

    assert AuditEvent.objects.first().acting_role == "approver"


def test_an_empty_choice_means_every_role_again(signed_in, an, held):
    held[an.pk] = [HeldRole(1, Role.SECRETARY, BRANCH), HeldRole(2, Role.APPROVER, COMMITTEE)]
    signed_in.post("/tuy-chon/vai-tro/", {"assignment": "2"})

    signed_in.post("/tuy-chon/vai-tro/", {"assignment": ""})

    assert signed_in.post(f"/officers/{an.pk}/").status_code == 200


def test_a_role_of_somebody_else_cannot_be_acted_in(signed_in, an, held):
    held[an.pk + 1] = [HeldRole(1, Role.SECRETARY, BRANCH)]

    assert signed_in.post("/tuy-chon/vai-tro/", {"assignment": "1"}).status_code == 422


def test_switching_the_role_gives_the_session_a_new_key(signed_in, an, held):
    held[an.pk] = [HeldRole(1, Role.SECRETARY, BRANCH)]
    before = signed_in.session.session_key

    signed_in.post("/tuy-chon/vai-tro/", {"assignment": "1"})

    assert signed_in.session.session_key != before


def test_a_revoked_role_is_gone_at_the_very_next_request(signed_in, an, held):
    held[an.pk] = [HeldRole(1, Role.SECRETARY, BRANCH)]
    signed_in.post("/tuy-chon/vai-tro/", {"assignment": "1"})
    assert signed_in.post(f"/officers/{an.pk}/").status_code == 200

    held[an.pk] = []

    assert signed_in.post(f"/officers/{an.pk}/").status_code == 403


# ---- refusals out of a view ----


@pytest.mark.parametrize(
    ("kind", "status", "said"),
    [
        ("not-allowed", 403, "Việc này cần bí thư."),
        ("stale", 409, "Có người đã sửa."),
        ("not-ready", 409, "Thiếu đề án nhân sự."),
        ("invalid", 422, "Thu về 31 phiếu nhưng chỉ phát ra 30 phiếu."),
    ],
)
def test_a_refusal_becomes_a_page_with_its_sentence(signed_in, kind, status, said):
    answer = signed_in.post(f"/refuses/{kind}/")

    assert answer.status_code == status
    assert said in answer.content.decode()
    assert "<html" in answer.content.decode()


def test_htmx_gets_the_refusal_as_a_fragment(signed_in):
    answer = signed_in.post("/refuses/not-ready/", headers={"hx-request": "true"})

    assert answer.status_code == 409
    assert "<html" not in answer.content.decode()


def test_only_a_refused_permission_is_recorded(signed_in):
    for kind in ("stale", "not-ready", "invalid", "not-allowed"):
        signed_in.post(f"/refuses/{kind}/")

    assert [event.details["reason"] for event in AuditEvent.objects.all()] == ["Việc này cần bí thư."]


# ---- requests that another site made the browser send ----


@pytest.mark.parametrize(
    ("site", "status"), [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403), ("x", 403)]
)
def test_a_form_sent_from_another_site_is_refused(signed_in, site, status):
    assert signed_in.post("/signed-in/", headers={"sec-fetch-site": site}).status_code == status


def test_a_link_from_another_site_may_be_followed(signed_in):
    assert signed_in.get("/signed-in/", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_a_form_without_its_token_is_refused(an):
    client = Client(enforce_csrf_checks=True)
    client.force_login(an)

    assert client.post("/signed-in/").status_code == 403
