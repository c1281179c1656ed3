"""Tests of the stand-in world."""
