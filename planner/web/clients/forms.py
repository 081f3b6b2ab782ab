"""Forms of clients: the file itself and the small ones. The intake and the safety questions are beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from planner.domain.answers import PAGE_ASKS
from planner.domain.clients import (
    ENVIRONMENT_TAGS,
    HEALTH_FLAGS,
    LANGUAGES,
    RECOVERY_PHASES,
    ClientName,
    HealthDetails,
)
from planner.domain.practices import MAX_WALK_MINUTES, MIN_WALK_MINUTES
from planner.domain.timing import DEFAULT_PACE_KMH
from planner.services.clients.clients import NO_DETAILS, NO_HEALTH, OpenClient, SaveClient
from planner.web.forms import (
    Chips,
    DecimalNumber,
    EmailField,
    FormId,
    HiddenText,
    LocalDate,
    ManyChips,
    Phone,
    PlannerForm,
    QueryForm,
    TextArea,
    TextLine,
    Tick,
    WholeNumber,
    YesNo,
    as_version,
)
from planner.web.wording import options

SLOWEST_KMH, FASTEST_KMH = 1.5, 7.0
HEALTH_FIELDS = ("help_question", "recovery_phase", "health_flags")
NAME_LENGTH = 80


def pace_field() -> DecimalNumber:
    return DecimalNumber(
        _l("Pace on flat ground"),
        least=SLOWEST_KMH,
        most=FASTEST_KMH,
        digits=1,
        unit=_l("km/h"),
        hint=_l("4 is an easy pace. 3 is slow."),
    )


def minutes_field() -> WholeNumber:
    return WholeNumber(_l("Longest walk"), least=MIN_WALK_MINUTES, most=MAX_WALK_MINUTES, unit=_l("minutes"))


def likes_field() -> ManyChips:
    return ManyChips(_l("Likes to walk in"), choices=options("environment", ENVIRONMENT_TAGS))


def avoid_field() -> ManyChips:
    return ManyChips(_l("Rather not in"), choices=options("environment", ENVIRONMENT_TAGS))


def flags_field() -> ManyChips:
    return ManyChips(
        _l("Take into account"),
        choices=options("caution", HEALTH_FLAGS),
        hint=_l("Exercises that ask for care with this get a sign."),
    )


class ClientForm(PlannerForm):
    """The file: the contract's fields."""

    first_name = TextLine(
        _l("First name"), needs=_l("Fill in a first name."), max_length=NAME_LENGTH, autocomplete="off"
    )
    last_name = TextLine(_l("Last name"), max_length=NAME_LENGTH, autocomplete="off")
    email = EmailField(_l("E-mail address"), autocomplete="off")
    phone = Phone(_l("Phone number"), autocomplete="off")
    language = Chips(
        _l("Language of the client's page"),
        choices=options("language", LANGUAGES),
        needs=_l("Choose a language."),
    )
    started_on = LocalDate(_l("Started on"))
    show_first_name = Tick(
        _l("Say the first name on the client's page"), hint=_l("Without it the page names nobody.")
    )
    page_asks = ManyChips(
        _l("Also on the client's page"),
        choices=options("page_ask", PAGE_ASKS),
        hint=_l(
            "All off at first; nothing there has to be answered. "
            "Questions about the week and the walk come with consent for health."
        ),
    )
    max_minutes = minutes_field()
    pace_kmh = pace_field()
    environment_likes = likes_field()
    environment_avoid = avoid_field()
    consent_health = Tick(_l("The client has read or heard this, and agrees"))
    help_question = TextArea(
        _l("Coaching question"), hint=_l("In the client's own words."), max_length=2000, rows=3
    )
    recovery_phase = Chips(
        _l("Phase"), choices=options("phase", RECOVERY_PHASES), hint=_l("You choose this together.")
    )
    health_flags = flags_field()
    reminders = YesNo(
        _l("Reminders by mail"), hint=_l("As far as the practice sends them, and with an e-mail address.")
    )
    mails_by_itself = YesNo(
        _l("Send messages without looking first"),
        hint=_l("With no, each message about a new or changed walk waits for your yes."),
    )
    texts_seen = Tick(_l("I have read these texts"))
    form_id = FormId(max_length=40)
    version = HiddenText(max_length=12)

    def validate_environment_avoid(self, field: Any) -> None:
        refuse_both(self.environment_likes, field)

    def command(self, kept: OpenClient | None) -> SaveClient:
        """What to save, over what was kept."""
        details = replace(
            kept.details if kept else NO_DETAILS,
            email=self.email.data,
            phone=self.phone.data,
            max_minutes=self.max_minutes.data,
            pace_kmh=self.pace_kmh.data or DEFAULT_PACE_KMH,
            environment_likes=tuple(self.environment_likes.data),
            environment_avoid=tuple(self.environment_avoid.data),
        )
        return SaveClient(
            ClientName(self.first_name.data, self.last_name.data),
            details,
            self._health(kept),
            self.language.data,
            self.show_first_name.data,
            self.started_on.data,
            self.consent_health.data,
            as_version(self.version.data),
            page_asks=frozenset(self.page_asks.data),
            reminders=self.reminders.yes,
            mails_by_itself=self.mails_by_itself.yes,
        )

    def _health(self, kept: OpenClient | None) -> HealthDetails:
        return replace(
            (kept.health if kept else None) or NO_HEALTH,
            help_question=self.help_question.data,
            recovery_phase=self.recovery_phase.data,
            health_flags=tuple(self.health_flags.data),
        )


