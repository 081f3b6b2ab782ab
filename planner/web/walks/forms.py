"""The form of a walk in the making, and the small form of cancelling one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from planner.domain import plan_parts
from planner.domain.closed_hour import Closed
from planner.domain.plan_parts import MOST_PARTS, Parts, Pin
from planner.domain.series import ONE
from planner.domain.walks import (
    CANCEL_REASONS,
    MAX_WALK_MINUTES,
    MIN_WALK_MINUTES,
    OUTDOORS,
    SETTINGS,
    PlannedPart,
    WalkDetails,
)
from planner.domain.when import without_year
from planner.services.planning.plan_desk import Desk, Draft
from planner.services.planning.proposals import DAY, PARTS, ROUTE, TIME, Given, Proposal
from planner.services.walks.walks import PlanWalk
from planner.web.forms import (
    Chips,
    Choice,
    HiddenText,
    LocalDate,
    LocalTime,
    ManyChips,
    PlannerField,
    PlannerForm,
    QueryForm,
    TextArea,
    TextLine,
    WholeNumber,
    as_id,
    as_version,
)
from planner.web.walks import pins
from planner.web.walks.plan_fields import Listed, Proposed
from planner.web.walks.plan_rows import bare, read_part, written
from planner.web.walks.when_and_where import WhenAndWhereForm
from planner.web.wording import options

OF_OTHER_FIELDS = ("route", "outdoors", "minutes", "hours", "hour")
"""Buttons that change something else than the parts."""
ALL_MINUTES = frozenset(map(str, range(MIN_WALK_MINUTES, MAX_WALK_MINUTES + 1)))
_MOVE = re.compile(
    r"(up|down|remove|exercise|segment|lay|choose|route|outdoors|minutes|hours|hour)(?::([a-z_0-9]{1,30}))?"
)


def which_walks() -> Chips:
    """Of a walk in a series: this one, or the later ones too."""
    return Chips(
        _l("For which walks"), choices=options("which"), default=ONE, needs=_l("Choose one of these.")
    )


class WalkForm(WhenAndWhereForm):
    """`proposed_...` is what the planner proposed, for as far as it did; `suggested` the exercises it put in the plan.
    `parts` are codes of segments, or exercise:<id>, with `part_minutes` beside them. `laid_for` says for which
    minutes and setting the default plan on the page was made: an untouched plan follows a change of either. `part_at`
    and `part_at_minute`: see pins. `move` is a button that changes the plan and saves nothing."""

    client_id = HiddenText()
    focus = TextLine(_l("Focus of this walk"))
    exercise_ids = ManyChips(_l("Exercises"), at_most=MOST_PARTS)
    client_exercise_ids = ManyChips(_l("The client may see"))
    cautions_talked = ManyChips(_l("Talked over"))
    parts = Listed(_l("Parts"))
    part_minutes = Listed(_l("Minutes"))
    part_at = Listed(_l("Where or when"))
    part_at_minute = Listed(_l("After how many minutes"))
    laid_for = HiddenText()
    choose = Choice(_l("Another exercise"), nothing=_l("Choose an exercise"))
    proposed_date = Proposed()
    proposed_time = Proposed()
    proposed_route = Proposed()
    proposed_parts = Proposed()
    suggested = Listed("")
    message = TextArea(_l("Message for the client"), rows=3, max_length=2000)
    which = which_walks()
    action = HiddenText()
    move = HiddenText()

    @property
    def wants_preview(self) -> bool:
        return self.action.data == "preview" or bool(self.move.data)

    @property
    def chosen_minutes(self) -> int:
        value = self.minutes.data
        return value if isinstance(value, int) else MIN_WALK_MINUTES

    @property
    def all_suggested(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(_numbers(self.suggested.data)))

    def given(self, desk: Desk, parts: Parts) -> Given:
        """What stands in the form, and which of it the coach did not choose."""
        proposed = (
            (DAY, self.proposed_date, self.date),
            (TIME, self.proposed_time, self.time),
            (ROUTE, self.proposed_route, self.route_id),
        )
        left_open = {name for name, before, field in proposed if before.stands_in(field)}
        if self._plan_is_as_proposed(desk, parts):
            left_open.add(PARTS)
        return Given(
            open=frozenset(left_open),
            minutes=self.chosen_minutes,
            setting=self.chosen_setting,
            on=self.date.data if isinstance(self.date.data, date) else None,
            at=self.time.data if isinstance(self.time.data, time) else None,
            route_id=self.chosen_route,
            parts=parts,
        )

    def _plan_is_as_proposed(self, desk: Desk, parts: Parts) -> bool:
        sent = self._sent_parts(desk)
        moves_parts = bool(self.move.data) and self.move.data.partition(":")[0] not in OF_OTHER_FIELDS
        as_before = self._untouched(desk, sent) and self.proposed_parts.value == written(sent)
        untouched = as_before and written(parts) == written(sent) and not moves_parts
        return untouched and not plan_parts.pins_of(parts)  # a pinned exercise is a chosen one

    def take(self, plan: Proposal, given: Given) -> None:
        """Fill in what was proposed anew, and remember what it was."""
        fills: tuple[tuple[str, PlannerField, Proposed, Any], ...] = (
            (DAY, self.date, self.proposed_date, plan.on),
            (TIME, self.time, self.proposed_time, plan.at),
            (ROUTE, self.route_id, self.proposed_route, plan.route_id),
        )
        for name, field, before, value in fills:
            if name in given.open:
                field.data, field.typed = value, None
                before.propose(field.shown)
        if plan.suggested is not None:
            self.suggested.data = [str(one) for one in plan.suggested]
            self.proposed_parts.propose(written(plan.parts))

    def look_only(self) -> None:
        """Read what there is; only what was typed wrongly gets its sentence, what is still empty does not."""
        self.validate()
        for field in self:
            if field.errors and getattr(field, "is_empty", False) and not getattr(field, "typed", None):
                field.errors = []

    def plan_parts(self, desk: Desk) -> Parts:
        """The plan as it was sent, with its pins. Without parts, or with the default plan untouched: the default plan
        for the minutes, setting and exercises of now; else the coach's own, with exactly the exercises that were
        sent."""
        chosen = desk.facts_of(_numbers(self.exercise_ids.data))
        seen = set(_numbers(self.client_exercise_ids.data))
        sent = self._sent_parts(desk)
        if not sent and not chosen and self.laid_for.typed:
            return ()  # the page's rows were all taken out
        if not sent or self._untouched(desk, sent):
            laid = plan_parts.lay(
                self.chosen_minutes, chosen, self.chosen_setting, desk.facts.recovery_phase, seen
            )
            return plan_parts.pinned(laid, self._pins(desk))
        return plan_parts.pinned(plan_parts.fitted(sent, chosen, seen), self._pins(desk))

    @property
    def sent_pins(self) -> dict[int, pins.Shown] | None:
        """What the fields of each exercise say, by its id."""
        return pins.read(self.parts.data, self.part_at.data, self.part_at_minute.data)

    def _pins(self, desk: Desk) -> dict[int, Pin]:
        """As sent; as they are when nothing was sent about them."""
        sent = self.sent_pins
        if sent is None or not self.part_at.data:
            return plan_parts.pins_of(desk.walk.parts if desk.walk else ())
        return pins.pins_of(sent)

    def validate_part_at_minute(self, _field: Any) -> None:
        sent = (self.sent_pins or {}).values()
        if not all(pins.is_minute(minute) for place, minute in sent if place == pins.MINUTE):
            raise ValidationError(
                _(
                    "Write after how many minutes the exercise begins, such as 15. At most %(most)s.",
                    most=MAX_WALK_MINUTES,
                )
            )

    def validate_part_minutes(self, field: Any) -> None:
        if not all(re.fullmatch("[0-9]{1,3}", text) and int(text) <= MAX_WALK_MINUTES for text in field.data):
            raise ValidationError(
                _(
                    "Write the minutes of each part as a whole number, such as 5. At most %(most)s.",
                    most=MAX_WALK_MINUTES,
                )
            )

    def sent_rows(self, desk: Desk) -> list[tuple[PlannedPart, str]]:
        """The rows of the page with what was typed as minutes; none when they make no sense together, as from a
        script that sends none. A row of 0 minutes is taken out."""
        kinds, minutes = self.parts.data, self.part_minutes.data
        if len(kinds) != len(minutes) or len(kinds) > MOST_PARTS:
            return []
        read = [(read_part(kind, text), text) for kind, text in zip(kinds, minutes, strict=True)]
        known = desk.by_id
        return [(one, text) for one, text in read if one and (one.exercise_id or 0) in (0, *known)]

    def _sent_parts(self, desk: Desk) -> Parts:
        return tuple(part for part, _text in self.sent_rows(desk))

    def _untouched(self, desk: Desk, sent: Parts) -> bool:
        before, _colon, setting = self.laid_for.data.partition(":")
        if not re.fullmatch("[0-9]{1,3}", before) or setting not in SETTINGS:
            return False
        exercises = desk.facts_of(part.exercise_id for part in sent if part.exercise_id is not None)
        laid = plan_parts.lay(int(before), exercises, setting, desk.facts.recovery_phase)
        return [bare(part) for part in laid] == [bare(part) for part in sent]

    def choose_by_button(self, desk: Desk) -> None:
        """A route of the list under it, outdoors again, minutes in which the plan fits, or a better hour: the same as
        choosing it in its field."""
        match = _MOVE.fullmatch(self.move.data)
        if match and match[1] == "route" and (route := desk.route(as_id(match[2] or ""))) is not None:
            self.route_id.data, self.route_id.typed = route.id, None
        if match and match[1] == "outdoors":
            self.setting.data, self.setting.typed = OUTDOORS, None
        if match and match[1] == "minutes" and match[2] in ALL_MINUTES:
            self.minutes.data, self.minutes.typed = int(match[2]), None
        if match and match[1] == "hour" and (local := _hour(match[2] or "")) is not None:
            self.date.data, self.date.typed = local.date(), None
            self.time.data, self.time.typed = local.time(), None
            for before in (
                self.proposed_date,
                self.proposed_time,
            ):  # both are chosen, also where one is as proposed
                before.data = before.typed = None

    def moved(self, parts: Parts, desk: Desk) -> Parts:
        """The plan after the button that was pressed; a button that makes no sense changes nothing."""
        match = _MOVE.fullmatch(self.move.data)
        what, which = (match[1], match[2] or "") if match else ("", "")
        number = int(which) if which.isdecimal() else -1
        if what == "choose":
            what, number = "exercise", self.choose.data if isinstance(self.choose.data, int) else -1
        if what in ("up", "down"):
            return plan_parts.moved(parts, number, -1 if what == "up" else 1)
        if what == "remove":
            return plan_parts.without(parts, number)
        if what == "segment":
            return plan_parts.with_segment(parts, which)
        if what == "exercise" and number in desk.by_id:
            if match and match[1] == "exercise":  # it was offered; what is chosen from the whole list was not
                self.suggested.data = [*self.suggested.data, str(number)]
            return plan_parts.with_exercise(parts, desk.by_id[number].facts)
        if what == "lay":
            ids = [part.exercise_id for part in parts if part.exercise_id is not None]
            seen = [part.exercise_id for part in parts if part.exercise_id is not None and part.for_client]
            facts, phase = desk.facts_of(ids), desk.facts.recovery_phase
            laid = plan_parts.lay(self.chosen_minutes, facts, self.chosen_setting, phase, seen)
            return plan_parts.pinned(laid, plan_parts.pins_of(parts))
        return parts

    def is_over(self, desk: Desk) -> bool:
        """The walk would be on a day that is over (decision 28: it may), where it was not already."""
        on, was = self.date.data, desk.walk.starts_local.date() if desk.walk else None
        return isinstance(on, date) and on < desk.today_on and on != was

    def is_far(self, desk: Desk) -> bool:
        """The walk would be on a day for which a reader takes another year, where it was not already."""
        on, was = self.date.data, desk.walk.starts_local.date() if desk.walk else None
        return isinstance(on, date) and on > without_year(desk.today_on)[1] and on != was

    def is_off(self, desk: Desk) -> Closed | None:
        """The walk would be on a day off, where it was not already. A coach may: it is said, no more."""
        on, was = self.date.data, desk.walk.starts_local.date() if desk.walk else None
        return desk.off_on(on) if isinstance(on, date) and on >= desk.today_on and on != was else None

    def draft(self, desk: Desk, parts: Parts) -> Draft:
        as_before = desk.like is not None and desk.like.route_id == self.chosen_route
        return Draft(
            self.starts_local,
            self.chosen_minutes,
            self.chosen_setting,
            self.chosen_route,
            parts,
            frozenset(_numbers(self.cautions_talked.data)),
            route_known=as_before or self.proposed_route.stands_in(self.route_id),
            suggested=self.all_suggested,
            meeting_point=self.meeting_point.shown.strip(),
        )

    def command(self, desk: Desk, starts_local: datetime) -> PlanWalk:
        """Of a form that was found complete."""
        parts = self.plan_parts(desk)
        planned = {part.exercise_id for part in parts}
        details = WalkDetails(
            meeting_point=self.chosen_meeting_point,
            focus=self.focus.data,
            message=self.message.data,
            video_url=self.chosen_video_url,
            cautions_talked=tuple(one for one in _numbers(self.cautions_talked.data) if one in planned),
        )
        return PlanWalk(
            client_id=desk.client.id,
            starts_local=starts_local,
            minutes=self.chosen_minutes,
            setting=self.chosen_setting,
            route_id=self.chosen_route,
            parts=parts,
            details=details,
            keep_clash=self.keep_clash.data,
            seen=frozenset(self.clash_seen.data),
            version=as_version(self.version.data),
            suggested=tuple(one for one in self.all_suggested if one in desk.by_id),
        )


class CancelForm(PlannerForm):
    """`reason`: one of the chips, or the coach's own words; the words win."""

    codes = CANCEL_REASONS
    reason = TextLine(_l("Reason"), needs=_l("Choose a reason, or write it in your own words."))
    which = which_walks()


class LengthForm(PlannerForm):
    length = Chips(_l("How long"), choices=options("length"), needs=_l("Choose short, usual or long."))


class AskedForm(QueryForm):
    """What an address may say about a walk to plan: for whom, when, where, like which other walk."""

    client = HiddenText()
    date = LocalDate(earliest=date(2000, 1, 1), latest=date(2099, 12, 31), label="")
    time = LocalTime("")
    like = HiddenText()
    later = HiddenText()
    minutes = WholeNumber("", least=MIN_WALK_MINUTES, most=MAX_WALK_MINUTES)
    route = HiddenText()


def _numbers(values: Sequence[Any]) -> list[int]:
    """Ids as numbers, whether the form was checked already or not."""
    found = (value if isinstance(value, int) else as_id(value) for value in values)
    return [one for one in found if one is not None]


def _hour(text: str) -> datetime | None:
    """The hour of a button, such as 202611241200; None when it makes no sense."""
    with suppress(ValueError):
        if re.fullmatch("20[0-9]{10}", text):
            return datetime.fromisoformat(f"{text[:8]}T{text[8:]}")
    return None
