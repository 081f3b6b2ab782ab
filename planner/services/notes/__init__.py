"""Notes, and what was around them."""
