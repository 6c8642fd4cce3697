"""What the congress minutes (F-11) tell of the elections: who nominated, who withdrew, what was given up and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from accounts.models import AuditEvent
from congress.models import CardVote, Congress, Office
from documents.papers import congress_minutes as f11
from documents.papers.base import Person
from elections import queries
from elections.dropped import is_used
from elections.lifecycle import SET_ASIDE
from elections.minutes import body_of, names_on
from elections.models import BallotRound, Candidate, ElectedOffice, Election, SealedResult, Withdrawal
from elections.models.slates import OFFICE_ORDER
from elections.papers.offices import OFFICES
from elections.standings import handing_out
from organizations.models import Member

Source = Candidate.Source
NO_GROUND = "Sau kiểm đếm lại, kết quả lần bỏ phiếu này không còn căn cứ."
NO_VOTE = "{word} quyết định không bỏ phiếu lần này."


def election_records(congress_id: int) -> tuple[f11.ElectionRecord, ...]:
    """Every round of the sitting's elections in the order of the ballots, those whose result was annulled included."""
    congress = Congress.objects.select_related("organization").get(pk=congress_id)
    return tuple(record for election in told_elections(congress) for record in _records(election, congress))


def told_elections(congress: Congress) -> list[Election]:
    """The current elections, and those annulled in this sitting; what an earlier sitting elected its minutes tell."""
    voted = BallotRound.objects.filter(fixed_vote__sitting=congress.sitting_number)
    annulled = congress.elections.filter(is_annulled=True, rounds__in=voted).distinct()
    found = [*annulled, *queries.current_elections(congress)]
    return sorted(found, key=lambda one: (OFFICE_ORDER.index(one.office), one.attempt))


def _records(election: Election, congress: Congress) -> Iterator[f11.ElectionRecord]:
    seals = {seal.round_id: seal for seal in queries.sealed_results(election)}
    grounded = {seal.round_id for seal in queries.standing_seals(election)}
    rounds = [one for one in election.rounds.order_by("number") if one.pk in seals or one.state == SET_ASIDE]
    told = [_record(election, one, seals.get(one.pk), congress, has_ground=one.pk in grounded) for one in rounds]
    ending = _ending(election)
    if not told and ending:  # decided without a ballot, as alternates named by the ballot of the delegates are
        told = [f11.ElectionRecord(title=_title(election, None, congress), seats=election.seats, counted=False)]
    if told and ending:
        told[-1] = replace(told[-1], remarks=(*told[-1].remarks, ending))
    yield from told


def _ending(election: Election) -> str:
    """How it ended, where the figures do not say so themselves."""
    conclusion = election.conclusion.strip().rstrip(".")
    if election.is_annulled:
        return f"Kết quả cuộc bầu này đã bị hủy. {conclusion}."
    elected = queries.elected_of(election)
    if not election.is_concluded or not conclusion or len(elected) >= election.seats > 0:
        return f"{conclusion}." if conclusion and election.office == ElectedOffice.ALTERNATE_DELEGATES else ""
    return f"{conclusion}{_voted(election.stopped_vote)}."


def _title(election: Election, ballot_round: BallotRound | None, congress: Congress) -> str:
    number = ballot_round.number if ballot_round else 1
    again = f" (lần {number})" if number > 1 else ""
    anew = f", tổ chức lần {election.attempt}" if election.attempt > 1 else ""
    return f"Bầu {OFFICES[election.office].body} {body_of(election.office, congress.organization)}{again}{anew}"


def _record(
    election: Election, ballot_round: BallotRound, seal: SealedResult | None, congress: Congress, *, has_ground: bool
) -> f11.ElectionRecord:
    candidates = list(ballot_round.candidates.select_related("member", "nominated_by"))
    names = names_on(candidates)
    gone = list(ballot_round.withdrawals.exclude(vote=None).select_related("member", "vote"))
    told = f11.ElectionRecord(
        title=_title(election, ballot_round, congress),
        seats=ballot_round.seats,
        seats_vote=_cards(ballot_round.seats_vote),
        proposed=_proposed(Source.COMMITTEE, candidates, gone),
        nominated=_proposed(Source.NOMINATED, candidates, gone),
        standing=_proposed(Source.STOOD, candidates, gone),
        withdrawals=tuple(
            f11.Withdrawal(
                name=one.member.display_name,
                allowed=one.outcome == Withdrawal.Outcome.AGREED,
                vote=_cards(one.vote),
                by_ballot=bool(one.by_ballot),
            )
            for one in gone
        ),
        slate=tuple(names[one.member_id] for one in candidates),
        slate_vote=_cards(ballot_round.fixed_vote),
        remarks=tuple(_remarks(ballot_round, seal, has_ground=has_ground)),
        counted=False,
        voters=congress.voter,
        assembly=congress.word.capitalize(),
    )
    return _with_figures(told, seal, candidates, names, congress) if seal else told


