"""The recipes of CONTRIBUTING.md: each carried out in a copy of the checkout."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fks_infra.paths import PROJECT_ROOT

COPIED = ("fks_infra", "compose", "nginx", "host", "tests/compose")
FILES = (
    "Pulumi.yaml",
    "__main__.py",
    "pyproject.toml",
    "tests/__init__.py",
    "tests/conftest.py",
    "tests/in_memory_clouds.py",
)

METRICS_ROLE = '''"""Metrics of the API."""

from fks_infra.roles.role import Role, Secret, SecretFile, Service

ROLE = Role(
    name="metrics",
    label="metrics",
    plan="g6-standard-1",
    entry="metrics",
    calls=("api",),
    application="the metrics store",
    services=(Service(name="metrics", image="docker.io/example/metrics:1", memory=256, port=9100),),
    secrets=(
        Secret(name="metrics-token", length=40, files=(SecretFile(name="METRICS_TOKEN"),)),
    ),
)
'''

METRICS_COMPOSE = """services:
  metrics:
    image: "${IMAGE_METRICS:?}"
    mem_limit: "${MEMORY_METRICS:?}"
    pids_limit: "${PIDS_METRICS:?}"
    restart: unless-stopped
    cap_drop: [ALL]
    read_only: true
    security_opt: ["no-new-privileges:true"]
    networks: [metrics]
    entrypoint: [metrics]
    command: []
    ports: ["127.0.0.1:${METRICS_PORT:?}:9100"]
    secrets: [METRICS_TOKEN]
    healthcheck:
      test: [CMD, metrics, --check]
      interval: 20s
      timeout: 5s
      retries: 3
      start_period: 30s
    logging:
      driver: json-file
      options: {max-size: 10m, max-file: "3"}
    stop_grace_period: 15s

networks:
  metrics: {}

secrets:
  METRICS_TOKEN: {file: "${FKS_SECRETS:?}/metrics/METRICS_TOKEN"}
"""

METRICS_TEST = """
import json
from fks_infra.topology.tailnet_policy import policy


def test_the_role_has_a_server_in_multi_mode(declare):
    world = declare(preview=True)
    types = {resource.type for resource in world.resources}
    assert "fks:infra:MetricsServer" in types
    names = {resource.name for resource in world.resources}
    assert {
        "metrics-machine-instance",
        "metrics-machine-firewall",
        "metrics-machine-tailnet-key",
        "metrics-join-wait",
        "metrics-bootstrap-run",
        "metrics-stack-deploy",
        "dns-metrics",
        "secrets-metrics-token",
    } <= names
    instance = world.one("metrics-machine-instance").inputs
    assert instance["type"] == "g6-standard-1"
    command = world.one("metrics-bootstrap-run").inputs["create"]
    assert "--server metrics --roles metrics" in command
    assert world.exports["urls"]["metrics"] == "https://metrics.fkstrading.xyz"
    assert world.exports["inventory"]["servers"]["metrics"]["roles"] == ["metrics"]


def test_the_single_server_carries_the_role(declare):
    world = declare(preview=True, mode="single")
    assert "--roles auth,api,metrics,web" in world.one("single-bootstrap-run").inputs["create"]


def test_the_policy_opens_what_the_role_calls():
    grants = [(g["src"], g["dst"]) for g in policy("tag:fks", ["autogroup:admin"])["grants"]]
    assert (["tag:fks-metrics"], ["tag:fks-api"]) in grants


def test_its_release_has_its_files(settings):
    from fks_infra.release.files import release_files
    from fks_infra.topology.planning import plan_topology

    found = settings()
    topology = plan_topology(found)
    (server,) = (one for one in topology.servers if one.name == "metrics")
    files = release_files(topology, found, server)
    assert "nginx/vhosts/metrics.conf.template" in files
    assert "compose/metrics/compose.yaml" in files
    assert b"METRICS_PORT=9100" in files["release.env"]
    assert [probe["name"] for probe in json.loads(files["release.json"])["probes"]] == [
        "metrics-edge",
        "metrics",
    ]
