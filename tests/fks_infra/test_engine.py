"""What the real engine decides about the program, against stand-in clouds on loopback."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.rpc import UNKNOWN

from fks_infra.paths import PROJECT_ROOT
from rehearsal.local import LocalWorkspace, local_workspace
from rehearsal.local_stack import LocalStack
from rehearsal.world.shell import CommandError
from tests.fks_infra import thin_program

pytestmark = pytest.mark.contract

UP = ("up", "--yes", "--skip-preview", "--non-interactive")


@pytest.fixture(scope="module")
def whole() -> Iterator[LocalWorkspace]:
    """The program as it is, on a new stack."""
    with local_workspace("program") as here:
        here.select_stack("prod")
        yield here


@contextmanager
def thin_workspace(name: str) -> Iterator[LocalWorkspace]:
    """The thin program on a new stack in multi mode."""
    with local_workspace(name) as here:
        shutil.copy(thin_program.__file__, here.program / "__main__.py")
        here.select_stack("prod")
        yield here


@pytest.fixture
def thin(request: pytest.FixtureRequest) -> Iterator[LocalWorkspace]:
    """The thin program, up and running in multi mode."""
    with thin_workspace(f"thin-{request.node.name}") as here:
        up(here)
        yield here


def up(here: LocalWorkspace) -> str:
    return here.pulumi(*UP)


def clouds_state(here: LocalWorkspace) -> dict[str, Any]:
    """Everything in each cloud."""
    return LocalStack(here, "prod").clouds_state()


def preview(here: LocalWorkspace) -> str:
    return here.pulumi("preview", "--non-interactive")


def preview_error(here: LocalWorkspace) -> str:
    """What the preview says when it fails; never a traceback through the program."""
    with pytest.raises(CommandError) as raised:
        preview(here)
    text = str(raised.value)
    assert f'File "{here.program}' not in text
    return text


@contextmanager
def configured(here: LocalWorkspace, **values: str) -> Iterator[None]:
    """With these `fks:` keys set (`__` stands for a dot), and afterwards as before."""
    path = here.program / "Pulumi.prod.yaml"
    before = path.read_text()
    for key, value in values.items():
        here.pulumi("config", "set", "--path", f"fks:{key.replace('__', '.')}", value)
    yield
    path.write_text(before)


def steps(here: LocalWorkspace) -> dict[str, set[str]]:
    """The resources (by name) of each kind of step a preview plans, without the unchanged."""
    planned = document(here, "preview", "--non-interactive", "--json")
    found: dict[str, set[str]] = {}
    for step in planned["steps"]:
        if step["op"] != "same":
            found.setdefault(step["op"], set()).add(step["urn"].split("::")[-1])
    return found


def state(here: LocalWorkspace) -> list[dict[str, Any]]:
    resources: list[dict[str, Any]] = document(here, "stack", "export")["deployment"]["resources"]
    return resources


def interrupt_creation(here: LocalWorkspace, name: str) -> None:
    """Edit the state as if a run had been killed while it created this resource."""
    backend = here.environment["PULUMI_BACKEND_URL"].removeprefix("file://").split("?")[0]
    (path,) = Path(backend).glob(".pulumi/stacks/*/prod.json")
    stored = json.loads(path.read_text())
    latest = stored["checkpoint"]["latest"]
    resource = next(r for r in latest["resources"] if r["urn"].endswith(f"::{name}"))
    latest["pending_operations"] = [{"resource": resource, "type": "creating"}]
    path.write_text(json.dumps(stored))


def document(here: LocalWorkspace, *arguments: str) -> Any:
    """The JSON a command prints, without the warnings before it."""
    text = here.pulumi(*arguments)
    return json.loads(text[text.index("\n{") if not text.startswith("{") else 0 :])


@pytest.mark.parametrize("mode", ["multi", "single"])
def test_a_new_stack_can_be_previewed(whole: LocalWorkspace, mode: str) -> None:
    with configured(whole, mode=mode):
        text = preview(whole)
    assert "to create" in text
    assert "monthlyCost" in text
    assert f"{'34' if mode == 'multi' else '48'}" in text


def test_the_preview_of_a_new_stack_knows_releases_and_no_addresses(whole: LocalWorkspace) -> None:
    with configured(whole, mode="multi"):
        planned = document(whole, "preview", "--non-interactive", "--json")
    inputs = {
        step["urn"].split("::")[-1]: step["newState"].get("inputs", {}) for step in planned["steps"]
    }
    assert re.search(r"--digest [0-9a-f]{64}", inputs["auth-stack-deploy"]["create"])
    assert inputs["dns-auth"]["content"] == UNKNOWN


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("mode", "sngle", "did you mean single?"),
        ("region", "toronto", "fks:region is 'toronto'"),
        ("plan__api", "g6-nanode-1", "Write fks:plan.api: g6-standard-2"),
        ("plan__api", "g6-huge", "fks:plan.api is 'g6-huge', which Linode does not sell; "),
        ("regoin", "ca-central", "did you mean region?"),
        ("registryPassword", "canary-password", "--secret fks:registryPassword"),
    ],
)
def test_a_bad_value_ends_the_preview_with_a_paragraph(
    whole: LocalWorkspace, key: str, value: str, expected: str
) -> None:
    with configured(whole, **{key: value}):
        text = preview_error(whole)
    assert expected in text
    assert "canary-password" not in text


def test_the_engine_rejects_an_unencrypted_deploy_key(whole: LocalWorkspace) -> None:
    with configured(whole):
        whole.pulumi("config", "set", "--plaintext", "fks:deployKey", "canary-key")
        text = preview_error(whole)
    assert "must be encrypted" in text
    assert "canary-key" not in text


def test_the_life_of_the_machines(thin: LocalWorkspace) -> None:
    """One world for many looks, as making it takes longest."""
    assert steps(thin) == {}
    with configured(thin, image="linode/debian12", loginServer="https://login.example"):
        assert steps(thin) == {}
    with configured(thin, generation__web="1"):
        replaced = {"web-machine-instance", "web-machine-tailnet-key"}
        planned = steps(thin)
        assert planned["replace"] == replaced
        assert planned["update"] == {"dns-web", "dns-extra-www"}
    with configured(thin, generation__api="1"):
        assert "replaces the protected server api" in preview_error(thin)
    with configured(thin, plan__api="g6-standard-1", services__api__memory="64"):
        assert "fks:plan.api" in preview_error(thin)
    thin.pulumi("config", "set", "test:address", "203.0.113.9")
    assert "'203.0.113.9', which is no tailnet address" in preview_error(thin)
    thin.pulumi("config", "rm", "test:address")
    secrets = [r for r in state(thin) if r["type"] == "random:index/randomPassword:RandomPassword"]
    assert all("ciphertext" in r["outputs"]["result"] for r in secrets)


def test_a_smaller_disk_is_an_error(thin: LocalWorkspace) -> None:
    with configured(thin, plan__web="g6-standard-1", generation__web="1"):
        up(thin)
        with configured(thin, plan__web="g6-nanode-1"):
            text = preview_error(thin)
    assert "fks:plan.web is 'g6-nanode-1': its disk has 25600 MiB, and 51200 MiB" in text


def test_the_mode_can_be_switched_only_when_nothing_is_protected(thin: LocalWorkspace) -> None:
    with configured(thin, mode="single"):
        assert "deletes the protected server auth" in preview_error(thin)
    thin.pulumi("config", "set", "fks:protect", "false")
    up(thin)
    with configured(thin, mode="single"):
        planned = steps(thin)
        assert planned["update"] == {"dns-auth", "dns-api", "dns-web", "dns-extra-www"}
        deleted = planned["delete"]
        assert "auth-machine-instance" in deleted
        assert not [name for name in deleted if name.startswith(("dns-", "secrets-"))]
        up(thin)
        assert steps(thin) == {}
    back = steps(thin)
    assert back["update"] == {"dns-auth", "dns-api", "dns-web", "dns-extra-www"}


def test_a_refresh_finds_no_change_in_either_mode(thin: LocalWorkspace) -> None:
    thin.pulumi("config", "set", "fks:protect", "false")
    up(thin)
    for mode in ("multi", "single"):
        thin.pulumi("config", "set", "fks:mode", mode)
        up(thin)
        thin.pulumi("refresh", "--yes", "--skip-preview", "--non-interactive")
        assert steps(thin) == {}, mode


def test_the_guides_command_clears_pending_operations(thin: LocalWorkspace) -> None:
    command = "pulumi refresh --clear-pending-creates"
    assert command in (PROJECT_ROOT / "docs" / "operations.md").read_text()
    interrupt_creation(thin, "dns-web")
    assert "1 pending operations" in up(thin)
    assert "1 pending operations" in up(thin)
    thin.pulumi(*command.split()[1:], "--yes", "--skip-preview", "--non-interactive")
    assert "pending operations" not in up(thin)


def test_another_authority_replaces_the_caa_record(thin: LocalWorkspace) -> None:
    elsewhere = {"acmeServer": "https://ca.example/directory"}
    with configured(thin, **elsewhere, caaIssuer="ca.example"):
        assert steps(thin) == {"replace": {"dns-caa"}}
        up(thin)
        assert steps(thin) == {}
    with configured(thin, **elsewhere, caaIssuer=""):
        assert steps(thin) == {"delete": {"dns-caa"}}
