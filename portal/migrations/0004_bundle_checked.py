"""A bundle whose stored file is no longer what was made is no longer there for the CPS."""

from importlib import import_module

from django.db import migrations

VIEW = """
    CREATE OR REPLACE VIEW portal_bundle WITH (security_barrier) AS
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
       AND coalesce((SELECT k.result FROM bundles_bundlecheck k
                      WHERE k.bundle_id = b.id AND k.result <> 'unchecked' ORDER BY k.at DESC LIMIT 1), 'match') = 'match'
"""
before: str = import_module("portal.migrations.0003_bundle").VIEW


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0003_bundle"),
        ("bundles", "0002_checks"),
    ]

    operations = [migrations.RunSQL(VIEW, before.replace("CREATE VIEW", "CREATE OR REPLACE VIEW"))]
