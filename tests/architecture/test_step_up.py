"""Before what cannot be taken back somebody is asked who they are: this is the list, and no view leaves it unseen."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from types import ModuleType

from django.urls import URLPattern, URLResolver, get_resolver

APPS = ("accounts", "organizations", "congress", "documents", "elections")
ASKED = {
    "mfa_activate_totp",
    "print_new_codes",
    "turn_off_second_factor",
    # who may do what
    "organizations:open_account",
    "organizations:grant_role",
    "organizations:revoke_role",
    "organizations:hand_over",
    "organizations:reset_password",
    "organizations:reset_second_factor",
    "organizations:reactivate",
    "organizations:make_accounts",
    "organizations:take_slips",
    # the tree, and with it the rights of everybody below
    *(f"organizations:{name}" for name in ("split", "merge", "consolidate", "rename", "move", "convert", "close")),
    "organizations:upload_tree",
    "organizations:import_confirm",
    # what is open without signing in
    "organizations:links",
    # results and decisions
    "elections:seal",
    "elections:recount",
    "elections:ratify",
    "elections:refuse_results",
}


def named_views() -> Iterator[tuple[str, ModuleType, str]]:
    """Name of the address, module and name of the view."""

    def below(resolver: URLResolver, namespace: str) -> Iterator[tuple[str, ModuleType, str]]:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                yield from below(one, f"{namespace}{one.namespace}:" if one.namespace else namespace)
            elif isinstance(one, URLPattern) and one.callback.__module__.split(".")[0] in APPS:
                module = inspect.getmodule(inspect.unwrap(one.callback))
                if module is not None:
                    yield f"{namespace}{one.name}", module, one.callback.__name__

    yield from below(get_resolver(), "")


@cache
def asking(module: ModuleType) -> frozenset[str]:
    """Functions of the module that ask, themselves or through another one of it."""
    functions = {one.name: one for one in ast.parse(inspect.getsource(module)).body if isinstance(one, ast.FunctionDef)}
    called = {
        name: {one.func.id for one in ast.walk(body) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}
        for name, body in functions.items()
    }
    found = {name for name, names in called.items() if "step_up" in names}
    while more := {name for name, names in called.items() if names & found} - found:
        found |= more
    return frozenset(found)


def test_these_addresses_ask_who_is_there_and_no_others():
    found = {name for name, module, view in named_views() if view in asking(module)}

    assert found == ASKED
