"""What the database refuses about accounts, asked in SQL as the application's role."""

import psycopg2
import psycopg2.errors
import pytest

from tests.factories import make_user


@pytest.mark.parametrize(
    "attempt",
    [
        "DELETE FROM accounts_user",
        "DELETE FROM accounts_organisation",
        "DELETE FROM accounts_apitoken",
        "DELETE FROM accounts_notification",
        "TRUNCATE accounts_user CASCADE",
        "UPDATE accounts_rolegrant SET role = 'auditor'",
    ],
)
def test_the_application_can_not(transactional_db: None, app_connection: psycopg2.extensions.connection, attempt: str) -> None:
    make_user("investigator")
    with app_connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute(attempt)


def test_a_token_without_an_end_is_refused(transactional_db: None, app_connection: psycopg2.extensions.connection) -> None:
    user = make_user("investigator")
    with app_connection.cursor() as cursor, pytest.raises(psycopg2.errors.CheckViolation):
        cursor.execute(
            "INSERT INTO accounts_apitoken (digest, token_key, user_id, created, client, scopes)"
            " VALUES ('x', 'y', %s, now(), 'c', '[]')",
            [str(user.pk)],
        )
