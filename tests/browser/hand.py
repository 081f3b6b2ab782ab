"""A person's hand: finds things as a person would, and counts its taps."""

from __future__ import annotations

from datetime import date

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


class Keys:
    """A person with a keyboard alone: goes from one thing to the next, as they follow each other on the page."""

    MOST = 250

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, what: str) -> None:
        """On with Tab until this has the focus."""
        there = self.page.locator(f":is({what}):focus")
        for _press in range(self.MOST):
            if there.count():
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{what} is not reached with the keyboard")

    def press(self, what: str) -> None:
        """A fold."""
        self.to(what)
        self.page.keyboard.press("Enter")

    def go(self, what: str) -> None:
        """A link or a button that brings another page."""
        self.to(what)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, what: str, text: str) -> None:
        """Instead of what stands in the field."""
        self.to(what)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def write_day(self, what: str, on: date) -> None:
        """In a field for a day: the day or the month comes first, as the browser has it."""
        for digits in (f"{on:%d%m%Y}", f"{on:%m%d%Y}"):
            self.to(what)
            for _part in range(3):
                self.page.keyboard.press("ArrowLeft")
            self.page.keyboard.type(digits)
            if self.page.locator(what).input_value() == on.isoformat():
                return
        raise AssertionError(f"{on} cannot be typed")

    def choose(self, what: str, value: str) -> None:
        """Of a list or a group of chips, with the arrow."""
        self.to(what)
        chosen = f":is({what}):is([value='{value}']:checked, :has(option[value='{value}']:checked))"
        for _press in range(self.MOST):
            if self.page.locator(chosen).count():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not reached")
