"""Who may reach an address, declared on the view; an address without a declaration stops the start.

``@public``, ``@signed_in`` and ``@scoped`` put an ``Access`` on the view and hold it to that. A scoped view
is given the object itself, already loaded through the queryset of what the person may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.urls import Resolver404, URLPattern, URLResolver, resolve
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from accounts import audit, typed
from accounts.acting import live_assignments
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.roles import EVERY_ROLE, Role
from accounts.transitions import Lifecycle

View = Callable[..., HttpResponse]
SAFE_METHODS = ("GET", "HEAD")
EXACTLY = ("authority", "own")
"""Places at which a role must be held itself: the deciding committee, and what is nobody's above the object's own."""


class Audience(StrEnum):
    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    SCOPED = "scoped"


@dataclass(frozen=True, slots=True)
class Scope:
    """What kind of object an address is about, and where a role must be held for it."""

    name: str
    kwarg: str
    visible_to: Callable[[User], QuerySet[Any]]
    places: Mapping[str, Callable[[Any], Any]]
    state: Callable[[Any], str] | None = None
    lifecycle: Lifecycle | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """The policy of one address. HEAD goes with GET; OPTIONS is never answered.

    ``roles``: one of them must be held at ``scope.places[at]``; every role means that seeing the object is
    enough. ``at="authority"`` and ``at="own"`` mean exactly there, any other place rolls down the tree.
    ``action``: what the POST does in the object's life cycle; an illegal one is expected to answer 409.
    """

    audience: Audience
    methods: tuple[str, ...]
    scope: Scope | None = None
    roles: frozenset[Role] = EVERY_ROLE
    at: str = "organization"
    action: str | None = None

    def allows_method(self, method: str) -> bool:
        return method in self.methods or (method == "HEAD" and "GET" in self.methods)


# ---- what organizations registers: accounts may not import upwards ----

Authority = Callable[..., bool]


def _nobody_holds(user: User, roles: Iterable[Role], organization: Any, exactly: bool = False) -> bool:
    return False


_authority: Authority = _nobody_holds


def register_authority(holds: Authority) -> None:
    """``holds(user, roles, organization, exactly=False) -> bool``, asked of the live assignments."""
    global _authority
    _authority = holds


def holds(user: User, roles: Iterable[Role], organization: Any, exactly: bool = False) -> bool:
    """Whether the person holds one of the roles there, or above it unless ``exactly``."""
    return _authority(user, frozenset(roles), organization, exactly=exactly)


def reach(user: User, roles: Iterable[Role]) -> tuple[str, ...]:
    """Paths of the organizations at which the person holds one of the roles; each covers its subtree."""
    in_use = (user.acting,) if user.acting is not None else live_assignments(user)
    return tuple(one.organization.path for one in in_use if one.role in set(roles))


# ---- declarations ----


def public(*methods: str) -> Callable[[View], View]:
    """Anyone, signed in or not."""
    access = Access(Audience.PUBLIC, _methods(methods))

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return _wrong_method(request, access) or view(request, *args, **kwargs)

        return _with_access(guarded, access)

    return declare


def signed_in(*methods: str) -> Callable[[View], View]:
    """Anyone with an account; what they see inside is narrowed by the view's own queryset."""
    access = Access(Audience.SIGNED_IN, _methods(methods))

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            return _wrong_method(request, access) or view(request, *args, **kwargs)

        return _with_access(guarded, access)

    return declare


def scoped(
    scope: Scope,
    *roles: Role,
    methods: Sequence[str] = ("GET",),
    at: str = "organization",
    action: str | None = None,
) -> Callable[[View], View]:
    """Those who may see the object and, when roles are named, hold one of them at its place.

    The view is called as ``view(request, obj, **other_kwargs)``. Out of scope answers 404 like a missing object.
    """
    if at not in scope.places:
        raise ImproperlyConfigured(f"scope {scope.name} has no place {at}")
    access = Access(
        Audience.SCOPED, _methods(methods), scope=scope, roles=frozenset(roles) or EVERY_ROLE, at=at, action=action
    )

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if refused := _wrong_method(request, access):
                return refused
            found = _load(request, scope, kwargs.pop(scope.kwarg))
            request.access_subject = found  # type: ignore[attr-defined]  # a later refusal is recorded about it
            require_role(request, access, found)
            return view(request, found, *args, **kwargs)

        return _with_access(guarded, access)

    return declare


def _methods(methods: Sequence[str]) -> tuple[str, ...]:
    return tuple(methods) or ("GET",)


def _with_access(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]  # a function carries its policy
    return view


def _wrong_method(request: HttpRequest, access: Access) -> HttpResponse | None:
    method = request.method or ""
    if access.allows_method(method):
        return None
    refused = HttpResponseNotAllowed(access.methods)
    if method == "GET" and not request.htmx and not is_background(request):
        refused.content = render_to_string("errors/form_only.html", {"back_url": _way_back(request)}, request)
    return refused


