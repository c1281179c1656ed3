"""Tests of the world of containers that need no containers."""
