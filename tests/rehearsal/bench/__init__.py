"""Tests of the benchmark's calculations and parsers."""
