"""Slates before the opening, concluded elections before the closing."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Max

from accounts.roles import Role
from congress.callings import called_to, electing_congress
from congress.lifecycle import SITTING
from congress.models import Congress
from congress.readiness import CLOSING, OPENING, REPORTING, Gap
from documents.models import IssuedPaper
from elections import queries
from elections.conflicts import of_plan
from elections.lifecycle import COUNTED, OVER, SEALED, SLATE_FIXED
from elections.models import Count, ElectedOffice, Election
from elections.services.slates import offices_of

PREPARERS = (Role.SECRETARY, Role.CLERK)


def _needs_slate_now(election: Election) -> bool:
    """Leaders chosen among those elected on the day, and alternates (E-58), have no list before; others have."""
    congress, office = election.congress, election.office
    if congress.is_meeting or office == ElectedOffice.ALTERNATE_DELEGATES:
        return False
    return office not in queries.LEADERS or queries.body_of_leaders(congress) is None


def slates(congress: Congress, step: str) -> Iterator[Gap]:
    if step != OPENING:
        return
    elections = list(queries.current_elections(congress).select_related("congress"))
    if {one.office: one.seats for one in elections} != offices_of(congress):
        yield Gap(
            "Chưa lập các cuộc bầu theo số lượng đã ghi.",
            "Lập các cuộc bầu",
            "elections:overview",
            {"congress_id": congress.pk},
        )
        return
    for one in of_plan(congress):
        if one.level == "error":
            told = f"{one.message} {one.next}"
            yield Gap(told, "Lập lại các cuộc bầu", "elections:overview", {"congress_id": congress.pk})
    for election in elections:
        first = election.rounds.order_by("number").first()
        if first is not None and _needs_slate_now(election) and not first.candidates.exists():
            yield Gap(
                f"{election}: chưa có danh sách do cấp ủy chuẩn bị.",
                "Lập danh sách",
                "elections:round",
                {"round_id": first.pk},
            )


def results(congress: Congress, step: str) -> Iterator[Gap]:
    """Concluded elections before the closing, and before reporting, too: a recount may have opened one again."""
    if step not in (CLOSING, REPORTING):
        return
    for election in queries.current_elections(congress):
        if not election.is_concluded:
            last = queries.last_round(election)
            state = last.get_state_display().lower() if last else "chưa lập"
            done = last is not None and last.state in OVER
            yield Gap(
                f"{election} chưa kết thúc ({'chưa bầu đủ số lượng' if done else state}).",
                "Mở cuộc bầu",
                "elections:round" if last else "elections:overview",
                {"round_id": last.pk} if last else {"congress_id": congress.pk},
                owners=(Role.TELLER,) if last and last.state in (SLATE_FIXED, COUNTED) else PREPARERS,
            )


def roll_of_meeting(congress: Congress, step: str) -> Iterator[Gap]:
    """E-15 — Who meets is the committee as its congress elected it, also after a recount there."""
    held = electing_congress(congress) if congress.is_meeting and step == OPENING else None
    if held is None:
        return
    if {one.member.pk for one in called_to(congress)} != set(congress.attendances.values_list("member_id", flat=True)):
        yield Gap(
            "Danh sách triệu tập không đúng với kết quả bầu ban chấp hành.",
            "Lập lại danh sách triệu tập",
            "congress:roll",
            {"congress_id": congress.pk},
        )


def committee_of_meeting(congress: Congress, step: str) -> Iterator[Gap]:
    """A recount of the committee goes on, or left a seat open: the meeting's own results wait for it."""
    held = electing_congress(congress) if congress.is_meeting and step in (OPENING, CLOSING, REPORTING) else None
    for election in queries.current_elections(held).filter(office=ElectedOffice.COMMITTEE) if held else ():
        live = Count.objects.filter(
            round__election=election, round__state=SEALED, state__in=[Count.State.ENTERING, Count.State.AGREED]
        )
        if not election.is_concluded or live.exists():
            yield Gap(
                f"{election} tại {held.name} chưa xong sau kiểm đếm lại.",
                "Mở cuộc bầu",
                "elections:overview",
                {"congress_id": held.pk},
            )


def grounds(congress: Congress, step: str) -> Iterator[Gap]:
    """E-15, E-58 — Nobody goes up as elected whom a recount has taken out of what he was chosen from."""
    if step not in (CLOSING, REPORTING):
        return
    for election in queries.current_elections(congress):
        if people := queries.without_ground(election):
            names = ", ".join(one.name for one in people)
            sits = congress.state == SITTING
            yield Gap(
                f"{election}: sau kiểm đếm lại, đồng chí {names} không còn đủ điều kiện giữ chức danh đã bầu. "
                + (
                    f"{congress.word.capitalize()} biểu quyết bỏ kết quả này và bầu lại."
                    if sits
                    else f"{congress.word.capitalize()} đã bế mạc: báo cáo {congress.authority.committee} quyết định."
                ),
                "Ghi biểu quyết bỏ kết quả, bầu lại" if sits else "Ghi quyết định của cấp trên",
                "elections:vote_anew",
                {"election_id": election.pk},
            )


def recounts(congress: Congress, step: str) -> Iterator[Gap]:
    """Nothing is closed or reported while a sealed result is being counted again."""
    if step not in (CLOSING, REPORTING):
        return
    live = Count.objects.filter(
        round__election__congress=congress,
        round__election__is_annulled=False,
        round__state=SEALED,
        state__in=[Count.State.ENTERING, Count.State.AGREED],
    )
    for one in live.select_related("round__election"):
        yield Gap(
            f"{one.round} đang được kiểm đếm lại.",
            "Mở lần kiểm đếm lại",
            "elections:count",
            {"round_id": one.round_id},
            owners=(Role.TELLER,),
        )


def signed_sheets(congress: Congress, step: str) -> Iterator[Gap]:
    """E-60 — Of the newest edition of every sealed round: the signed minutes, read by another person, must match."""
    if step != REPORTING:
        return
    for sealed in queries.newest_seals(congress):
        if not sealed.matching_sheet:  # type: ignore[attr-defined]  # annotated by the query
            what = sealed.round if sealed.edition == 1 else f"{sealed.round}, bản kiểm đếm lại {sealed.edition}"
            yield Gap(
                f"{what}: chưa có biên bản đã ký khớp với kết quả niêm phong.",
                "Tải lên và đọc lại biên bản đã ký",
                "elections:signed_sheets",
                {"round_id": sealed.round_id},
                owners=(Role.SECRETARY, Role.CLERK, Role.TELLER),
            )


def minutes_after_recount(congress: Congress, step: str) -> Iterator[Gap]:
    """The congress minutes are made anew when a recount was sealed after them."""
    if step != REPORTING:
        return
    last = queries.newest_seals(congress).filter(edition__gt=1).aggregate(last=Max("sealed_at"))["last"]
    made = IssuedPaper.objects.filter(congress=congress, code="F-11").aggregate(last=Max("created_at"))["last"]
    if last is not None and made is not None and made < last:
        yield Gap(
            "Biên bản đại hội lập trước khi kiểm đếm lại nên chưa có kết quả mới.",
            "Lập lại biên bản đại hội",
            "documents:papers",
            {"congress_id": congress.pk},
        )
