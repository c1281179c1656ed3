"""The programs of the recorded Linode scenarios that cannot be read off the stored state."""

from __future__ import annotations

from typing import Any

from tests.contract.declare import Declared, Invoke, Resource, ref

INSTANCE = "linode:index/instance:Instance"
FIREWALL = "linode:index/firewall:Firewall"
COMMAND = "command:local:Command"
SECRET = {"additional_secret_outputs": ["rootPass", "stackscriptData"]}
SSH_KEY = f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{'A' * 43} one@example"
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
