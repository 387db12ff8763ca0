"""What the codes that a file's reading leaves on it mean, in words, with what to do next."""

from dataclasses import dataclass

from evidence.models import Blob


@dataclass(frozen=True)
class Mark:
    """A state or a warning. `blocks` says that the content can't be shown or redacted here as it is."""

    title: str
    next_step: str
    colour: str = "yellow"
    blocks: bool = False


_ASK_FOR_IT = (
    "Ask its owner or the forensic unit for the password, make an open copy outside with it, and add that copy as a"
    " sub-exhibit. This file stays as it is."
)
MARKS: dict[str, Mark] = {
    "malware": Mark(
        "Malware was found in it",
        "It is kept as it is, because it may be the evidence, but not shown here. Download it only with a reason, to an isolated"
        " machine, and tell your force's information security team.",
        "red",
        blocks=True,
    ),
    "encrypted": Mark("Protected by a password", f"It can't be shown or redacted. {_ASK_FOR_IT}", "red", blocks=True),
    "damaged": Mark(
        "Damaged, or cut short",
        "Ask who supplied it to send it again as a new exhibit, and keep this one. It can still be downloaded.",
        "orange",
    ),
    "empty": Mark("Empty", "It holds 0 bytes. Ask who supplied it to send it again as a new exhibit.", "orange", blocks=True),
    "unreadable": Mark(
        "Its details could not be read",
        "Reading it broke off, or took too long. Open it only on an isolated machine; the forensic unit can look into it.",
        "orange",
    ),
    "bomb": Mark(
        "Unpacks to far more than it is",
        "Don't unpack or open it on a working machine. Ask the forensic unit.",
        "red",
        blocks=True,
    ),
    "links_out": Mark(
        "Holds links or paths that lead outside it",
        "Unpack it only on an isolated machine, with a program that ignores links.",
        "orange",
    ),
    "polyglot": Mark(
        "Two formats in one file",
        "It shows different things in different programs. Have the forensic unit look at what the other one holds.",
        "red",
    ),
    "mismatch": Mark(
        "Its name and its content differ",
        "It is not the kind of file that its name says. Treat it by its content, and ask who supplied it why.",
        "orange",
    ),
    "macros": Mark("Holds macros", "Open a download only in a program with macros off.", "orange"),
    "scripts": Mark(
        "Holds scripts or actions", "They never run here. Open a download only in a program with scripts off.", "orange"
    ),
    "remote": Mark("Draws content from elsewhere", "Open a download only without a network.", "orange"),
    "attachments": Mark(
        "Holds other files", "They are not shown here. Download it to look at them, and list them as sub-exhibits."
    ),
    "revisions": Mark("Holds earlier versions of itself", "What was deleted or changed may still be in it."),
    "location": Mark("Location data present", "It says where it was made. A redacted copy made here leaves it out.", "blue"),
    "partly": Mark("Read in part", "It is large: only what its list, its beginning and its end say is shown here.", "blue"),
}


def marks_of(blob: Blob) -> list[Mark]:
    """What was noted about its content, the worst first."""
    order = ["red", "orange", "yellow", "blue"]
    codes = (["malware"] if blob.malware else []) + blob.facts.get("marks", [])
    known = [MARKS[code] for code in codes if code in MARKS]
    return sorted(known, key=lambda mark: order.index(mark.colour))


def can_be_worked_on(blob: Blob) -> bool:
    """Whether its content can be shown or redacted here: it is verified, and nothing about it stands in the way."""
    return blob.state == Blob.State.VERIFIED and not any(mark.blocks for mark in marks_of(blob))
