"""One request to a cloud's API, with the two ways it can fail."""

import json
import urllib.error
import urllib.request
from typing import Any

_CALL_SECONDS = 15


class RefusedError(Exception):
    """Asking again will not help; the text says what will."""


class UnavailableError(Exception):
    """No answer, or not now; asking again may help."""


def send(request: urllib.request.Request, remedy: str, *, gone_is_fine: bool = False) -> Any:
    """The JSON document of the answer; RefusedError (with the remedy) or UnavailableError."""
    where = f"{request.get_method()} {request.full_url}"
    try:
        with urllib.request.urlopen(request, timeout=_CALL_SECONDS) as response:
            body = response.read()
    except urllib.error.HTTPError as error:
        if error.code == 404 and gone_is_fine:
            return None
        if error.code == 429 or error.code >= 500:
            raise UnavailableError(f"{where} answered {error.code}") from None
        raise RefusedError(f"{where} answered {error.code}. {remedy}") from None
    except (OSError, TimeoutError) as error:
        reason = getattr(error, "reason", error)
        raise UnavailableError(f"{where}: {reason}") from None
    return json.loads(body) if body.strip() else None
