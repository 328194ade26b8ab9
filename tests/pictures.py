"""Pictures and other files as people, and attackers, send them: made here, so that each test sees what is in them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import ExifTags, Image

TAKEN, OFFSET = "2026:11:02 09:30:00", "+08:00"
TAKEN_AT = "2026-11-02T01:30:00Z"
LONGITUDE, LATITUDE = 121.505, 50.785
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00\x00\x00\x08free"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(mode: str = "RGB", size: tuple[int, int] = (64, 48), color: Any = None) -> Image.Image:
    """One colour, another for each call that asks for another."""
    return Image.new(mode, size, color if color is not None else 0)


def saved(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(content))
    found.load()
    return found


def jpeg(color: Any = (200, 30, 30), size: tuple[int, int] = (64, 48)) -> bytes:
    return saved(picture("RGB", size, color))


def photo(
    size: tuple[int, int] = (2400, 1800), *, orientation: int = 1, color: Any = (40, 90, 160), gps: bool = True
) -> bytes:
    """As a telephone takes it: red in its stored upper left corner, with time, place, maker and a comment."""
    image = picture("RGB", size, color)
    image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "secret-maker"
    camera = exif.get_ifd(ExifTags.IFD.Exif)
    camera[ExifTags.Base.DateTimeOriginal], camera[ExifTags.Base.OffsetTimeOriginal] = TAKEN, OFFSET
    if gps:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(place())
    return saved(image, exif=exif.tobytes(), comment=b"secret-comment", quality=90)


def place(longitude: float = LONGITUDE, latitude: float = LATITUDE) -> dict[int, Any]:
    """As GPS tags tell it, south and west included."""
    return {
        ExifTags.GPS.GPSLatitudeRef: "N" if latitude >= 0 else "S",
        ExifTags.GPS.GPSLatitude: _parts(latitude),
        ExifTags.GPS.GPSLongitudeRef: "E" if longitude >= 0 else "W",
        ExifTags.GPS.GPSLongitude: _parts(longitude),
    }


def _parts(degrees: float) -> tuple[float, float, float]:
    whole, rest = divmod(abs(degrees), 1)
    minutes, rest = divmod(rest * 60, 1)
    return whole, minutes, rest * 60


def png_bomb(side: int = 30_000) -> bytes:
    """A few kilobytes that say they are so many pixels a side."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 5_000))
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
