"""What may be uploaded as a draft: .docx and .pdf, looked at before any parser and before anything is kept.

Nothing is mended or rewritten: what passes is kept byte for byte (a signed PDF stays signed), the rest is refused.
"""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from accounts.archives import (
    FILE_LIMIT,
    MEBIBYTE,
    PROGRAM_MARKS,
    TYPES_PART,
    WORD,
    Package,
    check_code,
    check_types,
    elements,
    is_xml,
    shown_name,
)
from accounts.archives import fault as _fault
from accounts.errors import InvalidInput

if TYPE_CHECKING:
    from pikepdf import Pdf

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"

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
    seen: set[str] = set()
    for name, inside in Package.opened(shown, content, WORD).parts():
        if name in (TYPES_PART, WORD.main_part):
            seen.add(name)
        if not is_xml(name):
            if inside.startswith(PROGRAM_MARKS):
                raise _fault(shown, "chứa đối tượng nhúng (OLE) hoặc chương trình", WORD.new_file)
            continue
        check_code(shown, name, inside, WORD)
        if name == TYPES_PART:
            check_types(shown, inside, WORD)
        elif name.lower().endswith(".rels"):
            _check_relations(shown, name, inside)
        elif name == WORD.main_part:
            _check_main(shown, inside)
    if len(seen) < 2:
        raise _fault(shown, "không phải văn bản Word hoàn chỉnh", WORD.save_again)


def _check_relations(shown: str, name: str, content: bytes) -> None:
    for element in elements(shown, content, WORD):
        kind = element.get("Type", "").strip().lower().rpartition("/")[2]
        external = element.get("TargetMode", "").strip().lower() == "external"
        if kind in ("vbaproject", "wordvbadata"):
            raise _fault(shown, "chứa macro", "Lưu lại dạng .docx (không macro) rồi tải lên.")
        if external and kind != "hyperlink":
            what = "gọi mẫu, khung, ảnh hoặc đối tượng nằm ngoài tệp"
            raise _fault(shown, what, "Chép nội dung (chèn hẳn ảnh) sang tệp Word mới rồi tải lên.")
        if kind in ("oleobject", "package", "control", "activexcontrolbinary", "afchunk"):
            raise _fault(shown, "chứa đối tượng nhúng (OLE)", WORD.new_file)
        target = unquote(element.get("Target", "")).strip().lower().removeprefix("/").removeprefix("./")
        if kind == "officedocument" and name.lower() == "_rels/.rels" and target != WORD.main_part:
            raise _fault(shown, "không phải văn bản Word hoàn chỉnh", "Lưu lại từ Word rồi tải lên.")


class _Nothing:
    """A parser's target that wants to be told of nothing: the form is judged in C and no tree is built."""

    def close(self) -> None:
        return None


def _check_main(shown: str, content: bytes) -> None:
    from lxml import etree  # local: loaded by the process that takes uploads

    root = etree.QName(next(elements(shown, content, WORD)).tag).localname
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
        raise _fault(shown, "bị hỏng: phần văn bản không phải XML đúng dạng", WORD.again) from None


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
    ".docx": (check_docx, DOCX, WORD.save_again),
    ".pdf": (check_pdf, PDF, EXPORT_PDF),
}
