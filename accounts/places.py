"""Names of the organizations and congresses that events are filed under, told by the apps that own them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

Tree = Callable[[Iterable[str]], Sequence[tuple[str, str]]]
Congresses = Callable[[Iterable[str]], Sequence[tuple[int, str]]]


def _nothing(paths: Iterable[str]) -> Sequence[tuple[int, str]]:
    return ()


def _nowhere(paths: Iterable[str]) -> Sequence[tuple[str, str]]:
    return ()


Former = Callable[[Iterable[str]], Sequence[str]]


def _never_elsewhere(paths: Iterable[str]) -> Sequence[str]:
    return ()


_tree: Tree = _nowhere
_former: Former = _never_elsewhere
_congresses: Congresses = _nothing


def register_tree(tree: Tree) -> None:
    """``tree(paths)`` returns (path, name) of every organization at or under the paths, in tree order."""
    global _tree
    _tree = tree


def register_congresses(congresses: Congresses) -> None:
    """``congresses(paths)`` returns (id, name) of every congress at or under the paths, newest first."""
    global _congresses
    _congresses = congresses


def register_former_paths(former: Former) -> None:
    """``former(paths)`` returns where what is now under the paths stood before it was moved there."""
    global _former
    _former = former


def with_former(paths: Iterable[str]) -> list[str]:
    """The paths and those under which events of the same organizations were filed before."""
    now = tuple(paths)
    return [*now, *_former(now)]


def organizations_under(paths: Iterable[str]) -> list[tuple[str, str]]:
    return list(_tree(tuple(paths)))


def congresses_under(paths: Iterable[str]) -> list[tuple[int, str]]:
    return list(_congresses(tuple(paths)))
