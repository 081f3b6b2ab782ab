"""The words on the card that a client gets on paper, in the client's language."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _

from planner.services.clients.link_card import LinkCard


@dataclass(frozen=True, slots=True)
class CardWords:
    """`greeting` is empty where no name is wished."""

    title: str
    greeting: str
    how: str
    whoever: str
    picture: str


def words_of(card: LinkCard, *, named: bool) -> CardWords:
    with force_locale(card.language):
        return CardWords(
            title=_("Your walks"),
            greeting=_("Hello %(name)s", name=card.first_name) if named else "",
            how=_("Scan this with your phone, or type the address."),
            whoever=_("Whoever has this card can see your page. Keep it with you."),
            picture=_("QR code of the link"),
        )
