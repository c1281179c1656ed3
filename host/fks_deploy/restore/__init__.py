"""Restores the data of a data set beside the present ones, and exchanges them; standard library
only."""
