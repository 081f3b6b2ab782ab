"""Our own small files (style, script, pictures), and the few of others, read into memory once and served under their
hash.

A browser keeps them for a year and never asks again; a changed file has another address. Nothing else in the
folder is reachable: only what stands in the table.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import importlib.util
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, request

FOLDER = Path(__file__).parent.parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
}
KEEP = "public, max-age=31536000, immutable"
CLIENT_CSS = "css/client.css"
LEAFLET = "leaflet-1.9.4.1"
"""The map's program, with its version in the address (requirements.txt)."""
OTHERS = {
    f"{LEAFLET}/leaflet.js": ("js_lib_leaflet", "static/js_lib_leaflet/leaflet.js"),
    f"{LEAFLET}/leaflet.css": ("js_lib_leaflet", "static/js_lib_leaflet/leaflet.css"),
}
"""What is served of a package: these names and no others. The pictures that the style speaks of are not used."""
JOINED = {"js/note.js": ("js/kept_notes.js", "js/note_page.js")}
"""What is served as one file, so that a page asks for fewer; in this order. The sheet of a walk brings it along too:
the telephone has it when its note is opened without a network."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its hash, its type, its bytes, and the same packed when that is smaller."""

    digest: str
    content_type: str
    content: bytes
    packed: bytes | None


@cache
def table() -> dict[str, Asset]:
    """Every file we serve, by its name below the folder."""
    files = sorted(path for path in FOLDER.rglob("*") if path.is_file() and path.suffix in TYPES)
    ours = {path.relative_to(FOLDER).as_posix(): _read(path) for path in files}
    others = {name: _read(_folder(package) / file, as_it_is=True) for name, (package, file) in OTHERS.items()}
    joined = {
        name: _asset(TYPES[".js"], b"\n".join(ours[part].content for part in parts))
        for name, parts in JOINED.items()
    }
    return ours | others | joined


def smaller(text: str) -> str:
    """Style or script without comments and indents. Comments of a script stand on lines of their own."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _folder(package: str) -> Path:
    """Of an installed package, without running it."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise LookupError(f"{package} is not installed")
    return Path(found.submodule_search_locations[0])


def _read(path: Path, *, as_it_is: bool = False) -> Asset:
    content = path.read_bytes()
    if path.suffix in (".css", ".js") and not as_it_is:
        content = smaller(content.decode()).encode()
    return _asset(TYPES[path.suffix], content)


def _asset(content_type: str, content: bytes) -> Asset:
    packed = gzip.compress(content, 9, mtime=0)
    return Asset(
        digest=hashlib.sha256(content).hexdigest()[:12],
        content_type=content_type,
        content=content,
        packed=packed if len(packed) < len(content) else None,
    )


@cache
def asset_url(name: str) -> str:
    """The address of a file; an unknown name is an error at once, not a broken page later."""
    return f"/static/{table()[name].digest}/{name}"


@cache
def client_css() -> str:
    """The style of the client's page, for one <style> in it. Free of characters that HTML would escape."""
    text = table()[CLIENT_CSS].content.decode().replace("\n", "")
    if re.search(r"[<>&\"']", text):
        raise ValueError(f"{CLIENT_CSS} holds a character that HTML escapes")
    return text


@cache
def client_css_hash() -> str:
    """What `style-src` needs to allow that one <style>: 'sha256-…' with its quotes."""
    digest = hashlib.sha256(client_css().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def serve(digest: str, name: str) -> Response:
    """The file. An old hash (a page from before an update) gets the new file, not to be kept."""
    asset = table().get(name)
    if asset is None:
        abort(404)
    packed = asset.packed if request.accept_encodings.quality("gzip") > 0 else None
    response = Response(packed or asset.content, content_type=asset.content_type)
    response.headers["Cache-Control"] = KEEP if digest == asset.digest else "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Vary"] = "Accept-Encoding"
    if packed is not None:
        response.headers["Content-Encoding"] = "gzip"
    return response


def register_assets(app: Flask) -> None:
    """The address of the files, as endpoint `static` (open to all)."""
    table()
    app.add_url_rule("/static/<digest>/<path:name>", endpoint="static", view_func=serve)
