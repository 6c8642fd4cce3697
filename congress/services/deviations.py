"""Requests to deviate from a plan: asked with a letter, answered by the superior, cited from then on."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts import audit, wording
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress import policies
from congress.deviation_letters import DAY, REASON, names_day
from congress.lifecycle import COMPLETE
from congress.models import Deviation
from congress.rules.timeline import DEVIATES
from congress.services.preparing import lock

Answer = Deviation.Answer
LONGEST = 8000


def about(deviation: Deviation) -> str:
    """What the record of events calls it: the station and the day."""
    row = deviation.congress.milestones.filter(key=deviation.rule.partition(":")[2]).first()
    wanted = f" ngày {wording.day(deviation.wanted_on)}" if deviation.wanted_on else ""
    return f"{row.title if row else deviation.rule}{wanted}"


@transaction.atomic
def ask(congress_id: int, *, rule: str, wanted_on: date, letter: str, actor: User, at: datetime) -> Deviation:
    """Đề nghị được làm khác kế hoạch. ``rule``: "window:held" and the like (``congress.timeline.rule_of``).

    Raises NotAllowed, IllegalTransition or InvalidInput (a request about the same is still waiting).
    """
    congress = lock(congress_id)
    policies.can_prepare(actor, congress).require()
    if congress.state == COMPLETE:
        raise IllegalTransition("Hồ sơ đại hội đã hoàn tất nên không còn đề nghị làm khác kế hoạch.")
    kind, _, key = rule.partition(":")
    if kind not in DEVIATES or not congress.milestones.filter(key=key).exists():
        raise InvalidInput("Đề nghị làm khác phải nêu bước của lộ trình. Mở lộ trình và chọn bước đó.")
    if not letter.strip() or len(letter) > LONGEST:
        raise InvalidInput("Ghi nội dung đề nghị.", fields={"letter": [f"Ghi nội dung, không quá {LONGEST} chữ."]})
    letter = _finished(letter, wanted_on)
    if congress.deviations.filter(rule=rule, answer=Answer.PENDING).exists():
        raise InvalidInput("Đã có một đề nghị về việc này đang chờ trả lời. Rút đề nghị đó trước khi gửi đề nghị khác.")
    deviation = congress.deviations.create(
        rule=rule, wanted_on=wanted_on, letter=letter.strip(), asked_by=actor, asked_at=at
    )
    audit.record("deviation.asked", deviation, actor=actor, at=at, about=about(deviation))
    return deviation


def _finished(letter: str, wanted_on: date) -> str:
    """The letter with the day asked for. Raises InvalidInput while the reason is not written or the day not named."""
    written = letter.replace(DAY, wording.day(wanted_on))
    problem = ""
    if REASON in written:
        problem = "Thư còn chỗ “(ghi rõ lý do…)”. Ghi lý do của chi bộ vào chỗ đó, bỏ ngoặc."
    elif not names_day(written, wanted_on):
        problem = f"Thư chưa nêu ngày đề nghị {wording.day(wanted_on)}. Ghi ngày đó vào thư, hoặc sửa ô “Ngày đề nghị”."
    if problem:
        raise InvalidInput(problem, fields={"letter": [problem]})
    return written


def _pending(deviation_id: int) -> Deviation:
    congress_id = Deviation.objects.values_list("congress_id", flat=True).get(pk=deviation_id)
    congress = lock(congress_id)
    deviation = Deviation.objects.select_for_update().get(pk=deviation_id)
    deviation.congress = congress
    return deviation


def _require_pending(deviation: Deviation) -> None:
    if deviation.answer != Answer.PENDING:
        raise IllegalTransition(f"Đề nghị này đã có kết quả: {deviation.get_answer_display().lower()}.")


@transaction.atomic
def answer(deviation_id: int, *, granted: bool, reasons: str, actor: User, at: datetime) -> Deviation:
    """Trả lời đề nghị: đồng ý, or không đồng ý with reasons; not by whoever asked."""
    deviation = _pending(deviation_id)
    policies.can_answer_deviation(actor, deviation.congress, deviation.asked_by_id).require()
    _require_pending(deviation)
    if not granted and not reasons.strip():
        sentence = "Ghi lý do để chi bộ biết cần làm gì."
        raise InvalidInput(sentence, fields={"reasons": [sentence]})
    deviation.answer = Answer.GRANTED if granted else Answer.REFUSED
    _close(deviation, reasons, actor=actor, at=at)
    action = "deviation.granted" if granted else "deviation.refused"
    audit.record(action, deviation, actor=actor, at=at, about=about(deviation))
    return deviation


@transaction.atomic
def withdraw(deviation_id: int, *, actor: User, at: datetime) -> Deviation:
    """Rút đề nghị before it is answered."""
    deviation = _pending(deviation_id)
    policies.can_prepare(actor, deviation.congress).require()
    _require_pending(deviation)
    deviation.answer = Answer.WITHDRAWN
    _close(deviation, "", actor=actor, at=at)
    audit.record("deviation.withdrawn", deviation, actor=actor, at=at, about=about(deviation))
    return deviation


def _close(deviation: Deviation, reasons: str, *, actor: User, at: datetime) -> None:
    deviation.reasons, deviation.answered_by, deviation.answered_at = reasons.strip(), actor, at
    deviation.save(update_fields=["answer", "reasons", "answered_by", "answered_at"])
