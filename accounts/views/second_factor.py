"""Xác thực hai bước: pages on which a person sets it up, prints codes, changes the telephone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import second_factor
from accounts.access import signed_in
from accounts.errors import IllegalTransition
from accounts.forms import FirstCodeForm
from accounts.middleware import SecondFactorFirst
from accounts.models import User
from accounts.web import password_given_lately, perform, signed_in_user, step_up

KEPT = "second_factor_key"
TITLE = "Xác thực hai bước"


@signed_in("GET")
def overview(request: HttpRequest) -> HttpResponse:
    """Whether it is on, and what can be done about it."""
    user = signed_in_user(request)
    on = second_factor.has(user)
    context = {
        "on": on,
        "codes_left": second_factor.codes_left(user) if on else 0,
        "must_have": second_factor.must_have(user),
        "crumbs": [(TITLE, request.path)],
    }
    return render(request, "accounts/second_factor.html", context)


@signed_in("GET", "POST")
def set_up(request: HttpRequest) -> HttpResponse:
    """The key for the telephone and the first code; a person with a telephone changes it here for another."""
    user = signed_in_user(request)
    if asked := _asked_first(request, user):
        return asked
    kept = request.session.get(KEPT)
    if not kept or (request.method == "GET" and "moi" in request.GET):
        kept = request.session[KEPT] = second_factor.new_secret()
    form = FirstCodeForm(request.POST if request.method == "POST" else None)
    codes: list[str] = []

    def act(data: dict[str, Any]) -> None:
        codes.extend(second_factor.set_up(user.pk, kept, data["code"], at=timezone.now()))

    if form.is_bound and perform(form, act):
        del request.session[KEPT]
        second_factor.proven(request, user, second_factor.TOTP)
        return _codes_page(request, user, codes)
    picture, key = second_factor.shown(user, kept)
    context = {
        "form": form,
        "picture": picture,
        "key": key,
        "next": _next(request),
        "changes": second_factor.has(user),
        "must_have": second_factor.must_have(user),
        "days_left": second_factor.days_of_grace(user, on=timezone.localdate()),
    }
    return render(request, "accounts/second_factor_set_up.html", context, status=422 if form.is_bound else 200)


def _asked_first(request: HttpRequest, user: User) -> HttpResponse | None:
    """A new telephone needs the password given lately; in place of another one, that one or a printed code."""
    if second_factor.has(user):
        return step_up(request)
    if password_given_lately(request):
        return None
    question = urlencode({"next": request.get_full_path() if request.method == "GET" else request.path})
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{question}")


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else reverse("home")


def _codes_page(request: HttpRequest, user: User, codes: list[str]) -> HttpResponse:
    """The printed codes, in this answer and nowhere else."""
    context = {
        "codes": [f"{code[:4]} {code[4:]}" for code in codes],
        "person": user,
        "made_on": timezone.localdate(),
        "next": _next(request),
    }
    return render(request, "accounts/printed_codes.html", context)


@signed_in("GET", "POST")
def print_new_codes(request: HttpRequest) -> HttpResponse:
    """Lập mã dự phòng mới; those on the old paper end."""
    user = signed_in_user(request)
    if not second_factor.has(user):
        raise IllegalTransition("Đồng chí chưa bật xác thực hai bước nên chưa có mã dự phòng. Bật trước đã.")
    if asked := step_up(request):
        return asked
    if request.method == "POST":
        return _codes_page(request, user, second_factor.print_new_codes(user.pk, at=timezone.now()))
    return _confirm(request, "Lập mã dự phòng mới", "Mười mã trên tờ đã in trước hết dùng được ngay; in và cất tờ mới.")


@signed_in("GET", "POST")
def turn_off(request: HttpRequest) -> HttpResponse:
    """Tắt xác thực hai bước, for people whose roles do not need it."""
    user = signed_in_user(request)
    if second_factor.has(user) and (asked := step_up(request)):
        return asked
    if request.method == "POST":
        second_factor.turn_off(user.pk, at=timezone.now())
        messages.success(request, "Đã tắt xác thực hai bước. Lần đăng nhập sau chỉ cần mật khẩu.")
        return redirect("mfa_index")
    return _confirm(request, "Tắt xác thực hai bước", "Ai biết mật khẩu của đồng chí là đăng nhập được.")


def _confirm(request: HttpRequest, title: str, consequence: str) -> HttpResponse:
    context = {
        "title": title,
        "consequence": consequence,
        "cancel_url": reverse("mfa_index"),
        "crumbs": [(TITLE, reverse("mfa_index")), (title, request.path)],
    }
    return render(request, "accounts/confirm.html", context)


@signed_in("POST")
def put_off(request: HttpRequest) -> HttpResponse:
    """Để sau: this session goes on without, as long as the days of grace last."""
    user = signed_in_user(request)
    if not second_factor.days_of_grace(user, on=timezone.localdate()):
        raise IllegalTransition("Đã hết thời gian để sau. Đồng chí cài đặt xác thực hai bước rồi làm việc tiếp.")
    request.session[SecondFactorFirst.SETTLED] = user.pk
    return HttpResponseRedirect(_next(request))
