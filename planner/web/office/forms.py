"""The form of whoever plans for a coach: when and where, and nothing of what happens in a walk."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from planner.domain.walks import CANCEL_REASONS, OUTDOORS
from planner.services.routes.walking_routes import RouteRow
from planner.services.walks.office import OfficeWalk, Spot, WhenAndWhere
from planner.web.forms import Chips, PlannerForm, as_version
from planner.web.walks.when_and_where import WhenAndWhereForm
from planner.web.wording import options


class OfficeForm(WhenAndWhereForm):
    def offer(self, routes: Iterable[RouteRow]) -> None:
        self.route_id.choices = [(one.id, one.name) for one in routes]

    def command(self, starts_local: datetime) -> WhenAndWhere:
        return WhenAndWhere(
            starts_local,
            self.minutes.data,
            self.setting.data,
            self.chosen_route,
            Spot(self.chosen_meeting_point, self.chosen_video_url),
            self.keep_clash.data,
            frozenset(self.clash_seen.data),
            as_version(self.version.data),
        )


class CancelForm(PlannerForm):
    reason = Chips(
        _l("What is the reason?"),
        choices=options("cancel_reason_of_all", CANCEL_REASONS),
        needs=_l("Choose one of these."),
    )


def start_of_new(minutes: int) -> dict[str, Any]:
    return {"minutes": minutes, "setting": OUTDOORS, "form_id": secrets.token_urlsafe(16)}


def start_of_walk(walk: OfficeWalk) -> dict[str, Any]:
    return {
        "date": walk.starts_local.date(),
        "time": walk.starts_local.time(),
        "minutes": walk.minutes,
        "setting": walk.setting,
        "route_id": walk.route_id,
        "meeting_point": walk.spot.meeting_point,
        "video_url": walk.spot.video_url,
        "version": str(walk.version),
    }
