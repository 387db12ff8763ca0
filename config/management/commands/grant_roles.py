"""Give the database roles their privileges: run as the owner after every `migrate` (docs/architecture.md, decision 2).

Everything is first taken away, then granted by what each model says of itself in `privileges`:
"append" (SELECT, INSERT), "delete" (all four), "none", a dict of role to a list of privileges, or nothing (SELECT, INSERT, UPDATE).
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, models, transaction

from portal.privileges import ENDORSING, PORTAL_PRIVILEGES, PORTAL_ROWS

APP, LOG, PORTAL = "evidence_app", "evidence_log", "evidence_portal"
OURS = {
    "vault",
    "audit",
    "jobs",
    "accounts",
    "cases",
    "evidence",
    "disclosure",
    "redaction",
    "bundles",
    "portal",
    "config",
    "demo",
}
DEFAULT = ["SELECT", "INSERT", "UPDATE"]
EVERYTHING = ["SELECT", "INSERT", "UPDATE", "DELETE"]
NAMED = {"append": ["SELECT", "INSERT"], "delete": EVERYTHING, "none": []}


def privileges_of(model: type[models.Model]) -> dict[str, list[str]]:
    """Role to privileges for one model's table. Tables of other packages (sessions, sign-in, tokens) are the app's to manage."""
    declared: Any = model.__dict__.get("privileges")
    if isinstance(declared, dict):
        return declared
    if isinstance(declared, str):
        return {APP: NAMED[declared]}
    return {APP: DEFAULT if model._meta.app_label in OURS else EVERYTHING}


class Command(BaseCommand):
    help = "Grant the database roles their privileges (run as the owner, after migrate)."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT quote_ident(current_database())")
            database = cursor.fetchone()[0]
            cursor.execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
            cursor.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
            for role in (APP, LOG, PORTAL):
                cursor.execute(f"GRANT CONNECT ON DATABASE {database} TO {role}")
                cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
                cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
                cursor.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role}")
            for model in apps.get_models(include_auto_created=True):
                if model._meta.managed and not model._meta.proxy:
                    for role, privileges in privileges_of(model).items():
                        grant(cursor, role, privileges, model._meta.db_table)
            grant(cursor, APP, ["SELECT"], "django_migrations")
            portals = PORTAL_PRIVILEGES | (ENDORSING if settings.PORTAL_ENDORSEMENTS else {})
            for table, privileges in portals.items():
                grant(cursor, PORTAL, privileges, table)
            for table, condition in PORTAL_ROWS.items():
                limit_rows(cursor, table, condition)
        self.stdout.write("Privileges granted.")


def limit_rows(cursor: Any, table: str, condition: str) -> None:
    """Row-level security: the portal's role meets, and makes, only rows that fit; for the other roles nothing changes."""
    cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    for role, rows in ((APP, "true"), (LOG, "true"), (PORTAL, condition)):
        cursor.execute(f'DROP POLICY IF EXISTS {role}_rows ON "{table}"')
        cursor.execute(f'CREATE POLICY {role}_rows ON "{table}" TO {role} USING ({rows}) WITH CHECK ({rows})')


def grant(cursor: Any, role: str, privileges: list[str], table: str) -> None:
    """Grant on a table, and the use of its own sequences to whoever may insert. A privilege may name columns."""
    if not privileges:
        return
    cursor.execute(f'GRANT {", ".join(privileges)} ON "{table}" TO {role}')
    if any(p.startswith("INSERT") for p in privileges):
        cursor.execute(
            "SELECT s.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid"
            " WHERE s.relkind = 'S' AND d.refobjid = %s::regclass AND d.deptype IN ('a', 'i')",
            [f'"{table}"'],
        )
        for (sequence,) in cursor.fetchall():
            cursor.execute(f'GRANT USAGE ON SEQUENCE "{sequence}" TO {role}')
