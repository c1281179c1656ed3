"""When the host scripts run again, and what they change."""

from typing import Any

import pytest

from fks_infra.impact.bootstrap_changes import bootstrap_effect
from fks_infra.impact.impact import Action

SERVER = {"host": "h1", "bootstrap": "b1"}
HOST: dict[str, dict[str, str]] = {
    "steps": {"32-ssh": "d1", "50-packages": "d2"},
    "units": {"fks-watch.timer": "d3"},
    "shared": {"lib/steps.sh": "d4"},
    "programs": {f"bin/{number}": "d5" for number in range(7)},
}
BASE: dict[str, Any] = {"host": HOST, "connection": "c1"}


def test_nothing_runs_again() -> None:
    assert bootstrap_effect(BASE, BASE, SERVER, SERVER) is None


@pytest.mark.parametrize(
    ("kind", "name", "detail"),
    [
        ("steps", "32-ssh", "changed steps: 32-ssh (sshd restarts, sessions stay)"),
        ("steps", "50-packages", "changed steps: 50-packages"),
        ("units", "fks-watch.timer", "units: fks-watch.timer"),
        ("shared", "lib/steps.sh", "for all steps: lib/steps.sh"),
        ("programs", "bin/3", "programs: bin/3"),
    ],
)
def test_a_changed_file_is_named(kind: str, name: str, detail: str) -> None:
    head = {**BASE, "host": {**HOST, kind: {**HOST[kind], name: "d9"}}}
    effect = bootstrap_effect(BASE, head, SERVER, {**SERVER, "host": "h2"})
    assert effect
    assert (effect.action, effect.seconds, effect.detail) == (Action.BOOTSTRAPPED, 0, detail)


def test_a_long_list_is_cut() -> None:
    head = {**BASE, "host": {**HOST, "programs": {}}}
    effect = bootstrap_effect(BASE, head, SERVER, {**SERVER, "host": "h2"})
    assert effect
    assert effect.detail == "programs: bin/0, bin/1, bin/2, bin/3, bin/4 and 2 more"


def test_other_arguments_or_another_connection_run_them_too() -> None:
    effect = bootstrap_effect(
        BASE, {**BASE, "connection": "c2"}, SERVER, {**SERVER, "bootstrap": "b"}
    )
    assert effect
    assert effect.detail == (
        "other roles or another size of zram; another way to the server or deploy key"
    )


def test_the_first_boot_script_alone_is_for_new_servers() -> None:
    effect = bootstrap_effect(BASE, BASE, SERVER, {**SERVER, "host": "h2"})
    assert effect
    assert effect.detail == "files for new servers"
