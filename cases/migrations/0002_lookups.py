"""Offences by the codes of the MoJ's Bichard standing data (August 2026), and the rules of retention. Admins may add to both."""

from typing import Any

from django.db import migrations

SOA = "Sexual Offences Act 2003"

# (CJS code, title, statute). No code is given where none had been published: none is invented.
OFFENCES = [
    ("SX03002", "Rape of a female aged 16 or over", f"{SOA} s.1"),
    ("SX03004", "Rape of a male aged 16 or over", f"{SOA} s.1"),
    ("SX03001", "Rape of a female aged 13 to 15", f"{SOA} s.1"),
    ("SX03003", "Rape of a male aged 13 to 15", f"{SOA} s.1"),
    ("SX03005", "Assault of a female aged 13 or over by penetration", f"{SOA} s.2"),
    ("SX03006", "Assault of a male aged 13 or over by penetration", f"{SOA} s.2"),
    ("SX03007", "Sexual assault on a female", f"{SOA} s.3"),
    ("SX03008", "Sexual assault on a male", f"{SOA} s.3"),
    ("SX03009", "Cause a female to engage in sexual activity, no penetration", f"{SOA} s.4"),
    ("SX03010", "Cause a male to engage in sexual activity, no penetration", f"{SOA} s.4"),
    ("SX03011", "Cause a female to engage in sexual activity, penetration", f"{SOA} s.4"),
    ("SX03012", "Cause a male to engage in sexual activity, penetration", f"{SOA} s.4"),
    ("SX03013", "Rape of a female child under 13", f"{SOA} s.5"),
    ("SX03014", "Rape of a male child under 13", f"{SOA} s.5"),
    ("SX03015", "Assault of a female child under 13 by penetration", f"{SOA} s.6"),
    ("SX03016", "Assault of a male child under 13 by penetration", f"{SOA} s.6"),
    ("SX03017", "Sexual assault of a female child under 13", f"{SOA} s.7"),
    ("SX03018", "Sexual assault of a male child under 13", f"{SOA} s.7"),
    ("SX03019", "Cause or incite a female child under 13 to sexual activity, no penetration", f"{SOA} s.8"),
    ("SX03020", "Cause or incite a male child under 13 to sexual activity, no penetration", f"{SOA} s.8"),
    ("SX03021", "Cause or incite a female child under 13 to sexual activity, penetration", f"{SOA} s.8"),
    ("SX03022", "Cause or incite a male child under 13 to sexual activity, penetration", f"{SOA} s.8"),
    ("SX03025", "Adult: sexual activity with a female child aged 13 to 15, penetration", f"{SOA} s.9"),
    ("SX03026", "Adult: sexual activity with a male child aged 13 to 15, penetration", f"{SOA} s.9"),
    ("SX03033", "Cause a child under 13 to watch a sexual act", f"{SOA} s.12"),
    ("SX03034", "Cause a child aged 13 to 15 to watch a sexual act", f"{SOA} s.12"),
    ("SX03225", "Meet a female child following sexual grooming", f"{SOA} s.15"),
    ("SX03226", "Meet a male child following sexual grooming", f"{SOA} s.15"),
    ("SX03224", "Sexual communication with a child", f"{SOA} s.15A"),
    ("SX03068", "Adult: sexual activity with a female family member aged 13 to 17, penetration", f"{SOA} s.25"),
    ("SX03069", "Adult: sexual activity with a male family member aged 13 to 17, penetration", f"{SOA} s.25"),
    ("SX03080", "Sexual activity with a female with a mental disorder impeding choice, penetration", f"{SOA} s.30"),
    ("SX03081", "Sexual activity with a male with a mental disorder impeding choice, penetration", f"{SOA} s.30"),
    ("SX03123", "Administer a substance with intent", f"{SOA} s.61"),
    ("SX03125", "Trespass with intent to commit a sexual offence", f"{SOA} s.63"),
    ("SX03128", "Exposure", f"{SOA} s.66"),
    ("SX03129", "Voyeurism: observe", f"{SOA} s.67"),
    ("SX03248", "Send a photograph or film of genitals", f"{SOA} s.66A"),
    ("", "Take or record an intimate photograph or film", f"{SOA} s.66AB"),
    ("", "Copy an intimate photograph or film that was shared temporarily", f"{SOA} s.66AE"),
    ("SX03249", "Share an intimate photograph or film without consent", f"{SOA} s.66B(1)"),
    ("SX03250", "Share an intimate photograph or film to cause alarm, distress or humiliation", f"{SOA} s.66B(2)"),
    ("SX03251", "Share an intimate photograph or film for sexual gratification", f"{SOA} s.66B(3)"),
    ("SX03252", "Threaten to share an intimate photograph or film", f"{SOA} s.66B(4)"),
    ("SX03253", "Create a purported intimate image of an adult", f"{SOA} s.66E"),
    ("SX03254", "Request the creation of a purported intimate image of an adult", f"{SOA} s.66F"),
    ("SX03255", "Request the inclusion of something in a purported intimate image of an adult", f"{SOA} s.66F"),
    ("PK78008", "Make an indecent image of a child", "Protection of Children Act 1978 s.1"),
    ("CJ88115", "Possess an indecent image of a child", "Criminal Justice Act 1988 s.160"),
    ("SC15005", "Intentional strangulation", "Serious Crime Act 2015 s.75A"),
    ("SC15006", "Intentional suffocation", "Serious Crime Act 2015 s.75A"),
]

CPIA = "CPIA 1996, Code of Practice Part 5(b)"
APP = "College of Policing APP, management of police information (PIRM Code 2023)"

# (name, applies to, runs from, period, review every years, source)
RETENTION = [
    ("CPIA: before charge", "Material that may be relevant", "Seizure or receipt", "Until it is decided not to charge", None, CPIA),
    ("CPIA: charged", "Material that may be relevant", "Charge", "Until the case ends (acquittal, conviction or discontinuance)", None, CPIA),
    (
        "CPIA: convicted",
        "Material that may be relevant",
        "Conviction",
        "Until release from custody or hospital, and 6 months at least; longer for an appeal or a CCRC application",
        None,
        CPIA,
    ),
    ("MoPI group 1", "Serious offences, most rape and serious sexual offences", "End of the case", "Until the subject's 100th birthday", 10, APP),
    ("MoPI group 2", "Other sexual, violent or serious offences", "End of the case", "10 years, then review", 10, APP),
    ("MoPI group 3", "All other offences", "End of the case", "6 years", None, APP),
]


def add(apps: Any, schema_editor: Any) -> None:
    code = apps.get_model("cases", "OffenceCode")
    code.objects.bulk_create(code(cjs_code=cjs, title=title, statute=statute) for cjs, title, statute in OFFENCES)
    rule = apps.get_model("cases", "RetentionRule")
    names = ("name", "applies_to", "trigger", "period", "review_every_years", "source")
    rule.objects.bulk_create(rule(**dict(zip(names, values, strict=True))) for values in RETENTION)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
