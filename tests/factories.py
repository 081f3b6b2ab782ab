"""Makers of the things tests need, through the services or the front door."""

from __future__ import annotations
