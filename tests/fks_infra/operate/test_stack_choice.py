"""The matrix of start-multi.sh and stop-multi.sh: options, servers and their order."""

import pytest

from fks_infra.errors import OperatorError
from fks_infra.operate.stack_choice import targets
from fks_infra.operate.stack_host import Fleet
from tests.fks_infra.operate.stack_hosts import Servers, multi, single


def names(fleet: Fleet, *roles: str, mode: str = "", stop: bool = False) -> list[str]:
    return [one.host.name for one in targets(fleet, roles, mode, callers_first=stop)]


def test_a_start_begins_with_what_others_call_and_a_stop_ends_with_it() -> None:
    assert names(multi().fleet()) == ["auth", "api", "web"]
    assert names(multi().fleet(), stop=True) == ["web", "api", "auth"]
    assert names(multi().fleet(), mode="multi", stop=True) == ["web", "api", "auth"]


def test_one_or_some_stacks() -> None:
    assert names(multi().fleet(), "api") == ["api"]
    assert names(multi().fleet(), "web", "auth") == ["auth", "web"]


def test_a_single_server_has_all_stacks_or_some() -> None:
    (all_of_it,) = targets(single().fleet(), (), "single", callers_first=False)
    (one,) = targets(single().fleet(), ("api",), "", callers_first=False)
    (all_named,) = targets(single().fleet(), ("auth", "api", "web"), "", callers_first=False)
    assert (all_of_it.roles, one.roles, all_named.roles) == ((), ("api",), ())


def on_a_server(name: str) -> Fleet:
    servers = Servers()
    servers.add(name, key=None)
    return servers.fleet(stack="")


@pytest.mark.parametrize(
    ("fleet", "roles", "mode", "message"),
    [
        (
            multi().fleet(),
            (),
            "single",
            r"--single: stack prod has fks:mode multi \(servers: auth, api, web\). Leave out "
            "--single, or name a stack with fks:mode single by --stack; pulumi stack ls lists them",
        ),
        (single().fleet(), (), "multi", r"--multi: stack prod has fks:mode single"),
        (multi().fleet(), ("api",), "multi", "--multi means all servers: leave out --multi or --a"),
        (on_a_server("api"), ("web",), "", r"--web: this server \(api\) has no role web; it has a"),
        (on_a_server("api"), (), "single", "--single: this server is of a stack with fks:mode mul"),
    ],
)
def test_options_that_do_not_fit(
    fleet: Fleet, roles: tuple[str, ...], mode: str, message: str
) -> None:
    with pytest.raises(OperatorError, match=message):
        targets(fleet, roles, mode, callers_first=False)
