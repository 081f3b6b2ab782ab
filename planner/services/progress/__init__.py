"""Progress: what is read from the notes."""
