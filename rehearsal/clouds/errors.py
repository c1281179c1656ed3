"""The one exception every stand-in raises; each cloud gives it that cloud's own body."""

from collections.abc import Mapping
from typing import Any


class CloudError(Exception):
    """An answer other than success: HTTP status, JSON body, and headers if any."""

    def __init__(
        self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {dict(body)}")
        self.status = status
        self.body = dict(body)
        self.headers = dict(headers or {})


def unsupported(body: Mapping[str, Any]) -> CloudError:
    """501 for what the real cloud may know and the stand-in does not; the run has failed."""
    return CloudError(501, body, {"x-rehearsal": "unknown"})
