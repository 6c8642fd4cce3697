"""Office files (.docx, .xlsx) judged before any parser sees them: zips of XML parts that may lie (T11).

First by its directory, then part by part as far as the limits reach. Nothing is mended: what is not plain is refused,
with the fault and the next step.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from accounts.errors import InvalidInput

MEBIBYTE = 1024 * 1024
FILE_LIMIT = 20 * MEBIBYTE
UNPACKED_LIMIT = 100 * MEBIBYTE
ENTRY_LIMIT = 2000
RATIO_LIMIT = 200
RATIO_FREE = MEBIBYTE
"""Small files may pack as well as they like."""
NAME_LIMIT = 200
DECLARATION_LIMIT = 50_000
"""Elements in one list of relations or content types."""
TYPES_PART = "[Content_Types].xml"
XML_ENDINGS = (".xml", ".rels")
DRAWING_ENDING = ".vml"
"""Old drawings beside comments, in XML; nothing of ours reads them."""
XML_CODES = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
PROGRAM_MARKS = (b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""What programs and OLE containers begin with, whatever the part is called."""


@dataclass(frozen=True, slots=True)
class Office:
    """One program's files, with the words its users know. ``xml_limit``: the most that one part may unpack to."""

    program: str
    ending: str
    article: str
    main_type: str
    main_part: str
    xml_limit: int

    @property
    def again(self) -> str:
        return f"Mở bằng {self.program}, lưu lại dạng {self.ending} rồi tải lên."

    @property
    def new_file(self) -> str:
        return f"Chép nội dung sang tệp {self.program} mới, lưu dạng {self.ending} rồi tải lên."

    @property
    def save_again(self) -> str:
        return f"Lưu lại từ {self.program} rồi tải lên."


WORD = Office(
    "Word", ".docx", "văn bản Word",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "word/document.xml", 30 * MEBIBYTE,
)  # fmt: skip
EXCEL = Office(
    "Excel", ".xlsx", "bảng tính Excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "xl/workbook.xml", 60 * MEBIBYTE,
)  # fmt: skip


def fault(shown: str, what: str, step: str) -> InvalidInput:
    message = f"Tệp “{shown}” {what}. {step}"
    return InvalidInput(message, fields={"file": [message]})


def shown_name(name: str) -> str:
    """The last piece of the name, NFC, without what cannot be seen; cut in the stem, never in the ending."""
    visible = (one for one in name.replace("\\", "/") if unicodedata.category(one)[0] != "C")
    shown = unicodedata.normalize("NFC", "".join(visible))
    shown = " ".join(PurePosixPath(shown).name.split())
    stem, dot, ending = shown.rpartition(".")
    if not dot or len(ending) > 10:
        return shown[:NAME_LIMIT] or "tep"
    return f"{stem[: NAME_LIMIT - 1 - len(ending)].strip() or 'tep'}.{ending}"


def accept_workbook(name: str, content: bytes) -> str:
    """The shown name of an .xlsx that may be read, or InvalidInput with the fault and the next step."""
    shown = shown_name(name)
    if PurePosixPath(shown.lower()).suffix != EXCEL.ending:
        raise fault(shown, "không phải .xlsx", EXCEL.again)
    if not content:
        raise fault(shown, "rỗng", "Chọn lại tệp có nội dung.")
    if len(content) > FILE_LIMIT:
        raise fault(shown, "lớn hơn 20 MB", "Bỏ ảnh và các trang không cần rồi tải lại.")
    try:
        check_workbook(shown, content)
    except InvalidInput:
        raise
    except Exception as broken:  # zlib.error and kin: a damaged file is the person's fault to mend, not a 500
        raise fault(shown, "bị hỏng, không đọc được", EXCEL.save_again) from broken
    return shown


def check_workbook(shown: str, content: bytes) -> None:
    """Judge an .xlsx that is only read for its cells: links to other files stay, since nobody follows them."""
    seen: set[str] = set()
    for part, inside in Package.opened(shown, content, EXCEL).parts():
        seen.add(part)
        if not is_xml(part):
            if inside.startswith(PROGRAM_MARKS):
                raise fault(shown, "chứa đối tượng nhúng (OLE) hoặc chương trình", EXCEL.new_file)
            if reads_as_xml(inside) and not part.lower().endswith(DRAWING_ENDING):
                raise fault(shown, f"có phần “{part[:60]}” mang tên lạ", EXCEL.new_file)
            continue
        check_code(shown, part, inside, EXCEL)
        if part == TYPES_PART:
            check_types(shown, inside, EXCEL)
    if not seen >= {TYPES_PART, EXCEL.main_part}:
        raise fault(shown, f"không phải {EXCEL.article} hoàn chỉnh", EXCEL.save_again)


def reads_as_xml(beginning: bytes) -> bool:
    """Whether a parser would take it for XML whatever the part is called: the reader goes by relations, not endings."""
    bare = beginning.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    only_blanks = bool(beginning) and not bare
    return only_blanks or beginning.startswith((b"\xff\xfe", b"\xfe\xff")) or bare.startswith((b"<", b"\0<"))


def _unsafe_path(name: str) -> bool:
    pieces = name.removesuffix("/").split("/")
    return (
        "\\" in name
        or ":" in name
        or len(name) > 255
        or any(unicodedata.category(one) in ("Cc", "Cs") for one in name)
        or any(piece in ("", ".", "..") for piece in pieces)
    )


