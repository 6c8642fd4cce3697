"""Every address of the product. One without a declared policy stops the start with its name."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from accounts import views as accounts_views
from accounts.access import Access, check_every_url
from elections.search import search

# Policies of addresses that come from a library and cannot carry a declaration of their own.
THIRD_PARTY: Mapping[str, Access] = {}

urlpatterns: list[URLPattern | URLResolver] = [path("", include("accounts.urls"))]
urlpatterns += [
    path("", include(f"{app}.urls"))
    for app in ("organizations", "congress", "documents", "elections")
    if find_spec(f"{app}.urls")
]
home = import_module("elections.home").home if find_spec("elections.home") else accounts_views.home
urlpatterns += [path("", home, name="home"), path("tim/", search, name="search")]
if settings.COMPONENTS_PAGE and find_spec("accounts.components_page"):
    urlpatterns.append(path("components/", import_module("accounts.components_page").components, name="components"))

check_every_url(urlpatterns, THIRD_PARTY)
