"""Runs that would destroy data, with the real engine: what refuses them and what lets them go on.

`ssh` is a script that prints what `bin/status` prints on a server.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rehearsal.local import LocalWorkspace
from rehearsal.local_stack import LocalStack, local_stack
from rehearsal.world.operator import Outcome
from tests.fks_infra.test_engine import configured

pytestmark = pytest.mark.contract

HOUR = 3600
OK = {"verdict": "ok", "text": ""}


class Guarded:
    """Three servers without protection, and the backups that they report."""

    def __init__(self, stack: LocalStack) -> None:
        self.stack = stack
        self._ssh = stack.workspace.program.parent / "bin" / "ssh"
        self.silent()

    @property
    def here(self) -> LocalWorkspace:
        return self.stack.workspace

    def silent(self) -> None:
        """No server answers."""
        self._write("echo 'ssh: connect to host: No route to host' >&2; exit 255")

    def backups(self, **reports: Any) -> None:
        """Each server reports these, by data set."""
        document = json.dumps({"backup": {"sets": reports}})
        self._write(f"cat <<'EOT'\n{document}\nEOT")

    def _write(self, line: str) -> None:
        self._ssh.write_text(f"#!/bin/sh\necho >>{self._calls}\n{line}\n")
        self._ssh.chmod(0o755)
        self._calls.write_text("")

    @property
    def _calls(self) -> Path:
        return self._ssh.with_name("ssh-calls")

    @property
    def connections(self) -> int:
        return len(self._calls.read_text())

    def refused(self) -> str:
        """What `pulumi up` prints when it is refused, having changed no cloud."""
        before = self.stack.clouds_state()
        outcome = self.stack.up()
        assert outcome.code != 0
        assert self.stack.clouds_state() == before
        return flat(outcome)

    def previewed(self) -> str:
        """What a preview that succeeds prints."""
        outcome = self.stack.preview()
        assert outcome.code == 0, outcome.display
        return flat(outcome)


def flat(outcome: Outcome) -> str:
    return " ".join(outcome.display.split())


def proved(hours: float, **more: Any) -> dict[str, Any]:
    return {"proved": hours * HOUR, "proof": OK, **more}


@pytest.fixture(scope="module")
def made() -> Iterator[LocalStack]:
    with local_stack("data-loss", "prod") as stack:
        stack.set("fks:plan.auth", "g6-standard-1")
        assert stack.up().code == 0
        yield stack


@pytest.fixture
def guarded(made: LocalStack) -> Guarded:
    return Guarded(made)


CHANGES: dict[str, tuple[dict[str, str], str]] = {
    "rebuild": (
        {"generation__api": "1"},
        "fks:generation.api 0 -> 1 rebuilds the server api, which holds the data of api.",
    ),
    "shrink": (
        {"plan__auth": "g6-nanode-1"},
        "fks:plan.auth g6-standard-1 -> g6-nanode-1 shrinks the server auth",
    ),
    "move": ({"region": "us-ord"}, "fks:region ca-central -> us-ord moves the server api"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_without_a_certificate_changes_nothing(guarded: Guarded, change: str) -> None:
    values, said = CHANGES[change]
    with configured(guarded.here, **values):
        text = guarded.refused()
    assert said in text
    assert "cannot be checked here: ssh: connect to host: No route to host." in text
    assert "Nothing was changed. Run it where fks status reaches the server. Or add " in text


def test_a_preview_that_reaches_no_server_only_warns(guarded: Guarded) -> None:
    with configured(guarded.here, generation__api="1"):
        text = guarded.previewed()
    assert "No route to host. pulumi up is refused where it cannot be checked." in text


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        ({"api": proved(31)}, "api: proved backup 31 h old"),
        ({"auth": proved(1)}, "api: no proved backup"),
        (
            {"api": proved(1, proof={"verdict": "bad", "text": "rows differ"})},
            "api: newest backup bad: rows differ",
        ),
    ],
    ids=["too-old", "none", "bad"],
)
def test_a_rebuild_needs_a_good_certificate_of_the_last_day(
    guarded: Guarded, report: dict[str, Any], reason: str
) -> None:
    guarded.backups(**report)
    with configured(guarded.here, generation__api="1"):
        text = guarded.refused()
    assert f"no certificate of the last 24 hours ({reason})" in text
    assert "Run fks backup api and then the same command. Or add api to fks:accept" in text


def test_a_change_of_the_mode_names_the_migration(guarded: Guarded) -> None:
    guarded.backups(api=proved(1), auth=proved(1))
    with configured(guarded.here, mode="single", **{"acceptDataLoss[0]": "api"}):
        text = guarded.refused()
    assert guarded.connections == 0
    assert "fks:mode single deletes the server auth, which holds the data of auth." in text
    assert "which holds the data of api. fks:acceptDataLoss allows it." in text
    assert "fks migrate multi-to-single, which moves the data first. Or add auth to" in text


def test_what_keeps_the_data_asks_no_server(guarded: Guarded) -> None:
    with configured(guarded.here, generation__web="1", plan__auth="g6-standard-2"):
        assert "holds the data" not in guarded.previewed()
    assert guarded.connections == 0


def test_the_operator_can_give_the_data_up(guarded: Guarded) -> None:
    accepted = {"acceptDataLoss[0]": "api", "acceptDataLoss[1]": "auth"}
    with configured(guarded.here, mode="single", **accepted):
        text = guarded.previewed()
    assert "pulumi up may destroy the data of api, auth without a proved backup" in text
    assert guarded.connections == 0


def test_with_good_certificates_the_run_goes_on(guarded: Guarded) -> None:
    guarded.backups(api=proved(5))
    with configured(guarded.here, generation__api="1"):
        outcome = guarded.stack.up()
    assert outcome.code == 0
    assert guarded.connections == 1
    assert "which holds the data of api. api has a proved backup 5 h old." in flat(outcome)
