"""`fks rotate` of a DNS token and a registry's password: under load, killed, with a wrong one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rehearsal.world import docker_api as api
from rehearsal.world.checks.tls import ISSUER, read_certificate
from rehearsal.world.registry_logins import set_logins
from rehearsal.world.scenario import Scenario
from tests.world.given_secrets import CASES, HOST, USER, set_passwords
from tests.world.killed_command import kill, killed_when, updating
from tests.world.settled import assert_settled
from tests.world.terminal import terminal
from tests.world.test_replacements import failures, steady_load

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

FIRST = "canary-first-password"
UPDATE_SECONDS = 400.0


@pytest.fixture(scope="module")
def given(multi: Scenario) -> Iterator[Scenario]:
    """Three servers that have pulled with a login, with a DNS token of their own."""
    multi.set_secret("fks:acmeDnsToken", multi.control.new_token("cloudflare"))
    multi.set(f'fks:registries["{HOST}"]', USER)
    multi.set_secret("fks:registryPassword", FIRST)
    set_passwords(multi, FIRST)
    outcome = multi.up()
    assert outcome.code == 0, outcome.display
    yield multi
    set_logins(multi.world.client, {})


def command(scenario: Scenario, name: str, value: str) -> str:
    """A shell command that rotates to a value, which is on no command line."""
    files = {"new-secret": value.encode()}
    api.put_files(scenario.operator.container, "/root", files, mode=0o600)
    return f"{CASES[name].variable}=$(cat /root/new-secret) fks rotate {name} --yes"


def assert_rotated(scenario: Scenario, name: str, old: str, new: str) -> None:
    """The new value alone is accepted, and nothing is left to change or to repair."""
    case = CASES[name]
    assert case.value(scenario) == new != old
    assert (case.accepts(scenario, new), case.accepts(scenario, old)) == (True, False)
    assert_settled(scenario)


@pytest.mark.parametrize("name", CASES)
def test_it_ends_when_the_user_has_deleted_the_old_one_and_no_request_fails(
    given: Scenario, name: str
) -> None:
    case, old = CASES[name], CASES[name].value(given)
    new = case.make(given)
    words = ("env", f"--unset={case.variable}", "fks", "rotate", name)
    with steady_load(given) as found, terminal(*words) as shown:
        shown.wait_for(f"The new {name}, made at")
        shown.type(f"{new}\n")
        shown.wait_for(f"Rotate {name} of stack prod")
        shown.type("y\n")
        shown.wait_for(f"delete the old {name}", UPDATE_SECONDS)
        assert case.accepts(given, old)
        case.delete(given, old)
        code = shown.end()
    assert code == 0, shown.shown
    assert f"The old {name} is refused." in shown.shown
    assert new not in shown.shown and old not in shown.shown
    assert failures(found) == {}
    assert_rotated(given, name, old, new)


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_new_one_is_refused_before_anything_changes(given: Scenario, name: str) -> None:
    case, old = CASES[name], CASES[name].value(given)
    for value in case.wrong:
        run = f"{command(given, name, value)} 2>&1; echo code $?"
        text = given.operator.output(["sh", "-c", run])
        assert text.endswith("code 2\n"), text
        assert "is not accepted" in text and "Nothing was changed" in text
        assert value not in text
    assert case.value(given) == old


@pytest.mark.parametrize("name", CASES)
def test_killed_before_the_new_one_is_stored_nothing_has_changed(
    given: Scenario, name: str
) -> None:
    case, old = CASES[name], CASES[name].value(given)
    new = case.make(given)
    with terminal("sh", "-c", command(given, name, new).removesuffix(" --yes")) as shown:
        shown.wait_for(f"Rotate {name} of stack prod")
        kill(given)
    assert case.value(given) == old
    assert case.accepts(given, old)
    assert given.operator.must_succeed("preview").changes == {}


@pytest.mark.parametrize("name", CASES)
def test_killed_after_the_new_one_is_stored_the_same_command_ends_it(
    given: Scenario, name: str
) -> None:
    case, old = CASES[name], CASES[name].value(given)
    new = case.make(given)
    again = command(given, name, new)
    killed_when(given, again, updating, "auth", "api", "web")
    assert case.value(given) == new
    text = given.operator.output(["sh", "-c", f"{again} 2>&1"])
    assert "so the old one is not known here" in " ".join(text.split())
    case.delete(given, old)
    assert_rotated(given, name, old, new)


def test_the_servers_pull_with_the_new_password(given: Scenario) -> None:
    setting, password = "fks:services.auth-server.refresh", CASES["registry"].value(given)
    set_passwords(given)
    given.set(setting, "without-login")
    outcome = given.up()
    assert outcome.code != 0
    assert password not in outcome.display
    assert given.unhealthy() is None
    set_passwords(given, password)
    outcome = given.up()
    assert outcome.code == 0, outcome.display


def test_the_servers_get_certificates_with_the_new_token(given: Scenario) -> None:
    case = CASES["dns-token"]
    current, revoked = case.value(given), case.make(given)
    case.delete(given, revoked)
    given.set_secret(case.setting, revoked)
    given.set("fks:extraNames[0]", "app")
    outcome = given.up()
    assert outcome.code != 0
    assert case.setting in outcome.display and revoked not in outcome.display
    assert given.unhealthy() is None
    given.set_secret(case.setting, current)
    outcome = given.up()
    assert outcome.code == 0, outcome.display
    domain = given.operator.output(["pulumi", "config", "get", "fks:domain"]).strip()
    certificate = read_certificate(given.operator.container, f"app.{domain}")
    assert certificate["issuer"].startswith(ISSUER), certificate
