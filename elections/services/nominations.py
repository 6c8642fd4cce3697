"""Names come onto a slate and mistakes leave it: the committee's list, đề cử, ứng cử, the support each one has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress.lifecycle import SITTING
from congress.models import Attendance, CardVote, Congress
from congress.rules.findings import Finding
from congress.services.sitting import count_cards
from elections import policies, queries
from elections.conflicts import Slate, standing_of
from elections.models import BallotRound, Candidate
from elections.rules.nomination import standing_findings
from elections.services.rounds import lock_round, require_decided_by_congress, require_open, require_open_slate
from elections.services.visiting import visitor_named
from organizations.models import Member
from organizations.queries import below

Source = Candidate.Source


@transaction.atomic
def nominate(
    round_id: int,
    *,
    member_id: int,
    source: str = Source.COMMITTEE,
    nominator_id: int | None = None,
    nominator_name: str = "",
    nominator_from: str = "",
    actor: User,
    at: datetime,
) -> Candidate:
    """Đưa vào danh sách: the committee's names, and at the congress đề cử (by ``nominator_id``) and ứng cử.

    ``nominator_name``, ``nominator_from``: the nominator is here temporarily and so on no roll (``visitor_named``).
    Raises InvalidInput for a probationer (E-11), a doubled name, one outside chi ủy (E-15), a nominator who may not
    nominate (E-31, E-32), or one whom this congress put off the list (``nominate_again``). Who accepts against E-32
    comes onto the list and must ask to withdraw.
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_prepare(actor, congress).require()
    slate, new = _proposed(ballot_round, member_id, source, nominator_id, nominator_name, nominator_from)
    if why_not := slate.put_off.get(member_id):
        word = congress.word
        raise _refused("member", f"{why_not}. Chỉ đưa lại vào danh sách khi {word} biểu quyết đồng ý: ghi số thẻ.")
    return _onto_the_list(ballot_round, new, actor=actor, at=at)


