"""A link from a meeting point to the map on the client's own phone."""

from __future__ import annotations

APPLE = ("iphone", "ipad", "ipod", "macintosh")
"""An iPad says it is a Macintosh."""


def map_link(latitude: float, longitude: float, agent: str) -> str:
    """`geo:` opens the map app on Android. Safari does not know it, so Apple's own map there; nothing goes there before
    the client taps."""
    place = f"{latitude:.5f},{longitude:.5f}"
    if any(name in agent.lower() for name in APPLE):
        return f"https://maps.apple.com/?ll={place}&q={place}"
    return f"geo:{place}?q={place}"
