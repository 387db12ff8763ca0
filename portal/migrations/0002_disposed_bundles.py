"""A bundle that went with the disposal of an exhibit is no longer there for the CPS."""

from importlib import import_module

from django.db import migrations

_BEFORE: str = import_module("portal.migrations.0001_squashed_0009_block").VIEWS["portal_bundle"]
_FENCED = "AND x.fence <> '')"
_DISPOSED = f"""{_FENCED}
           AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(b.files) f
                             JOIN redaction_release r ON r.id = (f ->> 'release')::uuid
                             JOIN redaction_document d ON d.id = r.document_id
                             JOIN evidence_disposal y ON y.exhibit_id = d.exhibit_id AND y.state IN ('approved', 'done'))"""
_MAKE = "CREATE OR REPLACE VIEW portal_bundle WITH (security_barrier) AS"


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0001_squashed_0009_block"),
    ]

    operations = [
        migrations.RunSQL(f"{_MAKE} {_BEFORE.replace(_FENCED, _DISPOSED)}", f"{_MAKE} {_BEFORE}"),
    ]
