"""The bundles that were made for the CPS; one whose copy was recalled since is no longer there."""

from django.db import migrations, models

VIEW = """
    CREATE VIEW portal_bundle WITH (security_barrier) AS
    SELECT b.id, b.case_id, b.made_at, b.key, b.version_id, b.size, b.sha256, b.files, b.events,
           concat_ws(' ', nullif(u.title, ''), u.name, nullif(u.collar_number, '')) AS made_by
      FROM bundles_bundle b
      JOIN cases_case c ON c.id = b.case_id
      JOIN accounts_user u ON u.id = b.asked_by_id
     WHERE c.cps_area_id IS NOT NULL AND b.audience = 'cps' AND b.state = 'made'
       AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(b.files) f
                         JOIN LATERAL (SELECT t.state FROM redaction_releasestate t
                                        WHERE t.release_id = (f ->> 'release')::uuid ORDER BY t.id DESC LIMIT 1) latest
                           ON latest.state = 'recalled')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0002_views"),
        ("bundles", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW portal_bundle"),
        migrations.CreateModel(
            name="Bundle",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=100)),
                ("version_id", models.CharField(max_length=200)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("files", models.JSONField()),
                ("events", models.PositiveIntegerField()),
            ],
            options={"db_table": "portal_bundle", "ordering": ["-made_at", "id"], "abstract": False, "managed": False},
        ),
    ]
