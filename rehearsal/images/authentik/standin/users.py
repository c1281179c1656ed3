"""Users, passwords, API tokens and sessions in the stand-in's database."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import Any

from .settings import setting
from .store import connect, entries

ITERATIONS = 100_000
SESSION_SECONDS = 86400
ADMINISTRATOR = "akadmin"


def encode(password: str, salt: str, iterations: int) -> str:
    """Return a password's hash in Django's format."""
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations)
    return f"pbkdf2_sha256${iterations}${salt}${base64.b64encode(digest).decode()}"


def matches(password: str, encoded: str) -> bool:
    """Whether a password has this hash; a malformed hash fits none."""
    try:
        algorithm, iterations, salt, _digest = encoded.split("$")
        return algorithm == "pbkdf2_sha256" and hmac.compare_digest(
            encode(password, salt, int(iterations)), encoded
        )
    except ValueError:
        return False


def create(username: str, body: dict[str, Any], encoded: str = "!") -> dict[str, Any]:
    """Create a user unless it exists; a user without a password cannot log in."""
    with connect() as connection:
        connection.execute(
            "INSERT INTO users (username, password, body) VALUES (%s, %s, %s) "
            "ON CONFLICT (username) DO NOTHING",
            (username, encoded, json.dumps(body)),
        )
    found = by_name(username)
    assert found is not None
    return found


def by_name(username: str) -> dict[str, Any] | None:
    """Return a user: pk, username, password (the hash), groups, and its further fields."""
    return _one("username = %s", username)


def by_id(pk: int) -> dict[str, Any] | None:
    """Return the user with a primary key."""
    return _one("pk = %s", pk)


def _one(condition: str, value: object) -> dict[str, Any] | None:
    with connect() as connection:
        row = connection.execute(
            f"SELECT pk, username, password, groups, body FROM users WHERE {condition}", (value,)
        ).fetchone()
    if row is None:
        return None
    return {**row[4], "pk": row[0], "username": row[1], "password": row[2], "groups": row[3]}


def set_password(username: str, password: str) -> None:
    """Store the hash of a new password."""
    encoded = encode(password, secrets.token_hex(8), ITERATIONS)
    with connect() as connection:
        connection.execute(
            "UPDATE users SET password = %s WHERE username = %s", (encoded, username)
        )


def add_to_group(pk: int, group: str) -> None:
    """Add a user to a group."""
    with connect() as connection:
        connection.execute(
            "UPDATE users SET groups = array_append(array_remove(groups, %s), %s) WHERE pk = %s",
            (group, group, pk),
        )


def may_use(user: dict[str, Any], slug: str) -> bool:
    """Whether a policy binding of the application names one of the user's groups."""
    bindings = [
        entry
        for entry in entries("authentik_policies.policybinding")
        if entry["target"] == {"slug": slug} and entry.get("enabled", True)
    ]
    bound = {binding["group"]["name"] for binding in bindings}
    return not bindings or bool(bound & set(user["groups"]))


def put_token(identifier: str, username: str, key: str) -> None:
    """Store an API token."""
    with connect() as connection:
        connection.execute(
            "INSERT INTO tokens VALUES (%s, %s, %s) ON CONFLICT (identifier) "
            "DO UPDATE SET username = excluded.username, key = excluded.key",
            (identifier, username, key),
        )


def set_token_key(identifier: str, key: str) -> bool:
    """Replace the key of an API token; False if there is none with this identifier."""
    with connect() as connection:
        found = connection.execute(
            "UPDATE tokens SET key = %s WHERE identifier = %s", (key, identifier)
        )
        return bool(found.rowcount)


def token_is_known(key: str) -> bool:
    """Whether an API token has this key."""
    with connect() as connection:
        return bool(connection.execute("SELECT 1 FROM tokens WHERE key = %s", (key,)).fetchone())


def start_session(body: dict[str, Any]) -> str:
    """Store a session; return the value of its cookie, signed with the secret key."""
    key = secrets.token_urlsafe(24)
    with connect() as connection:
        connection.execute("DELETE FROM sessions WHERE until < %s", (time.time(),))
        connection.execute(
            "INSERT INTO sessions VALUES (%s, %s, %s)",
            (key, json.dumps(body), time.time() + SESSION_SECONDS),
        )
    return f"{key}.{_signature(key)}"


def session(cookie: str) -> dict[str, Any] | None:
    """Return the session of a cookie; None if it is unknown, expired or signed with another key."""
    key, _, signature = cookie.rpartition(".")
    if not hmac.compare_digest(signature, _signature(key)):
        return None
    with connect() as connection:
        row = connection.execute(
            "SELECT body FROM sessions WHERE key = %s AND until >= %s", (key, time.time())
        ).fetchone()
    return dict(row[0]) if row else None


def end_session(cookie: str) -> None:
    """Delete the session of a cookie."""
    with connect() as connection:
        connection.execute("DELETE FROM sessions WHERE key = %s", (cookie.rpartition(".")[0],))


def _signature(key: str) -> str:
    return hmac.new(setting("SECRET_KEY").encode(), key.encode(), "sha256").hexdigest()
