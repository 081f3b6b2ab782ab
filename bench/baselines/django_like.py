"""(h) Django, the same page as (f): somebody signed in, a form with its token, dates in words."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from bench.baselines.week import bounds, path

settings.configure(
    SECRET_KEY="only to measure",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    TIME_ZONE="Europe/Amsterdam",
    USE_TZ=True,
    LANGUAGE_CODE="nl",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    AUTHENTICATION_BACKENDS=[f"{__name__}.Backend"],
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path()), "CONN_MAX_AGE": None}
    },
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [str(Path(__file__).parent / name) for name in ("templates_django", "templates")],
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                ]
            },
        }
    ],
)
django.setup()

from django import forms  # noqa: E402
from django.contrib.auth.backends import BaseBackend  # noqa: E402
from django.contrib.auth.decorators import login_required  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path as at  # noqa: E402


class Coach(models.Model):
    name = models.TextField()
    locale = models.TextField()
    is_authenticated = is_active = True
    is_anonymous = False

    def get_session_auth_hash(self) -> str:
        return "x"

    def get_session_auth_fallback_hash(self) -> list[str]:
        return []

    class Meta:
        app_label, db_table, managed = "bench", "coach", False


class Client(models.Model):
    name = models.TextField()

    class Meta:
        app_label, db_table, managed = "bench", "client", False


class Walk(models.Model):
    coach_id = models.IntegerField()
    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    starts_at = models.DateTimeField()
    minutes = models.IntegerField()
    title = models.TextField()
    place = models.TextField()
    status = models.TextField()
    weather = models.TextField()

    class Meta:
        app_label, db_table, managed = "bench", "walk", False


class Backend(BaseBackend):
    def get_user(self, key: Any) -> Any:
        return Coach.objects.get(pk=key)


class PlanForm(forms.Form):
    title = forms.CharField(label="Route", max_length=120)
    day = forms.DateField(label="Dag")
    hour = forms.TimeField(label="Tijd")
    place = forms.CharField(label="Afspreken bij", max_length=200, required=False)


def week(request: Any) -> Any:
    first, last = (moment.replace(tzinfo=UTC) for moment in bounds(int(request.GET["week"])))
    rows = Walk.objects.select_related("client").filter(
        coach_id=request.user.id, starts_at__gte=first, starts_at__lt=last
    )
    return render(request, "week_full.html", {"rows": rows.order_by("starts_at"), "form": PlanForm()})


def sign_in(request: Any, key: int) -> Any:
    request.session["_auth_user_id"] = str(key)
    request.session["_auth_user_backend"] = f"{__name__}.Backend"
    request.session["_auth_user_hash"] = "x"
    return HttpResponse("ok")


urlpatterns = [at("week", login_required(week)), at("login/<int:key>", sign_in)]
app = get_wsgi_application()
