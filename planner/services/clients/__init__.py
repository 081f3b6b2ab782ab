"""Clients, their link and their page."""
