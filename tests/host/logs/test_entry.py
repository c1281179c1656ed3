import json

import pytest

from host.fks_deploy.logs.entry import Entry, of_container, of_journal, timestamp


def test_a_line_of_a_container() -> None:
    line = "2026-11-27T10:00:00.123456789Z GET /health 200\r\n"
    assert of_container(line, "api") == Entry(
        "2026-11-27T10:00:00.123456Z", "api", "GET /health 200"
    )


def test_an_empty_line_of_a_container() -> None:
    assert of_container("2026-11-27T10:00:00.000000001Z \n", "api") == Entry(
        "2026-11-27T10:00:00.000000Z", "api", ""
    )


def test_a_message_of_docker_itself_is_no_line() -> None:
    assert of_container("Error response from daemon: no such container\n", "api") is None


@pytest.mark.parametrize(("message", "text"), [("checked", "checked"), ([104, 105, 255], "hi�")])
def test_an_entry_of_the_journal(message: object, text: str) -> None:
    record = {
        "__REALTIME_TIMESTAMP": "1800000000500000",
        "_SYSTEMD_UNIT": "fks-watch.service",
        "MESSAGE": message,
    }
    assert of_journal(json.dumps(record)) == Entry(
        "2027-01-15T08:00:00.500000Z", "unit:fks-watch", text
    )


def test_what_systemd_logs_of_a_unit_belongs_to_the_unit() -> None:
    record = {
        "__REALTIME_TIMESTAMP": "1800000000000000",
        "_SYSTEMD_UNIT": "init.scope",
        "UNIT": "docker.service",
        "MESSAGE": "Started.",
    }
    found = of_journal(json.dumps(record))
    assert found and found.source == "unit:docker"


def test_an_entry_without_a_message_is_none() -> None:
    record = {"__REALTIME_TIMESTAMP": "1800000000000000", "MESSAGE": None}
    assert of_journal(json.dumps(record)) is None


def test_texts_of_times_sort_as_times() -> None:
    times = [1_799_999_999.9, 1_800_000_000.0, 1_800_000_000.000001]
    assert sorted(map(timestamp, times)) == list(map(timestamp, times))
