"""What npm builds: neither crown nor GDS Transport, nothing inline, every file that a page names."""

import re
from pathlib import Path

import pytest

from tests.optional import requires

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

pytestmark = requires("static")


@pytest.fixture(scope="module")
def built() -> Path:
    """Where `npm run build` has put everything."""
    return ROOT / "static" / "build"


def test_the_style_sheet_has_no_crown_crest_or_government_font(built: Path) -> None:
    css = (built / "app.css").read_text()
    assert not re.search(r"url\([^)]*(crown|crest)", css)
    assert "GDS Transport" not in css
    assert "@font-face" not in css


def test_the_style_sheet_names_only_images_that_are_there(built: Path) -> None:
    for name in re.findall(r"url\(([^)]+)\)", (built / "app.css").read_text()):
        path = name.strip("\"'")
        assert path.startswith("data:") or (built / path).is_file(), path


def test_no_image_of_a_crown_or_crest_is_served(built: Path) -> None:
    assert [path.name for path in built.rglob("*") if re.search("crown|crest|opengraph|touch-icon", path.name)] == []


def test_every_static_file_that_a_template_names_is_there(built: Path) -> None:
    for template in TEMPLATES:
        for name in re.findall(r"{% static ['\"]([^'\"]+)['\"]", template.read_text()):
            # Sign-in scripts come with their package
            if not name.startswith(("mfa/", "account/")):
                path = ROOT / "static" / name
                assert path.is_dir() if name.endswith("/") else path.is_file(), f"{template.name}: {name}"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_has_inline_script_or_style(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\sstyle=", text)
    assert "<style" not in text
    assert not re.search(r"\son[a-z]+=[\"']", text)
    for attributes in re.findall(r"<script([^>]*)>", text):
        assert "src=" in attributes or 'type="application/json"' in attributes, attributes


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
