import os
from pathlib import Path

from host.fks_deploy import retention


def deployed(releases: Path, name: str, when: int) -> None:
    (releases / name).mkdir(parents=True)
    retention.mark_deployed(releases / name)
    os.utime(releases / name / "deployed", (when, when))


def test_the_last_five_deployed_releases_stay_and_failed_ones_do_not_count(tmp_path: Path) -> None:
    for number in range(7):
        deployed(tmp_path, f"r{number}", when=100 - number)
    (tmp_path / "failed").mkdir()
    assert retention.kept(tmp_path) == {"r0", "r1", "r2", "r3", "r4"}
