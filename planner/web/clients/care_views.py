"""What is asked of a client before walking: the intake, consent, the safety questions; and the emergency card."""

from __future__ import annotations

import secrets

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from planner.domain.clients import CONSENT_PURPOSES, IntakeQuestion, intake_asked
from planner.domain.screening import GP_NOT_INFORMED, NONE, RED_NOW, RED_WITHOUT_STEP, assess
from planner.services import fixed_texts
from planner.services.clients import client_files, clients, consents, safety
from planner.services.clients.client_files import SafetyFile
from planner.services.clients.clients import OpenClient
from planner.services.clients.consents import NeedsConsent
from planner.services.store import Conflict
from planner.web import here, language
from planner.web.clients.forms import ConsentForm, GpForm, StepForm, differences
from planner.web.clients.intake import IntakeForm, form_field_of, start_of_intake
from planner.web.clients.screening import AGAIN, ALL, ScreeningBase, screening_form
from planner.web.clients.views import opened

care = Blueprint("care", __name__, url_prefix="/clients/<int:client_id>")
Page = str | Response | tuple[str, int]
AFTER_CONSENT = {
    "intake": "care.intake",
    "safety": "care.questions",
    "edit": "clients.edit",
    "progress": "progress.show",
}
"""Pages that send somebody here for the consent, and get them back after a yes."""
AFTER_QUESTIONS = {"review": "progress.new_review", "progress": "progress.show"}
"""Pages that send somebody to the safety questions, and get them back with what came of it."""
SAID = {
    consents.GIVEN: _l("Written down: the client agrees."),
    consents.REFUSED: _l("Written down: the client says no. That is fine."),
    consents.WITHDRAWN: _l("Written down: the consent is withdrawn. From now on it is not used."),
}


@care.route("/intake", methods=["GET", "POST"])
def intake(client_id: int) -> Page:
    client = opened(client_id)
    asked = intake_asked(client_files.intake_asked(here.store(), here.coach()))
    form = IntakeForm(data=start_of_intake(client))
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            clients.update(here.store(), here.coach(), client_id, form.command(client, asked), here.now())
        except NeedsConsent as refused:
            for name in refused.names:
                form.refuse(
                    form_field_of(name), _("This is about health. It can be saved once the client agrees.")
                )
        except Conflict:
            status, client = 409, opened(client_id)
        else:
            flash(_("Saved."))
            return redirect(url_for("clients.show", client_id=client_id), 303)
    return _intake_page(client, form, asked, status), status


def _intake_page(client: OpenClient, form: IntakeForm, asked: tuple[IntakeQuestion, ...], status: int) -> str:
    saved = IntakeForm(formdata=None, data=start_of_intake(client))
    return render_template(
        "clients/intake.html",
        client=client,
        form=form,
        asked=asked,
        consent=fixed_texts.consent_text(client.language),
        about_health=client.health_consent or any(form[name].errors for name in _health_names(form, asked)),
        conflict=status == 409,
        differs=differences(form, saved) if status == 409 else [],
    )


def _health_names(form: IntakeForm, asked: tuple[IntakeQuestion, ...]) -> list[str]:
    return [name for question in asked if question.about_health for name in form.fields_of(question)]


@care.route("/consent", methods=["GET", "POST"])
def consent(client_id: int) -> Page:
    client, form = opened(client_id), ConsentForm()
    if not form.validate_on_submit():
        return _consent_page(client, request.args.get("next", ""))
    purpose, answer = form.purpose.data, form.answer.data
    if purpose not in CONSENT_PURPOSES or answer not in (consents.YES, consents.NO):
        abort(400)
    try:
        state = consents.decide(
            here.store(), here.coach(), client_id, purpose, answer, form.text_version.data, here.now()
        )
    except consents.TextRenewed:
        flash(_("The text was renewed. Read it again first."), "note")
        return _consent_page(client, form.next.data), 409
    flash(str(SAID[state]))
    if state == consents.GIVEN and form.next.data in AFTER_CONSENT:
        return redirect(url_for(AFTER_CONSENT[form.next.data], client_id=client_id), 303)
    return redirect(url_for("care.consent", client_id=client_id), 303)


def _consent_page(client: OpenClient, after: str) -> str:
    past = client_files.consent_history(here.store(), here.coach(), client.id)
    return render_template(
        "clients/consent.html",
        client=client,
        answers=[
            (one, fixed_texts.text(f"consent_{one.purpose}", client.language))
            for one in consents.answers(past)
        ],
        past=past,
        after=after if after in AFTER_CONSENT else "",
    )


