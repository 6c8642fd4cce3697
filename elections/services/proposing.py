"""What the rules say of a count: the case of the engine and its answer, for anybody who needs either."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from accounts.errors import IllegalTransition, NotReady
from congress.models import Congress, Office
from congress.queries import electorate_of
from congress.rules.bases import Assembly, Electorate
from elections import policies, queries
from elections.models import BallotRound, Count, TallySheet
from elections.rules.decide import conclude as decide
from elections.rules.reading import read_case
from elections.rules.result import Result
from elections.services.slates import tellers_on_slate


def case_of(
    ballot_round: BallotRound, congress: Congress, counted: Mapping[str, Any], *, slate: list[str] | None = None
) -> dict[str, Any]:
    """The case of the election engine: slate, frozen electorate and what was ``counted``.

    ``counted`` is ``{"ballots", "votes"}`` or ``{"papers", "issued"}``. Candidates are keyed by member id, because
    two people may share a name; their ids in the order of the ballot are read unless the caller has them.
    """
    return {
        "id": f"round-{ballot_round.pk}",
        "held_on": timezone.localdate(congress.opened_at).isoformat() if congress.opened_at else None,
        "regime": congress.regime,
        "office": ballot_round.election.rule_office,
        "seats": ballot_round.seats,
        "ballot_round": queries.ballot_number(ballot_round),
        "kind": ballot_round.kind,
        "electorate": asdict(electorate_at(ballot_round, congress)),
        "slate": slate or [str(pk) for pk in ballot_round.candidates.values_list("member_id", flat=True)],
        **counted,
    }


def electorate_at(ballot_round: BallotRound, congress: Congress) -> Electorate:
    """Those who could vote in this round, frozen with its slate (E-63k, U-22); before that, those who are there now.

    Of a recount as they were counted the first time.
    """
    first = ballot_round.sheets.filter(seal__isnull=False).order_by("number").first()
    figures = first.case["electorate"] if first else (ballot_round.electorate or {}).get("figures")
    if figures is None:
        return electorate_of(congress)
    return Electorate(**{**figures, "assembly": Assembly(figures.get("assembly", Assembly.MEMBERS))})


def propose(ballot_round: BallotRound, congress: Congress, counted: Mapping[str, Any]) -> dict[str, Any]:
    """What the rules say of what was counted, as plain data; writes nothing."""
    plain: dict[str, Any] = json.loads(json.dumps(result_of(ballot_round, congress, counted).to_dict()))
    return plain


def result_of(ballot_round: BallotRound, congress: Congress, counted: Mapping[str, Any]) -> Result:
    names = {str(one.member_id): one.shown_name for one in ballot_round.candidates.select_related("member")}
    case = read_case(case_of(ballot_round, congress, counted, slate=list(names)), names=names)
    return decide(case, case.faults or ())


def digest_of(sheet: TallySheet) -> str:
    """SHA-256 of the figures and the proposal of a sheet: what whoever confirms it has seen."""
    told = {"case": sheet.case, "result": sheet.result, "invalid_reasons": sheet.invalid_reasons}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def require_borne_out(sheet: TallySheet, ballot_round: BallotRound, congress: Congress) -> None:
    """Raise IllegalTransition unless the rules, asked once more, say of the figures what the sheet says.

    Whatever way a sheet came into the database: nobody seals a proposal that its own figures do not give.
    """
    counted = {name: sheet.case.get(name) for name in ("ballots", "votes")}
    case = case_of(ballot_round, congress, counted)
    if (case, propose(ballot_round, congress, counted)) != (sheet.case, sheet.result):
        raise IllegalTransition(
            "Tính lại theo quy chế thì kết quả khác kết quả đề xuất của bản tổng hợp này nên không niêm phong. "
            "Trưởng ban kiểm phiếu bỏ lần kiểm này, ban kiểm phiếu kiểm và nhập lại; nếu vẫn vậy thì báo quản trị "
            "hệ thống."
        )


def require_tellers(ballot_round: BallotRound, congress: Congress) -> None:
    """Raise NotReady unless the congress has elected tellers with a head, none of them on the slate (E-27)."""
    gaps = []
    if not congress.officers.filter(office=Office.HEAD_TELLER).exists():
        gaps.append(
            congress.said("Đại hội chưa bầu ban kiểm phiếu và trưởng ban. Biểu quyết bầu ban kiểm phiếu trước.")
        )
    for name in tellers_on_slate(ballot_round):
        gaps.append(f"Đồng chí {name} vừa ở ban kiểm phiếu vừa có tên trong danh sách bầu. Thay người kiểm phiếu.")
    if gaps:
        raise NotReady("Chưa thể kiểm phiếu.", gaps=gaps)


def require_two_who_type(congress: Congress) -> None:
    """Raise NotReady unless two of the board can sign in, so that two people may type blind (E-28)."""
    if len(policies.people_who_may_sit(congress)) < 2:
        raise NotReady(
            "Chưa thể kiểm phiếu.",
            gaps=[
                "Ban kiểm phiếu cần ít nhất hai đồng chí đăng nhập được để nhập độc lập. Chuyên viên cấp ủy cấp trên "
                "mở tài khoản kiểm phiếu viên cho đồng chí còn thiếu, hoặc đại hội bầu bổ sung ban kiểm phiếu."
            ],
        )


def newest_sheet(ballot_round: BallotRound) -> TallySheet | None:
    """The sheet to look at: of the live or sealed counts, the last; one of a dropped count is history."""
    sheets: Iterable[TallySheet] = ballot_round.sheets.exclude(count__state=Count.State.DROPPED).order_by("-number")
    return next(iter(sheets), None)
