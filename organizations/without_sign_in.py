"""The door of addresses that a secret opens: the calendar feed and the wall ask here, in a view of their own.

@public("GET")
def feed(request, secret):
    link = opened(request, AccessLink.Kind.CALENDAR, secret)
"""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest
from django.utils import timezone

from accounts.errors import TooManyTries
from organizations.models import AccessLink
from organizations.services import links

WRONG = "wrong_link"
LIMIT = {WRONG: "60/m/ip"}
ADDRESSES = {AccessLink.Kind.CALENDAR: "/lich/{}.ics", AccessLink.Kind.WALL: "/bang-treo/{}/"}


def opened(request: HttpRequest, kind: str, secret: str) -> AccessLink:
    """The living link. Raises Http404 alike for every other, TooManyTries when wrong ones keep coming from there.

    Only wrong ones are counted: the screen of an office goes on whatever else is tried from its address. What the
    page loads hears nothing of the address that opened it.
    """
    request.opened_by_secret = True  # type: ignore[attr-defined]  # read by the middleware that sets the headers
    link = links.find(kind, secret, at=timezone.now())
    if link is not None:
        return link
    if ratelimit.consume(request, app="organizations", action=WRONG, config=LIMIT, limit_get=True) is None:
        raise TooManyTries("Máy này đã mở quá nhiều địa chỉ không đúng. Đồng chí chờ một phút rồi thử lại.")
    raise Http404


def address_of(request: HttpRequest, kind: str, secret: str) -> str:
    """The whole address, as a person copies it into a phone or the screen of an office."""
    return request.build_absolute_uri(ADDRESSES[AccessLink.Kind(kind)].format(secret))
