"""The Linode plugin does what the real one was recorded to do."""

from __future__ import annotations

import base64
import copy
from dataclasses import replace
from typing import Any

import pytest

from rehearsal.plugins.bridge.names import snakes
from tests.contract.comparison import Step
from tests.contract.harness import Engine
from tests.contract.linode_programs import PROGRAMS
from tests.contract.recorded_api import Call, recorded
from tests.contract.replayed import Replayed
from tests.contract.scenario import SDK_LEFTOVERS, Cloud, provider_in_state

pytestmark = [pytest.mark.contract, pytest.mark.filterwarnings(SDK_LEFTOVERS)]

# Resources the program does not declare.
OTHERS = (
    *("firewall_device", "firewall_device_changes", "volume_lifecycle", "volume_gone"),
    *("stackscript", "sshkey"),
)
# So many scenarios were recorded of those it does declare.
TYPES_ID = (
    "d3D7kJg7XhM1I0mBAom6T/3VvpT3PybYjhGchoqrFy/bfaBZVnw/Xd1M3WpLWoossMemP6ghqeOAJaaxO6wKAQ=="
)


def elided(steps: list[Step], calls: list[Call]) -> list[Call]:
    """A creation whose answers were left out: those of the lifecycle, for what was asked."""
    body = next(call.body for call in calls if call.method == "POST")
    if "rules" in body:
        return _firewall_creation(steps, body)
    usual = recorded(CLOUD.steps("instance_lifecycle")[1]["http"])
    return [_instance_call(call, body) for call in usual]


def _instance_call(call: Call, body: dict[str, Any]) -> Call:
    answer = copy.deepcopy(call.response)
    if call.path.endswith("/ips") and "private_ip" not in body:
        answer["ipv4"]["private"] = []
    if call.path.endswith("/configs"):
        answer["data"][0]["interfaces"] = body.get("interfaces", [])
    if "ipv4" in answer and isinstance(answer["ipv4"], list) and "private_ip" not in body:
        answer["ipv4"] = answer["ipv4"][:1]
    asked = body if call.method == "POST" else call.body
    return Call(call.method, call.path, call.query, call.filter, asked, call.status, answer)


def _firewall_creation(steps: list[Step], body: dict[str, Any]) -> list[Call]:
    created = steps[1]["state"]["fw"]["outputs"]["created"].removesuffix("Z")
    usual = recorded(CLOUD.steps("firewall_lifecycle")[0]["http"])
    found = []
    for call in usual:
        answer = copy.deepcopy(call.response)
        if call.method == "POST":
            answer |= {"created": created, "updated": created}
        asked = body if call.method == "POST" else None
        found.append(Call(call.method, call.path, call.query, None, asked, 200, answer))
    return found


def amended(name: str, label: str, calls: list[Call]) -> list[Call]:
    """The recorder noted the disks of the swap change as they were at the end, each time."""
    if (name, label) != ("instance_change_swap_size", "change"):
        return calls
    first = next(i for i, call in enumerate(calls) if call.path.endswith("/disks"))
    before = copy.deepcopy(calls[first].response)
    for disk, size in zip(before["data"], (25088, 512), strict=True):
        disk["size"] = size
    return [*calls[:first], replace(calls[first], response=before), *calls[first + 1 :]]


def sent(name: str, label: str) -> dict[str, str]:
    """The credentials of a step."""
    if label.startswith("no token"):
        return {}
    return {"Authorization": f"Bearer {'tok-env' if name == 'config_env' else 'tok-plain'}"}


def exports(outputs: dict[str, Any]) -> dict[str, Any]:
    """The recorded programs exported what the SDK makes of the results."""
    found: dict[str, Any] = {}
    for name, value in outputs.items():
        match name:
            case "regions_by_country":
                found[name] = [region["id"] for region in value["regions"]]
            case "types_substring":
                found[name] = [plan["id"] for plan in value["types"]]
            case "f":
                found[name] = value["firewalls"]
            case _:
                found[name] = _sdk_names(snakes(value))
        if name == "types":
            # Made from what was asked for, in the real plugin's own way.
            assert len(base64.b64decode(found[name]["id"], validate=True)) == 64
            found[name]["id"] = TYPES_ID
    return found


def _sdk_names(value: Any) -> Any:
    """`class` is a keyword in Python; `vpcNat11` has no underscore to find again."""
    match value:
        case dict():
            odd = {"class": "class_", "vpc_nat11": "vpc_nat11"}
            return {odd.get(name, name): _sdk_names(item) for name, item in value.items()}
        case list():
            return [_sdk_names(item) for item in value]
    return value


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


CLOUD = Cloud(
    name="linode",
    others=OTHERS,
    programs=PROGRAMS,
    config=config,
    configs={
        "config_env": None,
        "instance_default_poll": lambda address: config(address, eventPollMs=None),
        "instance_skip_ready_poll": lambda address: config(
            address, skipInstanceReadyPoll=True, skipInstanceDeletePoll=True
        ),
        "instance_never_running": lambda address: config(address, eventPollMs=200),
    },
    environments={
        ("config_env", ""): environment,
        **{
            ("config_env", f"no token at all, preview{more}"): lambda address: (
                environment(address) | {"LINODE_TOKEN": ""}
            )
            for more in ("", " of an instance")
        },
    },
    sent=sent,
    amended=amended,
    fresh=[("config_env", f"no token at all, preview{more}") for more in ("", " of an instance")],
    elided=elided,
    exports=exports,
)


class TestRecordings(Replayed):
    total = 54


PROVIDERS: dict[str, Any] = {
    "linode, token set without --secret": "tok-plain",
    "linode, token set with --secret": {"__secret__": "tok-secret"},
}


@pytest.mark.parametrize("title", PROVIDERS)
def test_the_token_lies_in_state_as_it_was_configured(engine: Engine, title: str) -> None:

    def only(address: str) -> dict[str, Any]:
        return {"linode:url": f"http://{address}", "linode:token": PROVIDERS[title]}

    assert not provider_in_state(CLOUD, engine, title, "firewall_lifecycle", only)
