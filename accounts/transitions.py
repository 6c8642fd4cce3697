"""A life cycle as a table: services move by it, templates list buttons from it, README draws it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.errors import IllegalTransition


@dataclass(frozen=True, slots=True)
class Transition:
    """One action: the states it may start from, the state it leads to, the label of its button."""

    action: str
    sources: tuple[str, ...]
    to: str
    label: str


def transition(action: str, *sources: str, to: str, label: str) -> Transition:
    return Transition(action, tuple(str(source) for source in sources), str(to), label)


class Lifecycle:
    """The table of one kind of thing. ``names`` maps each state to its Vietnamese name.

    The same action may stand in several rows when it leads to different states; a state and an
    action together name at most one row.
    """

    def __init__(self, rows: Iterable[Transition], *, names: Mapping[str, str], subject: str) -> None:
        self.rows = tuple(rows)
        self.names = {str(state): str(name) for state, name in names.items()}
        self.subject = subject
        self._table: dict[tuple[str, str], Transition] = {}
        for row in self.rows:
            for source in row.sources:
                if (source, row.action) in self._table:
                    raise ValueError(f"two rows for {row.action} from {source}")
                self._table[source, row.action] = row
            for state in (*row.sources, row.to):
                if state not in self.names:
                    raise ValueError(f"state {state} has no name")

    def after(self, action: str, *, state: str) -> str:
        """The state that ``action`` leads to; raises IllegalTransition when it may not start here."""
        if action not in {row.action for row in self.rows}:
            raise ValueError(f"{self.subject} knows no action {action}")
        row = self._table.get((str(state), action))
        if row is None:
            raise IllegalTransition(self.refusal(action, state=state))
        return row.to

    def allows(self, action: str, *, state: str) -> bool:
        return (str(state), action) in self._table

    def refusal(self, action: str, *, state: str) -> str:
        """Why ``action`` may not start from ``state``, as a sentence."""
        rows = [row for row in self.rows if row.action == action]
        wanted = ", ".join(f"“{self.names[s]}”" for row in rows for s in row.sources)
        return (
            f"Không thể “{rows[0].label}”: {self.subject} đang ở bước “{self.names[str(state)]}”, "
            f"việc này chỉ làm được ở bước {wanted}. Tải lại trang để xem bước hiện tại."
        )

    def actions(self, *, state: str) -> tuple[Transition, ...]:
        """The rows that may start from ``state``, in table order."""
        return tuple(row for row in self.rows if str(state) in row.sources)

    def states(self) -> tuple[str, ...]:
        return tuple(self.names)

    def as_mermaid(self) -> str:
        """A mermaid state diagram; Vietnamese names, one arrow per source."""
        lines = ["stateDiagram-v2"]
        lines += [f"    {state} : {name}" for state, name in self.names.items()]
        lines += [f"    {source} --> {row.to} : {row.label}" for row in self.rows for source in row.sources]
        return "\n".join(lines)