@care.route("/safety", methods=["GET", "POST"])
def questions(client_id: int) -> Page:
    client, file, form = _asked(client_id)
    if not form.validate_on_submit():
        return _safety_page(client, file, form), 422 if form.is_submitted() else 200
    found = assess(form.answers)
    try:
        level = safety.ask(
            here.store(),
            here.coach(),
            client_id,
            form.answers,
            here.now(),
            here.today(),
            form_id=form.form_id.data,
            agrees=form.consent_health.data,
        )
    except NeedsConsent:
        urgent = found.level == RED_NOW
        return _safety_page(client, file, form, unkept=True, urgent=urgent), 422
    if found.flags:
        flash(f"{_('Saved.')} {_('What to take into account stands with the client from now on.')}")
    elif level not in (NONE, RED_NOW):
        flash(_("Saved."))
    return _after_asking(client_id, level)


def _asked(client_id: int) -> tuple[OpenClient, SafetyFile, ScreeningBase]:
    """The client, what was asked before, and the form. Without consent for health the last time stays shut."""
    client, file = opened(client_id), client_files.safety_file(here.store(), here.coach(), client_id)
    texts, ask = fixed_texts.screening_texts(client.language), request.args.get("ask", "")
    last = file.last if client.health_consent else {}
    return client, file, screening_form(texts, client.language, secrets.token_urlsafe(16), ask, last)


def _after_asking(client_id: int, level: str) -> Response:
    """Where one goes on: what is red comes first, then the page that sent somebody here."""
    then = _then()
    if level == RED_NOW:
        return redirect(url_for("care.emergency", client_id=client_id, then=then), 303)
    if level == NONE:
        flash(_("Kept: nothing special is needed now."))
    elif then is None:
        return redirect(url_for("care.questions", client_id=client_id), 303)
    return _on(client_id)


def _then() -> str | None:
    """The page that sent somebody here; None: the dossier."""
    wanted = request.args.get("then", "")
    return wanted if wanted in AFTER_QUESTIONS else None


def _on(client_id: int) -> Response:
    then = _then()
    page = AFTER_QUESTIONS[then] if then else "clients.show"
    return redirect(url_for(page, client_id=client_id), 303)


@care.post("/safety/gp")
def gp(client_id: int) -> Page:
    client, file, asked = _asked(client_id)
    form = GpForm()
    if form.validate_on_submit():
        knows, reason = form.gp_knows.data, form.reason_without_gp.data
        try:
            safety.note_gp(here.store(), here.coach(), client_id, knows, reason, here.now())
        except NeedsConsent:
            form.refuse("gp_knows", _("This can be kept once the client agrees."))
        else:
            flash(_("Saved."))
            return _on(client_id)
    return _safety_page(client, file, asked, gp_form=form), 422


def _safety_page(
    client: OpenClient,
    file: SafetyFile,
    form: ScreeningBase,
    *,
    gp_form: GpForm | None = None,
    unkept: bool = False,
    urgent: bool = False,
) -> str:
    """The questions themselves, when they were not asked yet or one chose to ask them; and what was asked before."""
    ask = request.args.get("ask", "")
    return render_template(
        "clients/safety.html",
        client=client,
        form=form,
        gp_form=gp_form or GpForm(formdata=None),
        texts=fixed_texts.screening_texts(client.language),
        own=fixed_texts.screening_texts(language.current()),
        card=fixed_texts.emergency_card(language.current()),
        consent=fixed_texts.consent_text(client.language),
        unkept=unkept,
        urgent=urgent,
        file=file,
        asking=ask in (AGAIN, ALL) or unkept or bool(form.errors) or not file.kept,
        three=ask == AGAIN,
        then=_then(),
        action=url_for("care.questions", client_id=client.id, ask=ask or None, then=_then()),
        red=RED_WITHOUT_STEP,
        gp=GP_NOT_INFORMED,
    )


@care.route("/emergency", methods=["GET", "POST"])
def emergency(client_id: int) -> Page:
    """The card, full screen; after a red answer also the step the coach took."""
    client, form = opened(client_id), StepForm()
    if form.validate_on_submit():
        safety.took_step(
            here.store(), here.coach(), client_id, form.step_taken.data, here.now(), here.today()
        )
        flash(_("Kept. You can plan again."))
        return _on(client_id)
    file = client_files.safety_file(here.store(), here.coach(), client_id)
    other = client.language if client.language != language.current() else None
    page = render_template(
        "clients/emergency.html",
        client=client,
        form=form,
        card=fixed_texts.emergency_card(language.current()),
        other_card=fixed_texts.emergency_card(other) if other else None,
        for_coach=fixed_texts.emergency_coach(language.current()),
        texts=fixed_texts.screening_texts(language.current()),
        raised=file.raised_red,
        waits=file.held == RED_WITHOUT_STEP,
        then=_then(),
    )
    return page, 422 if form.is_submitted() else 200
