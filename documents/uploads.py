"""What may be uploaded as a draft: .docx and .pdf, looked at before any parser and before anything is kept.

Nothing is mended or rewritten: what passes is kept byte for byte (a signed PDF stays signed), the rest is refused.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import time
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from accounts.errors import InvalidInput

if TYPE_CHECKING:
    from pikepdf import Pdf

MEBIBYTE = 1024 * 1024
FILE_LIMIT = 20 * MEBIBYTE
UNPACKED_LIMIT = 100 * MEBIBYTE
XML_LIMIT = 30 * MEBIBYTE
ENTRY_LIMIT = 2000
RATIO_LIMIT = 200
RATIO_FREE = MEBIBYTE
"""Small files may pack as well as they like."""
NAME_LIMIT = 200
DECLARATION_LIMIT = 50_000
"""Elements in one list of relations or content types."""

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MAIN_PART = "word/document.xml"
TYPES_PART = "[Content_Types].xml"
XML_ENDINGS = (".xml", ".rels")
XML_CODES = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
PROGRAM_MARKS = (b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""What programs and OLE containers begin with, whatever the part is called."""

PDF_OBJECT_LIMIT = 500_000
PDF_VALUE_LIMIT = 2_000_000
"""Numbers, names and the like: qpdf keeps some 300 bytes for each, and sets no limit of its own."""
PDF_SECONDS = 10.0
"""Processor time of this thread; a busy machine refuses nobody."""
PDF_INDEX_LIMIT = 4 * MEBIBYTE
"""One unpacked object stream or cross-reference stream; pictures and pages are never unpacked here."""

ACTIVE_PDF_KEYS = frozenset(
    {
        "/JS", "/JavaScript", "/AA", "/Launch", "/RichMedia", "/RichMediaContent", "/RichMediaSettings",
        "/EmbeddedFiles", "/EmbeddedFile", "/EF", "/RF", "/XFA", "/OnInstantiate", "/Renditions",
    }
)  # fmt: skip
ACTIVE_PDF_ACTIONS = frozenset(
    {
        "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/ResetForm", "/Hide", "/GoToR", "/GoToE",
        "/Thread", "/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/GoTo3DView",
    }
)  # fmt: skip
ACTIVE_PDF_KINDS = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D", "/EmbeddedFile"})
"""Of an annotation (/Subtype) or of any dictionary (/Type)."""
HARMLESS_PDF_WARNING = re.compile(r"Resources is missing or invalid|MediaBox is undefined")
"""A page that leaves to the reader what every reader knows."""
SCRIPT_ADDRESS = re.compile(rb"[\x00-\x20]*(?:javascript|vbscript|data)[\x00-\x20]*:", re.IGNORECASE)


def _name(word: bytes) -> bytes:
    """A PDF name as a pattern, each letter plain or as #xx."""
    return b"/" + b"".join(b"(?:%c|#%02x|#%02X)" % (one, one, one) for one in word)


_GAP = rb"(?:[\x00\t\n\f\r ]|%[^\r\n]{0,200}[\r\n])*"
UNMEASURED_PDF_FILTER = re.compile(
    _name(b"LZW") + b"(?:" + _name(b"Decode")[1:] + rb")?[\x00\t\n\f\r />\[\]%]"
    # A filter named elsewhere could be that one as well.
    + b"|" + _name(b"Filter") + _GAP + rb"(?:\[[^\]]{0,200}?)?\b[0-9]{1,9}" + _GAP + rb"\b[0-9]{1,5}" + _GAP + rb"R\b"
)  # fmt: skip
"""qpdf measures what Flate unpacks, not what LZW does: an index packed so could fill the memory."""

PDF_MARKS = bytes(
    48 if chr(b) in "0123456789" else 32 if chr(b) in "\0\t\n\f\r ()<>[]{}/%" else 120 for b in range(256)
)
"""Digits, what ends a number, and the rest."""

