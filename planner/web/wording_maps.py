"""Words for codes about maps and photos."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MAPS: dict[str, dict[str, LazyString]] = {
    "photo_problem": {
        "not_a_photo": _l("This is no photo that we can show. Choose a JPEG, PNG or WebP."),
        "heic": _l("This is a HEIC photo, which not every browser shows. Save it as JPEG first."),
        "damaged": _l("This photo is damaged. Choose another one, or send it to yourself again."),
        "too_many_pixels": _l(
            "This photo has too many pixels. Make it smaller first, or choose another one."
        ),
    },
}
