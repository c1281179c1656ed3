"""The memory of containers, from the files of both versions of control groups."""

from pathlib import Path

import pytest

from rehearsal.world import memory_program

V1 = ("memory.limit_in_bytes", "cache 900\ntotal_cache 900\ntotal_rss 30\ntotal_shmem 2\nrss 30\n")
V2 = ("memory.max", "anon 20\nfile 900\nkernel 5\nshmem 2\nfile_mapped 7\n")


def group(place: Path, kind: tuple[str, str], limit: str = "64") -> Path:
    """A control group of this kind."""
    place.mkdir(parents=True)
    (place / kind[0]).write_text(f"{limit}\n")
    (place / "memory.stat").write_text(kind[1])
    return place


@pytest.mark.parametrize(("kind", "used"), [(V1, 32), (V2, 27)])
def test_page_cache_does_not_count(tmp_path: Path, kind: tuple[str, str], used: int) -> None:
    assert memory_program.read(group(tmp_path / "a", kind)) == [used, 64]


def test_no_limit_is_0(tmp_path: Path) -> None:
    assert memory_program.read(group(tmp_path / "a", V2, "max")) == [27, 0]


def test_a_group_that_has_ended_is_left_out(tmp_path: Path) -> None:
    assert memory_program.read(tmp_path / "gone") is None


def test_containers_are_found_with_systemd_and_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {
        group(tmp_path / "memory/docker/abc", V1),
        group(tmp_path / "system.slice/docker-def.scope", V2),
    }
    monkeypatch.setattr(memory_program, "ROOT", tmp_path)
    assert set(memory_program.groups()) == places


def test_the_highest_sample_of_each_service_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stop, samples = tmp_path / "stop", [[5, 64], [9, 64], [7, 64]]

    def read(_place: Path) -> list[int]:
        if len(samples) == 1:
            stop.touch()
        return samples.pop(0)

    monkeypatch.setattr(memory_program, "groups", lambda: [tmp_path])
    monkeypatch.setattr(memory_program, "read", read)
    monkeypatch.setattr(memory_program, "service", lambda _place: "db-proof")
    monkeypatch.setattr(memory_program, "PAUSE", 0)
    memory_program.main(stop)
    assert capsys.readouterr().out == '{"db-proof": [9, 64]}\n'
