"""Tests of the benchmark's own arithmetic and of what it reads."""
