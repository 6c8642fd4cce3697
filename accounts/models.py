"""Who acts, and the record of what they did."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.fields import PathField

if TYPE_CHECKING:
    from accounts.acting import Assignment

USERNAME = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{2,63}\Z",
    "Tên đăng nhập gồm 3 đến 64 ký tự: chữ thường không dấu, chữ số, dấu chấm, gạch nối, gạch dưới; "
    "bắt đầu bằng chữ hoặc số.",
)


class TextSize(models.TextChoices):
    """Cỡ chữ: 18, 21 or 24 pixels on screen."""

    NORMAL = "normal", "Chữ vừa"
    LARGE = "large", "Chữ lớn"
    LARGEST = "largest", "Chữ rất lớn"


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Store a user with a hashed password. No audit event: ``accounts.services.create_user`` writes one."""
        user = self.model(username=self.model.normalize_username(username).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Người dùng. Rights come from dated role assignments alone; no groups, no superuser."""

    username = models.CharField("tên đăng nhập", max_length=64, unique=True, validators=[USERNAME])
    full_name = models.CharField("họ và tên", max_length=150)
    email = models.EmailField("thư điện tử", blank=True)
    phone = models.CharField("số điện thoại", max_length=20, blank=True)
    is_active = models.BooleanField("đang hoạt động", default=True)
    is_staff = models.BooleanField("được vào trang dữ liệu nền", default=False)
    must_change_password = models.BooleanField("phải đổi mật khẩu ở lần đăng nhập tới", default=False)
    one_time_until = models.DateTimeField("mật khẩu dùng một lần có hạn đến", null=True, blank=True, editable=False)
    own_password_at = models.DateTimeField("tự đặt mật khẩu lúc", null=True, blank=True, editable=False)
    text_size = models.CharField("cỡ chữ", max_length=10, choices=TextSize.choices, default=TextSize.NORMAL)
    high_contrast = models.BooleanField("tương phản cao", default=False)
    session_epoch = models.PositiveIntegerField("lần cắt phiên", default=0, editable=False)
    joined_at = models.DateTimeField("tạo lúc", auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    acting: Assignment | None = None
    """The one role this request acts in; None means every live one. Set by the middleware, never stored."""

    class Meta:
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"
        ordering = ["full_name", "username"]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.rsplit(" ", 1)[-1]

    @property
    def waits_for_first_sign_in(self) -> bool:
        """Has a one-time password and never had one of their own; a later reset does not bring this back."""
        return self.must_change_password and self.own_password_at is None

    @property
    def one_time_last_day(self) -> date | None:
        """The last whole day of the one-time password, as slip and pages say it."""
        return timezone.localdate(self.one_time_until - timedelta(days=1)) if self.one_time_until else None

    def has_lapsed(self, at: datetime) -> bool:
        """Whether the one-time password was not used in its days: it opens nothing any more."""
        return self.must_change_password and self.one_time_until is not None and self.one_time_until <= at

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Every session carries this; a new password or a raised ``session_epoch`` ends them all."""
        return salted_hmac(
            "accounts.User.session", f"{self.password}\n{self.session_epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()


class SignIn(models.Model):
    """Phiên đăng nhập: on which device one session of a person began. The session itself says when it was last seen."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins", verbose_name="người dùng")
    session_key = models.CharField("khóa phiên", max_length=40, unique=True, editable=False)
    started_at = models.DateTimeField("đăng nhập lúc")
    browser = models.CharField("trình duyệt tự khai", max_length=300, blank=True)
    address = models.CharField("địa chỉ mạng", max_length=45, blank=True)

    class Meta:
        verbose_name = "phiên đăng nhập"
        verbose_name_plural = "phiên đăng nhập"
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"Phiên đăng nhập của {self.user}"


class Outcome(models.TextChoices):
    """Kết quả của một việc được ghi."""

    DONE = "done", "Đã thực hiện"
    REFUSED = "refused", "Bị từ chối"


class AuditEvent(models.Model):
    """Sự kiện nhật ký. Written by ``accounts.audit`` alone; the database refuses change and removal.

    ``hash`` covers every other column and the previous row's hash, so an altered, removed or inserted
    row shows. ``sequence`` has no gaps: it is given under the lock that appends.
    """

    sequence = models.BigIntegerField("số thứ tự", primary_key=True)
    at = models.DateTimeField("thời điểm làm")
    recorded_at = models.DateTimeField("thời điểm ghi")
    actor = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name="người làm")
    acting_role = models.CharField("với vai trò", max_length=30, blank=True)
    action = models.CharField("việc", max_length=80)
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome.choices)
    subject_type = models.CharField("loại đối tượng", max_length=80, blank=True)
    subject_id = models.CharField("mã đối tượng", max_length=64, blank=True)
    subject_label = models.CharField("đối tượng", max_length=300, blank=True)
    organization_path = PathField("nơi xảy ra", max_length=255, blank=True, db_index=True)
    congress_id = models.BigIntegerField("mã đại hội", null=True, db_index=True)
    details = models.JSONField("chi tiết", default=dict)
    previous_hash = models.CharField("dấu vết của sự kiện trước", max_length=64, blank=True)
    hash = models.CharField("dấu vết", max_length=64, unique=True)

    class Meta:
        verbose_name = "sự kiện nhật ký"
        verbose_name_plural = "nhật ký"
        ordering = ["-sequence"]

    def __str__(self) -> str:
        return f"{self.sequence}. {self.action}"
