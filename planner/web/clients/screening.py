"""The form of the safety questions, answered no, yes or don't know: all of them, or the three that are repeated.
Nothing is chosen beforehand; where the last answer may be kept, it stands beside its question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.domain.screening import ASKED, RED_NOW, REPEATED, LastTime, assess
from planner.services.fixed_texts import ScreeningTexts
from planner.web.forms import Chips, FormId, PlannerForm, Tick
from planner.web.words import date_long

AGAIN, ALL = "again", "all"
"""What the address says when the three are asked, or everything again."""


class ScreeningBase(PlannerForm):
    codes: tuple[str, ...] = ASKED
    form_id = FormId(max_length=40)
    consent_health = Tick(_l("The client has read or heard this, and agrees"))

    @property
    def answers(self) -> dict[str, str]:
        """Question to answer, of those that were answered."""
        return {code: self[code].data for code in self.codes if self[code].data}

    def validate(self, extra_validators: Any = None) -> bool:
        """All questions must have an answer, except when one of them needs action at once: then nothing may hold it
        up."""
        if not super().validate(extra_validators):
            return False
        if assess(self.answers).level == RED_NOW:
            return True
        missing = [code for code in self.codes if not self[code].data]
        for code in missing:
            self.refuse(code, _('Choose an answer. "Don\'t know" is fine too.'))
        return not missing


def screening_form(
    texts: ScreeningTexts, language: str, form_id: str, ask: str, last: Mapping[str, LastTime]
) -> ScreeningBase:
    """The form with its questions in the language of these texts. `ask`: `again` for the three that are repeated.
    `last`: when each was asked before."""
    choices = list(texts.answers.items())
    codes = REPEATED if ask == AGAIN else ASKED
    fields = {
        code: Chips(
            texts.questions[code].question, choices=choices, hint=_said(texts, language, last.get(code))
        )
        for code in codes
    }
    made: ScreeningBase = type("ScreeningForm", (ScreeningBase,), {"codes": codes, **fields})(
        data={"form_id": form_id}
    )
    return made


def _said(texts: ScreeningTexts, language: str, before: LastTime | None) -> str:
    """What is kept of the last time, in the client's words."""
    if before is None:
        return ""
    day = date_long(before.asked_on, language)
    with force_locale(language):
        if before.answer is None:
            return str(_("Asked on %(day)s. The answer is not kept.", day=day))
        return str(_("Last time, %(day)s: “%(answer)s”.", day=day, answer=texts.answers[before.answer]))
