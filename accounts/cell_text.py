"""Text in the cells of a workbook. Plain Python: read and written here alike."""

import re

UNWRITABLE = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
WRITTEN = re.compile("_x([0-9A-Fa-f]{4})_")


def escaped(text: str) -> str:
    """Text as the format writes it: what XML cannot hold, or what would read as such a mark, becomes ``_xHHHH_``."""
    return UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def plain(text: str) -> str:
    """What ``escaped`` was given."""
    return WRITTEN.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
