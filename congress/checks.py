"""What this app itself asks of a congress before each step."""

from __future__ import annotations

from collections.abc import Iterator

from congress.models import AssemblyKind, Attendance, CardVote, Congress, Office
from congress.readiness import CLEARANCE, CLOSING, OPENING, Gap

WHO = {
    AssemblyKind.MEMBERS: "đảng viên",
    AssemblyKind.DELEGATES: "đại biểu",
    AssemblyKind.MEETING: "cấp ủy viên",
}


def _gap(congress: Congress, sentence: str, action: str, url_name: str, *, comes_last: bool = False) -> Gap:
    said = congress.said(sentence)
    return Gap(said, congress.said(action), url_name, {"congress_id": congress.pk}, comes_last=comes_last)


def preparation(congress: Congress, step: str) -> Iterator[Gap]:
    """Time, place and roll before clearance; the roll call before the opening."""
    if step == CLEARANCE:
        if congress.planned_for is None or not congress.place:
            yield _gap(congress, "Chưa ghi thời gian, địa điểm đại hội.", "Ghi thời gian, địa điểm", "congress:details")
        if not congress.organization.is_branch and not congress.committee_seats:
            sentence = "Chưa ghi số lượng ủy viên ban chấp hành cần bầu."
            yield _gap(congress, sentence, "Ghi số lượng", "congress:details")
        if not congress.attendances.exists():
            who = WHO[AssemblyKind(congress.kind)]
            yield _gap(congress, f"Chưa lập danh sách triệu tập {who}.", "Lập danh sách triệu tập", "congress:roll")
    if step == OPENING:
        if congress.is_meeting and (congress.planned_for is None or not congress.place):
            yield _gap(
                congress, "Chưa ghi thời gian, địa điểm hội nghị.", "Ghi thời gian, địa điểm", "congress:details"
            )
        unknown = congress.attendances.filter(presence=Attendance.Presence.UNKNOWN).count()
        if unknown or not congress.attendances.exists():
            sentence = f"Còn {unknown} đồng chí chưa điểm danh."
            yield _gap(congress, sentence, "Điểm danh", "congress:roll", comes_last=True)


def sitting(congress: Congress, step: str) -> Iterator[Gap]:
    """Chair, clerk and the resolution's vote before the closing."""
    if step != CLOSING:
        return
    offices = set(congress.officers.values_list("office", flat=True))
    if Office.CHAIR not in offices:
        yield _gap(congress, "Chưa ghi kết quả bầu chủ tịch đại hội.", "Bầu đoàn chủ tịch", "congress:sitting")
    if Office.CLERK not in offices:
        yield _gap(congress, "Chưa ghi kết quả bầu thư ký đại hội.", "Bầu thư ký", "congress:sitting")
    if congress.is_meeting:  # its decisions are written into its minutes
        return
    votes = congress.card_votes.filter(sitting=congress.sitting_number)
    if not votes.filter(subject=CardVote.Subject.RESOLUTION, adopted=True).exists():
        sentence = "Chưa ghi biểu quyết thông qua nghị quyết."
        yield _gap(congress, sentence, "Biểu quyết nghị quyết", "congress:sitting", comes_last=True)
