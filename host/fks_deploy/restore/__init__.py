"""Restores the database of a data set beside the present one, and exchanges them; standard library
only."""
