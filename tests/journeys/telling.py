"""Telling the five stories and reading what the command prints."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

from django.core.management import call_command


def tell(*arguments: str) -> dict[str, dict[str, Any]]:
    """``replay_seeds`` with these arguments: its lines, by story."""
    out = StringIO()
    call_command("replay_seeds", *arguments, stdout=out)
    return {line["story"]: line for line in map(json.loads, out.getvalue().splitlines())}
