from pathlib import Path

from host.fks_deploy.backup import certificate
from host.fks_deploy.paths import Paths


def made(snapshot: str, time: str, file: str = "") -> dict[str, str]:
    return {"set": "api", "snapshot": snapshot, "time": time, "verdict": "ok", "file": file}


def test_they_are_read_in_the_order_of_their_dumps(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    for one in (made("aa", "2026-01-02T00:00:00Z"), made("bb", "2026-01-01T00:00:00Z")):
        certificate.write(paths, one)
    assert [one["snapshot"] for one in certificate.read(paths, "api")] == ["bb", "aa"]
    assert list(certificate.read(paths, "auth")) == []


def test_a_damaged_one_is_left_out(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    certificate.write(paths, made("aa", "2026-01-02T00:00:00Z"))
    for name, text in (("b", "{"), ("c", "[]"), ("d", '{"set": "api"}')):
        (paths.certificates / "api" / f"{name}.json").write_text(text)
    assert [one["snapshot"] for one in certificate.read(paths, "api")] == ["aa"]


def test_the_dump_has_it_too_while_it_is_kept(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    paths.dumps.mkdir(parents=True)
    (paths.dumps / "a.dump").touch()
    certificate.write(paths, made("aa", "2026-01-02T00:00:00Z", "a.dump"))
    beside = paths.dumps / "a.proof.json"
    assert beside.read_text() == (paths.certificates / "api/aa.json").read_text()
    assert beside.stat().st_mode & 0o777 == 0o600


def test_those_of_forgotten_snapshots_go(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    for snapshot in ("aa", "bb"):
        certificate.write(paths, made(snapshot, "2026-01-01T00:00:00Z"))
    certificate.remove_others(paths, "api", {"bb"})
    assert [one["snapshot"] for one in certificate.read(paths, "api")] == ["bb"]
