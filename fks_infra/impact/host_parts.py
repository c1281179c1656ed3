"""What the host scripts consist of: bootstrap steps with the files that they install, programs."""

from collections.abc import Mapping
from dataclasses import dataclass

from fks_infra.impact.digests import digest_of, digests

_STEPS = "bootstrap.d/"
_FILES = "files"
_BOOTSTRAP = "bootstrap.sh"
# Only cloud-init runs it.
_FIRST_BOOT = "join.sh"
_UNITS = "files/etc/systemd/system/"


@dataclass(frozen=True, kw_only=True)
class HostParts:
    """archive: digest of all host scripts. steps: bootstrap step to a digest of its script and of
    the files that it installs. shared: what all steps read. programs: what runs later, by timers
    and deploys. units: systemd units. Each to its digest.
    """

    archive: str
    steps: Mapping[str, str]
    shared: Mapping[str, str]
    programs: Mapping[str, str]
    units: Mapping[str, str]


def host_parts(files: Mapping[str, bytes]) -> HostParts:
    """The parts of `release.files.host_files`."""
    known = digests(files)
    scripts = [name for name in files if name.startswith(_STEPS)]
    installed = {name: _installed(name, scripts, files) for name in scripts}
    shared = [name for name in files if name == _BOOTSTRAP or _is_shared(name, scripts, files)]
    others = {*scripts, *shared, _FIRST_BOOT}
    return HostParts(
        archive=digest_of(known),
        steps={
            _title(name): digest_of([known[part] for part in (name, *installed[name])])
            for name in sorted(scripts)
        },
        shared={name: known[name] for name in sorted(shared)},
        programs={
            name: value
            for name, value in known.items()
            if name not in others and not name.startswith(f"{_FILES}/")
        },
        units={
            name.removeprefix(_UNITS): value
            for name, value in known.items()
            if name.startswith(_UNITS)
        },
    )


def _title(script: str) -> str:
    """The step's name, as bootstrap.sh prints it."""
    return script.removeprefix(_STEPS).removesuffix(".sh")


def _is_shared(name: str, scripts: list[str], files: Mapping[str, bytes]) -> bool:
    readers = (*scripts, *(other for other in files if other.startswith("lib/")))
    return any(f"$HOST_FILES/{name}".encode() in files[reader] for reader in readers)


def _installed(script: str, scripts: list[str], files: Mapping[str, bytes]) -> list[str]:
    """The files below files/ that a step names by their path, or by the last part of a path that
    no step has as a whole."""
    text = files[script].decode()
    everything = "".join(files[name].decode() for name in scripts)
    found = []
    for name in sorted(files):
        path = name.removeprefix(_FILES)
        if name.startswith(f"{_FILES}/"):
            shown = path if path in everything else path.rpartition("/")[2]
            found += [name] if shown in text else []
    return found
