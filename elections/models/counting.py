"""Ballots handed out and counted: ledger, counts, two seats a team, what each typed, rulings on papers in doubt."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit_scope import AuditScope
from elections.models.slates import BallotRound

USER = settings.AUTH_USER_MODEL


class BallotLedger(models.Model):
    """Sổ phiếu of one handing-out: it closes before counting starts and then stands; a void one stays readable.

    ``printed_note``: why other papers are printed than the file that was made has (``printed_against``).

    ``votes_again``: with a void one its ballots are void, too, and others are handed out; False where only its figures
    were wrong.
    """

    round = models.ForeignKey(
        BallotRound, verbose_name="lần bỏ phiếu", on_delete=models.PROTECT, related_name="ledgers"
    )
    number = models.PositiveSmallIntegerField("lần phát phiếu")
    printed = models.PositiveIntegerField("phiếu in", null=True, blank=True)
    issued = models.PositiveIntegerField("phiếu phát ra", null=True, blank=True)
    spoiled = models.PositiveIntegerField("phiếu hỏng đổi lại", null=True, blank=True)
    unused = models.PositiveIntegerField("phiếu không dùng", null=True, blank=True)
    returned = models.PositiveIntegerField("phiếu thu về", null=True, blank=True)
    kept_by = models.ForeignKey(USER, verbose_name="người ghi sổ", on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField("ghi lúc")
    closed_at = models.DateTimeField("đóng sổ lúc", null=True, blank=True)
    void_reason = models.CharField("lý do hủy, phát phiếu lại", max_length=300, null=True, blank=True)
    printed_against = models.PositiveIntegerField("phiếu của tệp đã lập khi đóng sổ", null=True, blank=True)
    printed_note = models.CharField("giải trình số phiếu in khác tệp đã lập", max_length=300, null=True, blank=True)
    votes_again = models.BooleanField("hủy cả phiếu đã phát, bỏ phiếu lại", null=True, blank=True)

    class Meta:
        verbose_name = "sổ phiếu"
        verbose_name_plural = "sổ phiếu"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="one_ledger_per_number"),
            models.UniqueConstraint(
                fields=["round"], condition=Q(void_reason__isnull=True), name="one_ledger_in_use_per_round"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                | Q(
                    printed__isnull=False,
                    printed=F("issued") + F("spoiled") + F("unused"),
                    returned__lte=F("issued"),
                ),
                name="a_closed_ledger_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"Sổ phiếu {self.number}, {self.round}"

    def audit_scope(self) -> AuditScope:
        return self.round.audit_scope()


class Count(models.Model):
    """Lần kiểm phiếu of a round: by totals or paper by paper, by one or more teams of two; again for a reason."""

    class Method(models.TextChoices):
        TOTALS = "totals", "Theo tổng số"
        PAPERS = "papers", "Từng phiếu"

    class State(models.TextChoices):
        ENTERING = "entering", "Đang nhập"
        AGREED = "agreed", "Hai bản nhập khớp nhau"
        SEALED = "sealed", "Đã niêm phong"
        DROPPED = "dropped", "Đã bỏ, kiểm lại"

    round = models.ForeignKey(BallotRound, verbose_name="lần bỏ phiếu", on_delete=models.PROTECT, related_name="counts")
    ledger = models.ForeignKey(BallotLedger, verbose_name="sổ phiếu", on_delete=models.PROTECT, related_name="counts")
    number = models.PositiveSmallIntegerField("lần kiểm phiếu")
    method = models.CharField("cách kiểm", max_length=8, choices=Method.choices)
    teams = models.PositiveSmallIntegerField("số tổ", default=1)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.ENTERING)
    reason = models.TextField("lý do kiểm đếm lại", blank=True)
    dropped_because = models.TextField("lý do bỏ", blank=True)
    started_by = models.ForeignKey(USER, verbose_name="người mở", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField("mở lúc")

    class Meta:
        verbose_name = "lần kiểm phiếu"
        verbose_name_plural = "lần kiểm phiếu"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="one_count_per_number_and_round"),
            models.UniqueConstraint(
                fields=["round"], condition=Q(state__in=["entering", "agreed"]), name="one_count_at_a_time"
            ),
            models.CheckConstraint(condition=Q(teams__gte=1), name="a_count_has_a_team"),
        ]

    def __str__(self) -> str:
        return f"Kiểm phiếu {self.round}"

    def audit_scope(self) -> AuditScope:
        return self.round.audit_scope()


class CountSeat(models.Model):
    """Chỗ nhập: one of the two people of a team; nobody sits on both (the database holds that)."""

    count = models.ForeignKey(Count, verbose_name="lần kiểm phiếu", on_delete=models.PROTECT, related_name="seats")
    team = models.PositiveSmallIntegerField("tổ")
    slot = models.PositiveSmallIntegerField("người nhập thứ")
    teller = models.ForeignKey(USER, verbose_name="kiểm phiếu viên", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField("nhận chỗ lúc")

    class Meta:
        verbose_name = "chỗ nhập"
        verbose_name_plural = "chỗ nhập"
        ordering = ["team", "slot"]
        constraints = [
            models.UniqueConstraint(fields=["count", "team", "slot"], name="one_seat_per_slot"),
            models.UniqueConstraint(fields=["count", "teller"], name="one_seat_per_teller_and_count"),
            models.CheckConstraint(condition=Q(slot__in=[1, 2]), name="a_team_has_two_seats"),
        ]

    def __str__(self) -> str:
        return f"Tổ {self.team}, người nhập thứ {self.slot}"

    def audit_scope(self) -> AuditScope:
        return self.count.audit_scope()


class CountEntry(models.Model):
    """Bản nhập của một người: the figures of one team as typed; insert-only, a further revision where they differed.

    ``figures``: returned, valid, invalid, votes by member id, reasons of invalid papers by code; of a count by papers
    only ``differs``, the places in the stack that the two people read differently.
    """

    seat = models.ForeignKey(CountSeat, verbose_name="chỗ nhập", on_delete=models.PROTECT, related_name="entries")
    revision = models.PositiveSmallIntegerField("lần gửi")
    figures = models.JSONField("số liệu")
    submitted_at = models.DateTimeField("gửi lúc")

    class Meta:
        verbose_name = "bản nhập"
        verbose_name_plural = "bản nhập"
        ordering = ["revision"]
        constraints = [models.UniqueConstraint(fields=["seat", "revision"], name="one_entry_per_seat_and_revision")]

    def __str__(self) -> str:
        return f"{self.seat}, lần gửi {self.revision}"

    def audit_scope(self) -> AuditScope:
        return self.seat.audit_scope()


class CountedPaper(models.Model):
    """Một phiếu as one teller read it, while the count lasts: no time, no order of its own, gone with the seal.

    ``slip`` is its place in the stack, so that two people can find the same paper; forgotten once both agree.
    ``reading``: ``kept`` or ``marks``, and ``flaws``, as the election engine reads papers.
    """

    id = models.UUIDField("mã", primary_key=True, default=uuid4, editable=False)
    seat = models.ForeignKey(CountSeat, verbose_name="chỗ nhập", on_delete=models.PROTECT, related_name="papers")
    slip = models.PositiveIntegerField("thứ tự trong tập", null=True, blank=True)
    reading = models.JSONField("nội dung phiếu")

    class Meta:
        verbose_name = "phiếu đang kiểm"
        verbose_name_plural = "phiếu đang kiểm"
        constraints = [models.UniqueConstraint(fields=["seat", "slip"], name="one_paper_per_slip")]

    def __str__(self) -> str:
        return f"Phiếu {self.slip}" if self.slip else "Phiếu"

    def audit_scope(self) -> AuditScope:
        return self.seat.audit_scope()


class BoardRuling(models.Model):
    """Kết luận của ban kiểm phiếu on one paper in doubt (E-49), with its legal category; insert-only.

    It names the paper by its place in the stack, never by what is marked on it. ``uncounted``: members for whom a
    paper ruled valid does not count, for the reason in ``category``; None where all of it does. The database holds
    that: no name is left out of an invalid paper, nor without its category.
    """

    class Verdict(models.TextChoices):
        VALID = "valid", "Hợp lệ"
        INVALID = "invalid", "Không hợp lệ"

    count = models.ForeignKey(Count, verbose_name="lần kiểm phiếu", on_delete=models.PROTECT, related_name="rulings")
    team = models.PositiveSmallIntegerField("tổ")
    slip = models.PositiveIntegerField("thứ tự trong tập")
    question = models.CharField("điểm nghi vấn", max_length=300)
    verdict = models.CharField("kết luận", max_length=8, choices=Verdict.choices)
    category = models.CharField("căn cứ", max_length=30, blank=True)
    reason = models.CharField("lý do", max_length=300)
    uncounted = models.JSONField("những người không được tính trên phiếu", null=True, blank=True)
    recorded_by = models.ForeignKey(USER, verbose_name="người ghi", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "kết luận về phiếu nghi vấn"
        verbose_name_plural = "kết luận về phiếu nghi vấn"
        ordering = ["team", "slip"]
        constraints = [
            models.UniqueConstraint(fields=["count", "team", "slip"], name="one_ruling_per_paper"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_ruling_has_a_reason"),
            models.CheckConstraint(
                condition=Q(verdict="valid") | ~Q(category=""), name="an_invalid_paper_has_its_legal_category"
            ),
        ]

    def __str__(self) -> str:
        return f"Phiếu {self.slip}, tổ {self.team}: {self.get_verdict_display()}"

    def audit_scope(self) -> AuditScope:
        return self.count.audit_scope()
