"""A link to another address that somebody asked for ends with whatever its coach does to be rid of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planner.services.people import devices, invitations, new_password, set_up
from planner.services.people.set_up import NewCoach
from tests.conftest import PASSWORD, World
from tests.test_cli_keys import run
from tests.web.signing import audited
from tests.web.test_email_change import NEW, Post, post  # noqa: F401

OTHER = "een heel ander wachtwoord 9"


def by_password(mail: Post) -> None:
    page = mail.anna.get("/account/password")
    page.submit("/account/password", old_password=PASSWORD, new_password=OTHER)


def by_reset(mail: Post) -> None:
    store, now = mail.world.store, mail.world.now
    new_password.choose(store, new_password.key_for(store, mail.world.coach(), now), OTHER, now)


def by_second_step(mail: Post) -> None:
    mail.at_home()
    mail.anna.get("/account/second-step").submit("/account/second-step/remove")


def by_devices(mail: Post) -> None:
    devices.end_others(mail.world.store, mail.world.coach(), "", mail.world.now)


@pytest.mark.parametrize("deed", [by_password, by_reset, by_second_step, by_devices])
@pytest.mark.parametrize("left", [True, False], ids=["mailed", "waiting"])
def test_it_ends(post: Post, deed: Callable[[Post], None], left: bool) -> None:  # noqa: F811
    post.ask()
    if left:
        post.run()
        link = post.link()
    deed(post)
    assert ("email", "removed") in audited(post.world)
    assert NEW not in dict(post.run()), "nor does a letter leave that waited"
    if left:
        assert post.world.browser().get(link).status == 404


def test_an_invitation_to_a_wrong_address_ends_with_it(world: World) -> None:
    """As `coach change-email` does; the lead makes another."""
    store, lead, now = world.store, world.coach(), world.now
    invited = invitations.invite(store, lead, NewCoach("Els", "els@example.com", None), now)
    key = invitations.open_one(store, lead, invited, now).key
    invitations.ask_mail(store, lead, invited, now)
    code, said = run(world, "coach", "change-email", "els@example.com", "els@example.org")
    assert code == 0 and said.endswith("Een nieuw adres: coach reset els@example.org\n")
    with pytest.raises(set_up.KeyNotValid):
        set_up.open_setup(store, key, now)
    found = invitations.open_one(store, lead, invited, now)
    assert not found.key and not found.mailing
    invitations.renew(store, lead, invited, now)
    assert invitations.open_one(store, lead, invited, now).key
