"""The type of a file by its content, and whether its name says something else."""

import codecs

UNKNOWN = "application/octet-stream"
PLAIN = "text/plain; charset=utf-8"
ZIP = "application/zip"
OLE = "application/x-ole-storage"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODP = "application/vnd.oasis.opendocument.presentation"
DOC, XLS, PPT = "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"
MSG = "application/vnd.ms-outlook"
PROTECTED_OFFICE = "application/x-encrypted-office"

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"{\\rtf", "application/rtf"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (b"FLV\x01", "video/x-flv"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
)
_RIFF = {b"WAVE": "audio/wav", b"WEBP": "image/webp", b"AVI ": "video/x-msvideo"}
_BRANDS = {
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    **dict.fromkeys((b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3g2a"), "video/3gpp"),
    b"qt  ": "video/quicktime",
}


def media_type_of(head: bytes) -> str:
    """The type that the first bytes of a file show (up to 1 MiB is looked at)."""
    for start, media_type in _STARTS:
        if head.startswith(start):
            return media_type
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head[:4] == b"\x1aE\xdf\xa3":
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    return _without_a_start(head)


def _without_a_start(head: bytes) -> str:
    """Types that show further in."""
    if head[257:262] == b"ustar":
        return "application/x-tar"
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        return "video/mp2t"
    return PLAIN if _is_text(head) else UNKNOWN


def _is_text(head: bytes) -> bool:
    try:
        # Incremental, because the head may end inside a character
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return bool(text) and not any(character < " " and character not in "\t\n\r\f" for character in text)


_MP4 = ("video/mp4", "audio/mp4", "video/quicktime", "video/3gpp")
_NAMES: dict[str, tuple[str, ...]] = {
    "pdf": ("application/pdf",),
    "png": ("image/png",),
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "gif": ("image/gif",),
    "webp": ("image/webp",),
    "tif": ("image/tiff",),
    "tiff": ("image/tiff",),
    "heic": ("image/heic",),
    **dict.fromkeys(("mp4", "m4v", "m4a", "mov", "3gp"), _MP4),
    "webm": ("video/webm", "video/x-matroska"),
    "mkv": ("video/x-matroska", "video/webm"),
    "avi": ("video/x-msvideo",),
    **dict.fromkeys(("wmv", "wma", "asf"), ("video/x-ms-asf",)),
    "wav": ("audio/wav",),
    "mp3": ("audio/mpeg",),
    "ogg": ("audio/ogg",),
    "flac": ("audio/flac",),
    "docx": (DOCX, PROTECTED_OFFICE),
    "docm": (DOCX, PROTECTED_OFFICE),
    "xlsx": (XLSX, PROTECTED_OFFICE),
    "xlsm": (XLSX, PROTECTED_OFFICE),
    "pptx": (PPTX, PROTECTED_OFFICE),
    "odt": (ODT,),
    "ods": (ODS,),
    "odp": (ODP,),
    "doc": (DOC, "application/rtf", PROTECTED_OFFICE),
    "xls": (XLS, PROTECTED_OFFICE),
    "ppt": (PPT, PROTECTED_OFFICE),
    "msg": (MSG,),
    "zip": (ZIP,),
    "7z": ("application/x-7z-compressed",),
    "rar": ("application/vnd.rar",),
    **dict.fromkeys(("gz", "tgz"), ("application/gzip",)),
    "tar": ("application/x-tar",),
    "exe": ("application/vnd.microsoft.portable-executable",),
    **dict.fromkeys(("txt", "csv", "log"), (PLAIN, UNKNOWN)),
}
_PROGRAMS = ("application/vnd.microsoft.portable-executable", "application/x-elf")


def contradicts(extension: str, media_type: str) -> bool:
    """Whether a file's name ending (lower case, no dot) promises another type than its content shows. An ending that is
    not known here promises nothing, but never hides a program.
    """
    expected = _NAMES.get(extension)
    if expected is None:
        return bool(extension) and media_type in _PROGRAMS and extension not in ("dll", "so", "com", "scr", "elf", "bin")
    return media_type not in expected
