"""Which secrets and rights a pull request from a fork could reach."""

from collections.abc import Iterator

from tests.workflows.workflow import Job, Workflow

# Other events that anybody can cause (pull_request_target, issue_comment, ...) are not used.
TRIGGERS = {
    "pull_request",
    "push",
    "schedule",
    "workflow_call",
    "workflow_dispatch",
    "workflow_run",
}
OWN_BRANCH = "github.event.pull_request.head.repo.full_name == github.repository"


def problems(workflow: Workflow) -> Iterator[str]:
    """A sentence for everything that a fork could reach and must not."""
    for trigger in sorted(set(workflow.triggers) - TRIGGERS):
        yield f"{workflow.name}: the trigger {trigger} gives forks what only branches may have"
    if workflow.document.get("permissions") != {}:
        yield f"{workflow.name}: permissions at the top are not {{}}"
    for job in workflow.jobs:
        yield from (f"{workflow.name}, {job.name}: {text}" for text in _job(workflow, job))


def _job(workflow: Workflow, job: Job) -> Iterator[str]:
    if "permissions" not in job.document:
        yield "it has no permissions of its own"
    if "pull_request" in workflow.triggers:
        yield from _pull_request(job)
    if "workflow_run" in workflow.triggers:
        yield from _workflow_run(job)
    for name, line in job.commands():
        if "${{" in line:
            yield f"{name}: an expression in a command line; pass it by env"


def _pull_request(job: Job) -> Iterator[str]:
    is_own = OWN_BRANCH in job.condition and "||" not in job.condition
    if (job.secrets or job.environment) and not is_own:
        yield f"secrets {sorted(job.secrets)} without the condition {OWN_BRANCH}"
    if "write" in job.permissions.values():
        yield f"permissions {job.permissions} in a run of a pull request's code"


def _workflow_run(job: Job) -> Iterator[str]:
    if job.secrets or job.environment:
        yield f"secrets {sorted(job.secrets)} after a run of a pull request's code"
    for step in job.steps:
        options = step.get("with", {})
        if "checkout" in step.get("uses", "") and ({"ref", "repository"} & set(options)):
            yield "it checks out something else than main"
