"""The signed minutes of one vote: one person sends the picture, another reads six figures off it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from tests.journeys.desks import Desk

LABELS = (
    "Số phiếu phát ra",
    "Số phiếu thu về",
    "Số phiếu hợp lệ",
    "Số phiếu không hợp lệ",
    "Số phiếu của đồng chí được nhiều phiếu nhất",
    "Số đồng chí trúng cử",
)
DUTY = "biên bản đã ký"
"""The first words of both who may send it: what the report lacks, or the secretary's own duty."""

DUTY_TO_READ = "Đọc lại sáu số trên ảnh biên bản"


def sign_minutes(sender: Desk, reader: Desk, figures: Sequence[int], folder: Path) -> None:
    """Both are led there by their duty; ``figures`` in the order of the page."""
    picture = folder / "bien-ban-da-ky.png"
    Image.new("RGB", (900, 1200), "white").save(picture)
    sender.take_duty(DUTY)
    sender.press("Tải lên biên bản đã ký")
    sender.write({"Ảnh chụp hoặc bản quét biên bản đã ký": str(picture)})
    sender.press("Tải lên biên bản đã ký")
    sender.is_told("Đã lưu biên bản đã ký")
    reader.take_duty(DUTY_TO_READ)
    reader.press("Đọc lại sáu số trên ảnh")
    reader.write({label: str(figure) for label, figure in zip(LABELS, figures, strict=True)})
    reader.press("Gửi sáu số đã đọc")
    reader.is_told("khớp với kết quả niêm phong. Đã ghi nhận.")
