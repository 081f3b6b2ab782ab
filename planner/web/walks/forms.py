"""The form of a walk in the making, and the small form of cancelling one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from planner.domain import plan_parts
from planner.domain.plan_parts import MOST_PARTS, Parts, Pin
from planner.domain.walks import (
    CANCEL_REASONS,
    MAX_WALK_MINUTES,
    MIN_WALK_MINUTES,
    ONLINE,
    OUTDOORS,
    SEGMENTS,
    SETTINGS,
    PlannedPart,
    WalkDetails,
)
from planner.services.planning import Desk, Draft
from planner.services.walks import PlanWalk
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
    Tick,
    WebAddress,
    WholeNumber,
    as_id,
)
from planner.web.walks import pins
from planner.web.wording import options

MOST_PART_MINUTES = 120
_MOVE = re.compile(r"(up|down|remove|exercise|segment|lay|choose)(?::([a-z_0-9]{1,30}))?")


class Listed(PlannerField):
    """A value for each part of the plan, in the order they were sent; the page draws them itself."""

    part = "listed"

    def process_data(self, value: Any) -> None:
        self.data = [str(one) for one in value] if value else []

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        texts = [one for one in valuelist if isinstance(one, str)]
        self.data = [self.clean(one)[:40] for one in texts[: 2 * MOST_PARTS]]


class WalkForm(PlannerForm):
    """`parts` are codes of segments, or exercise:<id>, with `part_minutes` beside them. `laid_for` says for which
    minutes and setting the default plan on the page was made: an untouched plan follows a change of either. `part_at`
    and `part_at_minute`: see pins. `move` is a button that changes the plan and saves nothing."""

    client_id = HiddenText()
    date = LocalDate(
        _l("Day"), needs=_l("Choose a day."), earliest=date(2000, 1, 1), latest=date(2099, 12, 31)
    )
    time = LocalTime(_l("Time"), needs=_l("Choose a time."))
    keep_clash = Tick(_l("Keep both walks"))
    minutes = WholeNumber(
        _l("How long"),
        needs=_l("Fill in how many minutes."),
        unit=_l("minutes"),
        least=MIN_WALK_MINUTES,
        most=MAX_WALK_MINUTES,
    )
    setting = Chips(_l("Where"), choices=options("setting"), needs=_l("Choose outdoors, indoors or online."))
    route_id = Choice(_l("Route"), nothing=_l("No route, only a meeting point"))
    meeting_point = TextLine(_l("Meeting point in words"))
    video_url = WebAddress(_l("Link for the video call"))
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
    message = TextArea(_l("Message for the client"), rows=3, max_length=2000)
    action = HiddenText()
    move = HiddenText()
    form_id = HiddenText()
    version = HiddenText()

    @property
    def wants_preview(self) -> bool:
        return self.action.data == "preview" or bool(self.move.data)

    @property
    def chosen_minutes(self) -> int:
        value = self.minutes.data
        return value if isinstance(value, int) else MIN_WALK_MINUTES

    @property
    def chosen_setting(self) -> str:
        return self.setting.data if self.setting.data in SETTINGS else OUTDOORS

    @property
    def starts_local(self) -> datetime | None:
        on, at = self.date.data, self.time.data
        return datetime.combine(on, at) if isinstance(on, date) and isinstance(at, time) else None

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fine = bool(super().validate(*args, **kwargs))
        if self.chosen_setting != ONLINE and self.video_url.errors:
            self.video_url.errors, self.video_url.data = [], ""  # it is not kept for this setting
            fine = not self.errors
        return fine

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
                    most=pins.LATEST_MINUTE,
                )
            )

    def validate_part_minutes(self, field: Any) -> None:
        if not all(
            re.fullmatch("[0-9]{1,3}", text) and int(text) <= MOST_PART_MINUTES for text in field.data
        ):
            raise ValidationError(
                _(
                    "Write the minutes of each part as a whole number, such as 5. At most %(most)s.",
                    most=MOST_PART_MINUTES,
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
        return [_bare(part) for part in laid] == [_bare(part) for part in sent]

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
            return plan_parts.with_exercise(parts, desk.by_id[number].facts)
        if what == "lay":
            ids = [part.exercise_id for part in parts if part.exercise_id is not None]
            seen = [part.exercise_id for part in parts if part.exercise_id is not None and part.for_client]
            facts, phase = desk.facts_of(ids), desk.facts.recovery_phase
            laid = plan_parts.lay(self.chosen_minutes, facts, self.chosen_setting, phase, seen)
            return plan_parts.pinned(laid, plan_parts.pins_of(parts))
        return parts

    def draft(self, parts: Parts) -> Draft:
        return Draft(
            self.starts_local,
            self.chosen_minutes,
            self.chosen_setting,
            self.chosen_route,
            parts,
            frozenset(_numbers(self.cautions_talked.data)),
        )

    @property
    def chosen_route(self) -> int | None:
        value = self.route_id.data
        return value if isinstance(value, int) and self.chosen_setting == OUTDOORS else None

    def command(self, desk: Desk, starts_local: datetime) -> PlanWalk:
        """Of a form that was found complete."""
        parts, online = self.plan_parts(desk), self.setting.data == ONLINE
        planned = {part.exercise_id for part in parts}
        details = WalkDetails(
            meeting_point="" if online else self.meeting_point.data,
            focus=self.focus.data,
            message=self.message.data,
            video_url=self.video_url.data if online else "",
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
            version=as_id(self.version.data),
        )


class CancelForm(PlannerForm):
    """`reason`: one of the chips, or the coach's own words; the words win."""

    codes = CANCEL_REASONS
    reason = TextLine(_l("Reason"), needs=_l("Choose a reason, or write it in your own words."))


class AskedForm(QueryForm):
    """What an address may say about a walk to plan: for whom, when, where, like which other walk."""

    client = HiddenText()
    date = LocalDate(earliest=date(2000, 1, 1), latest=date(2099, 12, 31), label="")
    time = LocalTime("")
    like = HiddenText()
    later = HiddenText()
    minutes = WholeNumber("", least=MIN_WALK_MINUTES, most=MAX_WALK_MINUTES)
    route = HiddenText()


def read_part(kind: str, minutes: str) -> PlannedPart | None:
    """One row of the plan; None for a row that says nothing."""
    segment, _colon, exercise = kind.partition(":")
    length = int(minutes) if re.fullmatch("[0-9]{1,3}", minutes) else 1
    number = as_id(exercise)
    if segment not in SEGMENTS or length == 0 or (segment == "exercise") != bool(number):
        return None
    return PlannedPart(segment, length, number)


def write_parts(parts: Parts) -> tuple[list[str], list[str]]:
    """The rows as the page sends them back."""
    kinds = [
        f"exercise:{part.exercise_id}" if part.exercise_id is not None else part.segment for part in parts
    ]
    return kinds, [str(part.minutes) for part in parts]


def _bare(part: PlannedPart) -> tuple[str, int, int | None]:
    return part.segment, part.minutes, part.exercise_id


def _numbers(values: Sequence[Any]) -> list[int]:
    """Ids as numbers, whether the form was checked already or not."""
    found = (value if isinstance(value, int) else as_id(value) for value in values)
    return [one for one in found if one is not None]