AGAIN_FROM_WORD = "Mở bằng Word, lưu lại dạng .docx rồi tải lên."
NEW_WORD_FILE = "Chép nội dung sang tệp Word mới, lưu dạng .docx rồi tải lên."
EXPORT_PDF = "Xuất lại PDF rồi tải lên."
PRINT_PDF = "In lại ra PDF thường rồi tải lên."


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that passed: its bytes, the name as the person knows it, its type."""

    content: bytes
    original_name: str
    content_type: str

    @property
    def safe_suffix(self) -> str:
        """A stored name that owes nothing to the original but its kind."""
        return "draft.docx" if self.content_type == DOCX else "draft.pdf"


def _refuse(message: str) -> InvalidInput:
    return InvalidInput(message, fields={"file": [message]})


def _fault(shown: str, what: str, step: str) -> InvalidInput:
    return _refuse(f"Tệp “{shown}” {what}. {step}")


def shown_name(name: str) -> str:
    """The last piece of the name, NFC, without what cannot be seen; cut in the stem, never in the ending."""
    visible = (one for one in name.replace("\\", "/") if unicodedata.category(one)[0] != "C")
    shown = unicodedata.normalize("NFC", "".join(visible))
    shown = " ".join(PurePosixPath(shown).name.split())
    stem, dot, ending = shown.rpartition(".")
    if not dot or len(ending) > 10:
        return shown[:NAME_LIMIT] or "tep"
    return f"{stem[: NAME_LIMIT - 1 - len(ending)].strip() or 'tep'}.{ending}"


def accept(name: str, content: bytes) -> Upload:
    """The upload, or InvalidInput with the fault and the next step."""
    shown = shown_name(name)
    suffix = PurePosixPath(shown.lower()).suffix
    if suffix not in CHECKS:
        step = "Lưu văn kiện dưới một trong hai dạng này rồi tải lại."
        raise _fault(shown, "không phải .docx hoặc .pdf", step)
    if not content:
        raise _fault(shown, "rỗng", "Chọn lại tệp có nội dung.")
    if len(content) > FILE_LIMIT:
        raise _fault(shown, "lớn hơn 20 MB", "Giảm dung lượng (bỏ ảnh lớn) rồi tải lại.")
    check, content_type, step = CHECKS[suffix]
    try:
        check(shown, content)
    except InvalidInput:
        raise
    except Exception as fault:  # zlib.error and kin: a damaged file is the person's fault to mend, not a 500
        raise _fault(shown, "bị hỏng, không đọc được", step) from fault
    return Upload(content, shown, content_type)


# ---- Word ----


def check_docx(shown: str, content: bytes) -> None:
    """Judge a .docx: first by its directory, then part by part as far as the limits reach (T11, T12)."""
    if not content.startswith(b"PK\x03\x04"):
        raise _fault(shown, "không mở được như một tệp Word (.docx)", AGAIN_FROM_WORD)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries, end, comment = archive.infolist(), archive.start_dir, archive.comment
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise _fault(shown, "không mở được như một tệp Word (.docx)", AGAIN_FROM_WORD) from None
    if comment or content[-22:-18] != b"PK\x05\x06" or b"%PDF-" in content[:1024]:
        raise _fault(shown, "mang thêm dữ liệu của dạng tệp khác", NEW_WORD_FILE)
    _check_directory(shown, entries)
    _check_parts(shown, _Package(shown, content, entries, end))


def _unsafe_path(name: str) -> bool:
    pieces = name.removesuffix("/").split("/")
    return (
        "\\" in name
        or ":" in name
        or len(name) > 255
        or any(unicodedata.category(one) in ("Cc", "Cs") for one in name)
        or any(piece in ("", ".", "..") for piece in pieces)
    )


def _check_directory(shown: str, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > ENTRY_LIMIT:
        raise _fault(shown, "có quá nhiều thành phần", NEW_WORD_FILE)
    names = [entry.orig_filename for entry in entries]
    lowered = [unicodedata.normalize("NFC", name).casefold().removesuffix("/") for name in names]
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    kinds = {stat.S_IFMT(entry.external_attr >> 16) for entry in entries}
    faults = (
        (any(entry.flag_bits & 0x41 for entry in entries), "được đặt mật khẩu"),
        (any(_unsafe_path(name) for name in names), "có đường dẫn không an toàn bên trong"),
        (len(set(lowered)) != len(lowered), "có thành phần trùng tên"),
        (not kinds <= {0, stat.S_IFREG, stat.S_IFDIR}, "có liên kết tới tệp ngoài (symlink)"),
        (any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in lowered), "chứa macro"),
        (
            any("/embeddings/" in f"/{name}/" or "/activex/" in f"/{name}/" or "oleobject" in name for name in lowered),
            "chứa đối tượng nhúng (OLE)",
        ),
        (unpacked > UNPACKED_LIMIT, "giải nén ra quá lớn"),
        (unpacked > RATIO_FREE and unpacked > RATIO_LIMIT * max(packed, 1), "nén bất thường"),
        (any(e.file_size > XML_LIMIT and _is_xml(e.orig_filename) for e in entries), "có phần văn bản quá lớn"),
        (
            any(e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for e in entries),
            "nén bằng cách mà Word không dùng",
        ),
    )
    for found, what in faults:
        if found:
            raise _fault(shown, what, NEW_WORD_FILE)


def _is_xml(name: str) -> bool:
    return name.lower().endswith(XML_ENDINGS)


class _Package:
    """The parts as they truly unpack: every byte is counted here, since headers lie."""

    def __init__(self, shown: str, content: bytes, entries: list[zipfile.ZipInfo], end: int) -> None:
        self.shown = shown
        self.content = content
        self.entries = sorted(entries, key=lambda entry: entry.header_offset)
        self.end = end
        self.unpacked = 0

    def damaged(self) -> InvalidInput:
        return _fault(self.shown, "bị hỏng hoặc khai sai kích thước bên trong", "Lưu lại từ Word rồi tải lên.")

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Name and content of each part; of parts that are not XML only the beginning."""
        reached = 0
        for number, entry in enumerate(self.entries):
            if entry.header_offset < reached or (number == 0 and entry.header_offset != 0):
                raise self.damaged()  # parts lie over one another, or something stands before the first
            start = self._data_of(entry)
            reached = start + entry.compress_size
            if reached > self.end:
                raise self.damaged()
            yield entry.orig_filename, self._unpack(entry, self.content[start:reached])

    def _data_of(self, entry: zipfile.ZipInfo) -> int:
        mark, flags, method, name_size, extra_size = struct.unpack_from(
            "<4s2xHH16xHH", self.content, entry.header_offset
        )
        start = int(entry.header_offset) + 30
        name = self.content[start : start + name_size].decode("utf-8" if flags & 0x800 else "cp437")
        if mark != b"PK\x03\x04" or method != entry.compress_type or name != entry.orig_filename:
            raise self.damaged()  # the part says something else than the directory
        if flags & 0x41:
            raise _fault(self.shown, "được đặt mật khẩu", "Bỏ mật khẩu trong Word rồi tải lên.")
        return start + int(name_size) + int(extra_size)

    def _unpack(self, entry: zipfile.ZipInfo, packed: bytes) -> bytes:
        keep = XML_LIMIT if _is_xml(entry.orig_filename) else 16
        kept: list[bytes] = []
        size = crc = 0
        for piece in _inflated(packed) if entry.compress_type == zipfile.ZIP_DEFLATED else (packed,):
            if size < keep:
                kept.append(piece[: keep - size])
            size += len(piece)
            self.unpacked += len(piece)
            crc = zlib.crc32(piece, crc)
            if _is_xml(entry.orig_filename) and size > XML_LIMIT:
                raise _fault(self.shown, "có phần văn bản quá lớn", NEW_WORD_FILE)
            if self.unpacked > UNPACKED_LIMIT:
                raise _fault(self.shown, "giải nén ra quá lớn", NEW_WORD_FILE)
            if self.unpacked > RATIO_FREE and self.unpacked > RATIO_LIMIT * len(self.content):
                raise _fault(self.shown, "nén bất thường", NEW_WORD_FILE)
        if size != entry.file_size or crc != entry.CRC:
            raise self.damaged()
        return b"".join(kept)


