"""Servers, plans, prices and what fits. Pure."""
