"""What a JPEG file consists of (ITU-T T.81, annex B)."""


def plain_jpeg(data: bytes) -> bool:
    """Whether a JPEG holds its pixels and a JFIF header alone: no EXIF, XMP, comment, profile, thumbnail or trailer."""
    if data[:2] != b"\xff\xd8":
        return False
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        segment = data[at + 4 : at + 2 + length]
        if kind == 0xDA:
            end = data.rfind(b"\xff\xd9")
            return end >= 0 and not data[end + 2 :].strip(b"\r\n")
        jfif = kind == 0xE0 and segment[:5] == b"JFIF\x00" and segment[12:14] == b"\x00\x00"
        if (0xE0 <= kind <= 0xEF or kind == 0xFE) and not jfif:
            return False
        at += 2 + length
    return False
