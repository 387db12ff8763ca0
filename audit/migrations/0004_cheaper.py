"""Make an event cheaper to append: its columns are filled by a trigger from one parse of its body, where each had parsed it twice.

Nothing is rewritten: the columns keep what they say. The function that appends does it in one statement, and neither a detail nor a
place in the queue looks up and locks its event for a foreign key any more. There is no way back: PostgreSQL makes no plain column a
generated one.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import audit.triggers

_COLUMNS: dict[str, "models.Field[object, object]"] = {
    "at": models.DateTimeField(),
    "verb": models.TextField(),
    "actor_id": models.UUIDField(null=True),
    "case_id": models.UUIDField(null=True),
    "organisation_id": models.UUIDField(null=True),
    "object_type": models.TextField(),
    "object_id": models.TextField(),
    "seq": models.IntegerField(),
}
# Every table by its schema: a role's search path has no say. SECURITY INVOKER is the default: it may do what its caller may do
_APPEND = """
    CREATE OR REPLACE FUNCTION audit_append(id uuid, body text, hmac bytea, salt bytea, detail text)
    RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        WITH event AS (INSERT INTO public.audit_event (id, body, hmac) VALUES ($1, $2, $3)),
        detail AS (INSERT INTO public.audit_eventdetail (event_id, salt, detail) VALUES ($1, $4, $5))
        INSERT INTO public.audit_pending (event_id) VALUES ($1);
    END
    $$
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_lighter")]

    operations = [
        migrations.RemoveConstraint(model_name="event", name="event_id_is_the_bodys"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"ALTER TABLE audit_event {', '.join(f'ALTER COLUMN {column} DROP EXPRESSION' for column in _COLUMNS)}",
                )
            ],
            state_operations=[migrations.AlterField("event", name, field) for name, field in _COLUMNS.items()],
        ),
        migrations.AlterField(
            model_name="eventdetail",
            name="event",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                primary_key=True,
                related_name="detail",
                serialize=False,
                to="audit.event",
            ),
        ),
        migrations.AlterField(
            model_name="pending",
            name="event",
            field=models.OneToOneField(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="pending", to="audit.event"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='columns', sql=audit.triggers.FixedTriggerSql(declare='DECLARE said jsonb := NEW.body::jsonb;', func="\n            IF NEW.id IS DISTINCT FROM (said ->> 'id')::uuid THEN\n                RAISE EXCEPTION 'The event is not the one that its body is of'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'event_id_is_the_bodys';\n            END IF;\n            NEW.at := (said ->> 'at')::timestamptz;\n            NEW.verb := said ->> 'verb';\n            NEW.actor_id := (said ->> 'actor')::uuid;\n            NEW.case_id := (said ->> 'case')::uuid;\n            NEW.organisation_id := (said ->> 'organisation')::uuid;\n            NEW.object_type := said ->> 'object_type';\n            NEW.object_id := said ->> 'object_id';\n            NEW.seq := (said ->> 'seq')::int;\n            RETURN NEW;\n        ", hash='5a42e3e956612335f6152b027da494e448bfc9b1', operation='INSERT', pgid='pgtrigger_columns_1b5a0', table='audit_event', when='BEFORE')),
        ),
        # Also where a session copies rows with its triggers off
        migrations.RunSQL(
            "ALTER TABLE audit_event ENABLE ALWAYS TRIGGER pgtrigger_columns_1b5a0", migrations.RunSQL.noop
        ),
        migrations.RunSQL(_APPEND, migrations.RunSQL.noop),
    ]
