"""Playing an election: every step is written into the rehearsal's own row and nowhere else.

Each is recorded once, described as diễn tập. Nothing is sealed, numbered or printed.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput, StaleVersion
from accounts.models import User
from congress.models import Congress
from elections.rehearsal import policies
from elections.rehearsal.invention import Vote, first_round, revote, true_entry, with_slip
from elections.rehearsal.models import Rehearsal
from elections.rehearsal.offers import offers_of
from elections.rules.comparison import differing_fields
from elections.rules.decide import conclude as decide
from elections.rules.ledger import BEFORE_THE_BOX_IS_OPENED, Ledger, ledger_findings
from elections.rules.papers import REASON_LABELS
from elections.rules.reading import read_case
from elections.rules.retyping import retyped
from elections.services.agreement import sheet_findings
from elections.services.refusals import by_letter

Step = Rehearsal.Step
MOST_KEPT = 20
"""Rehearsals of one congress; the oldest have to be deleted first."""


@transaction.atomic
def start(congress_id: int, *, office: str, actor: User, at: datetime, seed: int | None = None) -> Rehearsal:
    """Bắt đầu diễn tập: copy names, invent the box. ``seed`` is drawn unless a test gives it."""
    congress = Congress.objects.select_related("organization").get(pk=congress_id)
    _require(actor, congress)
    offer = next((one for one in offers_of(congress) if one.office == office), None)
    if offer is None:
        raise InvalidInput("Chọn cuộc bầu để diễn tập.", fields={"office": ["Chọn một cuộc bầu của đại hội này."]})
    if Rehearsal.objects.filter(congress=congress).count() >= MOST_KEPT:
        raise IllegalTransition(f"Đã có {MOST_KEPT} buổi diễn tập. Xóa bớt buổi cũ rồi bắt đầu buổi mới.")
    seed = secrets.randbelow(10**6) if seed is None else seed
    keys = tuple(str(number) for number in range(1, len(offer.names) + 1))
    held_on = timezone.localdate(congress.planned_for) if congress.planned_for else timezone.localdate(at)
    rehearsal = Rehearsal.objects.create(
        congress=congress,
        played_by=actor,
        seed=seed,
        title=offer.title,
        started_at=at,
        content={
            "office": offer.rule_office,
            "voters": offer.voters,
            "held_on": held_on.isoformat(),
            "names": dict(zip(keys, offer.names, strict=True)),
            "rounds": [first_round(seed, Vote(keys, offer.seats, offer.voters))],
            "again": 0,
        },
    )
    audit.record("rehearsal.started", rehearsal, actor=actor, at=at)
    return rehearsal


def hand_out(pk: int, *, mark: str, figures: Mapping[str, int | None], actor: User, at: datetime) -> Rehearsal:
    """Phát phiếu, ghi sổ phiếu: four figures that must close as those of the real ledger (E-63a)."""

    def act(rehearsal: Rehearsal) -> Step:
        kept = Ledger(**figures)
        found = ledger_findings(kept, rehearsal.content["voters"], box_opened=False)
        problems = by_letter(one.to_dict() for one in found)
        for name, letter, label in BEFORE_THE_BOX_IS_OPENED:
            there = ledger_of(rehearsal)[name]
            if figures[name] is not None and figures[name] != there and letter not in problems:
                problems[letter] = [f"Ô {letter}: {label} trên bàn là {there}. Đếm lại theo đầu trang."]
        if problems:
            raise InvalidInput("Sổ phiếu chưa khớp.", fields=problems)
        return Step.OPEN_BOX

    return _play(pk, Step.HAND_OUT, act, mark=mark, actor=actor, at=at)


def ledger_of(rehearsal: Rehearsal) -> dict[str, int]:
    """What lies on the table; a rehearsal begun before there was a ledger has no spare papers."""
    voters = rehearsal.content["voters"]
    plain = {"printed": voters, "issued": voters, "unused": 0, "spoiled": 0}
    kept: dict[str, int] = plain | rehearsal.content["rounds"][-1].get("ledger", {})
    return kept


def open_box(pk: int, *, mark: str, returned: int, actor: User, at: datetime) -> Rehearsal:
    """Mở hòm phiếu and count what came back, before anybody looks at the names; then the ledger is closed."""

    def act(rehearsal: Rehearsal) -> Step:
        box = rehearsal.content["rounds"][-1]
        found = ledger_findings(Ledger(**ledger_of(rehearsal), returned=returned), rehearsal.content["voters"])
        problems = by_letter(one.to_dict() for one in found if one.level == "error")
        if returned != len(box["papers"]) and not problems:
            problems["G"] = [f"Trên màn hình không phải {returned} phiếu. Đếm lại số phiếu trong hòm."]
        if problems:
            raise InvalidInput("Sổ phiếu chưa khớp.", fields=problems)
        return Step.RULING if box["incidents"] else Step.COUNT

    return _play(pk, Step.OPEN_BOX, act, mark=mark, actor=actor, at=at)


def rule(pk: int, *, mark: str, verdict: str, reason: str, actor: User, at: datetime) -> Rehearsal:
    """Kết luận phiếu không rõ, with the reason as in the minutes (E-49)."""

    def act(rehearsal: Rehearsal) -> Step:
        rehearsal.content["rounds"][-1]["ruling"] = {"verdict": verdict, "reason": reason.strip()}
        return Step.COUNT

    return _play(pk, Step.RULING, act, mark=mark, actor=actor, at=at)


def enter(pk: int, *, mark: str, entry: Mapping[str, Any], actor: User, at: datetime) -> Rehearsal:
    """Nhập kết quả kiểm phiếu: the same findings as on the day, then the second teller's entry beside it.

    Raises InvalidInput by letter of the tally sheet, as the real entry does.
    """

    def act(rehearsal: Rehearsal) -> Step:
        box = rehearsal.content["rounds"][-1]
        box["typed"] = dict(entry)
        box["result"] = _sound(rehearsal, box["typed"])
        return _compared(box, with_slip(_truth(rehearsal, box), box["slip"]))

    return _play(pk, Step.COUNT, act, mark=mark, actor=actor, at=at)


def enter_again(pk: int, *, mark: str, entry: Mapping[str, Any], actor: User, at: datetime) -> Rehearsal:
    """Nhập lại chỗ khác nhau: only what differs; the second teller, too, has counted again, and rightly."""

    def act(rehearsal: Rehearsal) -> Step:
        box = rehearsal.content["rounds"][-1]
        box["typed"] = retyped(box["typed"], entry, box["differing"], box["keys"])
        rehearsal.content["again"] += 1
        step = _compared(box, _truth(rehearsal, box))
        if step is Step.RESULT:
            box["result"] = _sound(rehearsal, box["typed"])
        return step

    return _play(pk, Step.DIFFERENCE, act, mark=mark, actor=actor, at=at)


def vote_again(pk: int, *, mark: str, note: str = "", actor: User, at: datetime) -> Rehearsal:
    """Bầu lại giữa những người bằng phiếu: a new box for the tied alone (E-53)."""

    def act(rehearsal: Rehearsal) -> Step:
        box = rehearsal.content["rounds"][-1]
        if not may_vote_again(rehearsal):
            raise IllegalTransition("Buổi diễn tập này không cần bầu lại. Kết thúc diễn tập.")
        _explain(box, note)
        tied = Vote(tuple(box["result"]["tied"]), box["result"]["open_seats"], rehearsal.content["voters"])
        rehearsal.content["rounds"].append(revote(rehearsal.seed, tied))
        return Step.HAND_OUT

    return _play(pk, Step.RESULT, act, mark=mark, actor=actor, at=at)


def finish(pk: int, *, mark: str, note: str = "", actor: User, at: datetime) -> Rehearsal:
    """Kết thúc diễn tập."""

    def act(rehearsal: Rehearsal) -> Step:
        _explain(rehearsal.content["rounds"][-1], note)
        rehearsal.finished_at = at
        return Step.DONE

    return _play(pk, Step.RESULT, act, mark=mark, actor=actor, at=at)


@transaction.atomic
def delete(pk: int, *, actor: User, at: datetime) -> None:
    """Xóa buổi diễn tập, finished or not, also after the congress."""
    rehearsal = _locked(pk)
    policies.can_rehearse(actor, rehearsal.congress).require()
    audit.record("rehearsal.deleted", rehearsal, actor=actor, at=at)
    rehearsal.delete()


def mark_of(rehearsal: Rehearsal) -> str:
    """What a form of this step carries, so that an older one is not taken for it."""
    return f"{rehearsal.step}-{len(rehearsal.content['rounds'])}-{rehearsal.content['again']}"


def may_vote_again(rehearsal: Rehearsal) -> bool:
    rounds = rehearsal.content["rounds"]
    return len(rounds) == 1 and rounds[0]["result"] is not None and rounds[0]["result"]["status"] == "tie"


def vote_of(rehearsal: Rehearsal) -> Vote:
    box = rehearsal.content["rounds"][-1]
    return Vote(tuple(box["keys"]), box["seats"], rehearsal.content["voters"])


def propose(rehearsal: Rehearsal, entry: Mapping[str, Any]) -> dict[str, Any]:
    """What the rules say of an entry, asked of the same engine as on the day; writes nothing."""
    vote, content = vote_of(rehearsal), rehearsal.content
    nobody_away = ("temporarily_elsewhere_absent", "exempt_absent", "suspended_or_prosecuted", "excused_throughout")
    case = {
        "id": "dien-tap",
        "held_on": content["held_on"],
        "office": content["office"],
        "seats": vote.seats,
        "ballot_round": len(content["rounds"]),
        "kind": "ordinary" if len(content["rounds"]) == 1 else "tie_revote",
        "electorate": {"summoned": vote.voters, "present": vote.voters} | dict.fromkeys(nobody_away, 0),
        "slate": list(vote.keys),
        "ballots": {"issued": vote.voters} | {name: entry.get(name) for name in ("returned", "valid", "invalid")},
        "votes": dict(entry["votes"]),
    }
    found = read_case(case, names=content["names"])
    plain: dict[str, Any] = json.loads(json.dumps(decide(found, found.faults or ()).to_dict()))
    return plain


def sheet_faults(rehearsal: Rehearsal, entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the sheet must add up to, in the words of the real one: the ledger, a reason for each."""
    papers = rehearsal.content["rounds"][-1]["papers"]
    return [one.to_dict() for one in sheet_findings([entry], len(papers))]


