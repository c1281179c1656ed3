"""`fks scale`: what it shows, what it refuses, and which commands of pulumi it runs."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fks_infra.operate import deployed_stack, reports
from fks_infra.operate.deployed_stack import DeployedStack
from fks_infra.operate.reports import Program, Reports
from fks_infra.remote.inventory import DeployedServer
from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import run
from tests.fks_infra.cli.test_fit import peaks
from tests.fks_infra.cli.test_rollback import LOCK, calls
from tests.fks_infra.conftest import ScriptedApi
from tests.fks_infra.operate.reports import DISK, GONE, healthy

URN = "urn:pulumi:prod::fks::fks:infra:ApiServer$fks:infra:Machine$linode:index/instance:Instance::"
PLAN = "g6-standard-4"


class World:
    """What the programs of the servers print; `health` one after the other."""

    def __init__(self) -> None:
        self.lock: dict[str, Any] = {"lock": None, "time": ""}
        self.peaks: Any = peaks(900)
        self.health: list[Any] = [healthy("api"), healthy("api")]

    def read(
        self,
        stack: str,
        found: Sequence[DeployedServer],
        key: Path,
        program: Program = reports.STATUS,
    ) -> Reports:
        del stack, key
        if "stack-lock" in program.command:
            return {one.name: self.lock for one in found}
        if "bin/peaks" in program.command:
            return {one.name: self.peaks for one in found}
        return {one.name: self.health.pop(0) for one in found}


def state(pulumi: Path, plan: str, disk: int = 81920) -> None:
    """What the state has of the API's instance; the history is empty."""
    outputs = {"type": plan, "disks": [{"size": disk}]}
    resource = {"urn": f"{URN}api-machine-instance", "outputs": outputs}
    (pulumi / "state").write_text(json.dumps({"deployment": {"resources": [resource]}}))


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, pulumi: Path, api: ScriptedApi) -> World:
    """The API's server with its default plan; Linode does not answer."""
    monkeypatch.setenv("LINODE_URL", api.base)
    servers.install(monkeypatch)
    here = World()
    monkeypatch.setattr(reports, "read", here.read)
    state(pulumi, "g6-standard-2")
    script = pulumi / "bin" / "pulumi"
    text = script.read_text().replace('echo "{}"', f'cat "{pulumi}/state"')
    script.write_text(text + 'case "$*" in *history*) echo "[]" ;; esac\n')
    return here


def scale(*arguments: str, text: str = "") -> Any:
    return run("scale", *arguments, "--stack", "prod", text=text, columns=160)


def changes(pulumi: Path) -> list[str]:
    return [*calls(pulumi, "config set"), *calls(pulumi, "up ")]


def test_impact_price_limits_and_health_come_before_the_prompt(world: World, pulumi: Path) -> None:
    result = scale("api", PLAN, text="n\n")
    text = " ".join(result.stdout.replace("│", " ").split())
    assert (result.exit_code, changes(pulumi)) == (2, [])
    assert "Changes with downtime: resized, off for some minutes: api" in text
    assert "$34 → $58 a month." in text
    assert "api-postgres 1088 2144" in text
    assert "By the peaks of 1 days g6-standard-4 fits." in text
    assert "api is healthy. Change api from g6-standard-2 to g6-standard-4?" in text
    assert world.health == [healthy("api")]


