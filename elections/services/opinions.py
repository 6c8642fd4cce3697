"""Lấy phiếu xin ý kiến on the names outside the committee's list when there are too many (E-38)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput, NotAllowed
from accounts.models import User
from accounts.roles import Role
from congress.models import CardVote, Congress
from congress.services.sitting import count_cards
from documents.services import papers
from elections import minutes, policies
from elections.conflicts import Slate
from elections.models import BallotRound, OpinionBallot
from elections.rules.case import Ballots
from elections.rules.nomination import opinion_ballot
from elections.rules.opinion import opinion_count_findings
from elections.services.refusals import by_letter
from elections.services.rounds import lock_round, require_decided_by_congress
from organizations.models import Member, RoleAssignment
from organizations.queries import live

CONFIRMING = (Role.SECRETARY, Role.CLERK)
FIGURES = ("issued", "returned", "valid", "invalid")


def require_supported(slate: Slate) -> None:
    """Raise IllegalTransition while a name from outside the committee's list has not passed 30 % (E-37).

    Only names that have the support come to be considered, so that none without it takes the place of another.
    """
    if missing := slate.support_to_count:
        names = ", ".join(one.shown_name for one in missing)
        raise IllegalTransition(f"Chưa ghi số người ủng hộ: {names}. Lấy ý kiến ủng hộ trước, rồi mới đến việc này.")
    if lacking := [one.shown_name for one in slate.asks_support if slate.lacks_support(one)]:
        raise IllegalTransition(
            f"Chưa có quá 30 % người dự ủng hộ: {', '.join(lacking)}. "
            "Bỏ tên khỏi danh sách trước, rồi mới đến việc này."
        )


def require_opinion_ballot(slate: Slate) -> None:
    """Raise IllegalTransition unless the others on this slate are supported, too many, and there is room for some."""
    require_decided_by_congress(slate.round, slate.congress, "Việc lấy phiếu xin ý kiến")
    if slate.is_revote or not slate.needs_opinion_ballot:
        raise IllegalTransition(
            "Danh sách chưa vượt số dư cho phép nên không phải lấy phiếu xin ý kiến. Trình danh sách để biểu quyết."
        )
    require_supported(slate)


def wrong_by_letter(
    slate: Slate, figures: Mapping[str, int | None], support: Mapping[str, int | None]
) -> dict[str, list[str]]:
    """Everything that does not add up in this count, by letter of the sheet."""
    asked = {str(one.member_id): support.get(str(one.member_id)) for one in slate.others}
    issued, returned, valid, invalid = (figures.get(name) for name in FIGURES)
    ballots = Ballots(issued, returned, valid, invalid)
    found = opinion_count_findings(ballots, asked, slate.attending, slate.names)
    return by_letter([one.to_dict() for one in found if one.level == "error"])


@transaction.atomic
def enter_opinions(
    round_id: int, *, figures: Mapping[str, int | None], support: Mapping[str, int | None], actor: User, at: datetime
) -> OpinionBallot:
    """Nhập kết quả phiếu xin ý kiến: issued, returned, valid, invalid, and marks by member id; None is blank.

    Another person confirms. Entering again before that replaces the entry. Raises InvalidInput with everything
    that does not add up, by letter of the sheet.
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_prepare(actor, congress).require()
    slate = Slate(ballot_round)
    require_opinion_ballot(slate)
    asked = {str(one.member_id): support.get(str(one.member_id)) for one in slate.others}
    if wrong := wrong_by_letter(slate, figures, support):
        raise InvalidInput("Kết quả phiếu xin ý kiến chưa khớp. Đếm lại các điểm dưới đây.", fields=wrong)
    ballot_round.opinion_ballots.filter(confirmed_at__isnull=True).delete()
    entered: OpinionBallot = ballot_round.opinion_ballots.create(
        number=ballot_round.opinion_ballots.count() + 1,
        support=asked,
        entered_by=actor,
        entered_at=at,
        **{name: figures[name] for name in FIGURES},
    )
    audit.record("election.opinions_entered", ballot_round, actor=actor, at=at, number=entered.number)
    return entered


def can_confirm(actor: User, opinion: OpinionBallot) -> None:
    """Raise NotAllowed for who entered the figures (the database refuses it, too)."""
    if opinion.entered_by_id == actor.pk:
        raise NotAllowed("Người nhập kết quả phiếu xin ý kiến không được tự xác nhận. Đồng chí khác xác nhận.")


def confirmers(congress: Congress, *, besides: int | None) -> list[User]:
    """Who of this place may confirm: its secretary and clerk who can sign in, without who entered the figures."""
    held = live(RoleAssignment.objects.filter(role__in=CONFIRMING), on=timezone.localdate())
    here = held.filter(organization=congress.organization, user__is_active=True).exclude(user=besides)
    return list(User.objects.filter(pk__in=here.values("user")).order_by("pk"))


def why_stale(opinion: OpinionBallot, slate: Slate) -> str:
    """Why this count is of no use for the slate as it is now, by name and with the next step; "" while it is."""
    here = {one.member_id: one.shown_name for one in slate.others}
    asked = {int(pk) for pk in opinion.support}
    if asked == set(here):
        return ""
    gone = names_of(asked - set(here))
    said = [f"không còn đồng chí {', '.join(gone)}"] if gone else []
    come = [name for pk, name in here.items() if pk not in asked]
    said += [f"thêm đồng chí {', '.join(come)}"] if come else []
    return (
        f"Danh sách người được xin ý kiến đã thay đổi từ khi nhập: {'; '.join(said)}. "
        "Lấy phiếu xin ý kiến lại về danh sách hiện có, rồi nhập lại."
    )


