"""A photograph or scan of a signed paper: really a picture, drawn anew without what a camera adds, or a judged PDF.

A picture is decoded and written again: what hides behind its pixels (place, device, a second file) does not come
along. A PDF is judged as a draft is and kept byte for byte.
"""

from __future__ import annotations

import io
import warnings
from pathlib import PurePosixPath

from accounts.errors import InvalidInput
from documents.uploads import MEBIBYTE, PDF, Upload, check_pdf, shown_name

PICTURE_LIMIT = 10 * MEBIBYTE
PIXEL_LIMIT = 60_000_000
"""Of a telephone's best camera; a file that unpacks to more is no photograph of a sheet of paper."""
LONGEST_SIDE = 3000
"""An A4 page stays readable to its last digit."""
SHORTEST_SIDE = 300
QUALITY = 88
KINDS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}
AGAIN = "Chụp lại hoặc quét lại biên bản, lưu dạng .jpg, .png hoặc .pdf rồi tải lên."


def _refuse(message: str) -> InvalidInput:
    return InvalidInput(message, fields={"file": [message]})


def accept_picture(name: str, content: bytes) -> Upload:
    """The picture as it will be kept, or InvalidInput with the fault and the next step."""
    shown = shown_name(name)
    suffix = PurePosixPath(shown.lower()).suffix
    if suffix != ".pdf" and suffix not in KINDS:
        raise _refuse(f"Tệp “{shown}” không phải ảnh .jpg, .png hay tệp .pdf. {AGAIN}")
    if not content:
        raise _refuse(f"Tệp “{shown}” rỗng. {AGAIN}")
    if len(content) > PICTURE_LIMIT:
        raise _refuse(f"Tệp “{shown}” lớn hơn {PICTURE_LIMIT // MEBIBYTE} MB. Chụp lại ở cỡ ảnh nhỏ hơn rồi tải lên.")
    if suffix == ".pdf":
        check_pdf(shown, content)
        return Upload(content, shown, PDF)
    drawn, kind = _drawn_anew(shown, content, KINDS[suffix])
    return Upload(drawn, shown, TYPES[kind])


def _drawn_anew(shown: str, content: bytes, kind: str) -> tuple[bytes, str]:
    """The pixels alone, upright, at most ``LONGEST_SIDE`` a side."""
    from PIL import Image, ImageOps  # local: loaded by the process that takes uploads

    if not _is_whole(content, kind):
        raise _refuse(f"Tệp “{shown}” bị hỏng hoặc chưa tải lên hết. {AGAIN}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[kind]) as opened:
                _require_photograph(shown, opened.size, getattr(opened, "n_frames", 1))
                opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(opened)
                flat = Image.new("RGB", upright.size, "white")
                seen = upright.convert("RGBA") if upright.mode in ("P", "LA", "RGBA", "PA") else upright.convert("RGB")
                flat.paste(seen, mask=seen.getchannel("A") if seen.mode == "RGBA" else None)
    except InvalidInput:
        raise
    except Exception as fault:  # whatever the decoder meets in a broken or disguised file
        raise _refuse(f"Tệp “{shown}” bị hỏng hoặc không đúng là ảnh {kind}. {AGAIN}") from fault
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    kept = io.BytesIO()
    if kind == "JPEG":
        flat.save(kept, "JPEG", quality=QUALITY)
    else:
        flat.save(kept, "PNG", optimize=False)
    return kept.getvalue(), kind


def _is_whole(content: bytes, kind: str) -> bool:
    """Whether the file has its end: the decoder is told elsewhere in the process to draw what is cut off, too."""
    if kind == "JPEG":
        return not content.startswith(b"\xff\xd8") or b"\xff\xd9" in content[-4096:]
    return not content.startswith(b"\x89PNG") or b"IEND" in content[-4096:]


def _require_photograph(shown: str, size: tuple[int, int], frames: int) -> None:
    width, height = size
    if width * height > PIXEL_LIMIT:
        raise _refuse(f"Ảnh “{shown}” có {width} × {height} điểm, quá lớn. Chụp lại ở cỡ nhỏ hơn rồi tải lên.")
    if min(size) < SHORTEST_SIDE:
        raise _refuse(f"Ảnh “{shown}” chỉ có {width} × {height} điểm nên không đọc được số. {AGAIN}")
    if frames > 1:
        raise _refuse(f"Tệp “{shown}” là ảnh động. {AGAIN}")
