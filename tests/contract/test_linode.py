"""The Linode plugin does what the real one was recorded to do."""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import pytest

from rehearsal.plugins.bridge.names import snakes
from tests.contract.declare import Declared, Invoke, Resource, ref
from tests.contract.harness import Engine
from tests.contract.recorded_api import Call, recorded
from tests.contract.scenario import SDK_LEFTOVERS, Cloud, Step, provider_in_state, replaying
from tests.shared import recordings

Replays = dict[str, Future[list[str]]]
pytestmark = [pytest.mark.contract, pytest.mark.filterwarnings(SDK_LEFTOVERS)]

INSTANCE = "linode:index/instance:Instance"
FIREWALL = "linode:index/firewall:Firewall"
COMMAND = "command:local:Command"
SECRET = {"additional_secret_outputs": ["rootPass", "stackscriptData"]}
# Resources the program does not declare.
OTHERS = (
    *("firewall_device", "firewall_device_changes", "volume_lifecycle", "volume_gone"),
    *("stackscript", "sshkey"),
)
SSH_KEY = f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{'A' * 43} one@example"
# So many scenarios were recorded of those it does declare.
TOTAL = 54
USUAL: dict[str, Any] = {
    "authorizedKeys": [SSH_KEY],
    "backupsEnabled": False,
    "image": "linode/debian12",
    "label": "web-1",
    "metadatas": [{"userData": "I2Nsb3VkLWNvbmZpZwpwYWNrYWdlczogW2RvY2tlci5pb10K"}],
    "privateIp": True,
    "region": "ca-central",
    "rootPass": {"__secret__": "Sup3r-Secret-Pass-1"},
    "tags": ["env:dev", "fks"],
    "type": "g6-nanode-1",
}
SMALL = {name: USUAL[name] for name in ("image", "label", "region", "type")}
SSH_RULE = {
    "action": "ACCEPT",
    "ipv4s": ["0.0.0.0/0"],
    "ipv6s": ["::/0"],
    "label": "ssh",
    "ports": "22",
    "protocol": "TCP",
}
WALL = {
    "inboundPolicy": "DROP",
    "inbounds": [SSH_RULE],
    "label": "fw-1",
    "outboundPolicy": "DROP",
    "outbounds": [
        {
            "action": "ACCEPT",
            "ipv4s": ["0.0.0.0/0"],
            "label": "https",
            "ports": "443",
            "protocol": "TCP",
        }
    ],
    "tags": ["fks"],
}


