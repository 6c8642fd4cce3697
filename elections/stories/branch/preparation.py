"""From the plan to the clearance, counted back from the day."""

from __future__ import annotations

from functools import cached_property

from congress.services import preparing
from documents.models import Document
from documents.services import drafts
from elections.stories.branch.script import Kind, Script
from elections.stories.drafts import sections
from elections.stories.player import Player


class Preparation(Script):
    """Drafts, their review, the dossier that asks for clearance."""

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        base: tuple[str, ...] = (Kind.POLITICAL_REPORT, Kind.RESOLUTION, Kind.PERSONNEL_PLAN)
        extra = tuple(kind for kind in self.given if kind not in base)
        committee = (Kind.SELF_CRITICISM,) if self.seats and Kind.SELF_CRITICISM not in extra else ()
        return (*base, *committee, *extra)

    def documents(self, player: Player) -> list[Document]:
        return list(self.congress(player).documents.filter(kind__in=self.kinds).order_by("pk"))

    def prepare(self, player: Player) -> None:
        congress = self.congress(player)
        if self.pilot_of is not None:
            level = player.organization(self.pilot_of.code)
            player.act(preparing.choose_pilot, congress.pk, level_id=level.pk, by=self.pilot_of.staff)
        player.act(
            preparing.set_details,
            congress.pk,
            version=congress.version,
            ordinal=self.ordinal,
            planned_for=self.on_the_day(0),
            place=self.place,
            has_branch_committee=bool(self.seats),
            committee_seats=self.seats or None,
            has_deputy=self.has_deputy,
            by=self.secretary,
        )

    def convene(self, player: Player) -> None:
        player.act(preparing.convene, self.congress_id(player), by=self.secretary)

    def draft(self, player: Player) -> None:
        for kind in self.kinds:
            player.act(drafts.create_document, self.congress_id(player), kind=kind, by=self.drafter)
        for document in self.documents(player):
            self._save(player, document, seen=0)

    def _save(self, player: Player, document: Document, *, seen: int, note: str = "") -> None:
        text = sections(
            document.kind,
            given=self.given.get(document.kind),
            name=player.organization(self.code).name,
            size=self.size,
            term=self.term,
            seats=self.seats_in_words(),
        )
        if note:
            text[-1]["text"] += f"\n{note}"
        player.act(drafts.save_version, document.pk, seen=seen, sections=text, note=note, by=self.drafter)

    def seats_in_words(self) -> str:
        words = [f"{self.seats} chi ủy viên trong danh sách {self.seats + 1} đồng chí"] if self.seats else []
        words += ["01 bí thư", *(["01 phó bí thư"] if self.has_deputy else [])]
        return f"Bầu {', '.join(words)}."

    def submit_drafts(self, player: Player) -> None:
        for document in self.documents(player):
            player.act(drafts.submit, document.pk, by=self.secretary)

    def send_back(self, player: Player) -> None:
        report = self.documents(player)[0]
        staff = self.committee.staff
        player.act(
            drafts.comment,
            report.pk,
            section="III. Kết quả công tác xây dựng Đảng",
            text="Đánh giá rõ hơn công tác xây dựng Đảng, không chỉ nhiệm vụ chuyên môn. (bịa)",
            weight="must",
            by=staff,
        )
        reasons = "Bổ sung đánh giá công tác xây dựng Đảng và số liệu đảng viên. (bịa)"
        player.act(drafts.request_changes, report.pk, reasons=reasons, by=staff)

    def revise(self, player: Player) -> None:
        report = self.documents(player)[0]
        self._save(player, report, seen=1, note="Đã bổ sung theo góp ý của đảng ủy. (bịa)")
        player.act(drafts.submit, report.pk, by=self.secretary)

    def ask_clearance(self, player: Player) -> None:
        player.act(preparing.submit_for_clearance, self.congress_id(player), by=self.secretary)

    def approve_drafts(self, player: Player) -> None:
        for document in self.documents(player):
            player.act(drafts.approve, document.pk, by=self.committee.approver)

    def clear(self, player: Player) -> None:
        player.act(preparing.clear, self.congress_id(player), by=self.committee.approver)
