"""Tests of the Linode stand-in."""
