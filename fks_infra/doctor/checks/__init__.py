"""The checks, each given the case and telling what it saw."""
