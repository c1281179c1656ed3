"""Settings in Authentik's form: AUTHENTIK_A__B in the environment, with references."""

import os
from pathlib import Path


def resolve(value: str) -> str:
    """Return the content of `file:///path` or the variable of `env://NAME`, else the value."""
    if value.startswith("file://"):
        return Path(value.removeprefix("file://")).read_text().strip()
    if value.startswith("env://"):
        return os.environ[value.removeprefix("env://")]
    return value


def setting(name: str, default: str | None = None) -> str:
    """Return the value of AUTHENTIK_<name>; SystemExit if it is not set."""
    key = f"AUTHENTIK_{name}"
    value = os.environ.get(key, default)
    if not value:
        raise SystemExit(f"{key} is not set; add it to the environment of this container")
    return resolve(value)


def database() -> dict[str, str]:
    """Return the connection settings of the database."""
    return {
        "host": setting("POSTGRESQL__HOST"),
        "port": setting("POSTGRESQL__PORT", "5432"),
        "user": setting("POSTGRESQL__USER", "authentik"),
        "password": setting("POSTGRESQL__PASSWORD"),
        "dbname": setting("POSTGRESQL__NAME", "authentik"),
    }


def http_address() -> tuple[str, int]:
    """Return the host and port on which the server listens."""
    host, _, port = setting("LISTEN__HTTP", "0.0.0.0:9000").rpartition(":")
    return host, int(port)


if __name__ == "__main__":
    shown = sorted(name for name in os.environ if name.startswith("AUTHENTIK_"))
    print("\n".join(shown))  # noqa: T201 - names only; this is the command's output
