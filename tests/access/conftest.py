"""The world of the access matrix, built once for all the tests of a file and rolled back after them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings

from elections.matrix.runner import Runner
from elections.matrix.world import build
from tests import frozen


@pytest.fixture(scope="module")
def files_of_the_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def world_of_the_file(django_db_setup: None, django_db_blocker: object, files_of_the_world: Path) -> Iterator[Runner]:
    with (
        django_db_blocker.unblock(),  # type: ignore[attr-defined]  # pytest-django's own
        override_settings(MEDIA_ROOT=files_of_the_world),
        transaction.atomic(),
    ):
        yield Runner(frozen.shared("matrix", build))
        transaction.set_rollback(True)


@pytest.fixture
def matrix(
    world_of_the_file: Runner, files_in_a_folder_of_the_test: None, files_of_the_world: Path
) -> Iterator[Runner]:
    """Asks cells; each leaves the world as it was."""
    logging.disable(logging.CRITICAL)  # thousands of refusals are what is asked for
    with override_settings(MEDIA_ROOT=files_of_the_world):
        world_of_the_file.sign_in()  # what an earlier test renewed was rolled back with it
        yield world_of_the_file
    logging.disable(logging.NOTSET)
