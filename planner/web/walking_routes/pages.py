"""All pages of routes, on one blueprint."""

from __future__ import annotations

from planner.web.walking_routes import library, points, taking_in
from planner.web.walking_routes.views import route_pages

__all__ = ["library", "points", "route_pages", "taking_in"]