def test_the_stack_is_read_once_before_the_prompt(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    del world
    present, read = deployed_stack.read("prod"), list[str]()

    def counted(stack: str) -> DeployedStack:
        read.append(stack)
        return present

    monkeypatch.setattr(deployed_stack, "read", counted)
    assert scale("api", PLAN, text="n\n").exit_code == 2
    assert read == ["prod"]


def test_the_setting_comes_before_one_targeted_up(world: World, pulumi: Path) -> None:
    del world
    result = scale("api", PLAN, "--yes")
    assert result.exit_code == 0, result.stderr
    setting, up = changes(pulumi)
    assert setting.endswith(f"config set --plaintext --path fks:plan.api {PLAN} --stack prod")
    assert "--target **fks:infra:ApiServer**" in up
    assert up.endswith("--yes --skip-preview")
    assert f"api has {PLAN}. Commit Pulumi.prod.yaml" in result.stdout
    assert result.stdout.endswith("api is healthy.\n")


def test_a_problem_that_is_new_ends_with_1(world: World) -> None:
    world.health = [healthy("api"), healthy("api", problems=[DISK])]
    result = scale("api", PLAN, "--yes")
    assert result.exit_code == 1
    assert result.stdout.endswith(f"api: {DISK['text']}\n")


def test_a_problem_that_was_there_before_is_no_failure(world: World) -> None:
    world.health = [healthy("api", problems=[DISK])] * 2
    assert scale("api", PLAN, "--yes").exit_code == 0


def test_a_server_that_is_not_reached_before_is_scaled(world: World, pulumi: Path) -> None:
    world.peaks, world.health = GONE, [GONE, healthy("api")]
    result = scale("api", PLAN, "--yes")
    assert result.exit_code == 0
    assert len(changes(pulumi)) == 2
    assert "No peaks were measured" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("api", "g6-standrd-4"), "TYPE is 'g6-standrd-4'"),
        (("apl", PLAN), "stack prod has no server 'apl'"),
        (("web", PLAN), "web is not created yet"),
        (("api", "g6-standard-1"), "51200 MiB, and 81920 MiB are in use"),
        (("single", PLAN), "stack prod has no server 'single'"),
    ],
)
def test_bad_input_changes_nothing(
    world: World, pulumi: Path, arguments: tuple[str, str], message: str
) -> None:
    del world
    result = scale(*arguments, "--yes")
    assert (result.exit_code, changes(pulumi)) == (2, [])
    assert message in " ".join(result.stderr.split())


def test_a_plan_below_the_smallest_limits(world: World, pulumi: Path) -> None:
    del world
    state(pulumi, "g6-standard-2", disk=20000)
    result = scale("api", "g6-nanode-1", "--yes")
    assert (result.exit_code, changes(pulumi)) == (2, [])
    assert "fks:plan.api is 'g6-nanode-1': its services may use" in result.stderr


def test_a_plan_that_the_peaks_do_not_fit(world: World, pulumi: Path) -> None:
    world.peaks = peaks(9000)
    result = scale("api", PLAN, "--yes")
    assert (result.exit_code, changes(pulumi)) == (2, [])
    assert "does not fit what api used in the last 30 days: memory: peak 9000" in " ".join(
        result.stderr.split()
    )


def test_a_locked_stack(world: World, pulumi: Path) -> None:
    world.lock = {"lock": LOCK, "time": ""}
    result = scale("api", PLAN, "--yes")
    assert (result.exit_code, changes(pulumi)) == (2, [])
    assert result.stderr.startswith("The stack is locked by ann")


def test_nothing_changes(world: World, pulumi: Path) -> None:
    del world
    result = scale("api", "g6-standard-2", "--yes")
    assert (result.exit_code, changes(pulumi)) == (0, [])
    assert result.stdout.startswith("Nothing changes: api has g6-standard-2.")


def test_an_up_that_fails_says_how_to_go_on(world: World, pulumi: Path) -> None:
    del world
    script = pulumi / "bin" / "pulumi"
    script.write_text(script.read_text() + 'case "$*" in "up "*) exit 255 ;; esac\n')
    result = scale("api", PLAN, "--yes")
    assert result.exit_code == 1
    text = " ".join(result.stderr.split())
    assert f"Run fks scale api {PLAN} again" in text
    assert "Back again: fks scale api g6-standard-2" in text


def test_accepted_losses_are_in_the_configuration_for_this_run(world: World, pulumi: Path) -> None:
    del world
    result = scale("api", PLAN, "--yes", "--accept-data-loss", "api")
    assert result.exit_code == 0, result.stderr
    accepted, plan, up = changes(pulumi)
    assert "fks:acceptDataLoss[0] api" in accepted
    assert "fks:plan.api" in plan
    assert "**fks:infra:ApiServer**" in up
    assert len(calls(pulumi, "config rm --path fks:acceptDataLoss")) == 1
