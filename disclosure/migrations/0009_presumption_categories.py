"""The categories of presumption material (DOMAIN section 1), and proposals for the items that there are already.

Letters and numbers follow the Code's list; the three that begin with C are of copies that go along without being presumed.
Casting doubt on a witness is 7 already.
"""

from typing import Any

from django.db import migrations

CATEGORIES = [
    ("1", "Record of a telephone message (for example a 999 call)", ["audio"], "999 call\n999 recording\nemergency call\n101 call"),
    ("2", "Incident log", [], "incident log\nincident record\nCAD\nSTORM\ncommand and control"),
    ("3", "Crime report", [], "crime report\ncrime record\noccurrence report"),
    ("3a", "Investigation log", [], "investigation log\ninvestigation record"),
    (
        "3b",
        "Investigator's notes later used for a statement, or of contact with suspect, victim or witness",
        [],
        "notebook\npocket book\ncontact log\nnote of contact\nnotes of contact",
    ),
    ("3c", "Account of the incident noted by an investigator", [], "scene note\nscene log\nnote of an account\nincident account"),
    ("3d", "Action record (house-to-house, CCTV, forensic)", [], "house-to-house\nhouse to house\naction record\nforensic submission"),
    ("3e", "CCTV or other imagery of the incident happening", ["video"], "CCTV\ndashcam\ndoorbell camera"),
    ("4", "Custody record or voluntary attendance record", [], "custody record\nvoluntary attendance\ndetention log"),
    (
        "5",
        "Previous account of the complainant or a witness",
        ["abe", "statement"],
        "first account\ninitial account\nprevious account\nbody-worn\nbody worn\ndraft statement\nearlier statement",
    ),
    ("6", "Record of an interview of a witness or suspect", ["abe"], "interview\nrecord of taped interview\nROTI"),
    (
        "7",
        "Casts doubt on the reliability of a witness",
        [],
        "previous conviction\nconviction\nformal caution\nPNC\nbad character\nunreliable\ncredibility",
    ),
]
COPIES = [
    ("C1", "First description of a suspect", [], "first description\ndescription of the suspect\ndescription of a suspect\nE-fit"),
    ("C2", "Explanation by the accused", [], "prepared statement\naccount of the suspect\nsuspect's account\nexplanation"),
    ("C3", "Casts doubt on a confession", [], "confession\nretraction\nretracted"),
]


def add(apps: Any, schema_editor: Any) -> None:
    model = apps.get_model("disclosure", "PresumptionCategory")
    rows = [(*row, True) for row in CATEGORIES] + [(*row, False) for row in COPIES]
    for position, (code, title, kinds, words, presumed) in enumerate(rows, start=1):
        model.objects.update_or_create(
            code=code, defaults={"title": title, "kinds": kinds, "words": words, "presumed": presumed, "position": position}
        )


PROPOSE = """
    INSERT INTO disclosure_presumptionproposal (item_id, category_id, because, at)
    SELECT i.id, c.id, left(coalesce(m.found, ''), 200), clock_timestamp()
    FROM disclosure_item i JOIN evidence_exhibit e ON e.id = i.exhibit_id CROSS JOIN disclosure_presumptioncategory c
    CROSS JOIN LATERAL (SELECT (regexp_match(e.description, c.pattern, 'i'))[1] AS found) m
    WHERE i.locator IS NULL AND c.is_active AND (c.pattern <> '' AND m.found IS NOT NULL OR c.kinds ? e.kind)
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0008_presumption")]
    operations = [
        migrations.RunPython(add, migrations.RunPython.noop),
        # The rows of the step before must not wait for their deferred checks while the table is read
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED", migrations.RunSQL.noop),
        migrations.RunSQL(PROPOSE, migrations.RunSQL.noop),
    ]
