"""What every model owes its reader: a Vietnamese name on everything, a migration, a place in the glossary."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Field, Model

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("outbox", "accounts", "organizations", "congress", "documents", "elections")
MODELS = [model for label in OURS for model in apps.get_app_config(label).get_models()]
INHERITED = {
    "id",
    "password",
    "last_login",
    "is_superuser",
    "groups",
    "user_permissions",
}  # named by Django, in Vietnamese
SAME_IN_BOTH_LANGUAGES = {"Email", "email", "SHA-256", "MIME", "PDF", "Excel"}
VIETNAMESE_WITHOUT_MARKS = {"ban", "khi", "theo", "do", "cho", "trong", "con", "chung", "quan", "nam", "tham gia"}


def names() -> list[tuple[str, str]]:
    """Every label that a person may read, with where it stands."""
    found = []
    for model in MODELS:
        where = model._meta.label
        found += [(where, str(model._meta.verbose_name)), (where, str(model._meta.verbose_name_plural))]
        for field in own_fields(model):
            found.append((f"{where}.{field.name}", str(field.verbose_name)))
            found += [(f"{where}.{field.name}={value}", str(label)) for value, label in field.flatchoices]
    return found


def own_fields(model: type[Model]) -> list[Field]:
    return [
        field
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.name not in INHERITED and not field.auto_created
    ]


def looks_vietnamese(label: str) -> bool:
    """A letter that English lacks, or one of the few Vietnamese words written without marks."""
    if label in SAME_IN_BOTH_LANGUAGES or re.fullmatch(r"[\d.,%/ +-]*", label):
        return True
    return bool(re.search(r"[^\x00-\x7f]", label)) or label.lower() in VIETNAMESE_WITHOUT_MARKS


def test_every_model_field_and_choice_has_a_vietnamese_label():
    assert [f"{where}: {label}" for where, label in names() if not looks_vietnamese(label)] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_docstring_begins_with_the_vietnamese_term(model):
    first_word = (model.__doc__ or "").split(" ")[0]

    assert model.__doc__ and not model.__doc__.startswith(f"{model.__name__}("), "no docstring"
    assert first_word[:1].isupper()


def test_every_model_is_in_the_glossary():
    """With the very term that the screen shows."""
    readme = (ROOT / "README.md").read_text()
    rows = [f"| {model._meta.verbose_name} | `{model.__name__}` |" for model in MODELS]

    assert [row for row in rows if row not in readme] == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_import_nothing_of_ours():
    ours = re.compile(rf"^(?:from|import) (?:{'|'.join(OURS)})\b(?!\.fields|\.insert_only|\.migrations)", re.MULTILINE)
    migrations = [path for label in OURS for path in (ROOT / label / "migrations").glob("0*.py")]

    assert [str(path.relative_to(ROOT)) for path in migrations if ours.search(path.read_text())] == []


def test_no_migration_is_named_by_a_machine():
    names = [path.name for label in OURS for path in (ROOT / label / "migrations").glob("0*.py")]

    assert [name for name in names if re.search(r"_auto_|_alter_.*_and_more", name)] == []
