"""Permissions, secrets, time limits and pins of every job."""

import re
from pathlib import Path

import pytest

from fks_infra.config.schema import declared_keys
from fks_infra.limits import STEP_KILL_SECONDS, STEP_TIMEOUT_SECONDS, VERIFY_TIMEOUT_SECONDS
from fks_infra.paths import PROJECT_ROOT
from tests.workflows.fork_safety import problems
from tests.workflows.workflow import JOBS, WORKFLOWS, Job, Workflow, workflow

EACH = pytest.mark.parametrize("one", WORKFLOWS, ids=lambda one: one.name)
EACH_JOB = pytest.mark.parametrize(
    ("one", "job"), JOBS, ids=[f"{one.name}-{job.name}" for one, job in JOBS]
)
PAGE = (PROJECT_ROOT / "docs" / "delivery.md").read_text()
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40}")


def test_the_workflows_are_those_of_the_guide() -> None:
    names = [one.name for one in WORKFLOWS]
    assert names == sorted(set(re.findall(r"`([a-z]+\.yml)`", PAGE)))


@EACH
def test_no_fork_reaches_a_secret_or_a_right(one: Workflow) -> None:
    assert list(problems(one)) == []


def row(one: Workflow, job: Job) -> str:
    """The job's row of the table in docs/delivery.md."""
    triggers = ", ".join(sorted(one.triggers))
    rights = ", ".join(f"{name}: {right}" for name, right in job.permissions.items())
    secrets = ", ".join(f"`{name}`" for name in sorted(job.secrets)) or "none"
    environment = job.environment or "none"
    return f"| `{one.name}` {job.name} | {triggers} | {rights} | {environment} | {secrets} |"


@EACH_JOB
def test_the_guide_lists_the_job_with_its_rights_and_secrets(one: Workflow, job: Job) -> None:
    assert row(one, job) in PAGE.splitlines()


@EACH_JOB
def test_every_job_has_a_time_limit(one: Workflow, job: Job) -> None:
    if "uses" in job.document:
        called = workflow(Path(job.document["uses"]).name)
        assert all("timeout-minutes" in inner.document for inner in called.jobs)
    else:
        assert 0 < job.document["timeout-minutes"] <= 180, one.name


@EACH
def test_every_action_is_pinned_by_its_commit_with_its_version(one: Workflow) -> None:
    for line in one.text.splitlines():
        used = re.search(r"uses: (\S+)(.*)", line)
        if used and not used[1].startswith("./"):
            assert PINNED.fullmatch(used[1]), line
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", used[2]), line


def test_one_action_has_one_commit() -> None:
    used = {use for _, job in JOBS for use in job.uses() if "@" in use}
    assert len(used) == len({use.partition("@")[0] for use in used})


def test_every_checkout_drops_its_credentials() -> None:
    for one, job in JOBS:
        for step in job.steps:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False, one.name


def test_an_up_is_never_cancelled_and_runs_alone_on_its_stack() -> None:
    found = workflow("deploy.yml").document["concurrency"]
    assert found["cancel-in-progress"] is False
    stack = workflow("deploy.yml").job("deploy").document["env"]["STACK"]
    assert found["group"] == f"stack-{stack}"
    others = {one.document.get("concurrency", {}).get("group") for one in WORKFLOWS}
    assert len({group for group in others if str(group).startswith("stack-")}) == 1


def test_the_deploys_time_limit_is_longer_than_those_of_its_steps() -> None:
    creation = 15 * 60
    join = int(declared_keys()["joinTimeout"].default)
    scripts = 2 * (STEP_TIMEOUT_SECONDS + STEP_KILL_SECONDS)
    longest = creation + join + scripts + VERIFY_TIMEOUT_SECONDS
    assert workflow("deploy.yml").job("deploy").document["timeout-minutes"] * 60 > longest


def test_pulumis_cli_has_the_version_of_the_locked_sdk() -> None:
    lock = (PROJECT_ROOT / "requirements.txt").read_text()
    (locked,) = re.findall(r"^pulumi==(\S+)", lock, re.MULTILINE)
    versions = {
        step["with"]["pulumi-version"]
        for _, job in JOBS
        for step in job.steps
        if step.get("uses", "").startswith("pulumi/actions@")
    }
    assert versions == {locked}


@EACH_JOB
def test_no_secret_is_in_the_environment_of_a_whole_job(one: Workflow, job: Job) -> None:
    """Every action of the job would get it."""
    values = [str(value) for value in job.document.get("env", {}).values()]
    assert [value for value in values if "secrets." in value and "!= ''" not in value] == [], one


def test_only_the_deploy_gets_an_identity_token() -> None:
    bearers = [(one.name, job.name) for one, job in JOBS if "id-token" in job.permissions]
    assert bearers == [("deploy.yml", "deploy")]
    assert workflow("deploy.yml").job("deploy").environment == "production"


def changed(name: str, before: str, after: str) -> Workflow:
    text = workflow(name).text
    assert before in text
    return Workflow(name, text.replace(before, after))


@pytest.mark.parametrize(
    ("one", "problem"),
    [
        (
            changed("preview.yml", "  pull_request:", "  pull_request_target:"),
            "pull_request_target",
        ),
        (changed("preview.yml", "&& github.event", "|| github.event"), "LINODE_TOKEN"),
        (changed("preview.yml", "permissions: {}", "permissions: write-all"), "not {}"),
        (changed("check.yml", "contents: read", "contents: write"), "'contents': 'write'"),
        (changed("check.yml", "    needs: check", "    secrets: inherit"), "inherit"),
        (
            changed(
                "preview.yml", "NUMBER: ${{ github", "X: ${{ secrets.LINODE_TOKEN }} ${{ github"
            ),
            "preview.yml, impact: secrets ['LINODE_TOKEN']",
        ),
        (
            changed("comment.yml", "persist-credentials: false", "ref: x"),
            "something else than main",
        ),
        (
            changed(
                "comment.yml", "COMMIT: $", "X: ${{ secrets.LINODE_TOKEN }}\n          COMMIT: $"
            ),
            "after a run of a pull request's code",
        ),
        (changed("preview.yml", '"$BASE"', "${{ github.head_ref }}"), "an expression in a command"),
    ],
)
def test_what_a_fork_could_reach_is_found(one: Workflow, problem: str) -> None:
    assert any(problem in text for text in problems(one)), list(problems(one))


def test_the_guide_lists_no_other_job() -> None:
    listed = [line for line in PAGE.splitlines() if re.match(r"\| `[a-z]+\.yml` \w+ \|", line)]
    assert len(listed) == len(JOBS)
