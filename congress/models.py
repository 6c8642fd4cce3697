"""Plans with their deadlines, and the congress of one organization and term."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.audit_scope import AuditScope
from congress.lifecycle import CLEARED, PLAN_DRAFT, PLAN_LIFECYCLE, PREPARING, STATE_NAMES
from congress.rules.bases import VOTERS, Assembly
from organizations.models import Member, Organization

USER = settings.AUTH_USER_MODEL


class Coverage(models.TextChoices):
    """Phạm vi của kế hoạch: whose congresses it opens when it is issued."""

    BRANCHES = "branches", "Đại hội các chi bộ trực thuộc"
    OWN = "own", "Đại hội của chính đảng bộ"
    GUIDING = "guiding", "Chỉ đạo chung, cấp dưới ban hành kế hoạch cụ thể"


class AssemblyKind(models.TextChoices):
    """Loại hình: who meets, and so who votes and on what base (E-13, E-14)."""

    MEMBERS = Assembly.MEMBERS.value, "Đại hội đảng viên"
    DELEGATES = Assembly.DELEGATES.value, "Đại hội đại biểu"
    MEETING = Assembly.MEETING.value, "Hội nghị cấp ủy"


OWN_KINDS = (AssemblyKind.MEMBERS, AssemblyKind.DELEGATES)
"""What a plan may call at the committee's own level; a committee meets once a congress has elected it."""


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


class Subcommittee(models.Model):
    """Tiểu ban, tổ giúp việc set up for a round of congresses."""

    organization = models.ForeignKey(
        Organization, verbose_name="cấp ủy thành lập", on_delete=models.PROTECT, related_name="subcommittees"
    )
    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="subcommittees")
    name = models.CharField("tên", max_length=200)
    duties = models.TextField("nhiệm vụ", blank=True)

    class Meta:
        verbose_name = "tiểu ban, tổ giúp việc"
        verbose_name_plural = "tiểu ban, tổ giúp việc"
        constraints = [models.UniqueConstraint(fields=["plan", "name"], name="one_subcommittee_per_name_and_plan")]

    def __str__(self) -> str:
        return self.name


class Guidance(models.Model):
    """Văn bản chỉ đạo sent down the tree: công văn, hướng dẫn, rút kinh nghiệm after a pilot."""

    organization = models.ForeignKey(
        Organization, verbose_name="cấp ủy ban hành", on_delete=models.PROTECT, related_name="guidance"
    )
    notation = models.CharField("số và ký hiệu", max_length=40)
    issued_on = models.DateField("ngày ban hành")
    subject = models.CharField("trích yếu", max_length=300)
    body = models.TextField("nội dung", blank=True)
    term_label = models.CharField("nhiệm kỳ", max_length=20)
    recorded_by = models.ForeignKey(USER, verbose_name="người ghi nhận", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "văn bản chỉ đạo"
        verbose_name_plural = "văn bản chỉ đạo"
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "notation", "issued_on"], name="one_guidance_per_notation")
        ]

    def __str__(self) -> str:
        return f"{self.notation} ngày {self.issued_on:%d/%m/%Y}"

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.organization.path, None)


class Congress(models.Model):
    """Đại hội of one organization, term and kind; a committee meeting (hội nghị cấp ủy) is one, too."""

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
        indexes = [models.Index(fields=["state"], name="congress_by_state")]

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


