"""Backup certificates in the answers of servers, of all forms that they have."""

import json
from pathlib import Path
from typing import Any

import pytest

from fks_infra.remote import certificates as module
from fks_infra.remote.certificates import Certificate, certificates, oldest, read
from fks_infra.remote.inventory import DeployedServer

SERVER = DeployedServer(name="api", roles=("api",), instance_id="1", address="100.64.0.9")
REPORT = {
    "file": "fks-1.dump",
    "age": 60,
    "bytes": 7,
    "proof": {"verdict": "ok", "text": ""},
    "proved": 60,
}
AUTH = {**REPORT, "proved": 120}


@pytest.mark.parametrize(
    ("backup", "ages"),
    [
        (None, {}),
        (REPORT, {"api": 60}),
        ({**REPORT, "set": "auth"}, {"auth": 60}),
        ({"api": REPORT, "auth": AUTH}, {"api": 60, "auth": 120}),
        ({"sets": {"api": REPORT, "auth": AUTH}, "local": True}, {"api": 60, "auth": 120}),
        ([{**REPORT, "set": "api"}, {**AUTH, "set": "auth"}], {"api": 60, "auth": 120}),
        ({"sets": [{**AUTH, "set": "auth"}]}, {"auth": 120}),
        ({**REPORT, "proof": None}, {"api": 60}),
        ({**REPORT, "proved": None}, {"api": None}),
        ({**REPORT, "proved": "now"}, {"api": None}),
        ({"api": None}, {}),
        (["api"], {}),
        ("api", {}),
    ],
)
def test_every_form_of_the_row_is_read(backup: Any, ages: dict[str, Any]) -> None:
    assert {name: one.age for name, one in certificates(backup).items()} == ages


@pytest.mark.parametrize(
    ("proof", "bad"),
    [
        ({"verdict": "bad", "text": "rows differ"}, "rows differ"),
        ({"verdict": "bad"}, "bad"),
        ({}, "None"),
    ],
)
def test_another_verdict_than_ok_is_bad(proof: dict[str, str], bad: str) -> None:
    (found,) = certificates({**REPORT, "proof": proof}).values()
    assert found.bad == bad
    assert not found.is_enough


@pytest.mark.parametrize(
    ("age", "enough"), [(None, False), (-1, False), (0, True), (86399, True), (86400, False)]
)
def test_enough_is_younger_than_a_day(age: float | None, enough: bool) -> None:
    assert Certificate(age=age).is_enough is enough


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (Certificate(), "no proved backup"),
        (Certificate(age=18000), "proved backup 5 h old"),
        (Certificate(age=90), "proved backup 1 min old"),
        (Certificate(age=90, bad="empty"), "newest backup bad: empty"),
    ],
)
def test_a_certificate_as_text(one: Certificate, text: str) -> None:
    assert str(one) == text


def test_the_certificate_that_proves_least_counts() -> None:
    young, old, bad = Certificate(age=1), Certificate(age=9), Certificate(age=1, bad="empty")
    assert oldest({"api": young, "auth": old}, ["api", "auth"]) == old
    assert oldest({"api": young, "auth": bad}, ["api", "auth"]) == bad
    assert oldest({"api": young, "auth": old}, ["api"]) == young
    assert oldest({"api": young}, ["api", "auth"]) == Certificate()


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (json.dumps({"backup": REPORT}), {"api": Certificate(age=60)}),
        (json.dumps({"server": "api"}), {}),
    ],
)
def test_a_server_is_asked(
    monkeypatch: pytest.MonkeyPatch, answer: str, found: dict[str, Certificate]
) -> None:
    monkeypatch.setattr(module, "output_of", lambda *_: answer)
    assert read(SERVER, Path("key")) == found


@pytest.mark.parametrize("answer", ["", "[1", "[1]"])
def test_an_answer_that_is_no_document_is_an_error(
    monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr(module, "output_of", lambda *_: answer)
    with pytest.raises(OSError, match="its answer is no JSON document"):
        read(SERVER, Path("key"))
