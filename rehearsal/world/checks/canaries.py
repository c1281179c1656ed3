"""Checks that no secret of the stack appears in any place on the operator or a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from docker.models.containers import Container

from rehearsal.world import docker_api as api
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario
from rehearsal.world.stack_secrets import ON_OPERATOR, ON_SERVER, Place, secrets_in, secrets_of


def canaries(scenario: Scenario) -> Iterator[Check]:
    """Search all places for all secrets."""
    secrets = secrets_of(scenario)
    found, searched = [], 0
    for place, text in texts(scenario):
        searched += len(text)
        found += [f"{name} in {place}" for name in secrets_in(text, secrets)]
    result = "; ".join(found) or "none found"
    detail = f"{len(secrets)} secrets in {searched / 1e6:.1f} MB: {result}"
    yield Check("no_secret_shown", not found, detail)


def texts(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield the name and the content of each place; RuntimeError if one cannot be read."""
    yield from _read("operator", scenario.operator.container, ON_OPERATOR)
    for row in scenario.operator.servers():
        yield from _read(row["name"], scenario.server(row["name"]), ON_SERVER)


def _read(
    owner: str, container: Container, places: Mapping[str, Place]
) -> Iterator[tuple[str, str]]:
    for place, (script, expected) in places.items():
        code, text = api.execute(container, ["sh", "-c", script])
        if code != 0 or expected not in text:
            raise RuntimeError(
                f"cannot search {place} of {owner}: exit code {code}, expected text {expected!r} "
                f"{'found' if expected in text else 'missing'}: {text[-300:]!r}"
            )
        yield f"{place} of {owner}", text
