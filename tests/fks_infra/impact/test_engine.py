"""The engine's word against the comparison's."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from fks_infra.errors import OperatorError
from fks_infra.impact import engine
from tests.fks_infra.impact.examples import REBUILT, STOPPED, example

A: dict[str, Any] = {"type": "A", "name": "a.example.org", "zone": "example.org", "server": "api"}
CAA: dict[str, Any] = {"type": "CAA", "name": "example.org", "issuer": "letsencrypt.org"}


def documents(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"records": before}, {"records": after}]


def test_a_rebuilt_server_is_replaced_and_a_stopped_container_is_not() -> None:
    found = engine.expected(example(REBUILT, STOPPED), *documents({}, {}))
    assert found == {"api-machine-instance": "replace"}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"dns-a": A, "dns-caa": CAA}, {}),
        ({"dns-a": A, "dns-caa": CAA, "dns-b": A}, {}),
        ({"dns-caa": CAA}, {"dns-a": "delete"}),
        ({"dns-a": {**A, "server": "single"}, "dns-caa": CAA}, {}),
        ({"dns-a": {**A, "name": "b.example.org"}, "dns-caa": CAA}, {}),
        ({"dns-a": {**A, "zone": "example.com"}, "dns-caa": CAA}, {"dns-a": "replace"}),
        ({"dns-a": A, "dns-caa": {**CAA, "issuer": "pki.goog"}}, {"dns-caa": "replace"}),
    ],
)
def test_records(after: dict[str, Any], expected: dict[str, str]) -> None:
    found = engine.expected(example(), *documents({"dns-a": A, "dns-caa": CAA}, after))
    assert found == expected


def test_agreement_is_silent() -> None:
    engine.check({"a": "replace"}, {"a": "replace"})


def test_a_disagreement_names_both_sides() -> None:
    with pytest.raises(OperatorError) as caught:
        engine.check({"a": "replace", "b": "delete"}, {"a": "delete", "c": "replace"})
    assert str(caught.value).startswith(
        "The engine and the comparison disagree on a (engine: delete, comparison: replace), "
        "b (engine: keep, comparison: delete), c (engine: replace, comparison: keep). "
    )


def test_a_checkout_without_the_rehearsal(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="--engine needs the rehearsal"):
        engine.reported(tmp_path, "HEAD", "prod")


def test_a_rehearsal_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rehearsal").mkdir()
    display = "".join(f"line {number}\n" for number in range(100))
    done = subprocess.CompletedProcess([], 1, "", f"{display}error: pulumi up of the base failed\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    with pytest.raises(OperatorError) as caught:
        engine.reported(tmp_path, "HEAD", "prod")
    lines = str(caught.value).splitlines()
    assert lines[0] == "--engine: the rehearsal failed:"
    assert (lines[1], lines[-1]) == ("line 79", "error: pulumi up of the base failed")
