import json

from tests.host.server import Server
from tests.host.stack.conftest import Stack


def test_a_running_stack(stack: Stack) -> None:
    document = json.loads(stack.succeeds("state"))
    digest = stack.server.paths.current.resolve().name
    assert (document["server"], document["roles"], document["release"]) == ("api", ["api"], digest)
    assert (document["services"], document["stopped"]) == ({"api": ["api"]}, {})
    assert document["containers"][0] == {"service": "api", "state": "running", "health": "healthy"}


def test_a_stopped_stack_names_who_and_since(stack: Stack) -> None:
    stack.succeeds("stop", "--who", "ann")
    document = json.loads(stack.succeeds("state"))
    assert document["stopped"]["api"]["who"] == "ann"
    assert {one["state"] for one in document["containers"]} == {"exited"}


def test_before_the_first_deploy(server: Server) -> None:
    document = json.loads(Stack(server).succeeds("state"))
    assert (document["release"], document["containers"]) == (None, [])
