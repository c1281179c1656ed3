"""The values that a rotation replaces, kept until they are proved to be refused."""

from collections.abc import Iterable, Iterator, Mapping

from .. import atomic_file
from ..paths import Paths
from ..secrets import Secrets


def changed(paths: Paths, secrets: Secrets) -> dict[str, str]:
    """ROLE/NAME to the stored value, of each file that has another value than `secrets`."""
    return {
        name: stored.read_text(encoding="utf-8")
        for name, value in by_name(secrets).items()
        if (stored := paths.secrets / name).exists() and stored.read_text(encoding="utf-8") != value
    }


def by_name(secrets: Secrets) -> dict[str, str]:
    """ROLE/NAME to value."""
    return {
        f"{role}/{name}": value
        for role, values in secrets.items()
        for name, value in values.items()
    }


def keep(paths: Paths, values: Mapping[str, str]) -> None:
    """Store values; one that is kept already stays, because it is the one that was in service."""
    for name, value in values.items():
        file = paths.previous_secrets / name
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            paths.previous_secrets.chmod(0o700)
            atomic_file.write(file, value.encode(), 0o600)


def load(paths: Paths) -> dict[str, str]:
    """ROLE/NAME to value; empty when no rotation is unfinished."""
    return {
        str(file.relative_to(paths.previous_secrets)): file.read_text(encoding="utf-8")
        for file in sorted(paths.previous_secrets.glob("*/*"))
    }


def forget(paths: Paths, names: Iterable[str]) -> None:
    """Delete values by ROLE/NAME."""
    for name in names:
        (paths.previous_secrets / name).unlink(missing_ok=True)


def stored(paths: Paths) -> Iterator[str]:
    """All values of roles that this server has in files, to mask them."""
    for directory in (paths.secrets, paths.previous_secrets):
        for file in sorted(directory.glob("*/*")):
            yield file.read_text(encoding="utf-8").strip()
