"""Recordings made with a real ffmpeg: the one on the machine, or the one that the tests' own package brings."""

from __future__ import annotations

import functools
import shutil
import subprocess
from pathlib import Path


def ffmpeg() -> str:
    """Where the program is."""
    found = shutil.which("ffmpeg")
    if found:
        return found
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


@functools.cache
def recording(name: str, *options: str, seconds: int = 3, sound: bool = True, picture: bool = True) -> bytes:
    """A test picture with a tone, in the container that the ending of `name` says, by these options of ffmpeg."""
    import tempfile

    inputs: list[str] = []
    if picture:
        inputs += ["-f", "lavfi", "-i", f"testsrc=size=160x120:rate=10:duration={seconds}"]
    if sound:
        inputs += ["-f", "lavfi", "-i", f"sine=440:duration={seconds}"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        subprocess.run([ffmpeg(), "-loglevel", "error", "-y", *inputs, *options, str(path)], check=True, capture_output=True)
        return path.read_bytes()


def mp4(**options: int) -> bytes:
    """What a phone makes: H.264 and AAC, with the place."""
    place = ("-movflags", "use_metadata_tags", "-metadata", "com.apple.quicktime.location.ISO6709=+51.4545-002.5879/")
    return recording("a.mp4", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", *place, **options)


def avi() -> bytes:
    """What an old CCTV recorder exports: MPEG-4 part 2 and MP2 in AVI."""
    return recording("a.avi", "-c:v", "mpeg4", "-c:a", "mp2")