def _with_figures(
    told: f11.ElectionRecord,
    seal: SealedResult,
    candidates: Sequence[Candidate],
    names: dict[int, Person],
    congress: Congress,
) -> f11.ElectionRecord:
    result = seal.sheet.result
    tellers = congress.officers.filter(office__in=[Office.HEAD_TELLER, Office.TELLER]).select_related("member")
    return replace(
        told,
        counted=True,
        tellers=tuple(Person(name=one.member.display_name) for one in tellers),
        base=result["base"],
        **{key: result["ballots"][key] for key in ("issued", "returned", "valid", "invalid")},
        results=tuple(
            f11.ResultLine(
                name=names[one.member_id].name,
                note=names[one.member_id].note,
                votes=queries.votes_for(result["votes"][str(one.member_id)]),
                elected=str(one.member_id) in result["elected"],
            )
            for one in candidates
        ),
    )


def _proposed(source: str, candidates: Sequence[Candidate], gone: Sequence[Withdrawal]) -> tuple[Person, ...]:
    """Names from one source, those that withdrew since included, each with who nominated and who supported it."""
    here = {one.member_id for one in candidates}
    left = [one for one in gone if one.source == source and one.member_id not in here]
    return (
        *(Person(name=one.shown_name, note=_known_by(one)) for one in candidates if one.source == source),
        *(Person(name=one.member.display_name, note=_nominated(one.nominator or "")) for one in left),
    )


def _known_by(candidate: Candidate) -> str:
    support = f"{candidate.support}/{candidate.support_of} người dự ủng hộ" if candidate.support is not None else ""
    return "; ".join(filter(None, (_nominated(candidate.nominator), support)))


def _nominated(nominator: str) -> str:
    return f"đồng chí {nominator} đề cử" if nominator else ""


def _remarks(ballot_round: BallotRound, seal: SealedResult | None, *, has_ground: bool) -> Iterator[str]:
    """What happened on the way to the count, oldest first."""
    word = ballot_round.election.congress.word.capitalize()
    if ballot_round.opened_vote is not None:
        yield f"{word} quyết định bầu tiếp{_voted(ballot_round.opened_vote)}."
    for name, support, attending in _unsupported(ballot_round):
        yield f"Đồng chí {name} được {support}/{attending} người dự ủng hộ, chưa quá 30 %, không vào danh sách."
    for opinion in ballot_round.opinion_ballots.filter(confirmed_at__isnull=False).order_by("number"):
        people = {one.pk: one.display_name for one in Member.objects.filter(pk__in=map(int, opinion.support))}
        figures = ", ".join(f"{people[int(pk)]} {votes}" for pk, votes in opinion.support.items())
        yield (
            f"Lấy phiếu xin ý kiến lần {opinion.number} về người ngoài danh sách của cấp ủy: thu về {opinion.returned}/"
            f"{opinion.issued} phiếu, hợp lệ {opinion.valid}; số phiếu đồng ý: {figures}."
        )
    for ledger in ballot_round.ledgers.filter(void_reason__isnull=False).order_by("number"):
        issued = f", đã phát {ledger.issued} phiếu" if ledger.issued is not None else ""
        why = (ledger.void_reason or "").strip().rstrip(".")
        again = handing_out(ballot_round, ledger)
        yield f"Lập lại sổ phiếu: {why}." if is_used(ledger) else f"Hủy lần phát phiếu thứ {again}{issued}: {why}."
    if seal is None:
        yield NO_VOTE.format(word=word)
    elif not has_ground:
        yield NO_GROUND
    if seal is not None and seal.edition > 1:
        yield f"Kết quả theo bản kiểm đếm lại {seal.edition}: {(seal.reason or '').strip().rstrip('.')}."


def _unsupported(ballot_round: BallotRound) -> Iterator[tuple[str, int, int]]:
    """Names that left for lack of support (E-37): the row is gone, the record of events has its figures."""
    events = AuditEvent.objects.filter(
        action="election.unsupported", subject_type="elections.ballotround", subject_id=str(ballot_round.pk)
    )
    for one in events.order_by("sequence"):
        yield one.details["name"], one.details["support"], one.details["attending"]


def _voted(vote: CardVote | None) -> str:
    return f" (tán thành {vote.in_favour}/{vote.base})" if vote else ""


def _cards(vote: CardVote | None) -> f11.CardVote | None:
    if vote is None:
        return None
    return f11.CardVote(agree=vote.in_favour, disagree=vote.against, other=vote.abstained, base=vote.base)
