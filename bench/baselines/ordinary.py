"""(f) The ordinary stack: (e) with Flask-Login, a form by Flask-WTF and dates by Flask-Babel; and a note by POST."""

from __future__ import annotations

from datetime import datetime

from flask import redirect, render_template, request
from flask_babel import Babel, format_datetime
from flask_login import LoginManager, current_user, login_required, login_user
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug.wrappers import Response
from wtforms import DateField, StringField, TextAreaField, TimeField
from wtforms.validators import DataRequired, Length

from bench.baselines.orm import Coach, Note, Walk, db, new_app, week_of

app = new_app()
login = LoginManager(app)
CSRFProtect(app)
Babel(
    app,
    locale_selector=lambda: current_user.locale if current_user else "nl",
    timezone_selector=lambda: "Europe/Amsterdam",
)


class PlanForm(FlaskForm):
    title = StringField("Route", [DataRequired(), Length(max=120)])
    day = DateField("Dag", [DataRequired()])
    hour = TimeField("Tijd", [DataRequired()])
    place = StringField("Afspreken bij", [Length(max=200)])


class NoteForm(FlaskForm):
    body = TextAreaField("Verslag", [DataRequired(), Length(max=5000)])


@login.user_loader
def load(coach_id: str) -> Coach | None:
    return db.session.get(Coach, int(coach_id))


@app.template_filter()
def when(moment: datetime) -> str:
    return str(format_datetime(moment, "EEE d MMM HH:mm"))


@app.get("/login/<int:coach_id>")
def sign_in(coach_id: int) -> str:
    login_user(db.session.get(Coach, coach_id))
    return "ok"


@app.get("/week")
@login_required
def week() -> str:
    return render_template(
        "week_full.html", rows=week_of(current_user.id, int(request.args["week"])), form=PlanForm()
    )


@app.route("/walks/<int:walk_id>/note", methods=["GET", "POST"])
@login_required
def note(walk_id: int) -> str | Response:
    walk, form = db.get_or_404(Walk, walk_id), NoteForm()
    if not form.validate_on_submit():
        return render_template("note.html", walk=walk, form=form)
    db.session.add(Note(walk_id=walk.id, body=form.body.data))
    db.session.commit()
    return redirect("/week?week=1", 303)
