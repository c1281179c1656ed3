"""What every service must have, and what none may have."""

import base64
import json
import re
from ipaddress import ip_address, ip_network

import pytest

from fks_infra.limits import TAILNET_RANGE
from fks_infra.roles import ROLES, SERVICES, STACKS
from fks_infra.roles.role import Role, Service
from fks_infra.topology.postgres_tuning import postgres_settings
from tests.compose.stacks import COMPOSE, LIB, PARTS, part, running, services, words

ALL = services()
AUTHENTIK = ("auth-server", "auth-worker")
SECRET_NAMES = sorted({name for p in PARTS for name in part(p).get("secrets", {})})
each_service = pytest.mark.parametrize("name", sorted(ALL))
each_part = pytest.mark.parametrize("name", PARTS)


@each_part
def test_a_stack_stands_alone(name: str) -> None:
    """Networks, volumes, secrets and dependencies are all of its own."""
    document = part(name)
    own = document["services"]
    for service in own.values():
        assert set(service.get("depends_on", {})) <= set(own)
        assert set(service.get("networks", [])) <= set(document.get("networks", {}))
        assert set(service.get("secrets", [])) <= set(document.get("secrets", {}))
        named = [volume.split(":")[0] for volume in service.get("volumes", [])]
        volumes = {volume for volume in named if not volume.startswith(("$", "/"))}
        assert volumes <= set(document.get("volumes", {}))


def test_no_two_stacks_share_a_name() -> None:
    """In single mode all are one project, where the same name would be the same thing."""
    for kind in ("services", "volumes", "networks", "secrets"):
        names = [name for stack in PARTS for name in part(stack).get(kind, {})]
        assert len(names) == len(set(names)), kind


def test_a_role_and_its_compose_file_have_the_same_services() -> None:
    assert {stack.name: {service.name for service in stack.services} for stack in STACKS} == {
        name: set(running(name)) for name in PARTS
    }


@pytest.mark.parametrize("role", [r for r in ROLES if r.services], ids=lambda role: role.name)
def test_a_role_and_its_compose_file_have_the_same_secrets(role: Role) -> None:
    files = {file.name for secret in role.secrets for file in secret.files}
    assert files == set(part(role.name).get("secrets", {}))


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_image_limits_and_port_are_the_roles(service: Service) -> None:
    body = ALL[service.name][1]
    # Compose also reads the values of a service whose profile is not active.
    text, number = (":-", ":-0") if service.optional else (":?", ":?")
    assert body["image"] == f"${{IMAGE_{service.key}{text}}}"
    assert body["mem_limit"] == f"${{MEMORY_{service.key}{number}}}"
    assert body["pids_limit"] == f"${{PIDS_{service.key}{number}}}"
    assert body.get("profiles") == ([service.name] if service.optional else None)
    assert bool(body.get("ports")) == (service.port is not None)


@each_service
def test_only_background_workers_yield_their_cores(name: str) -> None:
    shares = 256 if name.endswith("-worker") else 128 if name == "api-wal" else None
    assert ALL[name][1].get("cpu_shares") == shares


@pytest.mark.parametrize(
    "service", [found for found in SERVICES if found.database], ids=lambda found: found.name
)
def test_a_database_has_every_setting_that_follows_from_its_memory(service: Service) -> None:
    command = ALL[service.name][1]["command"]
    for name in postgres_settings(service.memory, 1):
        assert f"{name.lower()}=${{{service.key}_{name}:?}}" in command
    assert {"timezone=${TZ:?}", "log_timezone=${TZ:?}"} <= set(command)


@pytest.mark.parametrize(
    "service", [found for found in SERVICES if found.database], ids=lambda found: found.name
)
def test_the_container_of_a_database_is_replaced_with_its_volume(service: Service) -> None:
    """Compose compares the configuration of services only, which does not have a volume's name."""
    stack, body = ALL[service.name]
    name = part(stack)["volumes"][f"{service.name}-data"]["name"]
    assert name == "${COMPOSE_PROJECT_NAME:?}_" + body["labels"]["fks.volume"]


