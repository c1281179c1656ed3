"""The stand-in's own use of the real database, queue and cache."""

import os

import psycopg  # type: ignore[import-not-found]
import redis  # type: ignore[import-not-found]

SCHEMA = """
CREATE TABLE IF NOT EXISTS trades (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    symbol text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
)
"""
# Any constant: the two API processes must not create the table at the same moment.
SCHEMA_LOCK = 4711


def connect() -> psycopg.Connection:
    """A connection by the POSTGRES_* names, which is how the published code reads them."""
    return psycopg.connect(
        host=os.environ["POSTGRES_HOST"],
        port=os.environ["POSTGRES_PORT"],
        user=os.environ["POSTGRES_USER"],
        password=os.environ["POSTGRES_PASSWORD"],
        dbname=os.environ["POSTGRES_DB"],
        connect_timeout=3,
    )


def create_schema() -> None:
    """Make the table unless it is there."""
    with connect() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (SCHEMA_LOCK,))
        connection.execute(SCHEMA)


def add_trade(symbol: str) -> int:
    """Store one trade and return its number."""
    with connect() as connection:
        row = connection.execute(
            "INSERT INTO trades (symbol) VALUES (%s) RETURNING id", (symbol,)
        ).fetchone()
    return int(row[0])


def trades() -> list[dict[str, object]]:
    """All trades, oldest first."""
    with connect() as connection:
        rows = connection.execute("SELECT id, symbol, at FROM trades ORDER BY id").fetchall()
    return [{"id": row[0], "symbol": row[1], "at": row[2].isoformat()} for row in rows]


def check_database() -> None:
    """Raise unless the database answers, under both spellings of its address."""
    with connect() as connection:
        connection.execute("SELECT 1")
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=3) as connection:
        connection.execute("SELECT 1")


def check_redis(variable: str) -> None:
    """Raise unless the Redis that `variable` names answers to its password."""
    client = redis.Redis.from_url(os.environ[variable], socket_timeout=3, socket_connect_timeout=3)
    try:
        client.ping()
    finally:
        client.close()