def start_of_client(client: OpenClient) -> dict[str, Any]:
    """What the form shows of a client that is there."""
    health = client.health or NO_HEALTH
    return {
        "first_name": client.name.first_name,
        "last_name": client.name.last_name,
        "email": client.details.email,
        "phone": client.details.phone,
        "language": client.language,
        "started_on": client.started_on,
        "show_first_name": client.show_first_name,
        "page_asks": sorted(client.page_asks),
        "max_minutes": client.details.max_minutes,
        "pace_kmh": client.details.pace_kmh,
        "environment_likes": client.details.environment_likes,
        "environment_avoid": client.details.environment_avoid,
        "help_question": health.help_question,
        "recovery_phase": health.recovery_phase,
        "health_flags": health.health_flags,
        "reminders": client.reminders,
        "mails_by_itself": client.mails_by_itself,
        "version": str(client.version),
    }


def start_of_new(language: str, today: date, form_id: str) -> dict[str, Any]:
    return {
        "language": language,
        "started_on": today,
        "pace_kmh": DEFAULT_PACE_KMH,
        "reminders": True,
        "mails_by_itself": False,
        "form_id": form_id,
    }


class SearchForm(QueryForm):
    q = TextLine(_l("Search by name"), max_length=NAME_LENGTH, autocomplete="off")
    show = HiddenText(max_length=10)


class ConsentForm(PlannerForm):
    """One answer to one purpose. `next`: where to go after it."""

    purpose = HiddenText(max_length=30)
    answer = HiddenText(max_length=10)
    text_version = HiddenText(max_length=20)
    next = HiddenText(max_length=20)


class StepForm(PlannerForm):
    """What the coach did after a red answer."""

    step_taken = TextLine(
        _l("Which step did you take?"),
        needs=_l("Write down which step you took. A few words are enough."),
        hint=_l("For example: called the GP together. Not what the client told you."),
        max_length=300,
        autocomplete="off",
    )


class GpForm(PlannerForm):
    """The GP knows, or what makes the coach begin without."""

    gp_knows = Tick(_l("The GP knows"))
    reason_without_gp = TextLine(
        _l("Or: what makes you begin now"),
        hint=_l("For example: appointment with the GP on Thursday, a short flat walk until then."),
        max_length=300,
        autocomplete="off",
    )

    def validate_reason_without_gp(self, field: Any) -> None:
        if not field.data and not self.gp_knows.data:
            raise ValidationError(_("Tick that the GP knows, or write a reason."))


def refuse_both(likes: Any, avoid: Any) -> None:
    """The same surroundings cannot be liked and avoided."""
    if set(likes.data) & set(avoid.data):
        raise ValidationError(_("You chose the same surroundings twice. Keep it in one of the two."))


def said(field: Any) -> str:
    """The value of a field in words, to show beside another."""
    if isinstance(field, Tick):
        return str(_("Yes") if field.data else _("No"))
    if isinstance(field, ManyChips):
        return ", ".join(str(one.label) for one in field.choices if field.has(one.value)) or "–"
    if hasattr(field, "chosen"):
        return f"{field.chosen.label}" if field.chosen else "–"
    return str(field.shown) or "–"


def differences(form: PlannerForm, saved: PlannerForm) -> list[tuple[str, str]]:
    """(label, what is saved now) of each field in which the typed form and the saved file differ."""
    hidden = ("version", "form_id", "consent_health", "texts_seen")
    return [
        (field.words, said(saved[field.name]))
        for field in form
        if hasattr(field, "words") and field.name not in hidden and said(field) != said(saved[field.name])
    ]
