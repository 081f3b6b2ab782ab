"""The photo of a meeting point: small, upright, bare of all it knew, and only for who may see it."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from random import Random
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from planner.models import EVERYONE, RoutePhoto
from planner.services.maps import route_photos
from planner.services.maps.photo_making import PhotoRefused, made_small
from tests import makers
from tests.conftest import World
from tests.mapping import a_photo, make_photo
from tests.page_client import Page, PageClient

SECRETS = (b"Kanarie", b"Exif", b"XMP", b"xmpmeta", b"ICCP", b"IPTC", b"GPS", b"iPhone")


@pytest.fixture
def route(world: World) -> int:
    return makers.make_route(world, line=True, meeting_point="Op het parkeerterrein. Bij het bord.")


def upload(coach: PageClient, route: int, content: bytes, name: str = "foto.jpg", **given: Any) -> Page:
    page = coach.get(f"/routes/{route}/photo/edit")
    return page.submit(f"/routes/{route}/photo/edit", photo=(BytesIO(content), name), **given)


def kept(world: World, route: int) -> bytes:
    return route_photos.content_for(world.store, world.coach(), route)[1]


def from_a_phone(kind: str = "JPEG", orientation: int = 6) -> bytes:
    """Two colours side by side, lying on its side; with place, time, maker, a comment, a profile and a thumbnail."""
    photo = Image.new("RGB", (2000, 1000), "#CC0000")
    photo.paste("#0000CC", (1000, 0, 2000, 1000))
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0132] = "Kanarie", "iPhone 15 Kanarie", "2026:11:20 10:00:00"
    exif[0x0112] = orientation
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (52.0, 5.0, 2.4), "E", (5.0, 10.0, 19.2)
    gps[29] = "2026:11:20"
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0Kanarie comment"
    written = BytesIO()
    more: dict[str, Any] = {"exif": exif, "icc_profile": b"Kanarie profile"}
    if kind != "PNG":
        more["xmp"] = b"<x:xmpmeta>Kanarie</x:xmpmeta>"
    if kind == "JPEG":
        more["comment"] = b"Kanarie comment"
    photo.save(written, kind, **more)
    return written.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_comes_through_but_the_picture(
    world: World, coach: PageClient, route: int, kind: str
) -> None:
    sample = from_a_phone(kind)
    with Image.open(BytesIO(sample)) as before:
        assert before.getexif().get_ifd(0x8825)[2] == (52.0, 5.0, 2.4), "the sample says where it was taken"
    assert any(secret in sample for secret in SECRETS)
    page = upload(coach, route, sample)
    assert "De foto is bewaard." in page.main
    bare = kept(world, route)
    assert not [secret for secret in SECRETS if secret.lower() in bare.lower()]
    with Image.open(BytesIO(bare)) as found:
        assert (found.format, found.size) == ("WEBP", (640, 1280)), "upright, and smaller"
        assert not found.getexif() and not {"exif", "xmp", "icc_profile", "comment"} & found.info.keys()
        red, _, blue = found.convert("RGB").getpixel((320, 200))  # type: ignore[misc]
        assert red > 150 > blue, "turned the right way round"
    chunks = bare[12:16]
    assert chunks in (b"VP8 ", b"VP8L"), "not even a place for more"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright_however_the_phone_was_held(
    world: World, coach: PageClient, route: int, orientation: int
) -> None:
    upload(coach, route, from_a_phone(orientation=orientation))
    with Image.open(BytesIO(kept(world, route))) as found:
        assert (found.width > found.height) is (orientation < 5)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_photos_of_every_sort(world: World, coach: PageClient, route: int, mode: str) -> None:
    written = BytesIO()
    Image.new(mode, (300, 200)).save(written, "JPEG" if mode == "CMYK" else "PNG")
    upload(coach, route, written.getvalue())
    with Image.open(BytesIO(kept(world, route))) as found:
        assert found.size == (300, 200), "a small one stays as small as it is"


EXIF: dict[str, tuple[tuple[int, int, int, bytes], ...]] = {
    "an orientation alone": (),
    "a resolution in words": ((0x011A, 2, 2, b"7\0"),),
    "a width of another kind": ((0x0100, 7, 1, b"x"),),
    "a place that is a number": ((0x8825, 3, 1, b"\1\0"),),
    "a maker that is a number": ((0x010F, 3, 1, b"\1\0"),),
    "a unit in words": ((0x0128, 2, 2, b"i\0"),),
    "more that is not there": ((0x8769, 4, 1, b"\xff\xff\xff\x7f"),),
}


@pytest.mark.parametrize("case", EXIF)
def test_what_it_says_of_itself_is_not_in_the_way(
    world: World, coach: PageClient, route: int, case: str
) -> None:
    entries = sorted([(0x0112, 3, 1, b"\6\0"), *EXIF[case]])
    packed = b"".join(struct.pack("<HHI", *one[:3]) + one[3].ljust(4, b"\0") for one in entries)
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + packed + bytes(4)
    written = BytesIO()
    Image.new("RGB", (40, 30)).save(written, "JPEG", exif=exif)
    assert "De foto is bewaard." in upload(coach, route, written.getvalue()).main
    with Image.open(BytesIO(kept(world, route))) as found:
        assert found.size == (30, 40), "upright"


def test_two_photos_in_one_file_are_the_first(world: World, coach: PageClient, route: int) -> None:
    written = BytesIO()
    second = Image.new("RGB", (40, 30))
    Image.new("RGB", (400, 300)).save(written, "MPO", save_all=True, append_images=[second])
    upload(coach, route, written.getvalue())
    with Image.open(BytesIO(kept(world, route))) as found:
        assert found.size == (400, 300)


@pytest.mark.filterwarnings("ignore")
def test_a_photo_with_odd_bytes_is_shown_or_refused() -> None:
    """Nothing that Pillow says of a broken file comes through as a fault."""
    chance = Random(3)
    for kind in ("JPEG", "PNG", "WEBP"):
        with Image.open(BytesIO(from_a_phone(kind))) as large:
            written = BytesIO()
            large.resize((40, 30)).save(written, kind, exif=large.getexif())
        for _ in range(150):
            odd = bytearray(written.getvalue())
            for _ in range(chance.randint(1, 6)):
                odd[chance.randrange(min(len(odd), 300))] = chance.choice((0, 1, 127, 128, 254, 255))
            with suppress(PhotoRefused):
                made_small(bytes(odd))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has this many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


BAD: dict[str, tuple[bytes, str]] = {
    "a text": (b"geen foto", "Dit is geen foto die we kunnen tonen."),
    "nothing": (b"", "Dit is geen foto"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "Dit is geen foto"),
    "a drawing": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "Dit is geen foto"),
    "moving pictures": (b"GIF89a" + b"\0" * 50, "Dit is geen foto"),
    "a document": (b"%PDF-1.7\n" + b"\0" * 50, "Dit is geen foto"),
    "a route": (makers.gpx(), "Dit is geen foto"),
    "from an iPhone as it is": (b"\0\0\0\x18ftypheic" + b"\0" * 50, "Dit is een HEIC-foto"),
    "half a photo": (from_a_phone()[:4000], "Deze foto is beschadigd."),
    "a head alone": (from_a_phone()[:40], "Deze foto is beschadigd."),
    "half a PNG": (from_a_phone("PNG")[:2000], "Deze foto is beschadigd."),
    "half a WebP": (from_a_phone("WEBP")[:200], "foto"),
    "a bomb": (bomb(30_000, 30_000), "Deze foto heeft te veel pixels."),
    "a bigger bomb": (bomb(2**31 - 1, 2**31 - 1), "Deze foto heeft te veel pixels."),
    "somewhat too many pixels": (bomb(6000, 5000), "Deze foto heeft te veel pixels."),
    "too large": (
        b"\xff\xd8\xff" + b"x" * 10_000_001,
        "Dit bestand is te groot. Kies een bestand van hooguit 10 MB.",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_photo_is_told_so(world: World, coach: PageClient, route: int, case: str) -> None:
    content, sentence = BAD[case]
    make_photo(world, route, "de oude")
    before = kept(world, route)
    page = upload(coach, route, content, alt="Het hek bij de ingang")
    assert page.status == 422
    assert sentence in page.errors["photo"]
    assert page.one("[name=alt]")["value"] == "Het hek bij de ingang", "what was typed stays"
    assert kept(world, route) == before


def test_far_too_large_is_stopped_at_the_door(coach: PageClient, route: int) -> None:
    assert upload(coach, route, b"x" * 11_500_000).status == 413
    token = coach.get(f"/routes/{route}/photo/edit").one('main [name="csrf_token"]')["value"]
    large = {"csrf_token": token, "name": "x" * 1_500_000}
    assert coach.post(f"/routes/{route}/edit", large).status == 413, "and elsewhere much earlier"


def test_another_one_comes_in_its_place(world: World, coach: PageClient, route: int) -> None:
    upload(coach, route, from_a_phone())
    first = kept(world, route)
    page = coach.get(f"/routes/{route}")
    address = str(page.one("img.photo")["src"])
    upload(coach, route, a_photo(900, 600), alt="Het houten bord")
    assert kept(world, route) != first
    image = coach.get(f"/routes/{route}").one("img.photo")
    assert image["src"] != address and image["alt"] == "Het houten bord"
    assert (image["width"], image["height"]) == ("900", "600")
    with world.store.db.reading(EVERYONE) as session:
        assert session.scalar(select(func.count()).select_from(RoutePhoto)) == 1


def test_other_words_for_the_same_photo(world: World, coach: PageClient, route: int) -> None:
    page = coach.get(f"/routes/{route}/photo/edit").submit(f"/routes/{route}/photo/edit", alt="Zonder foto")
    assert page.status == 422 and page.errors["photo"] == "Kies een foto."
    make_photo(world, route)
    assert coach.get(f"/routes/{route}").one("img.photo")["alt"] == "Foto van het afspreekpunt"
    before = kept(world, route)
    coach.get(f"/routes/{route}/photo/edit").submit(f"/routes/{route}/photo/edit", alt="Bij de eik")
    assert coach.get(f"/routes/{route}").one("img.photo")["alt"] == "Bij de eik"
    assert kept(world, route) == before


def test_gone_is_gone(world: World, coach: PageClient, route: int) -> None:
    make_photo(world, route)
    address = str(coach.get(f"/routes/{route}").one("img.photo")["src"])
    assert coach.get(address).status == 200
    page = coach.get(f"/routes/{route}/photo/edit").submit(f"/routes/{route}/photo/remove")
    assert "De foto is weg." in page.main and not page.select("img.photo")
    assert coach.get(address).status == 404
    with world.store.db.reading(EVERYONE) as session:
        assert session.scalar(select(RoutePhoto.id)) is None


def test_it_lies_sealed(world: World, route: int) -> None:
    """Somebody may stand on it: without the key nothing of it can be read."""
    make_photo(world, route, "Kanarie bij het hek")
    bare = kept(world, route)
    with world.store.db.reading(EVERYONE) as session:
        row = session.scalars(select(RoutePhoto)).one()
        stored = row.sealed + row.alt_sealed
    assert b"Kanarie" not in stored and bare[:40] not in stored and b"WEBP" not in stored


def test_a_browser_keeps_it_under_its_own_name(world: World, coach: PageClient, route: int) -> None:
    make_photo(world, route)
    address = str(coach.get(f"/routes/{route}").one("img.photo")["src"])
    found = coach.get(address).response
    assert found.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert found.content_type == "image/webp"
    plain = coach.get(address.split("?", maxsplit=1)[0]).response
    assert plain.headers["Cache-Control"] == "private, no-cache"
    known = {"If-None-Match": plain.headers["ETag"]}
    assert coach.get(address.split("?", maxsplit=1)[0], headers=known).status == 304
