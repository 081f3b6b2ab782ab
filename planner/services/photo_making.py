"""A photo from a phone made fit to show: upright, small, and nothing in it but the picture itself.

A photo's file says where and when it was taken and with what. None of that comes through: the pixels are put into a new
picture, and that is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from planner.domain.photos import PhotoRefused

LONGEST_SIDE_PX = 1280
MOST_PIXELS, MOST_PIXELS_UNPACKED = 64_000_000, 25_000_000
"""Of a JPEG, which can be unpacked smaller than it is, and of the others: a file of a few kilobytes can unpack to more
than a machine holds."""
QUALITY = 78
FORMATS = ("JPEG", "PNG", "WEBP")
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
            most = MOST_PIXELS if found.format == "JPEG" else MOST_PIXELS_UNPACKED
            if found.width * found.height > most:
                raise PhotoRefused("too_many_pixels")
            bare = _bare(found)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PhotoRefused("too_many_pixels") from None
    except UnidentifiedImageError:
        raise PhotoRefused("not_a_photo") from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, ZeroDivisionError):
        raise PhotoRefused("damaged") from None
    written = BytesIO()
    bare.save(written, "WEBP", quality=QUALITY, method=4)
    return SmallPhoto(written.getvalue(), *bare.size)


def _bare(found: Image.Image) -> Image.Image:
    """The pixels alone, upright, on white where one could see through it."""
    found.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))  # a large JPEG need not be unpacked whole
    upright = ImageOps.exif_transpose(found if found.mode in ("L", "RGB", "RGBA") else found.convert("RGBA"))
    upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.LANCZOS, reducing_gap=3.0)
    sheer = upright.convert("RGBA")
    bare = Image.new("RGB", sheer.size, "white")
    bare.paste(sheer, mask=sheer.getchannel("A"))
    return bare
