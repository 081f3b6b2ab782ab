"""Places on a route: the kinds there are, which carry an image, and a guess from a file's words."""

from __future__ import annotations

import re

KINDS = (
    "stop",
    "bench",
    "talk_point",
    "viewpoint",
    "crossroads",
    "bridge",
    "tree",
    "water",
    "detour",
    "stumble",
    "shelter",
    "toilet",
    "drinking_water",
    "cafe",
    "parking",
    "transport",
    "entrance",
    "caution",
    "other",
)
"""In the order of a list to choose from."""

METAPHORS = frozenset(
    {"stumble", "detour", "viewpoint", "crossroads", "bridge", "bench", "tree", "water"},
)
"""Places that can stand for something; the coach may note the image."""

STOPS = frozenset({"stop", "bench", "talk_point", "viewpoint", "shelter", "cafe"})
"""Places where one can stand or sit for a while."""

PUBLIC = frozenset(
    {
        "bench",
        "viewpoint",
        "crossroads",
        "bridge",
        "shelter",
        "toilet",
        "drinking_water",
        "cafe",
        "parking",
        "transport",
        "entrance",
    }
)
"""What anybody finds there; the other kinds are the coach's own plan with a place."""

# First match wins; a word that ends in * matches as a beginning. Dutch and English, and the names of
# symbols that Garmin, OsmAnd and gpx.studio write.
_WORDS: tuple[tuple[str, str], ...] = (
    ("drinking_water", "drinking|drinkwater*|watertap*|kraan|waterpoint"),
    ("talk_point", "praatplek*|gespreksplek*|talk"),
    ("bench", "bench*|bank|bankje*|zitbank*|picknick*|picnic*"),
    ("viewpoint", "viewpoint*|uitzicht*|uitkijk*|scenic|vista|overlook|panorama*|view"),
    (
        "crossroads",
        "crossroad*|crossing|kruising*|kruispunt*|splitsing*|tweesprong*|viersprong*|driesprong*|junction",
    ),
    ("bridge", "bridge*|brug|bruggetje*|vlonder*"),
    ("shelter", "shelter*|schuil*|overkapping*|hut|afdak*"),
    ("toilet", "toilet*|wc|restroom*|restrooms"),
    ("cafe", "cafe*|café*|koffie*|coffee|restaurant*|pannenkoek*|theehuis*|horeca|fast|food|drinks"),
    ("parking", "parking*|parkeer*|parkeren|p+r|car|trailhead*"),
    ("transport", "bus|bushalte*|halte*|station*|train|trein*|tram*|metro|ferry|pont*"),
    ("entrance", "entrance*|ingang*|gate*|hek|klaphek*|start*|poort*"),
    ("detour", "detour*|omweg*|omleiding*"),
    ("stumble", "stumble*|struikel*|roots|wortel*|boomwortel*"),
    ("caution", "danger*|caution|warning|gevaar*|let|oversteek*|steps|trap|trappen|steil*"),
    ("tree", "tree*|boom|bomen|eik|beuk|linde|forest|bos|oak|beech"),
    ("water", "water*|vijver*|ven|vennen|meer|meertje*|plas|beek*|rivier*|lake*|pond*|river*|stream*|spring"),
    ("stop", "stop*|pauze*|rustpunt*|rest"),
)


def _pattern(words: str) -> re.Pattern[str]:
    parts = [
        re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word) for word in words.split("|")
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


_PATTERNS = tuple((kind, _pattern(words)) for kind, words in _WORDS)


def guess_kind(*texts: str | None) -> str:
    """The kind that a file's texts (symbol, type, name, in order of trust) speak of; else "other".

    Our own codes are known again, so a route that left as a file comes back the same.
    """
    for text in texts:
        words = (text or "").casefold().strip()
        if words.replace(" ", "_") in KINDS:
            return words.replace(" ", "_")
        for kind, pattern in _PATTERNS:
            if pattern.search(words):
                return kind
    return "other"
