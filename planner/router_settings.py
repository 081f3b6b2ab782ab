"""Where the practice's own path engine may stand: nowhere but on a server of one's own."""

from __future__ import annotations

from urllib.parse import urlsplit

BROUTER = "brouter"
PATH_ENGINES = ("valhalla", BROUTER)
HOSTED = (
    "brouter.de", "geoapify.com", "google.com", "googleapis.com", "graphhopper.com", "heigit.org", "here.com",
    "hereapi.com", "interline.io", "komoot.de", "locationiq.com", "mapbox.com", "mapquestapi.com",
    "openrouteservice.org", "openstreetmap.de", "openstreetmap.fr", "openstreetmap.org", "project-osrm.org",
    "stadiamaps.com", "tomtom.com",
)  # fmt: skip
"""Routers of others. They would learn where walks begin."""


def is_hosted(url: str) -> bool:
    """Whether an address is a known router of others, or has a host in other letters, which may be read as one."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return False
    return not host.isascii() or any(host == name or host.endswith("." + name) for name in HOSTED)
