"""After the day: minutes, signed sheets, report, chuẩn y, the dossier."""

from __future__ import annotations

from congress.services import sitting
from documents.services import minutes, papers
from documents.uploads import Upload
from elections import queries
from elections.rules.signed_paper import key_figures
from elections.services import ratifying, signed_sheets
from elections.stories.branch.script import Script
from elections.stories.pictures import signed_paper
from elections.stories.player import Player
from outbox import runner


class Afterwards(Script):
    """What turns a closed congress into a complete dossier."""

    def issue_minutes(self, player: Player) -> None:
        player.act(minutes.issue_congress_minutes, self.congress_id(player), by=self.secretary)

    def send_signed_minutes(self, player: Player) -> None:
        upload = Upload(signed_paper(), "bien-ban-kiem-phieu-bia.png", "image/png")
        for seal in queries.newest_seals(self.congress(player)):
            player.act(signed_sheets.upload_signed_sheet, seal.round_id, upload=upload, by=self.entering)

    def read_signed_minutes(self, player: Player) -> None:
        """Another person reads the figures off the picture, as the text of the story has them."""
        for seal in queries.newest_seals(self.congress(player)):
            player.act(
                signed_sheets.read_signed_sheet,
                seal.round_id,
                edition=seal.edition,
                number=1,
                read=key_figures(seal.sheet.result),
                by=self.head,
            )

    def report(self, player: Player) -> None:
        player.act(ratifying.report_results, self.congress_id(player), by=self.secretary)

    def ratify(self, player: Player) -> None:
        player.act(
            ratifying.ratify,
            self.congress_id(player),
            issued_on=player.now.date(),
            signer_name=f"{self.committee.approver_name} (bịa)",
            signer_post=self.committee.post,
            by=self.committee.approver,
        )

    def complete(self, player: Player) -> None:
        """The one place where papers are made while the story is told: a dossier is complete with its files."""
        for paper in self.congress(player).papers.filter(sha256=""):
            job = papers.job_of(paper)
            if job is not None:
                runner.run(job.pk)
        player.act(sitting.complete_dossier, self.congress_id(player), by=self.secretary)
