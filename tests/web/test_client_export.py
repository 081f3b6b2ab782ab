"""Everything about one client: every column, in words and for programs; and what they supplied themselves."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import is_dataclass
from typing import Any, get_args, get_type_hints

import jsonschema
import pytest
from sqlalchemy import select

from planner.models import EVERYONE, AuditEntry, Base
from planner.services.clients import consents
from planner.services.privacy.client_export import EXPORTED, LEFT_OUT, SEALED
from planner.services.toolkit import toolkit
from planner.web.privacy.wording_export import CODES, FIELDS, NOT_READ, TABLES
from planner.web.wording_words import WORDS
from tests.ground import Ground, canary
from tests.makers import make_access, make_client, make_note, make_walk
from tests.page_client import Page

OPINIONS = ("Wat-ik-zag", "Mijn-inzicht", "Voor-de-therapeut", "Mijn-notitie", "Mijn-richting")
"""What the coach saw, thought or wrote."""


def taken(ground: Ground, client: int | None = None) -> dict[str, Any]:
    """The files of the zip; JSON is read."""
    address = f"/clients/{client or ground.own.client}/export"
    done = ground.world.browser("anna").get(address).submit(address)
    return unpacked(done)


def unpacked(done: Page) -> dict[str, Any]:
    assert done.response.content_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(done.response.data)) as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    return {name: json.loads(text) if name.endswith("json") else text for name, text in found.items()}


def test_a_colleague_who_had_access_is_named(ground: Ground) -> None:
    make_access(ground.world, ground.own.client, "Ziek")
    files = taken(ground)
    row = next(one for one in files["file.json"]["tables"]["client_access"] if one["sealed"] == "Ziek")
    name = files["file.json"]["colleagues"][str(row["reader_id"])]
    assert f"<dt>Collega</dt><dd>{name}</dd>" in files["file.html"]


def columns_about_clients() -> set[str]:
    """Every column of every table that has rows about a client."""
    tables = [
        table
        for table in Base.metadata.sorted_tables
        if table.name == "client" or "client_id" in table.columns
    ]
    assert len(tables) > 18
    return {f"{table.name}.{column.name}" for table in tables for column in table.columns}


def is_left_out(column: str) -> bool:
    table, _, name = column.partition(".")
    return bool({column, f"*.{name}", f"{table}.*"} & LEFT_OUT.keys())


def test_p09_every_column_is_in_it_or_on_the_list_with_its_reason() -> None:
    known = {f"{table}.{name}" for table, names in EXPORTED.items() for name in names}
    every = columns_about_clients()
    neither = {column for column in every if column not in known and not is_left_out(column)}
    assert not neither, "a new column: say in services/privacy/client_export.py whether a client gets it"
    assert known <= every and not {column for column in known if is_left_out(column)}
    sealed = {column for column in known if column.rpartition(".")[2].endswith("sealed")}
    assert sealed == SEALED.keys(), "say as what it is opened"
    assert all(len(reason) > 10 for reason in LEFT_OUT.values())


def test_p09_one_click_gives_everything(ground: Ground) -> None:
    """Each row of each table; every text holds the canary; to read and for programs."""
    found, own = taken(ground), ground.own
    tables = found["file.json"]["tables"]
    for name, rows in ground.dump().items():
        mine = [row for row in rows if own.client in row] if name in EXPORTED else []
        extra = 1 if name == "audit_entry" else 0  # the look at the page itself comes after its answer
        assert abs(len(tables.get(name, [])) - len(mine)) <= extra, name
    told = json.dumps(tables, ensure_ascii=False).count(canary("anna"))
    assert told > 25
    page = found["file.html"]
    assert page.count(canary("anna")) >= told - 4, "all but what is said once for several rows"
    for words in (
        "Wat er van je wordt bewaard",
        "Waar je ja op zei",
        "06 12345678",
        "Wie je dossier bekeek",
        "Gemaakt",
    ):
        assert words in page
    assert canary("cor") not in page and canary("bram") not in page


def test_p09_a_withdrawal_does_not_hide_what_lies_there(ground: Ground) -> None:
    """It is shut for the coach's pages; the client may still see it."""
    version = consents.text_version("health")
    store, coach = ground.world.store, ground.world.coach()
    consents.decide(store, coach, ground.own.client, "health", "no", version, ground.world.now)
    found = taken(ground)
    assert found["file.json"]["tables"]["client"][0]["health_sealed"]["help_question"] == canary("anna")
    assert found["file.json"]["tables"]["note"][0]["sealed"]["felt_text"] == canary("anna")
    assert [row["withdrawn_at"] is not None for row in found["file.json"]["tables"]["consent"]] == [True]


