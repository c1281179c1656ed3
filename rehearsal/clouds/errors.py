"""The exception of all stand-ins; each cloud gives it a body in its own shape."""

from collections.abc import Mapping
from typing import Any


class CloudError(Exception):
    """An answer other than success: HTTP status, JSON body, headers."""

    def __init__(
        self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {dict(body)}")
        self.status = status
        self.body = dict(body)
        self.headers = dict(headers or {})


def unsupported(body: Mapping[str, Any]) -> CloudError:
    """501 for what only the real cloud knows. The journal marks it, and the run fails."""
    return CloudError(501, body, {"x-rehearsal": "unknown"})