class Attendance(models.Model):
    """Người được triệu tập: one line of the roll called for a congress, with presence and accepted absence."""

    class Presence(models.TextChoices):
        UNKNOWN = "unknown", "Chưa điểm danh"
        PRESENT = "present", "Có mặt"
        ABSENT = "absent", "Vắng mặt"

    class Mandate(models.TextChoices):
        """Tư cách đại biểu of a line in the roll of a delegate congress (E-14)."""

        EX_OFFICIO = "ex_officio", "Ủy viên cấp ủy triệu tập"
        OFFICIAL = "official", "Đại biểu chính thức"
        ALTERNATE = "alternate", "Đại biểu dự khuyết"

    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="attendances")
    member = models.ForeignKey(Member, verbose_name="đảng viên", on_delete=models.PROTECT, related_name="attendances")
    is_official = models.BooleanField("đảng viên chính thức")
    standing = models.CharField("diện", max_length=30, blank=True)
    presence = models.CharField("điểm danh", max_length=10, choices=Presence.choices, default=Presence.UNKNOWN)
    reason = models.CharField("lý do vắng", max_length=200, blank=True)
    excused_by = models.ForeignKey(
        USER, verbose_name="người ghi nhận chấp nhận", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    excused_at = models.DateTimeField("chấp nhận lúc", null=True, blank=True)
    marked_by = models.ForeignKey(
        USER, verbose_name="người điểm danh", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    marked_at = models.DateTimeField("điểm danh lúc", null=True, blank=True)
    arrived_at = models.DateTimeField("có mặt từ", null=True, blank=True)
    takes_ballot = models.BooleanField("nhận phiếu bầu", null=True, blank=True)
    mandate = models.CharField("tư cách đại biểu", max_length=10, choices=Mandate.choices, null=True, blank=True)
    replaces = models.OneToOneField(
        "self",
        verbose_name="thay đại biểu",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )

    class Meta:
        verbose_name = "người được triệu tập"
        verbose_name_plural = "người được triệu tập"
        ordering = ["member__sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "member"], name="one_attendance_per_member_and_congress"),
            models.CheckConstraint(
                condition=Q(excused_at__isnull=True) | (Q(presence="absent", excused_by__isnull=False) & ~Q(reason="")),
                name="an_accepted_absence_has_a_reason_and_who_accepted",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | (Q(mandate="alternate") & ~Q(replaces=F("id"))),
                name="only_an_alternate_replaces_a_delegate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_presence_display()}"


class Office(models.TextChoices):
    """Nhiệm vụ điều hành, giúp việc đại hội."""

    CHAIR = "chair", "Chủ tịch đại hội"
    PRESIDIUM = "presidium", "Đoàn chủ tịch"
    CLERK = "clerk", "Thư ký đại hội"
    HEAD_TELLER = "head_teller", "Trưởng ban kiểm phiếu"
    TELLER = "teller", "Ủy viên ban kiểm phiếu"


class Officer(models.Model):
    """Người được đại hội bầu điều hành, giúp việc: presidium, clerks, tellers."""

    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="officers")
    member = models.ForeignKey(Member, verbose_name="đảng viên", on_delete=models.PROTECT, related_name="offices")
    office = models.CharField("nhiệm vụ", max_length=12, choices=Office.choices)

    class Meta:
        verbose_name = "người điều hành, giúp việc đại hội"
        verbose_name_plural = "người điều hành, giúp việc đại hội"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "member", "office"], name="one_officer_per_office"),
            models.UniqueConstraint(
                fields=["congress"], condition=Q(office="head_teller"), name="one_head_teller_per_congress"
            ),
            models.UniqueConstraint(fields=["congress"], condition=Q(office="chair"), name="one_chair_per_congress"),
        ]

    def __str__(self) -> str:
        return f"{self.get_office_display()}: {self.member}"


class CardVote(models.Model):
    """Biểu quyết giơ thẻ: the three counts, the base they were measured against and what was adopted."""

    class Subject(models.TextChoices):
        PRESIDIUM = "presidium", "Bầu đoàn chủ tịch, chủ tịch đại hội"
        CLERK = "clerk", "Bầu thư ký đại hội"
        PROGRAMME = "programme", "Thông qua chương trình, quy chế làm việc"
        TELLERS = "tellers", "Bầu ban kiểm phiếu"
        SEATS = "seats", "Thông qua số lượng cần bầu"
        SLATE = "slate", "Thông qua danh sách bầu cử"
        RESOLUTION = "resolution", "Thông qua nghị quyết"
        MINUTES = "minutes", "Thông qua biên bản"
        OTHER = "other", "Nội dung khác"

    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="card_votes")
    subject = models.CharField("nội dung biểu quyết", max_length=12, choices=Subject.choices)
    text = models.CharField("nội dung cụ thể", max_length=300)
    in_favour = models.PositiveIntegerField("tán thành")
    against = models.PositiveIntegerField("không tán thành", default=0)
    abstained = models.PositiveIntegerField("ý kiến khác", default=0)
    base = models.PositiveIntegerField("cơ sở tính")
    electorate = models.JSONField("thành phần cơ sở tính", null=True, blank=True)
    adopted = models.BooleanField("được thông qua")
    sitting = models.PositiveSmallIntegerField("lần họp", default=1)
    taken_at = models.DateTimeField("biểu quyết lúc")
    recorded_by = models.ForeignKey(USER, verbose_name="người ghi", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "biểu quyết"
        verbose_name_plural = "biểu quyết"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}: {self.in_favour}/{self.base}"


class Proceeding(models.Model):
    """Diễn biến đại hội: one entry that the congress minutes print (guest, report, discussion, speech)."""

    class Kind(models.TextChoices):
        GUEST = "guest", "Đại biểu dự"
        REPORT = "report", "Báo cáo trình bày"
        DISCUSSION = "discussion", "Ý kiến thảo luận"
        GUIDANCE = "guidance", "Phát biểu chỉ đạo"
        REPLY = "reply", "Tiếp thu ý kiến"

    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="proceedings")
    kind = models.CharField("loại", max_length=12, choices=Kind.choices)
    person = models.CharField("đồng chí", max_length=100)
    post = models.CharField("chức vụ", max_length=200, blank=True)
    text = models.TextField("nội dung", blank=True)
    sitting = models.PositiveSmallIntegerField("lần họp", default=1)
    recorded_by = models.ForeignKey(USER, verbose_name="người ghi", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "diễn biến đại hội"
        verbose_name_plural = "diễn biến đại hội"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person}"


class Holiday(models.Model):
    """Ngày nghỉ, ngày làm bù: the table behind every working-day clock."""

    day = models.DateField("ngày", unique=True)
    name = models.CharField("tên", max_length=100)
    is_working = models.BooleanField("là ngày làm bù", default=False)
    source = models.CharField("nguồn", max_length=200, blank=True)

    class Meta:
        verbose_name = "ngày nghỉ, ngày làm bù"
        verbose_name_plural = "ngày nghỉ, ngày làm bù"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"
