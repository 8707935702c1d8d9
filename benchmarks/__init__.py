"""Measurements of cleaner, and the corpora they are made on."""
