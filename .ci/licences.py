"""Every package that we ship has a licence that lets a force or a company use the product freely.

Python packages are those of requirements.txt, npm packages those of package-lock.json that aren't for development only.
Copyleft with a linking exception (LGPL, MPL) is allowed, GPL and AGPL are not.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ALLOWED = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla Public|LGPL|Lesser General Public|Zlib|Unlicense|"
    r"0BSD|HPND|Historical Permission|CC0|PostgreSQL|OFL|Public Domain|Dual License|MIT-CMU|Python-2\.0)\b",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(r"(?<!L)(?<!Lesser )\b(AGPL|GPL|GNU (Affero )?General Public)", re.IGNORECASE)


def python_packages() -> dict[str, str]:
    """Name to licence of what requirements.txt installs here (other platforms' and versions' lines aren't installed)."""
    wanted = set(re.findall(r"^([A-Za-z0-9._-]+)==", Path("requirements.txt").read_text(), re.MULTILINE))
    listing = subprocess.run(
        [Path(sys.executable).parent / "pip-licenses", "--format=json", "--from=mixed"],
        check=True,
        capture_output=True,
        text=True,
    )
    found = {_plain(row["Name"]): row["License"] for row in json.loads(listing.stdout)}
    return {name: found[_plain(name)] for name in sorted(wanted) if _plain(name) in found}


def npm_packages() -> dict[str, str]:
    """Name to licence of what the pages are built from."""
    lock = json.loads(Path("package-lock.json").read_text())
    return {
        path.removeprefix("node_modules/"): str(facts.get("license", "none stated"))
        for path, facts in lock["packages"].items()
        if path and not facts.get("dev") and not facts.get("devOptional")
    }


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    """Print each package whose licence isn't on the list; the exit status."""
    packages = python_packages() | npm_packages()
    bad = {n: text for n, text in packages.items() if FORBIDDEN.search(text) or not ALLOWED.search(text)}
    for name, text in bad.items():
        print(f"{name}: {text}")
    print(f"{len(packages)} packages looked at, {len(bad)} not on the list")
    return 1 if bad or not packages else 0


if __name__ == "__main__":
    sys.exit(main())
