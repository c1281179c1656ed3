"""No secret is shown anywhere: every one of the stack is looked for in every place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from docker.models.containers import Container

from rehearsal.world import docker_api as api
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario
from rehearsal.world.stack_secrets import ON_OPERATOR, ON_SERVER, Place, secrets_of, shown_in


def canaries(scenario: Scenario) -> Iterator[Check]:
    """Look through what the operator and every server keep."""
    secrets = secrets_of(scenario)
    found, searched = [], 0
    for where, text in texts(scenario):
        searched += len(text)
        found += [f"{name} in {where}" for name in shown_in(text, secrets)]
    detail = (
        f"{len(secrets)} secrets in {searched / 1e6:.1f} MB: {'; '.join(found) or 'none shown'}"
    )
    yield Check("no_secret_shown", not found, detail)


def texts(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Each place by its name with all that it holds; RuntimeError for one that cannot be read."""
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
                f"{place} of {owner} cannot be searched: exit {code}, {expected!r} is "
                f"{'there' if expected in text else 'missing'}: {text[-300:]!r}"
            )
        yield f"{place} of {owner}", text
