"""A login to an image registry, as `docker login` does it.

https://distribution.github.io/distribution/spec/auth/token/
"""

import base64
import re
from urllib.parse import urlencode

from fks_infra.clouds import http
from fks_infra.clouds.http import RejectedError, Request, Response, UnavailableError
from fks_infra.clouds.retry import is_temporary

_DOCKER_HUB = {"docker.io": "registry-1.docker.io", "index.docker.io": "registry-1.docker.io"}
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')


def base_url(registry: str) -> str:
    """The address of a registry's API, by the registry's name as fks:registries has it."""
    return f"https://{_DOCKER_HUB.get(registry, registry)}"


def log_in(address: str, user: str, password: str) -> None:
    """Send the password to a registry's API, or to the token server that it names.

    Raises RejectedError where it is wrong or not asked for, and UnavailableError.
    """
    asked = _get(f"{address}/v2/", "")
    kind, _, rest = asked.headers.get("www-authenticate", "").partition(" ")
    if asked.status != 401 or kind.lower() not in ("basic", "bearer"):
        raise RejectedError(f"{address} asks for no password: it answered {asked.status}")
    url = f"{address}/v2/"
    if kind.lower() == "bearer":
        found = dict(_PARAMETER.findall(rest))
        url = (
            f"{found['realm']}?{urlencode({'service': found.get('service', ''), 'account': user})}"
        )
    answer = _get(url, base64.b64encode(f"{user}:{password}".encode()).decode())
    if answer.status != 200:
        raise RejectedError(f"{address} refuses the password of {user}", status=answer.status)


def _get(url: str, login: str) -> Response:
    headers = {"Authorization": f"Basic {login}"} if login else {}
    request = Request(method="GET", url=url, headers=headers)
    response = http.exchange(request)
    if is_temporary(response.status):
        raise UnavailableError(f"{request} answered {response.status}")
    return response
