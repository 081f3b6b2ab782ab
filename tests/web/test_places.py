"""A place as somebody pastes it."""

from __future__ import annotations

import pytest

from planner.web.places import place_in


@pytest.mark.parametrize(
    ("pasted", "place"),
    [
        ("52.10, 5.18", (52.1, 5.18)),
        ("52.10,5.18", (52.1, 5.18)),
        ("52.10 , 5.18", (52.1, 5.18)),
        ("52.10 ,5.18", (52.1, 5.18)),
        ("52,10 5,18", (52.1, 5.18)),
        ("52,10; 5,18", (52.1, 5.18)),
        ("-33.5 151.2", (-33.5, 151.2)),
        ("geo:52.10,5.18?z=17", (52.1, 5.18)),
        ("https://www.google.com/maps/@52.10,5.18,17z", (52.1, 5.18)),
        ("https://www.google.com/maps/place/Bos/@52.2,5.2,17z/data=!3m1!4b1!3d52.10!4d5.18", (52.1, 5.18)),
        ("https://maps.google.com/?q=52.10%2C5.18", (52.1, 5.18)),
        ("https://maps.apple.com/?ll=52.10,5.18&q=Bos", (52.1, 5.18)),
        ("https://www.openstreetmap.org/?mlat=52.10&mlon=5.18#map=17/52.2/5.2", (52.1, 5.18)),
        ("https://www.openstreetmap.org/#map=17/52.10/5.18", (52.1, 5.18)),
        ("52,10", None),
        ("52.10", None),
        ("NaN, NaN", None),
        ("Bij het bos", None),
        ("https://maps.app.goo.gl/abc", None),
    ],
)
def test_a_pair_of_numbers_or_a_link(pasted: str, place: tuple[float, float] | None) -> None:
    assert place_in(pasted) == place
