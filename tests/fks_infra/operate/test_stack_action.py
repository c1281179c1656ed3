"""One server after the other, whatever becomes of each."""

from typing import Any

import pytest

from fks_infra.operate import stack_state
from fks_infra.operate.stack_action import Action, Result, act
from fks_infra.operate.stack_choice import targets
from tests.fks_infra.operate.stack_hosts import STOP, Servers, multi, single, state


def run(action: Action, servers: Servers, *roles: str) -> tuple[list[Result], list[str]]:
    chosen = targets(servers.fleet(), roles, "", callers_first=action.words[0] == "stop")
    lines: list[str] = []
    return list(act(action, chosen, stack_state.read(chosen), lines.append)), lines


def test_the_progress_of_each_server_in_order() -> None:
    servers = multi()
    results, lines = run(Action.stop("ann", "new disk", force=False), servers)
    assert lines == ["web: stop ok", "api: stop ok", "auth: stop ok"]
    assert results[0] == Result(server="web", succeeded=True, text="stopped")
    assert servers.acted()[0] == ("web", "stop", "--who", "ann", "--reason", "new disk")


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Action.start("ann"), ("start", "--who", "ann")),
        (Action.stop("", "", force=True), ("stop", "--force")),
        (Action.clean_up("ann", "", force=False), ("cleanup", "--who", "ann")),
    ],
)
def test_the_arguments_of_the_program(action: Action, words: tuple[str, ...]) -> None:
    servers = multi()
    run(action, servers, "api")
    assert servers.acted() == [("api", *words)]


def test_some_stacks_of_a_server() -> None:
    servers = single()
    results, _ = run(Action.start(""), servers, "api", "auth")
    assert servers.acted() == [("single", "start", "--roles", "auth,api")]
    assert results[0].text == "auth, api started"


def test_a_server_that_fails_does_not_keep_the_next_one_from_its_turn() -> None:
    servers = multi()
    servers.fails("web", "stop", 75, "stack: another deploy runs on this server")
    servers.fails("api", "stop", 1, "stack: docker compose stop ran longer than 400 s")
    (web, api, auth), _ = run(Action.stop("ann", "", force=False), servers)
    assert web == Result(
        server="web", succeeded=False, text="another deploy runs on this server", command=""
    )
    assert (api.text, api.command) == (
        "docker compose stop ran longer than 400 s",
        "fks status api",
    )
    assert auth.succeeded


def test_a_server_that_is_not_reached_is_left_as_it_is() -> None:
    servers = multi()
    servers.fails("api", "state", 255, "Host key verification failed.")
    (_, api, _), _ = run(Action.start("ann"), servers)
    assert [call[0] for call in servers.acted()] == ["auth", "web"]
    assert api.text.startswith("nothing was changed: another machine answers at")


def test_a_connection_that_breaks_leaves_the_server_at_work() -> None:
    servers = multi()
    servers.fails("api", "start", 255, "client_loop: send disconnect: Broken pipe")
    (_, api, _), _ = run(Action.start("ann"), servers)
    assert api.text.endswith("Broken pipe. What was begun there goes on")
    assert api.command == "fks status api"


@pytest.mark.parametrize(
    ("stopped", "command"),
    [({}, "pulumi up"), ({"web": STOP}, "pulumi up --replace '**web-stack-*'")],
)
def test_nothing_is_deployed_yet_or_after_a_cleanup(stopped: dict[str, Any], command: str) -> None:
    servers = multi()
    servers.reports("web", state("web", release=None, stopped=stopped))
    (web,), _ = run(Action.start("ann"), servers, "web")
    assert (web.succeeded, web.command, servers.acted()) == (False, command, [])
