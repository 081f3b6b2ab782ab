"""The example practice."""
