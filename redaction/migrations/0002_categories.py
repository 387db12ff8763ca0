"""Categories of redaction, the CPS log type each maps to, and what is done with them by default for each audience.

The codes are the product's own; the log types are those of the CPS casework app. An admin may change the defaults.
"""

from typing import Any

from django.db import migrations

# (code, name, type in the CPS redaction log, rule for CPS, for the defence, for the court, note)
R, J, K = "redact", "judge", "keep"
CATEGORIES = [
    ("ADDR", "Home address of a complainant or witness", "Address", J, R, R, ""),
    ("TEL", "Telephone number", "Phone number", J, R, R, "Stays if it is the evidence"),
    ("EML", "E-mail address", "Email address", J, R, R, "Stays if it is the evidence"),
    ("SOC", "Social media handle", "Other", J, R, R, "Stays if it is the evidence"),
    ("DOB", "Date of birth", "Date of birth", J, R, R, "Show the age"),
    ("NI", "National Insurance number", "NI Number", R, R, R, ""),
    ("NHS", "NHS number", "NHS number", R, R, R, ""),
    ("ID", "Passport, licence or device number", "Other", R, R, R, ""),
    ("FIN", "Bank or card details", "Bank details", R, R, R, ""),
    ("VRM", "Vehicle registration of somebody uninvolved", "Vehicle registration", R, R, R, "Stays if it is in issue"),
    ("TPN", "Name of an uninvolved third party", "Named individual", J, R, R, "Names of witnesses whose evidence is served stay"),
    ("FAC", "Face of an uninvolved third party", "Named individual", J, R, R, ""),
    ("VOI", "Voice of an uninvolved third party", "Named individual", J, R, R, ""),
    ("CHD", "Child or family identifier", "Relationship to others", J, R, R, ""),
    ("LOC", "Number plate, house front, school badge, location", "Location", J, R, R, ""),
    ("SCR", "Screen, whiteboard, radio, other prisoner", "Other", R, R, R, ""),
    ("MED", "Irrelevant medical, sexual or counselling detail", "Other", R, R, R, ""),
    ("WRK", "Employer or school of the complainant", "Occupation", J, R, R, ""),
    ("OPS", "Personal data or credentials of an officer", "Other", R, R, R, "Collar numbers stay"),
    ("REL", "Relationship to others", "Relationship to others", J, J, J, ""),
    ("TTL", "Title", "Title", J, J, J, ""),
    ("PCN", "Previous convictions", "Previous convictions", J, J, J, ""),
    ("OTH", "Other", "Other", J, J, J, "Say what it is in the reason"),
]
AUDIENCES = ("cps", "defence", "court")


def add(apps: Any, schema_editor: Any) -> None:
    """Put them in."""
    category, policy = apps.get_model("redaction", "Category"), apps.get_model("redaction", "Policy")
    for code, name, log_type, *rules, note in CATEGORIES:
        made = category.objects.create(code=code, name=name, log_type=log_type)
        policy.objects.bulk_create(
            policy(category=made, audience=audience, rule=rule, note=note)
            for audience, rule in zip(AUDIENCES, rules, strict=True)
        )


class Migration(migrations.Migration):
    dependencies = [("redaction", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
