"""Creates what journey.py needs, by the APIs of Authentik and of the application; standard library.

usage: prepare.py AUTHORITY.pem SETTINGS.json

SETTINGS.json: as for journey.py, and {"auth": URL, "token": an API token of Authentik, "group"}.
"""

import json
import ssl
import sys
import urllib.request
from pathlib import Path
from typing import Any


class Api:
    """An API below a URL."""

    def __init__(self, url: str, authority: Path, token: str = "") -> None:
        self.url = url
        self.context = ssl.create_default_context(cafile=authority)
        self.headers = {"Content-Type": "application/json"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def request(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Return the JSON of the response. Error: OSError for a status of 400 or more."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            self.url + path, data=data, headers=self.headers, method=method
        )
        with urllib.request.urlopen(request, timeout=30, context=self.context) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def create_user(api: Api, name: str, password: str) -> int:
    """Create a user with a password; return its primary key."""
    user = api.request("POST", "/api/v3/core/users/", {"username": name, "name": name})
    path = f"/api/v3/core/users/{user['pk']}/set_password/"
    api.request("POST", path, {"password": password})
    return int(user["pk"])


def add_to_group(api: Api, user: int, name: str) -> None:
    """Add a user to a group."""
    (group,) = api.request("GET", f"/api/v3/core/groups/?name={name}")["results"]
    api.request("POST", f"/api/v3/core/groups/{group['pk']}/add_user/", {"pk": user})


def main(authority: Path, settings: dict[str, Any]) -> None:
    """Create both users, and one trade."""
    api = Api(settings["auth"], authority, settings["token"])
    member = create_user(api, **settings["member"])
    add_to_group(api, member, settings["group"])
    create_user(api, **settings["outsider"])
    Api(settings["web"], authority).request("POST", "/api/v1/trades?symbol=BTC")


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text()))
