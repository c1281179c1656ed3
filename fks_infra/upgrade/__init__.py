"""Upgrades of what owns data, as the operator's machine plans them."""
