"""Walks: saved, shown, moved."""
