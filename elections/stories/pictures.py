"""The one picture of the stories: what stands for a photograph of signed minutes, and says that it is invented."""

from __future__ import annotations

import io
from functools import cache

from documents.rendering import PRINT_ASSETS

LINES = (
    "BIÊN BẢN KIỂM PHIẾU (bịa)",
    "",
    "Ảnh này thay cho ảnh chụp biên bản có chữ ký.",
    "Số liệu do người đọc lại gõ lấy từ biên bản của câu chuyện.",
)
SIZE = (1000, 700)


@cache
def signed_paper() -> bytes:
    """A PNG, the same for every round."""
    from PIL import Image, ImageDraw, ImageFont  # local: only a story draws

    sheet = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(sheet)
    for number, line in enumerate(LINES):
        font = ImageFont.truetype(str(PRINT_ASSETS / "fonts" / "Tinos_400Regular.ttf"), 34 if number else 46)
        pen.text((60, 80 + number * 70), line, fill="black", font=font)
    kept = io.BytesIO()
    sheet.save(kept, "PNG")
    return kept.getvalue()
