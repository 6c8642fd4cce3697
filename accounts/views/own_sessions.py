"""Phiên đăng nhập của tôi: where the person is signed in, and how to end it there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts import sessions
from accounts.access import signed_in
from accounts.errors import InvalidInput
from accounts.web import number_of, signed_in_user


@signed_in("GET")
def own_sessions(request: HttpRequest) -> HttpResponse:
    found = sessions.own_sessions(signed_in_user(request), request.session.session_key, at=timezone.now())
    context = {
        "sessions": found,
        "others": any(not one.is_this for one in found),
        "crumbs": [("Phiên đăng nhập của tôi", request.path)],
    }
    return render(request, "accounts/own_sessions.html", context)


@signed_in("POST")
def end_one(request: HttpRequest) -> HttpResponse:
    chosen = number_of(request.POST.get("session", ""))
    if not chosen:
        raise InvalidInput("Chọn phiên cần kết thúc trên trang Phiên đăng nhập của tôi.")
    sessions.end_one(signed_in_user(request), chosen, request.session.session_key, at=timezone.now())
    messages.success(request, "Đã kết thúc phiên đăng nhập đó.")
    return redirect("own_sessions")


@signed_in("POST")
def end_others(request: HttpRequest) -> HttpResponse:
    sessions.end_others(request, signed_in_user(request), at=timezone.now())
    messages.success(request, "Đã kết thúc mọi phiên khác. Các máy khác phải đăng nhập lại.")
    return redirect("own_sessions")
