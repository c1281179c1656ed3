import json
from pathlib import Path

import pytest

from host.fks_deploy import maintenance
from host.fks_deploy.paths import Paths


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path)


def test_on_writes_page_and_json_that_nginx_may_read(paths: Paths) -> None:
    maintenance.switch_on(paths, "ann", 'Back at "ten" <b>')
    page = (paths.maintenance / "page.html").read_text()
    assert "<p>Back at &quot;ten&quot; &lt;b&gt;</p>" in page
    assert json.loads((paths.maintenance / "page.json").read_text()) == {
        "status": "maintenance",
        "detail": 'Back at "ten" <b>',
    }
    assert {file.stat().st_mode & 0o777 for file in paths.maintenance.iterdir()} == {0o644}


def test_a_second_message_keeps_the_time(paths: Paths) -> None:
    first = maintenance.switch_on(paths, "ann", "")
    assert first.message == "The service is down for maintenance."
    second = maintenance.switch_on(paths, "bob", "until ten")
    assert (second.since, second.message) == (first.since, "until ten")
    assert maintenance.read(paths) == second


def test_off_removes_the_marker_and_the_journal_has_who(paths: Paths) -> None:
    maintenance.switch_on(paths, "ann", "until ten")
    before = maintenance.switch_off(paths, "bob")
    assert before is not None and before.who == "ann"
    assert not paths.maintenance_marker.exists()
    assert (maintenance.read(paths), maintenance.switch_off(paths, "bob")) == (None, None)
    lines = [json.loads(line) for line in paths.journal.read_text().splitlines()]
    found = [(one["kind"], one["who"], one["text"]) for one in lines]
    assert found == [("maintenance", "ann", "on: until ten"), ("maintenance", "bob", "off")]


def test_a_damaged_marker_is_on(paths: Paths) -> None:
    paths.maintenance.mkdir(parents=True)
    paths.maintenance_marker.write_text("")
    found = maintenance.read(paths)
    assert found is not None and found.who == "?"
