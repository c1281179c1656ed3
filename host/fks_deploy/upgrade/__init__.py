"""Upgrades of what owns data: PostgreSQL's major versions, and Authentik's release trains."""
