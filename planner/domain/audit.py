"""What the log about a client's file can say: deeds and things, as codes."""

from __future__ import annotations

DEEDS = ("saw", "created", "changed", "removed", "exported", "erased", "handed")
THINGS = (
    "client", "consent", "screening", "walk", "plan_item", "exercise_choice", "series", "note", "note_revision",
    "note_addendum", "external_measure", "review", "share_link", "walk_answer", "message", "weather_watch",
    "client_access", "correction", "privacy_request", "erasure",
)  # fmt: skip
"""The tables of a client's file."""
ACTORS = ("coach", "client", "jobs", "cli", "office")
