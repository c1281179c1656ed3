"""`stack start`: the containers of the release in service run again."""

from tests.host.stack.conftest import Stack

STEPS = ["unmark", "images", "render", "up", "nginx", "probe"]


def test_a_stopped_stack_runs_again(stack: Stack) -> None:
    stack.succeeds("stop")
    out = stack.succeeds("start", "--who", "ann")
    assert stack.states() == {"api": "running", "edge": "running"}
    assert list(stack.server.paths.stopped.iterdir()) == []
    assert [line.split()[0] for line in out.splitlines()] == STEPS
    assert "api is stopped since 2" in out.splitlines()[0]
    entry = stack.server.journal()[-1]
    assert (entry["kind"], entry["who"], entry["result"]) == ("start", "ann", "ok")


def test_a_start_of_what_runs_changes_nothing(stack: Stack) -> None:
    before = stack.server.state["containers"]
    stack.succeeds("start")
    assert stack.server.state["containers"] == before


def test_a_release_that_was_deployed_meanwhile_is_started(stack: Stack) -> None:
    stack.succeeds("stop")
    assert stack.server.deploy(stack.server.upload(NEW="1")).returncode == 0
    stack.succeeds("start")
    assert stack.states() == {"api": "running", "edge": "running"}
    assert "is in service" in stack.deploys()


def test_a_failing_container_is_shown_and_the_stack_counts_as_started(stack: Stack) -> None:
    stack.succeeds("stop")
    stack.server.change(
        broken=[one["image"] for one in stack.server.state["containers"].values()],
    )
    done = stack.run("start")
    assert done.returncode == 1
    assert "--- api: exited, exit code 3" in done.stdout
    assert done.stderr.startswith("stack: docker compose up exited with 1: ")
    assert list(stack.server.paths.stopped.iterdir()) == []
    assert stack.server.journal()[-1]["result"] == "failed"


def test_an_application_that_does_not_answer_is_an_error(stack: Stack) -> None:
    stack.succeeds("stop")
    stack.server.service.body = '{"status": "starting"}'
    done = stack.run("start")
    assert done.returncode == 1
    assert "probe api: https://api.example.org/health/deep" in done.stderr
