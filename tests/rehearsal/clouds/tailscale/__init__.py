"""Tests of the Tailscale stand-in."""
