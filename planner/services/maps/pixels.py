"""Pictures of others: what Pillow says of a broken one, named in one place, and whether one is a map tile."""

from __future__ import annotations

import struct
from io import BytesIO

from PIL import Image

TILE_SIDES = (256, 512)
TILE_FORMATS = ("PNG", "JPEG", "WEBP")

TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
BROKEN = (
    OSError, EOFError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError,
    RuntimeError, struct.error, MemoryError,
)  # fmt: skip
"""Each seen, or named in its readers. Guard only Pillow's own work with it, so that a fault of ours is not taken for
one of the picture."""


def is_tile(content: bytes) -> bool:
    """Whether it is a whole picture of the size of a tile. Its size is looked at before anything is unpacked."""
    try:
        with Image.open(BytesIO(content), formats=TILE_FORMATS) as found:
            if found.width != found.height or found.width not in TILE_SIDES:
                return False
            found.load()
    except (*TOO_LARGE, *BROKEN):
        return False
    return True
