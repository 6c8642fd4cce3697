"""One branch told from its plan to its dossier: its script, then what is done before, on and after the day."""

from elections.stories.branch.script import (
    CLEARED,
    CLOSED,
    COMPLETE,
    COUNTED,
    PREPARED,
    RATIFIED,
    REPORTED,
    SEATED,
    SENT_BACK,
    SLATE_FIXED,
    SUBMITTED,
    Committee,
    Entry,
)
from elections.stories.branch.whole import Branch

__all__ = [
    "CLEARED",
    "CLOSED",
    "COMPLETE",
    "COUNTED",
    "PREPARED",
    "RATIFIED",
    "REPORTED",
    "SEATED",
    "SENT_BACK",
    "SLATE_FIXED",
    "SUBMITTED",
    "Branch",
    "Committee",
    "Entry",
]
