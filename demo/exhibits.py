"""The exhibits of the demonstration case: what is said of each, and what the disclosure officer decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from evidence.models import Exhibit


@dataclass(frozen=True)
class DemoExhibit:
    """An exhibit, its file (`file` is a key of `demo.files.make_files`, or empty for a thing without one), its use."""

    file: str
    kind: str
    description: str
    seized_at: datetime
    seized_where: str
    seal_number: str
    location: str
    use: str
    schedule_description: str = ""


_STORE = "Digital evidence store, Wexcombe Police Station"
_CLUB = "Wexcombe Rowing Club, Ferry Road, Wexcombe"

EXHIBITS: tuple[DemoExhibit, ...] = (
    DemoExhibit(
        "statement", Exhibit.Kind.STATEMENT, "Witness statement of Complainant A dated 04/11/2026, 3 pages",
        datetime(2026, 11, 4, 14, 40, tzinfo=UTC), "Wexcombe Police Station", "A1184001", _STORE, "used",
    ),
    DemoExhibit(
        "scan", Exhibit.Kind.STATEMENT, "Signed paper original of AB/1, scanned, 3 pages",
        datetime(2026, 11, 4, 14, 45, tzinfo=UTC), "Wexcombe Police Station", "A1184002", _STORE, "used",
    ),
    DemoExhibit(
        "chat", Exhibit.Kind.MESSAGES, "Export of messages of 31/10/2026 and 01/11/2026 from the telephone AB/7, 8 messages",
        datetime(2026, 11, 3, 11, 20, tzinfo=UTC), "Digital Forensics Unit", "A1184003", _STORE, "used",
    ),
    DemoExhibit(
        "photograph", Exhibit.Kind.PHOTOGRAPH, "Photograph of two people in front of the boat store, 31/10/2026 21:45",
        datetime(2026, 11, 2, 10, 5, tzinfo=UTC), _CLUB, "A1184004", _STORE, "used",
    ),
    DemoExhibit(
        "video", Exhibit.Kind.VIDEO, "CCTV of the side door of the boat store, 31/10/2026, camera 3, 6 seconds",
        datetime(2026, 11, 2, 10, 30, tzinfo=UTC), _CLUB, "A1184005", _STORE, "unused",
        "CCTV recording of 31/10/2026 from 23:04:52, camera 3 of the Wexcombe Rowing Club, produced by the club's "
        "steward. It shows one person walking past the side door of the boat store. Relevant to the times at which "
        "people came and went. Length 6 seconds, no sound.",
    ),
    DemoExhibit(
        "audio", Exhibit.Kind.AUDIO, "Voicemail message of 01/11/2026 left on the complainant's telephone, 4 seconds",
        datetime(2026, 11, 3, 11, 40, tzinfo=UTC), "Digital Forensics Unit", "A1184006", _STORE, "unused",
        "Recording of a voicemail message of 01/11/2026, left on the telephone of the complainant by an unknown caller "
        "and saved by the digital forensics unit. No words can be made out. Relevant to contact after the event. "
        "Length 4 seconds.",
    ),
    DemoExhibit(
        "", Exhibit.Kind.PHONE, "Grey mobile telephone of Complainant A",
        datetime(2026, 11, 1, 11, 15, tzinfo=UTC), "Wexcombe", "A1184007", "Property store, shelf C4", "unused",
        "Mobile telephone, grey, handed over by the complainant to the investigator on 01/11/2026. The messages of "
        "31/10/2026 and 01/11/2026 were taken from it and are exhibit AB/3; nothing else on it has been examined. "
        "Relevant as the source of AB/3. One item.",
    ),
)  # fmt: skip
