"""Official papers (F-xx): one frozen dataclass each, built from plain data, laid out by dated rules.

``registry.get("F-10")`` finds the class, ``Paper.from_dict`` reads its data strictly,
``documents.rendering.render`` prints it. Nothing here touches the database.
"""

from documents.papers import congress_minutes as congress_minutes  # registers F-11
from documents.papers import progress_report as progress_report  # registers F-26
