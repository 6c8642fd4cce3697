"""Names to sign in with, made from the name of a person and the code of a branch."""

from __future__ import annotations

import re
from collections.abc import Container

from organizations.rules.names import fold

LONGEST = 64


def proposed(full_name: str, code: str, taken: Container[str]) -> str:
    """“Nguyễn Văn An”, “SCT-02” → an.nv.sct-02; with 2, 3 … after the name when somebody has that already."""
    words = [re.sub(r"[^a-z0-9]", "", word) for word in fold(full_name).split()]
    words = [word for word in words if word] or ["tk"]
    given, initials = words[-1][:20], "".join(word[0] for word in words[:-1])[:8]
    place = re.sub(r"[^a-z0-9]+", "-", fold(code)).strip("-")[: LONGEST - 33]
    number = 1
    while True:
        parts = (given + (str(number) if number > 1 else ""), initials, place)
        name = ".".join(part for part in parts if part)
        name = name if len(name) >= 3 else f"{name}.tk"
        if name not in taken:
            return name
        number += 1
