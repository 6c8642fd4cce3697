"""A column type that the two databases must be told apart for."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class PathField(models.CharField):
    """A place in the tree such as ``1/12/7/``, ordered byte by byte.

    A subtree is the range ``path >= p and path < p[:-1] + "0"``; that is only right, and only uses the
    index, where the column is compared as bytes: always on SQLite, by collation ``C`` on PostgreSQL.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
