"""What a file is, told from its first bytes: never from its name, nor from what whoever sent it calls it."""

from __future__ import annotations

from dataclasses import dataclass

from domain.attachment_refusals import FileTooLarge, UnsupportedFile

_MIB = 1 << 20


@dataclass(frozen=True)
class Kind:
    """One type of file that is taken. `most` is in bytes; `decoder` is Pillow's name of a picture's, else empty."""

    media_type: str
    most: int
    decoder: str = ""
    pixels: int = 16_000_000
    """The most pixels: all of them are unpacked at once, at up to 20 bytes each."""


# A JPEG is unpacked at a fraction of its size, so a telephone's largest photo does no harm.
JPEG = Kind("image/jpeg", 8 * _MIB, "JPEG", pixels=50_000_000)
PNG = Kind("image/png", 8 * _MIB, "PNG")
GIF = Kind("image/gif", 8 * _MIB, "GIF")
WEBP = Kind("image/webp", 8 * _MIB, "WEBP")
PDF = Kind("application/pdf", 8 * _MIB)
MP4 = Kind("video/mp4", 16 * _MIB)
KINDS = (JPEG, PNG, GIF, WEBP, PDF, MP4)
_BEGINNINGS = {
    b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG, b"GIF87a": GIF, b"GIF89a": GIF, b"%PDF-1.": PDF, b"%PDF-2.": PDF,
}  # fmt: skip
_MP4_BRANDS = {
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"MSNV",
    b"3gp4",
    b"3gp5",
}


def kind_of(content: bytes) -> Kind:
    """Refuses `UnsupportedFile`, `FileTooLarge`."""
    kind = _told(content)
    if kind is None:
        raise UnsupportedFile(media_types=[one.media_type for one in KINDS])
    if len(content) > kind.most:
        raise FileTooLarge(media_type=kind.media_type, most=kind.most, bytes=len(content))
    return kind


def _told(content: bytes) -> Kind | None:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp" and content[8:12] in _MP4_BRANDS:
        return MP4
    return next((kind for beginning, kind in _BEGINNINGS.items() if content.startswith(beginning)), None)
