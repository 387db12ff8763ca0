"""A row that lists a block says which items it holds, as they were certified."""

from importlib import import_module

from django.db import migrations, models

_ROW: str = import_module("portal.migrations.0006_certified_rows").VIEWS["portal_row"]
_LAST = "c.cps_area_id\n"
# As text, so that two versions are compared as they stand
_WITH_BLOCK = "c.cps_area_id, coalesce((k.said -> 'block')::text, '') AS block\n"
_MAKE = "CREATE OR REPLACE VIEW portal_row WITH (security_barrier) AS"


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0008_endorsing"),
        ("disclosure", "0015_blocks"),
    ]

    operations = [
        migrations.RunSQL(f"{_MAKE} {_ROW.replace(_LAST, _WITH_BLOCK, 1)}", migrations.RunSQL.noop),
        migrations.AddField("row", "block", models.TextField(default="")),
    ]
