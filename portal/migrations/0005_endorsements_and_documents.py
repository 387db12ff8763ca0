"""What prosecutors said of rows, and the issued versions of the documents that manage the case."""

from django.db import migrations, models

VIEWS = {
    # Only rows of submitted versions are endorsed (a trigger refuses others)
    "portal_endorsement": """
        SELECT e.id, r.version_id, r.position, k.code, k.meaning, e.reason, e.item_viewed, e.decided_by, e.at
          FROM disclosure_endorsement e
          JOIN disclosure_endorsementcode k ON k.id = e.code_id
          JOIN disclosure_row r ON r.id = e.row_id
          JOIN disclosure_scheduleversion v ON v.id = r.version_id
          JOIN disclosure_schedule s ON s.id = v.schedule_id
          JOIN cases_case c ON c.id = s.case_id
         WHERE c.cps_area_id IS NOT NULL
    """,
    "portal_document": """
        SELECT d.id, d.case_id, d.kind, d.number, d.content, d.sha256, d.at AS issued_at,
               concat_ws(' ', nullif(u.title, ''), u.name, nullif(u.collar_number, '')) AS issued_by,
               encode(sha256(convert_to(d.content, 'UTF8')), 'hex') = d.sha256 AS intact
          FROM disclosure_managementdocument d
          JOIN cases_case c ON c.id = d.case_id
          JOIN accounts_user u ON u.id = d.by_id
         WHERE c.cps_area_id IS NOT NULL
    """,
}


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0004_bundle_checked"),
        ("disclosure", "0005_managing"),
    ]

    operations = [
        migrations.RunSQL(
            [f"CREATE VIEW {name} WITH (security_barrier) AS {sql}" for name, sql in VIEWS.items()],
            [f"DROP VIEW {name}" for name in VIEWS],
        ),
        migrations.CreateModel(
            name="Endorsement",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField()),
                ("code", models.CharField(max_length=6)),
                ("meaning", models.CharField(max_length=120)),
                ("reason", models.TextField()),
                ("item_viewed", models.BooleanField()),
                ("decided_by", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "portal_endorsement", "ordering": ["position"], "abstract": False, "managed": False},
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("DMD", "Disclosure Management Document"), ("IMD", "Investigation Management Document")], max_length=3)),
                ("number", models.PositiveIntegerField()),
                ("content", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("issued_at", models.DateTimeField()),
                ("issued_by", models.CharField(max_length=200)),
                ("intact", models.BooleanField()),
            ],
            options={"db_table": "portal_document", "ordering": ["kind", "-number"], "abstract": False, "managed": False},
        ),
    ]
