"""Privacy, and who looked at what."""
