"""Maps and photos."""