@transaction.atomic
def nominate_again(
    round_id: int,
    *,
    member_id: int,
    source: str,
    nominator_id: int | None = None,
    nominator_name: str = "",
    nominator_from: str = "",
    in_favour: int,
    against: int = 0,
    abstained: int = 0,
    actor: User,
    at: datetime,
) -> Candidate | None:
    """Đại hội cho vào lại danh sách whom it let withdraw or put off the list (E-34): only it undoes what it decided.

    By a card vote of its own, kept also when it is not adopted: then None. Raises as ``nominate``, and InvalidInput
    for somebody about whom the congress has decided nothing, or cards that do not add up.
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_prepare(actor, congress).require()
    require_decided_by_congress(ballot_round, congress, "Việc đưa lại vào danh sách")
    slate, new = _proposed(ballot_round, member_id, source, nominator_id, nominator_name, nominator_from)
    name = new.member.display_name
    if member_id not in slate.put_off:
        text = f"{congress.word.capitalize()} chưa quyết định gì về đồng chí {name}. Để trống ba ô số thẻ."
        raise _refused("in_favour", text)
    vote = count_cards(
        congress,
        CardVote.Subject.OTHER,
        f"{ballot_round.election}: cho đồng chí {name} vào lại danh sách bầu cử",
        in_favour=in_favour,
        against=against,
        abstained=abstained,
        actor=actor,
        at=at,
    )
    audit.record(
        "election.readmitted" if vote.adopted else "election.not_readmitted",
        ballot_round,
        actor=actor,
        at=at,
        name=new.member.full_name,
        in_favour=in_favour,
        base=vote.base,
    )
    if not vote.adopted:
        return None
    new.joined_vote = vote
    return _onto_the_list(ballot_round, new, actor=actor, at=at)


def _proposed(
    ballot_round: BallotRound,
    member_id: int,
    source: str,
    nominator_id: int | None,
    nominator_name: str,
    nominator_from: str,
) -> tuple[Slate, Candidate]:
    """The name as it would come onto the slate, not yet kept."""
    require_open_slate(ballot_round)
    slate = Slate(ballot_round)
    row = slate.rows.get(member_id)
    here = below(slate.congress.organization.path, "organization__")
    member = row.member if row else Member.objects.get(here, pk=member_id)
    _require_eligible(slate, member)
    visitor, home = visitor_named(slate, member, source, nominator_id, nominator_name, nominator_from)
    nominator = None if visitor else _nominator(slate, source, nominator_id, member)
    _require_source(slate, source, slate.congress)
    return slate, Candidate(
        round=ballot_round,
        member=member,
        source=source,
        nominated_by=nominator,
        nominator_name=visitor or None,
        nominator_from=home or None,
    )


def _onto_the_list(ballot_round: BallotRound, candidate: Candidate, *, actor: User, at: datetime) -> Candidate:
    candidate.save()
    nominator = candidate.nominated_by
    audit.record(
        "election.nominated",
        ballot_round,
        actor=actor,
        at=at,
        name=candidate.member.full_name,
        source=candidate.get_source_display(),
        by=nominator.full_name if nominator else candidate.nominator,
    )
    return candidate


def _refused(field: str, text: str) -> InvalidInput:
    return InvalidInput(text, fields={field: [text]})


def _require_eligible(slate: Slate, member: Member) -> None:
    name = member.display_name
    if any(one.member_id == member.pk for one in slate.candidates):
        raise _refused("member", f"Đồng chí {name} đã có trong danh sách.")
    if member in list(queries.eligible_members(slate.election)):
        return
    raise _refused("member", why_not_eligible(slate, member))


def why_not_eligible(slate: Slate, member: Member) -> str:
    """Why this member of the roll is not offered for the slate."""
    row = slate.rows.get(member.pk)
    name = member.display_name
    if row is None:
        return f"Đồng chí {name} chưa có trong danh sách triệu tập. Chọn đảng viên chính thức được triệu tập."
    if row.mandate == Attendance.Mandate.ALTERNATE or not row.is_official:
        found = list(standing_findings(name, standing_of(row)))
        return said(found) or f"Đồng chí {name} không thuộc diện được giới thiệu."
    office = slate.election.get_office_display().lower()
    from_among = f"chỉ bầu trong số {slate.elected_first}; " if slate.elected_first else ""
    return (
        f"Đồng chí {name} không thuộc diện được giới thiệu bầu {office}: {from_among}"
        "một đồng chí không được bầu hai lần, không giữ hai chức danh."
    )


def said(findings: Iterable[Finding]) -> str:
    """Findings in one sentence after the other, each with who does what next."""
    return " ".join(f"{one.message} {one.next}" for one in findings)


def _nominator(slate: Slate, source: str, nominator_id: int | None, member: Member) -> Member | None:
    """Who nominated, by name (E-33); nobody for the committee's own names and for who stands."""
    if source != Source.NOMINATED:
        if source == Source.STOOD and nominator_id is not None:
            raise _refused(
                "nominated_by",
                "Ứng cử là tự mình đứng ra nên không ghi người đề cử. Bỏ trống ô này, hoặc chọn nguồn “Đề cử”.",
            )
        return None
    if nominator_id is None:
        raise _refused("nominated_by", "Ghi đồng chí nào đề cử; không đề cử nhân danh tập thể.")
    row = slate.rows.get(nominator_id)
    if row is None or not slate.may_nominate(nominator_id):
        raise _refused("nominated_by", f"Người đề cử phải là người dự {slate.congress.word}. Chọn đồng chí khác.")
    if nominator_id == member.pk:
        raise _refused("nominated_by", "Đồng chí tự giới thiệu mình thì chọn “Ứng cử”.")
    errors = [one for one in slate.of_nominator(row.member, member.display_name) if one.level == "error"]
    if errors:
        raise _refused("nominated_by", said(errors))
    return row.member


def sources_open(slate: Slate) -> tuple[str, ...]:
    """Where a further name may come from now, the likeliest first.

    Before the sitting the list is the committee's. While the congress sits, the list that it brought does not grow.
    """
    if not slate.is_sitting:
        return (Source.COMMITTEE,)
    floor = (Source.NOMINATED, Source.STOOD)
    if not slate.is_prepared_by_committee or slate.round.number > 1:
        return (Source.COMMITTEE, *floor)
    return floor if slate.committee_names else (*floor, Source.COMMITTEE)


def _require_source(slate: Slate, source: str, congress: Congress) -> None:
    if source in sources_open(slate):
        return
    if slate.is_sitting:
        raise _refused(
            "source",
            f"Danh sách do cấp ủy triệu tập chuẩn bị đã trình {congress.word}. "
            "Thêm người lúc này thì ghi là đề cử hoặc ứng cử.",
        )
    raise _refused("source", f"Đề cử, ứng cử ghi tại {congress.word}. Trước đó là danh sách của cấp ủy triệu tập.")


