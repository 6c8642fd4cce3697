"""What may be uploaded as a draft: .docx and .pdf, looked at before any parser and before anything is kept."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from accounts.errors import InvalidInput

if TYPE_CHECKING:
    from pikepdf import Pdf

MEBIBYTE = 1024 * 1024
FILE_LIMIT = 20 * MEBIBYTE
UNPACKED_LIMIT = 100 * MEBIBYTE
XML_LIMIT = 30 * MEBIBYTE
ENTRY_LIMIT = 2000
RATIO_LIMIT = 200

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
MAIN_PART = b"wordprocessingml.document.main+xml"
ACTIVE_PDF_KEYS = ("/JS", "/JavaScript", "/OpenAction", "/AA", "/Launch", "/RichMedia", "/EmbeddedFiles", "/XFA")
ACTIVE_PDF_ACTIONS = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData")


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


def accept(name: str, content: bytes) -> Upload:
    """The upload, or InvalidInput with the fault and the next step."""
    shown = unicodedata.normalize("NFC", PurePosixPath(name.replace("\\", "/")).name)
    shown = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", shown)[:200] or "tep"
    suffix = PurePosixPath(shown.lower()).suffix
    if not content:
        raise _refuse(f"Tệp “{shown}” rỗng. Chọn lại tệp có nội dung.")
    if len(content) > FILE_LIMIT:
        raise _refuse(f"Tệp “{shown}” lớn hơn 20 MB. Giảm dung lượng (bỏ ảnh lớn) rồi tải lại.")
    if suffix == ".docx":
        check_docx(shown, content)
        return Upload(content, shown, DOCX)
    if suffix == ".pdf":
        check_pdf(shown, content)
        return Upload(content, shown, PDF)
    raise _refuse(f"Tệp “{shown}” không phải .docx hoặc .pdf. Lưu văn kiện dưới một trong hai dạng này rồi tải lại.")


def check_docx(shown: str, content: bytes) -> None:
    """Judge a .docx from its directory and the declared parts alone, before anything is unpacked to be parsed."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError):
        raise _refuse(
            f"Tệp “{shown}” không mở được như một tệp Word (.docx). Mở bằng Word, lưu lại dạng .docx rồi tải lên."
        ) from None
    with archive:
        _check_directory(shown, archive.infolist())
        try:
            types = archive.read("[Content_Types].xml")
            body = archive.read("word/document.xml")
        except (KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
            raise _refuse(f"Tệp “{shown}” không phải văn bản Word hoàn chỉnh. Lưu lại từ Word rồi tải lên.") from None
        except Exception as fault:  # zlib.error and kin: a damaged stream is the person's fault to mend, not a 500
            raise _refuse(f"Tệp “{shown}” bị hỏng, không đọc được. Lưu lại từ Word rồi tải lên.") from fault
    if MAIN_PART not in types:
        raise _refuse(f"Tệp “{shown}” không phải văn bản Word thường (có thể chứa macro). Lưu lại dạng .docx.")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise _refuse(f"Tệp “{shown}” chứa khai báo không an toàn. Chép nội dung sang tệp Word mới rồi tải lên.")


def _check_directory(shown: str, entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    faults = (
        (len(entries) > ENTRY_LIMIT, "có quá nhiều thành phần"),
        (len(set(names)) != len(names), "có thành phần trùng tên"),
        (unpacked > UNPACKED_LIMIT, "giải nén ra quá lớn"),
        (unpacked > MEBIBYTE and unpacked > RATIO_LIMIT * max(packed, 1), "nén bất thường"),
        (any(e.file_size > XML_LIMIT and e.filename.endswith(".xml") for e in entries), "có phần văn bản quá lớn"),
        (any(e.flag_bits & 1 for e in entries), "được đặt mật khẩu"),
        (any(n.startswith(("/", "\\")) or ".." in n.split("/") for n in names), "có đường dẫn không an toàn"),
        (any(n.lower().endswith("vbaproject.bin") for n in names), "chứa macro"),
    )
    for found, what in faults:
        if found:
            raise _refuse(f"Tệp “{shown}” {what}. Chép nội dung sang tệp Word mới, lưu dạng .docx rồi tải lên.")


def check_pdf(shown: str, content: bytes) -> None:
    """Judge a .pdf: it opens, is not encrypted and carries nothing that acts on its own (T13)."""
    import pikepdf  # local: its C++ core is loaded by the process that takes uploads, at the first PDF

    if not content.startswith(b"%PDF-"):
        raise _refuse(f"Tệp “{shown}” không phải tệp PDF. Chọn lại tệp.")
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise _refuse(f"Tệp “{shown}” được đặt mật khẩu. Bỏ mật khẩu rồi tải lên.")
            active = _active_keys(pdf)
    except pikepdf.PasswordError:
        raise _refuse(f"Tệp “{shown}” được đặt mật khẩu. Bỏ mật khẩu rồi tải lên.") from None
    except pikepdf.PdfError:
        raise _refuse(f"Tệp “{shown}” bị hỏng, không mở được. Xuất lại PDF rồi tải lên.") from None
    if active:
        raise _refuse(f"Tệp “{shown}” chứa nội dung tự chạy hoặc tệp đính kèm. In lại ra PDF thường rồi tải lên.")


def _active_keys(pdf: Pdf) -> bool:
    """Whether anything in it acts; a destination as /OpenAction only scrolls and is allowed.

    Dictionaries stand inside others as often as on their own, so both are looked into.
    """
    from pikepdf import Array, Dictionary, Name, Stream  # local: loaded already by who calls

    waiting = [item for item in pdf.objects if isinstance(item, Dictionary | Array | Stream)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Array):
            inside = list(item)
        else:
            for key in ACTIVE_PDF_KEYS:
                if key in item and not (key == "/OpenAction" and isinstance(item[key], Array)):
                    return True
            kind = item.get("/S")
            if isinstance(kind, Name) and str(kind) in ACTIVE_PDF_ACTIONS:
                return True
            inside = [item[key] for key in item.keys()]
        waiting += [one for one in inside if isinstance(one, Dictionary | Array) and not one.is_indirect]
    return False
