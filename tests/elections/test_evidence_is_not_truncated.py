"""TRUNCATE on PostgreSQL: refused for every table of evidence, allowed for another (the control)."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

EVIDENCE = (
    "accounts_auditevent",
    "congress_cardvote",
    "congress_clearancerequest",
    "documents_documentversion",
    "documents_issuedpaper",
    "documents_numbercounter",
    "documents_reviewround",
    "elections_ballotledger",
    "elections_ballotround",
    "elections_boardruling",
    "elections_candidate",
    "elections_count",
    "elections_countentry",
    "elections_countseat",
    "elections_disposalcertificate",
    "elections_opinionballot",
    "elections_ratification",
    "elections_sealedresult",
    "elections_signedsheet",
    "elections_superioropinion",
    "elections_tallysheet",
    "elections_warningnote",
    "elections_withdrawal",
)


@pytest.mark.parametrize("table", EVIDENCE)
def test_a_table_of_evidence_is_not_emptied(table):
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_a_table_that_is_no_evidence_may_be_emptied():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE congress_proceeding CASCADE")
