"""Making something that a browser shows of what it can't: runs inside the sandbox, plain Python.

Recordings go through the program ffmpeg (a process of its own: its builds are under the GPL, and nothing here links to it),
to VP9 and Opus in WebM; pictures through Pillow, to PNG.
"""

import re
import subprocess
from typing import TYPE_CHECKING, Any

from evidence.formats import pictures
from sandbox.errors import Refused

if TYPE_CHECKING:
    from sandbox.child import Inside

# Only containers that hold what they play: a playlist would have it read other files
_CONTAINERS = "mov,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,wav,mp3,aac,ogg,flac,amr,amrnb,h264,hevc,m4v"
_VIDEO = ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-row-mt", "1", "-b:v", "0", "-crf", "33"]
_SHAPE = ["-pix_fmt", "yuv420p", "-vf", "scale='min(1920,iw)':-2"]
_SOUND = ["-c:a", "libopus", "-b:a", "96k", "-ac", "2"]
LARGEST_PICTURE = 6000


def recording(payload: dict[str, Any], inside: "Inside") -> dict[str, Any]:
    """Transcode `blob` to `view` with the program `payload["program"]`; its name and version are returned as `maker`.

    Refused if it can't be decoded. Progress is in seconds of `payload["seconds"]`.
    """
    program = str(payload["program"])
    source = inside.files["blob"]
    told = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stdout.split()
    command = [program, "-nostdin", "-loglevel", "error", "-y", "-protocol_whitelist", "file", "-format_whitelist", _CONTAINERS]
    command += ["-i", str(source), "-map", "0:v:0?", "-map", "0:a:0?", "-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn"]
    command += [*_VIDEO, *_SHAPE, *_SOUND, "-threads", "2", "-progress", "pipe:1", "-f", "webm", str(inside.output / "view")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, pass_fds=[int(source.name)])
    total = int(payload["seconds"])
    assert process.stdout is not None  # noqa: S101 (asked for above)
    for line in process.stdout:
        if match := re.match(r"out_time_us=(\d+)", line):
            inside.progress(min(int(match[1]) // 1_000_000, total), total)
    if process.wait() != 0 or not (inside.output / "view").stat().st_size:
        raise Refused("It can't be decoded here. It is kept as it is: play a download of it in its maker's own player")
    return {"maker": " ".join(["ffmpeg", *told[2:3], "(VP9, Opus)"])}


def picture(payload: dict[str, Any], inside: "Inside") -> dict[str, Any]:
    """Draw the picture `blob` upright as PNG into `view`, at most LARGEST_PICTURE pixels wide and high."""
    import PIL
    from PIL import ImageOps

    try:
        with pictures.open_picture(inside.files["blob"]) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise Refused("It can't be drawn here. It is kept as it is: look at a download of it in another program") from error
    upright.thumbnail((LARGEST_PICTURE, LARGEST_PICTURE))
    upright.save(inside.output / "view", "PNG")
    return {"maker": f"Pillow {PIL.__version__} (PNG)"}
