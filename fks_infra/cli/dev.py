"""`fks start`, `stop` and `logs` with `--dev`: the whole stack on this machine, by plain Docker."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from fks_infra.cli.prompt import confirmed
from fks_infra.config.service_validators import image_error
from fks_infra.dev import compose, place, stack
from fks_infra.dev.compose import Compose
from fks_infra.dev.host_scripts import Paths, known_secrets, redact
from fks_infra.dev.stack import Options
from fks_infra.errors import OperatorError
from fks_infra.operate.table import plain_table
from fks_infra.roles import SERVICES

DONE, FAILED, NOTHING_DONE = 0, 1, 2
_SOURCES = ("api", "web")
_console = Console(highlight=False)


def start(sources: Sequence[str], images: Sequence[str], *, minimal: bool) -> int:
    """Start it or bring it up to date; returns 0. OperatorError names what failed."""
    options = Options(minimal=minimal, sources=_sources(sources), images=_images(images))
    engine = compose.check()
    with _console.status("starting") as shown:

        def report(text: str) -> None:
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()
            shown.update(text)

        domains = stack.start(place.ROOT, options, engine, report)
    _show(domains)
    return DONE


def stop(*, cleanup: bool, yes: bool) -> int:
    """Remove its containers and networks, with `cleanup` its data; returns 0, 2 if declined."""
    compose.check()
    if not place.release(place.ROOT).exists():
        sys.stdout.write("the development stack was not started on this machine\n")
        return DONE
    question = f"Delete the data of {place.PROJECT} (its databases and files) on this machine?"
    if cleanup and not confirmed(question, yes=yes):
        sys.stdout.write("nothing was changed\n")
        return NOTHING_DONE
    Compose(root=place.ROOT).down(volumes=cleanup)
    left = "nothing is left but images and .fks/dev" if cleanup else "its data is in named volumes"
    sys.stdout.write(f"{place.PROJECT} is stopped; {left}\n")
    return DONE


def logs(names: Sequence[str], since: str, *, follow: bool) -> int:
    """Print the logs of all services in one stream, with the secrets of the stack masked."""
    compose.check()
    if not place.release(place.ROOT).exists():
        raise OperatorError("the development stack was not started\nNext: fks start --dev")
    masked = redact.Redactor(known_secrets.values(Paths(place.ROOT)))
    options = ["--timestamps", "--since", since, *(["--follow"] if follow else []), *names]
    with suppress(*([KeyboardInterrupt] if follow else [])):
        for line in Compose(root=place.ROOT).logs(*options):
            sys.stdout.write(masked(line))
            sys.stdout.flush()
    return DONE


def _sources(rows: Sequence[str]) -> dict[str, Path]:
    found = {}
    for row in rows:
        name, _, text = row.partition("=")
        path = Path(text).expanduser().resolve()
        if name not in _SOURCES or not text:
            names = " or ".join(f"{one}=PATH" for one in _SOURCES)
            raise OperatorError(f"--source {row!r}: write {names}")
        if not path.is_dir():
            raise OperatorError(f"--source {row!r}: {path} is no directory")
        found[name] = path
    return found


def _images(rows: Sequence[str]) -> dict[str, str]:
    known = {service.name for service in SERVICES} | {"web"}
    found = {}
    for row in rows:
        name, _, image = row.partition("=")
        if name not in known:
            raise OperatorError(f"--image {row!r}: write SERVICE=IMAGE; {', '.join(sorted(known))}")
        if problem := image_error(image):
            raise OperatorError(f"--image {row!r}: {problem}")
        found[name] = image
    return found


def _show(domains: dict[str, str]) -> None:
    rows = [(role, f"https://{domains[role]}") for role in ("web", "api", "auth")]
    _console.print(plain_table(("page", "address"), rows))
    sys.stdout.write(
        f"user akadmin, password in {stack.password_file(place.ROOT)}\n"
        f"let your browser trust {place.authority(place.ROOT)}; it is for {place.DOMAIN} only\n"
        "next: fks logs --dev -f; fks stop --dev\n"
    )
