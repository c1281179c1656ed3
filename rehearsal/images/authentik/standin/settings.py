"""Settings in Authentik's form: AUTHENTIK_A__B in the environment, with references."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

# rehearsal/images/authentik-variant has others.
VERSION = os.environ.get("FKS_VERSION", "2026.8.6")
# The release train before, from which it migrates.
PREVIOUS = os.environ.get("FKS_PREVIOUS", "2026.5")
# Authentik's default; a setting replaces it.
PRIVATE_RANGES = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fe80::/10,::1/128"


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
    """Return the host and port on which server and worker listen."""
    host, _, port = setting("LISTEN__HTTP", "0.0.0.0:9000").rpartition(":")
    return host, int(port)


def trusted_proxies() -> list[IPv4Network | IPv6Network]:
    """Return the ranges whose X-Forwarded-* headers count."""
    ranges = setting("LISTEN__TRUSTED_PROXY_CIDRS", PRIVATE_RANGES)
    return [ip_network(entry.strip()) for entry in ranges.split(",")]


def is_trusted(address: str) -> bool:
    """Whether the X-Forwarded-* headers of a peer count."""
    return any(ip_address(address) in network for network in trusted_proxies())


if __name__ == "__main__":
    shown = sorted(name for name in os.environ if name.startswith("AUTHENTIK_"))
    print("\n".join(shown))  # noqa: T201 - names only; this is the command's output