def names_of(members: Collection[int]) -> list[str]:
    """Also of those who have left the slate."""
    return [one.display_name for one in Member.objects.filter(pk__in=members).order_by("pk")]


@transaction.atomic
def confirm_opinions(opinion_id: int, *, actor: User, at: datetime) -> OpinionBallot:
    """Xác nhận kết quả phiếu xin ý kiến: who joins is settled by the rule, who does not leaves the list.

    Those tied at the cut stay until the congress decides (U-09). Issues the minutes (Mẫu 5).
    """
    opinion = OpinionBallot.objects.get(pk=opinion_id)
    ballot_round, congress = lock_round(opinion.round_id)
    opinion = OpinionBallot.objects.select_for_update().get(pk=opinion_id)
    opinion.round = ballot_round
    policies.can_prepare(actor, congress).require()
    if opinion.confirmed_at is not None:
        raise IllegalTransition("Kết quả phiếu xin ý kiến này đã được xác nhận.")
    can_confirm(actor, opinion)
    slate = Slate(ballot_round)
    require_opinion_ballot(slate)
    if why_not := why_stale(opinion, slate):
        raise IllegalTransition(why_not)
    room = opinion_ballot(
        opinion.support,
        committee_names=len(slate.committee_names),
        seats=ballot_round.seats,
        regime=slate.regime,
    )
    opinion.joining, opinion.tied = list(room.joining), list(room.tied)
    opinion.confirmed_by, opinion.confirmed_at = actor, at
    opinion.save()
    leaving = [one for one in slate.others if str(one.member_id) not in {*room.joining, *room.tied}]
    names = ", ".join(f"{one.member.full_name} ({opinion.support[str(one.member_id)]} phiếu)" for one in leaving)
    _issue_minutes(opinion, congress, actor=actor, at=at)
    ballot_round.candidates.filter(pk__in=[one.pk for one in leaving]).delete()
    audit.record("election.opinions_confirmed", ballot_round, actor=actor, at=at, leaving=names or "không có ai")
    return opinion


def _issue_minutes(opinion: OpinionBallot, congress: Congress, *, actor: User, at: datetime) -> None:
    """Biên bản kiểm phiếu xin ý kiến, in the run of numbers of the congress."""
    papers.issue_minutes(
        lambda notation: minutes.opinion_minutes(opinion, congress, notation=notation, at=at),
        congress=congress,
        about=f"opinion:{opinion.pk}",
        issued_on=congress.held_on or timezone.localdate(at),
        actor=actor,
        at=at,
    )


def require_open_choice(slate: Slate) -> None:
    """Raise IllegalTransition unless the congress has to say who of the others joins the list."""
    require_decided_by_congress(slate.round, slate.congress, "Ai vào danh sách")
    if not slate.to_be_decided:
        raise IllegalTransition(f"Không có ai bằng phiếu hoặc vượt số dư mà {slate.congress.word} phải quyết định.")
    require_supported(slate)


@transaction.atomic
def decide_joining(
    round_id: int,
    *,
    joining: Collection[int],
    in_favour: int,
    against: int = 0,
    abstained: int = 0,
    actor: User,
    at: datetime,
) -> BallotRound:
    """Ghi đại hội quyết định who of those tied in the opinion ballot (U-09), or without room (U-21), joins the list.

    ``joining``: member ids; the others leave the slate once the cards adopt it. No name of the committee is touched.
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_prepare(actor, congress).require()
    slate = Slate(ballot_round)
    require_open_choice(slate)
    open_names = {one.member_id: one for one in slate.to_be_decided}
    chosen = [one for pk, one in open_names.items() if pk in set(joining)]
    leaving = [one for pk, one in open_names.items() if pk not in set(joining)]
    if len(chosen) > slate.joining_at_most:
        text = f"Chỉ còn {slate.joining_at_most} chỗ trong danh sách, đã chọn {len(chosen)} đồng chí."
        raise InvalidInput(text, fields={"joining": [text]})

    def shown(names: list) -> str:  # type: ignore[type-arg]  # candidates
        return ", ".join(one.shown_name for one in names) or "không có ai"

    vote = count_cards(
        congress,
        CardVote.Subject.OTHER,
        f"{ballot_round.election}: vào danh sách: {shown(chosen)}; không vào danh sách: {shown(leaving)}"[:300],
        in_favour=in_favour,
        against=against,
        abstained=abstained,
        actor=actor,
        at=at,
    )
    if vote.adopted:
        ballot_round.candidates.filter(pk__in=[one.pk for one in leaving]).delete()
        ballot_round.candidates.filter(pk__in=[one.pk for one in chosen]).update(joined_vote=vote)
    audit.record(
        "election.joining_decided" if vote.adopted else "election.joining_not_adopted",
        ballot_round,
        actor=actor,
        at=at,
        joining=shown(chosen),
        leaving=shown(leaving),
        vote=vote.pk,
        left=[one.member_id for one in leaving],
        in_favour=in_favour,
        base=vote.base,
    )
    return ballot_round
