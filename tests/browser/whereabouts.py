"""Where the things of the example practice are, found by looking, and who works there besides the coach."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass, replace

from playwright.sync_api import Page
from sqlalchemy import select

from planner import models
from planner.domain.letters import NEW_ADDRESS
from planner.models import EVERYONE, CoachLetter
from planner.services.people import email_change, letters, set_up
from planner.services.people.sign_in import Origin
from planner.services.vault import Place
from tests import makers
from tests.browser import serving
from tests.browser.acts import fill
from tests.browser.serving import Served
from tests.browser.states import behind

OFFICE = "olga@example.org"


@dataclass(frozen=True)
class Practice:
    """Addresses in the example practice, found by looking."""

    client: str
    coming_walk: str
    past_walk: str
    route: str
    place: str
    exercise: str
    link: str
    setup: str
    review: str
    measure: str
    reset: str
    new_email: str
    processing: str
    processor: str
    breach: str
    colleague: str

    @property
    def client_map(self) -> str:
        return f"{self.link}{self.coming_walk.removeprefix('/')}/map"


def practice_of(served: Served, page: Page) -> Practice:
    """The addresses of this practice, looked up once. Wants a page that is signed in."""
    if "practice" not in served.states:
        served.states["practice"] = _look_up(served, page)
    found: Practice = served.states["practice"]
    return found


def _look_up(served: Served, page: Page) -> Practice:
    def address_of(start: str, css: str, number: int = 0) -> str:
        page.goto(start)
        return re.sub(r"^https?://[^/]+", "", page.locator(css).nth(number).get_attribute("href") or "")

    client = address_of("/clients/", "main a[href^='/clients/']:has-text('Sanne')")
    walks = "a[href^='/walks/']:not([href*=note]):not([href*=new]):not([href*=log])"
    coming = address_of(client, f"[data-status=planned] {walks}")
    past = address_of(client, f"[data-status=done] {walks}")
    route = address_of("/routes/", "a[href^='/routes/']:has-text('Schaapskooi')")
    place = address_of(route, "a[href*='/points/']:not([href$=new])")
    exercise = address_of("/toolkit/", "[data-exercise] a")
    review = address_of(client + "/progress", "a[href*='/reviews/']:not([href$=new])")
    measure = address_of(client + "/progress", "a[href*='/measures/']:not([href$=new])")
    page.goto(client + "/link")
    link = page.get_attribute("[data-share-url]", "data-share-url") or ""
    setup, reset, colleague = add_coach(served), forgot(served), colleagues_of(served)
    new_email = moving(served)
    lines = [
        register_line(page, "/privacy/processing", purpose="Een wandelkring"),
        register_line(page, "/privacy/processors", name="Boekhouder"),
        register_line(page, "/privacy/breaches", what="Telefoon kwijt, en teruggevonden"),
    ]
    return Practice(
        client,
        coming,
        past,
        route,
        place,
        exercise,
        link,
        setup,
        review,
        measure,
        reset,
        new_email,
        *lines,
        colleague,
    )


def register_line(page: Page, register: str, **fields: str) -> str:
    """A line of the practice's own; gives its address."""
    page.goto(register + "/new")
    if "purpose" in fields:
        fields["basis"] = "Afgesproken"
    fill(**fields)(page)
    return page.locator(f"main a[href^='{register}/']:not([href*=new])").last.get_attribute("href") or ""


def colleagues_of(served: Served) -> str:
    """Somebody who is invited, whose page this gives; and somebody of the office, who signs in as OFFICE."""
    with behind(served) as world:
        new = set_up.NewCoach("Olga Smit", OFFICE, serving.PASSWORD, role="office")
        owner, coach = set_up.add_coach(
            world.store, replace(new, password=None), world.now, world.coach().owner_id
        )
        set_up.set_up(world.store, set_up.key_for(world.store, coach, owner, world.now), new, world.now)
        makers.hire(world, "eva", "coach")
        return f"/colleagues/{makers.invite(world)}"


def add_coach(served: Served) -> str:
    """A colleague who still has to begin; gives the one-time address."""
    return _address_from(served, serving.DEMO_NOW, "add", "els@example.org", "--name", "Els")


def forgot(served: Served) -> str:
    """A one-time address for another password; made an hour ahead, for who looks late."""
    later = serving.DEMO_NOW.replace("T09", "T10")
    return _address_from(served, later, "reset", "els@example.org")


def moving(served: Served) -> str:
    """The link in the mail to another e-mail address of the coach."""
    with behind(served) as world:
        email_change.ask(world.store, world.coach(), "anders@example.org", Origin("127.0.0.1"), world.now)
        with world.store.db.reading(EVERYONE) as session:
            row, wrapped = session.execute(
                select(CoachLetter, models.Practice.wrapped_key)
                .join(models.Practice, models.Practice.id == CoachLetter.owner_id)
                .where(CoachLetter.kind == NEW_ADDRESS)
            ).one()
            place = Place("coach_letter", "sealed", row.id, row.owner_id)
            return world.store.vault.open(wrapped, place, row.sealed, letters.Said).path


def _address_from(served: Served, now: str, *words: str) -> str:
    """What a command about coaches prints."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "coach", *words]
    settings = serving.environment(served.instance, now)
    done = subprocess.run(
        command, cwd=serving.ROOT, env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = re.search(r"/(?:setup|reset)/\S+", done.stdout)
    assert found, done.stdout
    return found[0]
