"""How Linode's API is asked, with the same variables as its provider reads."""

from collections.abc import Mapping
from urllib.parse import quote

from fks_infra.doctor import web
from fks_infra.doctor.credential import needed
from fks_infra.doctor.web import Answer


def base(environ: Mapping[str, str]) -> str:
    """The address of the API, without its version."""
    return (environ.get("LINODE_URL") or "https://api.linode.com").rstrip("/")


def get(environ: Mapping[str, str], path: str, seconds: float, *, token: bool) -> Answer:
    """The answer for a path below /v4; CannotTellError where the token is wanted and missing."""
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {needed(environ, 'LINODE_TOKEN')}"
    return web.get(f"{base(environ)}/v4/{quote(path)}", headers, seconds)
