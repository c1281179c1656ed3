"""Checks the whole from outside: every name leads to its server alone, and every server answers.

Standard input: {"hosts": [{"name", "address"}], "checks": [{"name", "host", "address",
"path", "expect": {"status", "json": {key: [values]}, "text"}}]}. Prints a line a check. A release
is healthy when this ends with 0.
"""

import http.client
import json
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

# Longer than a record may be cached with automatic TTL (five minutes).
_SECONDS = 420.0
_PAUSE = 3.0
_CALL_SECONDS = 10
_BODY_LIMIT = 65536

PORT = 443

Check = tuple[str, Callable[[], str | None]]


def checks_of(plan: Mapping[str, Any]) -> Iterator[Check]:
    """Each check by its title; calling it gives the complaint, or None."""
    for host in plan["hosts"]:
        title = f"{host['name']} leads to {host['address']}"
        yield title, partial(name_complaint, host["name"], host["address"])
    for check in plan["checks"]:
        title = f"{check['name']}: https://{check['host']}{check['path']}"
        yield title, partial(answer_complaint, check)


def name_complaint(name: str, address: str) -> str | None:
    """What is wrong with the A records of a name, or None."""
    try:
        found = socket.getaddrinfo(name, None, socket.AF_INET, socket.SOCK_STREAM)
    except OSError as error:
        return (
            f"does not resolve ({error}); if others can resolve it, your resolver drops answers "
            f"in 100.64.0.0/10 (rebind protection)"
        )
    addresses = sorted({str(entry[4][0]) for entry in found})
    if addresses == [address]:
        return None
    if len(addresses) > 1:
        return (
            f"has {len(addresses)} A records ({', '.join(addresses)}); delete the ones that are "
            f"not {address} in Cloudflare"
        )
    return f"leads to {addresses[0]}"


class _Connection(http.client.HTTPSConnection):
    """To an address, with the certificate of a name."""

    def __init__(self, host: str, address: str) -> None:
        self._context = ssl.create_default_context()
        super().__init__(host, PORT, timeout=_CALL_SECONDS, context=self._context)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)


def answer_complaint(check: Mapping[str, Any]) -> str | None:
    """What is wrong with a server's answer or its certificate, or None."""
    connection = _Connection(check["host"], check["address"])
    try:
        connection.request("GET", check["path"], headers={"Host": check["host"]})
        response = connection.getresponse()
        body = response.read(_BODY_LIMIT).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        return f"no answer ({error or type(error).__name__})"
    finally:
        connection.close()
    return body_complaint(check["expect"], response.status, body)


def body_complaint(expect: Mapping[str, Any], status: int, body: str) -> str | None:
    """How an answer differs from what is expected, or None; the body is cut to 200 characters."""
    seen = f"answered {status}: {' '.join(body.split())[:200]}"
    if status != expect.get("status", 200):
        return seen
    if "text" in expect and expect["text"] not in body:
        return seen
    if "json" in expect:
        try:
            document = json.loads(body)
        except json.JSONDecodeError:
            return seen
        for key, allowed in expect["json"].items():
            if not isinstance(document, dict) or document.get(key) not in allowed:
                return seen
    return None


def verify(plan: Mapping[str, Any], seconds: float, pause: float = _PAUSE) -> list[str]:
    """Ask until everything is right or the time is over; the complaints that are left."""
    until = time.monotonic() + seconds
    pending = list(checks_of(plan))
    while True:
        complaints = {}
        for title, ask in pending:
            complaint = ask()
            if complaint is None:
                print(f"ok  {title}", flush=True)
            else:
                complaints[title] = complaint
        pending = [check for check in pending if check[0] in complaints]
        left = until - time.monotonic()
        if not pending or left <= 0:
            return [f"{title}: {complaint}" for title, complaint in complaints.items()]
        time.sleep(min(pause, left))


def main() -> int:
    """Run the step on the plan from standard input."""
    left = verify(json.load(sys.stdin), _SECONDS)
    if left:
        print(
            "The servers are deployed, but the whole does not answer as it should:", file=sys.stderr
        )
        print("\n".join(f"- {complaint}" for complaint in left), file=sys.stderr)
        print("Look at the servers' /var/log/fks/deploy.log.", file=sys.stderr)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
