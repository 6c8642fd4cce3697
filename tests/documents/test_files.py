from __future__ import annotations

import errno
import hashlib
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.storage import FileSystemStorage, InMemoryStorage

from documents import files
from documents.files import DamagedFile, StorageFull, read_checked, store_once

CONTENT = "Biên bản kiểm phiếu".encode()
HASH = hashlib.sha256(CONTENT).hexdigest()
NAME = f"papers/{HASH[:2]}/{HASH}.pdf"


@pytest.fixture
def storage(tmp_path: Path) -> FileSystemStorage:
    return FileSystemStorage(tmp_path / "files")


def everything_in(storage: FileSystemStorage) -> list[str]:
    root = Path(storage.location)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_file_is_kept_under_the_hash_of_its_content(storage: FileSystemStorage):
    stored = store_once("papers/F-10.pdf", CONTENT, storage=storage)

    assert (stored.name, stored.sha256, stored.size) == (NAME, HASH, len(CONTENT))
    assert read_checked(stored.name, stored.sha256, storage=storage) == CONTENT


def test_the_same_content_again_is_the_same_file(storage: FileSystemStorage):
    first = store_once("papers/F-10.pdf", CONTENT, storage=storage)
    written = os.stat(storage.path(first.name)).st_mtime_ns

    second = store_once("papers/another name.pdf", CONTENT, storage=storage)

    assert first == second
    assert everything_in(storage) == [NAME]
    assert os.stat(storage.path(first.name)).st_mtime_ns == written


def test_other_bytes_under_the_name_are_reported_and_never_overwritten(storage: FileSystemStorage):
    stored = store_once("papers/F-10.pdf", CONTENT, storage=storage)
    Path(storage.path(stored.name)).write_bytes(b"changed by hand")

    with pytest.raises(DamagedFile):
        store_once("papers/F-10.pdf", CONTENT, storage=storage)
    with pytest.raises(DamagedFile):
        read_checked(stored.name, stored.sha256, storage=storage)

    assert Path(storage.path(stored.name)).read_bytes() == b"changed by hand"


def test_what_a_killed_worker_left_goes_away_with_the_next_success(storage: FileSystemStorage):
    folder = Path(storage.location, "papers", HASH[:2])
    folder.mkdir(parents=True)
    (folder / f".{HASH}.0123.part").write_bytes(CONTENT[:5])

    store_once("papers/F-10.pdf", CONTENT, storage=storage)

    assert everything_in(storage) == [NAME]


def test_twenty_at_once_make_one_file(storage: FileSystemStorage):
    barrier, stored = threading.Barrier(20), []

    def come() -> None:
        barrier.wait()
        stored.append(store_once("papers/F-10.pdf", CONTENT * 50_000, storage=storage))

    threads = [threading.Thread(target=come) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(stored), len(set(stored)), len(everything_in(storage))) == (20, 1, 1)


@pytest.mark.parametrize("name", ["../outside.pdf", "/etc/outside.pdf", "papers/../../outside.pdf"])
def test_no_file_lands_outside_the_storage(storage: FileSystemStorage, name: str):
    with pytest.raises(Exception, match="joined path"):
        store_once(name, CONTENT, storage=storage)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("cần quyền gắn một ổ đĩa nhỏ")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_a_sentence_for_the_user_and_leaves_nothing(small_disk: Path):
    storage = FileSystemStorage(small_disk)
    kept = store_once("papers/F-10.pdf", CONTENT, storage=storage)

    with pytest.raises(StorageFull) as refusal:
        store_once("papers/F-11.pdf", os.urandom(400_000), storage=storage)

    assert str(refusal.value).startswith("Máy chủ hết chỗ lưu tệp")
    assert everything_in(storage) == [NAME]
    assert read_checked(kept.name, kept.sha256, storage=storage) == CONTENT


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_is_full_only_when_flushed_is_the_same(
    storage: FileSystemStorage, monkeypatch: pytest.MonkeyPatch, reason: int
):
    def refuse(descriptor: int) -> None:
        raise OSError(reason, os.strerror(reason))

    monkeypatch.setattr(files, "os", SimpleNamespace(**{**vars(os), "fsync": refuse}))

    with pytest.raises(StorageFull):
        store_once("papers/F-10.pdf", CONTENT, storage=storage)

    assert everything_in(storage) == []


def test_a_storage_without_folders_keeps_one_object_too():
    storage = InMemoryStorage()

    first = store_once("papers/F-10.pdf", CONTENT, storage=storage)
    second = store_once("papers/F-10.pdf", CONTENT, storage=storage)

    assert first == second
    assert read_checked(NAME, HASH, storage=storage) == CONTENT
    assert storage.listdir(f"papers/{HASH[:2]}") == ([], [f"{HASH}.pdf"])
