"""What is to be elected and who stands: election, ballot round, candidates, withdrawals, opinion ballot."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit_scope import AuditScope
from congress.models import CardVote, Congress
from congress.rules import regimes
from elections.lifecycle import OVER, SLATE_OPEN, STATE_NAMES
from organizations.models import Member

USER = settings.AUTH_USER_MODEL


class ElectedOffice(models.TextChoices):
    """Chức danh bầu, in the order of the ballots (E-17)."""

    BRANCH_COMMITTEE = "branch_committee", "Chi ủy"
    COMMITTEE = "committee", "Ban chấp hành đảng bộ"
    STANDING_COMMITTEE = "standing_committee", "Ban thường vụ"
    SECRETARY = "secretary", "Bí thư"
    DEPUTY_SECRETARY = "deputy_secretary", "Phó bí thư"
    DELEGATES = "delegates", "Đại biểu dự đại hội cấp trên"
    ALTERNATE_DELEGATES = "alternate_delegates", "Đại biểu dự khuyết dự đại hội cấp trên"


OFFICE_ORDER = tuple(ElectedOffice.values)
RULE_OFFICES = {
    ElectedOffice.STANDING_COMMITTEE: ElectedOffice.COMMITTEE,
    ElectedOffice.ALTERNATE_DELEGATES: ElectedOffice.DELEGATES,
}
"""Offices that the rules treat as another: surplus is due for a ban thường vụ (E-35), not for delegates (E-41)."""


class Election(models.Model):
    """Cuộc bầu of one office at one congress; it may take several ballot rounds."""

    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="elections")
    office = models.CharField("chức danh", max_length=20, choices=ElectedOffice.choices)
    attempt = models.PositiveSmallIntegerField("lần tổ chức bầu", default=1)
    seats = models.PositiveSmallIntegerField("số lượng cần bầu")
    is_concluded = models.BooleanField("đã kết thúc", default=False)
    is_annulled = models.BooleanField("không được chuẩn y, phải bầu lại", default=False)
    conclusion = models.CharField("kết luận", max_length=300, blank=True)
    stopped_vote = models.ForeignKey(
        CardVote,
        verbose_name="biểu quyết dừng bầu",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    planned_member = models.ForeignKey(
        Member,
        verbose_name="người dự kiến theo đề án nhân sự",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

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

    @property
    def rule_office(self) -> str:
        """The office as the election engine calls it: it knows committees, delegates and posts of one person."""
        return str(RULE_OFFICES.get(self.office, self.office))

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
    seats_vote = models.ForeignKey(
        CardVote,
        verbose_name="biểu quyết số lượng",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    opened_vote = models.ForeignKey(
        CardVote,
        verbose_name="biểu quyết bầu tiếp",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    electorate = models.JSONField("cơ sở tính đã chốt", null=True, blank=True)

    class Meta:
        verbose_name = "lần bỏ phiếu"
        verbose_name_plural = "lần bỏ phiếu"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="one_round_per_number_and_election"),
            models.UniqueConstraint(
                fields=["election"], condition=~Q(state__in=OVER), name="one_unsealed_round_per_election"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.election}, lần bỏ phiếu thứ {self.number}"

    @property
    def by_most_votes(self) -> bool:
        """E-53 — Whether more votes win without more than half: a re-vote among the tied, as the regime reads it."""
        if self.kind != self.Kind.TIE_REVOTE:
            return False
        code = self.election.congress.regime
        regime = regimes.by_code(code) if code else regimes.by_default()
        return not regime.parameter("tie_revote_needs_majority").value

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
    nominated_by = models.ForeignKey(
        Member, verbose_name="người đề cử", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    nominator_name = models.CharField("đảng viên sinh hoạt tạm thời đề cử", max_length=110, null=True, blank=True)
    nominator_from = models.CharField("người đề cử chuyển đến từ", max_length=150, null=True, blank=True)
    support = models.PositiveIntegerField("số người ủng hộ đưa vào danh sách", null=True, blank=True)
    support_of = models.PositiveIntegerField("trên số người dự", null=True, blank=True)
    joined_vote = models.ForeignKey(
        CardVote,
        verbose_name="biểu quyết cho vào danh sách",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
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
    def nominator(self) -> str:
        """Who nominated, as papers name him (E-33): a member of the roll, or one who is here temporarily."""
        if self.nominated_by is not None:
            return self.nominated_by.display_name
        here_from = f" (sinh hoạt tạm thời, từ {self.nominator_from})" if self.nominator_from else ""
        return f"{self.nominator_name or ''}{here_from}"

    @property
    def shown_birth_year(self) -> int | None:
        if self.name:
            return self.born_year
        return self.member.born_on.year if self.member.born_on else None

    def audit_scope(self) -> AuditScope:
        return self.round.audit_scope()


class Withdrawal(models.Model):
    """Xin rút khỏi danh sách: asked by a candidate, proposed on by the chair, decided by the congress (E-34).

    ``source`` and ``nominator`` are those of the name that left, kept for the congress minutes.
    """

    class Proposal(models.TextChoices):
        MUST = "must", "Phải cho rút theo quy chế"
        ALLOW = "allow", "Đề nghị cho rút"
        REFUSE = "refuse", "Đề nghị không cho rút"

    class Outcome(models.TextChoices):
        PENDING = "pending", "Chờ đại hội quyết định"
        AGREED = "agreed", "Đại hội đồng ý cho rút"
        REFUSED = "refused", "Đại hội không đồng ý cho rút"

    round = models.ForeignKey(
        BallotRound, verbose_name="lần bỏ phiếu", on_delete=models.PROTECT, related_name="withdrawals"
    )
    member = models.ForeignKey(Member, verbose_name="người xin rút", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("lý do xin rút", max_length=300)
    proposal = models.CharField("đề nghị của chủ tịch đại hội", max_length=10, choices=Proposal.choices)
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome.choices, default=Outcome.PENDING)
    source = models.CharField(
        "nguồn giới thiệu", max_length=12, choices=Candidate.Source.choices, null=True, blank=True
    )
    nominator = models.CharField("người đề cử", max_length=110, null=True, blank=True)
    by_ballot = models.BooleanField("quyết định bằng bỏ phiếu kín", null=True, blank=True)
    vote = models.OneToOneField(
        CardVote,
        verbose_name="biểu quyết của đại hội",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_by = models.ForeignKey(USER, verbose_name="người ghi", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "việc xin rút"
        verbose_name_plural = "việc xin rút"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "member"], condition=Q(outcome="pending"), name="one_pending_withdrawal"
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending") | Q(vote__isnull=False), name="a_decided_withdrawal_has_its_vote"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} xin rút"

    def audit_scope(self) -> AuditScope:
        return self.round.audit_scope()


class OpinionBallot(models.Model):
    """Phiếu xin ý kiến on the names outside the committee's list when there are too many (E-38); once confirmed, final.

    ``support``: member id as text → papers with a mark for that name.
    """

    round = models.ForeignKey(
        BallotRound, verbose_name="lần bỏ phiếu", on_delete=models.PROTECT, related_name="opinion_ballots"
    )
    number = models.PositiveSmallIntegerField("lần lấy ý kiến")
    issued = models.PositiveIntegerField("phiếu phát ra")
    returned = models.PositiveIntegerField("phiếu thu về")
    valid = models.PositiveIntegerField("phiếu hợp lệ")
    invalid = models.PositiveIntegerField("phiếu không hợp lệ")
    support = models.JSONField("số phiếu đồng ý đưa vào danh sách")
    joining = models.JSONField("những người vào danh sách", default=list)
    tied = models.JSONField("những người bằng phiếu ở cuối", default=list)
    entered_by = models.ForeignKey(USER, verbose_name="người nhập", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("nhập lúc")
    confirmed_by = models.ForeignKey(
        USER, verbose_name="tổ trưởng kiểm phiếu", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField("xác nhận lúc", null=True, blank=True)

    class Meta:
        verbose_name = "lần lấy phiếu xin ý kiến"
        verbose_name_plural = "các lần lấy phiếu xin ý kiến"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="one_opinion_ballot_per_number"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by=F("entered_by"))),
                name="who_enters_opinions_does_not_confirm",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True)
                | Q(returned__lte=F("issued"), returned=F("valid") + F("invalid")),
                name="a_confirmed_opinion_ballot_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"Lấy phiếu xin ý kiến lần {self.number}, {self.round}"

    def audit_scope(self) -> AuditScope:
        return self.round.audit_scope()


class SuperiorOpinion(models.Model):
    """Ý kiến cấp trên after the planned leader was not elected (E-57): the election may go on with it; insert-only."""

    election = models.ForeignKey(
        Election, verbose_name="cuộc bầu", on_delete=models.PROTECT, related_name="superior_opinions"
    )
    text = models.CharField("ý kiến của cấp trên", max_length=500)
    source = models.CharField("văn bản, người truyền đạt", max_length=200)
    recorded_by = models.ForeignKey(USER, verbose_name="người ghi", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "ý kiến cấp trên về nhân sự"
        verbose_name_plural = "ý kiến cấp trên về nhân sự"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Ý kiến cấp trên, {self.election}"

    def audit_scope(self) -> AuditScope:
        return self.election.audit_scope()
