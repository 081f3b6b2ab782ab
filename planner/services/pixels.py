"""What Pillow says of a broken picture, named in one place."""

from __future__ import annotations

import struct

from PIL import Image

TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
BROKEN = (
    OSError, EOFError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError,
    RuntimeError, struct.error, MemoryError,
)  # fmt: skip
"""Each seen, or named in its readers. Guard only Pillow's own work with it, so that a fault of ours is not taken for
one of the picture."""
