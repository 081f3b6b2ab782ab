"""The coach, the practice and signing in."""