def _inflated(packed: bytes) -> Iterator[bytes]:
    stream = zlib.decompressobj(-15)
    rest = packed
    while not stream.eof:
        piece = stream.decompress(rest, MEBIBYTE)
        if not piece and not stream.eof:
            raise zlib.error("the stream ends too early")
        yield piece
        rest = stream.unconsumed_tail
    if stream.unused_data:
        raise zlib.error("the stream ends before its part")


def _check_parts(shown: str, package: _Package) -> None:
    seen: set[str] = set()
    for name, content in package.parts():
        if name in (TYPES_PART, MAIN_PART):
            seen.add(name)
        if not _is_xml(name):
            if content.startswith(PROGRAM_MARKS):
                raise _fault(shown, "chứa đối tượng nhúng (OLE) hoặc chương trình", NEW_WORD_FILE)
            continue
        _check_code(shown, name, content)
        if name == TYPES_PART:
            _check_types(shown, content)
        elif name.lower().endswith(".rels"):
            _check_relations(shown, name, content)
        elif name == MAIN_PART:
            _check_main(shown, content)
    if len(seen) < 2:
        raise _fault(shown, "không phải văn bản Word hoàn chỉnh", "Lưu lại từ Word rồi tải lên.")


def _check_code(shown: str, name: str, content: bytes) -> None:
    """UTF-8 without a DTD: in any other code the words looked for would hide."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise _fault(shown, "dùng bảng mã lạ (không phải UTF-8) bên trong", NEW_WORD_FILE)
    text = content.removeprefix(b"\xef\xbb\xbf")
    declared = re.match(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"'>]{0,40})", text)
    if declared and declared[1].strip().lower() not in XML_CODES:
        raise _fault(shown, "dùng bảng mã lạ (không phải UTF-8) bên trong", NEW_WORD_FILE)
    if not text.lstrip().startswith(b"<"):
        raise _fault(shown, f"có phần “{name[:60]}” không phải XML", AGAIN_FROM_WORD)
    if re.search(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", text, re.IGNORECASE):
        raise _fault(shown, "chứa khai báo không an toàn (DTD)", NEW_WORD_FILE)
    try:
        text.decode()
    except UnicodeDecodeError:
        raise _fault(shown, "dùng bảng mã lạ (không phải UTF-8) bên trong", NEW_WORD_FILE) from None


def _elements(shown: str, content: bytes) -> Iterator[Any]:
    """The elements as they begin, each forgotten when it ends."""
    from lxml import etree  # local: loaded by the process that takes uploads

    events = etree.iterparse(
        io.BytesIO(content), events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        count = 0
        for event, element in events:
            if event == "start":
                count += 1
                if count > DECLARATION_LIMIT:
                    raise _fault(shown, "có quá nhiều thành phần", NEW_WORD_FILE)
                yield element
            else:
                parent = element.getparent()
                element.clear()
                if parent is not None:
                    parent.remove(element)
    except etree.XMLSyntaxError:
        raise _fault(shown, "bị hỏng: có phần không phải XML", AGAIN_FROM_WORD) from None


def _check_types(shown: str, content: bytes) -> None:
    main = False
    for element in _elements(shown, content):
        kind = element.get("ContentType", "").strip().lower()
        if "vbaproject" in kind or "vbadata" in kind or "macroenabled" in kind:
            raise _fault(shown, "chứa macro", "Lưu lại dạng .docx (không macro) rồi tải lên.")
        if "oleobject" in kind or "activex" in kind:
            raise _fault(shown, "chứa đối tượng nhúng (OLE)", NEW_WORD_FILE)
        if kind == MAIN_TYPE:
            main = main or element.get("PartName", "/" + MAIN_PART).lower() == "/" + MAIN_PART
    if not main:
        raise _fault(shown, "không phải văn bản Word thường (có thể chứa macro)", "Lưu lại dạng .docx rồi tải lên.")


def _check_relations(shown: str, name: str, content: bytes) -> None:
    for element in _elements(shown, content):
        kind = element.get("Type", "").strip().lower().rpartition("/")[2]
        external = element.get("TargetMode", "").strip().lower() == "external"
        if kind in ("vbaproject", "wordvbadata"):
            raise _fault(shown, "chứa macro", "Lưu lại dạng .docx (không macro) rồi tải lên.")
        if external and kind != "hyperlink":
            what = "gọi mẫu, khung, ảnh hoặc đối tượng nằm ngoài tệp"
            raise _fault(shown, what, "Chép nội dung (chèn hẳn ảnh) sang tệp Word mới rồi tải lên.")
        if kind in ("oleobject", "package", "control", "activexcontrolbinary", "afchunk"):
            raise _fault(shown, "chứa đối tượng nhúng (OLE)", NEW_WORD_FILE)
        target = unquote(element.get("Target", "")).strip().lower().removeprefix("/").removeprefix("./")
        if kind == "officedocument" and name.lower() == "_rels/.rels" and target != MAIN_PART:
            raise _fault(shown, "không phải văn bản Word hoàn chỉnh", "Lưu lại từ Word rồi tải lên.")


class _Nothing:
    """A parser's target that wants to be told of nothing: the form is judged in C and no tree is built."""

    def close(self) -> None:
        return None


