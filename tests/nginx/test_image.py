"""The edge's image does not depend on the modes of the checkout that it is built from."""

import shutil
import subprocess
from pathlib import Path

from fks_infra.paths import PROJECT_ROOT

LINES = (PROJECT_ROOT / "nginx" / "Dockerfile").read_text().splitlines()
COPIED = [line.split()[1:] for line in LINES if line.startswith("COPY ")]
CHMOD = next(line.split()[1:] for line in LINES if line.startswith("RUN chmod "))


def test_what_is_copied_gets_its_modes_in_the_image(tmp_path: Path) -> None:
    """Carries out the COPY instructions with private modes, then the chmod."""
    for source, target in COPIED:
        copy_private(PROJECT_ROOT / "nginx" / source, Path(f"{tmp_path}{target}"))
    program, *rest = CHMOD
    targets = [part if not part.startswith("/") else f"{tmp_path}{part}" for part in rest]
    subprocess.run([program, *targets], check=True)
    files = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    assert files["pages"] == files["edge-health"] == 0o755
    assert files["unavailable.html"] == files["unavailable.json"] == 0o644


def copy_private(source: Path, target: Path) -> None:
    """As `git clone` and COPY do under umask 077."""
    target.parent.mkdir(parents=True, exist_ok=True)
    copied = shutil.copytree(source, target) if source.is_dir() else shutil.copy2(source, target)
    for path in (Path(copied), *Path(copied).rglob("*")):
        path.chmod(path.stat().st_mode & 0o700)
