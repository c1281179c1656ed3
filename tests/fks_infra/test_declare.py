"""What the program registers with the engine, in both modes."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from fks_infra.errors import OperatorError
from fks_infra.topology.planning import plan_topology
from tests.conftest import BOTH, Declare, DeclaredProgram, Registered

SERVERS = {"multi": ["auth", "api", "web"], "single": ["single"]}
CANARIES = ("tskey-auth-canary", "-canary", "BEGIN OPENSSH")


def remote_steps(world: DeclaredProgram) -> list[Registered]:
    return world.all("command:remote:Command")


@BOTH
def test_every_server_has_one_of_each_part(declare: Declare, mode: str) -> None:
    world = declare(mode=mode)
    for suffix in ("linode:index/instance:Instance", "firewall:Firewall", ":TailnetKey"):
        assert len(world.all(suffix)) == len(SERVERS[mode])
    assert len(remote_steps(world)) == 2 * len(SERVERS[mode])
    assert len(world.all("command:remote:CopyToRemote")) == 2 * len(SERVERS[mode])
    assert len(world.all("command:local:Command")) == 2 * len(SERVERS[mode]) + 1
    assert len(world.all(":DnsRecord")) == 5


@BOTH
def test_components_have_the_projects_type_tokens(declare: Declare, mode: str) -> None:
    components = {r.type for r in declare(mode=mode).resources if not r.request.custom}
    heads = {f"fks:infra:{server.capitalize()}Server" for server in SERVERS[mode]}
    parts = ("Machine", "Join", "Bootstrap", "ComposeStack", "DnsRecords")
    once = ("Secrets", "Verify", "DestroyGuard")
    assert components == heads | {f"fks:infra:{part}" for part in (*parts, *once)}


@BOTH
def test_instances_ignore_changes_that_would_replace_them(declare: Declare, mode: str) -> None:
    for instance in declare(mode=mode).all(":Instance"):
        assert set(instance.request.ignoreChanges) == {
            "metadatas",
            "image",
            "authorizedKeys",
            "rootPass",
            "firewallId",
            "interfaceGeneration",
            "diskEncryption",
            "migrationType",
            "resizeDisk",
        }
        assert instance.request.deleteBeforeReplace is True
        assert instance.inputs["interfaceGeneration"] == "legacy_config"
        assert instance.inputs["firewallId"] == 77


def test_only_servers_with_data_are_protected(declare: Declare) -> None:
    world = declare()
    protected = {i.name: i.request.protect for i in world.all(":Instance")}
    assert protected == {
        "auth-machine-instance": True,
        "api-machine-instance": True,
        "web-machine-instance": False,
    }


def test_a_generation_replaces_key_and_instance_together(declare: Declare) -> None:
    world = declare(generation={"api": 4})
    for name, expected in (("api", 4), ("auth", 0)):
        for part in ("instance", "tailnet-key"):
            request = world.one(f"{name}-machine-{part}").request
            assert request.replacement_trigger.number_value == expected


def test_a_hook_checks_the_disk_size_before_the_update(declare: Declare) -> None:
    (hook,) = declare().one("api-machine-instance").request.hooks.before_update
    assert hook == "api-machine-instance-check-disk-size"


def test_no_port_is_open_by_default(declare: Declare) -> None:
    for firewall in declare().all(":Firewall"):
        assert firewall.inputs["inboundPolicy"] == "DROP"
        assert firewall.inputs["outboundPolicy"] == "ACCEPT"
        assert firewall.inputs.get("inbounds", []) == []


def test_ssh_from_opens_port_22_to_those_ranges_only(declare: Declare) -> None:
    world = declare(sshFrom=["198.51.100.7/32", "2001:db8::/48"])
    (rule,) = world.one("web-machine-firewall").inputs["inbounds"]
    assert rule == {
        "label": "ssh-break-glass",
        "action": "ACCEPT",
        "protocol": "TCP",
        "ports": "22",
        "ipv4s": ["198.51.100.7/32"],
        "ipv6s": ["2001:db8::/48"],
    }


@BOTH
def test_a_tailnet_key_is_for_one_server_and_one_hour(declare: Declare, mode: str) -> None:
    for key in declare(mode=mode).all(":TailnetKey"):
        assert key.inputs["reusable"] is False
        assert key.inputs["preauthorized"] is True
        assert key.inputs["ephemeral"] is False
        assert key.inputs["expiry"] == 3600
        assert key.inputs["recreateIfInvalid"] == "never"
        assert set(key.inputs["tags"]) <= {"tag:fks-auth", "tag:fks-api", "tag:fks-web"}


def test_the_key_reaches_only_its_server_and_as_a_secret(declare: Declare) -> None:
    instance = declare().one("auth-machine-instance")
    assert "metadatas" in instance.secret_inputs
    (metadata,) = instance.inputs["metadatas"]
    assert "tskey-auth-canary" in base64.b64decode(metadata["userData"]).decode()


@BOTH
def test_a_remote_step_logs_nothing_and_its_output_is_secret(declare: Declare, mode: str) -> None:
    for step in remote_steps(declare(mode=mode)):
        assert step.inputs["logging"] == "none"
        assert step.inputs["addPreviousOutputInEnv"] is False
        assert {"stdout", "stderr"} <= set(step.request.additionalSecretOutputs)
        assert "timeout -k 30 3060" in step.inputs["create"]
        assert not {"triggers", "environment", "delete", "update"} & set(step.inputs)


@BOTH
def test_secrets_are_passed_by_standard_input_only(declare: Declare, mode: str) -> None:
    for resource in declare(mode=mode).resources:
        open_inputs = {k: v for k, v in resource.inputs.items() if k not in resource.secret_inputs}
        text = json.dumps(open_inputs, default=repr)
        assert not [canary for canary in CANARIES if canary in text], resource.name
        assert resource.secret_inputs <= {"stdin", "connection", "metadatas"}, resource.name


def test_a_deploy_gets_the_secrets_of_its_roles_only(declare: Declare) -> None:
    world = declare()
    documents = {
        name: json.loads(world.one(f"{name}-stack-deploy").inputs["stdin"])
        for name in SERVERS["multi"]
    }
    assert {name: list(doc["secrets"]) for name, doc in documents.items()} == {
        "auth": ["auth"],
        "api": ["api"],
        "web": ["web"],
    }
    assert set(documents["auth"]["secrets"]["auth"]) == {
        "AUTH_POSTGRES_PASSWORD",
        "AUTHENTIK_SECRET_KEY",
        "AUTHENTIK_BOOTSTRAP_PASSWORD",
        "AUTHENTIK_BOOTSTRAP_TOKEN",
    }
    api = documents["api"]["secrets"]["api"]
    assert api["JWT_SECRET"] == api["JWT_SECRET_KEY"]
    password = api["POSTGRES_PASSWORD"]
    assert api["DATABASE_URL"] == f"postgresql://fks_user:{password}@api-postgres:5432/fks_trading"
    assert api["CACHE_REDIS_URL"] == f"redis://:{api['REDIS_PASSWORD']}@api-cache:6379/0"
    assert documents["web"]["address"] == "100.64.0.9"


def test_registry_logins_are_in_the_deploy_request(declare: Declare) -> None:
    world = declare(registries={"docker.io": "me"}, registryPassword="canary-password")
    document = json.loads(world.one("web-stack-deploy").inputs["stdin"])
    assert document["registries"] == [
        {"server": "docker.io", "username": "me", "password": "canary-password"}
    ]


def test_the_alert_webhook_is_in_the_deploy_request(declare: Declare) -> None:
    url = "https://hooks.example.org/services/canary"
    request = declare(alertWebhook=url).one("web-stack-deploy")
    assert json.loads(request.inputs["stdin"])["alert_webhook"] == url
    assert "stdin" in request.secret_inputs
    without = json.loads(declare().one("web-stack-deploy").inputs["stdin"])
    assert "alert_webhook" not in without


def test_servers_with_data_get_the_repository_and_one_password(declare: Declare) -> None:
    world = declare(
        backup={"repository": "s3:https://host.example/fks", "s3KeyId": "id"},
        backupS3Key="canary-key",
    )
    documents = {
        name: json.loads(world.one(f"{name}-stack-deploy").inputs["stdin"])
        for name in ("auth", "api", "web")
    }
    password = documents["api"]["backup"].pop("password")
    assert documents["api"]["backup"] == {
        "stack": "prod",
        "repository": "s3:https://host.example/fks",
        "s3_key_id": "id",
        "s3_key": "canary-key",
    }
    assert documents["auth"]["backup"]["password"] == password
    assert "backup" not in documents["web"]


@pytest.mark.parametrize(
    ("mode", "cpu"), [("multi", {"auth": 50, "api": 140, "web": 40}), ("single", {"single": 280})]
)
def test_linode_sends_mails_at_the_same_threshold_in_percent_of_a_core(
    declare: Declare, mode: str, cpu: dict[str, int]
) -> None:
    found = declare(mode=mode).all(":Instance")
    alerts = {one.name.partition("-")[0]: one.inputs["alerts"] for one in found}
    assert {name: one["cpu"] for name, one in alerts.items()} == cpu
    others = {"io": 10000, "networkIn": 10, "networkOut": 10, "transferQuota": 80}
    assert all({**one, **others} == one for one in alerts.values())


def test_an_external_account_is_in_the_deploy_request(declare: Declare) -> None:
    account = {"key_id": "kid-1", "hmac_key": "Y2FuYXJ5"}
    world = declare(acmeEabKeyId=account["key_id"], acmeEabHmacKey=account["hmac_key"])
    request = world.one("web-stack-deploy")
    assert json.loads(request.inputs["stdin"])["acme_account"] == account
    assert "stdin" in request.secret_inputs
    without = json.loads(declare().one("web-stack-deploy").inputs["stdin"])
    assert "acme_account" not in without


@BOTH
def test_uploads_are_triggered_by_the_instance_id(declare: Declare, mode: str) -> None:
    world = declare(mode=mode)
    for upload in world.all(":CopyToRemote"):
        server = upload.name.split("-")[0]
        length = len(f"{server}-machine-instance")
        assert upload.inputs["triggers"] == [str(1000 + length)]
        assert upload.inputs["source"].path.startswith(".fks/bundles/")
        assert upload.inputs["remotePath"].startswith("/var/lib/fks/incoming/")


def test_the_chain_of_a_server_is_in_order(declare: Declare) -> None:
    world = declare()
    instance = world.after("auth-machine-instance")
    assert {"auth-machine-firewall", "auth-machine-tailnet-key"} <= instance
    assert "auth-machine-instance" in world.after("auth-join-wait")
    assert "auth-join-wait" in world.after("auth-bootstrap-scripts")
    assert "auth-bootstrap-scripts" in world.after("auth-bootstrap-run")
    assert "auth-bootstrap-run" not in world.after("auth-stack-release")
    deploy = world.after("auth-stack-deploy")
    assert {"auth-bootstrap-run", "auth-stack-release", "dns-auth"} <= deploy
    assert world.after("dns-caa") == set()
    assert "dns-caa" in world.after("web-stack-deploy")


def test_a_server_depends_only_on_the_dns_records_of_others(declare: Declare) -> None:
    world = declare()
    for resource in world.resources:
        server = resource.name.split("-")[0]
        if server in SERVERS["multi"]:
            depended = {name.split("-")[0] for name in world.after(resource.name)}
            assert depended <= {server, "secrets", "dns"}, resource.name


def test_verify_depends_on_all_servers_and_their_releases(declare: Declare) -> None:
    step = declare().one("verify-step")
    done = {dependency.split("::")[-1] for dependency in step.request.dependencies}
    assert {f"{server}-stack-deploy" for server in SERVERS["multi"]} <= done
    assert {"dns-auth", "dns-api", "dns-web", "dns-extra-www"} <= done
    plan = json.loads(step.inputs["stdin"])
    assert set(plan["releases"]) == set(SERVERS["multi"])
    assert all(len(digest) == 64 for digest in plan["releases"].values())
    assert {host["name"] for host in plan["hosts"]} == {
        "fkstrading.xyz",
        "www.fkstrading.xyz",
        "auth.fkstrading.xyz",
        "api.fkstrading.xyz",
    }
    assert len(plan["checks"]) == 7


@pytest.mark.parametrize("protect", [True, False])
def test_the_guard_depends_on_every_resource_and_is_protected(
    declare: Declare, protect: bool
) -> None:
    world = declare(protect=protect)
    custom = {resource.name for resource in world.resources if resource.request.custom}
    assert world.after("destroy-guard") == custom
    assert world.one("destroy-guard").request.protect is protect


def test_the_join_runs_once_for_each_instance(declare: Declare) -> None:
    wait = declare().one("auth-join-wait")
    assert wait.inputs["triggers"] == ["1021"]
    assert "--hostname fks-auth-1021" in wait.inputs["create"]
    assert not {"delete", "environment"} & set(wait.inputs)
    assert list(wait.request.ignoreChanges) == ["create"]


def test_only_a_resource_that_nothing_replaces_but_the_instance_removes_the_device(
    declare: Declare,
) -> None:
    removing = [resource for resource in declare().resources if "delete" in resource.inputs]
    assert {resource.name for resource in removing} == {
        f"{s}-join-device" for s in SERVERS["multi"]
    }
    (auth,) = [resource for resource in removing if resource.name == "auth-join-device"]
    assert auth.inputs["delete"].endswith("join remove --hostname fks-auth-1021")
    assert auth.inputs["triggers"] == ["1021"]
    assert "create" not in auth.inputs


def test_generated_secrets_are_the_same_resources_in_both_modes(declare: Declare) -> None:
    made = [
        {declare(mode=mode).urn(r.name) for r in declare(mode=mode).all(":RandomPassword")}
        for mode in ("multi", "single")
    ]
    assert made[0] == made[1]
    assert len(made[0]) == 8


def test_generated_secrets_are_protected_like_the_servers(declare: Declare) -> None:
    assert all(p.request.protect for p in declare().all(":RandomPassword"))
    assert not any(p.request.protect for p in declare(protect=False).all(":RandomPassword"))


def test_generated_secrets_are_url_safe(declare: Declare) -> None:
    for password in declare().all(":RandomPassword"):
        assert password.inputs["special"] is False
        assert password.inputs["length"] >= 24


def test_a_public_deployment_connects_to_the_public_address(declare: Declare) -> None:
    world = declare(deployVia="public", sshFrom=["198.51.100.7/32"])
    assert "--ssh-address 198.51.100.20" in world.one("web-join-wait").inputs["create"]
    assert world.one("web-stack-deploy").inputs["connection"]["host"] == "198.51.100.20"
    assert world.one("dns-web").inputs["content"] == "100.64.0.9"
    assert not [r for r in world.resources if r.name == "verify-step"]
    assert any("nothing is verified" in warning for warning in world.warnings)


def test_by_default_ssh_connects_over_the_tailnet_and_checks_the_host_key(declare: Declare) -> None:
    connection = declare().one("web-stack-deploy").inputs["connection"]
    assert connection["host"] == "100.64.0.9"
    assert connection["hostKey"] == "ssh-ed25519 AAAAHOST"
    assert connection["user"] == "deploy"
    assert "password" not in connection


def test_the_stack_outputs_have_urls_costs_and_the_inventory(declare: Declare) -> None:
    exports = declare().exports
    assert exports["addresses"] == dict.fromkeys(SERVERS["multi"], "100.64.0.9")
    assert exports["urls"]["web"] == "https://fkstrading.xyz"
    assert exports["healthUrls"]["auth"] == "https://auth.fkstrading.xyz/health"
    assert exports["monthlyCost"] == {
        "currency": "USD",
        "total": 34.0,
        "servers": {"auth": 5.0, "api": 24.0, "web": 5.0},
    }
    server = exports["inventory"]["servers"]["api"]
    assert server["roles"] == ["api"]
    assert server["names"] == ["api.fkstrading.xyz"]
    assert server["publicAddress"] == "198.51.100.20"
    assert server["publicIpv6Address"] == "2001:db8::20"


def test_the_plans_are_requested_once(declare: Declare) -> None:
    assert sum("/types" in request.url for request in declare().requests) == 1


def test_the_preview_warns_of_authentik_on_a_small_server(declare: Declare) -> None:
    assert any("Recommended: fks:plan.auth" in warning for warning in declare().warnings)
    larger = declare(plan={"auth": "g6-standard-1"}).warnings
    assert not any("fks:plan.auth" in warning for warning in larger)


def test_the_preview_names_the_services_without_an_image(declare: Declare) -> None:
    left_out = [warning for warning in declare().warnings if "is left out" in warning]
    assert left_out == [
        f"fks:services.{name}.image is not set: {name} is left out."
        for name in ("market-data", "risk-manager")
    ]
    image = {"image": "docker.io/nuniesmith/fks:api-latest", "memory": 32}
    chosen = declare(services={"market-data": image, "risk-manager": image}).warnings
    assert not any("is left out" in warning for warning in chosen)


def test_a_plan_that_is_too_small_declares_nothing(
    declare: Declare, settings: Callable[..., Any]
) -> None:
    with pytest.raises(OperatorError):
        plan_topology(settings(plan={"api": "g6-nanode-1"}))
    with pytest.raises(OperatorError, match=r"fks:plan\.api"):
        declare(plan={"api": "g6-nanode-1"})