def warnings_of(box: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the head of the tellers has to explain before a result stands."""
    return [one for one in box["result"]["findings"] if one["level"] == "warning"]


# ---- what the steps share ----


def _require(actor: User, congress: Congress) -> None:
    policies.can_rehearse(actor, congress).require()
    if late := policies.why_not_now(congress):
        raise IllegalTransition(late)


def _locked(pk: int) -> Rehearsal:
    return Rehearsal.objects.select_for_update(of=("self",)).select_related("congress__organization").get(pk=pk)


@transaction.atomic
def _play(pk: int, step: Step, act: Any, *, mark: str, actor: User, at: datetime) -> Rehearsal:
    """Lock, may, move, write, record. A form of another step or an earlier try is stale."""
    rehearsal = _locked(pk)
    _require(actor, rehearsal.congress)
    if rehearsal.step != step or mark != mark_of(rehearsal):
        raise StaleVersion("Bước này của buổi diễn tập đã làm rồi. Mở lại buổi diễn tập để làm bước tiếp theo.")
    following: Step = act(rehearsal)
    rehearsal.step = following
    rehearsal.save(update_fields=["step", "content", "finished_at"])
    if following is Step.DONE:
        audit.record("rehearsal.finished", rehearsal, actor=actor, at=at)
    else:
        audit.record("rehearsal.went_on", rehearsal, actor=actor, at=at, step=step.label)
    return rehearsal


def _truth(rehearsal: Rehearsal, box: Mapping[str, Any]) -> dict[str, Any]:
    verdict = box["ruling"]["verdict"] if box["ruling"] else None
    return true_entry(vote_of(rehearsal), box["papers"], verdict)


def _compared(box: dict[str, Any], other: Mapping[str, Any]) -> Step:
    """Two entries as on the day: alike gives the result, unlike asks for the differing fields alone."""
    box["differing"] = list(differing_fields(box["typed"], other, box["keys"]))
    if not box["differing"]:
        return Step.RESULT
    box["result"] = None
    return Step.DIFFERENCE


def _sound(rehearsal: Rehearsal, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The result, or InvalidInput with all that does not add up, by letter of the tally sheet."""
    result = propose(rehearsal, entry)
    problems = by_letter(
        [one for one in result["findings"] if one["level"] != "warning"] + sheet_faults(rehearsal, entry)
    )
    if problems:
        raise InvalidInput("Số liệu kiểm phiếu chưa khớp.", fields=problems)
    return result


def _explain(box: dict[str, Any], note: str) -> None:
    """Giải trình: asked for wherever the rules warn."""
    box["note"] = note.strip()
    if warnings_of(box) and not box["note"]:
        raise InvalidInput("Còn điểm phải giải trình.", fields={"note": ["Ghi giải trình của Ban kiểm phiếu."]})


def reasons_said(box: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The reasons as typed, in words."""
    labels = {reason.value: label for reason, label in REASON_LABELS.items()}
    return [
        {"reason": labels[code], "count": papers} for code, papers in box["typed"]["invalid_reasons"].items() if papers
    ]
