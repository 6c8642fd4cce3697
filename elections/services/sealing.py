"""The head teller confirms what two people typed alike: notes on warnings, seal, minutes, the next edition."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput, NotReady, StaleVersion
from accounts.models import User
from congress.lifecycle import CLOSED, SITTING
from congress.models import Congress
from congress.rules import regimes
from documents.services import papers
from elections import policies, queries
from elections.dropped import dropped_before, sealed_void, void_before
from elections.editions import same_outcome
from elections.lifecycle import SEALED, SLATE_OPEN
from elections.minutes import corrigendum, day_of_minutes, tally_minutes
from elections.models import (
    BallotRound,
    Candidate,
    Count,
    DisposalCertificate,
    ElectedOffice,
    Election,
    SealedResult,
    TallySheet,
    WarningNote,
)
from elections.rules.delegates import same_ballot_step
from elections.rulings import of_count as rulings_of
from elections.services.counting import discard_papers
from elections.services.proposing import digest_of, newest_sheet, require_borne_out, require_tellers
from elections.services.slates import lock_round, move_round
from elections.standings import handing_out

OVER = ("complete", "superior_appoints")
ALTERNATES_NAMED = "Đại biểu dự khuyết lấy từ lần bầu đại biểu chính thức, theo số phiếu từ cao xuống thấp:"


def warnings_of(sheet: TallySheet) -> list[Mapping[str, str]]:
    """What the rules ask the board to explain, as findings of the sheet's result."""
    return [one for one in sheet.result["findings"] if one["level"] == "warning"]


def unexplained(sheet: TallySheet) -> list[Mapping[str, str]]:
    """Warnings of the sheet without a note yet."""
    noted = set(sheet.notes.values_list("message", flat=True))
    return [one for one in warnings_of(sheet) if one["message"] not in noted]


def require_warnings(sheet: TallySheet) -> None:
    if not warnings_of(sheet):
        raise IllegalTransition("Kết quả này không có điểm nào phải giải trình.")


