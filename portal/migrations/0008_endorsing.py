"""What an MG6D asks of the prosecutor besides, and the codes that may be given, for where a force lets prosecutors endorse here."""

from importlib import import_module

from django.db import migrations, models

_BEFORE: str = import_module("portal.migrations.0005_endorsements_and_documents").VIEWS["portal_endorsement"]
_MAKE = "CREATE OR REPLACE VIEW portal_endorsement WITH (security_barrier) AS"


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0007_fenced"),
        ("disclosure", "0014_endorsing"),
    ]

    operations = [
        migrations.RunSQL(
            f"{_MAKE} {_BEFORE.replace('e.decided_by, e.at', 'e.decided_by, e.at, e.agrees_sensitive, e.court_application')}",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "CREATE VIEW portal_endorsementcode WITH (security_barrier) AS"
            " SELECT id, code, meaning, needs_reason FROM disclosure_endorsementcode WHERE is_active",
            "DROP VIEW portal_endorsementcode",
        ),
        migrations.AddField("endorsement", "agrees_sensitive", models.BooleanField(null=True)),
        migrations.AddField("endorsement", "court_application", models.BooleanField(null=True)),
        migrations.CreateModel(
            name="EndorsementCode",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=6)),
                ("meaning", models.CharField(max_length=120)),
                ("needs_reason", models.BooleanField()),
            ],
            options={"db_table": "portal_endorsementcode", "ordering": ["code"], "abstract": False, "managed": False},
        ),
    ]
