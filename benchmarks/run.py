"""Measures what is measured and prints one JSON line per figure; names on the command line choose.

``make bench`` runs all, ``make bench ARGS="progress decide"`` two of them, ``--quick`` the smallest run of each.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.figures import Figure  # noqa: E402  (the repository's root is no installed package)
from benchmarks.scratch import Scratch, scratch  # noqa: E402  (see above)

NAMES = ("start", "progress", "minutes", "counting", "decide", "importing", "nation")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help=f"of {', '.join(NAMES)}; none means all")
    parser.add_argument("--quick", action="store_true", help="the smallest run: whether it works, not how fast it is")
    wanted = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    met = True
    with scratch(quick=wanted.quick) as place:
        prepare()
        for name in (name for name in NAMES if name in (wanted.names or NAMES)):  # stories come before what is invented
            measure: Callable[[Scratch], Iterator[Figure]] = import_module(f"benchmarks.{name}").measure
            for figure in measure(place):
                print(figure.line(), flush=True)
                met = met and figure.met
    return 0 if met or wanted.quick else 1


def prepare() -> None:
    """An empty installation with its static files; what each measurement needs beyond them it makes itself."""
    import django

    django.setup()
    from scripts.run import collect_static_files, migrate  # the steps of ``make run``

    with redirect_stdout(sys.stderr):  # standard output is for figures alone
        migrate()
        collect_static_files()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