@transaction.atomic
def explain_warnings(
    round_id: int, *, sheet_number: int, texts: Mapping[str, str], actor: User, at: datetime
) -> list[WarningNote]:
    """Giải trình by anybody of the board. ``texts``: message of the warning → why it is so; again, it replaces.

    What it replaces, and whose that was, stays in the record of events; the same text again stays its writer's.
    Raises NotAllowed, StaleVersion, IllegalTransition, or InvalidInput for each text left empty, by its message.
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_keep_ledger(actor, ballot_round, congress).require()
    sheet = _sheet_to_seal(ballot_round, sheet_number)
    require_warnings(sheet)
    problems = {
        one["message"]: ["Ghi giải trình của ban kiểm phiếu cho điểm này."]
        for one in warnings_of(sheet)
        if not texts.get(one["message"], "").strip()
    }
    if problems:
        raise InvalidInput("Còn điểm chưa giải trình.", fields=problems)
    before = _to_be_replaced(sheet, texts)
    notes = []
    written = {one.message: one for one in sheet.notes.all()}
    for one in warnings_of(sheet):
        if (kept := written.get(one["message"])) and kept.text == texts[one["message"]].strip():
            notes.append(kept)
            continue
        note, _ = sheet.notes.update_or_create(
            message=one["message"],
            defaults={
                "code": one["code"],
                "text": texts[one["message"]].strip(),
                "written_by": actor,
                "written_at": at,
            },
        )
        notes.append(note)
    if before:
        audit.record("election.warnings_explained_again", ballot_round, actor=actor, at=at, before=before)
    else:
        audit.record("election.warnings_explained", ballot_round, actor=actor, at=at, number=len(notes))
    return notes


def _to_be_replaced(sheet: TallySheet, texts: Mapping[str, str]) -> str:
    """Notes that are about to read otherwise, each with who wrote it; "" where none is."""
    notes = sheet.notes.select_related("written_by").order_by("pk")
    return "; ".join(
        f"{one.written_by.full_name} đã ghi “{one.text}” cho điểm “{one.message}”"
        for one in notes
        if texts.get(one.message, "").strip() != one.text
    )


def _sheet_to_seal(ballot_round: BallotRound, sheet_number: int) -> TallySheet:
    sheet = newest_sheet(ballot_round)
    if sheet is None or sheet.count is None or sheet.count.state != Count.State.AGREED:
        raise IllegalTransition("Chưa có kết quả hai người nhập khớp nhau để xác nhận.")
    if sheet.number != sheet_number:
        raise StaleVersion("Số liệu vừa được nhập lại. Xem lại bản mới trước khi niêm phong.", current=sheet)
    return sheet


def canonical(sheet: TallySheet, candidates: list[Candidate], *, edition: int, reason: str) -> str:
    """The sealed text: canonical JSON of what was counted, on whom, what the rules concluded, what the board said."""
    assert sheet.count is not None  # noqa: S101  (a check constraint: every sheet is of a count)
    ledger = sheet.count.ledger
    return json.dumps(
        {
            "round": sheet.round_id,
            "edition": edition,
            "reason": reason,
            "sheet": sheet.number,
            "names": {str(one.member_id): one.shown_name for one in candidates},
            "electorate": sheet.round.electorate,
            "ledger": {name: getattr(ledger, name) for name in ("printed", "issued", "spoiled", "unused", "returned")}
            | {"number": ledger.number, "handing_out": handing_out(sheet.round, ledger)}
            | ({"printed_note": ledger.printed_note} if ledger.printed_note else {}),
            "case": sheet.case,
            "result": sheet.result,
            "invalid_reasons": sheet.invalid_reasons,
            "typed_by": [
                {"team": seat.team, "slot": seat.slot, "name": seat.teller.full_name}
                for seat in sheet.count.seats.select_related("teller").order_by("team", "slot")
            ],
            "rulings": [
                {
                    "question": one.question,
                    "verdict": one.verdict,
                    "category": one.category,
                    "reason": one.reason,
                    **({"uncounted": one.uncounted} if one.uncounted else {}),
                }
                for one in rulings_of(sheet.count)
            ],
            "dropped": [one.sealed() for one in dropped_before(sheet.count)],
            "void_ledgers": [sealed_void(one) for one in void_before(ledger)],
            "notes": [{"code": one.code, "message": one.message, "text": one.text} for one in sheet.notes.all()],
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


@transaction.atomic
def seal(round_id: int, *, sheet_number: int, seen: str | None = None, actor: User, at: datetime) -> SealedResult:
    """Xác nhận và niêm phong: the head teller confirms the sheet he looked at (``sheet_number``).

    ``seen``: the digest of what his page showed (``digest_of``). The rules are asked once more, under the lock: what
    they say of the figures now must be what the sheet says.

    Freezes the figures under their SHA-256, issues the counting minutes (F-10), deletes what was read from single
    papers with a certificate, and concludes the election when every seat is filled. Of a recount it is the next
    edition, beside the earlier one. Raises NotAllowed, IllegalTransition, StaleVersion or NotReady.
    """
    ballot_round, congress = lock_round(round_id)
    sheet = newest_sheet(ballot_round)
    policies.can_seal(actor, ballot_round, congress, sheet).require()
    sheet = _sheet_to_seal(ballot_round, sheet_number)
    count = sheet.count
    assert count is not None  # noqa: S101  (asked above)
    if congress.state not in ((SITTING, CLOSED) if ballot_round.state == SEALED else (SITTING,)):
        raise IllegalTransition(congress.said("Kết quả chỉ niêm phong khi đại hội đang diễn ra."))
    if seen is not None and seen != digest_of(sheet):
        raise StaleVersion("Kết quả không còn như trang đã xem. Xem lại trước khi niêm phong.", current=sheet)
    require_tellers(ballot_round, congress)
    require_borne_out(sheet, ballot_round, congress)
    if left := unexplained(sheet):
        raise NotReady(
            "Còn điểm ban kiểm phiếu chưa giải trình nên chưa niêm phong được.", gaps=[one["message"] for one in left]
        )
    sealed = _write_seal(ballot_round, sheet, count, actor=actor, at=at)
    if ballot_round.state != SEALED:
        move_round(ballot_round, "seal", at=at)
        ballot_round.save(update_fields=["state", "state_since"])
    _issue_minutes(sealed, congress, actor=actor, at=at)
    _settle(ballot_round)
    audit.record("election.sealed", ballot_round, actor=actor, at=at, sha256=sealed.sha256, edition=sealed.edition)
    return sealed


def _write_seal(
    ballot_round: BallotRound, sheet: TallySheet, count: Count, *, actor: User, at: datetime
) -> SealedResult:
    edition = ballot_round.seals.count() + 1
    candidates = list(ballot_round.candidates.select_related("member"))
    content = canonical(sheet, candidates, edition=edition, reason=count.reason)
    sealed = ballot_round.seals.create(
        edition=edition,
        sheet=sheet,
        content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        entered_by=sheet.entered_by,
        second_by=sheet.second_by,
        confirmed_by=actor,
        sealed_at=at,
        reason=count.reason or None,
    )
    count.state = Count.State.SEALED
    count.save(update_fields=["state"])
    if count.method == Count.Method.PAPERS:
        rows = discard_papers(count)
        DisposalCertificate.objects.create(seal=sealed, rows=rows, certified_by=actor, certified_at=at)
    return sealed


def _settle(ballot_round: BallotRound) -> None:
    """The election is over when the last round that stands filled its seats; a recount may open or close it again.

    A recount that elects the same changes nothing, also not that the congress decided to stop. A next round whose
    slate was only being prepared on what the recount changed is taken away with it.
    """
    election = ballot_round.election
    last, *earlier = ballot_round.seals.select_related("sheet").order_by("-edition")[:2]
    if earlier and same_outcome(last.sheet.result, earlier[0].sheet.result):
        return
    following = election.rounds.filter(number__gt=ballot_round.number, state=SLATE_OPEN).order_by("-number").first()
    status = queries.standing_seals(election)[-1].sheet.result["status"]
    if following is not None and not queries.has_ground(following):
        _take_away(following)
    if status in OVER:
        election.is_concluded, election.conclusion = True, _conclusion(status)
    elif election.is_concluded:
        election.is_concluded, election.conclusion = False, ""
    election.save(update_fields=["is_concluded", "conclusion"])
    if election.office == ElectedOffice.DELEGATES:
        settle_alternates(election)


def settle_alternates(delegates: Election) -> None:
    """E-58 — What the delegates' ballot leaves for a ballot of alternates; nothing left concludes their election.

    Where that election has votes of its own already, a recount of the delegates leaves it to the congress.
    """
    own = queries.current_elections(delegates.congress).filter(office=ElectedOffice.ALTERNATE_DELEGATES).first()
    settled = queries.alternates_of(delegates)
    first = own.rounds.filter(number=1, state=SLATE_OPEN).first() if own else None
    if own is None or settled is None or first is None:
        return
    enough = not settled.waiting and settled.open_seats == 0
    names = ", ".join(one.name for one in settled.people)
    if doubt := same_ballot_step(regimes.by_code(delegates.congress.regime)).certainty:
        names = f"{names} ({doubt})"
    own.is_concluded, own.conclusion = enough, f"{ALTERNATES_NAMED} {names}."[:300] if enough else ""
    own.save(update_fields=["is_concluded", "conclusion"])
    if not enough:
        first.seats = settled.open_seats
        first.save(update_fields=["seats"])


def _take_away(following: BallotRound) -> None:
    """Unless the congress has already dealt with it: then it stays, and cannot be fixed any more."""
    if following.withdrawals.exists() or following.opinion_ballots.exists() or following.ledgers.exists():
        return
    following.candidates.all().delete()
    following.delete()


def _conclusion(status: str) -> str:
    if status == "complete":
        return "Bầu đủ số lượng."
    return "Ba lần bầu không có người trúng cử; báo cáo cấp trên chỉ định bí thư."


def _issue_minutes(sealed: SealedResult, congress: Congress, *, actor: User, at: datetime) -> None:
    """F-10 of the edition; of a recount also the corrigendum, old → new."""
    today, about = timezone.localdate(at), f"round:{sealed.round_id}"
    papers.issue_minutes(
        lambda notation: tally_minutes(sealed, congress, at=at, notation=notation),
        congress=congress,
        about=about,
        issued_on=day_of_minutes(sealed, congress, at),
        actor=actor,
        at=at,
    )
    if sealed.edition > 1:
        before = sealed.round.seals.get(edition=sealed.edition - 1)
        papers.issue_minutes(
            lambda notation: corrigendum(before, sealed, congress, at=at, notation=notation),
            congress=congress,
            about=about,
            issued_on=today,
            actor=actor,
            at=at,
        )
