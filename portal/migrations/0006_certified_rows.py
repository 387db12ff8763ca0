"""Rows as the database took them out of the certified text, so that a page of a long schedule doesn't read all of it.

Whether the text is whole, says what the rows say and has the hash that the log holds is a view of its own: read when asked for.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.models import DO_NOTHING

before: dict[str, str] = import_module("portal.migrations.0002_views").VIEWS

VIEWS = {
    # Nothing of the text but what PostgreSQL took out of it: the name and the role that were signed, and what was said of the rest
    "portal_schedule": before["portal_schedule"].replace(
        "= k.sha256 AS intact",
        "= k.sha256 AS intact,\n               k.unexamined, k.signed_name, k.signed_role",
    ),
    # In order, so that a page needn't sort all. A withdrawn row is its number: that it moved to another schedule must not show
    "portal_row": """
        SELECT r.id, k.version_id, k.number AS position, (k.said ->> 'withdrawn')::boolean AS withdrawn,
               coalesce(k.said ->> 'description', '') AS description,
               coalesce(k.said ->> 'location', '') AS location,
               coalesce(k.said ->> 'sensitivity_reason', '') AS sensitivity_reason,
               x.id AS exhibit_id, coalesce(x.reference, '') AS reference,
               coalesce(k.said ->> 'schedule', '') AS listed_on, (k.said ->> 'item')::integer AS listed_as,
               c.cps_area_id
          FROM disclosure_certifiedrow k
          JOIN disclosure_scheduleversion v ON v.id = k.version_id
          JOIN disclosure_schedule s ON s.id = v.schedule_id
          JOIN cases_case c ON c.id = s.case_id
          JOIN disclosure_row r ON r.version_id = k.version_id AND r.position = k.number
          LEFT JOIN disclosure_item i ON i.id = r.item_id AND NOT (k.said ->> 'withdrawn')::boolean
          LEFT JOIN evidence_exhibit x ON x.id = i.exhibit_id
         WHERE c.cps_area_id IS NOT NULL
           AND EXISTS (SELECT 1 FROM disclosure_versionstate t WHERE t.version_id = k.version_id AND t.state = 'submitted')
         ORDER BY k.number
    """,
    "portal_certified": """
        SELECT s.id, s.case_id, s.content, s.intact,
               s.content::jsonb -> 'rows' = coalesce((SELECT jsonb_agg(k.said ORDER BY k.number) FROM disclosure_certifiedrow k
                                                       WHERE k.version_id = s.id), '[]') AS rows_agree,
               EXISTS (SELECT 1 FROM audit_event e
                        WHERE e.case_id = s.case_id AND e.object_id = s.id::text AND e.verb = 'schedule.certified'
                          AND e.body::jsonb -> 'after' ->> 'sha256' = s.sha256) AS log_agrees
          FROM portal_schedule s
    """,
}


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0005_endorsements_and_documents"),
        ("disclosure", "0011_certified_rows"),
    ]

    operations = [
        # Other views are built on these: they are replaced, with what is new at the end
        migrations.RunSQL(
            [
                *(f"CREATE OR REPLACE VIEW {name} WITH (security_barrier) AS {VIEWS[name]}" for name in ("portal_schedule", "portal_row")),
                f"CREATE VIEW portal_certified WITH (security_barrier) AS {VIEWS['portal_certified']}",
            ],
            "DROP VIEW portal_certified",
        ),
        migrations.RemoveField("schedule", "content"),
        migrations.RemoveField("schedule", "intact"),
        *(
            migrations.AddField(model, name, field)
            for model, name, field in [
                ("schedule", "unexamined", models.TextField(default="")),
                ("schedule", "signed_name", models.TextField(default="")),
                ("schedule", "signed_role", models.TextField(default="")),
                ("row", "listed_on", models.CharField(max_length=4, default="")),
                ("row", "listed_as", models.PositiveIntegerField(null=True)),
                ("row", "cps_area_id", models.UUIDField(null=True)),
            ]
        ),
        migrations.CreateModel(
            name="Certified",
            fields=[
                ("schedule", models.OneToOneField(db_column="id", on_delete=DO_NOTHING, primary_key=True, related_name="certified", serialize=False, to="portal.schedule")),
                ("case", models.ForeignKey(on_delete=DO_NOTHING, related_name="+", to="portal.sharedcase")),
                ("content", models.TextField()),
                ("intact", models.BooleanField()),
                ("rows_agree", models.BooleanField()),
                ("log_agrees", models.BooleanField()),
            ],
            options={"db_table": "portal_certified", "abstract": False, "managed": False},
        ),
    ]
