"""What a file is, told from its bytes; pictures drawn anew; whatever anybody may send."""

from __future__ import annotations

import io
from contextlib import suppress
from hashlib import sha256
from random import Random
from typing import Any

import pytest
from PIL import Image

from application.attachments import Variant
from domain.attachment import named_by
from domain.attachment_refusals import DamagedPicture, FileTooLarge, PictureTooLarge, UnsupportedFile
from infrastructure.attachments.pictures import MOST_SCANS, examine
from tests import pictures
from tests.pictures import jpeg, opened, photo, picture, png_bomb, saved

MB = 1 << 20
PUBLIC, THUMBNAIL = Variant.PUBLIC, Variant.THUMBNAIL


def is_red(pixel: Any) -> bool:
    red, green, blue = pixel
    return bool(red > 180 and green < 90 and blue < 90)


# --- a photo as a telephone takes it --------------------------------------------------------------


def test_a_photo_is_known_by_its_bytes_with_time_and_place_apart() -> None:
    content = photo()
    found = examine(content).attachment
    assert (found.digest, found.media_type) == (sha256(content).hexdigest(), "image/jpeg")
    assert (found.bytes, found.width, found.height) == (len(content), 2400, 1800)
    assert found.taken_at
    assert found.taken_at.isoformat().replace("+00:00", "Z") == pictures.TAKEN_AT
    assert (found.longitude, found.latitude) == (pictures.LONGITUDE, pictures.LATITUDE)


def test_the_pictures_drawn_anew_are_bounded_and_say_nothing() -> None:
    contents = examine(photo()).contents
    for variant, size in ((PUBLIC, (1600, 1200)), (THUMBNAIL, (320, 240))):
        drawn = opened(contents[variant])
        assert (drawn.format, drawn.size) == ("JPEG", size)
        assert dict(drawn.getexif()) == {}
        assert set(drawn.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        assert b"secret" not in contents[variant]
        assert b"Exif" not in contents[variant]
    assert b"secret-maker" in contents[Variant.ORIGINAL]


@pytest.mark.parametrize(
    ("orientation", "red_at"), [(1, (0.25, 0.25)), (3, (0.75, 0.75)), (6, (0.75, 0.25)), (8, (0.25, 0.75))]
)
def test_a_picture_is_turned_as_it_was_held(orientation: int, red_at: tuple[float, float]) -> None:
    found = examine(photo((640, 480), orientation=orientation))
    upright = (480, 640) if orientation in (6, 8) else (640, 480)
    assert (found.attachment.width, found.attachment.height) == upright
    drawn = opened(found.contents[PUBLIC])
    assert drawn.size == upright
    for x, y in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)]:
        assert is_red(drawn.getpixel((int(x * drawn.width), int(y * drawn.height)))) is ((x, y) == red_at)


@pytest.mark.parametrize(
    ("longitude", "latitude", "told"),
    [(-70.66, -33.45, (-70.66, -33.45)), (0, 0, (None, None)), (200, 10, (None, None)), (10, 91, (None, None))],
)
def test_a_place_is_told_where_it_makes_sense(longitude: float, latitude: float, told: Any) -> None:
    exif = Image.Exif()
    exif.get_ifd(34853).update(pictures.place(longitude, latitude))
    found = examine(saved(picture(), exif=exif.tobytes())).attachment
    assert (found.longitude, found.latitude) == told


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "yesterday", "1970:01:01 00:00:00", "2026:13:01 00:00:00"])
def test_a_time_is_told_where_it_makes_sense(taken: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(34665)[0x9003] = taken
    assert examine(saved(picture(), exif=exif.tobytes())).attachment.taken_at is None


def test_a_camera_that_says_no_offset_was_here() -> None:
    exif = Image.Exif()
    exif.get_ifd(34665)[0x9003] = pictures.TAKEN
    found = examine(saved(picture(), exif=exif.tobytes())).attachment
    assert found.taken_at
    assert found.taken_at.isoformat() == "2026-11-02T01:30:00+00:00"


# --- other pictures and papers --------------------------------------------------------------------

FADED = Image.linear_gradient("L").resize((64, 48))
FRAMES = [picture("RGB", (64, 48), color) for color in ("red", "green", "blue")]
UNUSUAL = {
    "cmyk": saved(picture("CMYK", color=(0, 255, 255, 0))),
    "grey": saved(picture("L", color=128)),
    "16 bits": saved(picture("I;16", color=40_000), "PNG"),
    "see-through": saved(picture("RGBA", color=(0, 0, 0, 0)), "PNG"),
    "palette": saved(picture("RGB", color="red").quantize(4), "PNG", transparency=0),
    "one bit": saved(picture("1", color=1), "PNG"),
    "gif": saved(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:]),
    "moving png": saved(FRAMES[0], "PNG", save_all=True, append_images=FRAMES[1:]),
    "webp": saved(FRAMES[0], "WEBP"),
    "moving webp": saved(FRAMES[0], "WEBP", save_all=True, append_images=FRAMES[1:]),
    "one pixel": saved(picture("RGB", (1, 1)), "PNG"),
    "a line": saved(picture("RGB", (60_000, 2)), "PNG"),
    "several in one": saved(FRAMES[0], "MPO", save_all=True, append_images=FRAMES[1:]),
    "grey and see-through": saved(picture("LA", color=(100, 100)), "PNG"),
    "exif of rubbish": saved(picture(), exif=b"Exif\0\0MM\0*\xff\xff\xff\xffrubbish"),
    "a very long jpeg": saved(picture("RGB", (20_000, 10))),
    "jpeg with a zip behind it": jpeg() + b"PK\x03\x04" + b"x" * 100,
}


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize("content", UNUSUAL.values(), ids=UNUSUAL.keys())
def test_an_unusual_picture_is_drawn_anew(content: bytes) -> None:
    for variant, most in ((PUBLIC, 1600), (THUMBNAIL, 320)):
        drawn = opened(examine(content).contents[variant])
        assert (drawn.format, drawn.mode) == ("JPEG", "RGB")
        assert max(drawn.size) <= most
        assert b"PK\x03\x04" not in examine(content).contents[variant]


