"""What a person does on a page of the example practice, so that the page that comes can be looked at."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

Act = Callable[[Page], None]

TYPED = ":is([type=text], [type=email], [type=date], [inputmode], textarea)"
SEND = ".savebar .primary, main form:not(:has(.savebar)) [type=submit]"


def fill(send: str = SEND, **values: str) -> Act:
    """Types these values into the fields of these names, and sends."""

    def act(page: Page) -> None:
        unfold(page)
        for name, value in values.items():
            page.locator(
                f"main [name={name}]:is([type=text], [type=email], [inputmode], [type=date], textarea)"
            ).first.fill(value)
        with page.expect_navigation():
            page.locator(send).first.click()

    return act


def expired(page: Page) -> None:
    """A form that was open while its session ended."""
    page.evaluate("document.querySelector('main [name=csrf_token]').value = 'old'")
    page.fill("[name=notes]", "Na regen modder bij het laatste stuk, en bij het hek daarna nog eens.")
    with page.expect_navigation():
        page.click(".savebar .primary")


def unfold(page: Page) -> None:
    """Everything that is folded becomes visible."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")


def no_kind(page: Page) -> None:
    """A review of no kind."""
    page.evaluate("document.querySelector('main [name=kind]:checked').value = 'geen'")
    fill()(page)


def decide(page: Page) -> None:
    """The first walk of a storm day online, the second shorter; then a look at what changes."""
    page.locator("article").nth(0).locator("[value=online]").check(force=True)
    page.locator("article").nth(1).locator("[value=shorten]").check(force=True)
    fill(".savebar .primary")(page)


def cannot_come(then: str) -> Act:
    """As the client; and then to the coach's page of that walk."""

    def act(page: Page) -> None:
        page.locator("main > form button[value=cannot]").click()
        page.get_by_role("button", name="Ik kan toch wel").wait_for()
        page.goto(then)
        assert page.locator("form[action$=cancel] [value=client]").count() == 1

    return act


def cancel(page: Page) -> None:
    page.check("[name=reason][value=weather]", force=True)
    fill()(page)


def stale(page: Page) -> None:
    """Somebody saved in another tab in the meantime."""
    page.evaluate("document.querySelector('main [name=version]').value = '0'")
    fill()(page)


def answer_red(page: Page) -> None:
    """Yes to everything."""
    for answer in page.locator("main [type=radio][value=yes]").all():
        answer.check(force=True)
    fill()(page)


def withdraw_consent(page: Page) -> None:
    fill("#health form [type=submit]")(page)


def close_without_script(page: Page) -> None:
    """Closes a note without a tool, as a browser without our script sends it: the answer is a page."""
    unfold(page)
    page.fill("[name=tool_for_today]:is([type=text], textarea)", "")
    with page.expect_navigation():
        page.evaluate(
            """() => {
              const { form } = document.querySelector("button[name=close]");
              const close = document.createElement("input");
              form.append(Object.assign(close, { type: "hidden", name: "close", value: "1" }));
              HTMLFormElement.prototype.submit.call(form);
            }"""
        )
