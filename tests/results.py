"""Worlds around a sealed result: a warning to explain, a recount that waits for its seal, two editions with a picture.

Ten official members elect their bí thư alone, so that there is one election and one round.
"""

from __future__ import annotations

import io

from PIL import Image

from documents.uploads import Upload
from elections.services import counting, sealing, signed_sheets
from tests.factories import World, congress_at


def with_warning() -> World:
    """Nine of ten papers came back; the board has not said why."""
    world = congress_at("slate_fixed", members=10)
    world.close_ledger(returned=9)
    counting.start_count(world.round.pk, actor=world.teller, at=world.when(0, 14, 50))
    world.enter(one_name(world, agree=9, returned=9))
    return world


def one_name(world: World, *, agree: int, returned: int = 10) -> dict[str, object]:
    votes = {str(world.slate()[0].pk): {"agree": agree, "disagree": returned - agree}}
    return {"returned": returned, "valid": returned, "invalid": 0, "votes": votes}


def recount_waits() -> World:
    """Sealed, counted again with one vote less, typed alike by both and not sealed yet."""
    world = congress_at("sealed", members=10)
    again = counting.recount(
        world.round.pk, reasons="Có khiếu nại về số phiếu", actor=world.head_teller, at=world.when(0, 15, 30)
    )
    for person in world.typists:
        counting.submit_entry(again.pk, figures=one_name(world, agree=9), actor=person, at=world.when(0, 15, 31))
    return world


def recounted() -> World:
    """Two editions; the signed minutes of the second are sent and nobody has read them."""
    world = recount_waits()
    sealing.seal(world.round.pk, sheet_number=2, actor=world.head_teller, at=world.when(0, 15, 35))
    signed_sheets.upload_signed_sheet(
        world.round.pk,
        upload=Upload(photograph(), "bien-ban.jpg", "image/jpeg"),
        actor=world.teller,
        at=world.when(0, 16),
    )
    return world


def photograph() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (900, 1270), "white").save(kept, "JPEG")
    return kept.getvalue()