def test_sixteen_bits_a_pixel_keep_their_brightness_and_see_through_is_white() -> None:
    grey = opened(examine(UNUSUAL["16 bits"]).contents[PUBLIC]).getpixel((10, 10))
    assert grey == pytest.approx((156, 156, 156), abs=2)
    assert opened(examine(UNUSUAL["see-through"]).contents[PUBLIC]).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(("content", "media_type"), [(pictures.PDF, "application/pdf"), (pictures.MP4, "video/mp4")])
def test_a_paper_and_a_film_are_kept_as_they_are(content: bytes, media_type: str) -> None:
    found = examine(content)
    assert (found.attachment.media_type, found.attachment.width) == (media_type, None)
    assert found.contents == {Variant.ORIGINAL: content}


# --- what is refused ------------------------------------------------------------------------------

NOT_TAKEN = {
    "empty": b"",
    "a text called picture.jpg": "这不是图片".encode(),
    "svg": pictures.SVG,
    "html": b"<!doctype html><script>1</script>",
    "bmp": saved(picture(), "BMP"),
    "tiff": saved(picture(), "TIFF"),
    "program": b"MZ\x90\x00" + b"\0" * 100,
    "paper behind a text": b"hello\n" + pictures.PDF,
    "heic": b"\x00\x00\x00\x18ftypheic" + b"\0" * 20,
}


@pytest.mark.parametrize("content", NOT_TAKEN.values(), ids=NOT_TAKEN.keys())
def test_what_is_none_of_the_types_is_refused(content: bytes) -> None:
    with pytest.raises(UnsupportedFile):
        examine(content)


DAMAGED = {
    "cut off": photo((640, 480))[:3_000],
    "a head alone": jpeg()[:20],
    "three bytes": b"\xff\xd8\xff",
    "png of rubbish": b"\x89PNG\r\n\x1a\n" + b"rubbish" * 50,
    "webp of rubbish": b"RIFF\x10\x00\x00\x00WEBPVP8 rubbish.",
    "gif cut off": b"GIF89a\x01",
    "png cut off": saved(FADED, "PNG")[:-60],
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_picture_is_refused(content: bytes) -> None:
    with pytest.raises(DamagedPicture):
        examine(content)


def test_a_decompression_bomb_is_refused_before_it_is_unpacked() -> None:
    assert len(png_bomb()) < 1_000
    with pytest.raises(PictureTooLarge) as refused:
        examine(png_bomb())
    assert refused.value.facts["width"] == 30_000


def test_a_progressive_picture_of_endless_scans_is_refused() -> None:
    with pytest.raises(DamagedPicture):
        examine(jpeg() + b"\xff\xda" * MOST_SCANS)
    assert examine(saved(picture(), progressive=True))


def test_a_large_picture_in_little_space_is_taken_and_one_with_more_pixels_not() -> None:
    grey = io.BytesIO()
    Image.new("L", (8_000, 6_000)).save(grey, "JPEG", quality=5)
    assert opened(examine(grey.getvalue()).contents[PUBLIC]).size == (1600, 1200)
    with pytest.raises(PictureTooLarge):
        examine(saved(Image.new("1", (8_000, 6_000)), "PNG"))


@pytest.mark.parametrize(
    ("beginning", "most"),
    [(jpeg(), 8 * MB), (pictures.PDF, 8 * MB), (pictures.MP4, 16 * MB)],
    ids=["jpeg", "pdf", "mp4"],
)
def test_a_file_is_as_large_as_its_kind_may_be(beginning: bytes, most: int) -> None:
    assert examine(beginning.ljust(most, b"\0")).attachment.bytes == most
    with pytest.raises(FileTooLarge) as refused:
        examine(beginning.ljust(most + 1, b"\0"))
    assert refused.value.facts["most"] == most


@pytest.mark.parametrize("content", [jpeg(), saved(FADED, "PNG"), UNUSUAL["gif"], UNUSUAL["webp"]])
def test_wherever_a_bit_is_turned_it_is_drawn_or_refused(content: bytes) -> None:
    for place in range(0, len(content), max(1, len(content) // 60)):
        changed = bytearray(content)
        changed[place] ^= 0xFF
        with suppress(DamagedPicture, UnsupportedFile, PictureTooLarge):
            assert max(opened(examine(bytes(changed)).contents[PUBLIC]).size) <= 1600


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_a_photo_says_of_itself_may_be_any_rubbish() -> None:
    content, dice = photo((320, 240)), Random(5)  # noqa: S311 - dice of a test
    start = content.index(b"Exif") + 6
    length = int.from_bytes(content[start - 8 : start - 6]) - 8
    for _ in range(150):
        changed = bytearray(content)
        for place in dice.sample(range(start, start + length), 8):
            changed[place] = dice.randrange(256)
        assert max(opened(examine(bytes(changed)).contents[PUBLIC]).size) == 320


# --- what events name -----------------------------------------------------------------------------


def test_events_name_digests_as_attachments_and_among_the_lines_of_evidence() -> None:
    class Told:
        def __init__(self, **facts: list[str]) -> None:
            vars(self).update(facts)

    one, two = "a" * 64, "0" * 64
    events = [Told(attachments=[one]), Told(), Told(evidence=["处置后照片", two, one, two.upper() + "A", "b" * 63])]
    assert named_by(events) == [one, two]
