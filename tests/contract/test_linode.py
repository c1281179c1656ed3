"""The Linode plugin behaves as recorded."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.contract.comparison import Step
from tests.contract.harness import Engine
from tests.contract.linode_programs import PROGRAMS
from tests.contract.recorded_api import Call, recorded
from tests.contract.replayed import Replayed
from tests.contract.scenario import UNFINISHED_COROUTINES, Cloud, provider_in_state

pytestmark = [pytest.mark.contract, pytest.mark.filterwarnings(UNFINISHED_COROUTINES)]


def elided(steps: list[Step], calls: list[Call]) -> list[Call]:
    """The calls of a creation without recorded answers: the lifecycle's, with this request."""
    body = next(call.body for call in calls if call.method == "POST")
    if "rules" in body:
        return _firewall_creation(steps, body)
    usual = recorded(CLOUD.steps("instance_lifecycle")[1]["http"])
    return [_instance_call(call, body) for call in usual]


def _instance_call(call: Call, body: dict[str, Any]) -> Call:
    answer = copy.deepcopy(call.response)
    if "private_ip" not in body:
        if call.path.endswith("/ips"):
            answer["ipv4"]["private"] = []
        elif isinstance(answer.get("ipv4"), list):
            answer["ipv4"] = answer["ipv4"][:1]
    request = body if call.method == "POST" else call.body
    return Call(call.method, call.path, call.query, call.filter, request, call.status, answer)


def _firewall_creation(steps: list[Step], body: dict[str, Any]) -> list[Call]:
    created = steps[1]["state"]["fw"]["outputs"]["created"].removesuffix("Z")
    usual = recorded(CLOUD.steps("firewall_lifecycle")[0]["http"])
    found = []
    for call in usual:
        answer = copy.deepcopy(call.response)
        if call.method == "POST":
            answer |= {"created": created, "updated": created}
        request = body if call.method == "POST" else None
        found.append(Call(call.method, call.path, call.query, None, request, 200, answer))
    return found


def credentials(name: str, label: str) -> dict[str, str]:
    """The credentials of a step's calls."""
    if label.startswith("no token"):
        return {}
    return {"Authorization": f"Bearer {'tok-env' if name == 'config_env' else 'tok-plain'}"}


def config(address: str, **more: Any) -> dict[str, Any]:
    settings = {
        "url": f"http://{address}",
        "token": "tok-plain",
        "eventPollMs": 20,
        "minRetryDelayMs": 50,
        **more,
    }
    return {f"linode:{name}": value for name, value in settings.items() if value}


def environment(address: str) -> dict[str, str]:
    return {
        "LINODE_URL": f"http://{address}",
        "LINODE_TOKEN": "tok-env",
        "LINODE_EVENT_POLL_MS": "20",
    }


def without_token(address: str) -> dict[str, str]:
    return {**environment(address), "LINODE_TOKEN": ""}


NO_TOKEN = [("config_env", f"no token at all, preview{more}") for more in ("", " of an instance")]
CLOUD = Cloud(
    name="linode",
    programs=PROGRAMS,
    config=config,
    configs={
        "config_env": None,
        "instance_default_poll": lambda address: config(address, eventPollMs=None),
        "instance_never_running": lambda address: config(address, eventPollMs=200),
    },
    environments={("config_env", ""): environment, **dict.fromkeys(NO_TOKEN, without_token)},
    credentials=credentials,
    new_stacks=NO_TOKEN,
    elided=elided,
)


class TestRecordings(Replayed):
    total = 38


def test_the_token_is_always_secret_in_state(engine: Engine) -> None:
    def token_only(address: str) -> dict[str, Any]:
        return {"linode:url": f"http://{address}", "linode:token": "tok-secret"}

    title = "linode, token set with --secret"
    assert not provider_in_state(CLOUD, engine, title, "firewall_lifecycle", token_only)