def _way_back(request: HttpRequest) -> str:
    """From an address that only takes a form: the page it came from, else the nearest page above it."""
    before = page_before(request)
    if before != "/" and urlsplit(before).path != request.path:
        return before
    path = request.path
    while path := path.rstrip("/").rpartition("/")[0]:
        try:
            above = resolve(f"{path}/").func
        except Resolver404:
            continue
        declared = getattr(above, "access", None)
        if declared is not None and declared.allows_method("GET"):
            return f"{path}/"
    return "/"


def is_background(request: HttpRequest) -> bool:
    """Asked by the page itself while nobody does anything: it keeps no session alive and leads nobody away."""
    return request.headers.get("X-Background") == "1" and request.method in SAFE_METHODS


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in, then come back: to this page, or for a submitted form to the page it stood on."""
    if is_background(request):
        return HttpResponse(status=401)
    if request.method in SAFE_METHODS and not request.htmx:
        return redirect_to_login(request.get_full_path())
    typed.keep_for_another_session(request)
    answer = redirect_to_login(page_before(request))
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer


def page_before(request: HttpRequest) -> str:
    """The page of ours that this request came from (a form may say so in ``next``), else home."""
    before = request.POST.get("next") or request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, {request.get_host()}):
        return "/"
    parts = urlsplit(before)
    path = "/" + parts.path.lstrip("/\\")  # two slashes would name another host
    return path + (f"?{parts.query}" if parts.query else "")


def _load(request: HttpRequest, scope: Scope, pk: Any) -> Model:
    """The object, if this person may see it; one that exists elsewhere is a recorded refusal and the same 404."""
    user: User = request.user  # type: ignore[assignment]  # anonymous ones were sent to sign in
    visible = scope.visible_to(user)
    found: Model | None = visible.filter(pk=pk).first()
    if found is None:
        hidden = visible.model._base_manager.filter(pk=pk).first()
        if hidden is not None:
            _record(request, hidden, "ngoài phạm vi được giao")
        raise Http404
    return found


def require_role(request: HttpRequest, access: Access, found: Model) -> None:
    """Raise NotAllowed unless the person holds one of the roles at the object's place."""
    if access.roles == EVERY_ROLE or access.scope is None:
        return
    place = access.scope.places[access.at](found)
    if holds(request.user, access.roles, place, exactly=access.at in EXACTLY):  # type: ignore[arg-type]  # the wrapper has sent anonymous people to sign in
        return
    wanted = " hoặc ".join(role.named_at(place) for role in Role if role in access.roles)
    acting = getattr(request.user, "acting", None)
    now = f" Đồng chí đang làm việc với vai trò {acting.get_role_display()}." if acting else ""
    raise NotAllowed(f"Việc này cần vai trò {wanted} tại {place}.{now}")


def _record(request: HttpRequest, subject: Model | None, reason: str) -> None:
    audit.record_refusal(
        "access.refused",
        subject,
        actor=request.user if request.user.is_authenticated else None,  # type: ignore[arg-type]  # the wrapper has sent anonymous people to sign in
        at=timezone.now(),
        reason=reason,
        path=request.path[:500],
        method=request.method or "",
    )


def record_refusal(request: HttpRequest, reason: str) -> None:
    """Record that this request, about its scoped object if any, was refused; after all it did was rolled back."""
    _record(request, getattr(request, "access_subject", None), reason)


# ---- the check at the start ----


@dataclass(frozen=True, slots=True)
class Address:
    """One address of the URL configuration: its full name (``documents:submit``), pattern and policy."""

    name: str
    pattern: str
    callback: Callable[..., Any]
    access: Access | None


def addresses(
    urlpatterns: Iterable[URLPattern | URLResolver],
    third_party: Mapping[str, Access] | None = None,
    *,
    namespace: str = "",
    prefix: str = "",
) -> Iterator[Address]:
    """Every address, depth first, with the policy of its view or of the third-party table."""
    table = third_party or {}
    for entry in urlpatterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry.url_patterns, table, namespace=inner, prefix=pattern)
        else:
            name = f"{namespace}{entry.name}" if entry.name else ""
            access = getattr(entry.callback, "access", None) or table.get(name)
            yield Address(name, pattern, entry.callback, access)


def check_every_url(
    urlpatterns: Iterable[URLPattern | URLResolver], third_party: Mapping[str, Access] | None = None
) -> None:
    """Stop the start with the names of all addresses that nobody declared a policy for."""
    naked = [one for one in addresses(urlpatterns, third_party) if one.access is None]
    if naked:
        names = ", ".join(f"{one.name or 'không tên'} (/{one.pattern})" for one in naked)
        raise ImproperlyConfigured(f"Địa chỉ chưa khai báo quyền truy cập: {names}")
