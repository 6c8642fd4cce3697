"""Crafted files with the exact verdict on each, and bytes turned at random, which never break the judge."""

from __future__ import annotations

import io
import os
import random
import re
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from accounts import archives
from accounts.errors import InvalidInput
from documents import uploads
from documents.uploads import DOCX, PDF, accept

MUTATIONS = int(os.environ.get("UPLOAD_MUTATIONS", "150"))
"""Turned files of each kind; a few thousand in a long run."""

# ---- building ----

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
XMLNS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BODY = f"{HEAD}<w:document {XMLNS}><w:body><w:p><w:r><w:t>Báo cáo</w:t></w:r></w:p></w:body></w:document>"


def types(extra: str = "", main: str = MAIN) -> str:
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>{extra}</Types>'
    )


def relations(kind: str, target: str, mode: str = "", code: str = "UTF-8") -> str:
    mode = f' TargetMode="{mode}"' if mode else ""
    return (
        f'<?xml version="1.0" encoding="{code}"?>'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATION}{kind}" Target="{target}"{mode}/></Relationships>'
    )


WHOLE = {
    "[Content_Types].xml": types(),
    "_rels/.rels": relations("officeDocument", "word/document.xml"),
    "word/document.xml": BODY,
}


def docx(extra: dict[str, Any] | None = None, *, without: str = "", packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    parts = {name: content for name, content in (WHOLE | (extra or {})).items() if name != without}
    with zipfile.ZipFile(out, "w", packed) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def external(kind: str, target: str = "http://evil.example/x", mode: str = "External") -> bytes:
    return docx({"word/_rels/document.xml.rels": relations(kind, target, mode)})


def odd_entry(name: str = "word/x.bin", content: bytes = b"x", twice: bool = False, **changes: Any) -> bytes:
    entry = zipfile.ZipInfo(name)
    for key, value in changes.items():
        setattr(entry, key, value)
    out = io.BytesIO(docx())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(entry, content)
    return out.getvalue()


def flagged(bit: int) -> bytes:
    """A flag set in both directories of the archive."""
    content = bytearray(docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := content.find(mark, start + 1)) >= 0:
            content[start + place] |= bit
    return bytes(content)


def lying(name: str, content: bytes, declared: int) -> bytes:
    """A part that unpacks to more than both directories say."""
    made = bytearray(docx({name: content}))
    for mark, size_at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        start = -1
        while (start := made.find(mark, start + 1)) >= 0:
            if made[start + name_at : start + name_at + len(name)] == name.encode():
                made[start + size_at : start + size_at + 4] = struct.pack("<I", declared)
    return bytes(made)


def overlapping() -> bytes:
    """Two names of the directory, one part: the second lies in the place of the first."""
    made = bytearray(docx({"word/aa.xml": "<a/>", "word/bb.xml": "<a/>"}))
    first = made.rfind(b"PK\x01\x02", 0, made.rfind(b"word/aa.xml"))
    second = made.rfind(b"PK\x01\x02", 0, made.rfind(b"word/bb.xml"))
    made[second + 42 : second + 46] = made[first + 42 : first + 46]
    return bytes(made)


def hidden_word(name: str = "word/document.xml") -> bytes:
    """The part calls itself something else than the directory does."""
    made = docx()
    return made.replace(name.encode(), name.encode()[:-4] + b".bin", 1)


def pdf(change: Callable[[pikepdf.Pdf], Any] | None = None, **save: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        if change:
            change(made)
        made.save(out, **save)
    return out.getvalue()


def note(**keys: Any) -> Callable[[pikepdf.Pdf], None]:
    """A note on the first page, standing in the page itself."""

    def change(made: pikepdf.Pdf) -> None:
        entries = {"Type": Name.Annot, "Subtype": Name.Link, "Rect": Array([0, 0, 9, 9])} | keys
        made.pages[0].Annots = Array([Dictionary(**entries)])

    return change


def acting(kind: str, **keys: Any) -> Callable[[pikepdf.Pdf], None]:
    return note(A=Dictionary(S=Name(kind), **keys))


def root(**keys: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(made: pikepdf.Pdf) -> None:
        for key, value in keys.items():
            made.Root[f"/{key}"] = value(made) if callable(value) else value

    return change


def attach(made: pikepdf.Pdf) -> None:
    made.attachments["x.exe"] = b"MZ"


def file_note(made: pikepdf.Pdf) -> None:
    kept = Dictionary(Type=Name.Filespec, F=String("x.exe"), EF=Dictionary(F=made.make_stream(b"MZ")))
    note(Subtype=Name.FileAttachment, FS=kept)(made)


def deep(made: pikepdf.Pdf) -> None:
    inner = Dictionary(S=Name.JavaScript)
    for _ in range(40):
        inner = Dictionary(X=Array([inner]))
    made.Root.Private = inner


def in_stream_keys(made: pikepdf.Pdf) -> None:
    made.Root.Private = made.make_stream(b"x", Dictionary(AA=Dictionary(O=Dictionary(S=Name.Launch))))


def other_file(made: pikepdf.Pdf) -> None:
    made.Root.Private = made.make_stream(b"", Dictionary(F=String("\\\\evil\\share")))


def alone(made: pikepdf.Pdf) -> None:
    """Nothing points at it, and it is in the file."""
    made.Root.Keep = made.make_indirect(Dictionary(S=Name.JavaScript))


def scroll(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = Array([made.pages[0].obj, Name.Fit])


def scroll_action(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([made.pages[0].obj, Name.Fit]))


def letters(made: pikepdf.Pdf) -> None:
    """A drawn font whose letters bear the names of things that act."""
    drawn = Dictionary(AA=made.make_stream(b"0 0 d0"), EF=made.make_stream(b"0 0 d0"))
    made.Root.Private = Dictionary(Type=Name.Font, Subtype=Name.Type3, CharProcs=drawn)


def signed(made: pikepdf.Pdf) -> None:
    kept = Dictionary(
        Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), ByteRange=Array([0, 9, 9, 9]), Contents=b"\x30" * 99
    )
    field = Dictionary(FT=Name.Sig, T="Ky", V=made.make_indirect(kept), Subtype=Name.Widget, Rect=Array([0, 0, 0, 0]))
    made.Root.AcroForm = Dictionary(SigFlags=3, Fields=Array([made.make_indirect(field)]))


def added(extra: bytes, number: int = 1) -> bytes:
    """One object written anew at the end, as an incremental update does it."""
    made = pdf(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    before = int(re.findall(rb"startxref\s+(\d+)", made)[-1])
    size = int(re.findall(rb"/Size (\d+)", made)[-1])
    place = len(made)
    made += b"%d 0 obj\n%s\nendobj\n" % (number, extra)
    table = len(made)
    made += b"xref\n%d 1\n%010d 00000 n \n" % (number, place)
    return made + b"trailer\n<< /Size %d /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (size, before, table)


def by_stream(filters: bytes, packed: bytes, fourth: bytes = b"null") -> bytes:
    """A PDF whose catalogue stands in an object stream, packed as told."""
    made = b"%PDF-1.5\n"
    places = {}
    for number, item in (
        (5, b"<</Type/ObjStm/N 1/First 4%s/Length %d>>\nstream\n%s\nendstream" % (filters, len(packed), packed)),
        (2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        (3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"),
        (4, fourth),
    ):
        places[number] = len(made)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    rows = [(0, 0, 65535), (2, 5, 0), *((1, places[n], 0) for n in (2, 3, 4, 5)), (1, len(made), 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    head = b"6 0 obj\n<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Length %d>>\nstream\n" % len(table)
    return made + head + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(made)


CATALOGUE = b"1 0 <</Type/Catalog/Pages 2 0 R>>"
FLATE = b"/Filter/FlateDecode"


def raw(catalogue: bytes) -> bytes:
    return by_stream(b"", b"1 0 " + catalogue)


# ---- verdicts ----

GOOD: list[tuple[str, Callable[[], bytes]]] = [
    ("plain.docx", docx),
    ("stored.docx", lambda: docx(packed=zipfile.ZIP_STORED)),
    ("link.docx", lambda: external("hyperlink", "https://dangcongsan.vn")),
    ("picture.docx", lambda: docx({"word/media/image1.png": b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(9000)})),  # noqa: S311  (repeatable, not secret)
    ("folder.docx", lambda: odd_entry("word/media/", b"")),
    ("unix.docx", lambda: odd_entry(external_attr=(stat.S_IFREG | 0o644) << 16)),
    ("mark.docx", lambda: docx({"word/document.xml": b"\xef\xbb\xbf" + BODY.encode()})),
    ("custom.docx", lambda: docx({"customXml/item1.xml": "<a>Đảng ủy phường</a>"})),
    ("vietnamese.docx", lambda: docx({"word/media/ảnh đại hội.png": b"x"})),
    ("escaped.docx", lambda: docx({"word/document.xml": BODY.replace("Báo cáo", "&lt;!DOCTYPE x>")})),
    ("plain.pdf", pdf),
    ("packed.pdf", lambda: pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate)),
    ("linear.pdf", lambda: pdf(linearize=True)),
    ("scroll.pdf", lambda: pdf(scroll)),
    ("goto.pdf", lambda: pdf(scroll_action)),
    ("uri.pdf", lambda: pdf(acting("/URI", URI=String("https://dangcongsan.vn")))),
    ("letters.pdf", lambda: pdf(letters)),
    ("signed.pdf", lambda: pdf(signed)),
    ("form.pdf", lambda: pdf(root(AcroForm=Dictionary(Fields=Array([]))))),
    ("update.pdf", lambda: added(b"<</Type/Catalog/Pages 2 0 R/Lang(vi)>>")),
    ("index.pdf", lambda: by_stream(FLATE, zlib.compress(CATALOGUE))),
    ("spaces.pdf", lambda: pdf() + b"\r\n \0\0"),
    ("name.pdf", lambda: raw(b"<</Type/Catalog/Pages 2 0 R/B#e9o 1/X<</S/C#e1n>>>>")),
]

ACTS = "chứa nội dung tự chạy hoặc tệp đính kèm"
PATH = "có đường dẫn không an toàn bên trong"
CODE = "dùng bảng mã lạ (không phải UTF-8) bên trong"
DTD = "chứa khai báo không an toàn (DTD)"
OUTSIDE = "gọi mẫu, khung, ảnh hoặc đối tượng nằm ngoài tệp"
EMBEDDED = "chứa đối tượng nhúng (OLE)"
PROGRAM = "chứa đối tượng nhúng (OLE) hoặc chương trình"
MIXED = "mang thêm dữ liệu của dạng tệp khác"
LIES = "bị hỏng hoặc khai sai kích thước bên trong"
UNREADABLE = "bị hỏng, không đọc được"
NOT_WORD = "không mở được như một tệp Word (.docx)"
NOT_WHOLE = "không phải văn bản Word hoàn chỉnh"
NOT_PLAIN = "không phải văn bản Word thường (có thể chứa macro)"
NOT_XML = "bị hỏng: phần văn bản không phải XML đúng dạng"
BROKEN = "bị hỏng, không mở được"
COMPLEX = "quá phức tạp để kiểm tra"
OLD_FILTER = "nén theo cách cũ, hệ thống không đọc được an toàn"
LOCKED = "được đặt mật khẩu"
ENTITY = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


def body(content: str | bytes) -> bytes:
    return docx({"word/document.xml": content})


def big(size: int) -> bytes:
    """Packs about eighty times: under the limit of ratio."""
    line = random.Random(5).randbytes(48).hex().encode()  # noqa: S311  (repeatable, not secret)
    return b"<a>" + b"".join(line + b"%06d" % (n * n % 999983) for n in range(size // 102)) + b"</a>"


BAD: list[tuple[str, Callable[[], bytes], str]] = [
    # the package
    ("html.docx", lambda: b"<html><script>alert(1)</script>" + docx(), NOT_WORD),
    ("pdf.docx", pdf, NOT_WORD),
    ("cut.docx", lambda: docx()[:-30], NOT_WORD),
    ("tail.docx", lambda: docx() + b"<html>", MIXED),
    ("both.docx", lambda: docx_with_comment(pdf()), MIXED),
    ("pdf-first.docx", lambda: pdf_in_first_part(), MIXED),
    ("prefix.docx", lambda: b"PK\x03\x04<html>" + docx(), LIES),
    ("overlap.docx", overlapping, LIES),
    ("two-names.docx", hidden_word, LIES),
    ("lie.docx", lambda: lying("word/x.xml", b"<a>" + b" " * 90_000 + b"</a>", 100), LIES),
    ("lie-big.docx", lambda: lying("word/x.xml", big(31_500_000), 1000), "có phần văn bản quá lớn"),
    ("lie-bomb.docx", lambda: lying("word/x.bin", b"\0" * 40_000_000, 1000), "nén bất thường"),
    ("declared.docx", lambda: lying("word/x.bin", b"x", 4_000_000_000), "giải nén ra quá lớn"),
    ("bomb.docx", lambda: docx({"word/x.bin": b"\0" * 5_000_000}), "nén bất thường"),
    ("rels-big.docx", lambda: docx({"word/_rels/a.rels": big(31_500_000)}), "có phần văn bản quá lớn"),
    ("many.docx", lambda: docx({f"word/{n}": b"" for n in range(2001)}), "có quá nhiều thành phần"),
    ("locked.docx", lambda: flagged(1), LOCKED),
    ("strong.docx", lambda: flagged(0x40), LOCKED),
    ("bzip.docx", lambda: docx(packed=zipfile.ZIP_BZIP2), "nén bằng cách mà Word không dùng"),
    (
        "symlink.docx",
        lambda: odd_entry(external_attr=(stat.S_IFLNK | 0o777) << 16),
        "có liên kết tới tệp ngoài (symlink)",
    ),
    ("case.docx", lambda: docx({"WORD/Document.xml": BODY}), "có thành phần trùng tên"),
    ("up.docx", lambda: docx({"../../etc/passwd": b"x"}), PATH),
    ("root.docx", lambda: docx({"/etc/passwd": b"x"}), PATH),
    ("backslash.docx", lambda: docx({"..\\..\\x": b"x"}), PATH),
    ("drive.docx", lambda: docx({"C:x": b"x"}), PATH),
    ("control.docx", lambda: docx({"word/a\x1bb": b"x"}), PATH),
    # what it holds
    ("no-main.docx", lambda: docx(without="word/document.xml"), NOT_WHOLE),
    ("no-types.docx", lambda: docx(without="[Content_Types].xml"), NOT_WHOLE),
    ("elsewhere.docx", lambda: docx({"_rels/.rels": relations("officeDocument", "word/other.xml")}), NOT_WHOLE),
    ("excel.docx", lambda: docx({"[Content_Types].xml": types(main=MAIN.replace("word", "spread"))}), NOT_PLAIN),
    ("comment.docx", lambda: docx({"[Content_Types].xml": f"<Types><!--{MAIN}--></Types>"}), NOT_PLAIN),
    ("macro.docx", lambda: docx({"word/vbaProject.bin": b"x"}), "chứa macro"),
    (
        "macro-type.docx",
        lambda: docx(
            {
                "[Content_Types].xml": types(
                    '<Default Extension="b" ContentType="application/vnd.ms-office.vbaProject"/>'
                )
            }
        ),
        "chứa macro",
    ),
    ("macro-link.docx", lambda: external("vbaProject", "a.bin", "Internal"), "chứa macro"),
    ("ole.docx", lambda: docx({"word/embeddings/oleObject1.bin": b"x"}), EMBEDDED),
    ("sheet.docx", lambda: docx({"word/Embeddings/Sheet1.xlsx": b"x"}), EMBEDDED),
    ("activex.docx", lambda: docx({"word/activeX/activeX1.bin": b"x"}), EMBEDDED),
    ("ole-link.docx", lambda: external("oleObject", "a.bin", ""), EMBEDDED),
    ("chunk.docx", lambda: external("aFChunk", "a.htm", ""), EMBEDDED),
    ("ole-mark.docx", lambda: docx({"word/media/a.png": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99}), PROGRAM),
    ("exe.docx", lambda: docx({"word/media/a.png": b"MZ" + b"x" * 99}), PROGRAM),
    ("template.docx", lambda: external("attachedTemplate"), OUTSIDE),
    ("template-case.docx", lambda: external("attachedTemplate", mode=" external "), OUTSIDE),
    ("frame.docx", lambda: external("frame"), OUTSIDE),
    ("ole-outside.docx", lambda: external("oleObject"), OUTSIDE),
    ("picture-outside.docx", lambda: external("image"), OUTSIDE),
    # XML
    ("dtd.docx", lambda: body(ENTITY), DTD),
    ("dtd-styles.docx", lambda: docx({"word/styles.xml": ENTITY}), DTD),
    ("dtd-rels.docx", lambda: docx({"word/_rels/document.xml.rels": ENTITY}), DTD),
    ("dtd-utf16.docx", lambda: body(f'<?xml version="1.0" encoding="UTF-16"?>{ENTITY}'.encode("utf-16")), CODE),
    ("dtd-utf16le.docx", lambda: body(ENTITY.encode("utf-16-le")), CODE),
    ("dtd-utf32.docx", lambda: docx({"word/styles.xml": ENTITY.encode("utf-32")}), CODE),
    ("dtd-utf7.docx", lambda: body(b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>'), CODE),
    ("ebcdic.docx", lambda: body(BODY.encode("cp037", "replace")), "có phần “word/document.xml” không phải XML"),
    ("latin.docx", lambda: body(b"<a>\xe9</a>"), CODE),
    ("text.docx", lambda: body("not xml at all"), "có phần “word/document.xml” không phải XML"),
    ("unclosed.docx", lambda: body(BODY[:-20]), NOT_XML),
    ("entity.docx", lambda: body(BODY.replace("Báo cáo", "&lol;")), NOT_XML),
    ("deep.docx", lambda: body(f"{BODY[:-30]}{'<a>' * 300}{'</a>' * 300}{BODY[-30:]}"), NOT_XML),
    ("html.xml.docx", lambda: body("<html/>"), NOT_WHOLE),
    ("rels-text.docx", lambda: docx({"word/_rels/a.rels": "<a"}), "bị hỏng: có phần không phải XML"),
    # PDF: what acts
    ("js.pdf", lambda: pdf(acting("/JavaScript", JS=String("app.alert(1)"))), ACTS),
    ("launch.pdf", lambda: pdf(acting("/Launch", F=String("cmd.exe"))), ACTS),
    ("submit.pdf", lambda: pdf(acting("/SubmitForm", F=String("http://evil"))), ACTS),
    ("import.pdf", lambda: pdf(acting("/ImportData")), ACTS),
    ("gotor.pdf", lambda: pdf(acting("/GoToR", F=String("\\\\evil\\x.pdf"))), ACTS),
    ("gotoe.pdf", lambda: pdf(acting("/GoToE")), ACTS),
    ("rendition.pdf", lambda: pdf(acting("/Rendition")), ACTS),
    (
        "next.pdf",
        lambda: pdf(root(OpenAction=Dictionary(S=Name.GoTo, Next=Array([Dictionary(S=Name.JavaScript)])))),
        ACTS,
    ),
    ("open.pdf", lambda: pdf(root(OpenAction=Dictionary(S=Name.Named, N=Name.Print))), ACTS),
    ("names.pdf", lambda: pdf(root(Names=Dictionary(JavaScript=Dictionary(Names=Array([]))))), ACTS),
    ("attached.pdf", lambda: pdf(attach), ACTS),
    ("file-note.pdf", lambda: pdf(file_note), ACTS),
    ("bare-note.pdf", lambda: pdf(note(Subtype=Name.FileAttachment)), ACTS),
    ("rich.pdf", lambda: pdf(note(Subtype=Name.RichMedia)), ACTS),
    ("screen.pdf", lambda: pdf(note(Subtype=Name.Screen)), ACTS),
    ("aa.pdf", lambda: pdf(note(AA=Dictionary(E=Dictionary(S=Name.Named)))), ACTS),
    ("xfa.pdf", lambda: pdf(root(AcroForm=lambda p: Dictionary(XFA=p.make_stream(b"<xdp/>"), Fields=Array([])))), ACTS),
    ("script-uri.pdf", lambda: pdf(acting("/URI", URI=String(" JavaScript:alert(1)"))), ACTS),
    ("deep.pdf", lambda: pdf(deep), ACTS),
    ("stream.pdf", lambda: pdf(in_stream_keys), ACTS),
    ("outside.pdf", lambda: pdf(other_file), ACTS),
    ("alone.pdf", lambda: re.sub(rb"/Keep \d+ 0 R", lambda found: b" " * len(found[0]), pdf(alone)), ACTS),
    ("in-objects.pdf", lambda: pdf(acting("/JavaScript"), object_stream_mode=pikepdf.ObjectStreamMode.generate), ACTS),
    ("hex.pdf", lambda: raw(b"<</Type/Catalog/Pages 2 0 R/Open#41ction<</S/J#61vaScript/#4aS(1)>>>>"), ACTS),
    ("updated.pdf", lambda: added(b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(1)>>>>"), ACTS),
    ("signed-js.pdf", lambda: pdf(lambda p: (signed(p), acting("/JavaScript")(p))), ACTS),
    # PDF: what it is
    ("key.pdf", lambda: pdf(encryption=pikepdf.Encryption(owner="a", user="b")), LOCKED),
    ("owner.pdf", lambda: pdf(encryption=pikepdf.Encryption(owner="a", user="")), LOCKED),
    ("late.pdf", lambda: b"<html>" + pdf(), "không phải tệp PDF"),
    ("zip-after.pdf", lambda: pdf() + docx(), MIXED),
    ("zip-eof.pdf", lambda: pdf() + docx_with_comment(b"%%EOF"), MIXED),
    ("half.pdf", lambda: pdf()[:300], "bị hỏng hoặc bị cắt mất phần cuối"),
    ("table.pdf", lambda: re.sub(rb"startxref\n\d+", b"startxref\n7", pdf()), BROKEN),
    ("pageless.pdf", lambda: added(b"<</Type/Catalog/Pages<</Type/Pages/Kids[]/Count 0>>>>"), BROKEN),
    ("stray.pdf", lambda: added(b"<</Type/Catalog/Pages 2 0 R>> 7"), "bị hỏng một phần"),
    ("bomb.pdf", lambda: by_stream(FLATE, zlib.compress(CATALOGUE + b" " * 60_000_000)), BROKEN),
    ("values.pdf", lambda: added(b"<</Type/Catalog/Pages 2 0 R/X[%s]>>" % (b"0 " * 2_100_000)), COMPLEX),
    (
        "packed-values.pdf",
        lambda: by_stream(FLATE, zlib.compress(CATALOGUE[:-2] + b"/X[%s]>>" % (b"/" * 3_000_000))),
        COMPLEX,
    ),
    ("lzw.pdf", lambda: by_stream(b"/Filter/LZWDecode", b"x"), OLD_FILTER),
    ("lzw-hex.pdf", lambda: by_stream(b"/Filter/#4cZWD#65code", b"x"), OLD_FILTER),
    ("lzw-elsewhere.pdf", lambda: by_stream(b"/Filter 4 0 R", b"x", b"/FlateDecode"), OLD_FILTER),
    (
        "huge-size.pdf",
        lambda: re.sub(rb"/Size \d+", b"/Size 900000000", added(b"<</Type/Catalog/Pages 2 0 R>>")),
        BROKEN,
    ),
    # neither
    ("a.doc", lambda: b"\xd0\xcf\x11\xe0", "không phải .docx hoặc .pdf"),
    ("a.pdf.exe", pdf, "không phải .docx hoặc .pdf"),
    ("a.docm", docx, "không phải .docx hoặc .pdf"),
    ("empty.pdf", lambda: b"", "rỗng"),
    ("large.pdf", lambda: b"%PDF-1.7\n" + b"x" * uploads.FILE_LIMIT, "lớn hơn 20 MB"),
]


def docx_with_comment(comment: bytes) -> bytes:
    out = io.BytesIO(docx())
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = comment
    return out.getvalue()


def pdf_in_first_part() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in ({"word/a.bin": pdf()} | WHOLE).items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(("name", "make"), [pytest.param(*one, id=one[0]) for one in GOOD])
def test_a_good_file_passes_byte_for_byte(name, make):
    content = make()

    upload = accept(name, content)

    assert (upload.content, upload.original_name) == (content, name)
    assert upload.content_type == (DOCX if name.endswith(".docx") else PDF)


@pytest.mark.parametrize(("name", "make", "what"), [pytest.param(*one, id=one[0]) for one in BAD])
def test_a_bad_file_is_refused_with_its_fault_and_the_next_step(name, make, what):
    content = make()
    before = time.thread_time()

    with pytest.raises(InvalidInput) as refusal:
        accept(name, content)

    message = str(refusal.value)
    assert message.startswith(f"Tệp “{name}” {what}. ")
    assert re.search(r"(tải lên|tải lại|nội dung|tệp)\.$", message)
    assert refusal.value.fields == {"file": [message]}
    assert time.thread_time() - before < 8


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Báo cáo chính trị.docx", "Báo cáo chính trị.docx"),
        ("Ba\u0301o ca\u0301o.docx", "Báo cáo.docx"),
        ("../../a.docx", "a.docx"),
        ("..\\..\\a.docx", "a.docx"),
        ("C:\\Users\\a.docx", "a.docx"),
        ("x\u202efdp.docx", "xfdp.docx"),
        ("a\u200e\u200f\u2066\u2069\u061c.docx", "a.docx"),
        ("a\u2028b\u2029c.docx", "a b c.docx"),
        ("a\u200b\ufeff\u00ad.docx", "a.docx"),
        ("\ud800a.docx", "a.docx"),
        ("a\0b\r\n\x85.docx", "ab.docx"),
        ("\ue000\u200f.docx", "tep.docx"),
        (".docx", "tep.docx"),
        ("  a   b .docx ", "a b.docx"),
        ("x" * 300 + ".docx", "x" * 195 + ".docx"),
        ("ế" * 300 + ".DOCX", "ế" * 195 + ".DOCX"),
        ("con.docx", "con.docx"),
    ],
)
def test_a_name_is_kept_as_far_as_it_can_be_seen(name, shown):
    upload = accept(name, docx())

    assert upload.original_name == shown
    upload.original_name.encode()


@pytest.mark.parametrize(
    "name", ["", ".", "..", "/", "\u200f", "a.pdf\u200f.exe", "a.docx.", "a." + "x" * 300, "a．docx"]
)
def test_a_name_without_a_kind_is_refused(name):
    with pytest.raises(InvalidInput, match="không phải .docx hoặc .pdf") as refusal:
        accept(name, docx())

    assert len(str(refusal.value)) < 400


def test_the_fault_of_a_library_is_a_refusal_and_no_crash(monkeypatch):
    def broken(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(archives, "_check_directory", broken)

    with pytest.raises(InvalidInput, match=UNREADABLE):
        accept("a.docx", docx())


def turned(content: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, a piece lost, doubled or moved, a number blown up."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place, size = chance.randrange(len(made)), chance.randint(1, 40)
        match chance.randrange(6):
            case 0:
                made[place] = chance.randrange(256)
            case 1:
                made[place] ^= 1 << chance.randrange(8)
            case 2:
                del made[place : place + size]
            case 3:
                made[place:place] = made[place : place + size]
            case 4:
                made[place : place + 4] = chance.choice(
                    [b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"9999"]
                )
            case 5:
                made[place:place] = chance.choice(
                    [b"PK\x03\x04", b"<<", b"[" * 300, b" 1 0 R", b"<!DOCTYPE", b"endobj"]
                )
        if not made:
            break
    return bytes(made)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.docx", docx),
        (
            "b.docx",
            lambda: docx({"word/_rels/document.xml.rels": relations("hyperlink", "http://a", "External")}, packed=0),
        ),
        ("a.pdf", lambda: pdf(signed, object_stream_mode=pikepdf.ObjectStreamMode.disable)),
        ("b.pdf", lambda: pdf(scroll, object_stream_mode=pikepdf.ObjectStreamMode.generate)),
        ("c.pdf", lambda: by_stream(FLATE, zlib.compress(CATALOGUE))),
    ],
)
def test_bytes_turned_at_random_are_taken_or_refused_and_nothing_else(name, make):
    content = make()
    chance = random.Random(20250101)  # noqa: S311  (repeatable, not secret)
    refused = 0

    for _ in range(MUTATIONS):
        given = turned(content, chance)
        try:
            assert accept(name, given).content == given
        except InvalidInput as refusal:
            refused += 1
            assert str(refusal).startswith(f"Tệp “{name}” ")

    assert refused > MUTATIONS // 4
