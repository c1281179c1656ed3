"""Tests of the game day, without a world."""
