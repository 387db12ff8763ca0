"""What a picture says of itself: size, camera, and where it was taken."""

import contextlib
from pathlib import Path
from typing import Any

from evidence.formats.found import Found

# More isn't drawn: 100 million pixels are 300 MB of memory
MOST_PIXELS = 100_000_000
_CAMERA, _GPS = 0x8769, 0x8825
_ROWS = ((0x010F, "Camera maker"), (0x0110, "Camera"), (0x0131, "Software"))
_TAKEN, _DIGITISED = 0x9003, 0x9004


def open_picture(path: Path) -> Any:
    """The picture, not yet drawn. Raises what Pillow raises."""
    import pi_heif
    from PIL import Image

    pi_heif.register_heif_opener()
    return Image.open(path)


def read(path: Path, found: Found) -> None:
    """Size and EXIF; marks damaged, bomb, location."""
    import warnings

    from PIL import Image, UnidentifiedImageError

    # Its size is looked at below; here it is only told
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = None
    try:
        with open_picture(path) as image:
            found.numbers |= {"width": image.width, "height": image.height}
            frames = getattr(image, "n_frames", 1)
            found.row("Pictures in it", frames if frames > 1 else None)
            _exif(image, found)
            if image.width * image.height > MOST_PIXELS:
                found.mark("bomb")
            else:
                image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        found.mark("damaged")


def _exif(image: Any, found: Found) -> None:
    try:
        exif = image.getexif()
        camera, gps = exif.get_ifd(_CAMERA), exif.get_ifd(_GPS)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError):
        found.row("EXIF", "Damaged")
        return
    for tag, label in _ROWS:
        found.row(label, exif.get(tag))
    found.row("Taken", _date(camera.get(_TAKEN) or camera.get(_DIGITISED)))
    found.row("Owner or author", exif.get(0x013B) or camera.get(0xA430), private=True)
    found.row("Body serial number", camera.get(0xA431), private=True)
    found.row("Description", exif.get(0x010E), private=True)
    if gps:
        found.mark("location")
        with contextlib.suppress(ArithmeticError, ValueError, TypeError, KeyError, IndexError):
            found.row("Location", f"{_degrees(gps, 1):.6f}, {_degrees(gps, 3):.6f}", private=True)


def _degrees(gps: Any, tag: int) -> float:
    """Decimal degrees, negative to the south and west; `tag` names the hemisphere, `tag + 1` degrees, minutes, seconds."""
    degrees, minutes, seconds = (float(part) for part in gps[tag + 1])
    sign = -1 if str(gps[tag]).strip("\0 ").upper() in ("S", "W") else 1
    return sign * (degrees + minutes / 60 + seconds / 3600)


def _date(text: Any) -> str:
    parts = str(text or "").split()
    day = parts[0].split(":") if parts else []
    return f"{day[2]}/{day[1]}/{day[0]} {' '.join(parts[1:])} (by the camera's clock)" if len(day) == 3 else ""
