"""What a recording says of itself: streams, length, where and with what it was made. Read by MediaInfo; nothing is played."""

from pathlib import Path
from typing import Any

from evidence.formats.found import Found

# What the browsers in use play without help. Anything else waits for a viewing copy.
_PLAYED_VIDEO = {"AVC", "VP8", "VP9", "AV1"}
_PLAYED_AUDIO = {"AAC", "Opus", "Vorbis", "MPEG Audio", "PCM", "FLAC"}
_PLAYED_IN = {"video/mp4", "video/webm", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/wav"}
_MAKERS = (
    ("comapplequicktimemake", "Device maker"),
    ("comapplequicktimemodel", "Device"),
    ("comandroidmanufacturer", "Device maker"),
    ("comandroidmodel", "Device"),
    ("performer", "Performer"),
    ("writing_application", "Written with"),
    ("encoded_date", "Recorded, as it says"),
)
_PLACES = ("comapplequicktimelocationiso6709", "recorded_location", "xyz", "location")


def read(path: Path, found: Found) -> None:
    """Streams and length; marks damaged, location. `numbers["playable"]` says whether a browser can be expected to play it."""
    from pymediainfo import MediaInfo

    parsed = MediaInfo.parse(str(path), parse_speed=0.5)
    tracks = [track.to_data() for track in parsed.tracks]
    streams = [track for track in tracks if track["track_type"] in ("Video", "Audio")]
    for track in tracks:
        if track["track_type"] == "General":
            _general(track, found)
    for track in streams:
        found.row("Picture" if track["track_type"] == "Video" else "Sound", _stream(track))
    subtitles = sum(track["track_type"] == "Text" for track in tracks)
    found.row("Subtitles", subtitles or None)
    pictures = [track for track in streams if track["track_type"] == "Video"]
    if pictures and pictures[0].get("width"):
        found.numbers |= {"width": int(pictures[0]["width"]), "height": int(pictures[0].get("height") or 0)}
        found.numbers["frame_rate"] = _number(pictures[0].get("frame_rate"))
    if not pictures and streams and found.media_type == "video/mp4":
        found.media_type = "audio/mp4"
    found.numbers["playable"] = found.media_type in _PLAYED_IN and all(_plays(track) for track in streams)
    if not streams:
        found.mark("damaged")


def _general(track: dict[str, Any], found: Found) -> None:
    seconds = _number(track.get("duration")) / 1000
    if seconds:
        found.numbers["seconds"] = seconds
    found.row("Container", track.get("format"))
    for name, label in _MAKERS:
        found.row(label, track.get(name))
    for name in ("title", "comment", "description"):
        found.row(name.capitalize(), track.get(name), private=True)
    places = [track[name] for name in _PLACES if track.get(name)]
    if places:
        found.mark("location")
        found.row("Location", places[0], private=True)
    if track.get("istruncated") == "Yes":
        found.mark("damaged")


def _stream(track: dict[str, Any]) -> str:
    parts: list[Any] = [track.get("format"), track.get("format_profile")]
    if track["track_type"] == "Video":
        parts.append(f"{track.get('width')} × {track.get('height')}" if track.get("width") else None)
        parts.append(track.get("frame_rate") and f"{_number(track['frame_rate']):g} frames a second")
        parts.append("variable frame rate" if track.get("frame_rate_mode") == "VFR" else None)
    else:
        parts.append(track.get("channel_s") and f"{track['channel_s']} channel{'' if track['channel_s'] == 1 else 's'}")
        parts.append(track.get("sampling_rate") and f"{track['sampling_rate']} Hz")
    return ", ".join(str(part) for part in parts if part)


def _plays(track: dict[str, Any]) -> bool:
    if track["track_type"] == "Audio":
        return track.get("format") in _PLAYED_AUDIO
    # 10 bits and 4:2:2 are for studios: browsers play them here and there
    usual = track.get("bit_depth") in (None, 8) and track.get("chroma_subsampling") in (None, "4:2:0")
    return track.get("format") in _PLAYED_VIDEO and usual


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0
