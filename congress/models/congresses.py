"""The congress of one organization and term, and the requests to clear it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.audit_scope import AuditScope
from accounts.fields import PathField
from congress.lifecycle import CLEARED, PREPARING, STATE_NAMES
from congress.models.kinds import AssemblyKind
from congress.models.plans import Plan
from congress.rules.bases import VOTERS, Assembly
from organizations.models import Organization

USER = settings.AUTH_USER_MODEL


class Congress(models.Model):
    """Đại hội of one organization, term and kind; a committee meeting (hội nghị cấp ủy) is one, too.

    The database itself keeps ``branch_path`` and ``branch_closed_on`` equal to what the organization says while that
    is a branch, and empty otherwise: whole provinces are counted from one index. Nothing else writes them.
    """

    organization = models.ForeignKey(
        Organization, verbose_name="tổ chức", on_delete=models.PROTECT, related_name="congresses"
    )
    authority = models.ForeignKey(
        Organization, verbose_name="cấp có thẩm quyền", on_delete=models.PROTECT, related_name="congresses_to_decide"
    )
    plan = models.ForeignKey(Plan, verbose_name="theo kế hoạch", on_delete=models.PROTECT, related_name="congresses")
    kind = models.CharField("loại hình", max_length=10, choices=AssemblyKind.choices, default=AssemblyKind.MEMBERS)
    term_label = models.CharField("nhiệm kỳ", max_length=20)
    ordinal = models.PositiveSmallIntegerField("lần thứ", null=True, blank=True)
    state = models.CharField("trạng thái", max_length=12, choices=list(STATE_NAMES.items()), default=PREPARING)
    is_pilot = models.BooleanField("đại hội điểm", default=False)
    pilot_of = models.ForeignKey(
        Organization,
        verbose_name="điểm của cấp",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pilots",
    )
    planned_for = models.DateTimeField("dự kiến khai mạc", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=200, blank=True)
    term_ends_on = models.DateField("ngày hết nhiệm kỳ của cấp ủy đương nhiệm", null=True, blank=True)
    has_branch_committee = models.BooleanField("bầu chi ủy", default=False)
    committee_seats = models.PositiveSmallIntegerField("số lượng cấp ủy viên", null=True, blank=True)
    standing_seats = models.PositiveSmallIntegerField("số lượng ủy viên ban thường vụ", null=True, blank=True)
    delegate_seats = models.PositiveSmallIntegerField("số đại biểu dự đại hội cấp trên", null=True, blank=True)
    alternate_seats = models.PositiveSmallIntegerField("số đại biểu dự khuyết", null=True, blank=True)
    has_deputy = models.BooleanField("bầu phó bí thư", default=False)
    regime = models.CharField("quy chế bầu cử áp dụng", max_length=40, blank=True)
    opened_at = models.DateTimeField("khai mạc", null=True, blank=True)
    closed_at = models.DateTimeField("bế mạc", null=True, blank=True)
    sitting_number = models.PositiveSmallIntegerField("lần họp", default=0)
    resolution_base = models.PositiveIntegerField("cơ sở biểu quyết", null=True, blank=True)
    state_since = models.DateTimeField("ở bước này từ")
    branch_path = PathField("đường dẫn của chi bộ trong cây", max_length=255, null=True, editable=False)
    branch_closed_on = models.DateField("ngày chi bộ kết thúc hoạt động", null=True, editable=False)
    version = models.PositiveIntegerField("phiên bản", default=1)

    class Meta:
        verbose_name = "đại hội"
        verbose_name_plural = "đại hội"
        ordering = ["organization__path", "-term_label"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "term_label", "kind"], name="one_congress_per_organization_term_and_kind"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gt=F("opened_at")),
                name="congress_closes_after_it_opens",
            ),
        ]
        indexes = [
            models.Index(fields=["state"], name="congress_by_state"),
            models.Index(
                fields=["term_label", "state", "branch_path", "opened_at", "branch_closed_on"],
                name="congress_counted_by_branch",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """ "Đại hội Chi bộ … lần thứ VII, nhiệm kỳ 2022-2025"; without the ordinal where it is unknown.

        A committee meeting is counted within its term: "Hội nghị lần thứ nhất Đảng ủy …".
        """
        if self.is_meeting:
            number = NUMBERS[self.ordinal] if self.ordinal in NUMBERS else self.ordinal
            ordinal = f" lần thứ {number}" if number else ""
            return f"Hội nghị{ordinal} {self.organization.committee}, nhiệm kỳ {self.term_label}"
        ordinal = f" lần thứ {roman(self.ordinal)}" if self.ordinal else ""
        what = "Đại hội đại biểu" if self.kind == AssemblyKind.DELEGATES else "Đại hội"
        return f"{what} {self.organization.name}{ordinal}, nhiệm kỳ {self.term_label}"

    @property
    def is_meeting(self) -> bool:
        return self.kind == AssemblyKind.MEETING

    @property
    def is_of_delegates(self) -> bool:
        return self.kind == AssemblyKind.DELEGATES

    @property
    def word(self) -> str:
        """How sentences call it: "đại hội" or "hội nghị"."""
        return "hội nghị" if self.is_meeting else "đại hội"

    def get_state_display(self) -> str:
        """In place of Django's: a meeting is not "đang đại hội"."""
        label = STATE_NAMES[self.state]
        return self.said(label) if self.is_meeting else label

    @property
    def body(self) -> str:
        """Whose congress it is, in sentences: "chi bộ" or "đảng bộ"."""
        return "chi bộ" if self.organization.is_branch else "đảng bộ"

    def said(self, text: str) -> str:
        """A sentence written for the congress of a chi bộ, as it reads for this one.

        Only for sentences about the congress itself: "các chi bộ", "đại hội cấp trên" would be turned, too.
        """
        words = [("chủ tịch đại hội", "chủ trì hội nghị"), ("đại hội", "hội nghị")] if self.is_meeting else []
        if not self.organization.is_branch:
            words += [("bí thư chi bộ", "bí thư đảng ủy"), ("chi bộ", "đảng bộ")]
        for word, own in words:
            text = text.replace(word, own).replace(word.capitalize(), own.capitalize())
        return text

    @property
    def voter(self) -> str:
        """What those are called who vote there: đảng viên chính thức, đại biểu chính thức, cấp ủy viên."""
        return VOTERS[Assembly(self.kind)]

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.organization.path, self.pk)

    @property
    def sitting_of_entries(self) -> int:
        """The sitting that new entries belong to: the one going on or last held, else the one to come."""
        return self.sitting_number + (self.state == CLEARED)

    @property
    def held_on(self) -> date | None:
        """The day of the opening, in Vietnam's time."""
        return timezone.localdate(self.opened_at) if self.opened_at else None


