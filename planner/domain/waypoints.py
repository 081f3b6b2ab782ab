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

OTHER = "other"
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

# First match wins; a word that ends in * matches as a beginning. Dutch, English and German, and the names of symbols
# that BaseCamp, Garmin, OsmAnd, komoot, Knooppuntnet and gpx.studio write.
_WORDS: tuple[tuple[str, str], ...] = (
    (
        "drinking_water",
        "drinking|drinking_water|drinkwater*|watertap*|water_tap|kraan|waterpoint|trinkwasser*|fountain",
    ),
    ("talk_point", "praatplek*|gespreksplek*|talk"),
    ("bench", "bench*|bank|bankje*|zitbank*|sitzbank*|ruhebank*|picknick*|picnic*|amenity_bench"),
    (
        "viewpoint",
        "viewpoint*|uitzicht*|uitkijk*|scenic|vista|overlook|panorama*|view|aussicht*|ausblick*|tourism_viewpoint",
    ),
    (
        "crossroads",
        "crossroad*|crossing|kruising*|kruispunt*|knooppunt*|keuzepunt*|splitsing*|tweesprong*|viersprong*|driesprong*"
        "|junction|kreuzung*|abzweig*|wegkreuzung*|knotenpunkt*|node",
    ),
    ("bridge", "bridge*|brug|bruggetje*|vlonder*|brücke*|steg"),
    (
        "shelter",
        "shelter*|schuil*|overkapping*|hut|afdak*|unterstand*|schutzhütte*|hütte|amenity_shelter|gazebo",
    ),
    ("toilet", "toilet*|wc|restroom*|restrooms|toilette*|amenity_toilets"),
    (
        "cafe",
        "cafe*|café*|koffie*|coffee|restaurant*|pannenkoek*|theehuis*|horeca|fast|food|drinks|gasthaus*|gaststätte*"
        "|imbiss|bistro|kiosk|amenity_cafe",
    ),
    ("parking", "parking*|parkeer*|parkeren|p+r|car|trailhead*|parkplatz*|parkhaus*|amenity_parking"),
    (
        "transport",
        "bus|bushalte*|halte*|station*|train|trein*|tram*|metro|ferry|pont*|haltestelle*|bushaltestelle*|bahnhof*"
        "|fähre*|transportation|transit|railway|bus_stop|highway_bus_stop",
    ),
    ("entrance", "entrance*|ingang*|gate*|hek|klaphek*|start*|poort*|eingang*|tor|barrier_gate"),
    ("detour", "detour*|omweg*|omleiding*|umweg*|umleitung*"),
    ("stumble", "stumble*|struikel*|roots|wortel*|boomwortel*|stolper*|wurzel*"),
    (
        "caution",
        "danger*|caution|warning|gevaar*|let|oversteek*|steps|trap|trappen|steil*|gefahr*|achtung|vorsicht|treppe*",
    ),
    ("tree", "tree*|boom|bomen|eik|beuk|linde|forest|bos|oak|beech|baum|bäume|eiche|buche|wald"),
    (
        "water",
        "water*|vijver*|ven|vennen|meer|meertje*|plas|beek*|rivier*|lake*|pond*|river*|stream*|spring|see|teich*|bach"
        "|fluss|quelle*|weiher*",
    ),
    ("stop", "stop*|pauze*|rustpunt*|rest|rast|rastplatz*|pause*"),
)
_NODE = re.compile(r"[0-9]{2,3}")
NODE = "Knooppunt"
"""What a numbered place of the Dutch network of walking paths is called."""


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


def as_place(name: str, *texts: str | None) -> tuple[str, str]:
    """The kind and the name of a place in a file. A bare number of two or three digits is a node of a
    walking network, unless the file says that it is something else: the number alone would tell nobody anything."""
    kind = guess_kind(*texts, name)
    if kind == "other" and _NODE.fullmatch(name) and OTHER not in texts:
        return "crossroads", f"{NODE} {name}"
    return kind, name
