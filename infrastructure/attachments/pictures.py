"""Pictures opened as whatever anybody may have sent, and drawn anew: upright, bounded, without a word of metadata."""

from __future__ import annotations

import io
import warnings

from PIL import ExifTags, Image, ImageOps

from application.attachments import Attachment, Examined, Variant, digest_of
from domain.attachment_refusals import DamagedPicture, PictureTooLarge
from infrastructure.attachments.exif import taken
from infrastructure.attachments.kinds import JPEG, Kind, kind_of

SIDES = {Variant.PUBLIC: 1600, Variant.THUMBNAIL: 320}
"""The longer side, in pixels."""
QUALITY = 82
MOST_SCANS = 100
"""Of a progressive JPEG, each of which goes over the whole picture again; cameras write some ten."""
_SCAN = b"\xff\xda"
# Ours are counted right after a file's head is read, by kind; a warning instead would stop nothing.
Image.MAX_IMAGE_PIXELS = None
# What strangers' files are like is no news to the operator: they are drawn or refused.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")


def examine(content: bytes) -> Examined:
    """What `content` is, and its pictures drawn anew where it is one."""
    kind, digest = kind_of(content), digest_of(content)
    if not kind.decoder:
        return Examined(
            Attachment(digest, kind.media_type, len(content), None, None), {Variant.ORIGINAL: content}
        )  # fmt: skip
    if kind is JPEG and content.count(_SCAN) > MOST_SCANS:
        raise DamagedPicture()
    picture = _opened(content, kind)
    try:
        at, place = taken(picture)
        width, height = picture.size[::-1] if _lies(picture) else picture.size
        upright = _upright(picture, kind)
        contents = {variant: _drawn(upright, side) for variant, side in SIDES.items()}
    except Exception as error:  # a decoder fed with what anybody may have written fails in ways of its own
        raise DamagedPicture() from error
    longitude, latitude = place or (None, None)
    found = Attachment(digest, kind.media_type, len(content), width, height, at, longitude, latitude)
    return Examined(found, {Variant.ORIGINAL: content, **contents})


def _opened(content: bytes, kind: Kind) -> Image.Image:
    """The head of the file read, by no decoder but its kind's."""
    try:
        picture = Image.open(io.BytesIO(content), formats=[kind.decoder])
    except Exception as error:
        raise DamagedPicture() from error
    if picture.width * picture.height > kind.pixels:
        raise PictureTooLarge(width=picture.width, height=picture.height, most=kind.pixels)
    return picture


def _upright(picture: Image.Image, kind: Kind) -> Image.Image:
    """The first frame, decoded, in RGB on white, turned as it was held."""
    if kind is JPEG:
        # By the longer side, so that a very long picture is unpacked small as well.
        by = max(picture.size) / SIDES[Variant.PUBLIC]
        picture.draft("RGB", (max(1, int(picture.width / by)), max(1, int(picture.height / by))))
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)  # at full size each copy counts
    if picture.mode.startswith("I"):  # 16 bits a pixel: the upper eight of them
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        white = Image.new("RGB", clear.size, "white")
        white.paste(clear, mask=clear)
        return white
    return picture.convert("RGB")


def _lies(picture: Image.Image) -> bool:
    """Whether it was taken with the camera held upright, and lies on its side in the file."""
    return picture.getexif().get(ExifTags.Base.Orientation) in range(5, 9)


def _drawn(upright: Image.Image, side: int) -> bytes:
    smaller = upright.copy()
    smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
    # A picture of its own: what the file said beside its pixels stays behind.
    bare = Image.frombytes("RGB", smaller.size, smaller.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()
