"""Access to the real database, queue and cache."""

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
# Any constant: the two API processes must not create the table at the same time.
SCHEMA_LOCK = 4711


def connect() -> psycopg.Connection:
    """Open a connection with the POSTGRES_* variables, as the published code does."""
    return psycopg.connect(
        host=os.environ["POSTGRES_HOST"],
        port=os.environ["POSTGRES_PORT"],
        user=os.environ["POSTGRES_USER"],
        password=os.environ["POSTGRES_PASSWORD"],
        dbname=os.environ["POSTGRES_DB"],
        connect_timeout=3,
    )


def create_schema(*schemas: str) -> None:
    """Create the tables unless they exist."""
    with connect() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (SCHEMA_LOCK,))
        for schema in schemas:
            connection.execute(schema)


def add_trade(symbol: str) -> int:
    """Store one trade and return its number."""
    with connect() as connection:
        row = connection.execute(
            "INSERT INTO trades (symbol) VALUES (%s) RETURNING id", (symbol,)
        ).fetchone()
    return int(row[0])


def trades() -> list[dict[str, object]]:
    """Return all trades, oldest first."""
    with connect() as connection:
        rows = connection.execute("SELECT id, symbol, at FROM trades ORDER BY id").fetchall()
    return [{"id": row[0], "symbol": row[1], "at": row[2].isoformat()} for row in rows]


def check_database() -> None:
    """Raise psycopg.Error unless the database answers with POSTGRES_* and DATABASE_URL."""
    with connect() as connection:
        connection.execute("SELECT 1")
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=3) as connection:
        connection.execute("SELECT 1")


def check_redis(variable: str) -> None:
    """Raise redis.RedisError unless the Redis in an environment variable answers."""
    client = redis.Redis.from_url(os.environ[variable], socket_timeout=3, socket_connect_timeout=3)
    try:
        client.ping()
    finally:
        client.close()
