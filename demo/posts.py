"""Who signs in to the demonstration: one person for each role. Plain data, read without Django too."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Post:
    """Somebody's post: what they may do (a value of `accounts.models.Role`), and who they are."""

    role: str
    email: str
    title: str
    name: str
    collar_number: str = ""
    initials: str = ""


POSTS: tuple[Post, ...] = (
    Post("investigator", "investigator@demo.example.org", "PC", "Alex BENNETT", "2914", "AB"),
    Post("exhibits", "exhibits@demo.example.org", "Exhibits Officer", "Rowan MARSH", "7731", "RM"),
    Post("disclosure", "disclosure@demo.example.org", "DC", "Imogen CLARKE", "4180", "IC"),
    Post("deputy_disclosure", "deputy@demo.example.org", "DC", "Tariq HUSSAIN", "4222", "TH"),
    Post("supervisor", "supervisor@demo.example.org", "DS", "Helen WHITLOCK", "1067", "HW"),
    Post("redactor", "redactor@demo.example.org", "Redaction Officer", "Jonas PEREIRA", "8012", "JP"),
    Post("approver", "approver@demo.example.org", "DS", "Beatrice OYELARAN", "1120", "BO"),
    Post("forensics", "forensics@demo.example.org", "Digital Examiner", "Wei ZHAO", "9004", "WZ"),
    Post("auditor", "auditor@demo.example.org", "Information Auditor", "Frances DOYLE"),
    Post("prosecutor", "prosecutor@demo.example.org", "Senior Crown Prosecutor", "Samuel ADEYEMI"),
)
FORCE = "Surrey Police (demonstration)"
FORCE_CODE = "45"
CPS_AREA = "CPS South East (demonstration)"
ADMIN_EMAIL = "admin@demo.example.org"
PROSECUTOR_EMAIL = "prosecutor@demo.example.org"
