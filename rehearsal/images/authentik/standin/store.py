"""The stand-in's data in the real database: blueprint entries, the signing key, grants."""

import json
import time
from collections.abc import Iterable
from typing import Any

import psycopg  # type: ignore[import-not-found]

from . import versions
from .keys import new_key
from .settings import database

SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    model text, identity jsonb, attrs jsonb NOT NULL, PRIMARY KEY (model, identity)
);
CREATE TABLE IF NOT EXISTS documents (name text PRIMARY KEY, body jsonb NOT NULL);
CREATE TABLE IF NOT EXISTS grants (
    secret text PRIMARY KEY, body jsonb NOT NULL, until double precision NOT NULL
);
CREATE TABLE IF NOT EXISTS users (
    pk bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, username text UNIQUE NOT NULL,
    password text NOT NULL, groups text[] NOT NULL DEFAULT '{}', body jsonb NOT NULL
);
CREATE TABLE IF NOT EXISTS tokens (
    identifier text PRIMARY KEY, username text NOT NULL, key text NOT NULL
);
CREATE TABLE IF NOT EXISTS sessions (
    key text PRIMARY KEY, body jsonb NOT NULL, until double precision NOT NULL
);
CREATE TABLE IF NOT EXISTS workers (
    worker_id text PRIMARY KEY, version text NOT NULL, at double precision NOT NULL
)
"""
# Authentik lists a worker for this long after its last sign of life.
WORKER_SECONDS = 60
# Any constant: server and worker start at the same time.
SCHEMA_LOCK = 4712


def connect() -> psycopg.Connection:
    """Open a connection to Authentik's database."""
    return psycopg.connect(**database(), connect_timeout=3)


def prepare(deadline_seconds: float = 120) -> None:
    """Wait for the database, check and write its version, then create the tables and the signing
    key unless they exist."""
    deadline = time.monotonic() + deadline_seconds
    while True:
        try:
            with connect() as connection:
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (SCHEMA_LOCK,))
                versions.enter(connection)
                connection.execute(SCHEMA)
                connection.execute(
                    "INSERT INTO documents VALUES ('key', %s) ON CONFLICT DO NOTHING",
                    (json.dumps({"pem": new_key()}),),
                )
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise SystemExit(
                    f"no connection to the database after {deadline_seconds:.0f} s: {error}"
                ) from error
            time.sleep(1)


def check() -> None:
    """Raise psycopg.Error unless the database answers."""
    with connect() as connection:
        connection.execute("SELECT 1")


def put_document(name: str, body: dict[str, Any]) -> None:
    """Store a named document."""
    with connect() as connection:
        connection.execute(
            "INSERT INTO documents VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET body = excluded.body",
            (name, json.dumps(body)),
        )


def document(name: str) -> dict[str, Any] | None:
    """Return a named document; None if there is none."""
    with connect() as connection:
        row = connection.execute("SELECT body FROM documents WHERE name = %s", (name,)).fetchone()
    return dict(row[0]) if row else None


def put_entries(entries: Iterable[tuple[str, dict[str, Any], dict[str, Any]]]) -> None:
    """Apply entries (model, identifiers, attributes) in one transaction, as a blueprint is."""
    with connect() as connection:
        for model, identity, attrs in entries:
            connection.execute(
                "INSERT INTO entries VALUES (%s, %s, %s) "
                "ON CONFLICT (model, identity) DO UPDATE SET attrs = excluded.attrs",
                (model, json.dumps(identity, sort_keys=True), json.dumps(attrs)),
            )


def entries(model: str) -> list[dict[str, Any]]:
    """Return identifiers and attributes of all objects of a model."""
    with connect() as connection:
        rows = connection.execute(
            "SELECT identity, attrs FROM entries WHERE model = %s", (model,)
        ).fetchall()
    return [row[0] | row[1] for row in rows]


def put_grant(secret: str, body: dict[str, Any], seconds: float) -> None:
    """Store an authorization code or refresh token for some seconds."""
    with connect() as connection:
        connection.execute("DELETE FROM grants WHERE until < %s", (time.time(),))
        connection.execute(
            "INSERT INTO grants VALUES (%s, %s, %s)",
            (secret, json.dumps(body), time.time() + seconds),
        )


def take_grant(secret: str) -> dict[str, Any] | None:
    """Remove a code or refresh token and return its data; None if unknown or expired."""
    with connect() as connection:
        row = connection.execute(
            "DELETE FROM grants WHERE secret = %s AND until >= %s RETURNING body",
            (secret, time.time()),
        ).fetchone()
    return dict(row[0]) if row else None


def put_worker(worker_id: str, version: str) -> None:
    """Store a worker's sign of life."""
    with connect() as connection:
        connection.execute(
            "INSERT INTO workers VALUES (%s, %s, %s) ON CONFLICT (worker_id) "
            "DO UPDATE SET version = excluded.version, at = excluded.at",
            (worker_id, version, time.time()),
        )


def workers() -> list[tuple[str, str]]:
    """Return id and version of the live workers."""
    with connect() as connection:
        rows = connection.execute(
            "SELECT worker_id, version FROM workers WHERE at > %s", (time.time() - WORKER_SECONDS,)
        ).fetchall()
    return [(row[0], row[1]) for row in rows]
