"""Tests of the Cloudflare provider's parts."""