NUMBERS = {1: "nhất", 2: "hai", 3: "ba", 4: "tư", 5: "năm"}
"""Ordinals that are written out."""


def roman(number: int) -> str:
    """Roman numeral of an ordinal, as congress names print it; 1 ≤ number < 90."""
    digits = [(50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    out = ""
    for value, letters in digits:
        while number >= value:
            out += letters
            number -= value
    return out


class ClearanceRequest(models.Model):
    """Lần trình duyệt đại hội: submitted by one person, decided by another."""

    class Outcome(models.TextChoices):
        PENDING = "pending", "Đang xem xét"
        CLEARED = "cleared", "Đồng ý cho tổ chức đại hội"
        RETURNED = "returned", "Trả lại để hoàn thiện"
        WITHDRAWN = "withdrawn", "Chi bộ đã rút"
        REVOKED = "revoked", "Đã thu hồi ý kiến duyệt"

    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="clearances")
    number = models.PositiveSmallIntegerField("lần trình")
    submitted_by = models.ForeignKey(USER, verbose_name="người trình", on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField("trình lúc")
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome.choices, default=Outcome.PENDING)
    reasons = models.TextField("ý kiến", blank=True)
    decided_by = models.ForeignKey(
        USER, verbose_name="người duyệt", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("duyệt lúc", null=True, blank=True)
    cleared_for = models.DateTimeField("thời gian đại hội được duyệt", null=True, blank=True)

    class Meta:
        verbose_name = "lần trình duyệt đại hội"
        verbose_name_plural = "lần trình duyệt đại hội"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "number"], name="one_clearance_request_per_number"),
            models.UniqueConstraint(
                fields=["congress"], condition=Q(outcome="pending"), name="one_pending_clearance_request"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["pending", "withdrawn"]) | ~Q(decided_by=F("submitted_by")),
                name="who_submits_does_not_clear",
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="a_decided_clearance_names_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Lần trình duyệt {self.number}"


class CongressStep(models.Model):
    """Bước đã qua của một đại hội: in which state it has been from when on. Insert-only; past days are read here."""

    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="steps")
    state = models.CharField("trạng thái", max_length=12, choices=list(STATE_NAMES.items()))
    entered_at = models.DateTimeField("từ lúc")

    class Meta:
        verbose_name = "bước đã qua của đại hội"
        verbose_name_plural = "bước đã qua của đại hội"
        ordering = ["entered_at", "pk"]
        indexes = [models.Index(fields=["congress", "entered_at"], name="steps_of_a_congress")]

    def __str__(self) -> str:
        return f"{self.congress}: {self.get_state_display()}"


class FormerPlan(models.Model):
    """Kế hoạch trước của một đại hội: by which plan it went until another took over. Insert-only; for past days."""

    congress = models.ForeignKey(
        Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="former_plans"
    )
    plan = models.ForeignKey(Plan, verbose_name="đã theo kế hoạch", on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField("đến lúc")

    class Meta:
        verbose_name = "kế hoạch trước của đại hội"
        verbose_name_plural = "kế hoạch trước của đại hội"
        ordering = ["until", "pk"]
        indexes = [models.Index(fields=["congress", "until"], name="former_plans_of_a_congress")]

    def __str__(self) -> str:
        return f"{self.congress}: {self.plan}"
