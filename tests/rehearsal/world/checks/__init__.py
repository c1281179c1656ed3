"""Tests of the checks' pure functions."""
