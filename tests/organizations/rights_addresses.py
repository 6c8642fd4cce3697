"""One address that only the secretary of the branch may open, for the tests of rights."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from accounts.access import public, scoped
from accounts.roles import Role
from organizations.models import Organization
from organizations.scopes import ORGANIZATION


@scoped(ORGANIZATION, Role.SECRETARY)
def only_the_secretary(request: HttpRequest, organization: Organization) -> HttpResponse:
    return HttpResponse("được")


@public("GET")
def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [
    path("bi-thu/<int:organization_id>/", only_the_secretary, name="only_the_secretary"),
    path("", home, name="home"),
    path("", include("accounts.urls")),
]
handler403 = handler404 = lambda request, exception=None: HttpResponse("không", status=403)
