"""Settings: value, readers, and another value as an example."""

import pytest

from fks_infra.config.schema import declared_keys
from fks_infra.explain import settings
from fks_infra.explain.context import Context
from fks_infra.explain.explanation import Explanation


def explained(prod: Context, text: str) -> Explanation:
    found = settings.explain(prod, text)
    assert found is not None
    return found


def test_a_plan_with_the_next_larger_one_as_an_example(prod: Context) -> None:
    found = explained(prod, "fks:plan.api")
    assert found.change[0] == "as an example, with 'g6-standard-4':"
    assert "api: server: resized, away some minutes, noticed by all who use api" in found.change
    assert any(place.startswith("fks_infra/topology/planning.py:") for place in found.depends)
    (defined,) = found.defined
    assert defined.startswith("Pulumi.yaml:")


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("generation.web", "web: server: rebuilt, away some minutes, noticed by all who use web"),
        ("services.api-beat.memory", "api: api-beat: stopped, then replaced, away time not "),
        ("region", "api: server: moved, away some minutes, noticed by all who use api"),
        ("sshFrom", "api: firewall: updated, away 0 s"),
        ("mode", "single: server: created, away 0 s"),
        ("lowMemory", "api: release: release deployed, away 0 s"),
        ("dnsPropagationSeconds", "api: release: release deployed, away 0 s"),
        ("deployKey", "api: bootstrap: host scripts run"),
        ("alertWebhook", "web: release: release deployed, away 0 s"),
        ("plan", "depends on the entry: fks explain fks:plan.NAME"),
    ],
)
def test_what_another_value_does(prod: Context, key: str, line: str) -> None:
    change = explained(prod, f"fks:{key}").change
    assert any(one.startswith(line) for one in change), change


def test_a_value_that_is_not_possible_is_said(prod: Context) -> None:
    (line,) = explained(prod, "fks:gpu").change
    assert line.startswith("True is not possible here: fks:gpu is true, and fks:plan.api is")


@pytest.mark.parametrize("name", list(declared_keys()))
def test_every_setting_is_explained_and_no_secret_shown(prod: Context, name: str) -> None:
    found = explained(prod, f"fks:{name}")
    assert found.what.startswith(declared_keys()[name].description)
    assert found.depends, f"nothing reads fks:{name}"
    assert found.change
    assert f"fks:{name}" in settings.known(prod)
    if declared_keys()[name].secret:
        assert found.what.endswith(("A secret, set in stack prod.", "not set in stack prod."))


@pytest.mark.parametrize("text", ["fks:nothing", "mode", "8000"])
def test_other_texts(prod: Context, text: str) -> None:
    assert settings.explain(prod, text) is None
