"""The files of a snapshot: restored beside the present ones, exchanged with the database."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from host.fks_deploy.backup import repository
from host.fks_deploy.errors import DeployError
from host.fks_deploy.restore import exchange, files, prepare, record
from host.fks_deploy.restore.source import Choice, Source
from tests.host.restore.conftest import OLD, SET, Case, Killed, fetch

pytestmark = pytest.mark.usefixtures("kept")
START = "start api api-worker"


class Repository:
    """With one snapshot; it has the file `old` in each of its directories."""

    def __init__(self, case: Case, *names: str) -> None:
        self.case = case
        self.paths = tuple(str(case.volume(name)) for name in names)
        self.fails = False

    def snapshot(self, _: str) -> SimpleNamespace:
        return SimpleNamespace(id="aaaa1111", paths=self.paths)

    def restore(self, snapshot: str, directory: Path, target: Path) -> None:
        assert (snapshot, str(directory) in self.paths) == ("aaaa1111", True)
        (target / "old").write_text("from the snapshot")
        if self.fails:
            raise DeployError("the repository does not answer")


@pytest.fixture
def kept(case: Case, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Two volumes of the data set, one of which is in the snapshot; both have the file `new`."""
    found = Repository(case, "api-data")
    for name in ("api-data", "api-models"):
        (case.volume(name) / "new").write_text("of now")
    case.volume().chmod(0o750)
    monkeypatch.setattr(repository, "opened", lambda *_: found)
    dump = case.dump()
    monkeypatch.setattr(repository, "fetch", lambda *found: fetch(dump, found[-1]))
    monkeypatch.setattr("host.fks_deploy.restore.source.shutil.chown", lambda *_: None)
    return found


def prepared(case: Case) -> record.Record:
    return prepare.prepare(case.session, SET, Choice(snapshot="aaaa1111"))


def content(case: Case, name: str = "api-data") -> dict[str, list[str]]:
    """The files of each directory of a volume."""
    place = case.volume(name).parent
    return {one.name: sorted(file.name for file in one.iterdir()) for one in place.iterdir()}


BESIDE = {"_data": ["new"], "_restoring": ["old"]}
EXCHANGED = {"_data": ["old"], "_before": ["new"]}


def test_they_are_restored_beside_the_present_ones(case: Case) -> None:
    found = prepared(case)
    assert list(found.files) == ["api-data"]
    assert content(case) == BESIDE
    assert content(case, "api-models") == {"_data": ["new"]}
    assert found.aside == (200 << 20) + len("from the snapshot")
    place = case.volume().with_name("_restoring").stat()
    assert (place.st_mode & 0o7777, place.st_uid) == (0o750, case.volume().stat().st_uid)


def test_they_are_exchanged_undone_and_deleted_with_the_database(case: Case) -> None:
    prepared(case)
    assert exchange.exchange(case.session, SET).aside == (OLD << 20) + len("of now")
    assert content(case) == EXCHANGED
    exchange.undo(case.session, SET)
    assert content(case) == BESIDE
    exchange.undo(case.session, SET)
    assert content(case) == EXCHANGED
    exchange.finish(case.session, SET)
    assert content(case) == {"_data": ["old"]}


def test_a_dump_leaves_the_files(case: Case) -> None:
    found = prepare.prepare(case.session, SET, Choice())
    assert found.files == {}
    exchange.exchange(case.session, SET)
    assert content(case) == {"_data": ["new"]}


def test_files_that_arrived_with_a_dump_are_restored_with_it(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived = case.volume().with_name(files.ARRIVED)
    arrived.mkdir()
    (arrived / "old").touch()
    monkeypatch.setattr(Source, "foreign", True)
    found = prepare.prepare(case.session, SET, Choice())
    assert (list(found.files), content(case)) == (["api-data"], BESIDE)
    exchange.exchange(case.session, SET)
    assert content(case) == EXCHANGED


def test_a_snapshot_after_the_dump_that_it_has_is_not_the_same(case: Case) -> None:
    prepare.prepare(case.session, SET, Choice())
    assert list(prepared(case).files) == ["api-data"]
    assert prepare.prepare(case.session, SET, Choice()).files == {}
    assert content(case) == {"_data": ["new"]}


def test_a_failure_of_the_repository_leaves_nothing_beside(case: Case, kept: Repository) -> None:
    kept.fails = True
    with pytest.raises(DeployError, match="does not answer"):
        prepared(case)
    assert content(case) == {"_data": ["new"]}
    assert (case.server.databases, record.load(case.paths, "api")) == ({"trading": OLD}, None)


def test_data_that_are_not_healthy_go_back_with_their_files(case: Case) -> None:
    prepared(case)
    case.server.failing[START] = 1
    with pytest.raises(DeployError, match="The data of before serve again"):
        exchange.exchange(case.session, SET)
    assert content(case) == BESIDE
    case.server.failing[START] = 2
    case.server.databases["trading_restoring"] = 200
    prepared(case)
    with pytest.raises(DeployError, match="do not become healthy with those of before either"):
        exchange.exchange(case.session, SET)
    assert content(case) == BESIDE


@pytest.mark.parametrize("renames", [0, 1])
def test_a_killed_exchange_goes_on(
    case: Case, monkeypatch: pytest.MonkeyPatch, renames: int
) -> None:
    """Before the first rename of a directory, and between the two."""
    prepared(case)
    left, rename = [renames], Path.rename

    def killed(self: Path, target: Path) -> Path:
        if not left[0]:
            raise Killed
        left[0] -= 1
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(Killed):
            exchange.exchange(case.session, SET)
    assert exchange.exchange(case.session, SET).state == record.EXCHANGED
    assert content(case) == EXCHANGED


def test_a_directory_that_is_gone_brings_the_data_of_before_back(case: Case) -> None:
    found = prepared(case)
    files.drop(case.session.compose, "api")
    with pytest.raises(DeployError, match="the directory to exchange is gone"):
        exchange.exchange(case.session, SET)
    assert files.serving(case.session.compose, found.files)
    assert case.server.databases["trading"] == OLD
