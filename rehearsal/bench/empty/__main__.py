"""Declares no resource."""
