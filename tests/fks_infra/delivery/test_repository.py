"""What the workflows read is what `fks init --github` lists; writing it can be repeated."""

import pytest

from fks_infra.clouds.http import RejectedError
from fks_infra.delivery.repository import ENTRIES, ENVIRONMENTS, RUNNER_TAG, subject, write
from tests.github_stand_in import Fault, GitHubStandIn
from tests.workflows.workflow import JOBS, workflow

OWN_JOBS = [(one, job) for one, job in JOBS if one.name != "images.yml"]
ENVIRON = {"PULUMI_BACKEND_URL": "s3://state", "LINODE_TOKEN": "canary"}


@pytest.mark.parametrize("place", ENVIRONMENTS)
def test_each_environment_has_exactly_what_its_jobs_read(place: str) -> None:
    jobs = [job for _, job in OWN_JOBS if job.environment == place]
    secrets = set.union(*(job.secrets for job in jobs))
    variables = set.union(*(job.variables for job in jobs))
    own = [entry for entry in ENTRIES if place in entry.places]
    assert {entry.name for entry in own if entry.secret} == secrets
    assert {entry.name for entry in own if not entry.secret} == variables


def test_jobs_without_an_environment_read_nothing() -> None:
    for one, job in OWN_JOBS:
        if not job.environment:
            assert job.secrets | job.variables == set(), one.name


def test_the_runner_has_the_tag_that_is_listed() -> None:
    (join,) = [
        step
        for step in workflow("deploy.yml").job("deploy").steps
        if step.get("uses", "").startswith("tailscale/")
    ]
    assert join["with"]["tags"] == RUNNER_TAG


def test_the_subject_is_bound_to_the_environment() -> None:
    assert subject("fks/infra") == "repo:fks/infra:environment:production"


def test_environments_and_exported_variables_are_written(github: GitHubStandIn) -> None:
    done = list(write(github.client(), ENVIRON))
    assert "environment production: for the branch main only" in done
    assert github.branches == {"production": ["main"]}
    assert github.environments["preview"] == {"deployment_branch_policy": None}
    assert github.variables == {
        ("production", "PULUMI_BACKEND_URL"): "s3://state",
        ("preview", "PULUMI_BACKEND_URL"): "s3://state",
    }


def test_writing_again_changes_values_only(github: GitHubStandIn) -> None:
    list(write(github.client(), ENVIRON))
    list(write(github.client(), {"PULUMI_BACKEND_URL": "s3://other"}))
    assert github.branches == {"production": ["main"]}
    assert set(github.variables.values()) == {"s3://other"}


def test_a_secret_is_never_written(github: GitHubStandIn) -> None:
    list(write(github.client(), ENVIRON))
    assert "canary" not in str(github.requests)


def test_a_repository_without_environments_is_rejected(github: GitHubStandIn) -> None:
    github.faults.append(Fault("PUT", 404, {}, {"message": "Not Found"}))
    with pytest.raises(RejectedError, match="answered 404: Not Found"):
        list(write(github.client(), ENVIRON))
    assert len(github.writes()) == 1