"""


class Checkout:
    """A copy of the files that the recipes change and that the program needs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        ignore = shutil.ignore_patterns("__pycache__")
        for folder in COPIED:
            shutil.copytree(PROJECT_ROOT / folder, root / folder, ignore=ignore)
        for file in FILES:
            shutil.copy(PROJECT_ROOT / file, root / file)

    def write(self, name: str, text: str) -> None:
        """Add a file, which the recipe calls new."""
        path = self.root / name
        assert not path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def insert(self, name: str, after: str, text: str) -> None:
        """Insert lines after a line of a file."""
        path = self.root / name
        before = path.read_text()
        assert before.count(after) == 1, f"{name} has {before.count(after)} x {after!r}"
        path.write_text(before.replace(after, after + text))

    def passes(self, test: str, *suites: str) -> None:
        """Run a test, and suites of the copy, in the copy."""
        (self.root / "tests" / "test_recipe.py").write_text(test)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "tests/test_recipe.py", *suites],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(self.root)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_a_role_is_one_module_one_stack_and_one_vhost(checkout: Checkout) -> None:
    checkout.write("fks_infra/roles/metrics.py", METRICS_ROLE)
    checkout.write("compose/metrics/compose.yaml", METRICS_COMPOSE)
    vhost = (PROJECT_ROOT / "nginx/vhosts/api.conf.template").read_text()
    checkout.write(
        "nginx/vhosts/metrics.conf.template",
        vhost.replace("API_", "METRICS_").replace("api", "metrics"),
    )
    checkout.passes(METRICS_TEST, "tests/compose/test_stacks.py")


def test_a_service_is_a_line_of_its_role_and_an_entry_of_its_stack(checkout: Checkout) -> None:
    checkout.insert(
        "fks_infra/roles/auth.py",
        "    services=(",
        'Service(name="auth-cache", image="docker.io/library/redis:8", memory=64), ',
    )
    service = METRICS_COMPOSE.partition("services:\n")[2].partition("networks:\n")[0]
    service = re.sub(r"    (ports|secrets): .*\n", "", service)
    service = service.replace("METRICS", "AUTH_CACHE").replace("metrics", "auth-cache", 1)
    service = service.replace("networks: [metrics]", "networks: [auth-services]")
    checkout.insert("compose/auth/compose.yaml", "\nservices:\n", service)
    checkout.passes(
        """
def test_the_service_has_an_image_and_a_limit(settings):
    from fks_infra.release.environment import release_environment
    from fks_infra.topology.planning import plan_topology

    found = settings()
    topology = plan_topology(found)
    (server,) = (one for one in topology.servers if one.name == "auth")
    values = release_environment(topology, found, server)
    assert values["IMAGE_AUTH_CACHE"] == "docker.io/library/redis:8"
    assert values["MEMORY_AUTH_CACHE"] == "64m"
""",
        "tests/compose/test_stacks.py",
    )


def test_a_generated_secret_is_a_value_of_its_role_and_an_entry_of_its_stack(
    checkout: Checkout,
) -> None:
    checkout.insert(
        "fks_infra/roles/api.py",
        "    secrets=(\n",
        '        Secret(name="broker-key", length=32, files=(SecretFile(name="BROKER_KEY"),)),\n',
    )
    checkout.insert("compose/api/compose.yaml", "    - POSTGRES_PASSWORD\n", "    - BROKER_KEY\n")
    checkout.insert(
        "compose/api/compose.yaml",
        "\nsecrets:\n",
        '  BROKER_KEY: {file: "${FKS_SECRETS:?}/api/BROKER_KEY"}\n',
    )
    checkout.passes(
        """
import json


def test_the_secret_is_generated_and_reaches_the_deploy(declare):
    world = declare(preview=False)
    assert world.one("secrets-broker-key").inputs["length"] == 32
    request = json.loads(world.one("api-stack-deploy").inputs["stdin"])
    assert request["secrets"]["api"]["BROKER_KEY"] == "secrets-broker-key-canary"
""",
        "tests/compose/test_stacks.py",
    )


def test_a_setting_is_declared_validated_and_parsed(checkout: Checkout) -> None:
    checkout.insert(
        "Pulumi.yaml",
        "\nconfig:\n",
        "  fks:retentionDays:\n    type: integer\n"
        '    description: "Days that backups are kept."\n    default: 7\n',
    )
    checkout.insert(
        "fks_infra/config/validators.py",
        "VALIDATORS: dict[str, Validator] = {\n",
        '    "retentionDays": lambda value: None if value > 0 else "write at least 1.",\n',
    )
    checkout.insert(
        "fks_infra/config/settings.py", "    low_memory: bool\n", "    retention_days: int\n"
    )
    checkout.insert(
        "fks_infra/config/settings.py",
        '        low_memory=values["lowMemory"],\n',
        '        retention_days=values["retentionDays"],\n',
    )
    checkout.passes(
        """
import pytest
from fks_infra.errors import OperatorError


def test_the_setting_has_its_default_its_value_and_its_range(settings):
    assert settings().retention_days == 7
    assert settings(retentionDays=30).retention_days == 30
    with pytest.raises(OperatorError, match="fks:retentionDays is 0: write at least 1."):
        settings(retentionDays=0)
"""
    )
