"""Database triggers that nobody can switch off by a setting. Every room declares its triggers with these classes.

django-pgtrigger begins each trigger function with a look at the setting `pgtrigger.ignore`, which any role may set for its own
session: a switch that would let a plain role past a protection. The functions installed from here don't look. They also fix
their search path, so that no role can put a table of its own in front of ours.

    class Meta:
        triggers = append_only()
"""

import pgtrigger
import pgtrigger.migrations
from django.db import models
from django.db.migrations.state import ProjectState
from pgtrigger import compiler


class FixedTriggerSql(compiler.UpsertTriggerSql):
    """What pgtrigger installs, without the switch. Migrations name this class: change the template only together with them."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}()
            RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE PROCEDURE {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class OwnersTriggerSql(FixedTriggerSql):
    """The same, run with the rights of the function's owner."""

    def get_template(self) -> str:
        return super().get_template().replace("LANGUAGE plpgsql", "LANGUAGE plpgsql SECURITY DEFINER")


class Trigger(pgtrigger.Trigger):
    """A `pgtrigger.Trigger` without the switch; takes the same arguments."""

    sql = FixedTriggerSql

    def compile(self, model: models.Model) -> compiler.Trigger:
        """Return what a migration installs."""
        return compiler.Trigger(
            name=self.name,
            sql=self.sql(
                pgid=self.get_pgid(model),
                declare=self.render_declare(model),
                func=self.render_func(model),
                table=model._meta.db_table,
                constraint="CONSTRAINT" if self.timing else "",
                when=self.when,
                operation=self.operation,
                timing=f"DEFERRABLE INITIALLY {self.timing}" if self.timing else "",
                referencing=self.referencing or "",
                level=self.level,
                condition=self.render_condition(model),
                execute=self.render_execute(model),
            ),
        )


class OwnersTrigger(Trigger):
    """A trigger that reads what whoever writes the row may not: it runs as its owner. It must give nothing of it away."""

    sql = OwnersTriggerSql


class Protect(Trigger):
    """Refuses the operation, whoever asks: `Protect(name="...", operation=pgtrigger.Delete, condition=...)`."""

    when = pgtrigger.Before

    def get_func(self, model: models.Model) -> str:
        """Return the body of the trigger function: it only raises."""
        return "RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;"


class AddTrigger(pgtrigger.migrations.AddTrigger):
    """The operation of a migration, which leaves drawn models as they are: nothing asks them for triggers.

    Its base draws the model and all that are related to it anew. With hundreds of triggers that was most of an empty database's
    migration.
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Note the trigger on the model's state."""
        options = state.models[app_label, self.model_name_lower].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]


def append_only(*, delete: bool = False) -> list[pgtrigger.Trigger]:
    """Return the triggers of a table whose rows never change. With `delete`, rows may be deleted (but the table not emptied)."""
    triggers: list[pgtrigger.Trigger] = [
        Protect(name="keep_update", operation=pgtrigger.Update),
        Protect(name="keep_truncate", operation=pgtrigger.Truncate, level=pgtrigger.Statement),
    ]
    if not delete:
        triggers.append(Protect(name="keep_delete", operation=pgtrigger.Delete))
    return triggers
