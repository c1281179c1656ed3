"""The document of a server with three releases, as bin/releases prints it."""

from typing import Any

FIRST, SECOND, THIRD = ("1" * 64, "2" * 64, "3" * 64)
CHANGES = {
    "files": ["nginx/vhosts/api.conf.template"],
    "images": [{"name": "API", "before": "fks@sha256:1", "after": "fks@sha256:2"}],
    "settings": ["TASK_TIME_LIMIT"],
}
NO_CHANGES: dict[str, list[Any]] = {"files": [], "images": [], "settings": []}


def release(digest: str, **changes: Any) -> dict[str, Any]:
    return {
        "digest": digest,
        "deployed": "2026-11-27T10:00:00Z",
        "in_service": False,
        "bytes": 135168,
        "versions": {"API_POSTGRES": "17"},
        "changes": NO_CHANGES,
        **changes,
    }


def document(*releases: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Without releases those with the digests THIRD (in service), SECOND and FIRST."""
    three = (
        release(THIRD, in_service=True, changes=CHANGES),
        release(SECOND),
        release(FIRST, changes=None),
    )
    return {
        "server": "api",
        "time": "2026-11-27T12:00:00Z",
        "lock": None,
        "releases": list(releases or three),
        **changes,
    }
