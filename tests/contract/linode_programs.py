"""The programs of the recorded Linode scenarios that the stored state does not show."""

from __future__ import annotations

from typing import Any

from tests.contract.declare import Declared, Resource, ref

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


def dependents(**changes: Any) -> list[Declared]:
    """An instance and its dependents: one command's trigger, another's environment."""
    inputs = {**SMALL, "authorizedKeys": [SSH_KEY], "tags": ["a"], **changes}
    trigger = {"create": "echo up", "triggers": [ref("web", "id")]}
    address = {"create": "echo $IP", "environment": {"IP": ref("web", "ipAddress")}}
    return [
        *wall(),
        Resource("web", INSTANCE, inputs, SECRET),
        Resource("trigger_id", COMMAND, trigger),
        Resource("uses_ip", COMMAND, address),
    ]


BEFORE: dict[str, list[Declared]] = {
    **{
        f"instance_change_{name}": usual_instance()
        for name in (
            *("user_data", "user_data_removed", "image", "authorized_keys", "region"),
            *("type_up", "label", "tags"),
        )
    },
    "instance_change_firewall_id": usual_instance(firewallId=11),
    **{
        f"firewall_change_{name}": wall()
        for name in ("policy", "label", "tags", "rules", "no_inbounds", "icmp")
    },
}
FIRST_TWO = "create; the first two POST answers are"
PROGRAMS: dict[tuple[str, str], list[Declared]] = {
    **{(name, "create"): program for name, program in BEFORE.items()},
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
    ("firewall_bad_rule_label", "rule label of two characters"): with_rule(label="ab"),
    ("firewall_bad_rule_label", "protocol in lower case"): with_rule(protocol="tcp"),
    ("firewall_bad_rule_label", "policy in lower case"): wall(inboundPolicy="drop"),
    ("firewall_bad_rule_label", "firewall label of two characters"): wall(label="ab"),
    ("firewall_bad_rule_label", "address without prefix length"): with_rule(ipv4s=["192.0.2.1"]),
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
}
