"""Checks from outside: every name resolves to its server alone, and every server answers.

Standard input: {"hosts": [{"name", "address"}], "checks": [{"name", "host", "address",
"path", "expect": {"status", "json": {key: [values]}, "text"}, "stopped": why it may fail, or
missing}]}. Prints one line for each check. Ends with 0 if all pass that must.
"""

import http.client
import json
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from fks_infra.limits import EDGE_PORT, TAILNET_RANGE, VERIFY_TIMEOUT_SECONDS

_PAUSE = 3.0
_CALL_SECONDS = 10
_BODY_LIMIT = 65536


@dataclass(frozen=True, kw_only=True)
class Check:
    """`complaint` returns what is wrong, or None; `stopped` says why it may fail, or is empty."""

    title: str
    complaint: Callable[[], str | None]
    stopped: str = ""


def checks_of(plan: Mapping[str, Any]) -> Iterator[Check]:
    """Each check of the plan."""
    for host in plan["hosts"]:
        title = f"{host['name']} resolves to {host['address']}"
        yield Check(title=title, complaint=partial(name_complaint, host["name"], host["address"]))
    for check in plan["checks"]:
        title = f"{check['name']}: https://{check['host']}{check['path']}"
        complaint = partial(answer_complaint, check)
        yield Check(title=title, complaint=complaint, stopped=check.get("stopped", ""))


def name_complaint(name: str, address: str) -> str | None:
    """What is wrong with the A records of a name, or None."""
    try:
        addresses = resolve(name)
    except OSError as error:
        return unresolved_complaint(error)
    return address_complaint(addresses, address)


def resolve(name: str) -> list[str]:
    """The IPv4 addresses of a name; OSError where it does not resolve."""
    found = socket.getaddrinfo(name, None, socket.AF_INET, socket.SOCK_STREAM)
    return sorted({str(entry[4][0]) for entry in found})


def unresolved_complaint(error: BaseException) -> str:
    """The complaint about a name that does not resolve."""
    return (
        f"does not resolve ({error}); if others can resolve it, your resolver drops answers "
        f"in {TAILNET_RANGE} (rebind protection)"
    )


def address_complaint(addresses: list[str], address: str) -> str | None:
    """What is wrong with a name's addresses, if `address` is the right one."""
    if addresses == [address]:
        return None
    if len(addresses) > 1:
        return (
            f"has {len(addresses)} A records ({', '.join(addresses)}); delete the ones that are "
            f"not {address} in Cloudflare"
        )
    return f"resolves to {addresses[0]}"


class _Connection(http.client.HTTPSConnection):
    """Connects to an address, and verifies the certificate of a host name."""

    def __init__(self, host: str, address: str) -> None:
        self._context = ssl.create_default_context()
        super().__init__(host, EDGE_PORT, timeout=_CALL_SECONDS, context=self._context)
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
    complaint = f"answered {status}: {' '.join(body.split())[:200]}"
    if status != expect.get("status", 200):
        return complaint
    if "text" in expect and expect["text"] not in body:
        return complaint
    if "json" in expect:
        try:
            document = json.loads(body)
        except json.JSONDecodeError:
            return complaint
        for key, allowed in expect["json"].items():
            if not isinstance(document, dict) or document.get(key) not in allowed:
                return complaint
    return None


def verify(plan: Mapping[str, Any], seconds: float, pause: float = _PAUSE) -> list[str]:
    """Repeat the failing checks until all pass or the deadline; the complaints that remain."""
    deadline = time.monotonic() + seconds
    pending = list(checks_of(plan))
    while True:
        complaints = {}
        for check in pending:
            complaint = check.complaint()
            if complaint is None:
                print(f"ok  {check.title}", flush=True)
            elif check.stopped:
                print(f"--  {check.title}: {check.stopped}", flush=True)
            else:
                complaints[check.title] = complaint
        pending = [check for check in pending if check.title in complaints]
        left = deadline - time.monotonic()
        if not pending or left <= 0:
            return [f"{title}: {complaint}" for title, complaint in complaints.items()]
        time.sleep(min(pause, left))


def main() -> int:
    """Run the step on the plan from standard input."""
    complaints = verify(json.load(sys.stdin), VERIFY_TIMEOUT_SECONDS)
    if complaints:
        print("The servers are deployed, but these checks fail:", file=sys.stderr)
        print("\n".join(f"- {complaint}" for complaint in complaints), file=sys.stderr)
        print("See /var/log/fks/deploy.log on the servers.", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
