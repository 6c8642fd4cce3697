"""Files that are evidence: kept under the hash of their content, written whole or not at all, never changed."""

from __future__ import annotations

import errno
import hashlib
import os
import uuid
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, default_storage

from accounts.errors import DomainError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """``name`` is what the storage knows it by; ``size`` in bytes."""

    name: str
    sha256: str
    size: int


class StorageFull(DomainError):
    """The sentence is for the user; nothing was kept of the file."""

    def __init__(self) -> None:
        super().__init__(
            "Máy chủ hết chỗ lưu tệp; tệp này chưa được lưu. Báo quản trị hệ thống giải phóng chỗ rồi thử lại."
        )


class DamagedFile(Exception):
    """What lies under the name is not what was put there: a fault of the machine or somebody's hand."""


def store_once(name: str, content: bytes, *, storage: Storage = default_storage) -> StoredFile:
    """Keep ``content`` and say where: the folder and the ending come from ``name``, the rest from the hash.

    The same content again gives the same file, also when two workers come at once or the last one was
    killed half-way. Raises StorageFull, or DamagedFile when other bytes lie there already.
    """
    digest = hashlib.sha256(content).hexdigest()
    stored = StoredFile(_name(name, digest), digest, len(content))
    if storage.exists(stored.name):
        read_checked(stored.name, digest, storage=storage)
        return stored
    try:
        if isinstance(storage, FileSystemStorage):
            _write_whole(Path(storage.path(stored.name)), content, mode=storage.file_permissions_mode)
        else:
            _upload_once(storage, stored.name, content)
    except OSError as refusal:
        if refusal.errno in NO_ROOM:
            raise StorageFull from refusal
        raise
    return stored


def read_checked(name: str, sha256: str, *, storage: Storage = default_storage) -> bytes:
    """The content, if it is still the one that was stored; else DamagedFile."""
    with storage.open(name, "rb") as file:
        content: bytes = file.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedFile(f"{name} no longer has the hash {sha256}")
    return content


def _name(name: str, digest: str) -> str:
    wanted = PurePosixPath(name)
    return str(wanted.parent / digest[:2] / f"{digest}{wanted.suffix}")


def _write_whole(path: Path, content: bytes, *, mode: int | None) -> None:
    """Written under a passing name, on the disk before it gets its own.

    What a killed worker left of the same content goes away with the next one that succeeds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = path.parent / f".{path.stem}.{uuid.uuid4().hex}.part"
    try:
        with passing.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            passing.chmod(mode)
        passing.rename(path)
    except FileNotFoundError:
        if not path.exists():  # else another worker was first, and tidied up
            raise
    except BaseException:
        passing.unlink(missing_ok=True)
        raise
    for leftover in path.parent.glob(f".{path.stem}.*.part"):
        leftover.unlink(missing_ok=True)
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """A new name survives a power cut only when its folder was written too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _upload_once(storage: Storage, name: str, content: bytes) -> None:
    """Where the storage cannot rename: it stores whole objects, and gives a double another name."""
    given = storage.save(name, ContentFile(content))
    if given != name:
        storage.delete(given)
