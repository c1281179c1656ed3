"""Tests of the Cloudflare stand-in."""
