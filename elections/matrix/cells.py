"""The cells, generated from the URL configuration: no address is named here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts.access import Access, Address, addresses, check_every_url
from elections.matrix.expected import MEANING, Answer, expected
from elections.matrix.places import IDENTITIES, MISSING, RELATED, UNSCOPED, Identity
from elections.matrix.samples import SAMPLES, STATELESS, states_at, usual_state

BY_LINK = "<str:secret>"
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Cell:
    """One question. ``relation`` is the object's place as seen by who asks, ``place`` its name in the tree."""

    address: Address
    method: str
    identity: str
    relation: str
    place: str
    state: str
    expected: Answer

    def as_line(self) -> dict[str, Any]:
        return {
            "url": self.address.name,
            "method": self.method,
            "identity": self.identity,
            "scope": self.relation,
            "state": self.state,
            "expected": self.expected.value,
            "statuses": list(MEANING[self.expected][0]),
            "object": self.address.access.scope.name if self.address.access and self.address.access.scope else "",
            "place": self.place,
        }


def every_address() -> list[Address]:
    """Those of the URL configuration. Raises ImproperlyConfigured naming what has no policy or no sample."""
    configuration: Any = import_module(settings.ROOT_URLCONF)
    third_party: Mapping[str, Access] = getattr(configuration, "THIRD_PARTY", {})
    check_every_url(configuration.urlpatterns, third_party)
    found = list(addresses(configuration.urlpatterns, third_party))
    unknown = {one.access.scope.name for one in found if one.access and one.access.scope} - set(SAMPLES)
    if unknown:
        raise ImproperlyConfigured(f"elections/matrix/samples.py chưa có đối tượng mẫu: {', '.join(sorted(unknown))}")
    return found


def every_cell(found: Iterable[Address]) -> Iterator[Cell]:
    for address in found:
        for identity in IDENTITIES.values():
            for relation, place, states in _objects(address, identity):
                for method in METHODS:
                    for state in _asked_in(address, method, place, states):
                        yield _cell(address, method, identity, relation, place, state)


def _objects(address: Address, identity: Identity) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(relation, place, states there) of each object that the address may be asked about."""
    scope = address.access.scope if address.access else None
    if scope is None:
        yield UNSCOPED, UNSCOPED, ()
        return
    for relation, places in RELATED[identity.home].items():
        place = next((one for one in places if states_at(scope, one)), None)
        if place is not None:
            yield relation, place, states_at(scope, place)
    yield MISSING, MISSING, ()


def _asked_in(address: Address, method: str, place: str, states: tuple[str, ...]) -> tuple[str, ...]:
    """Every state for the address of an action, when the method is answered at all; else one."""
    access = address.access
    if access is None or access.scope is None or not states:
        return (STATELESS,)
    if access.action and method in access.methods:
        return states
    return (usual_state(access.scope, place),)


def _cell(address: Address, method: str, identity: Identity, relation: str, place: str, state: str) -> Cell:
    assert address.access is not None  # noqa: S101  (every_address refuses those without a policy)
    answer = expected(address.access, method, identity, place, state)
    if answer is Answer.ANSWERED and BY_LINK in address.pattern:
        answer = Answer.MISSING  # nobody here knows the secret of a link
    return Cell(address, method, identity.name, relation, place, state, answer)


def shard(cells: Iterable[Cell], part: int, of: int) -> Iterator[Cell]:
    """Every ``of``-th cell, beginning with the ``part``-th (from 1)."""
    return (cell for number, cell in enumerate(cells) if number % of == part - 1)
