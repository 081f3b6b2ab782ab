"""Which pages are for whom in a practice (domain/roles.py). A page that stands on no list is for every coach, and so
for whoever leads; the office reaches only what is named here. For others there is no such page: 404."""

from __future__ import annotations

from planner.domain.roles import LEAD, OFFICE

LEAD_ONLY = frozenset(
    {
        "colleagues.invite",
        "colleagues.colleague",
        "colleagues.invitation",
        "colleagues.renew",
        "colleagues.mail",
        "colleagues.withdraw",
        "colleagues.role",
        "colleagues.hand_over_all",
        "colleagues.close",
        "colleagues.reopen",
        "keeping.copies",
        "keeping.make_sheet",
        "keeping.overview",
        "keeping.sheet",
        "keeping.verify",
        "settings.agenda",
    }
)
OFFICE_ONLY = frozenset(
    {
        "office.clients",
        "office.client",
        "office.plan",
        "office.walk",
        "office.cancel",
    }
)
OFFICE_TOO = frozenset(
    {
        "account.logout",
        "account.own",
        "account.password",
        "account.this_device",
        "agenda.colleagues",
        "colleagues.index",
        "emails.change",
        "emails.withdraw",
        "maps.route_line",
        "maps.route_map",
        "passkeys.own",
        "passkeys.remove",
        "passkeys.to_add",
        "photos.photo",
        "pictures.picture",
        "security.confirm",
        "security.end_device",
        "security.end_other_devices",
        "security.overview",
        "security.recovery_codes",
        "security.remove_second_step",
        "security.second_step",
        "security.signed_in_devices",
        "tiles.tile",
        "toolkit.exercise",
        "toolkit.index",
        "walking_routes.all_geojson",
        "walking_routes.all_gpx",
        "walking_routes.gpx",
        "walking_routes.index",
        "walking_routes.route",
    }
)
OFFICE_CHANGES = ("account.", "passkeys.", "security.", "office.")
"""Where the office changes something, as these begin: how somebody signs in, and what it plans. What else it reaches it
only looks at, also where the same address takes a coach's change."""
HOME = {OFFICE: "agenda.colleagues"}
"""Where somebody begins who has no week of their own."""


def may_open(role: str, endpoint: str, *, changing: bool = False) -> bool:
    if role == OFFICE:
        looks = not changing or endpoint.startswith(OFFICE_CHANGES)
        return looks and endpoint in OFFICE_TOO | OFFICE_ONLY
    return endpoint not in OFFICE_ONLY and (role == LEAD or endpoint not in LEAD_ONLY)
