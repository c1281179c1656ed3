"""Tests of the stand-in plugins' parts."""
