"""Makes the data ready and serves: migrations, demo stories, static files, then ``manage.py serve``.

One process asks and does it all, because starting Django is what costs time; each step that has nothing
to do is skipped after a look at the database or at a stamp in the data folder.
"""

from __future__ import annotations

import hashlib
import io
import os
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")

import django  # noqa: E402  (the two lines above must come first)

FOR_PAPER_ALONE = "print"  # fonts and styles of PDFs: no browser asks for them, and compressing them takes seconds


def main() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    Path(settings.VAR).mkdir(parents=True, exist_ok=True)
    was_empty = migrate()
    replay_stories(was_empty)
    collect_static_files()
    call_command("serve", host=os.environ.get("HOST", "127.0.0.1"), port=int(os.environ.get("PORT") or 8000))


def migrate() -> bool:
    """Bring the database to the code's tables; true when it held nothing before."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    was_empty = not executor.loader.applied_migrations
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Cập nhật cơ sở dữ liệu …")
        call_command("migrate", interactive=False, verbosity=0)
    return was_empty


def replay_stories(was_empty: bool, *, practice: bool = True) -> None:
    """The five demo stories, once per database; a replay that broke off is taken up again.

    ``practice``: after them the invented đảng bộ in which visitors try what the five have not.
    """
    from django.core.management import call_command, get_commands

    done = stories_stamp()
    if "replay_seeds" not in get_commands() or (done.exists() and not was_empty):
        return
    say("Dựng năm câu chuyện mẫu (chỉ lần đầu) …")
    call_command("replay_seeds", stdout=io.StringIO())
    if practice:
        from elections.stories import practice as practice_story

        practice_story.tell()
    done.touch()


def stories_stamp() -> Path:
    """There when this database has the stories, or shall never have them."""
    from django.conf import settings

    return Path(settings.VAR) / f"stories-{digest(repr(sorted(database_name().items())))[:16]}"


def database_name() -> dict[str, str]:
    from django.db import connection

    return {key: str(connection.settings_dict.get(key, "")) for key in ("ENGINE", "HOST", "PORT", "NAME")}


def collect_static_files() -> None:
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.VAR) / "static.sha256"
    listing = digest("\n".join(static_listing()))
    if stamp.exists() and stamp.read_text() == listing and Path(settings.STATIC_ROOT).is_dir():
        return
    say("Gom tệp giao diện …")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=[FOR_PAPER_ALONE])
    stamp.write_text(listing)


def static_listing() -> list[str]:
    """Name, size and time of every file of ours; libraries' own files change with the lock file."""
    files = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    facts = [(path, path.stat()) for path in files]
    lock = hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()
    return [lock, *(f"{path} {stat.st_size} {stat.st_mtime_ns}" for path, stat in facts)]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        from django.core.management.base import CommandError

        if not isinstance(error, CommandError):
            raise
        sys.exit(str(error))
