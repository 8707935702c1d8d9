"""Measurements of cleaner, and the corpora they are made on."""

from cleaner import memory

memory.kept_at_hand()  # as the command line does, for whatever is measured here, before Polars is loaded
