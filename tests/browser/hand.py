"""A person's hand: finds things as a person would, and counts its taps."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


class Hand:
    """Taps and types on one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, what: str | Locator) -> None:
        """One tap on what can be seen."""
        self.taps += 1
        found = self.page.locator(what) if isinstance(what, str) else what
        found.filter(visible=True).first.click()

    def unfold(self, what: str) -> None:
        """One tap on the fold that holds this."""
        self.tap(f"details:has({what}) > summary")

    def save(self) -> None:
        """One tap on the one button of the form."""
        self.tap("main .savebar .primary")

    def choose(self, name: str, value: str) -> None:
        """One tap on a chip."""
        inside = self.page.locator(f"[name={name}][value='{value}']")
        self.tap(self.page.locator("label", has=inside).first)

    def write(self, name: str, text: str) -> None:
        """Types in a field; that is no tap."""
        self.page.locator(f"main [name={name}]:not([type=hidden], [type=radio], [type=checkbox])").fill(text)
