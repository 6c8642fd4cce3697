"""The matrix itself: complete, taken from the URL configuration, and able to see what it is there to see."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver

from accounts import access
from accounts.access import Audience, check_every_url, scoped
from accounts.roles import EVERY_ROLE
from config import urls
from elections.matrix import samples
from elections.matrix.cells import METHODS, Cell, shard
from elections.matrix.expected import MEANING, Answer
from elections.matrix.places import IDENTITIES, RELATED
from elections.matrix.runner import Runner
from tests.access.asking import ADDRESSES, CELLS, faults, kind_of_answer, told_apart

pytestmark = pytest.mark.django_db
ALWAYS_ASKED = told_apart(CELLS, kind_of_answer)
SEED = 190


def patterns(entries: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns)
        else:
            yield entry


def pattern_of(name: str) -> URLPattern:
    """The entry of the URL configuration behind a full name."""
    callback = next(one.callback for one in ADDRESSES if one.name == name)
    return next(one for one in patterns(urls.urlpatterns) if one.callback is callback and name.endswith(str(one.name)))


def chosen(count: int, of: list[str]) -> list[str]:
    return random.Random(SEED).sample(of, count)  # noqa: S311  (a fixed choice, not a secret)


def ran(*arguments: str) -> tuple[list[dict[str, Any]], int]:
    """The lines that the command prints, and its exit code."""
    out, code = io.StringIO(), 0
    try:
        call_command("access_matrix", *arguments, stdout=out)
    except SystemExit as left:
        code = int(left.code or 0)
    return [json.loads(line) for line in out.getvalue().splitlines()], code


# ---- the cells ----


def test_there_are_at_least_ten_thousand_cells_and_no_two_alike():
    keys = {(c.address.name, c.method, c.identity, c.relation, c.state) for c in CELLS}

    assert len(keys) == len(CELLS) >= 10_000


def test_every_address_is_asked_by_everybody_with_every_method():
    asked = {(cell.address.name, cell.method, cell.identity) for cell in CELLS}

    assert asked == {(a.name, method, who) for a in ADDRESSES for method in METHODS for who in IDENTITIES}


def test_every_scoped_address_is_asked_about_objects_everywhere():
    for address in ADDRESSES:
        if address.access is not None and address.access.scope:
            relations = {cell.relation for cell in CELLS if cell.address == address}
            anywhere = samples.SAMPLES[address.access.scope.name].elsewhere
            all_of_them = set(RELATED["branch"]) | {"missing"}
            assert relations == (all_of_them if anywhere else all_of_them - {"ancestor"}), address.name


def test_an_action_is_asked_in_every_state_of_its_life_cycle():
    for address in ADDRESSES:
        if address.access is not None and address.access.action and address.access.scope.lifecycle:
            states = {c.state for c in CELLS if c.address == address and c.method == "POST" and c.relation == "own"}
            assert states == set(address.access.scope.lifecycle.states()), address.name


def test_every_kind_of_answer_is_explained_and_expected_somewhere():
    assert {cell.expected for cell in CELLS} == set(MEANING) == set(Answer)


def test_shards_are_every_cell_once():
    assert sorted(map(repr, (cell for part in (1, 2, 3) for cell in shard(CELLS, part, 3)))) == sorted(map(repr, CELLS))


# ---- the command ----


def test_the_command_prints_one_line_per_cell():
    lines, code = ran("--url", "documents:")

    assert code == 0
    assert len(lines) == sum(cell.address.name.startswith("documents:") for cell in CELLS)
    assert {"url", "method", "identity", "scope", "state", "expected", "statuses"} <= set(lines[0])


@pytest.mark.parametrize("text", ["0/4", "5/4", "x", "1"])
def test_a_shard_that_is_none_is_a_wrong_call(text):
    with pytest.raises(CommandError) as refused:
        call_command("access_matrix", "--shard", text)

    assert refused.value.returncode == 2


# ---- an address without a policy ----


def naked(callback: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return callback(request, *args, **kwargs)

    return view


def test_an_address_without_a_policy_stops_the_start_and_the_matrix_with_its_name_20_times_of_20(monkeypatch):
    for name in chosen(20, [address.name for address in ADDRESSES]):
        with monkeypatch.context() as patch:
            pattern = pattern_of(name)
            patch.setattr(pattern, "callback", naked(pattern.callback))

            with pytest.raises(ImproperlyConfigured, match=name):
                check_every_url(urls.urlpatterns, urls.THIRD_PARTY)
            lines, code = ran()

        assert code == 1
        assert len(lines) == 1
        assert name in lines[0]["fault"]


def test_a_scope_without_a_sample_stops_the_matrix_with_its_name(monkeypatch):
    monkeypatch.delitem(samples.SAMPLES, "paper")

    lines, code = ran()

    assert code == 1
    assert "paper" in lines[0]["fault"]


# ---- what the matrix sees when a policy does not hold ----


def weakened(pattern: URLPattern, *, everyone: bool = False, unscoped: bool = False) -> Callable[..., HttpResponse]:
    """A weaker door; what it declares stays as it was.

    Behind it nobody asks again: the policies of the services, the second wall, would hide that it is open.
    """
    declared: access.Access = pattern.callback.access  # type: ignore[attr-defined]  # every view has one here
    scope = declared.scope
    if unscoped:
        scope = replace(scope, visible_to=lambda user: declared.scope.visible_to(user).model._base_manager.all())
    roles = () if everyone else tuple(declared.roles)
    view = scoped(scope, *roles, methods=declared.methods, at=declared.at, action=declared.action)(reached)
    view.access = declared  # type: ignore[attr-defined]  # a function carries its policy
    return view


def reached(request: HttpRequest, found: Any, **others: Any) -> HttpResponse:
    return HttpResponse("vào được")


def cells_of(name: str) -> list[Cell]:
    """What every push asks about one address."""
    return [cell for cell in ALWAYS_ASKED if cell.address.name == name]


def is_guarded_by_roles(name: str) -> bool:
    policy = next(one.access for one in ADDRESSES if one.name == name)
    return policy is not None and policy.scope is not None and policy.roles != EVERY_ROLE


GUARDED = [one.name for one in ADDRESSES if is_guarded_by_roles(one.name)]
SCOPED = [one.name for one in ADDRESSES if one.access is not None and one.access.audience is Audience.SCOPED]


@pytest.mark.parametrize("name", chosen(min(20, len(GUARDED)), GUARDED))
def test_a_door_that_forgets_the_roles_is_seen(matrix: Runner, monkeypatch, name):
    pattern = pattern_of(name)
    monkeypatch.setattr(pattern, "callback", weakened(pattern, everyone=True))

    assert faults(matrix, [cell for cell in cells_of(name) if cell.expected is Answer.REFUSED])


@pytest.mark.parametrize("name", chosen(20, SCOPED))
def test_a_door_that_forgets_the_scope_is_seen(matrix: Runner, monkeypatch, name):
    pattern = pattern_of(name)
    monkeypatch.setattr(pattern, "callback", weakened(pattern, unscoped=True))

    assert faults(matrix, [cell for cell in cells_of(name) if cell.expected is Answer.HIDDEN])


def test_a_refusal_that_nobody_records_is_seen(matrix: Runner, monkeypatch):
    monkeypatch.setattr(access, "_record", lambda *args: None)

    found = faults(matrix, [cell for cell in cells_of("organizations:detail") if cell.expected is Answer.HIDDEN][:3])

    assert [line.rsplit(": ")[-1] for line in found] == ["0 refusals recorded instead of 1"] * 3


def test_a_404_that_tells_a_foreign_object_from_a_missing_one_is_seen(matrix: Runner, monkeypatch):
    def telling(request: HttpRequest, scope: access.Scope, pk: Any) -> Any:
        if scope.visible_to(request.user).model._base_manager.filter(pk=pk).exists():
            request.session["seen"] = pk  # the cookie of the session goes along
        return loaded(request, scope, pk)

    loaded = access._load
    monkeypatch.setattr(access, "_load", telling)

    found = faults(matrix, [cell for cell in cells_of("organizations:detail") if cell.expected is Answer.HIDDEN][:1])

    assert found
    assert found[0].endswith("differs from the answer about a missing object")
