"""What people read, word for word: answers of the rules kept in ``answers.json``, to be read like a paper.

After a wanted change: ``REWRITE_ANSWERS=1 pytest tests/elections/rules/test_answers.py``, then read the difference.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from congress.rules.added_texts import BadTexts, read_added
from congress.rules.bases import Assembly, Electorate
from congress.rules.convening import (
    Matter,
    assembly_findings,
    board_findings,
    inspection_findings,
    programme_findings,
    timing_findings,
)
from congress.rules.quorum import quorum, quorum_steps, representation, representation_step
from congress.rules.regimes import NoRegime, Parameter, Regime, by_code, in_force, shipped
from congress.rules.rights import Standing
from congress.rules.terms import check_deadlines, check_term
from elections.rules.blanks import blanks
from elections.rules.case import Ballots, Case, Office, Opinion
from elections.rules.decide import decide
from elections.rules.delegates import alternate_findings, same_ballot_step, settle_alternates
from elections.rules.explain import tie_revote_step
from elections.rules.late_arrival import late_arrival_findings
from elections.rules.ledger import Ledger, ledger_findings, printing_findings
from elections.rules.nomination import opinion_ballot, standing_findings, support_findings
from elections.rules.offices import plan_findings
from elections.rules.opinion import opinion_count_findings, opinion_needed_findings, opinion_tie_findings
from elections.rules.people import (
    available_findings,
    leader_findings,
    planned_leader_findings,
    teller_findings,
)
from elections.rules.reading import read_case, read_line
from elections.rules.secrecy import paper_counting_findings
from elections.rules.teams import team_findings
from elections.rules.withdrawal import (
    candidate_findings,
    named_nominator_findings,
    nominator_findings,
    withdrawal_findings,
)
from tests.elections.rules.builders import kept, line, marked

FILE = Path(__file__).with_name("answers.json")
OLD, NOW = in_force(date(2022, 5, 1)), in_force(date(2025, 7, 20))
ONE = {"seats": 1, "office": "secretary"}
DELEGATES = {"seats": 2, "office": "delegates", "base": 10}
GOOD = [11, 10, 9, 4]
NAMES = {"A": "Nguyễn Văn Ánh", "B": "Trần Thị Bình", "P": "Lê Văn Phú", "Q": "Vũ Thị Quý"}
WHOLE = [Office.BRANCH_COMMITTEE, Office.SECRETARY, Office.DEPUTY_SECRETARY]


def vote(votes: Any = None, **figures: Any) -> Callable[[], Any]:
    return lambda: decide(read_case(line(votes, **figures), names=NAMES)).to_dict()


def raw(value: Any) -> Callable[[], Any]:
    return lambda: decide(read_case(value)).to_dict()


def without(name: str, inside: str | None = None) -> dict[str, Any]:
    made = line(GOOD)
    del (made[inside] if inside else made)[name]
    return made


def inside(name: str, **changes: Any) -> dict[str, Any]:
    made = line(GOOD)
    return made | {name: made[name] | changes}


def told(make: Callable[[], Iterable[Any]]) -> Callable[[], Any]:
    return lambda: [one.to_dict() for one in make()]


def revoting_by_majority(regime: Regime) -> Regime:
    changed = dict(regime.regulation.parameters) | {"tie_revote_needs_majority": Parameter(True, "C1")}
    return replace(regime, regulation=replace(regime.regulation, parameters=changed), grounds={}, places={})


def blank(**changes: Any) -> Callable[[], Any]:
    case = replace(read_case(line(GOOD), names=NAMES), faults=None)
    return told(lambda: blanks(replace(case, **changes)))


def no_regime(make: Callable[[], Any]) -> Callable[[], str]:
    def answer() -> str:
        with pytest.raises(NoRegime) as refusal:
            make()
        return str(refusal.value)

    return answer


def late() -> Any:
    case = read_case(line([6, 5], base=12, valid=11, electorate={"excused_throughout": 1}, **ONE))
    return late_arrival_findings(case, replace(case.electorate, excused_throughout=0))


def refused_texts(text: str) -> str:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "999.json"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(BadTexts) as refusal:
            read_added(file, shipped())
    return str(refusal.value)


ROW = {"kind": "charter", "code": "1", "title": "1", "effective_from": "2031-01-01", "certainty": "C1", "articles": {}}
BAD_ROWS: tuple[Any, ...] = (
    ROW | {"kind": "law", "certainty": "sure", "articles": {"13": 1, "E-13": ["Điều 1", "?"]}},
    {"kind": "charter"},
    ROW | {"articles": [], "parameters": []},
    ROW | {"parameters": []},
    ROW | {"parameters": {"typo": 1, "report_days": 7, "notice_days": {"value": "x", "certainty": "?"}}},
    ROW | {"parameters": {"all_disagree": {"value": "maybe", "certainty": "C1"}}},
    ROW | {"effective_from": "1/1/2031"},
    7,
)
BAD_TEXTS = ("[]", "{", '{"documents": {}}', '{"parameters": {"typo": 1}}', json.dumps({"documents": BAD_ROWS}))
BAD_TEXTS += (json.dumps({"documents": [BAD_ROWS[6]]}),)
SHEET = {"returned": 12, "valid": 10, "invalid": 1, "votes": {"A": 9}, "invalid_reasons": {"signed": 2}}
OUTGOING = {"convening_member": True, "on_committee_list": False}
ALONE = OUTGOING | {"committee_exists": False}
TIED = {"A": 20, "P": 18, "Q": 18}
JUNE = date(2025, 6, 30)

ANSWERS: dict[str, Callable[[], Any]] = {
    "complete": vote(GOOD),
    "complete under 244": vote(GOOD, held_on="2022-05-01"),
    "more above half than seats": vote([11, 10, 8, 7]),
    "short, equals below half": vote([10, 9, 6, 6]),
    "short in the second round": vote([6, 5], base=12, valid=11, seats=1, ballot_round=2),
    "tie at the last seat": vote([10, 9, 8, 8]),
    "tie re-vote": vote([7, 5], seats=1, kind="tie_revote", ballot_round=2),
    "tied again": vote([6, 6], seats=1, kind="tie_revote", ballot_round=2),
    "superior appoints": vote([4, 4], base=8, ballot_round=3, **ONE),
    "one name": vote([(7, 5)], **ONE),
    "no surplus": vote([(9, 1), (5, 4)], **DELEGATES),
    "every deduction": vote(
        [6, 0],
        base=14,
        valid=6,
        electorate={
            "temporarily_elsewhere_absent": 2,
            "exempt_absent": 2,
            "suspended_or_prosecuted": 1,
            "excused_throughout": 3,
        },
        **ONE,
    ),
    "nobody in the base": vote([0, 0, 0, 0], electorate={"exempt_absent": 12}, valid=0),
    "deducted more than called": vote(GOOD, electorate={"exempt_absent": 13}),
    "negative attendance": lambda: decide(
        replace(read_case(line(GOOD)), electorate=Electorate(12, -1, present=12))
    ).to_dict(),
    "no quorum": vote([7, 7, 6, 1], valid=7),
    "a quorum by one reading": vote([5, 5, 4, 1], base=12, valid=6, electorate={"exempt_absent": 3, "present": 6}),
    "no quorum by one reading": lambda: [
        step.to_dict() for step in quorum_steps(quorum(Electorate(12, 3, 0, 0, 0, 6), NOW), NOW)
    ],
    "no quorum at all": lambda: [step.to_dict() for step in quorum_steps(quorum(Electorate(12, present=7), NOW), NOW)],
    "organizations represented": lambda: [
        representation_step(representation(called, there, NOW), NOW).to_dict()
        for called, there in ((9, 6), (9, 5), (0, 0), (1, 1), (1, 0))
    ],
    "more present than left": vote([11, 10, 9, 4], electorate={"exempt_absent": 1, "present": 12}),
    "texts that cannot be used": lambda: [refused_texts(text) for text in BAD_TEXTS],
    "card votes": told(lambda: Electorate(20, 1, 2, 3, 4).resolution_steps(NOW)),
    "delegates": told(
        lambda: Electorate(
            20, convening_members_absent=1, unreplaced_absent=2, assembly=Assembly.DELEGATES
        ).election_steps(NOW)
    ),
    "everything wrong at once": vote([13, 10, 9, 8], seats=8, invalid=3, issued=11, present=10, regime="244-QĐ/TW"),
    "too many votes": vote([12, 12, 12, 1]),
    "too few votes": vote([9, 1, 1, 0]),
    "agree and disagree, one name": vote([(7, 4)], **ONE),
    "agree and disagree, several": vote([(9, 4), (6, 6)], **DELEGATES),
    "a strange name and none": vote({"A": 12, "B": 9, "C": 4, "X": 0}, slate=list("ABCD")),
    "one figure where two are needed": vote([(6, 0), 5], **DELEGATES),
    "two figures where one is needed": vote([11, (3, 4), 9, 4]),
    "not returned, not given out": vote(GOOD, base=14, issued=13, present=14, valid=12),
    "valid and invalid": vote(GOOD, invalid=1, returned=12),
    "eight seats": vote([20] * 8 + [0, 0], seats=8, base=20),
    "two seats": vote([9, 8, 7], seats=2),
    "two bí thư": vote([9, 8, 7], seats=2, office="secretary"),
    "nobody to elect": vote([9], seats=0),
    "fewer names than seats": vote([9, 8]),
    "no surplus in the first round": vote([(9, 1)] * 3),
    "no surplus later": vote([(9, 1)] * 3, ballot_round=2),
    "over the ceiling": vote([9, 8, 7, 5, 4]),
    "over the ceiling by one rounding": vote([9] * 6 + [5, 4], seats=6),
    "a re-vote with no surplus": vote([(9, 1)] * 3, kind="tie_revote"),
    "eight members": vote([8, 8, 7, 1], base=8),
    "a re-vote for one post": vote([6, 6], kind="tie_revote", **ONE),
    "a re-vote for one post without more than half": vote(
        [6, 5], valid=11, invalid=1, kind="tie_revote", ballot_round=2, **ONE
    ),
    "a fourth ballot": vote([6, 6], ballot_round=4, **ONE),
    "no ballot before the first": vote(GOOD, ballot_round=0),
    "before all texts": vote(GOOD, held_on="2014-06-08"),
    "an unknown regulation": vote(GOOD, held_on=None, regime="77-QĐ/TW"),
    "no day, no regulation": vote(GOOD, held_on=None),
    "another way of dates": vote(GOOD, held_on="20/7/2025"),
    "a number for a code": vote(GOOD, regime=190),
    "papers": vote(
        papers=kept(*["ABC"] * 8, "ABCD", "", "AB!signed", "AB!unclear", "BC!stamp_missing"),
        issued=13,
        base=13,
        slate=list("ABCD"),
    ),
    "papers without surplus": vote(
        papers=marked(*["++"] * 6, "+-", "--", "#0", "0-"), issued=10, slate=list("AB"), **DELEGATES
    ),
    "one name on papers": vote(papers=marked("+", "-", "#", "0"), issued=4, base=4, slate=["A"], **ONE),
    "papers typed wrongly": vote(
        papers=[
            *kept("ABX", "ABB"),
            *marked("+++"),
            {"flaws": []},
            {"kept": "A"},
            {"kept": ["A", 1], "flaws": ["torn"], "ruling": "maybe"},
            {"kept": ["A"], "flaws": [], "ruling": "valid"},
            "A",
            {"marks": [], "flaws": "x"},
        ],
        issued=12,
        slate=list("ABCD"),
    ),
    "rulings that no rule allows": vote(
        papers=[{**kept("A!signed")[0], "ruling": "valid"}, {**kept("A")[0], "ruling": "invalid"}],
        issued=12,
        slate=list("ABCD"),
    ),
    "names that do not count on a paper": vote(
        papers=[
            *kept(*["ABC"] * 7),
            {**kept("ABCD!unclear")[0], "ruling": "valid", "unclear": ["D", "A"], "uncounted": ["D", "A"]},
            {**kept("AB!unclear")[0], "ruling": "valid", "unclear": ["B"], "uncounted": ["B"]},
        ],
        issued=9,
        base=9,
        slate=list("ABCD"),
    ),
    "names that cannot be left out": vote(
        papers=[
            {**kept("A!unclear")[0], "ruling": "valid", "unclear": ["A"], "uncounted": ["A"]},
            {**kept("AB!unclear")[0], "ruling": "valid", "unclear": ["B"], "uncounted": ["A"]},
            {**kept("AB!unclear")[0], "ruling": "invalid", "uncounted": ["A"]},
            {**kept("AB")[0], "uncounted": ["A"]},
        ],
        issued=12,
        slate=list("ABCD"),
    ),
    "names left out in a wrong way": vote(
        papers=[
            {**kept("AB!unclear")[0], "ruling": "valid", "unclear": ["X", "B"], "uncounted": ["X", "B"]},
            {**kept("AB")[0], "unclear": "A", "uncounted": "A"},
        ],
        issued=12,
        slate=list("ABCD"),
    ),
    "boxes typed wrongly": vote(
        papers=[{"marks": {"A": "agree"}, "flaws": []}, {"marks": {"A": "agree", "B": "yes"}, "flaws": []}, *kept("A")],
        issued=10,
        slate=list("AB"),
        **DELEGATES,
    ),
    "totals and papers": raw(line(GOOD) | {"papers": [], "issued": 12}),
    "papers without a number given out": raw(line(papers=kept("A"), slate=list("AB"), seats=1) | {"issued": -1}),
    "a strange assembly": raw(inside("electorate", assembly="crowd", convening_members_absent=-1)),
    "delegates who cannot be": raw(inside("electorate", assembly="delegates", unreplaced_absent=None)),
    "papers are no list": raw(line(papers={}, slate=list("ABCD"), issued=12)),
    "a number": raw(3),
    "a list": raw([]),
    "nothing": raw({}),
    "all empty": raw(dict.fromkeys(line(GOOD))),
    "all texts": raw(dict.fromkeys(line(GOOD), "x")),
    "all lists": raw(dict.fromkeys(line(GOOD), [1])),
    "all objects": raw(dict.fromkeys(line(GOOD), {"a": 1})),
    "all negative": raw(dict.fromkeys(line(GOOD), -1)),
    "all decimal": raw(dict.fromkeys(line(GOOD), 1.5)),
    "all true": raw(dict.fromkeys(line(GOOD), True)),
    "all huge": raw(dict.fromkeys(line(GOOD), 10**19)),
    "no field of attendance": raw(line(GOOD) | {"electorate": {}}),
    "empty fields of attendance": raw(line(GOOD) | {"electorate": dict.fromkeys(line(GOOD)["electorate"])}),
    "no field of papers": raw(line(GOOD) | {"ballots": {}}),
    "wrong fields of papers": raw(line(GOOD) | {"ballots": {"issued": -1, "returned": "x", "valid": 10**8}}),
    "wrong votes": raw(line(GOOD) | {"votes": {"A": None, "B": -1, "C": {"agree": "x"}, "D": [], "X": 1.5}}),
    "slates": raw(line(GOOD) | {"slate": ["A", "A", " ", 4, "B" * 90]}),
    "an empty slate": raw(line(GOOD) | {"slate": []}),
    "no office": raw(without("office")),
    "no id": raw(without("id")),
    "nobody counted": raw(without("present", "electorate")),
    "lines": lambda: [
        decide(read_line(text)).to_dict()["findings"]
        for text in (b"", b"\xff", b"[" * 100_000, b'{"id": NaN}', b"null", b'"x"', b'{"b": 1, "a": 2, "a": 3, "b": 4}')
    ],
    "blank case": told(lambda: blanks(Case(None, None, (), None, kind=None, ballot_round=None))),
    "blank attendance": blank(electorate=Electorate(12)),
    "blank slate": blank(slate=("A", "A", "", "B")),
    "blank count": blank(ballots=None, votes=None),
    "blank votes": blank(votes={"A": None, "B": Opinion(1, None), "C": Opinion(None, 1)}),
    "negative figures": blank(ballots=Ballots(-1, -2, -3, -4), votes={"A": -1, "B": Opinion(-1, -2)}),
    "pending papers": blank(ballots=Ballots(12, 12, 11, 0, pending=1)),
    "blank papers": blank(papers=(), votes=None, issued=None),
    "papers and totals": blank(papers=(), issued=-1),
    "no regime: before all": no_regime(lambda: in_force(date(2014, 6, 8))),
    "no regime: unknown": no_regime(lambda: by_code("77-QĐ/TW")),
    "terms": lambda: [check_term(label) for label in ("2025", "2025-2025", "2025-2027")],
    "deadlines": lambda: [
        check_deadlines({"papers": JUNE, "clearance": date(2025, 6, 1)}),
        check_deadlines({"clearance": JUNE, "window_opens": JUNE, "window_closes": date(2025, 6, 1)}),
        check_deadlines({"window_closes": JUNE, "ratification": date(2025, 6, 2), "dossier": date(2025, 6, 1)}),
    ],
    "ledger": told(lambda: ledger_findings(Ledger(15, 13, 14, 1, -1), 12, NOW)),
    "blank ledger": told(lambda: ledger_findings(Ledger(), None)),
    "too few printed": told(lambda: printing_findings(11, 12)),
    "a small branch": told(lambda: paper_counting_findings(9, NOW)),
    "teams": told(lambda: team_findings([SHEET, SHEET], 20)),
    "nominations": told(
        lambda: [
            *nominator_findings("Bình", "An", **OUTGOING),
            *nominator_findings("Bình", "An", **ALONE),
            *candidate_findings("An", **OUTGOING),
            *candidate_findings("An", **ALONE),
            *named_nominator_findings("An", ""),
            *withdrawal_findings("An", Office.COMMITTEE, names=4, seats=3),
            *support_findings("P", 5, 17, NOW),
        ]
    ),
    "standing": told(lambda: [one for standing in Standing for one in standing_findings("An", standing, NOW)]),
    "opinion ballot": told(
        lambda: [
            *opinion_needed_findings(3, 2, 3, NOW),
            *opinion_needed_findings(4, 1, 3, NOW),
            *opinion_count_findings(Ballots(13, 14, 12, 1), {"P": 13, "Q": None, "R": -1}, 12, NAMES),
            *opinion_count_findings(Ballots(-1, None, None, -2), {}, None),
            *opinion_tie_findings(
                opinion_ballot({"P": 6, "Q": 6}, committee_names=3, seats=3), {"P": 6, "Q": 6}, NOW, NAMES
            ),
        ]
    ),
    "people": told(
        lambda: [
            *teller_findings(["A", "B"], {"A"}, {"A"}, NAMES),
            *board_findings(2, NOW, list_adopted=True, head_adopted=False),
            *leader_findings(Office.SECRETARY, ["A", "B"], {"B"}, NAMES),
            *planned_leader_findings(Office.SECRETARY, "A", {"B"}, NAMES),
            *planned_leader_findings(Office.SECRETARY, "A", {"B"}, NAMES, at_meeting=True),
            *available_findings(Office.DEPUTY_SECRETARY, {"A"}, {"A"}),
            *plan_findings(WHOLE[::-1], 8, NOW),
            *plan_findings([Office.SECRETARY], 9, NOW),
        ]
    ),
    "alternates": told(
        lambda: [
            *alternate_findings(
                settle_alternates(TIED, {"A"}, needed=16, open_seats=0, wanted=1), TIED, NOW, NAMES
            ),
            *alternate_findings(settle_alternates(TIED, {"A"}, needed=16, open_seats=0, wanted=3), TIED, NOW),
        ]
    ),
    "before anybody votes": told(
        lambda: [
            *map(tie_revote_step, (OLD, NOW, revoting_by_majority(NOW))),
            *map(same_ballot_step, (OLD, NOW)),
        ]
    ),
    "late arrival": told(late),
    "convening": told(
        lambda: [
            *assembly_findings(Assembly.DELEGATES, is_branch=True),
            *programme_findings([Matter.CREDENTIALS], Assembly.MEMBERS),
            *inspection_findings(is_branch=True, elects_inspection=True),
            *timing_findings(JUNE, date(2026, 1, 1), NOW, grassroots=False, consent=True),
            *timing_findings(JUNE, date(2027, 1, 1), NOW, grassroots=True, consent=True),
            *timing_findings(JUNE, date(2025, 7, 1), NOW, grassroots=False, consent=False),
        ]
    ),
}  # fmt: skip


def written(answer: Any) -> Any:
    """As the file keeps it: findings and steps each on one line."""
    return condensed(json.loads(json.dumps(answer, ensure_ascii=False, default=str)))


def condensed(answer: Any) -> Any:
    if isinstance(answer, list):
        return [condensed(one) for one in answer]
    if not isinstance(answer, dict):
        return answer
    if list(answer) == ["code", "level", "rule", "message", "field", "next", "certainty"]:
        return "{code} {level} {rule} [{field}] {message} || {next} || {certainty}".format(**answer)
    if list(answer)[:4] == ["rule", "text", "citation", "certainty"]:
        whose = f" || {answer['about']}" if "about" in answer else ""
        return "{rule} {text} || {citation} || {certainty}".format(**answer) + whose
    return {key: condensed(value) for key, value in answer.items()}


def kept_answers() -> dict[str, Any]:
    if os.environ.get("REWRITE_ANSWERS"):
        answers = {name: written(make()) for name, make in ANSWERS.items()}
        FILE.write_text(f"{json.dumps(answers, ensure_ascii=False, indent=1)}\n", encoding="utf-8")
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


KEPT = kept_answers()


@pytest.mark.parametrize("name", ANSWERS)
def test_the_answer_is_word_for_word_the_one_that_was_read(name):
    assert written(ANSWERS[name]()) == KEPT.get(name)


def test_no_answer_is_kept_for_nothing():
    assert set(KEPT) == set(ANSWERS)