@pytest.mark.parametrize(
    "service", [found for found in SERVICES if found.processes], ids=lambda found: found.name
)
def test_the_number_of_processes_is_the_plans(service: Service) -> None:
    assert service.processes
    assert f"${{{service.processes.variable}:?}}" in str(ALL[service.name][1])


@each_service
def test_a_service_has_restart_health_check_and_limits(name: str) -> None:
    body = ALL[name][1]
    assert body["restart"] == "unless-stopped"
    assert body["logging"]["driver"] == "json-file"
    assert {"max-size", "max-file"} <= set(body["logging"]["options"])
    assert body["stop_grace_period"]
    assert {"interval", "timeout", "retries", "start_period"} <= set(body["healthcheck"])


@each_service
def test_a_service_sets_command_and_health_check_itself(name: str) -> None:
    """The application's own entrypoints and health checks are not to be relied on."""
    body = ALL[name][1]
    assert isinstance(body["command"], list)
    if name not in AUTHENTIK:
        assert body["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
        assert name.endswith("postgres") or isinstance(body["entrypoint"], list)


@pytest.mark.parametrize("name", AUTHENTIK)
def test_authentik_needs_no_program_of_its_image(name: str) -> None:
    """dumb-init and the shell may leave it: goauthentik/authentik#25219, #26320."""
    body = ALL[name][1]
    assert "entrypoint" not in body
    assert "test" not in body["healthcheck"]
    assert len(body["command"]) == 1
    assert body["init"] is True


@pytest.mark.parametrize("name", AUTHENTIK)
def test_the_seeds_name_of_authentiks_key_has_the_same_value(name: str) -> None:
    environment = ALL[name][1]["environment"]
    assert environment["AUTHELIA_SECRET_KEY"] == environment["AUTHENTIK_SECRET_KEY"]


def test_authentik_trusts_exactly_the_edge() -> None:
    """A request to a port published on 127.0.0.1 comes from the gateway of the network."""
    document = part("auth")
    (network,) = document["networks"].values()
    (range_,) = network["ipam"]["config"]
    for name in AUTHENTIK:
        body = document["services"][name]
        trusted = body["environment"]["AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS"]
        assert trusted == f"{range_['gateway']}/32"
    assert ip_address(range_["gateway"]) in ip_network(range_["subnet"])


def test_the_fixed_network_is_outside_the_ranges_in_use() -> None:
    (network,) = part("auth")["networks"].values()
    fixed = ip_network(network["ipam"]["config"][0]["subnet"])
    daemon = json.loads((COMPOSE.parent / "host/files/etc/docker/daemon.json").read_text())
    pools = [ip_network(pool["base"]) for pool in daemon["default-address-pools"]]
    assert not any(fixed.overlaps(other) for other in [*pools, TAILNET_RANGE])


def test_the_placeholder_of_the_administrators_password_is_a_well_formed_hash() -> None:
    """Django's format, with a digest of the right length, escaped for Compose."""
    given = ALL["auth-worker"][1]["environment"]["AUTHENTIK_BOOTSTRAP_PASSWORD_HASH"]
    algorithm, iterations, salt, digest = given.split("$$")
    assert (algorithm, int(iterations)) == ("pbkdf2_sha256", 1_000_000)
    assert len(salt) == 22
    assert len(base64.b64decode(digest, validate=True)) == 32


@each_service
def test_a_port_is_published_on_loopback_only(name: str) -> None:
    for port in ALL[name][1].get("ports", []):
        assert re.fullmatch(r"127\.0\.0\.1:\$\{\w+_PORT:\?\}:\d+", port)


@each_service
def test_no_secret_is_in_the_environment_or_on_a_command_line(name: str) -> None:
    """Only the path of a secret's file may be there."""
    body = ALL[name][1]
    for key, value in body.get("environment", {}).items():
        text = str(value)
        if key == "AUTHENTIK_BOOTSTRAP_PASSWORD_HASH":
            continue
        if key in SECRET_NAMES or re.search(r"PASSWORD|SECRET|TOKEN|JWT", key):
            assert re.fullmatch(r"(file://)?/run/secrets/[A-Z_]+", text), key
        assert not any(f"${{{secret}" in text for secret in SECRET_NAMES)
    assert not any(f"${{{secret}" in words(body) for secret in SECRET_NAMES)
    assert "requirepass" not in words(body)


@each_part
def test_secrets_are_files_of_their_own_role(name: str) -> None:
    for secret, body in part(name).get("secrets", {}).items():
        assert body == {"file": f"${{FKS_SECRETS:?}}/{name}/{secret}"}


@each_part
def test_every_secret_of_a_stack_is_used(name: str) -> None:
    document = part(name)
    used = {secret for body in document["services"].values() for secret in body.get("secrets", [])}
    assert used == set(document.get("secrets", {}))


@each_service
def test_the_root_file_system_is_read_only(name: str) -> None:
    assert ALL[name][1].get("read_only")


@each_service
def test_no_service_may_control_the_host(name: str) -> None:
    body = ALL[name][1]
    assert "privileged" not in body
    assert "pid" not in body
    assert body["cap_drop"] == ["ALL"]
    assert "docker.sock" not in str(body)
    assert (body.get("network_mode") == "host") == (name == "edge")
    assert body.get("security_opt") == ["no-new-privileges:true"] or name == "edge"


STABLE = r"[a-z-]+|\$\{FKS_(DEEP|LIB|MAINTENANCE|NGINX|PEERS|TLS|WEB):-/var/lib/fks/\w+\}(/\w+)?"
PLACES = (
    "${FKS_TRUST:-/etc/ssl/certs}",
    "${FKS_BACKUPS:-/var/backups/fks/postgres}",
    "${FKS_PITR:-/var/backups/fks/pitr}",
)


@each_service
def test_no_service_sees_the_path_of_a_release(name: str) -> None:
    """A path that changes with every release would recreate every container."""
    for volume in ALL[name][1].get("volumes", []):
        source = volume.rsplit(":", 2 if volume.endswith(":ro") else 1)[0]
        assert re.fullmatch(STABLE, source) or source in PLACES


def test_every_script_a_service_names_is_in_lib() -> None:
    text = " ".join(words(body) for _, body in ALL.values())
    named = set(re.findall(r"(?<!/etc)/fks/(\S+)", text))
    assert named
    for script in named:
        assert (LIB / script).is_file(), script


def test_celery_consumes_the_queue_of_tasks_that_name_none() -> None:
    command = " ".join(ALL["api-worker"][1]["command"])
    assert "WORKER_QUEUES:-celery,default,trading,analysis,model_training" in command


def test_the_api_gets_both_generations_of_names() -> None:
    body = ALL["api"][1]
    given = set(body["environment"]) | set(body["secrets"])
    assert {"DATABASE_URL", "POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_USER"} <= given
    assert {"POSTGRES_DB", "POSTGRES_PASSWORD", "JWT_SECRET", "JWT_SECRET_KEY"} <= given
    assert {"REDIS_URL", "CACHE_REDIS_URL", "CELERY_BROKER_URL", "CELERY_RESULT_BACKEND"} <= given
    assert {"CORS_ORIGINS", "DOMAIN_NAME", "TZ", "APP_ENV"} <= given


def test_replicas_differ_in_image_variable_memory_and_port_only() -> None:
    """A deploy replaces them in turn by their label."""
    own = ("image", "mem_limit", "pids_limit", "ports")
    api, replica = (
        {key: value for key, value in ALL[name][1].items() if key not in own}
        for name in ("api", "api-2")
    )
    assert api == replica
    assert api["labels"] == {"fks.rolling": "api", "fks.deep": "api/application"}


@each_service
def test_only_replicas_are_replaced_in_turn(name: str) -> None:
    """The scheduler must run once and a volume has one owner: both are replaced stop-first."""
    replicas = {service.name for service in SERVICES if service.replica_of}
    originals = {service.replica_of for service in SERVICES if service.replica_of}
    assert ("fks.rolling" in ALL[name][1].get("labels", {})) == (name in replicas | originals)
