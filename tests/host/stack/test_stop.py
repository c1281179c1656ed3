"""`stack stop`: what is stopped, and that it stays so."""

import json

from tests.host.stack.conftest import Stack

DOWN = {"api": "exited", "edge": "exited"}


def test_all_containers_stop_the_edge_first(stack: Stack) -> None:
    out = stack.succeeds("stop", "--who", "ann@laptop", "--reason", "new disk")
    assert stack.states() == DOWN
    stops = [call[call.index("stop") + 1 :] for call in stack.server.calls("compose", "stop")]
    assert stops == [["edge"], ["api"]]
    assert [line.split()[0] for line in out.splitlines()] == ["mark", "drain", "stop", "health"]
    marker = json.loads((stack.server.paths.stopped / "api.json").read_text())
    assert (marker["who"], marker["reason"]) == ("ann@laptop", "new disk")


def test_the_journal_has_who_and_why(stack: Stack) -> None:
    stack.succeeds("stop", "--reason", "two\nlines")
    entry = stack.server.journal()[-1]
    assert (entry["kind"], entry["who"], entry["reason"]) == ("stop", "deploy", "two lines")
    assert (entry["roles"], entry["result"], entry["forced"]) == (["api"], "ok", False)
    assert entry["text"] == "api (two lines)"
    assert [step["name"] for step in entry["steps"]] == ["mark", "drain", "stop", "health"]


def test_force_kills_without_waiting(stack: Stack) -> None:
    stack.succeeds("stop", "--force")
    assert stack.states() == DOWN
    assert not stack.server.calls("compose", "stop")
    assert stack.server.journal()[-1]["forced"] is True


def test_a_second_stop_changes_nothing_and_keeps_the_first_reason(stack: Stack) -> None:
    stack.succeeds("stop", "--reason", "first")
    before = (stack.server.paths.stopped / "api.json").read_text()
    assert "nothing to stop" in stack.succeeds("stop", "--reason", "second")
    assert (stack.server.paths.stopped / "api.json").read_text() == before


def test_one_of_several_stacks_leaves_the_others_and_the_edge(stack: Stack) -> None:
    stack.with_roles(api=["api"], auth=["auth-server"], web=[])
    stack.succeeds("stop", "--roles", "api")
    assert stack.states() == {"api": "exited", "edge": "running"}
    assert [file.name for file in stack.server.paths.stopped.iterdir()] == ["api.json"]


def test_a_stack_without_a_container_cannot_be_stopped_alone(stack: Stack) -> None:
    stack.with_roles(api=["api"], web=[])
    done = stack.run("stop", "--roles", "web")
    assert done.returncode == 2
    assert "web has no container of its own on this server" in done.stderr
    assert "running" in stack.states()["edge"]


def test_a_container_that_does_not_stop_is_an_error_and_the_marker_stays(stack: Stack) -> None:
    stack.server.change(stop_fails=True)
    done = stack.run("stop")
    assert done.returncode == 1
    assert "docker compose stop exited with 1" in done.stderr
    assert (stack.server.paths.stopped / "api.json").exists()
    assert stack.server.journal()[-1]["result"] == "failed"


def test_a_deploy_installs_the_release_and_starts_nothing(stack: Stack) -> None:
    stack.succeeds("stop", "--who", "ann", "--reason", "new disk")
    digest = stack.server.upload(IMAGE_REFRESH_API="2")
    done = stack.server.deploy(digest)
    assert done.returncode == 0, done.stderr
    assert stack.states() == DOWN
    assert stack.server.paths.current.resolve().name == digest
    last = done.stdout.splitlines()[-1]
    assert last.startswith("NOT STARTED: api is stopped since 2")
    assert last.endswith(f" by ann (new disk); release {digest[:12]} is installed")


def test_a_deploy_starts_the_other_stacks(stack: Stack) -> None:
    stack.with_roles(api=["api"], auth=["auth-server"])
    stack.succeeds("stop", "--roles", "api")
    stack.server.change(
        containers={
            name: {**one, "status": "exited"}
            for name, one in stack.server.state["containers"].items()
        }
    )
    assert "NOT STARTED: api is" in stack.deploys()
    assert stack.states() == {"api": "exited", "edge": "running"}
