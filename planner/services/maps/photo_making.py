"""A photo from a phone made fit to show: upright, small, and nothing in it but the picture itself.

A photo's file says where and when it was taken and with what. None of that comes through: the pixels are put into a new
picture, and that is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from planner.domain.photos import PhotoRefused
from planner.services.maps.pixels import BROKEN, TOO_LARGE

LONGEST_SIDE_PX = 1280
MOST_PIXELS, MOST_PIXELS_UNPACKED = 64_000_000, 25_000_000
"""Of a JPEG, which can be unpacked smaller than it is, and of the others: a file of a few kilobytes can unpack to more
than a machine holds."""
QUALITY = 78
FORMATS = ("JPEG", "PNG", "WEBP")
ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


@dataclass(frozen=True, slots=True)
class SmallPhoto:
    """A WebP."""

    content: bytes
    width: int
    height: int


def made_small(content: bytes) -> SmallPhoto:
    """Takes a second with a large one: never inside a transaction. Raises PhotoRefused."""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        raise PhotoRefused("heic")
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as found:
            # MPO: a JPEG with a second picture behind it, as several telephones make
            most = MOST_PIXELS if found.format in ("JPEG", "MPO") else MOST_PIXELS_UNPACKED
            if found.width * found.height > most:
                raise PhotoRefused("too_many_pixels")
            bare = _bare(found)
    except TOO_LARGE:
        raise PhotoRefused("too_many_pixels") from None
    except UnidentifiedImageError:
        raise PhotoRefused("not_a_photo") from None
    except BROKEN:
        raise PhotoRefused("damaged") from None
    written = BytesIO()
    bare.save(written, "WEBP", quality=QUALITY, method=4)
    return SmallPhoto(written.getvalue(), *bare.size)


def _bare(found: Image.Image) -> Image.Image:
    """The pixels alone, upright, on white where one could see through it."""
    found.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))  # a large JPEG need not be unpacked whole
    whole = found if found.mode in ("L", "RGB", "RGBA") else found.convert("RGBA")
    turn = _UPRIGHT.get(_orientation(found))
    upright = whole.transpose(turn) if turn is not None else whole
    upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.LANCZOS, reducing_gap=3.0)
    sheer = upright.convert("RGBA")
    bare = Image.new("RGB", sheer.size, "white")
    bare.paste(sheer, mask=sheer.getchannel("A"))
    return bare


def _orientation(found: Image.Image) -> int:
    """How it was held. Of what a photo says of itself only this is read: nothing else can be in the way."""
    try:
        said = found.getexif().get(ORIENTATION, 1)
    except BROKEN:
        return 1
    return said if isinstance(said, int) else 1
