"""The version in the database, as Authentik has it: lifecycle/migrate.py and system_migrations.

A row is written before the tables are migrated, so a migration that fails leaves the new version.
"""

import os

import psycopg  # type: ignore[import-not-found]

from .settings import PREVIOUS, VERSION

_TABLE = """
CREATE TABLE IF NOT EXISTS authentik_version_history (
    id bigserial PRIMARY KEY, timestamp timestamptz NOT NULL, version text NOT NULL,
    build text NOT NULL
)
"""
_NEWEST = "SELECT version FROM authentik_version_history ORDER BY timestamp DESC, id DESC LIMIT 1"
_ADD = """
INSERT INTO authentik_version_history (timestamp, version, build)
SELECT clock_timestamp(), %(version)s, '' WHERE NOT EXISTS (
    SELECT FROM authentik_version_history WHERE version = %(version)s)
"""


def refusal(found: str) -> str:
    """Why this release does not start on a database of the version `found`; "" if it does.

    Authentik refuses since 2026.8; of another release of its train it only warns."""
    if not found or _train(found) in (_train(VERSION), PREVIOUS):
        return ""
    return (
        "RuntimeError: Major version skips are not allowed. Please upgrade one major version at a "
        f"time. (from {found} to {VERSION})"
    )


def enter(connection: psycopg.Connection) -> None:
    """Check the version in the database and write this one. SystemExit where Authentik ends, and
    for FKS_FAILS=migration: then the tables are half migrated."""
    connection.execute(_TABLE)
    row = connection.execute(_NEWEST).fetchone()
    if error := refusal(row[0] if row else ""):
        raise SystemExit(error)
    connection.execute(_ADD, {"version": VERSION})
    if os.environ.get("FKS_FAILS") == "migration":
        connection.execute("DROP TABLE sessions; ALTER TABLE users RENAME TO migrated_users")
        connection.commit()
        raise SystemExit('django.db.utils.ProgrammingError: column "roles" does not exist')


def _train(version: str) -> str:
    return ".".join(version.split(".")[:2])
