"""Nothing of a fenced exhibit is there for the CPS: neither its released copies nor a bundle that holds one."""

from importlib import import_module

from django.db import migrations

_COPY: str = import_module("portal.migrations.0002_views").VIEWS["portal_copy"]
_SHARED = "WHERE c.cps_area_id IS NOT NULL AND r.audience = 'cps'"
_OPEN = f"{_SHARED} AND x.fence = ''"
_BUNDLE: str = import_module("portal.migrations.0004_bundle_checked").VIEW
_RECALLED = "ON latest.state = 'recalled')"
_CLOSED = f"""{_RECALLED}
       AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(b.files) f
                         JOIN redaction_release r ON r.id = (f ->> 'release')::uuid
                         JOIN redaction_document d ON d.id = r.document_id
                         JOIN evidence_exhibit x ON x.id = d.exhibit_id AND x.fence <> '')"""
_MAKE = "CREATE OR REPLACE VIEW portal_copy WITH (security_barrier) AS"


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0006_certified_rows"),
        ("evidence", "0008_fence"),
    ]

    operations = [
        migrations.RunSQL(
            f"{_MAKE} {_COPY.replace(_SHARED, _OPEN)}",
            f"{_MAKE} {_COPY}",
        ),
        migrations.RunSQL(_BUNDLE.replace(_RECALLED, _CLOSED), _BUNDLE),
    ]
