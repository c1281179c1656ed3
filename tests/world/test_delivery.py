"""The steps of deploy.yml, run by the operator: a whole deploy, one server, a broken image."""

from __future__ import annotations

import pytest

from rehearsal.world.operator import UP, Outcome
from rehearsal.world.scenario import Scenario
from tests.workflows.workflow import workflow

pytestmark = [pytest.mark.world, pytest.mark.timeout(900)]

SERVERS = ("auth", "api", "web")


def step(scenario: Scenario, name: str, **variables: str) -> tuple[int, str]:
    """The exit code and the standard output of a step's command, summary and outputs included."""
    commands = dict(workflow("deploy.yml").job("deploy").commands())
    command = commands[name].replace(".venv/bin/python -m fks_infra.cli", "fks")
    values = {"STACK": scenario.stack, "GITHUB_OUTPUT": "/dev/stdout", **variables}
    given = [f"{key}={value}" for key, value in values.items()]
    shell = ["sh", "-c", f"{command}; code=$?; echo; echo exit $code"]
    output, _, code = scenario.operator.stdout(["env", *given, *shell]).rpartition("exit ")
    return int(code), output


def targeted_up(scenario: Scenario, server: str) -> Outcome:
    """`pulumi up` with the targets of the step, as the official action runs it."""
    _, output = step(scenario, "Select the targets", SERVERS=server)
    lines = output.strip().splitlines()
    targets = lines[lines.index("urns<<END") + 1 : lines.index("END")]
    return scenario.operator.pulumi(*UP, *(f"--target={urn}" for urn in targets))


def deploys(scenario: Scenario) -> dict[str, int]:
    return {name: len(scenario.deploy_journal(name)) for name in SERVERS}


def test_a_deploy_is_verified(multi: Scenario) -> None:
    assert targeted_up(multi, "all").code == 0
    # Afterwards no server is one that only one update has deployed.
    assert multi.up().changes == {}
    code, output = step(multi, "Require SSH on every server")
    assert (code, output.strip()) == (0, "3 servers accept connections to SSH.")
    code, output = step(multi, "Verify")
    assert code == 0, output
    assert "All checks pass." in output
    assert "have one; the first ends on" in output


def test_a_changed_file_of_one_server_is_deployed_there(multi: Scenario) -> None:
    before = deploys(multi)
    for name in ("web", "api"):
        vhost = f"nginx/vhosts/{name}.conf.template"
        multi.operator.output(["sh", "-c", f"printf '\\n# a rehearsed change\\n' >>{vhost}"])
    assert targeted_up(multi, "web").code == 0
    after = {name: count - before[name] for name, count in deploys(multi).items()}
    assert after == {"auth": 0, "api": 0, "web": 1}
    code, output = step(multi, "Say what changed")
    assert code == 0
    assert "Update succeeded" in output
    assert "| web |" in output
    assert "| auth |" not in output


def test_a_dry_run_changes_nothing(multi: Scenario) -> None:
    before = deploys(multi)
    outcome = multi.operator.pulumi("preview")
    assert outcome.code == 0
    assert outcome.changes != {}
    assert deploys(multi) == before


def test_a_broken_image_fails_and_the_summary_has_the_release_in_service(multi: Scenario) -> None:
    serving = multi.on_server("api", "readlink", "/opt/fks/current").strip().rpartition("/")[2]
    multi.set("fks:services.api.image", "docker.io/nuniesmith/fks:broken")
    assert targeted_up(multi, "api").code != 0
    code, output = step(multi, "Say which server serves which release")
    assert code == 0, output
    assert f"| api | {serving[:12]} |" in output
    assert "Update failed" in step(multi, "Say what changed")[1]
    assert multi.unhealthy() is None
    multi.unset("fks:services.api")
