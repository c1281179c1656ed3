"""Tests of the command provider's parts."""
