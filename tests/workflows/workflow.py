"""A workflow file as objects."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from fks_infra.paths import PROJECT_ROOT

DIRECTORY = PROJECT_ROOT / ".github" / "workflows"
_SECRET = re.compile(r"secrets\.([A-Za-z0-9_-]+)")
_VARIABLE = re.compile(r"vars\.([A-Za-z0-9_-]+)")


@dataclass(frozen=True)
class Job:
    """A job; `document` is its YAML."""

    name: str
    document: Mapping[str, Any]

    @property
    def steps(self) -> list[Mapping[str, Any]]:
        return list(self.document.get("steps", []))

    @property
    def permissions(self) -> dict[str, str]:
        return dict(self.document.get("permissions", {}))

    @property
    def secrets(self) -> set[str]:
        """The names of the secrets it reads; `inherit` for all."""
        found = set(_SECRET.findall(yaml.safe_dump(dict(self.document), width=10_000)))
        return found | ({"inherit"} if self.document.get("secrets") == "inherit" else set())

    @property
    def variables(self) -> set[str]:
        return set(_VARIABLE.findall(yaml.safe_dump(dict(self.document), width=10_000)))

    @property
    def condition(self) -> str:
        return str(self.document.get("if", ""))

    @property
    def environment(self) -> str:
        return str(self.document.get("environment", ""))

    def commands(self) -> Iterator[tuple[str, str]]:
        """The name of each step that runs a command, and its lines one by one."""
        for step in self.steps:
            for line in str(step.get("run", "")).splitlines():
                yield str(step.get("name", line)), line

    def uses(self) -> Iterator[str]:
        """The actions and workflows it uses."""
        yield from (step["uses"] for step in self.steps if "uses" in step)
        if "uses" in self.document:
            yield self.document["uses"]


@dataclass(frozen=True)
class Workflow:
    """A workflow by the name of its file; `text` has the comments, too."""

    name: str
    text: str

    @classmethod
    def read(cls, path: Path) -> "Workflow":
        return cls(path.name, path.read_text())

    @property
    def document(self) -> dict[Any, Any]:
        return dict(yaml.safe_load(self.text))

    @property
    def triggers(self) -> dict[str, Any]:
        # YAML 1.1 reads the key `on` as true.
        found = self.document[True]
        return dict(found) if isinstance(found, dict) else dict.fromkeys([found])

    @property
    def jobs(self) -> list[Job]:
        return [Job(name, job) for name, job in self.document["jobs"].items()]

    def job(self, name: str) -> Job:
        return next(job for job in self.jobs if job.name == name)


WORKFLOWS = [Workflow.read(path) for path in sorted(DIRECTORY.iterdir())]
JOBS = [(workflow, job) for workflow in WORKFLOWS for job in workflow.jobs]


def workflow(name: str) -> Workflow:
    return next(one for one in WORKFLOWS if one.name == name)
