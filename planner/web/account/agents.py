"""What kind of device a browser says it is, in two names: enough to tell one's own apart, and no more is kept."""

from __future__ import annotations

from flask_babel import gettext as _

BROWSERS = {"Edg": "Edge", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox", "FxiOS": "Firefox",
            "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari"}  # fmt: skip
"""What stands in the header, and its name. The first that is there counts: many say they are others too."""
SYSTEMS = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Macintosh": "Mac",
           "CrOS": "Chromebook", "Linux": "Linux"}  # fmt: skip


def agent_of(header: str) -> str:
    """Firefox.Linux; either may be empty."""
    browser = next((name for mark, name in BROWSERS.items() if mark in header), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in header), "")
    return f"{browser}.{system}"


def agent_words(agent: str) -> str:
    """Firefox on Linux."""
    browser, _dot, system = agent.partition(".")
    if browser and system:
        return str(_("%(browser)s on %(system)s", browser=browser, system=system))
    return browser or system or str(_("Another device"))
