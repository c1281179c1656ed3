"""Which dump is restored."""

import pytest

from host.fks_deploy.errors import DeployError, InputError
from host.fks_deploy.restore import source
from tests.host.restore.conftest import ROWS, SET, Case


def test_the_newest_that_is_proved(case: Case) -> None:
    case.dump("20261125T022000Z")
    case.dump("20261126T022000Z")
    case.dump("20261127T022000Z", verdict="bad")
    case.dump("20261128T022000Z", verdict="")
    found = source.find(case.paths, SET, "")
    assert found.file == "trading-20261126T022000Z.dump"
    assert (found.proved, found.bytes, found.tables) == (True, 4, ROWS)
    assert found.manifest == {"postgres": "17.5", "bytes": 1000}


def test_one_without_a_certificate_by_its_name(case: Case) -> None:
    name = case.dump(verdict="").name
    assert not source.find(case.paths, SET, name).proved


def test_none_is_proved(case: Case) -> None:
    case.dump(verdict="bad")
    with pytest.raises(DeployError, match=r"no dump of trading .* \(1 dumps\)"):
        source.find(case.paths, SET, "")


@pytest.mark.parametrize("name", ["none.dump", "/etc/passwd", "../postgres/trading-1.dump"])
def test_a_name_that_is_no_dump(case: Case, name: str) -> None:
    case.dump()
    with pytest.raises(InputError, match="which is no file in"):
        source.find(case.paths, SET, name)


def test_a_bad_dump_by_its_name(case: Case) -> None:
    name = case.dump(verdict="bad").name
    with pytest.raises(DeployError, match="is bad: pg_restore failed"):
        source.find(case.paths, SET, name)


@pytest.mark.parametrize("text", [None, "", "{}\nno JSON\n[1"])
def test_a_list_of_tables_that_is_missing_or_damaged(case: Case, text: str | None) -> None:
    file = case.dump()
    file.with_suffix(".tables").unlink()
    if text is not None:
        file.with_suffix(".tables").write_text(text)
    with pytest.raises(DeployError, match="no readable list of tables"):
        source.find(case.paths, SET, file.name)
