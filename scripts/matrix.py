"""Every cell of the access matrix, asked on PostgreSQL by as many processes as there are processors.

Prints the cells that are answered otherwise than expected, as lines of ``manage.py access_matrix --run --faults``,
and fails when there is one. ``make test`` asks a tenth of them on every push.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import servers  # noqa: E402  (the repository's root is no installed package)


def main(arguments: list[str]) -> int:
    started, parts = time.monotonic(), len(os.sched_getaffinity(0))
    command = [sys.executable, "manage.py", "access_matrix", "--run", "--faults", *arguments]
    with servers.postgresql() as database:
        environment = os.environ | {"DATABASE_URL": database.url, "REDIS_URL": ""}
        running = [
            subprocess.Popen([*command, "--shard", f"{part}/{parts}"], cwd=ROOT, env=environment)
            for part in range(1, parts + 1)
        ]
        codes = [one.wait() for one in running]
    print(f"{time.monotonic() - started:.0f} s; {'đúng hết' if not any(codes) else 'có ô sai: xem ở trên'}", flush=True)
    return max(codes)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