def _check_main(shown: str, content: bytes) -> None:
    from lxml import etree  # local: loaded by the process that takes uploads

    root = etree.QName(next(_elements(shown, content)).tag).localname
    if root != "document":
        raise _fault(shown, "không phải văn bản Word hoàn chỉnh", "Lưu lại từ Word rồi tải lên.")
    parser = etree.XMLParser(
        target=_Nothing(), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        for start in range(0, len(content), MEBIBYTE):
            parser.feed(content[start : start + MEBIBYTE])
        parser.close()
    except etree.XMLSyntaxError:
        raise _fault(shown, "bị hỏng: phần văn bản không phải XML đúng dạng", AGAIN_FROM_WORD) from None


# ---- PDF ----


@cache
def _pikepdf() -> ModuleType:
    """pikepdf with its limits set: once in a process, by the process that takes uploads, at its first PDF."""
    import pikepdf
    import pikepdf.settings

    pikepdf.settings.set_qpdf_limits(
        doc_max_warnings=20,
        parser_max_nesting=200,
        max_stream_filters=2,
        flate_max_memory=PDF_INDEX_LIMIT,
        png_max_memory=PDF_INDEX_LIMIT,
        tiff_max_memory=PDF_INDEX_LIMIT,
        run_length_max_memory=PDF_INDEX_LIMIT,
    )
    return pikepdf


def check_pdf(shown: str, content: bytes) -> None:
    """Judge a .pdf: whole, open to all, nothing else besides, and nothing in it acts on its own (T12, T13)."""
    if not content.startswith(b"%PDF-"):
        raise _fault(shown, "không phải tệp PDF", "Chọn lại tệp.")
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise _fault(shown, "bị hỏng hoặc bị cắt mất phần cuối", EXPORT_PDF)
    if content[end + 5 :].strip(b"\0\t\n\f\r ") or _is_archive(content):
        raise _fault(shown, "mang thêm dữ liệu của dạng tệp khác", EXPORT_PDF)
    if UNMEASURED_PDF_FILTER.search(content):
        raise _fault(shown, "nén theo cách cũ, hệ thống không đọc được an toàn", PRINT_PDF)
    if _written_values(content) > PDF_VALUE_LIMIT:
        raise _fault(shown, "quá phức tạp để kiểm tra", PRINT_PDF)
    pikepdf = _pikepdf()
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False, inherit_page_attributes=False) as pdf:
            if pdf.is_encrypted:
                raise pikepdf.PasswordError
            active = _acts(shown, pdf)
            warned = any(not HARMLESS_PDF_WARNING.search(str(one)) for one in pdf.get_warnings())
    except pikepdf.PasswordError:
        raise _fault(shown, "được đặt mật khẩu", "Bỏ mật khẩu rồi tải lên.") from None
    except InvalidInput:
        raise
    except Exception as fault:  # PdfError and whatever else qpdf meets in a broken file
        raise _fault(shown, "bị hỏng, không mở được", EXPORT_PDF) from fault
    if active:
        raise _fault(shown, "chứa nội dung tự chạy hoặc tệp đính kèm", PRINT_PDF)
    if warned:
        raise _fault(shown, "bị hỏng một phần", EXPORT_PDF)


