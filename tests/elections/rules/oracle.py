"""A second reading of the rulebook, written for comparison only: raw data in, the expected answer out.

Shares no code with the engine and takes other roads: seats are handed out one by one from the top, majorities
are doubled instead of divided, papers are sorted into heaps. It answers consistent and inconsistent figures
alike, but expects data of the right form.
"""

from __future__ import annotations

from typing import Any

SPOILED = {"not_issued", "written_in", "signed", "marked", "several_inks"}


def expected(vote: dict[str, Any]) -> dict[str, Any]:
    people = vote["electorate"]
    base = people["summoned"]
    for gone in ("temporarily_elsewhere_absent", "exempt_absent", "suspended_or_prosecuted", "excused_throughout"):
        base -= people[gone]
    if people.get("assembly") == "delegates":  # E-14
        base -= people["convening_members_absent"] + people["unreplaced_absent"]
    enough = next(number for number in range(10**6) if 2 * number > base) if base > 0 else None
    answer: dict[str, Any] = {"base": base if base >= 0 else None, "needed": enough, "elected": [], "tied": []}
    surplus = len(vote["slate"]) > vote["seats"]
    waiting = 0
    if "papers" in vote:
        ballots, votes, waiting = sort_papers(vote, surplus)
    else:
        ballots, votes = vote["ballots"], vote["votes"]
    answer |= {"ballots": ballots, "votes": votes}
    if base <= 0 or people["present"] > base or broken(vote, ballots, votes, surplus, waiting):
        return answer | {"status": "rejected"}
    if waiting:
        return answer | {"status": "needs_ruling"}
    return answer | winners(vote, votes, base, surplus)


def broken(vote: dict[str, Any], ballots: dict[str, int], votes: Any, surplus: bool, waiting: int) -> bool:
    slate, seats, office = vote["slate"], vote["seats"], vote["office"]
    if seats == 0 or len(slate) < seats or vote["ballot_round"] == 0:
        return True
    if office == "branch_committee" and seats > 7 or office in ("secretary", "deputy_secretary") and seats != 1:
        return True
    if vote["kind"] == "tie_revote" and not surplus:
        return True
    must_have_surplus = office in ("branch_committee", "committee") and vote["ballot_round"] == 1
    if must_have_surplus and not surplus:
        return True
    if ballots["issued"] > vote["electorate"]["present"] or ballots["returned"] > ballots["issued"]:
        return True
    if ballots["valid"] + ballots["invalid"] + waiting != ballots["returned"]:
        return True
    if waiting:
        return False
    valid = ballots["valid"]
    if surplus:
        cast = sum(votes.values())
        return any(votes[name] > valid for name in slate) or not valid <= cast <= valid * seats
    sums = [votes[name]["agree"] + votes[name]["disagree"] for name in slate]
    return sums != [valid] if len(slate) == 1 else max(sums) > valid


def winners(vote: dict[str, Any], votes: Any, base: int, surplus: bool) -> dict[str, Any]:
    slate, left = vote["slate"], vote["seats"]
    support = {name: votes[name] if surplus else votes[name]["agree"] for name in slate}
    revote = vote["kind"] == "tie_revote"
    pool = [name for name in slate if revote or 2 * support[name] > base]
    elected: list[str] = []
    while pool and left:
        most = max(support[name] for name in pool)
        top = [name for name in pool if support[name] == most]
        if len(top) > left:
            return {"elected": elected, "tied": top, "status": "tie_again" if revote else "tie", "open_seats": left}
        elected += top
        left -= len(top)
        pool = [name for name in pool if name not in top]
    status = "short" if left else "complete"
    if left and vote["office"] == "secretary" and vote["ballot_round"] > 2:
        status = "superior_appoints"
    return {"elected": elected, "tied": [], "status": status, "open_seats": left}


def sort_papers(vote: dict[str, Any], surplus: bool) -> tuple[dict[str, int], Any, int]:
    heaps: dict[str, list[dict[str, Any]]] = {"valid": [], "invalid": [], "waiting": []}
    for paper in vote["papers"]:
        heaps[heap_of(paper, vote, surplus)].append(paper)
    votes: Any
    if surplus:
        votes = {name: sum(name in paper["kept"] for paper in heaps["valid"]) for name in vote["slate"]}
    else:
        votes = {
            name: {
                "agree": [paper["marks"][name] for paper in heaps["valid"]].count("agree"),
                "disagree": [paper["marks"][name] for paper in heaps["valid"]].count("disagree"),
            }
            for name in vote["slate"]
        }
    ballots = {
        "issued": vote["issued"],
        "returned": len(vote["papers"]),
        "valid": len(heaps["valid"]),
        "invalid": len(heaps["invalid"]),
    }
    return ballots, votes, len(heaps["waiting"])


def heap_of(paper: dict[str, Any], vote: dict[str, Any], surplus: bool) -> str:
    if SPOILED & set(paper["flaws"]):
        return "invalid"
    unclear = "unclear" in paper["flaws"]
    if surplus:
        bad = not 1 <= len(paper["kept"]) <= vote["seats"]
        all_against = False
    else:
        crosses = sorted(paper["marks"].values())
        alone = len(crosses) == 1
        bad = crosses in (["both"], ["none"]) if alone else not set(crosses) & {"agree", "disagree"}
        all_against = not alone and set(crosses) == {"disagree"}
    if bad and not unclear:
        return "invalid"
    return "waiting" if unclear or "stamp_missing" in paper["flaws"] or all_against else "valid"
