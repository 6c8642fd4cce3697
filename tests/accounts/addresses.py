"""A small URL configuration for the tests of access: one scope, whose objects are accounts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from accounts import access
from accounts.errors import InvalidInput, NotAllowed, NotReady, StaleVersion
from accounts.models import User
from accounts.roles import Role
from tests.accounts.conftest import Place

BRANCH = Place("1/7/", "Chi bộ 7")
COMMITTEE = Place("1/", "Đảng ủy khối")

ACCOUNTS = access.Scope(
    name="account",
    kwarg="account_id",
    visible_to=lambda user: User.objects.exclude(username__startswith="hidden"),
    places={"organization": lambda account: BRANCH, "authority": lambda account: COMMITTEE},
)

REFUSALS = {
    "not-allowed": NotAllowed("Việc này cần bí thư."),
    "stale": StaleVersion("Có người đã sửa."),
    "not-ready": NotReady("Chưa đủ hồ sơ.", gaps=["Thiếu đề án nhân sự."]),
    "invalid": InvalidInput("Số phiếu chưa khớp.", fields={"votes": ["Thu về 31 phiếu nhưng chỉ phát ra 30 phiếu."]}),
}


@access.public("GET")
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ai cũng xem được")


@access.signed_in("GET", "POST")
def for_accounts(request: HttpRequest) -> HttpResponse:
    return HttpResponse("có tài khoản")


@access.scoped(ACCOUNTS)
def whoever_sees_it(request: HttpRequest, account: User) -> HttpResponse:
    return HttpResponse(account.username)


@access.scoped(ACCOUNTS, Role.SECRETARY, Role.CLERK, methods=["GET", "POST"])
def branch_officers(request: HttpRequest, account: User) -> HttpResponse:
    return HttpResponse(account.username)


@access.scoped(ACCOUNTS, Role.APPROVER, methods=["POST"], at="authority")
def decide(request: HttpRequest, account: User) -> HttpResponse:
    return HttpResponse(account.username)


@access.signed_in("GET", "POST")
def refuses(request: HttpRequest, kind: str) -> HttpResponse:
    raise REFUSALS[kind]


@access.scoped(ACCOUNTS, methods=["POST"])
def refused_by_the_service(request: HttpRequest, account: User) -> HttpResponse:
    raise NotAllowed("Người nhập không được xác nhận.")


urlpatterns = [
    path("service/<int:account_id>/", refused_by_the_service, name="service"),
    path("open/", open_to_all, name="open"),
    path("signed-in/", for_accounts, name="signed_in"),
    path("seen/<int:account_id>/", whoever_sees_it, name="seen"),
    path("officers/<int:account_id>/", branch_officers, name="officers"),
    path("decide/<int:account_id>/", decide, name="decide"),
    path("refuses/<slug:kind>/", refuses, name="refuses"),
    path("", open_to_all, name="home"),
    path("", include("accounts.urls")),
]
