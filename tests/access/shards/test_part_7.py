import pytest

from tests.access.asking import faults_of_part


@pytest.mark.django_db
def test_everybody_reaches_what_the_policies_say_and_nothing_else(matrix):
    assert faults_of_part(matrix, 7) == []
