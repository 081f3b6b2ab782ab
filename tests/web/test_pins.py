"""Exercises pinned to a minute or to a point of the route: chosen in the plan form, seen on the walk page."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from planner.domain.routes import WaypointTexts
from planner.models import EVERYONE, PlanItem, Waypoint
from planner.services.routes import route_points
from tests import makers
from tests.conftest import World
from tests.page_client import Page, PageClient
from tests.web.planning import exercises_on, plain_plan, send


class Trip:
    """A client, a route with a bench at 480 metres, and a walk with two exercises."""

    def __init__(self, world: World, coach: PageClient) -> None:
        self.world, self.coach = world, coach
        self.client = makers.make_client(world)
        self.route = makers.make_route(world, line=True)
        self.bench = self.place("Bankje", 480)
        self.trees, self.feet = (
            makers.make_exercise(world, title) for title in ("Drie bomen", "Voeten voelen")
        )
        self.walk = makers.make_walk(
            world, self.client, "2026-11-25T10:00", route_id=self.route, exercises=(self.trees, self.feet)
        )
        self.address = f"/walks/{self.walk}/edit"

    def place(self, name: str, along_m: int) -> int:
        command = route_points.WritePoint("bench", WaypointTexts(name), along_m=float(along_m))
        route_points.add(self.world.store, self.world.coach(), self.route, command, self.world.now)
        with self.world.store.db.reading(EVERYONE) as session:
            return session.scalars(select(Waypoint.id).order_by(Waypoint.position.desc())).first() or 0

    def pinned(self) -> dict[int, tuple[int | None, int | None]]:
        with self.world.store.db.reading(EVERYONE) as session:
            rows = session.execute(select(PlanItem.exercise_id, PlanItem.at_minute, PlanItem.waypoint_id))
            return {row.exercise_id: (row.at_minute, row.waypoint_id) for row in rows if row.exercise_id}

    def pin(
        self, first: str, second: str = "order", minutes: tuple[str, str] = ("", ""), **more: Any
    ) -> Page:
        """What a browser sends after choosing; the first row is a talk."""
        page = self.coach.get(self.address)
        return page.submit(
            self.address,
            press=more.pop("press", "action=save"),
            part_at=["order", first, second],
            part_at_minute=["", *minutes],
            **more,
        )

    def table(self) -> dict[int, tuple[str, str]]:
        """Minute and metres of each exercise on the sheet."""
        page = self.coach.get(f"/walks/{self.walk}/sheet")
        return {
            int(str(tag["data-exercise"])): (str(tag["data-minute"]), str(tag["data-metres"]))
            for tag in page.select("li[data-exercise]")
        }


@pytest.fixture
def trip(world: World, coach: PageClient) -> Trip:
    return Trip(world, coach)


def test_a_point_and_a_minute_are_kept_and_seen(trip: Trip) -> None:
    form = trip.coach.get(trip.address)
    options = [tag.get_text() for tag in form.select("[name=part_at] option")]
    assert options == ["Op volgorde", "Op een minuut", "Bij: Bankje"] * 2
    page = trip.pin(f"point:{trip.bench}", "minute", ("", "15"))
    assert page.path == f"/walks/{trip.walk}", page.errors
    assert trip.pinned() == {trip.trees: (None, trip.bench), trip.feet: (15, None)}
    assert trip.table() == {trip.trees: ("7", "480"), trip.feet: ("15", "1000")}
    page = trip.coach.get(trip.address)
    chosen = [str(tag["value"]) for tag in page.select("[name=part_at] option[selected]")]
    assert chosen == [f"point:{trip.bench}", "minute"]
    assert [str(tag["value"]) for tag in page.select("[name=part_at_minute]")] == ["", "", "15"]
    assert page.submit(trip.address, press="action=save").path == f"/walks/{trip.walk}"
    assert trip.pinned() == {trip.trees: (None, trip.bench), trip.feet: (15, None)}, "nothing was lost"


def test_in_order_again(trip: Trip) -> None:
    trip.pin(f"point:{trip.bench}", "minute", ("", "15"))
    trip.pin("order", "order", ("", "15"))
    assert trip.pinned() == {trip.trees: (None, None), trip.feet: (None, None)}


@pytest.mark.parametrize("typed", ["", "twaalf", "-3", "91", "500", "1e9"])
def test_a_minute_that_is_none_is_refused_and_stays(trip: Trip, typed: str) -> None:
    page = trip.pin("minute", minutes=(typed, ""), press="action=save")
    assert (page.status, list(page.errors)) == (422, ["part_at_minute"])
    assert [str(tag["value"]) for tag in page.select("[name=part_at_minute]")] == ["", typed, ""]
    assert page.one("[name=part_at] option[selected]")["value"] == "minute"
    assert page.one("#plan-parts details").has_attr("open")


def test_a_script_that_sends_nothing_about_it_changes_nothing(trip: Trip) -> None:
    trip.pin("minute", minutes=("9", ""))
    sent = plain_plan(
        trip.client,
        date="2026-11-25",
        route_id=trip.route,
        exercise_ids=[trip.trees, trip.feet],
        focus="Rust",
    )
    page = send(trip.coach, trip.address, sent)
    assert "Rust" in page.main
    assert trip.pinned()[trip.trees] == (9, None)


def test_moving_parts_about_keeps_the_pins(trip: Trip) -> None:
    page = trip.pin("minute", minutes=("9", ""), press="move=down:1")
    assert exercises_on(page) == [trip.feet, trip.trees]
    page = page.submit(trip.address, press="move=lay")
    page = page.submit(trip.address, press="action=save")
    assert trip.pinned() == {trip.trees: (9, None), trip.feet: (None, None)}


def test_other_minutes_keep_the_pins_of_an_untouched_plan(trip: Trip, coach: PageClient) -> None:
    new = f"/walks/new?client={trip.client}"
    page = coach.get(new)
    rows = page.select("[name=parts]")
    where = ["minute" if str(tag["value"]).startswith("exercise") else "order" for tag in rows]
    first = where.index("minute")
    places = ["minute" if number == first else "order" for number in range(len(where))]
    sent = ["11" if number == first else "" for number in range(len(where))]
    form = page.submit(new, press="action=preview", part_at=places, part_at_minute=sent, minutes="60")
    assert [str(tag["value"]) for tag in form.select("[name=part_at_minute]")].count("11") == 1


def test_a_pin_that_cannot_be_is_a_warning_and_saved_all_the_same(trip: Trip) -> None:
    page = trip.pin("minute", minutes=("80", ""), press="action=preview")
    said = "“Drie bomen” staat op 1 uur en 20 minuten: 50 minuten te laat. Op zijn laatst past het na 30 minuten."
    assert said in page.main
    page = trip.pin("minute", minutes=("80", ""))
    assert page.path == f"/walks/{trip.walk}" and said in page.main
    tags = page.select(f".parts li[data-exercise='{trip.trees}'] .tag")
    assert tags[0].get_text(strip=True) == "niet na 1 uur en 20 minuten, maar na 30 minuten"
    assert trip.table()[trip.trees][0] == "30", "the list says what the timetable says"


def test_the_list_of_the_walk_is_in_walking_order_with_its_pins(trip: Trip) -> None:
    """The second exercise comes first, and each says where or when."""
    page = trip.pin("minute", f"point:{trip.bench}", ("20", ""))
    listed = [tag.get_text(" ", strip=True) for tag in page.select("ol.parts > li")]
    assert exercises_on(page) == [trip.feet, trip.trees]
    assert [line for line in listed if "bij Bankje" in line] == [listed[1]]
    assert "Voeten voelen" in listed[1] and "na 20 minuten" in listed[3]
    words = [str(tag["data-entry"]) for tag in page.select("li[data-entry]")]
    assert [one for one in words if one in ("walk_talk", "exercise")] == [
        "walk_talk", "exercise", "walk_talk", "exercise", "walk_talk",
    ]  # fmt: skip
    form = trip.coach.get(trip.address)
    assert "bij Bankje" in form.one("#plan-parts .parts").get_text(" ", strip=True)


def test_a_pin_at_another_place_than_its_own_says_so(trip: Trip) -> None:
    far = trip.place("Stil water", 1200)
    assert "bij Stil water" in trip.pin(f"point:{far}").one(".parts").get_text(" ", strip=True)
    page = send(trip.coach, f"/walks/{trip.walk}/length", {"length": "short"})
    assert "niet bij Stil water" in page.main
    assert "staat bij een plek waar deze wandeling niet langskomt" in page.main


def test_a_point_that_went_pins_nothing(trip: Trip) -> None:
    trip.pin(f"point:{trip.bench}")
    before = trip.table()[trip.trees]
    route_points.remove(trip.world.store, trip.world.coach(), (trip.route, trip.bench), trip.world.now)
    assert trip.table()[trip.trees] != before
    assert trip.table()[trip.trees][0] == "30", "in order, after the talk"
    page = trip.coach.get(trip.address)
    assert page.select("[name=part_at] option[selected]") == []
    assert page.submit(trip.address, press="action=save").status == 200


@pytest.mark.parametrize("value", ["point:987654321", "point:x", "point:", "nonsense", "minute:4"])
def test_a_point_of_elsewhere_pins_nothing(trip: Trip, value: str) -> None:
    other = makers.make_route(trip.world, "Van Bram", who="bram", line=True)
    makers.make_point(trip.world, other, who="bram")
    with trip.world.store.db.reading(EVERYONE) as session:
        foreign = session.scalars(select(Waypoint.id).where(Waypoint.route_id == other)).one()
    for sent in (value, f"point:{foreign}"):
        page = trip.pin(sent, minutes=("4", "") if value.startswith("minute") else ("", ""))
        assert page.status == 200
        assert trip.pinned()[trip.trees][1] is None


def test_what_does_not_fit_says_what_to_leave_out(world: World, coach: PageClient) -> None:
    """4 km at 3.5 km/h plus 20 minutes of exercises does not fit in 75."""
    client = makers.make_client(world, pace_kmh=3.5)
    route = makers.make_route(world, distance_m=4000, is_loop=True)
    still = makers.an_exercise(world, "worry-bench")
    page = send(
        coach,
        f"/walks/new?client={client}",
        plain_plan(client, minutes=75, route_id=route, action="preview")
        | {
            "parts": ["walk_talk", f"exercise:{still}"],
            "part_minutes": ["20", "20"],
            "exercise_ids": [still],
        },
    )
    assert "1 uur en 29 minuten. Met 5 minuten speling is dat 19 minuten te lang. Zonder" in page.main
    assert "win je 20 minuten." in page.main
