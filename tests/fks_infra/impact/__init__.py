"""Tests of `fks_infra/impact/`."""
