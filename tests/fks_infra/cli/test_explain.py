"""`fks explain`: text, JSON, exit codes."""

import json

from tests.fks_infra.cli.servers import run


def test_the_parts_of_an_explanation() -> None:
    result = run("explain", "8000")
    assert result.exit_code == 0
    first, *lines = result.stdout.splitlines()
    assert first.startswith("8000 (port): on 127.0.0.1 of its server: container fks-api-1")
    assert lines[0].startswith("made by: stack api")
    assert [line for line in lines if line.endswith(":")] == [
        "defined in:",
        "depends on it:",
        "a change:",
    ]
    assert "  api: api: replaced in turn, away 0 s" in lines


def test_json_of_another_stack() -> None:
    document = json.loads(run("explain", "api", "--stack", "dev", "--json").stdout)
    assert (document["stack"], document["kind"]) == ("dev", "service")
    assert "single: api: replaced in turn, away 0 s" in document["change"]


def test_an_unknown_name_ends_with_2() -> None:
    result = run("explain", "api-postgrs")
    assert result.exit_code == 2
    assert "api-postgres" in result.stderr
