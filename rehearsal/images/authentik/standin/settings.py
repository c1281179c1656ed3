"""Settings as Authentik reads them: AUTHENTIK_A__B from the environment, references allowed."""

import os
from pathlib import Path


def resolve(value: str) -> str:
    """`file:///path` and `env://NAME` stand for what they point at."""
    if value.startswith("file://"):
        return Path(value.removeprefix("file://")).read_text().strip()
    if value.startswith("env://"):
        return os.environ[value.removeprefix("env://")]
    return value


def setting(name: str, default: str | None = None) -> str:
    """The value of AUTHENTIK_<name>; an error that names it when it is missing."""
    key = f"AUTHENTIK_{name}"
    value = os.environ.get(key, default)
    if not value:
        raise SystemExit(f"{key} is not set; add it to the environment of this container")
    return resolve(value)


def database() -> dict[str, str]:
    """Connection settings for the database."""
    return {
        "host": setting("POSTGRESQL__HOST"),
        "port": setting("POSTGRESQL__PORT", "5432"),
        "user": setting("POSTGRESQL__USER", "authentik"),
        "password": setting("POSTGRESQL__PASSWORD"),
        "dbname": setting("POSTGRESQL__NAME", "authentik"),
    }


def http_address() -> tuple[str, int]:
    """Where the server listens."""
    host, _, port = setting("LISTEN__HTTP", "0.0.0.0:9000").rpartition(":")
    return host, int(port)


if __name__ == "__main__":
    shown = sorted(name for name in os.environ if name.startswith("AUTHENTIK_"))
    print("\n".join(shown))  # noqa: T201 - names only, this is the command's answer
