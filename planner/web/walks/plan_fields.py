"""Fields that only the plan form has: the parts of a plan, and what the planner proposed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planner.domain.plan_parts import MOST_PARTS
from planner.web.fields import Words
from planner.web.forms import HiddenText, PlannerField


class Listed(PlannerField):
    """Many values, such as one for each part of the plan, in the order they were sent; the page draws them itself."""

    part = "listed"

    def __init__(self, label: Words, *, most: int = 2 * MOST_PARTS, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.most = most

    def process_data(self, value: Any) -> None:
        self.data = [str(one) for one in value] if value else []

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        texts = [one for one in valuelist if isinstance(one, str)]
        self.data = [self.clean(one)[:40] for one in texts[: self.most]]


class Proposed(HiddenText):
    """What the planner proposed for another field. As long as both are the same, the coach did not choose. Not sent:
    nothing was proposed."""

    empty = None  # type: ignore[assignment]

    @property
    def value(self) -> str | None:
        return self.data if self.typed is None else self.typed

    @property
    def was_made(self) -> bool:
        """Whether there was a proposal, be it that nothing fits."""
        return self.value is not None

    def stands_in(self, field: PlannerField) -> bool:
        return self.was_made and self.value == field.shown and not field.errors

    def propose(self, value: str) -> None:
        self.data, self.typed = value, value
