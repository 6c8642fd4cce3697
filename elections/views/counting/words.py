"""Where a count stands, in words; of the other person's figures nothing but where the two differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from elections import standings
from elections.models import Count, CountSeat
from elections.rules.papers import REASON_LABELS, Reason
from elections.standings import Standing

PARTS = {"agree": "đồng ý", "disagree": "không đồng ý"}
TODO, WAIT, DONE = "now", "wait", "done"


def place_of(field: str) -> str:
    """A field of ``differing_fields`` as on the sheet: "L2 (đồng ý)"."""
    letter, _, part = field.partition(".")
    if not part:
        return letter
    return f"{letter} ({PARTS[part] if part in PARTS else REASON_LABELS[Reason(part)]})"


def places_of(standing: Standing) -> str:
    """What differs: "ô L2, K" or "phiếu 5, 9"."""
    if standing.slips:
        return "phiếu " + ", ".join(str(slip) for slip in standing.slips)
    return "ô " + ", ".join(place_of(field) for field in standing.fields)


def differs(standing: Standing) -> bool:
    return bool(standing.fields or standing.slips)


@dataclass(frozen=True, slots=True)
class Line:
    """One team, for one person: the sentence, its tone, and whether this person has something to type now."""

    team: int
    text: str
    tone: str
    is_own: bool
    may_type: bool
    has_sent: bool
    people: tuple[str, ...]


def line_of(standing: Standing, user: User, *, may_sit: bool) -> Line:
    seat = next((one for one in standing.seats if one.teller_id == user.pk), None)
    text, tone = _own(standing, seat) if seat else _others(standing)
    return Line(
        standing.team,
        text,
        tone,
        is_own=seat is not None,
        may_type=standing.waits_for(seat) if seat else may_sit and len(standing.seats) < 2,
        has_sent=seat is not None and standing.entries[standing.seats.index(seat)] is not None,
        people=_people(standing),
    )


def _own(standing: Standing, seat: CountSeat) -> tuple[str, str]:
    if standing.is_agreed:
        return "Hai bản khớp nhau.", DONE
    entry = standing.entries[standing.seats.index(seat)]
    if entry is None:
        return "Đồng chí đã nhận chỗ nhập. Nhập số liệu của mình, không xem số của người kia.", TODO
    if standing.waits_for(seat):
        return f"Khác nhau ở {places_of(standing)}: cả hai nhập lại.", TODO
    if entry.revision > 1:
        return "Đồng chí đã nhập lại. Chờ người kia nhập lại.", WAIT
    return "Đồng chí đã gửi. Chờ người nhập thứ hai.", WAIT


def _others(standing: Standing) -> tuple[str, str]:
    if standing.is_agreed:
        return "Hai bản khớp nhau.", DONE
    if standing.both_sent and differs(standing):
        return f"Khác nhau ở {places_of(standing)}: cả hai nhập lại.", WAIT
    missing = 2 - len(standing.seats)
    if missing:
        return f"Còn thiếu {missing} người nhập.", WAIT
    return "Hai đồng chí đang nhập.", WAIT


def _people(standing: Standing) -> tuple[str, ...]:
    """Who sits there and whether they have sent; no figure."""
    level = max((entry.revision for entry in standing.entries if entry), default=0)
    found = []
    for seat, entry in zip(standing.seats, standing.entries, strict=True):
        if entry is None:
            said = "đang nhập"
        elif (standing.both_sent and differs(standing)) or entry.revision < level:
            said = "nhập lại"
        else:
            said = "đã gửi"
        found.append(f"{seat.teller} {said}")
    return tuple(found)


def lines_of(count: Count, user: User, *, may_sit: bool) -> list[Line]:
    teams = standings.standings_of(count)
    sits = any(seat.teller_id == user.pk for one in teams for seat in one.seats)
    return [line_of(one, user, may_sit=may_sit and not sits) for one in teams]


def after_sending(count: Count, seat: CountSeat, *, by_papers: bool) -> tuple[str, bool]:
    """What the flash says to who has just sent, and whether it is good news: alike, differing, or still one-sided."""
    what = "người đọc phiếu" if by_papers else "bản nhập"
    standing = standings.standing_of(count, seat.team)
    if count.state == Count.State.AGREED:
        return f"Hai {what} khớp nhau. Trưởng ban kiểm phiếu xem lại kết quả.", True
    if standing.is_agreed:
        return f"Hai {what} khớp nhau. Các bước còn lại ghi ở trang này.", True
    if standing.both_sent:
        again = "đọc lại" if by_papers else "đếm lại, nhập lại"
        return f"Đã gửi. Hai {what} khác nhau ở {places_of(standing)}; cả hai {again} đúng chỗ ấy.", False
    if standing.waits_for(seat):
        return "Đã gửi. Người kia đã nhập lại; đồng chí nhập lại chỗ khác nhau.", False
    return "", True


def own_seat(count: Count, user: User) -> CountSeat | None:
    return count.seats.filter(teller=user).first()


def draft_key(count: Count, user: User, revision: int) -> str:
    """The draft of one entry of one person on this machine; another count or revision has another."""
    return f"kiem-{count.pk}-{user.pk}-{revision}"


def drafts_done(counts: Sequence[Count], user: User) -> list[str]:
    """Drafts that this machine need not keep any longer: what was sent, and everything of a count that is over."""
    keys = []
    for count in counts:
        sent = max(
            (entry.revision for seat in count.seats.all() if seat.teller_id == user.pk for entry in seat.entries.all()),
            default=0,
        )
        over = count.state in (Count.State.DROPPED, Count.State.SEALED)
        keys += [draft_key(count, user, revision) for revision in range(1, sent + 1 + over)]
    return keys
