"""Passkeys at the front door: whoever forges, replays or borrows an answer stays outside."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from planner.models import Passkey, UsedChallenge
from tests.conftest import World
from tests.page_client import PageClient
from tests.web.signing import (
    USER_PRESENT,
    Authenticator,
    add_passkey,
    at_the_same_moment,
    audited,
    first_step,
    later,
    question_of,
    shown_codes,
    sign_in_with,
    text_of,
)


def test_a_passkey_signs_in_by_itself(world: World, coach: PageClient) -> None:
    key = add_passkey(coach, "Mijn telefoon")
    page = coach.get("/account/passkeys")
    assert "Mijn telefoon" in page.main and "Laatst gebruikt" not in page.main
    for _ in range(2):
        visitor = world.browser()
        page = visitor.get("/account/passkeys", follow=True)
        assert page.submit(answer=key.signed(question_of(visitor))).path == "/account/passkeys"
    assert "Laatst gebruikt op maandag 23 november" in visitor.get("/account/passkeys").main
    assert ("passkey", "created") in audited(world)


def test_with_a_passkey_a_password_alone_opens_nothing(world: World, coach: PageClient) -> None:
    question = coach.get("/account/passkeys/question").response.json
    page = coach.get("/account/passkeys").submit(
        "/account/passkeys", name="Laptop", answer=Authenticator().made(question)
    )
    codes = shown_codes(page)
    assert len(codes) == 10, "recovery codes come with the first one"
    page = first_step(world)
    assert page.h1 == "De tweede stap" and page.select("[data-passkey]")
    assert page.submit(code=codes[3]).path == "/"


def test_the_passkey_may_come_after_the_password(world: World, coach: PageClient) -> None:
    key, visitor = add_passkey(coach), world.browser()
    page = first_step(world, visitor)
    assert page.submit(answer=key.signed(question_of(visitor))).path == "/"


Forge = Callable[[World, Authenticator, PageClient], str]
FORGED: dict[str, Forge] = {
    "another origin": lambda w, k, b: k.signed(question_of(b), origin="https://localhost.example.org"),
    "the right host on another port": lambda w, k, b: k.signed(question_of(b), origin="http://localhost:81"),
    "another kind of answer": lambda w, k, b: k.signed(question_of(b), type="webauthn.create"),
    "a question of nobody": lambda w, k, b: k.signed(question_of(b), challenge=text_of(b"x" * 56)),
    "a short question": lambda w, k, b: k.signed(question_of(b), challenge=""),
    "a question for adding": lambda w, k, b: k.signed(
        w.browser("cor").get("/account/passkeys/question").response.json
    ),
    "an old question": lambda w, k, b: (k.signed(question_of(b)), later(w, minutes=11))[0],
    "a question of tomorrow": lambda w, k, b: (
        later(w, days=1), k.signed(question_of(b)), later(w, days=-1)
    )[1],
    "a device that was not unlocked": lambda w, k, b: k.signed(question_of(b), flags=USER_PRESENT),
    "nobody there": lambda w, k, b: k.signed(question_of(b), flags=0),
    "another site's key": lambda w, k, b: Authenticator(
        host="example.org", id=k.id, key=k.key, user=k.user, count=k.count
    ).signed(question_of(b)),
    "another key with this name": lambda w, k, b: Authenticator(id=k.id, user=k.user, count=9).signed(
        question_of(b)
    ),
    "an unknown key": lambda w, k, b: Authenticator(user=k.user).signed(question_of(b)),
    "somebody else's handle": lambda w, k, b: Authenticator(
        id=k.id, key=k.key, user=text_of(b"somebody"), count=9
    ).signed(question_of(b)),
    "a counter that went back": lambda w, k, b: (setattr(k, "count", -1), k.signed(question_of(b)))[1],
    "a counter that stood still": lambda w, k, b: (setattr(k, "count", 4), k.signed(question_of(b)))[1],
    "a signature of nothing": lambda w, k, b: changed(k.signed(question_of(b)), signature=text_of(b"x" * 70)),
    "no signature": lambda w, k, b: changed(k.signed(question_of(b)), signature=""),
    "data cut off": lambda w, k, b: changed(k.signed(question_of(b)), authenticatorData=text_of(b"x" * 9)),
    "no JSON in it": lambda w, k, b: changed(k.signed(question_of(b)), clientDataJSON=text_of(b"{")),
    "no JSON": lambda w, k, b: "{",
    "another JSON": lambda w, k, b: '[1, {"id": null}]',
    "JSON that is deep": lambda w, k, b: "[" * 15_000,
    "a number": lambda w, k, b: "7",
}  # fmt: skip


def changed(answer: str, **parts: str) -> str:
    told = json.loads(answer)
    told["response"] |= parts
    return json.dumps(told)


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_answer_opens_nothing(world: World, coach: PageClient, how: str) -> None:
    key = Authenticator(count=4)
    add_passkey(coach, key=key)
    sign_in_with(world.browser(), key.signed(question_of(coach)))
    visitor, before = world.browser(), key.count
    page = sign_in_with(visitor, FORGED[how](world, key, visitor))
    assert (page.status, list(page.errors)) == (422, ["password"])
    assert page.one('input[name="answer"]')["value"] == ""
    assert visitor.get("/account").status == 303
    key.count = before + 5
    assert sign_in_with(visitor, key.signed(question_of(visitor))).path == "/", "the real one still does"


def test_an_answer_counts_once(world: World, coach: PageClient) -> None:
    """Also of a key that does not count, and from another browser with the same cookie."""
    key = add_passkey(coach)
    answer = key.signed(question_of(coach))
    assert sign_in_with(world.browser(), answer).path == "/"
    assert sign_in_with(world.browser(), answer).status == 422
    flat = add_passkey(world.browser("bram"))
    flat.count = -1
    answer = flat.signed(question_of(coach))
    assert sign_in_with(world.browser(), answer).path == "/"
    assert sign_in_with(world.browser(), answer).status == 422
    flat.count = -1
    assert sign_in_with(world.browser(), flat.signed(question_of(coach))).path == "/"


@pytest.mark.parametrize(
    "how", ["origin", "question", "asked another", "not unlocked", "twice", "the same key"]
)
def test_a_forged_new_key_is_not_kept(world: World, coach: PageClient, how: str) -> None:
    key, bram = Authenticator(), world.browser("bram")
    question = coach.get("/account/passkeys/question").response.json
    answer = key.made(question)
    if how == "origin":
        answer = key.made(question, origin="https://evil.example")
    if how == "question":
        answer = key.made(question, challenge=text_of(b"x" * 56))
    if how == "asked another":
        answer = key.made(bram.get("/account/passkeys/question").response.json)
    if how == "not unlocked":
        answer = key.made(question, flags=USER_PRESENT)
    expected = 0
    if how in ("twice", "the same key"):
        coach.get("/account/passkeys").submit("/account/passkeys", name="Eerste", answer=answer)
        expected = 1
    if how == "the same key":
        answer = key.made(bram.get("/account/passkeys/question").response.json)
    page = (bram if how == "the same key" else coach).get("/account/passkeys")
    page = page.submit("/account/passkeys", name="Nieuw", answer=answer)
    assert (page.status, list(page.errors)) == (422, ["name"])
    assert page.one('input[name="name"]')["value"] == "Nieuw"
    with world.store.db.unowned() as connection:
        assert connection.execute(select(func.count()).select_from(Passkey)).scalar() == expected


def test_several_with_names_each_taken_away_by_itself(world: World, coach: PageClient) -> None:
    phone, laptop = add_passkey(coach, "Telefoon"), add_passkey(coach, "Laptop")
    page = coach.get("/account/passkeys")
    ids = {card.h2.get_text(): str(card["data-key"]) for card in page.select("[data-key]")}
    assert list(ids) == ["Telefoon", "Laptop"]
    token = page.select('main input[name="csrf_token"]')[0]["value"]
    for who in ("cor", "bram"):
        other = world.browser(who)
        theirs = other.get("/account").one('main input[name="csrf_token"]')["value"]
        for number in (*ids.values(), "1", "x", ""):
            sent = {"csrf_token": theirs, "passkey": number}
            assert other.post("/account/passkeys/remove", sent).status == 404
    assert (
        coach.post("/account/passkeys/remove", {"csrf_token": token, "passkey": ids["Telefoon"]}).status
        == 303
    )
    assert sign_in_with(world.browser(), phone.signed(question_of(coach))).status == 422
    assert sign_in_with(world.browser(), laptop.signed(question_of(coach))).path == "/"
    sealed = repr(_rows(world))
    assert "Laptop" not in sealed


def _rows(world: World) -> list[object]:
    with world.store.db.unowned() as connection:
        return list(connection.execute(select(Passkey.name_sealed)).all())


def test_names_are_asked(coach: PageClient) -> None:
    answer = Authenticator().made(coach.get("/account/passkeys/question").response.json)
    page = coach.get("/account/passkeys").submit("/account/passkeys", name="", answer=answer)
    assert (page.status, list(page.errors)) == (422, ["name"])


def test_who_keeps_sending_bad_answers_waits(world: World, visitor: PageClient) -> None:
    statuses = [sign_in_with(visitor, "{}").status for _ in at_the_same_moment(world, 31)]
    assert statuses == [422] * 30 + [429]


def test_at_an_address_of_numbers_there_are_no_passkeys(world: World, coach: PageClient) -> None:
    base = {"base_url": "http://127.0.0.1:8000"}
    visitor = world.browser()
    assert not visitor.get("/login", **base).select("[data-passkey]")
    assert visitor.get("/login/passkey/question", **base).status == 404
    page = coach.get("/account/passkeys")
    assert page.select("[data-passkey]")


def test_questions_that_were_answered_are_forgotten_in_time(world: World, coach: PageClient) -> None:
    from planner.services.keeping import housekeeping

    key = add_passkey(coach)
    sign_in_with(world.browser(), key.signed(question_of(coach)))

    def kept() -> int:
        with world.store.db.unowned() as connection:
            return int(connection.execute(select(func.count()).select_from(UsedChallenge)).scalar_one())

    assert kept() == 2
    housekeeping.sweep(world.store, world.now)
    assert kept() == 2
    later(world, minutes=11)
    housekeeping.sweep(world.store, world.now)
    assert kept() == 0
