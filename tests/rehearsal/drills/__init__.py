"""Tests of the drills, without a world."""
