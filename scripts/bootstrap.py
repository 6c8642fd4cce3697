"""Makes the machine ready and starts a command: Debian packages, virtual environment, then the command in it.

Runs on the system's Python with the standard library alone. Each step is skipped when it is already done,
so that a second start costs a few milliseconds.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import glob
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def has_library(soname: str) -> Callable[[], bool]:
    def probe() -> bool:
        try:
            ctypes.CDLL(soname)
        except OSError:
            return False
        return True

    return probe


def has_command(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin:/bin") is not None


def has_file(pattern: str) -> Callable[[], bool]:
    return lambda: bool(glob.glob(pattern))


def has_module(name: str) -> Callable[[], bool]:
    return lambda: importlib.util.find_spec(name) is not None


# Debian package → how to see that what it brings is there. The harfbuzz one only makes PDFs faster (two times).
RUN_PACKAGES: dict[str, Callable[[], bool]] = {
    "python3-venv": has_module("ensurepip"),
    "libpango-1.0-0": has_library("libpango-1.0.so.0"),
    "libpangoft2-1.0-0": has_library("libpangoft2-1.0.so.0"),
    "libharfbuzz-subset0": has_library("libharfbuzz-subset.so.0"),
}
TEST_PACKAGES = RUN_PACKAGES | {
    "git": has_command("git"),
    "postgresql": has_file("/usr/lib/postgresql/*/bin/initdb"),
    "redis-server": has_command("redis-server"),
    "chromium": has_file("/usr/bin/chromium"),
    "poppler-utils": has_command("pdffonts"),
}
PROFILES = {
    "run": ("requirements.txt", RUN_PACKAGES),
    "check": ("requirements-dev.txt", RUN_PACKAGES),
    "test": ("requirements-dev.txt", TEST_PACKAGES),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("profile", choices=PROFILES)
    parser.add_argument("command", nargs=argparse.REMAINDER, help="arguments for the virtual environment's Python")
    arguments = parser.parse_args()
    requirements, packages = PROFILES[arguments.profile]

    with only_one_at_a_time():
        install_packages(packages)
        install_requirements(ROOT / requirements)
    os.chdir(ROOT)
    if arguments.command:
        os.execv(PYTHON, [str(PYTHON), *arguments.command])


@contextmanager
def only_one_at_a_time() -> Iterable[None]:
    """Two make commands started together must not build the same environment."""
    lock = os.open(ROOT / "scripts", os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def install_packages(packages: dict[str, Callable[[], bool]]) -> None:
    missing = [name for name, is_there in packages.items() if not is_there()]
    if not missing:
        return
    installer = ["sh", str(ROOT / "scripts" / "install_packages.sh"), *missing]
    if shutil.which("apt-get") is None:
        stop(f"Máy này không dùng apt. Hãy cài các thành phần tương đương rồi gõ lại lệnh: {' '.join(missing)}")
    if os.geteuid() != 0:
        if not may_sudo():
            stop(
                "Thiếu thành phần hệ thống. Hãy chạy dòng sau rồi gõ lại lệnh make:\n"
                "  sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends "
                f"{' '.join(missing)}'"
            )
        installer = ["sudo", "-n", *installer]
    if subprocess.run(installer, stdin=subprocess.DEVNULL).returncode != 0:
        stop(f"Không cài được: {' '.join(missing)}. Xem thông báo của apt ở trên.")
    still_missing = [name for name in missing if not packages[name]()]
    if still_missing:
        stop(f"Đã cài nhưng vẫn không tìm thấy: {' '.join(still_missing)}.")


def may_sudo() -> bool:
    if shutil.which("sudo") is None:
        return False
    return subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def install_requirements(requirements: Path) -> None:
    """Bring .venv to the lock file; the stamp holds the hash of what was installed last."""
    stamp = VENV / f".{requirements.stem}.sha256"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not pip_works():
        print("Tạo môi trường Python trong .venv …", flush=True)
        checked([sys.executable, "-m", "venv", "--clear", str(VENV)], "Không tạo được .venv.")
    print(f"Cài thư viện Python theo {requirements.name} (lần đầu mất vài phút) …", flush=True)
    checked(
        [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        + ["--require-hashes", "--requirement", str(requirements)],
        "Không cài được thư viện Python. Kiểm tra kết nối mạng rồi gõ lại lệnh.",
    )
    stamp.write_text(wanted)
    if requirements.stem == "requirements-dev":  # its pins contain those of requirements.txt (a test holds that)
        runtime = ROOT / "requirements.txt"
        (VENV / ".requirements.sha256").write_text(hashlib.sha256(runtime.read_bytes()).hexdigest())


def pip_works() -> bool:
    if not PYTHON.exists():
        return False
    return subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True).returncode == 0


def checked(command: list[str], sentence: str) -> None:
    if subprocess.run(command, stdin=subprocess.DEVNULL).returncode != 0:
        stop(sentence)


def stop(sentence: str) -> None:
    sys.exit(sentence)


if __name__ == "__main__":
    main()
