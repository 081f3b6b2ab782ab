"""(e) Flask with Flask-SQLAlchemy and Jinja, nothing else; and the tables that (f) has too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, render_template, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship

from bench.baselines.week import bounds, path


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Coach(db.Model):
    __tablename__ = "coach"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    locale: Mapped[str]
    is_authenticated = is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return str(self.id)


class Client(db.Model):
    __tablename__ = "client"
    id: Mapped[int] = mapped_column(primary_key=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("coach.id"))
    name: Mapped[str]


class Walk(db.Model):
    __tablename__ = "walk"
    id: Mapped[int] = mapped_column(primary_key=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("coach.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    title: Mapped[str]
    place: Mapped[str]
    status: Mapped[str]
    weather: Mapped[str]
    client: Mapped[Client] = relationship()


class Note(db.Model):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"))
    body: Mapped[str]


def new_app() -> Flask:
    made = Flask(__name__)
    made.config.update(SECRET_KEY="only to measure", SQLALCHEMY_DATABASE_URI=f"sqlite:///{path()}")
    db.init_app(made)
    with made.app_context():
        event.listen(db.engine, "connect", lambda dbapi, _record: dbapi.execute("PRAGMA synchronous=FULL"))
    return made


def week_of(coach_id: int, week: int) -> Any:
    first, last = bounds(week)
    return db.session.scalars(
        select(Walk)
        .options(joinedload(Walk.client, innerjoin=True))
        .where(Walk.coach_id == coach_id, Walk.starts_at >= first, Walk.starts_at < last)
        .order_by(Walk.starts_at)
    ).all()


app = new_app()


@app.get("/week")
def week() -> str:
    rows = week_of(int(request.args["coach"]), int(request.args["week"]))
    return render_template("week.html", rows=rows)