def _check_directory(shown: str, entries: list[zipfile.ZipInfo], office: Office) -> None:
    if len(entries) > ENTRY_LIMIT:
        raise fault(shown, "có quá nhiều thành phần", office.new_file)
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
        (any(e.file_size > office.xml_limit and is_xml(e.orig_filename) for e in entries), "có phần văn bản quá lớn"),
        (
            any(e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for e in entries),
            f"nén bằng cách mà {office.program} không dùng",
        ),
    )
    for found, what in faults:
        if found:
            raise fault(shown, what, office.new_file)


def is_xml(name: str) -> bool:
    return name.lower().endswith(XML_ENDINGS)


class Package:
    """The parts as they truly unpack: every byte is counted here, since headers lie."""

    def __init__(self, shown: str, content: bytes, entries: list[zipfile.ZipInfo], end: int, office: Office) -> None:
        self.shown = shown
        self.content = content
        self.entries = sorted(entries, key=lambda entry: entry.header_offset)
        self.end = end
        self.office = office
        self.unpacked = 0

    @classmethod
    def opened(cls, shown: str, content: bytes, office: Office) -> Package:
        """The package whose directory passed."""
        unreadable = fault(shown, f"không mở được như một tệp {office.program} ({office.ending})", office.again)
        if not content.startswith(b"PK\x03\x04"):
            raise unreadable
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                entries, end, comment = archive.infolist(), archive.start_dir, archive.comment
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise unreadable from None
        if comment or content[-22:-18] != b"PK\x05\x06" or b"%PDF-" in content[:1024]:
            raise fault(shown, "mang thêm dữ liệu của dạng tệp khác", office.new_file)
        _check_directory(shown, entries, office)
        return cls(shown, content, entries, end, office)

    def damaged(self) -> InvalidInput:
        return fault(self.shown, "bị hỏng hoặc khai sai kích thước bên trong", self.office.save_again)

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
            raise fault(self.shown, "được đặt mật khẩu", f"Bỏ mật khẩu trong {self.office.program} rồi tải lên.")
        return start + int(name_size) + int(extra_size)

    def _unpack(self, entry: zipfile.ZipInfo, packed: bytes) -> bytes:
        limit = self.office.xml_limit
        keep = limit if is_xml(entry.orig_filename) else 16
        kept: list[bytes] = []
        size = crc = 0
        for piece in _inflated(packed) if entry.compress_type == zipfile.ZIP_DEFLATED else (packed,):
            if size < keep:
                kept.append(piece[: keep - size])
            size += len(piece)
            self.unpacked += len(piece)
            crc = zlib.crc32(piece, crc)
            if is_xml(entry.orig_filename) and size > limit:
                raise fault(self.shown, "có phần văn bản quá lớn", self.office.new_file)
            if self.unpacked > UNPACKED_LIMIT:
                raise fault(self.shown, "giải nén ra quá lớn", self.office.new_file)
            if self.unpacked > RATIO_FREE and self.unpacked > RATIO_LIMIT * len(self.content):
                raise fault(self.shown, "nén bất thường", self.office.new_file)
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


def check_code(shown: str, name: str, content: bytes, office: Office) -> None:
    """UTF-8 without a DTD: in any other code the words looked for would hide."""
    strange = fault(shown, "dùng bảng mã lạ (không phải UTF-8) bên trong", office.new_file)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise strange
    text = content.removeprefix(b"\xef\xbb\xbf")
    declared = re.match(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"'>]{0,40})", text)
    if declared and declared[1].strip().lower() not in XML_CODES:
        raise strange
    if not text.lstrip().startswith(b"<"):
        raise fault(shown, f"có phần “{name[:60]}” không phải XML", office.again)
    if re.search(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", text, re.IGNORECASE):
        raise fault(shown, "chứa khai báo không an toàn (DTD)", office.new_file)
    try:
        text.decode()
    except UnicodeDecodeError:
        raise strange from None


def elements(shown: str, content: bytes, office: Office) -> Iterator[Any]:
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
                    raise fault(shown, "có quá nhiều thành phần", office.new_file)
                yield element
            else:
                parent = element.getparent()
                element.clear()
                if parent is not None:
                    parent.remove(element)
    except etree.XMLSyntaxError:
        raise fault(shown, "bị hỏng: có phần không phải XML", office.again) from None


def check_types(shown: str, content: bytes, office: Office) -> None:
    """The list of content types names the main part as such, and nothing that acts."""
    main = False
    for element in elements(shown, content, office):
        kind = element.get("ContentType", "").strip().lower()
        if "vbaproject" in kind or "vbadata" in kind or "macroenabled" in kind:
            raise fault(shown, "chứa macro", f"Lưu lại dạng {office.ending} (không macro) rồi tải lên.")
        if "oleobject" in kind or "activex" in kind:
            raise fault(shown, "chứa đối tượng nhúng (OLE)", office.new_file)
        if kind == office.main_type:
            main = main or element.get("PartName", "/" + office.main_part).lower() == "/" + office.main_part
    if not main:
        step = f"Lưu lại dạng {office.ending} rồi tải lên."
        raise fault(shown, f"không phải {office.article} thường (có thể chứa macro)", step)
