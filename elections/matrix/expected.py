"""What must be answered, worked out from the declared policy and the place in the tree alone.

A second reading of the rules, on purpose: nothing here asks the querysets and policies that it judges.
"""

from __future__ import annotations

from enum import StrEnum

from accounts.access import SAFE_METHODS, Access, Audience
from accounts.roles import EVERY_ROLE
from elections.matrix.places import MISSING, PLACES, Identity, deciding, line
from elections.matrix.samples import SAMPLES


class Answer(StrEnum):
    """Classes of answers; ``MEANING`` says which status codes and which events each allows."""

    SIGN_IN = "sign_in"
    METHOD = "405"
    HIDDEN = "hidden"
    MISSING = "missing"
    REFUSED = "refused"
    REFUSED_OR_CONFLICT = "refused_or_conflict"
    CONFLICT = "conflict"
    SHOWN = "shown"
    SHOWN_OR_CONFLICT = "shown_or_conflict"
    SHOWN_OR_REFUSED = "shown_or_refused"
    ACCEPTED = "accepted"
    ANSWERED = "answered"


ACCEPTABLE = (200, 302, 303, 422)
MEANING: dict[Answer, tuple[tuple[int, ...], str]] = {
    Answer.SIGN_IN: ((302,), "chuyển đến trang đăng nhập, không ghi sự kiện"),
    Answer.METHOD: ((405,), "địa chỉ không nhận phương thức này"),
    Answer.HIDDEN: ((404,), "ngoài phạm vi: giống hệt missing từng byte, ghi đúng một lần từ chối"),
    Answer.MISSING: ((404,), "không có đối tượng, không ghi sự kiện"),
    Answer.REFUSED: ((403,), "thấy được nhưng không có vai trò: ghi đúng một lần từ chối"),
    Answer.REFUSED_OR_CONFLICT: ((403, 409), "việc của người khác, ở bước chưa làm được"),
    Answer.CONFLICT: ((409,), "đối tượng không ở bước cho phép việc này, không ghi sự kiện"),
    Answer.SHOWN: ((200,), "xem được, không ghi sự kiện"),
    Answer.SHOWN_OR_CONFLICT: ((200, 409), "trang của một việc có thể chưa làm được ở bước này"),
    Answer.SHOWN_OR_REFUSED: ((200, 403, 409), "trang của một việc mà người này không được tự làm"),
    Answer.ACCEPTED: (ACCEPTABLE, "làm (ghi đúng một sự kiện) hoặc trả lại biểu mẫu còn thiếu (422)"),
    Answer.ANSWERED: ((*ACCEPTABLE, 204, 409), "qua được cửa; biểu mẫu rỗng được làm hoặc trả lại"),
}

HEAD, BOARD = ("head_teller",), ("head_teller", "teller")
OF_THE_BOARD = {
    **dict.fromkeys(("seal", "drop_count", "void_ledger", "rule_on_paper", "recount"), HEAD),
    **dict.fromkeys(("keep_ledger", "start_count", "take_seat", "enter_count", "write_paper", "submit_papers"), BOARD),
    "explain_warnings": BOARD,
}
"""Actions of the elected tellers' board: which of its offices perform it (E-28); everybody else is refused.

The boards of the world have one teller beside the head, so that both type."""
IN_PLACE: dict[str, tuple[str, ...]] = {
    "void_ledger": ("slate_fixed",),
    "keep_ledger": (),
    "write_paper": (),
    "submit_papers": (),
    "rule_on_paper": (),
    "explain_warnings": (),
    "recount": ("sealed",),
}
"""Actions that leave their object where it is: the states in which the world is ready for them. Its ledgers are
closed, its branches too small to count paper by paper, and nothing in its counts asks for an explanation."""


def expected(access: Access, method: str, identity: Identity, place: str, state: str) -> Answer:
    """``place``: where the object is, "missing", or "none" for an address about no object."""
    if access.audience is not Audience.PUBLIC and not identity.signs_in:
        return Answer.SIGN_IN
    if not access.allows_method(method):
        return Answer.METHOD
    if access.scope is None:
        return Answer.ANSWERED
    if place == MISSING:
        return Answer.MISSING
    if not sees(access, identity, place, state):
        return Answer.HIDDEN
    if not holds(access, identity, place):
        return Answer.REFUSED
    return _answer_of_the_view(access, method, identity, place, state)


def sees(access: Access, identity: Identity, place: str, state: str) -> bool:
    """Rights roll down; what is handed down is read by those below."""
    assert access.scope is not None  # noqa: S101  (asked about scoped addresses alone)
    if identity.role is None:
        return False
    handed_down = state in SAMPLES[access.scope.name].handed_down
    return identity.home in line(place) or (handed_down and place in line(identity.home))


def holds(access: Access, identity: Identity, place: str) -> bool:
    """One of the roles, at the place that the policy names or, unless it is the deciding committee, above it."""
    if access.roles == EVERY_ROLE:
        return True
    assert access.scope is not None  # noqa: S101  (asked about scoped addresses alone)
    if identity.role not in access.roles:
        return False
    match access.at:
        case "authority":
            return identity.home == (place if SAMPLES[access.scope.name].decided_here else deciding(place))
        case "own":
            return identity.home == place
        case "parent":
            return identity.home in line(PLACES[place].parent or place)
        case "organization":
            return identity.home in line(place)
    raise ValueError(f"the matrix does not know the place {access.at}")


def _answer_of_the_view(access: Access, method: str, identity: Identity, place: str, state: str) -> Answer:
    """Past the door: the life cycle decides, and for the work of tellers which of them asks.

    Only a branch's objects are ready for their next step; elsewhere a step may still lack something.
    """
    lifecycle = access.scope.lifecycle if access.scope else None
    action = access.action or ""
    ready = PLACES[place].is_branch
    if action in IN_PLACE:
        legal = state in IN_PLACE[action]
    else:
        legal = lifecycle is None or not action or lifecycle.allows(action, state=state)
    elected = identity.elected if place == identity.home else ""
    if action in OF_THE_BOARD and elected not in OF_THE_BOARD[action]:
        if method in SAFE_METHODS:
            return Answer.SHOWN_OR_REFUSED
        return Answer.REFUSED if legal and ready else Answer.REFUSED_OR_CONFLICT
    if method in SAFE_METHODS:
        plain = "POST" not in access.methods and (ready or lifecycle is None)
        return Answer.SHOWN if plain or (action and legal and ready) else Answer.SHOWN_OR_CONFLICT
    if not action or (legal and not ready):
        return Answer.ANSWERED
    return Answer.ACCEPTED if legal else Answer.CONFLICT
