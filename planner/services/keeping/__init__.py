"""Keeping it going."""
