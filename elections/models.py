"""Elections of a congress: slate, ballot rounds, counts, sealed results, ratification (chuẩn y)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit_scope import AuditScope
from congress.models import CardVote, Congress
from documents.models import IssuedPaper
from elections.lifecycle import SLATE_OPEN, STATE_NAMES
from organizations.models import Member

USER = settings.AUTH_USER_MODEL


class ElectedOffice(models.TextChoices):
    """Chức danh bầu, in the order of the ballots (E-17)."""

    BRANCH_COMMITTEE = "branch_committee", "Chi ủy"
    SECRETARY = "secretary", "Bí thư"
    DEPUTY_SECRETARY = "deputy_secretary", "Phó bí thư"


OFFICE_ORDER = tuple(ElectedOffice.values)


class Election(models.Model):
    """Cuộc bầu of one office at one congress; it may take several ballot rounds."""

    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="elections")
    office = models.CharField("chức danh", max_length=20, choices=ElectedOffice.choices)
    attempt = models.PositiveSmallIntegerField("lần tổ chức bầu", default=1)
    seats = models.PositiveSmallIntegerField("số lượng cần bầu")
    is_concluded = models.BooleanField("đã kết thúc", default=False)
    is_annulled = models.BooleanField("không được chuẩn y, phải bầu lại", default=False)
    conclusion = models.CharField("kết luận", max_length=300, blank=True)

    class Meta:
        verbose_name = "cuộc bầu"
        verbose_name_plural = "cuộc bầu"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "office", "attempt"], name="one_election_per_office_and_attempt"
            ),
            models.CheckConstraint(condition=Q(seats__gte=1), name="an_election_has_a_seat"),
        ]

    def __str__(self) -> str:
        return f"Bầu {self.get_office_display().lower()}"

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.congress.organization.path, self.congress_id)


class BallotRound(models.Model):
    """Lần bỏ phiếu: one secret ballot with its own slate, base and count."""

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", "Bầu"
        TIE_REVOTE = "tie_revote", "Bầu lại trong số người bằng phiếu"

    election = models.ForeignKey(Election, verbose_name="cuộc bầu", on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField("lần bỏ phiếu")
    kind = models.CharField("loại", max_length=12, choices=Kind.choices, default=Kind.ORDINARY)
    seats = models.PositiveSmallIntegerField("số lượng cần bầu")
    state = models.CharField("trạng thái", max_length=12, choices=list(STATE_NAMES.items()), default=SLATE_OPEN)
    state_since = models.DateTimeField("ở bước này từ")
    fixed_vote = models.ForeignKey(
        CardVote,
        verbose_name="biểu quyết chốt danh sách",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "lần bỏ phiếu"
        verbose_name_plural = "lần bỏ phiếu"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="one_round_per_number_and_election"),
            models.UniqueConstraint(
                fields=["election"], condition=~Q(state="sealed"), name="one_unsealed_round_per_election"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.election}, lần bỏ phiếu thứ {self.number}"

    def audit_scope(self) -> AuditScope:
        return self.election.audit_scope()


class Candidate(models.Model):
    """Người trong danh sách bầu cử of one round."""

    class Source(models.TextChoices):
        COMMITTEE = "committee", "Danh sách cấp ủy triệu tập chuẩn bị"
        NOMINATED = "nominated", "Đề cử tại đại hội"
        STOOD = "stood", "Ứng cử"

    round = models.ForeignKey(
        BallotRound, verbose_name="lần bỏ phiếu", on_delete=models.PROTECT, related_name="candidates"
    )
    member = models.ForeignKey(Member, verbose_name="đảng viên", on_delete=models.PROTECT, related_name="candidacies")
    source = models.CharField("nguồn giới thiệu", max_length=12, choices=Source.choices, default=Source.COMMITTEE)
    position = models.PositiveSmallIntegerField("số thứ tự trên phiếu", default=0)
    name = models.CharField("họ và tên trên phiếu", max_length=110, null=True, blank=True)
    born_year = models.PositiveSmallIntegerField("năm sinh trên phiếu", null=True, blank=True)

    class Meta:
        verbose_name = "người được đề cử"
        verbose_name_plural = "người được đề cử"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "member"], name="one_candidacy_per_member_and_round")]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """As fixed with the slate: a later change on the roll does not reach ballots, results and papers."""
        return self.name or self.member.display_name

    @property
    def shown_birth_year(self) -> int | None:
        if self.name:
            return self.born_year
        return self.member.born_on.year if self.member.born_on else None

    def audit_scope(self) -> AuditScope:
        return self.round.audit_scope()


class TallySheet(models.Model):
    """Bản nhập kết quả kiểm phiếu: the figures as one person typed them and what the rules say; insert-only."""

    round = models.ForeignKey(BallotRound, verbose_name="lần bỏ phiếu", on_delete=models.PROTECT, related_name="sheets")
    number = models.PositiveSmallIntegerField("lần nhập")
    entered_by = models.ForeignKey(USER, verbose_name="người nhập", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("nhập lúc")
    case = models.JSONField("số liệu")
    result = models.JSONField("kết quả đề xuất")
    invalid_reasons = models.JSONField("lý do phiếu không hợp lệ", default=list, blank=True)
    note = models.TextField("giải trình cảnh báo", blank=True)

    class Meta:
        verbose_name = "bản nhập kết quả kiểm phiếu"
        verbose_name_plural = "bản nhập kết quả kiểm phiếu"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="one_sheet_per_number_and_round")]

    def __str__(self) -> str:
        return f"{self.round}, lần nhập {self.number}"

    def audit_scope(self) -> AuditScope:
        return self.round.audit_scope()


class SealedResult(models.Model):
    """Kết quả đã niêm phong: canonical JSON with its SHA-256; insert-only, one per round and edition."""

    round = models.ForeignKey(BallotRound, verbose_name="lần bỏ phiếu", on_delete=models.PROTECT, related_name="seals")
    edition = models.PositiveSmallIntegerField("bản", default=1)
    sheet = models.OneToOneField(TallySheet, verbose_name="bản nhập", on_delete=models.PROTECT, related_name="seal")
    content = models.TextField("nội dung niêm phong")
    sha256 = models.CharField("mã băm SHA-256", max_length=64)
    entered_by = models.ForeignKey(USER, verbose_name="người nhập", on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(
        USER, verbose_name="trưởng ban kiểm phiếu", on_delete=models.PROTECT, related_name="+"
    )
    sealed_at = models.DateTimeField("niêm phong lúc")

    class Meta:
        verbose_name = "kết quả đã niêm phong"
        verbose_name_plural = "kết quả đã niêm phong"
        constraints = [
            models.UniqueConstraint(fields=["round", "edition"], name="one_seal_per_round_and_edition"),
            models.CheckConstraint(condition=~Q(confirmed_by=F("entered_by")), name="who_enters_does_not_confirm"),
        ]

    def __str__(self) -> str:
        return f"Kết quả niêm phong {self.round}"

    def audit_scope(self) -> AuditScope:
        return self.round.audit_scope()


class Ratification(models.Model):
    """Việc chuẩn y: one dossier sent up, decided by another person of the superior committee."""

    class Outcome(models.TextChoices):
        PENDING = "pending", "Đang xem xét"
        RATIFIED = "ratified", "Chuẩn y"
        RETURNED = "returned", "Trả lại để hoàn thiện"
        REFUSED = "refused", "Không chuẩn y, yêu cầu bầu lại"

    congress = models.ForeignKey(
        Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="ratifications"
    )
    number = models.PositiveSmallIntegerField("lần trình")
    submission = models.OneToOneField(
        IssuedPaper, verbose_name="tờ trình", on_delete=models.PROTECT, related_name="submitted_in"
    )
    submitted_by = models.ForeignKey(USER, verbose_name="người trình", on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField("trình lúc")
    decide_by = models.DateField("hạn quyết định")
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome.choices, default=Outcome.PENDING)
    reasons = models.TextField("lý do", blank=True)
    decided_by = models.ForeignKey(
        USER, verbose_name="người quyết định", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("quyết định lúc", null=True, blank=True)
    decision = models.OneToOneField(
        IssuedPaper,
        verbose_name="quyết định chuẩn y",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decided_in",
    )

    class Meta:
        verbose_name = "việc chuẩn y"
        verbose_name_plural = "việc chuẩn y"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "number"], name="one_ratification_per_number"),
            models.UniqueConstraint(
                fields=["congress"], condition=Q(outcome="pending"), name="one_pending_ratification"
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending") | ~Q(decided_by=F("submitted_by")), name="who_submits_does_not_ratify"
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="a_decided_ratification_names_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["returned", "refused"]) | ~Q(reasons=""),
                name="a_returned_or_refused_result_has_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"Đề nghị chuẩn y lần {self.number}"

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.congress.organization.path, self.congress_id)
