"""What happens around every view: headers, session limits, the role acted as, refusals turned into pages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from accounts import access, acting, contention, second_factor, sessions
from accounts.errors import DomainError, InvalidInput, NotAllowed, TooManyTries

logger = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation"),
            *("gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture"),
            *("publickey-credentials-get", "screen-wake-lock", "usb", "xr-spatial-tracking"),
        )
    ),
}


def every_answer_carries_headers(get_response: Answer) -> Answer:
    """Outermost, so that refused hosts, redirects and static files carry them too."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if getattr(request, "opened_by_secret", False):
            response.headers["Referrer-Policy"] = "no-referrer"  # the address itself opens the page
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return answer


def nothing_is_kept_by_caches(get_response: Answer) -> Answer:
    """Every page and file the product itself answers is for this person now; static files stand outside of this."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "no-store" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "no-store"
        return response

    return answer


class SessionLimits:
    """Ends a session that was idle or lasted too long; the person signs in again and comes back."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        now, key = timezone.now(), request.session.session_key
        if sessions.has_ended(request, now):
            logout(request)
            messages.info(request, "Phiên làm việc đã hết giờ. Đồng chí đăng nhập lại để làm tiếp.")
        elif not access.is_background(request):
            sessions.touch(request, now)
        response = self.get_response(request)
        if request.session.session_key != key:
            sessions.follow(key, request.session.session_key)
        return response


def acting_role(get_response: Answer) -> Answer:
    """Narrows the person's rights to the role they chose to act in, as long as it is live."""

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = request.session.get(acting.SESSION_KEY)
        if chosen is not None and request.user.is_authenticated:
            assignment = acting.find(request.user, chosen)  # type: ignore[arg-type]  # asked of signed-in people alone
            if assignment is None:
                del request.session[acting.SESSION_KEY]
            else:
                request.user.acting = assignment  # type: ignore[union-attr]  # asked of signed-in people alone
        return get_response(request)

    return answer


class SameOriginOnly:
    """A second wall behind the CSRF token: a browser says itself when a form was sent from another site."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if request.method not in access.SAFE_METHODS and site not in ("same-origin", "none"):
            logger.warning("refused a %s sent from another site (%s)", request.method, site[:20])
            raise PermissionDenied("Biểu mẫu được gửi từ một trang khác.")


class NewPasswordFirst:
    """A one-time password opens only the page on which it is replaced."""

    ALLOWED = ("account_change_password", "account_logout")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        declared = getattr(view, "access", None)
        is_public = declared is not None and declared.audience is access.Audience.PUBLIC
        if (
            is_public
            or not request.user.is_authenticated
            or not request.user.must_change_password  # type: ignore[union-attr]  # asked of signed-in people alone
            or (request.resolver_match and request.resolver_match.view_name in self.ALLOWED)
        ):
            return None
        page = reverse("account_change_password")
        return HttpResponseClientRedirect(page) if request.htmx else HttpResponseRedirect(page)


class SecondFactorFirst:
    """Whoever must have a second factor and has none is led to set it up; for some days it may be put off.

    Asked once a session: a new role and a reset factor end the sessions that were before them.
    """

    SETTLED = "second_factor_settled"
    ALLOWED = (
        *NewPasswordFirst.ALLOWED,
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_reauthenticate",
        "put_off_second_factor",
    )

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        declared = getattr(view, "access", None)
        user: Any = request.user
        if (
            not settings.SECOND_FACTOR_REQUIRED
            or not user.is_authenticated
            or user.must_change_password
            or request.session.get(self.SETTLED) == user.pk
            or (declared is not None and declared.audience is access.Audience.PUBLIC)
            or (request.resolver_match and request.resolver_match.view_name in self.ALLOWED)
            or access.is_background(request)
        ):
            return None
        if not second_factor.must_have(user) or second_factor.has(user):
            request.session[self.SETTLED] = user.pk
            return None
        page = reverse("mfa_activate_totp")
        if request.method in access.SAFE_METHODS:
            page += f"?{urlencode({'next': request.get_full_path()})}"
        return HttpResponseClientRedirect(page) if request.htmx else HttpResponseRedirect(page)


class RefusalsBecomePages:
    """A DomainError out of any view is an answer to the person: 403, 409, 422 or 429 with its sentence.

    Whom the database sent away because somebody else wrote at the same moment is told to send again (503).
    By now the service's transaction is rolled back, so the record of a refused permission stands alone.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if contention.is_contention(exception):
            return contention.busy_page(request, exception)
        if not isinstance(exception, DomainError):
            return None
        if isinstance(exception, NotAllowed):
            access.record_refusal(request, str(exception))
        return refused_page(request, exception)


def status_of(refusal: DomainError) -> int:
    if isinstance(refusal, NotAllowed):
        return 403
    if isinstance(refusal, TooManyTries):
        return 429
    return 422 if isinstance(refusal, InvalidInput) else 409


def refused_page(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """The page, or for htmx the fragment, with the sentence, what is missing and the way back."""
    context = {
        "message": str(refusal),
        "gaps": list(getattr(refusal, "gaps", ())),
        "field_errors": getattr(refusal, "fields", {}),
        "status": status_of(refusal),
        "back_url": access.page_before(request),
    }
    part = request.htmx and not request.htmx.boosted
    template = "errors/_refused.html" if part else "errors/refused.html"
    return render(request, template, context, status=status_of(refusal))