def _written_values(content: bytes) -> int:
    """At most how many values stand in the file unpacked, counted without parsing."""
    numbers = content.translate(PDF_MARKS).count(b"0 ")
    return numbers + sum(content.count(mark) for mark in (b"/", b"[", b"(", b"<", b"null", b"true", b"false"))


def _is_archive(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return bool(archive.infolist())
    except Exception:  # whatever stops the reader stops a program that takes it for an archive, too
        return False


def _acts(shown: str, pdf: Pdf) -> bool:
    """Whether anything in it acts: every object is looked into, however it is reached, each once."""
    pikepdf = _pikepdf()
    size = int(pdf.trailer.get("/Size", 0))
    too_much = _fault(shown, "quá phức tạp để kiểm tra", PRINT_PDF)
    if size > PDF_OBJECT_LIMIT:
        raise too_much
    until = time.thread_time() + PDF_SECONDS
    waiting: list[Any] = [pdf.trailer]
    seen: set[tuple[int, int]] = set()
    rest = iter(range(1, size))  # what nothing in use points at is looked into as well
    looked = 0
    while True:
        if not waiting:
            number = next(rest, None)
            if number is None:
                return False
            if (number, 0) in seen:
                continue
            waiting.append(pdf.get_object(number, 0))
        item = waiting.pop()
        if not isinstance(item, pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream):
            continue
        if item.is_indirect:
            if item.objgen in seen:
                continue
            seen.add(item.objgen)
        looked += len(item) if isinstance(item, pikepdf.Array) else len(item.keys())
        if looked > PDF_VALUE_LIMIT or time.thread_time() > until:
            raise too_much
        if isinstance(item, pikepdf.Array):
            waiting += [one for one in item if isinstance(one, pikepdf.Object)]
            continue
        inside = dict(item.items())
        if _acting(inside, is_stream=isinstance(item, pikepdf.Stream)):
            return True
        waiting += [one for one in inside.values() if isinstance(one, pikepdf.Object)]


def _acting(inside: dict[str, Any], *, is_stream: bool) -> bool:
    pikepdf = _pikepdf()
    for key in ACTIVE_PDF_KEYS.intersection(inside):
        # Letters of a drawn font stand as streams under any name, "/AA" and "/EF" among them.
        if key not in ("/AA", "/EF") or isinstance(inside[key], pikepdf.Dictionary):
            return True
    if is_stream and "/F" in inside:  # its content is another file
        return True
    opening = inside.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and _word(opening.get("/S")) != "/GoTo":
        return True  # a destination or a plain GoTo only scrolls
    address = inside.get("/URI")
    if isinstance(address, pikepdf.String) and SCRIPT_ADDRESS.match(bytes(address)):
        return True
    return (
        _word(inside.get("/S")) in ACTIVE_PDF_ACTIONS
        or _word(inside.get("/Subtype")) in ACTIVE_PDF_KINDS
        or _word(inside.get("/Type")) in ACTIVE_PDF_KINDS
    )


def _word(value: object) -> str:
    try:
        return str(value) if isinstance(value, _pikepdf().Name) else ""
    except UnicodeDecodeError:  # written in an old code; no word that acts is
        return ""


CHECKS: dict[str, tuple[Callable[[str, bytes], None], str, str]] = {
    ".docx": (check_docx, DOCX, "Lưu lại từ Word rồi tải lên."),
    ".pdf": (check_pdf, PDF, EXPORT_PDF),
}
