"""The edge's configuration, rendered by the host's code for a set of roles."""

from pathlib import Path

from host.fks_deploy.nginx import render_all, trusted

NGINX = Path(__file__).resolve().parents[2] / "nginx"
AUTH, API, WEB = "auth.fks.test", "api.fks.test", "fks.test"
ROLES = ("auth", "api", "web")
NAMES = {"auth": (AUTH,), "api": (API,), "web": (WEB, f"www.{WEB}")}

VALUES = {
    "AUTH_DOMAIN": AUTH,
    "API_DOMAIN": API,
    "WEB_DOMAIN": WEB,
    "WEB_NAMES": f"{WEB} www.{WEB}",
    "AUTH_PORT": "9000",
    "AUTH_WORKER_PORT": "9001",
    "API_PORT": "8000",
    "API_2_PORT": "8001",
    "WEB_ROOT": "/srv/fks/web/new",
    "WEB_PREVIOUS_ROOT": "/srv/fks/web/old",
    "LISTEN_ADDRESS": "0.0.0.0",
    "RESOLVERS": "127.0.0.1",
    "API_CALLERS": trusted(["127.0.0.1"]),
}


def render(directory: Path, *roles: str, **changes: str) -> None:
    """Write the configuration of an edge with these roles."""
    others = [f"vhosts/{role}.conf" for role in ROLES if role not in roles]
    for name, content in render_all(NGINX, VALUES | changes).items():
        if name not in others:
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o644)
    for path in (directory, *directory.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
