"""Which features there are."""

from flask import Flask

from planner.web import guard
from planner.web.account.emails import emails
from planner.web.account.passkeys import passkeys
from planner.web.account.resets import resets
from planner.web.account.security import security
from planner.web.account.views import account
from planner.web.agenda.colleagues import agenda
from planner.web.clients.care_views import care
from planner.web.clients.importing import import_pages
from planner.web.clients.log import file_log
from planner.web.clients.views import client_pages
from planner.web.colleagues.passing import passing_pages
from planner.web.colleagues.views import colleague_pages
from planner.web.maps.drawing import map_pages
from planner.web.maps.personal import personal
from planner.web.messages.views import messages_pages
from planner.web.notes.closed import closed_notes
from planner.web.notes.drafts import draft_pages
from planner.web.notes.reading import client_notes
from planner.web.notes.views import notes_pages
from planner.web.office.views import office_pages
from planner.web.personal.again import lost_link
from planner.web.personal.calendars import calendars
from planner.web.practice.views import practice_pages
from planner.web.privacy.check import privacy_pages
from planner.web.privacy.corrections import correction_pages
from planner.web.privacy.leaving import leaving
from planner.web.privacy.registers import register_pages
from planner.web.privacy.requests import request_pages
from planner.web.privacy.retention import retention_pages
from planner.web.progress.views import progress_pages
from planner.web.reports.views import report_pages
from planner.web.settings.calendars import other_calendars
from planner.web.settings.keeping import keeping
from planner.web.settings.note_settings import note_settings
from planner.web.settings.views import settings_pages
from planner.web.sharing.views import sharing_pages
from planner.web.site.views import site
from planner.web.slots.views import slot_pages
from planner.web.tiles.pictures import picture_pages
from planner.web.tiles.views import tile_pages
from planner.web.toolkit.views import toolkit_pages
from planner.web.walking_routes.loops import loop_pages
from planner.web.walking_routes.pages import route_pages
from planner.web.walking_routes.photos import photo_pages
from planner.web.walks.series import series_pages
from planner.web.walks.sheets import sheet_pages
from planner.web.walks.views import walks
from planner.web.weather.views import weather_pages
from planner.web.what_helps.views import what_helps_pages

BLUEPRINTS = (
    site,
    account,
    security,
    passkeys,
    resets,
    emails,
    agenda,
    calendars,
    care,
    client_notes,
    client_pages,
    colleague_pages,
    import_pages,
    what_helps_pages,
    draft_pages,
    file_log,
    closed_notes,
    correction_pages,
    messages_pages,
    note_settings,
    notes_pages,
    leaving,
    lost_link,
    keeping,
    map_pages,
    office_pages,
    other_calendars,
    passing_pages,
    personal,
    photo_pages,
    picture_pages,
    practice_pages,
    privacy_pages,
    register_pages,
    report_pages,
    request_pages,
    retention_pages,
    progress_pages,
    settings_pages,
    series_pages,
    sharing_pages,
    sheet_pages,
    slot_pages,
    tile_pages,
    toolkit_pages,
    walks,
    weather_pages,
    loop_pages,
    route_pages,
)


def register(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    guard.csrf.exempt(personal)  # the secret in the address is the proof there; no cookie counts
    guard.csrf.exempt(lost_link)
