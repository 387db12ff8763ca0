"""What a prosecutor may say of a row (DOMAIN section 2): display letters, of which two are the product's own."""

from typing import Any

from django.db import migrations

CODES = [
    ("D", "Disclosable: copy to be disclosed", True),
    ("I", "Disclosable by inspection", True),
    ("CND", "Clearly not disclosable", False),
    ("ND", "Not disclosable (viewed)", True),
    ("E", "Evidence", True),
    ("Q", "Query: request material or an updated description", True),
    ("R", "Row returned", True),
]


def add_codes(apps: Any, schema_editor: Any) -> None:
    code_model = apps.get_model("disclosure", "EndorsementCode")
    for code, meaning, needs_reason in CODES:
        code_model.objects.update_or_create(code=code, defaults={"meaning": meaning, "needs_reason": needs_reason})


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_initial")]
    operations = [migrations.RunPython(add_codes, migrations.RunPython.noop)]
