"""Every address of the product. One without a declared policy stops the start with its name."""

from collections.abc import Mapping

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from accounts.access import Access, check_every_url
from accounts.components_page import components
from elections.home import home
from elections.search import search

# Policies of addresses that come from a library and cannot carry a declaration of their own.
THIRD_PARTY: Mapping[str, Access] = {}

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("tim/", search, name="search"),
    path("", include("accounts.urls")),
    path("", include("organizations.urls")),
    path("", include("congress.urls")),
    path("", include("documents.urls")),
    path("", include("elections.urls")),
]
if settings.COMPONENTS_PAGE:
    urlpatterns.append(path("components/", components, name="components"))

check_every_url(urlpatterns, THIRD_PARTY)
