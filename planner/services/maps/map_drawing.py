"""Draws a MapPicture with Pillow: tiles, the line in a white casing, start, numbered places, scale and credit.

The same tiles and the same route give the same bytes. Colours are those of the pages (ux.md, palette).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from planner.domain.map_picture import MapPicture, Px
from planner.domain.tiles import Tile
from planner.services.maps.pixels import BROKEN, TILE_FORMATS, TILE_SIDES, TOO_LARGE

LINE, CASING, INK, GROUND = "#7A1F5C", "#FFFFFF", "#1B1B1B", "#E9E7E2"
FINER = 3
"""Ink is drawn this much larger and made smaller, so that its edges are smooth."""
WEBP_QUALITIES = (72, 55, 40, 25)
MOST_WEBP_BYTES = 48_000
"""A client's page with its map weighs 80 kB at most; of the qualities the first that fits is taken."""
PNG_COLOURS = 96


class BadTile(Exception):
    """A tile that is no picture of the size of one."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The same picture twice: the small one, and one for who cannot read that."""

    webp: bytes
    png: bytes


def draw(picture: MapPicture, tiles: Mapping[Tile, bytes]) -> Drawn:
    """`tiles` has each tile of the picture. Raises BadTile."""
    ground = _ground(picture, tiles)
    ground.paste(CASING, mask=_shape(picture, casing=True))
    ground.paste(LINE, mask=_shape(picture, casing=False))
    _dots(ground, picture)
    if picture.size.lettered:
        _letters(ground, picture)
    png = BytesIO()
    ground.quantize(PNG_COLOURS, dither=Image.Dither.NONE).save(png, "PNG", optimize=True)
    return Drawn(_light(ground), png.getvalue())


def _light(ground: Image.Image) -> bytes:
    for quality in WEBP_QUALITIES:
        webp = BytesIO()
        ground.save(webp, "WEBP", quality=quality, method=6)
        if webp.tell() <= MOST_WEBP_BYTES:
            break
    return webp.getvalue()


def _ground(picture: MapPicture, tiles: Mapping[Tile, bytes]) -> Image.Image:
    """The tiles side by side, each stretched to its square. Corners are whole pixels: no gap shows between two."""
    ground = Image.new("RGB", (picture.size.width, picture.size.height), GROUND)
    for laid in picture.tiles:
        left, top = round(laid.left), round(laid.top)
        wide, high = round(laid.left + laid.side) - left, round(laid.top + laid.side) - top
        with _opened(tiles[laid.tile]) as tile:
            ground.paste(tile.resize((wide, high), Image.Resampling.BICUBIC), (left, top))
    return ground


def _opened(content: bytes) -> Image.Image:
    """A tile in full colour. Its size is looked at before anything is unpacked."""
    try:
        with Image.open(BytesIO(content), formats=TILE_FORMATS) as found:
            if found.width != found.height or found.width not in TILE_SIDES:
                raise BadTile
            if found.mode == "RGB":
                return found.copy()
            sheer = found.convert("RGBA")
            full = Image.new("RGB", found.size, GROUND)
            full.paste(sheer, mask=sheer.getchannel("A"))
            return full
    except (*TOO_LARGE, *BROKEN) as error:
        raise BadTile from error


def _shape(picture: MapPicture, *, casing: bool) -> Image.Image:
    """Where the line is, as a mask with smooth edges."""
    size, unit = picture.size, picture.size.unit * FINER
    width = round((6.5 if casing else 3.5) * unit)
    mask = Image.new("L", (size.width * FINER, size.height * FINER))
    pen = ImageDraw.Draw(mask)
    for line in picture.lines:
        points = [(x * FINER, y * FINER) for x, y in line]
        pen.line(points, fill=255, width=width, joint="curve")
        for x, y in (points[0], points[-1]):
            _dot(pen, (x, y), width / 2, 255)
    return mask.resize((size.width, size.height), Image.Resampling.BOX)


def _dot(pen: ImageDraw.ImageDraw, at: Px, radius: float, fill: str | int, edge: str | None = None) -> None:
    x, y = at
    pen.ellipse(
        (x - radius, y - radius, x + radius, y + radius), fill, edge, round(radius / 3) if edge else 0
    )


def _dots(ground: Image.Image, picture: MapPicture) -> None:
    """Places with their numbers, and the start over them."""
    unit = picture.size.unit
    for number, x, y in picture.marks:
        _put(ground, (x, y), 9 * unit, CASING, INK)
        pen = ImageDraw.Draw(ground)
        pen.text((x, y), str(number), INK, _font(11 * unit), anchor="mm")
    _put(ground, picture.start, (8 if picture.size.lettered else 6) * unit, LINE, CASING)


def _put(ground: Image.Image, at: Px, radius: float, fill: str, edge: str) -> None:
    """A disc with an edge and smooth outlines."""
    side = round(2 * radius) + 4
    left, top = round(at[0] - side / 2), round(at[1] - side / 2)
    middle = ((at[0] - left) * FINER, (at[1] - top) * FINER)
    for part, colour in ((radius, edge), (radius - _edge(radius), fill)):
        mask = Image.new("L", (side * FINER, side * FINER))
        _dot(ImageDraw.Draw(mask), middle, part * FINER, 255)
        small = mask.resize((side, side), Image.Resampling.BOX)
        ground.paste(colour, (left, top, left + side, top + side), small)


def _edge(radius: float) -> float:
    return radius / 4


def _letters(ground: Image.Image, picture: MapPicture) -> None:
    """Scale and credit, each on a plate of its own so that they can be read on any map."""
    unit, size = picture.size.unit, picture.size
    pen = ImageDraw.Draw(ground)
    font, bottom = _font(11 * unit), size.height - 5 * unit
    words = f"{picture.scale.length_m} m"
    if picture.scale.length_m >= 1000:
        words = f"{picture.scale.length_m // 1000} km"
    left, length = 8 * unit, picture.scale.length_px
    wide = length + 5 * unit + font.getlength(words)
    pen.rectangle((0, bottom - 17 * unit, left + wide + 6 * unit, size.height), CASING)
    pen.line(
        [(left, bottom - 8 * unit), (left, bottom - 3 * unit), (left + length, bottom - 3 * unit),
         (left + length, bottom - 8 * unit)], INK, round(1.5 * unit),
    )  # fmt: skip
    pen.text((left + length + 5 * unit, bottom - 3 * unit), words, INK, font, anchor="ls")
    small = _font(9 * unit)
    room = small.getlength(picture.credit) + 10 * unit
    pen.rectangle((size.width - room, size.height - 15 * unit, size.width, size.height), CASING)
    pen.text((size.width - 5 * unit, size.height - 4.5 * unit), picture.credit, INK, small, anchor="rs")


def _font(px: float) -> FreeTypeFont:
    """The letters that come with Pillow: the same on every machine."""
    font = ImageFont.load_default(px)
    if not isinstance(font, FreeTypeFont):
        raise RuntimeError("Pillow comes without FreeType here")
    return font
