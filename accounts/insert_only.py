"""The tables whose rows may be added and never changed or removed.

The triggers that enforce it are written in each app's own migrations (a migration imports nothing);
this list is what ``restrict_database_role`` grants by and what the tests walk.
"""

from __future__ import annotations

from django.db import models

_models: list[type[models.Model]] = []


def register(*sealed: type[models.Model]) -> None:
    """Called from ``AppConfig.ready()`` with models that are insert-only from their first row."""
    _models.extend(model for model in sealed if model not in _models)


def tables() -> tuple[str, ...]:
    return tuple(sorted(model._meta.db_table for model in _models))
