"""`make check`: linters, types, shellcheck, hadolint, workflows, compose config, gixy."""

from __future__ import annotations

import sys
from pathlib import Path

from rehearsal.world.checkout import program_files
from rehearsal.world.go_tools import TOOLS, GoTool
from rehearsal.world.names import ROOT
from rehearsal.world.progress import step
from rehearsal.world.shell import CommandError, run

SHEBANGS = (b"#!/bin/sh", b"#!/bin/bash", b"#!/usr/bin/env bash")
WORKFLOWS = ROOT / ".github" / "workflows"
# Its package on PyPI downloads a program while it is installed, without a hash in our lock.
ACTIONLINT = GoTool(
    "actionlint",
    "v1.7.12",
    "github.com/rhysd/actionlint/cmd/actionlint",
    TOOLS / "actionlint",
)


def lint() -> None:
    """Run all linters; CommandError begins with the names of those that failed."""
    bin_directory = Path(sys.executable).parent
    dockerfiles = [str(path) for path in program_files() if path.name.endswith("Dockerfile")]
    scripts = [str(path) for path in program_files() if path.read_bytes().startswith(SHEBANGS)]
    linters = {
        "ruff check": [str(bin_directory / "ruff"), "check"],
        "ruff format": [str(bin_directory / "ruff"), "format", "--check"],
        "mypy": [str(bin_directory / "mypy")],
        "shellcheck": ["shellcheck", "--external-sources", *scripts],
        "hadolint": [str(bin_directory / "hadolint"), *dockerfiles],
        "actionlint": [str(ACTIONLINT.path()), *map(str, sorted(WORKFLOWS.glob("*.yml")))],
        "zizmor": [str(bin_directory / "zizmor"), "--offline", "--no-progress", str(WORKFLOWS)],
        "compose config": [sys.executable, "-m", "pytest", "-q", "tests/compose/test_config.py"],
        "nginx": [sys.executable, "-m", "pytest", "-q", "tests/nginx", "-m", "not world"],
    }
    failures: dict[str, str] = {}
    for name, command in linters.items():
        try:
            with step(name):
                run(command, cwd=ROOT)
        except CommandError as error:
            failures[name] = str(error)
    if failures:
        raise CommandError(f"{', '.join(failures)}\n\n" + "\n\n".join(failures.values()))
