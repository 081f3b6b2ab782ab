"""All tables. Importing this package completes the mappers."""

from planner.models.answers import WalkAnswer
from planner.models.audit import AuditEntry, FormOnce
from planner.models.audit_tail import AuditSegment
from planner.models.base import Base, Database, DatabaseBusy, new_id
from planner.models.busy import BusyCalendar, BusyTime
from planner.models.clients import Client, Consent, Screening
from planner.models.coaches import (
    Account,
    Coach,
    Passkey,
    RecoveryCode,
    ResetKey,
    ResetRequest,
    SetupKey,
    SignIn,
    Throttle,
    UsedChallenge,
)
from planner.models.colleagues import ClientAccess
from planner.models.forecasts import ForecastRow, Wake
from planner.models.keeping import BackupRun, KeyProof
from planner.models.letters import CoachLetter, EmailChange
from planner.models.messages import LinkRequest, Message
from planner.models.notes import Note, NoteAddendum, NoteDraft, NoteRevision, Snippet
from planner.models.ownership import EVERYONE, CoachOwned, Forbidden, Owned, Scope
from planner.models.practices import Practice
from planner.models.privacy import Correction, Erasure, PrivacyRequest, RegisterEntry
from planner.models.progress import ExternalMeasure, Review
from planner.models.sharing import CoachFeed, FeedDigest, LinkDigest, ShareLink
from planner.models.toolkit import Exercise
from planner.models.walking_routes import Route, RoutePhoto, RoutePicture, Waypoint
from planner.models.walks import ExerciseChoice, PlanItem, Series, Walk
from planner.models.watching import WeatherWatch

__all__ = [
    "EVERYONE",
    "Account",
    "AuditEntry",
    "AuditSegment",
    "BackupRun",
    "Base",
    "BusyCalendar",
    "BusyTime",
    "Client",
    "ClientAccess",
    "Coach",
    "CoachFeed",
    "CoachLetter",
    "CoachOwned",
    "Consent",
    "Correction",
    "Database",
    "DatabaseBusy",
    "EmailChange",
    "Erasure",
    "Exercise",
    "ExerciseChoice",
    "ExternalMeasure",
    "FeedDigest",
    "Forbidden",
    "ForecastRow",
    "FormOnce",
    "KeyProof",
    "LinkDigest",
    "LinkRequest",
    "Message",
    "Note",
    "NoteAddendum",
    "NoteDraft",
    "NoteRevision",
    "Owned",
    "Passkey",
    "PlanItem",
    "Practice",
    "PrivacyRequest",
    "RecoveryCode",
    "RegisterEntry",
    "ResetKey",
    "ResetRequest",
    "Review",
    "Route",
    "RoutePhoto",
    "RoutePicture",
    "Scope",
    "Screening",
    "Series",
    "SetupKey",
    "ShareLink",
    "SignIn",
    "Snippet",
    "Throttle",
    "UsedChallenge",
    "Wake",
    "Walk",
    "WalkAnswer",
    "Waypoint",
    "WeatherWatch",
    "new_id",
]
