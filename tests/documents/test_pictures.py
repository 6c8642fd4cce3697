"""Photographs of signed papers: only pictures and quiet PDFs pass, and nothing but pixels is kept of a picture."""

from __future__ import annotations

import hashlib
import io
import random
from typing import Any

import pikepdf
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from accounts.errors import InvalidInput
from documents import pictures
from documents.pictures import LONGEST_SIDE, PICTURE_LIMIT, accept_picture
from documents.uploads import PDF

SECRET = b"20.3456 N 105.1234 E"
MAKE, DESCRIPTION, ORIENTATION = 0x010F, 0x010E, 0x0112


def photograph(kind: str = "JPEG", size: tuple[int, int] = (800, 600), mode: str = "RGB", **options: Any) -> bytes:
    kept = io.BytesIO()
    Image.new(mode, size, 200 if mode == "L" else None).save(kept, kind, **options)
    return kept.getvalue()


def told_where() -> bytes:
    exif = Image.Exif()
    exif[MAKE], exif[DESCRIPTION], exif[ORIENTATION] = "Hãng máy ảnh", SECRET.decode(), 6
    return photograph(exif=exif, comment=SECRET)


def pdf(**root: Any) -> bytes:
    kept = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    for key, value in root.items():
        document.Root[f"/{key}"] = value
    document.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        pytest.param("bien-ban.jpg", photograph(), "image/jpeg", id="a photograph"),
        pytest.param("BIEN-BAN.JPEG", photograph(), "image/jpeg", id="the other ending, in capitals"),
        pytest.param("bien-ban.png", photograph("PNG"), "image/png", id="a scan"),
        pytest.param("bien-ban.png", photograph("PNG", mode="RGBA"), "image/png", id="with transparency"),
        pytest.param("bien-ban.png", photograph("PNG", mode="P"), "image/png", id="with a palette"),
        pytest.param("bien-ban.jpg", photograph(mode="L"), "image/jpeg", id="grey"),
        pytest.param("bien-ban.jpg", photograph(mode="CMYK"), "image/jpeg", id="for print"),
    ],
)
def test_a_picture_is_drawn_anew(name, content, content_type):
    kept = accept_picture(name, content)

    with Image.open(io.BytesIO(kept.content)) as image:
        assert (image.mode, image.info.get("exif"), kept.content_type) == ("RGB", None, content_type)


def test_what_the_camera_adds_does_not_come_along_and_the_page_stands_upright():
    content = told_where()
    assert SECRET in content  # the control

    kept = accept_picture("anh.jpg", content).content

    assert SECRET not in kept
    assert b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (600, 800)


def test_what_is_written_beside_or_behind_the_pixels_of_a_png_does_not_come_along():
    said = PngInfo()
    said.add_text("Comment", SECRET.decode())
    content = photograph("PNG", pnginfo=said) + b"PK\x03\x04" + SECRET

    assert SECRET not in accept_picture("anh.png", content).content


def test_a_large_photograph_is_kept_readable_and_small():
    kept = accept_picture("anh.jpg", photograph(size=(4000, 3000))).content

    with Image.open(io.BytesIO(kept)) as image:
        assert max(image.size) == LONGEST_SIDE


def test_the_same_picture_is_kept_as_the_same_bytes():
    digests = {hashlib.sha256(accept_picture("anh.jpg", told_where()).content).hexdigest() for _ in range(2)}

    assert len(digests) == 1


def test_a_quiet_pdf_is_kept_byte_for_byte():
    content = pdf()

    assert (accept_picture("quet.pdf", content).content, accept_picture("quet.pdf", content).content_type) == (
        content,
        PDF,
    )


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("bien-ban.gif", photograph("GIF"), "không phải ảnh .jpg, .png hay tệp .pdf", id="another kind"),
        pytest.param("bien-ban.svg", b"<svg onload='x'/>", "không phải ảnh .jpg, .png hay tệp .pdf", id="with scripts"),
        pytest.param("bien-ban.jpg", b"", "rỗng", id="nothing"),
        pytest.param("bien-ban.jpg", b"\xff\xd8\xff" + b"0" * 500, "bị hỏng", id="only the first bytes of a picture"),
        pytest.param("bien-ban.jpg", photograph("PNG"), "bị hỏng hoặc không đúng là ảnh JPEG", id="a png called jpg"),
        pytest.param("bien-ban.png", b"<html><script>x</script>", "bị hỏng", id="a page called png"),
        pytest.param("bien-ban.jpg", photograph()[:700], "bị hỏng", id="cut off"),
        pytest.param("bien-ban.jpg", photograph(size=(200, 280)), "không đọc được số", id="too small to read"),
        pytest.param("bien-ban.jpg", b"0" * (PICTURE_LIMIT + 1), "lớn hơn 10 MB", id="too large a file"),
        pytest.param("bien-ban.pdf", b"%PDF-1.4 nothing", "bị hỏng", id="no pdf"),
        pytest.param(
            "bien-ban.pdf",
            pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="x")),
            "tự chạy",
            id="a pdf that acts",
        ),
    ],
)
def test_anything_else_is_refused_with_the_next_step(name, content, said):
    with pytest.raises(InvalidInput, match=said) as refused:
        accept_picture(name, content)

    assert list(refused.value.fields) == ["file"]


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(pictures, "PIXEL_LIMIT", 800 * 600 - 1)

    with pytest.raises(InvalidInput, match="quá lớn"):
        accept_picture("anh.png", photograph("PNG"))


def test_bytes_turned_at_random_never_break_the_judge():
    rnd = random.Random(190)  # noqa: S311  (reproducible on purpose)
    for kind, name in (("JPEG", "a.jpg"), ("PNG", "a.png")):
        whole = photograph(kind, size=(320, 320))
        for _ in range(60):
            turned = bytearray(whole)
            for _ in range(rnd.randint(1, 8)):
                turned[rnd.randrange(len(turned))] = rnd.randrange(256)
            try:
                accept_picture(name, bytes(turned))
            except InvalidInput as refused:
                assert "a." in str(refused)
