"""Opening a picture: what is declined, and its pixels as they are meant to be seen.

A picture of one frame is a page whose points are its pixels. Of one with more (TIFF, GIF, WebP, HEIC) each frame is a page whose
longer side is A4's.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from redaction.engine import scan
from redaction.engine.errors import Damaged, NotThatType, TooLarge
from redaction.engine.shapes import Page

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "HEIF", "AVIF")
MAX_PIXELS, MAX_FRAMES = 100_000_000, 500
_LONGER_SIDE = 842.0


def count(path: Path) -> int:
    """How many frames it has. Raises as `upright`."""
    with _opened(path) as opened:
        return int(getattr(opened, "n_frames", 1))


def upright(path: Path, frame: int = 0) -> tuple[Image.Image, str]:
    """A frame in RGB (transparent parts on white), turned as its EXIF says, in sRGB; and its format's name.

    Raises NotThatType, TooLarge or Damaged.
    """
    with _opened(path) as opened:
        if frame:
            opened.seek(frame)
            _measured(opened)
        return _as_srgb(ImageOps.exif_transpose(opened)), opened.format or ""


def _measured(opened: Image.Image) -> None:
    if opened.width * opened.height > MAX_PIXELS:
        raise TooLarge(f"This picture has {opened.width} by {opened.height} pixels.")


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    import pi_heif  # here: it maps libraries that no other format needs

    pi_heif.register_heif_opener(thumbnails=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as opened:
                _measured(opened)
                if getattr(opened, "n_frames", 1) > MAX_FRAMES:
                    raise TooLarge(f"This picture has more than {MAX_FRAMES} frames.")
                yield opened
    except UnidentifiedImageError:
        raise NotThatType("This is not a picture of a known type.") from None
    except Image.DecompressionBombError:
        raise TooLarge("This picture has too many pixels.") from None
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        IndexError,
        KeyError,
        TypeError,
        RuntimeError,
        struct.error,
        zlib.error,
    ) as error:
        raise Damaged(f"This picture can't be read ({type(error).__name__}).") from None


def _as_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if turned is not None:
                return turned
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile: the plain pixels will do
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        with_alpha = picture.convert("RGBA")
        paper = Image.new("RGBA", with_alpha.size, (255, 255, 255, 255))
        return Image.alpha_composite(paper, with_alpha).convert("RGB")
    return picture.convert("RGB")


def unit_of(picture: Image.Image, frames: int) -> float:
    """Pixels a point of its page."""
    return max(1.0, max(picture.size) / _LONGER_SIDE) if frames > 1 else 1.0


def extract(path: Path) -> list[Page]:
    """A page a frame, with the words, faces and plates that its pixels show."""
    return list(scan.pages(_jobs(path)))


def text_layer(path: Path, scanned: Sequence[Page] = ()) -> list[Page]:
    """The pages without what their pixels say, but for those that were read before."""
    read = {page.index: page for page in scanned}
    return [read.get(page.index, page) for page, _, _ in _jobs(path)]


def _jobs(path: Path) -> Iterator[scan.Job]:
    frames = count(path)
    for index in range(frames):
        picture, _ = upright(path, index)
        unit = unit_of(picture, frames)
        page = Page(index, picture.width / unit, picture.height / unit)
        yield page, np.asarray(picture) if scan.available() else None, unit


def render(path: Path, page: Page, dpi: float) -> Image.Image:
    """The picture for a screen: `dpi` of 72 is full size of a single one, and no more than all its pixels are shown."""
    picture, _ = upright(path, page.index)
    scale = min(1.0, dpi / 72 * page.width / picture.width)
    if scale < 1:
        picture = picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
    return picture
