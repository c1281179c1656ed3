"""All checks together: a deployed stack, a dead network, and no secret in anything that is said."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fks_infra.doctor.check_context import Case, Limits
from fks_infra.doctor.checks import certificates
from fks_infra.doctor.findings import Finding, Seen, Verdict, problem
from fks_infra.doctor.runner import CHECKS, examine
from fks_infra.topology.tailnet_policy import policy
from tests.fks_infra.doctor.conftest import World

ELSEWHERE = {"SSH_AUTH_SOCK": "", "PATH": "/nonexistent"}


@pytest.fixture(autouse=True)
def edges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers at the servers' addresses; a test connects to nothing but this machine."""

    def look(*_: object) -> None:
        raise ConnectionRefusedError("nobody is there")

    monkeypatch.setattr(certificates, "look", look)


def told(case: Case) -> list[Finding]:
    return examine(case, lambda _: None)


def test_a_deployed_stack_is_well(case: Callable[..., Case], world: World) -> None:
    inventory = world.deploy()
    world.fail("tailscale", "/acl$", 200, body=policy("tag:fks", ["autogroup:admin"]))
    ended: list[str] = []
    findings = examine(case(inventory, environ=ELSEWHERE), ended.append)
    assert sorted(ended) == sorted(CHECKS)
    assert [finding.check for finding in findings][:3] == ["tokens", "linode-token", "region"]
    elsewhere = ("resolver", "certificates", "path")
    verdicts = {f.check: f.verdict for f in findings if f.check not in elsewhere}
    assert set(verdicts.values()) == {Verdict.OK}
    assert len(verdicts) == len(CHECKS) - len(elsewhere)


def test_nothing_is_changed_and_nothing_unknown_is_asked(
    case: Callable[..., Case], world: World
) -> None:
    inventory, before = world.deploy(), json.dumps(world.clouds.dump(), default=str)
    told(case(inventory, environ=ELSEWHERE))
    assert json.dumps(world.clouds.dump(), default=str) == before
    entries = list(world.clouds.journal.select())
    asked = {(e["method"], e["path"]) for e in entries if e["method"] != "GET"}
    assert asked == {("POST", "/api/v2/oauth/token")}
    assert world.clouds.journal.unknown() == []


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("kind", ["refusing", "silent", "without a resolver"])
def test_a_dead_network_gives_findings_in_bounded_time(
    case: Callable[..., Case],
    world: World,
    silent: str,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inventory = world.deploy()
    never, real = threading.Event(), socket.getaddrinfo

    def getaddrinfo(name: Any, *rest: Any, **more: Any) -> Any:
        here = name == "127.0.0.1" and kind != "without a resolver"
        return real(name, *rest, **more) if here else never.wait()

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    base = silent if kind == "silent" else "http://127.0.0.1:1"
    environ = {name: base for name in world.environ if name.endswith("_URL")} | ELSEWHERE
    started = time.monotonic()
    findings = told(case(inventory, environ=environ, limits=Limits(call=0.2, check=2)))
    assert time.monotonic() - started < 10
    never.set()
    checks = {finding.check: finding.verdict for finding in findings}
    assert set(checks) == set(CHECKS)
    well = {name for name, verdict in checks.items() if verdict is Verdict.OK}
    assert well == {"tokens", "ssh-agent"}
    assert Verdict.PROBLEM not in checks.values()


def test_a_check_that_does_not_end_is_unknown(case: Callable[..., Case]) -> None:
    never = threading.Event()

    def hangs(_: Case) -> list[Seen]:
        never.wait()
        return []

    limits = Limits(call=0.1, check=0.2)
    (finding,) = examine(case(limits=limits), lambda _: None, {"hangs": hangs})
    assert (finding.verdict, finding.detail) == (Verdict.UNKNOWN, "it did not end within 0.2 s")
    never.set()


def test_an_odd_answer_is_unknown_and_its_text_not_told(case: Callable[..., Case]) -> None:
    def odd(_: Case) -> list[Seen]:
        raise KeyError("canary")

    (finding,) = examine(case(), lambda _: None, {"odd": odd})
    assert finding.detail == "an answer was not understood (KeyError)"


def test_a_refused_credential_is_one_problem_with_one_remedy(case: Callable[..., Case]) -> None:
    wrong = {"TAILSCALE_OAUTH_CLIENT_SECRET": "canary-wrong", "CLOUDFLARE_API_TOKEN": "canary-no"}
    findings = {finding.check: finding for finding in told(case(environ=ELSEWHERE | wrong))}
    for check in ("tailscale", "zone"):
        assert findings[check].verdict is Verdict.PROBLEM
        assert findings[check].remedy
    for check in ("tailnet-tag", "policy", "devices", "names"):
        assert (findings[check].verdict, findings[check].remedy) == (Verdict.UNKNOWN, "")


def test_no_credential_is_told_even_if_a_cloud_says_it(
    case: Callable[..., Case], world: World
) -> None:
    secret = world.environ["LINODE_TOKEN"]

    def loose(_: Case) -> list[Seen]:
        return [problem(f"the token {secret} is odd", f"export LINODE_TOKEN={secret}")]

    (finding,) = examine(case(), lambda _: None, {"loose": loose})
    assert finding.detail == "the token (hidden) is odd"
    assert "canary" not in finding.remedy


@pytest.mark.parametrize("status", [200, 401, 403, 404, 418, 500])
def test_no_credential_is_in_any_finding_whatever_the_clouds_answer(
    case: Callable[..., Case], world: World, status: int
) -> None:
    inventory = world.deploy()
    echo = {"errors": [{"reason": list(world.environ.values())}], "result": [], "devices": []}
    world.fail(".*", "/(v4|v2)/.*", status, body=echo)
    examined = case(inventory, environ=ELSEWHERE)
    assert "canary" not in str(told(examined))
    assert "canary" not in repr(examined)
