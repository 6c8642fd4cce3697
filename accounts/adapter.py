"""How people sign in: allauth's flows with our limits, our record and our words."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts import audit, devices, second_factor, services
from accounts.models import User


class Adapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": (
            "Tên đăng nhập hoặc mật khẩu chưa đúng, hoặc tài khoản đã ngừng. Đồng chí kiểm tra lại chữ hoa, "
            "chữ thường và bộ gõ; nếu quên mật khẩu, nhờ quản trị hệ thống đặt lại."
        ),
        "too_many_login_attempts": (
            "Đã thử đăng nhập sai nhiều lần. Đồng chí chờ 15 phút rồi thử lại, hoặc đăng nhập trên máy đồng chí "
            "đã từng đăng nhập."
        ),
        "one_time_password_lapsed": (
            "Mật khẩu dùng một lần này đã hết hạn vì chưa được dùng trong thời gian quy định. Đồng chí báo nơi đã trao "
            "mật khẩu (cấp ủy cấp trên hoặc chi bộ) để được đặt lại; mật khẩu mới dùng được ngay."
        ),
        "enter_current_password": "Mật khẩu hiện tại chưa đúng. Đồng chí nhập lại.",
        "incorrect_password": "Mật khẩu chưa đúng. Đồng chí nhập lại.",
        "rate_limited": "Đồng chí thao tác quá nhanh. Chờ một phút rồi thử lại.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by those in charge of an organization, never by oneself."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Pages only: allauth shall not answer sign-in as JSON."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    # ---- limits ----

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count this try before the password is looked at; a success gives the count back."""
        username = credentials.get("username", "").strip().lower()[:64]
        device = devices.known_device(request, username)
        counts = (
            [("device", f"{username} {device}")]
            if device
            else [
                ("address", None),
                ("pair", f"{username} {ratelimit.get_ip(request)}"),
                ("account", username),
            ]
        )
        taken: list[Any] = []
        self._login_failed_rl_usage = ratelimit.RateLimitUsage(usage=taken)
        for action, key in counts:
            usage = ratelimit.consume(
                request, app="accounts", action=f"sign_in_{action}", config=_limits(), key=key, limit_get=True
            )
            if usage is None:
                self._login_failed_rl_usage.rollback()
                raise self.validation_error("too_many_login_attempts")
            taken.extend(usage.usage)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The user, or None: a wrong name, a wrong password and a closed account answer alike."""
        user = super().authenticate(request, **credentials)
        if user is not None and user.is_active and user.has_lapsed(timezone.now()):
            self._refused(user, "mật khẩu dùng một lần đã hết hạn")
            raise self.validation_error("one_time_password_lapsed")  # only who knew it reads this
        if user is None or user.is_active:
            return user
        self.authentication_failed(request, **credentials)
        return None

    # ---- record ----

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """One refusal. A name nobody has is not kept: people type passwords into that field."""
        username = credentials.get("username", "").strip().lower()
        user = User.objects.filter(username=username).first()
        self._refused(user, "sai mật khẩu hoặc tài khoản đã ngừng" if user else "không có tên đăng nhập này")

    def _refused(self, user: User | None, reason: str) -> None:
        audit.record_refusal(
            "account.sign_in_failed",
            user,
            actor=None,
            at=timezone.now(),
            reason=reason,
            username=user.username if user else "không có trong hệ thống",
        )

    def login(self, request: HttpRequest, user: User) -> None:
        with transaction.atomic():
            super().login(request, user)
            by_paper = second_factor.came_in_with(request, user) == second_factor.PRINTED
            action = "account.signed_in_by_printed_code" if by_paper else "account.signed_in"
            audit.record(action, user, actor=user, at=timezone.now())

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        devices.remember(request, response, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        user = User.objects.get(pk=request.user.pk)
        with transaction.atomic():
            super().logout(request)
            audit.record("account.signed_out", user, actor=user, at=timezone.now())

    def set_password(self, user: User, password: str) -> None:
        """A change of one's own password; resets by others go through ``accounts.services``."""
        changed = services.change_password(user.pk, password, at=timezone.now())
        user.password, user.must_change_password = changed.password, changed.must_change_password


def _limits() -> dict[str, str]:
    return {f"sign_in_{name}": rate for name, rate in settings.SIGN_IN_LIMITS.items()}
