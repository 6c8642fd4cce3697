"""Plans of the committees, with their deadlines and settings."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit_scope import AuditScope
from congress.lifecycle import PLAN_DRAFT, PLAN_LIFECYCLE
from congress.models.kinds import OWN_KINDS, Coverage
from organizations.models import Organization

USER = settings.AUTH_USER_MODEL


class Duration(models.TextChoices):
    """Thời gian đại hội: how long one congress may last."""

    HALF_DAY = "half_day", "Nửa ngày"
    ONE_DAY = "one_day", "Không quá 1 ngày"
    TWO_DAYS = "two_days", "Không quá 2 ngày"


class Organising(models.TextChoices):
    """Bộ phận giúp việc that a committee sets up for the round: practice differs between provinces."""

    SUBCOMMITTEES = "subcommittees", "Các tiểu ban, tổ giúp việc"
    STEERING_TEAM = "steering_team", "Tổ chỉ đạo đại hội"
    NONE = "none", "Không thành lập, cấp ủy phân công"


class Plan(models.Model):
    """Kế hoạch đại hội of one committee for the branches below it."""

    organization = models.ForeignKey(
        Organization, verbose_name="cấp ủy ban hành", on_delete=models.PROTECT, related_name="plans"
    )
    number = models.PositiveIntegerField("số", null=True, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    subject = models.CharField("trích yếu", max_length=300)
    term_label = models.CharField("nhiệm kỳ", max_length=20)
    basis = models.JSONField("căn cứ", default=list, blank=True)
    based_on = models.ForeignKey(
        "self",
        verbose_name="thực hiện kế hoạch",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="lower_plans",
    )
    amends = models.ManyToManyField(
        "self", verbose_name="sửa đổi, bổ sung kế hoạch", symmetrical=False, blank=True, related_name="amendments"
    )
    coverage = models.CharField("phạm vi", max_length=10, choices=Coverage.choices, default=Coverage.BRANCHES)
    kind = models.CharField(
        "loại hình đại hội của chính đảng bộ",
        max_length=10,
        null=True,
        blank=True,
        choices=[(kind.value, kind.label) for kind in OWN_KINDS],
    )
    requirements = models.TextField("nội dung, yêu cầu", blank=True)
    duration = models.CharField("thời gian đại hội", max_length=10, null=True, blank=True, choices=Duration.choices)
    contents = models.PositiveSmallIntegerField("số nội dung đại hội", null=True, blank=True)
    has_preliminary = models.BooleanField("có phiên trù bị", null=True, blank=True)
    organising = models.CharField("bộ phận giúp việc", max_length=15, null=True, blank=True, choices=Organising.choices)
    personnel_steps = models.PositiveSmallIntegerField("số bước quy trình nhân sự", null=True, blank=True)
    merges_review = models.BooleanField("gộp kiểm điểm vào báo cáo tổng kết", null=True, blank=True)
    state = models.CharField(
        "trạng thái", max_length=10, choices=list(PLAN_LIFECYCLE.names.items()), default=PLAN_DRAFT
    )
    created_by = models.ForeignKey(USER, verbose_name="người soạn", on_delete=models.PROTECT, related_name="+")
    issued_by = models.ForeignKey(
        USER, verbose_name="người ban hành", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField("thời điểm ghi nhận ban hành", null=True, blank=True)

    class Meta:
        verbose_name = "kế hoạch"
        verbose_name_plural = "kế hoạch"
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "term_label", "number"],
                condition=Q(number__isnull=False),
                name="one_plan_per_number_and_term",
            ),
            models.CheckConstraint(
                condition=Q(state=PLAN_DRAFT)
                | Q(number__isnull=False, issued_on__isnull=False, issued_by__isnull=False),
                name="an_issued_plan_has_number_date_and_issuer",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def notation(self) -> str:
        """Số và ký hiệu: "22-KH/ĐU"; the number is left open until the plan is issued."""
        return f"{self.number:02d}-KH/{self.organization.symbol}" if self.number else f"…-KH/{self.organization.symbol}"

    @property
    def label(self) -> str:
        return f"Kế hoạch số {self.notation}"

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.organization.path, None)


class DeadlineKind(models.TextChoices):
    """Loại thời hạn of a plan, in the order in which they fall."""

    PAPERS = "papers", "Trình dự thảo văn kiện"
    CLEARANCE = "clearance", "Trình duyệt đại hội"
    WINDOW_OPENS = "window_opens", "Đại hội sớm nhất"
    WINDOW_CLOSES = "window_closes", "Đại hội chậm nhất"
    RATIFICATION = "ratification", "Báo cáo và chuẩn y chậm nhất"
    DOSSIER = "dossier", "Hoàn tất hồ sơ"


class PlanDeadline(models.Model):
    """Thời hạn của kế hoạch: in an amending plan it replaces the same deadline of the plans it amends."""

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.CASCADE, related_name="deadlines")
    kind = models.CharField("loại thời hạn", max_length=20, choices=DeadlineKind.choices)
    due_on = models.DateField("ngày")

    class Meta:
        verbose_name = "thời hạn của kế hoạch"
        verbose_name_plural = "thời hạn của kế hoạch"
        ordering = ["due_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "kind"], name="one_deadline_per_kind_and_plan")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.due_on:%d/%m/%Y}"


class PlanStation(models.Model):
    """Bước trong lộ trình mẫu: one row of the template from which every congress under the plan gets its timeline.

    ``offset`` is in working days, negative before the anchor. Without rows of its own a plan uses those of the plan
    it carries out, and the shipped template where none has any.
    """

    class Owner(models.TextChoices):
        BRANCH = "branch", "Chi bộ"
        AUTHORITY = "authority", "Cấp có thẩm quyền"
        PRESIDIUM = "presidium", "Đoàn chủ tịch"
        NEW_COMMITTEE = "new_committee", "Cấp ủy mới"

    class Anchor(models.TextChoices):
        OPENING = "opening", "Ngày đại hội"
        PLAN = "plan", "Ngày ban hành kế hoạch"

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.CASCADE, related_name="stations")
    key = models.SlugField("mã bước", max_length=40)
    title = models.CharField("bước", max_length=200)
    owner = models.CharField("ai làm", max_length=15, choices=Owner.choices)
    anchor = models.CharField("tính từ", max_length=10, choices=Anchor.choices, default=Anchor.OPENING)
    offset = models.SmallIntegerField("số ngày làm việc")
    after = models.JSONField("sau các bước", default=list, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "bước của lộ trình mẫu"
        verbose_name_plural = "lộ trình mẫu"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="one_station_per_key_and_plan")]

    def __str__(self) -> str:
        return self.title
