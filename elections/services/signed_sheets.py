"""Biên bản kiểm phiếu đã ký: its picture is kept, and another person reads six figures off it (E-60)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput, NotAllowed
from accounts.models import User
from congress.lifecycle import CLOSED, SITTING
from congress.models import Congress
from documents.files import store_once
from documents.uploads import PDF, Upload
from elections import policies
from elections.lifecycle import SEALED
from elections.models import BallotRound, SealedResult, SignedSheet
from elections.rules.signed_paper import KEY_FIGURES, differing_figures
from elections.services.rounds import lock_round

ENDINGS = {PDF: "pdf", "image/png": "png", "image/jpeg": "jpg"}


def newest_seal(ballot_round: BallotRound) -> SealedResult | None:
    return ballot_round.seals.select_related("sheet").order_by("-edition").first()


def require_wanted(ballot_round: BallotRound, congress: Congress) -> SealedResult:
    """The seal whose signed paper is still to come; raise IllegalTransition when it is not the time for it."""
    sealed = newest_seal(ballot_round)
    if sealed is None or ballot_round.state != SEALED:
        raise IllegalTransition("Biên bản đã ký tải lên sau khi niêm phong kết quả và in biên bản kiểm phiếu.")
    if congress.state not in (SITTING, CLOSED):
        raise IllegalTransition("Kết quả đã báo cáo cấp trên nên không thêm bản chụp biên bản.")
    return sealed


@transaction.atomic
def upload_signed_sheet(round_id: int, *, upload: Upload, actor: User, at: datetime) -> SignedSheet:
    """Tải lên biên bản đã ký of the newest edition; ``upload`` has passed ``documents.pictures.accept_picture``.

    Raises NotAllowed, IllegalTransition or StorageFull.
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_handle_signed_sheet(actor, congress).require()
    sealed = require_wanted(ballot_round, congress)
    stored = store_once(f"signed/sheet.{ENDINGS[upload.content_type]}", upload.content)
    return _keep(sealed, stored.name, stored.sha256, uploader=actor, actor=actor, at=at)


def _keep(sealed: SealedResult, file: str, sha256: str, *, uploader: User, actor: User, at: datetime) -> SignedSheet:
    sheet: SignedSheet = sealed.signed_sheets.create(
        number=sealed.signed_sheets.count() + 1,
        file=file,
        sha256=sha256,
        uploaded_by=uploader,
        uploaded_at=at,
    )
    audit.record("election.signed_sheet_uploaded", sealed.round, actor=actor, at=at, number=sheet.number, sha256=sha256)
    return sheet


def require_readable(sheet: SignedSheet, actor: User) -> None:
    """Raise NotAllowed for who uploaded it, IllegalTransition once somebody has read it."""
    if sheet.uploaded_by_id == actor.pk:
        raise NotAllowed("Người tải ảnh lên không tự đọc lại số liệu. Đồng chí khác đọc ảnh và gõ sáu số.")
    if sheet.checked_at is not None:
        raise IllegalTransition("Bản chụp này đã có người đọc lại. Muốn đọc lại lần nữa thì mở lượt đọc mới.")


def lock_sheet(round_id: int, edition: int, number: int) -> tuple[SignedSheet, BallotRound, Congress]:
    ballot_round, congress = lock_round(round_id)
    sheet = (
        SignedSheet.objects.select_for_update(of=("self",))
        .select_related("seal__sheet")
        .get(seal__round=ballot_round, seal__edition=edition, number=number)
    )
    return sheet, ballot_round, congress


@transaction.atomic
def read_signed_sheet(
    round_id: int, *, edition: int, number: int, read: Mapping[str, int | None], actor: User, at: datetime
) -> SignedSheet:
    """Đọc lại số liệu trên ảnh: six figures, by somebody else than who uploaded it; final.

    ``matches`` says whether they are the sealed ones; what was sealed is never said back. Raises NotAllowed,
    IllegalTransition, or InvalidInput for each figure left blank.
    """
    sheet, ballot_round, congress = lock_sheet(round_id, edition, number)
    policies.can_handle_signed_sheet(actor, congress).require()
    sealed = require_wanted(ballot_round, congress)
    if sealed.pk != sheet.seal_id:
        raise IllegalTransition("Kết quả này đã có bản niêm phong mới. Tải lên biên bản đã ký của bản mới.")
    require_readable(sheet, actor)
    blank = {name: [f"Ghi {label} đọc trên ảnh."] for name, label in KEY_FIGURES.items() if read.get(name) is None}
    if blank:
        raise InvalidInput("Còn số chưa đọc.", fields=blank)
    figures = {name: int(read[name] or 0) for name in KEY_FIGURES}
    wrong = differing_figures(figures, sealed.sheet.result)
    sheet.retyped, sheet.matches, sheet.checked_by, sheet.checked_at = figures, not wrong, actor, at
    sheet.save(update_fields=["retyped", "matches", "checked_by", "checked_at"])
    action = "election.signed_sheet_differs" if wrong else "election.signed_sheet_matches"
    audit.record(action, ballot_round, actor=actor, at=at, number=sheet.number, differing=len(wrong))
    return sheet


@transaction.atomic
def read_again(round_id: int, *, edition: int, number: int, actor: User, at: datetime) -> SignedSheet:
    """Mở lượt đọc mới on the same picture, when the figures read before differed: the reading may have been wrong."""
    sheet, ballot_round, congress = lock_sheet(round_id, edition, number)
    policies.can_handle_signed_sheet(actor, congress).require()
    sealed = require_wanted(ballot_round, congress)
    newest = sealed.signed_sheets.order_by("-number").first()
    if newest is None or newest.pk != sheet.pk or sheet.matches is not False:
        raise IllegalTransition("Chỉ đọc lại bản chụp mới nhất khi lượt đọc trước có số khác kết quả niêm phong.")
    return _keep(sealed, sheet.file, sheet.sha256, uploader=sheet.uploaded_by, actor=actor, at=at)


def differing(sheet: SignedSheet) -> list[str]:
    """As the minutes say them: the figures read otherwise than sealed."""
    if not sheet.retyped:
        return []
    return [KEY_FIGURES[name] for name in differing_figures(sheet.retyped, sheet.seal.sheet.result)]