def _merged(usual: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {n: v for n, v in {**usual, **changes}.items() if v is not None}


def usual_instance(**changes: Any) -> list[Declared]:
    return [Resource("web", INSTANCE, _merged(USUAL, changes), SECRET)]


def small_instance(opts: dict[str, Any] | None = None, **changes: Any) -> list[Declared]:
    return [Resource("web", INSTANCE, _merged(SMALL, changes), {**SECRET, **(opts or {})})]


def wall(opts: dict[str, Any] | None = None, **changes: Any) -> list[Declared]:
    return [Resource("fw", FIREWALL, _merged(WALL, changes), opts or {})]


def with_rule(**changes: Any) -> list[Declared]:
    return wall(inbounds=[{**SSH_RULE, **changes}])


def firewall_and_instance() -> list[Declared]:
    return [*wall(), *small_instance({"depends_on": ["fw"]}, firewallId=1001)]


def attached(**changes: Any) -> list[Declared]:
    return [*small_instance(), *wall({"depends_on": ["web"]}, linodes=[1001], **changes)]


def dependents(**changes: Any) -> list[Declared]:
    """What depends on an instance: a command's trigger and another's environment."""
    inputs = {**SMALL, "authorizedKeys": [SSH_KEY], "tags": ["a"], **changes}
    trigger = {"create": "echo up", "triggers": [ref("web", "id")]}
    address = {"create": "echo $IP", "environment": {"IP": ref("web", "ipAddress")}}
    return [
        *wall(),
        Resource("web", INSTANCE, inputs, SECRET),
        Resource("trigger_id", COMMAND, trigger),
        Resource("uses_ip", COMMAND, address),
    ]


def networking() -> list[Declared]:
    token = "linode:index/getInstanceNetworking:getInstanceNetworking"
    return [
        *small_instance(privateIp=True),
        Invoke("net", token, {"linodeId": ref("web", "id")}),
    ]


def function(name: str, token: str, **inputs: Any) -> Declared:
    return Invoke(name, f"linode:index/{token}:{token}", inputs)


FUNCTIONS: list[Declared] = [
    function("type", "getInstanceType", id="g6-nanode-1"),
    function(
        "types",
        "getInstanceTypes",
        filters=[
            {"name": "class", "values": ["nanode", "standard"]},
            {"name": "vcpus", "values": ["1"]},
        ],
    ),
    function("region", "getRegion", id="ca-central"),
    function("regions_by_country", "getRegions", filters=[{"name": "country", "values": ["ca"]}]),
    function(
        "types_substring",
        "getInstanceTypes",
        filters=[{"name": "label", "values": ["Linode"], "matchBy": "substring"}],
        orderBy="label",
        order="desc",
    ),
]
BEFORE: dict[str, list[Declared]] = {
    **{
        f"instance_change_{name}": usual_instance()
        for name in (
            *("user_data", "user_data_removed", "image", "authorized_keys", "root_pass", "region"),
            *("type_up", "label", "tags", "backups", "private_ip_off", "booted_false", "watchdog"),
            "swap_size",
        )
    },
    "instance_change_private_ip_on": usual_instance(privateIp=None),
    "instance_change_firewall_id": usual_instance(firewallId=11),
    "instance_change_interfaces": usual_instance(interfaces=[{"purpose": "public"}]),
    **{
        f"instance_change_stackscript_{name}": usual_instance(
            stackscriptId=7, stackscriptData={"__secret__": {"a": "b"}}
        )
        for name in ("id", "data")
    },
    **{
        f"firewall_change_{name}": wall()
        for name in ("policy", "label", "tags", "disabled", "rules", "no_inbounds", "icmp")
    },
}
TYPES_ID = (
    "d3D7kJg7XhM1I0mBAom6T/3VvpT3PybYjhGchoqrFy/bfaBZVnw/Xd1M3WpLWoossMemP6ghqeOAJaaxO6wKAQ=="
)
FIRST_TWO = "create; the first two POST answers are"
PROGRAMS: dict[tuple[str, str], list[Declared]] = {
    **{(name, "create"): program for name, program in BEFORE.items()},
    ("instance_change_private_ip_off", "preview change"): usual_instance(privateIp=False),
    ("instance_change_private_ip_off", "change"): usual_instance(privateIp=False),
    ("instance_firewall_id", "create with firewall_id"): firewall_and_instance(),
    ("instance_secret_user_data", "create"): usual_instance(
        metadatas=[{"userData": {"__secret__": USUAL["metadatas"][0]["userData"]}}]
    ),
    ("instance_api_400", "create"): usual_instance(),
    ("instance_api_401", "create"): usual_instance(),
    (
        "instance_replace_label_unique",
        "image changed: create before delete, the API refuses the second use of the label",
    ): usual_instance(image="linode/debian13"),
    (
        "instance_replace_label_unique_dbr",
        "image changed with delete_before_replace",
    ): small_instance({"delete_before_replace": True}, image="linode/debian13"),
    (
        "instance_types_401",
        "any run with a bad token: the configure-time call answers 401",
    ): small_instance(),
    ("config_env", "add an instance (LINODE_EVENT_POLL_MS=200)"): [*wall(), *usual_instance()],
    ("config_env", "no token at all, preview"): wall(),
    ("config_env", "no token at all, preview of an instance"): usual_instance(),
    (
        "instance_never_running",
        "instance stays in provisioning, custom create timeout 3s",
    ): small_instance({"custom_timeouts": {"create": "3s"}}),
    ("firewall_linodes", "create with linodes=[instance]"): attached(),
    ("firewall_linodes", "remove linodes input"): [
        *small_instance(),
        *wall({"depends_on": ["web"]}),
    ],
    ("firewall_bad_rule_label", "rule label of two characters"): with_rule(label="ab"),
    ("firewall_bad_rule_label", "protocol in lower case"): with_rule(protocol="tcp"),
    ("firewall_bad_rule_label", "policy in lower case"): wall(inboundPolicy="drop"),
    ("firewall_bad_rule_label", "firewall label of two characters"): wall(label="ab"),
    ("firewall_bad_rule_label", "address without prefix length"): with_rule(ipv4s=["192.0.2.1"]),
    ("functions", "preview"): FUNCTIONS,
    ("functions", "up"): FUNCTIONS,
    ("functions", "unknown type id"): [function("type", "getInstanceType", id="g9-nope")],
    ("functions", "get_firewalls filter by label"): [
        function("f", "getFirewalls", filters=[{"name": "label", "values": ["fw-1"]}])
    ],
    ("preview_propagation", "preview of the create"): dependents(),
    ("preview_propagation", "create"): dependents(),
    ("preview_propagation", "preview: tags changed (update in place)"): dependents(tags=["b"]),
    ("preview_propagation", "preview: type changed (resize in place)"): dependents(
        type="g6-standard-1"
    ),
    ("preview_propagation", "preview: region changed (migration)"): dependents(region="us-east"),
    ("preview_propagation", "preview: image changed (replacement)"): dependents(
        image="linode/debian13"
    ),
    ("preview_propagation", "up: image changed (replacement)"): dependents(image="linode/debian13"),
    ("get_instance_networking", "preview"): networking(),
    ("get_instance_networking", "create"): networking(),
    ("get_instance_networking", "again"): networking(),
}


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


@pytest.fixture(scope="module")
def replays(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Replays]:
    """All chosen scenarios, running."""
    with replaying(CLOUD, engine, request) as running:
        yield running


@pytest.mark.parametrize("scenario", CLOUD.chosen())
def test_the_scenario_goes_as_recorded(replays: Replays, scenario: str) -> None:
    differences = replays[scenario].result()
    assert not differences, "\n".join(differences)


def test_all_recorded_scenarios_are_replayed(
    replays: Replays, capsys: pytest.CaptureFixture[str]
) -> None:
    good = sum(not running.result() for running in replays.values())
    with capsys.disabled():
        print(f"\nlinode: replayed/total {good}/{len(CLOUD.chosen())}")  # noqa: T201
    assert good == len(CLOUD.chosen()) == TOTAL


PROVIDERS: dict[str, Any] = {
    "linode, token set without --secret": "tok-plain",
    "linode, token set with --secret": {"__secret__": "tok-secret"},
}


@pytest.mark.parametrize("title", PROVIDERS)
def test_the_token_lies_in_state_as_it_was_configured(engine: Engine, title: str) -> None:
    recordings()

    def only(address: str) -> dict[str, Any]:
        return {"linode:url": f"http://{address}", "linode:token": PROVIDERS[title]}

    assert not provider_in_state(CLOUD, engine, title, "firewall_lifecycle", only)
