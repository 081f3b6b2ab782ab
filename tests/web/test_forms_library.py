"""Fields take anything, give a clean value or one sentence, and show again what was typed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict

from planner.web.forms import (
    Chips,
    Choice,
    DecimalNumber,
    EmailField,
    GpxFile,
    HiddenText,
    LocalDate,
    LocalTime,
    ManyChips,
    Option,
    Password,
    Phone,
    PlannerForm,
    QueryForm,
    Scale,
    SmallScale,
    TextArea,
    TextLine,
    Tick,
    WebAddress,
    WholeNumber,
)
from tests.web.library import small_app


class Everything(PlannerForm):
    class Meta:
        csrf = False

    name = TextLine("Name", needs="Write a name.", max_length=20)
    text = TextArea("Text", max_length=50)
    email = EmailField("E-mail")
    phone = Phone("Phone")
    video = WebAddress("Video")
    secret = Password("Password")
    setting = Chips("Where", needs="Choose where.", choices=[("outdoors", "Outdoors"), ("online", "Online")])
    wish = Chips("Wish", choices=[("a", "A"), ("b", "B")])
    likes = ManyChips("Likes", choices=[("forest", "Forest"), ("water", "Water")], at_most=2)
    exercises = ManyChips("Exercises", choices=[(11, "Eleven"), (12, "Twelve"), (13, "Thirteen")])
    energy = Scale("Energy", low="empty", high="full")
    mark = SmallScale("Mark", names=["not", "a little", "clearly", "a lot"])
    minutes = WholeNumber("Minutes", least=20, most=90)
    pace = DecimalNumber("Pace", least=1, most=7, digits=1)
    latitude = DecimalNumber("Latitude", least=-90, most=90, digits=5)
    date = LocalDate("Day", needs="Choose a day.")
    time = LocalTime("Time", needs="Choose a time.")
    route = Choice("Route", choices=[(1, "Heath"), (2, "Brook")])
    gpx = GpxFile("File", most_bytes=1000)
    show = Tick("Show")
    version = HiddenText()


FINE = {"name": "Sanne", "setting": "outdoors", "date": "2026-12-01", "time": "10:00"}


@pytest.fixture(scope="module")
def app() -> Flask:
    return small_app()


@pytest.fixture(autouse=True)
def request_context(app: Flask) -> Iterator[None]:
    with app.test_request_context("/?l=en"):
        yield


def filled(**sent: Any) -> Everything:
    """The form as it is after `sent` came in, on top of what is fine."""
    pairs: list[tuple[str, Any]] = []
    for name, value in {**FINE, **sent}.items():
        pairs += [(name, one) for one in (value if isinstance(value, list) else [value]) if one is not None]
    form = Everything(formdata=MultiDict(pairs))
    form.validate()
    return form


def shown(source: str, **context: Any) -> BeautifulSoup:
    imports = '{% from "parts/fields.html" import field, form_errors, post_button, save_bar %}'
    return BeautifulSoup(render_template_string(imports + source, **context), "html.parser")


READ = [
    ("name", "  Sanne \t de  Wit ", "Sanne de Wit"),
    ("name", "Jose\u0301", "José"),
    ("name", "<b>\x00x", "<b>x"),
    ("text", "one\r\ntwo\r", "one\ntwo"),
    ("email", " sanne@example.org ", "sanne@example.org"),
    ("phone", "+31 (0)6-12 34 56 78", "+31 (0)6-12 34 56 78"),
    ("video", "https://example.org/room?x=1", "https://example.org/room?x=1"),
    ("secret", "  with spaces  ", "  with spaces  "),
    ("setting", "online", "online"),
    ("wish", "", None),
    ("likes", ["water", "forest", "water"], ["water", "forest"]),
    ("exercises", ["13", "11"], [13, 11]),
    ("energy", "0", 0),
    ("energy", "10", 10),
    ("energy", "", None),
    ("mark", "3", 3),
    ("minutes", "40", 40),
    ("minutes", "", None),
    ("pace", "3,5", 3.5),
    ("pace", "3.5", 3.5),
    ("pace", "4", 4.0),
    ("latitude", "52,09070", 52.0907),
    ("latitude", "-0.5", -0.5),
    ("date", "2026-12-01", date(2026, 12, 1)),
    ("date", "1-12-2026", date(2026, 12, 1)),
    ("date", "01/12/2026", date(2026, 12, 1)),
    ("date", ["2026-12-01", ""], date(2026, 12, 1)),
    ("date", ["2026-12-01", "2026-12-09"], date(2026, 12, 9)),
    ("time", "10:00", time(10)),
    ("time", "9:5", time(9, 5)),
    ("time", "9.30", time(9, 30)),
    ("time", "0930", time(9, 30)),
    ("time", "9 uur", time(9)),
    ("time", "9u30", time(9, 30)),
    ("time", "10:00:00", time(10)),
    ("route", "2", 2),
    ("route", "", None),
    ("show", "1", True),
    ("show", "0", False),
    ("show", None, False),
    ("version", " 7 ", "7"),
]


@pytest.mark.parametrize(("name", "sent", "value"), READ)
def test_reads_what_people_write(name: str, sent: Any, value: Any) -> None:
    form = filled(**{name: sent})
    assert form.errors == {}
    assert form[name].data == value
    assert type(form[name].data) is type(value)


REFUSED = [
    ("name", "", "Write a name."),
    ("name", " \x00 ", "Write a name."),
    ("name", "x" * 21, "This is too long. Use at most 20 characters."),
    ("text", "x" * 51, "This is too long. Use at most 50 characters."),
    ("email", "sanne", "Write an e-mail address such as name@example.org."),
    ("email", "sanne@example", "Write an e-mail address such as name@example.org."),
    ("email", "a b@example.org", "Write an e-mail address such as name@example.org."),
    ("phone", "call me", "Write a phone number with digits, such as 06 12345678."),
    ("phone", "((((((((", "Write a phone number with digits, such as 06 12345678."),
    ("video", "javascript:alert(1)", "Write a web address that starts with https://."),
    ("video", "https://[", "Write a web address that starts with https://."),
    ("setting", None, "Choose where."),
    ("setting", "moon", "Choose one of these."),
    ("wish", "c", "Choose one of these."),
    ("likes", ["forest", "moon"], "Choose from these."),
    ("exercises", ["14"], "Choose from these."),
    ("energy", "11", "Choose a number from 0 to 10."),
    ("energy", "five", "Choose a number from 0 to 10."),
    ("mark", "4", "Choose a number from 0 to 3."),
    ("minutes", "19", "Choose a number from 20 to 90."),
    ("minutes", "40,5", "Write a whole number, such as 40."),
    ("minutes", "9" * 30, "Write a whole number, such as 40."),
    ("pace", "fast", "Write a number, such as 3.5."),
    ("pace", "nan", "Write a number, such as 3.5."),
    ("pace", "1e9", "Write a number, such as 3.5."),
    ("pace", "9", "Choose a number from 1 to 7."),
    ("date", "", "Choose a day."),
    ("date", None, "Choose a day."),
    ("date", "2026-02-30", "Write a day that exists, such as 1-12-2026."),
    ("date", "tomorrow", "Write a day that exists, such as 1-12-2026."),
    ("date", "1066-10-14", "This day is too far away. Choose another day."),
    ("time", "", "Choose a time."),
    ("time", "24:00", "Write a time that exists, such as 10:00."),
    ("time", "10:60", "Write a time that exists, such as 10:00."),
    ("time", "soon", "Write a time that exists, such as 10:00."),
    ("route", "9", "Choose one of these."),
]


@pytest.mark.parametrize(("name", "sent", "sentence"), REFUSED)
def test_refuses_with_one_plain_sentence_and_no_value(name: str, sent: Any, sentence: str) -> None:
    form = filled(**{name: sent})
    assert {key: [str(one) for one in errors] for key, errors in form.errors.items()} == {name: [sentence]}
    assert form.all_errors == [(form[name].id, sentence)]
    page = shown("{{ form_errors(form) }}{{ field(f) }}", form=form, f=form[name])
    beside = page.select_one(f'[data-error="{name}"]')
    assert beside is not None and beside.get_text(strip=True) == sentence
    link = page.select_one("#errors a")
    assert link is not None and page.select_one(str(link["href"])) is not None


@pytest.mark.parametrize("name", ["name", "text", "email", "phone", "minutes", "pace", "date", "time"])
def test_what_was_typed_stays(name: str) -> None:
    form = filled(**{name: "x & <y> " * 30})
    page = shown("{{ field(f) }}", f=form[name])
    held = page.select_one("textarea") or page.select_one("input:not([type=radio])")
    assert held is not None
    value = held.get_text() if held.name == "textarea" else str(held["value"])
    assert value.strip() == " ".join(["x & <y>"] * 30)


def test_a_password_is_never_shown_again() -> None:
    form = filled(secret="wandelen in het bos")
    assert "wandelen" not in str(shown("{{ field(form.secret) }}", form=form))


def test_a_field_that_was_not_sent_keeps_what_it_had() -> None:
    form = Everything(formdata=MultiDict(FINE), data={"minutes": 40, "text": "kept", "likes": ["forest"]})
    assert form.validate()
    assert (form.minutes.data, form.text.data) == (40, "kept")
    assert form.email.data == "" and form.pace.data is None
    assert form.likes.data == []  # a browser sends nothing for boxes without a tick


def test_choices_may_be_set_after_the_form_was_made() -> None:
    form = Everything(formdata=MultiDict({**FINE, "route": "77"}))
    form.route.choices = [Option(77, "New")]
    assert form.validate() and form.route.data == 77


def test_a_sentence_from_the_service_stands_beside_its_field() -> None:
    form = filled()
    form.refuse("time", "You walk with Mark then.")
    assert "You walk with Mark then." in str(shown("{{ field(form.time) }}", form=form))
    assert form.all_errors == [("time", "You walk with Mark then.")]


@pytest.mark.parametrize(("size", "refused"), [(1000, False), (1001, True)])
def test_a_file_has_a_limit(size: int, refused: bool) -> None:
    sent = FileStorage(io.BytesIO(b"x" * size), filename="C:\\maps\\..\\rondje.gpx")
    form = filled(gpx=sent)
    assert bool(form.gpx.errors) is refused
    if not refused:
        assert (form.gpx.data.name, len(form.gpx.data.content)) == ("rondje.gpx", 1000)


def test_no_file_is_none() -> None:
    assert filled(gpx=FileStorage(io.BytesIO(b""), filename="")).gpx.data is None
    assert filled(gpx="typed").gpx.data is None


anything = st.text(max_size=60) | st.sampled_from(
    ["0", "10", "2026-12-01", "10:00", "١٢", "1_0", "९:३०", "--"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.data())
def test_no_input_ever_breaks_a_form_or_its_page(data: st.DataObject) -> None:
    names = [field.name for field in Everything()]
    sent = {name: data.draw(st.lists(anything, min_size=1, max_size=2)) for name in names}
    form = filled(**sent)
    page = shown("{{ form_errors(form) }}{% for f in form %}{{ field(f) }}{% endfor %}", form=form)
    assert {tag["data-error"] for tag in page.select("[data-error]")} == set(form.errors)


@given(st.times(), st.dates(date(1900, 1, 1), date(2199, 12, 31)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_days_and_times_come_back_as_they_were_shown(at: time, on: date) -> None:
    at = at.replace(second=0, microsecond=0)
    before = Everything(formdata=None, data={"date": on, "time": at})
    after = filled(date=before.date.shown, time=before.time.shown)
    assert (after.date.data, after.time.data) == (on, at)


def test_dutch_numbers_have_a_comma(app: Flask) -> None:
    with app.test_request_context("/?l=nl"):
        form = Everything(data={"pace": 3.5, "latitude": 52.0907})
        assert (form.pace.shown, form.latitude.shown) == ("3,5", "52,0907")
        assert "Schrijf een getal, zoals 3,5." in filled(pace="snel").pace.errors


# How fields look ------------------------------------------------------------------------------------------


def test_every_input_has_a_label_and_no_browser_validation() -> None:
    page = shown("{% for f in form %}{{ field(f) }}{% endfor %}", form=filled())
    assert not page.select("[required], [min], [max], [pattern]")
    for tag in page.select("input:not([type=hidden]), select, textarea"):
        labelled = tag.find_parent("label") or page.select(f'label[for="{tag.get("id")}"]')
        assert labelled, tag
    assert page.select_one("#f-name")["aria-required"] == "true"
    assert not page.select_one("#f-email").has_attr("aria-required")


def test_only_optional_fields_say_so() -> None:
    page = shown("{{ field(form.name) }}|{{ field(form.email) }}", form=filled())
    needed, optional = page.get_text(" ", strip=True).split("|")
    assert "may stay empty" not in needed and "may stay empty" in optional


def test_a_scale_has_its_numbers_and_one_for_not_asked() -> None:
    page = shown("{{ field(form.energy) }}", form=filled(energy="7"))
    values = [tag["value"] for tag in page.select("input[type=radio]")]
    assert values == [*map(str, range(11)), ""]
    assert [tag["value"] for tag in page.select("[checked]")] == ["7"]


def test_a_day_has_chips_and_the_native_field_behind_them() -> None:
    form = filled(date="2026-12-03")
    form.date.suggestions = [Option(date(2026, 12, 1), "di 1 dec"), Option(date(2026, 12, 3), "do 3 dec")]
    page = shown("{{ field(form.date) }}", form=form)
    assert [tag["value"] for tag in page.select("[checked]")] == ["2026-12-03"]
    native = page.select_one("details:not([open]) input[type=date]")
    assert native is not None and native["name"] == "date" and native["value"] == ""
    form.date.suggestions = [Option(date(2026, 12, 1), "di 1 dec")]
    page = shown("{{ field(form.date) }}", form=form)
    assert page.select_one("details[open] input[type=date]")["value"] == "2026-12-03"
    assert not page.select("[checked]")


def test_words_of_people_are_escaped_everywhere() -> None:
    nasty = '"><script>alert(1)</script>'
    form = filled(text=nasty, version=nasty)
    form.wish.choices = [Option(nasty, nasty, nasty)]
    source = "{{ field(form.text) }}{{ field(form.version) }}{{ field(form.wish) }}"
    button = "{{ post_button('/x', n, item=n, more={n: n}) }}"
    assert not shown(source + button, form=form, n=nasty).select("script")


def test_a_button_form_carries_its_proof_and_names_its_item() -> None:
    page = shown("{{ post_button('/walks/1/repeat', 'Repeat', item='Sanne', more={'version': 3}) }}")
    assert page.select_one('form[method=post][action="/walks/1/repeat"] input[name=csrf_token]')["value"]
    assert page.button.get_text(" ", strip=True) == "Repeat Sanne"
    assert page.select_one("input[name=version]")["value"] == "3"


# What a form reads ----------------------------------------------------------------------------------------


def test_a_form_without_its_proof_is_refused_and_reads_no_json(app: Flask) -> None:
    class Guarded(PlannerForm):
        name = TextLine("Name", needs="Write a name.")

    with app.test_request_context("/", method="POST", data={"name": "Sanne"}):
        assert not Guarded().validate()
    with app.test_request_context("/", method="POST", json=["name"]):
        form = Guarded()
        assert not form.validate()
        assert form.name.errors == ["Write a name."]


def test_a_query_form_reads_the_address(app: Flask) -> None:
    class Search(QueryForm):
        q = TextLine("Search")
        energy = Scale("Energy")

    with app.test_request_context("/?q=%20san%20&energy=12"):
        form = Search()
        assert not form.validate()
        assert form.q.data == "san" and set(form.errors) == {"energy"}