def test_p10_what_a_client_supplied_is_what_the_schema_says(ground: Ground) -> None:
    world = ground.world
    client = make_client(
        world, "Sanne", email="sanne@example.org", help_question="Hoe zeg ik nee?", coach_notes=OPINIONS[3],
        environment_likes=("forest",),
    )  # fmt: skip
    walk = make_walk(world, client, "2026-11-20T10:00", focus=OPINIONS[4])
    make_note(
        world, walk, felt_text=OPINIONS[0], insight_text=OPINIONS[1], parked_for_therapist=OPINIONS[2],
        client_words="Ik adem weer.", energy_before=4, energy_after=6, movement=3,
    )  # fmt: skip
    for one in (client, ground.own.client):
        found = taken(ground, one)
        schema, file = found["portable.schema.json"], found["portable.json"]
        jsonschema.validate(file, schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**file, "numbers": [{"on": 5}]}, schema)
    text = json.dumps(taken(ground, client)["portable.json"], ensure_ascii=False)
    for given in (
        "Sanne",
        "sanne@example.org",
        "Hoe zeg ik nee?",
        "forest",
        "Ik adem weer.",
        '"energy_after": 6',
    ):
        assert given in text, given
    assert file["made_on"] == "2026-11-23"
    assert not [word for word in OPINIONS if word in text]


def test_nought_is_a_number_too(ground: Ground) -> None:
    client = make_client(ground.world, "Sanne", consent_health=True)
    for day, energy in (("2026-11-20", 5), ("2026-11-13", 0)):
        make_note(
            ground.world, make_walk(ground.world, client, f"{day}T10:00"), energy_before=energy, movement=0
        )
    page = taken(ground, client)["file.html"]
    assert "<dd>0</dd>" in page and "<dd>niet</dd>" in page
    assert page.index("13 november 2026") < page.index("20 november 2026"), "in the order of time"


def test_it_is_written_down_and_asks_who_is_there(ground: Ground) -> None:
    taken(ground)
    with ground.world.store.db.reading(EVERYONE) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "exported")).one()
    assert (entry.actor_id, entry.client_id) == (ground.own.coach, ground.own.client)
    ground.world.set_clock("2026-11-23T09:30")
    address = f"/clients/{ground.own.client}/export"
    refused = ground.world.browser("anna").get(address).submit(address)
    assert (refused.status, refused.h1) == (403, "Ben jij het?")
    with ground.world.store.db.reading(EVERYONE) as session:
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "exported")).all()) == 1


def test_an_exercise_that_was_hidden_since_keeps_its_name(ground: Ground) -> None:
    world, exercise = ground.world, ground.own.exercise
    toolkit.set_hidden(world.store, world.coach(), exercise, True, world.now)
    found = taken(ground)
    name = found["file.json"]["exercises"][str(exercise)]
    assert name in found["file.html"] and str(exercise) not in found["file.html"]


def test_the_readable_copy_is_in_the_clients_language(ground: Ground) -> None:
    client = make_client(ground.world, "Mary", language="en", goal="walk to the shop")
    page = taken(ground, client)["file.html"]
    assert 'lang="en"' in page and "What is kept about you" in page and "walk to the shop" in page


def names_in(kind: type) -> set[str]:
    """Every field of a value, and of what lies in it."""
    found = set()
    for name, hint in get_type_hints(kind).items():
        inner = [one for one in (hint, *get_args(hint)) if is_dataclass(one)]
        found |= {name} if not inner or hint not in inner else set()
        for one in inner:
            found |= names_in(one)
    return found


def test_every_field_has_a_name_people_read() -> None:
    known = {name for table, names in EXPORTED.items() for name in names if f"{table}.{name}" not in SEALED}
    for kind in SEALED.values():
        known |= names_in(kind)
    assert not known - FIELDS.keys() - NOT_READ - {"about", "boundary", "no_practice", "reason_recognition"}
    assert TABLES.keys() == EXPORTED.keys()
    assert set(CODES.values()) <= WORDS.keys()