def require_strikable(candidate: Candidate, slate: Slate) -> None:
    """Raise IllegalTransition unless the name may be taken off without the congress.

    Before the opening the list is the committee's own. While the congress sits only what it has not dealt with
    goes so: a floor nomination or a list made on the day, not yet voted on, nobody having asked to withdraw; and
    a name that lacked the support it needs (E-37). Every other name leaves by decision of the congress (E-34).
    """
    require_open(slate.round)
    if slate.congress.state != SITTING or slate.lacks_support(candidate):
        return
    word = slate.congress.word
    asked = candidate.member_id in slate.withdrawals
    brought = candidate.source == Source.COMMITTEE and slate.is_prepared_by_committee and slate.round.number == 1
    known = brought or candidate.position or candidate.support is not None or candidate.joined_vote_id or asked
    if known or candidate.member_id in slate.voted_on_before:
        raise IllegalTransition(
            f"Danh sách đã trình {word} nên đồng chí {candidate.shown_name} chỉ rời danh sách khi xin rút và "
            f"{word} đồng ý. Ghi việc xin rút."
        )


def _lock_candidate(candidate_id: int) -> tuple[Candidate, BallotRound, Congress]:
    """The name with its round and congress, read once they are locked: what it was before may be gone by then."""
    name = Candidate.objects.select_related("member").filter(pk=candidate_id)
    seen = name.first()
    if seen is not None:
        ballot_round, congress = lock_round(seen.round_id)
        if (candidate := name.first()) is not None:
            return candidate, ballot_round, congress
    raise IllegalTransition("Tên này vừa được đưa ra khỏi danh sách. Tải lại trang để xem danh sách hiện nay.")


@transaction.atomic
def strike(candidate_id: int, *, reasons: str = "", actor: User, at: datetime) -> None:
    """Bỏ tên without the congress, where ``require_strikable`` lets it; while it sits with the reason.

    A name without the support that it needs leaves by the rule (E-37), for no other reason.
    """
    candidate, ballot_round, congress = _lock_candidate(candidate_id)
    policies.can_prepare(actor, congress).require()
    slate = Slate(ballot_round)
    require_strikable(candidate, slate)
    unsupported = slate.lacks_support(candidate)
    told = reasons.strip()[:300]
    if slate.is_sitting and not unsupported and not told:
        raise _refused("reasons", f"Ghi lý do bỏ tên đồng chí {candidate.shown_name}, ví dụ “ghi nhầm người”.")
    candidate.delete()
    if unsupported:
        audit.record(
            "election.unsupported",
            ballot_round,
            actor=actor,
            at=at,
            name=candidate.member.full_name,
            support=candidate.support,
            attending=candidate.support_of,
        )
        return
    name = candidate.member.full_name
    if told:
        audit.record("election.struck", ballot_round, actor=actor, at=at, name=name, reasons=told)
    else:
        audit.record("election.withdrawn", ballot_round, actor=actor, at=at, name=name)


def require_support_open(candidate: Candidate, slate: Slate) -> None:
    """Raise IllegalTransition unless this name needs support (E-37) and no opinion ballot rests on it yet (E-38)."""
    if candidate not in slate.asks_support:
        raise IllegalTransition(
            f"Không phải lấy ý kiến ủng hộ đồng chí {candidate.shown_name}: chỉ người ngoài danh sách của cấp ủy "
            "theo Quy chế 190 mới cần."
        )
    if slate.is_support_settled(candidate):
        raise IllegalTransition(
            f"Đã lấy phiếu xin ý kiến về đồng chí {candidate.shown_name} nên số người ủng hộ "
            f"{candidate.support}/{candidate.support_of} không sửa được nữa."
        )


@transaction.atomic
def record_support(candidate_id: int, *, support: int, actor: User, at: datetime) -> Candidate:
    """Ghi số người dự ủng hộ a name from outside the committee's list (E-37); a second time corrects the first.

    Raises IllegalTransition where the regime has no such test and once the opinion ballot on it is confirmed (the
    congress has voted on that footing), InvalidInput for more than attend.
    """
    candidate, ballot_round, congress = _lock_candidate(candidate_id)
    policies.can_prepare(actor, congress).require()
    require_decided_by_congress(ballot_round, congress, "Việc lấy ý kiến ủng hộ")
    slate = Slate(ballot_round)
    require_support_open(candidate, slate)
    if support > slate.attending:
        raise _refused(
            "support", f"Có mặt {slate.attending} {congress.voter} nên không thể có {support} người ủng hộ. Đếm lại."
        )
    candidate.support, candidate.support_of = support, slate.attending
    candidate.save(update_fields=["support", "support_of"])
    audit.record(
        "election.supported",
        ballot_round,
        actor=actor,
        at=at,
        name=candidate.member.full_name,
        support=support,
        attending=slate.attending,
    )
    return candidate


def free_members(ballot_round: BallotRound) -> list[Member]:
    """Who may still be put on the slate."""
    taken = set(ballot_round.candidates.values_list("member_id", flat=True))
    return [one for one in queries.eligible_members(ballot_round.election) if one.pk not in taken]
