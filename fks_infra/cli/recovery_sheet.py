"""`fks recovery-sheet`: one page with what must be kept to work on the stack from anywhere."""

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from fks_infra.cli.progress import waiting_for
from fks_infra.config.pulumi_cli import pulumi
from fks_infra.errors import OperatorError
from fks_infra.recovery import drills, encryption, facts
from fks_infra.recovery.page import page
from fks_infra.recovery.sheet import Sheet, text


def run(stack: str, html: str, recipients: Sequence[str], *, with_secrets: bool) -> int:
    """Print the sheet, or write it to a file; returns 0."""
    if with_secrets != bool(recipients):
        raise typer.BadParameter("--secrets and --encrypt-to belong together: write both.")
    encryption.check_recipients(recipients)
    with waiting_for("reading the stack"):
        sheet = _sheet(stack or pulumi("stack", "--show-name").strip(), recipients)
    if html:
        _write(Path(html), page(sheet))
        sys.stdout.write(f"{html}: print it, and keep it outside of this machine\n")
    else:
        sys.stdout.write(text(sheet))
    return 0


def _sheet(stack: str, recipients: Sequence[str]) -> Sheet:
    armor = ""
    if recipients:
        armor = encryption.encrypted(encryption.secrets(stack, os.environ), recipients)
    return Sheet(
        stack=stack,
        time=f"{datetime.now(UTC):%Y-%m-%d}",
        sections=facts.sections(stack, os.environ),
        drills=drills.drills(drills.PAGE.read_text()),
        secrets=armor,
    )


def _write(file: Path, content: str) -> None:
    try:
        file.write_text(content, encoding="utf-8")
    except OSError as error:
        raise OperatorError(
            f"{file} cannot be written: {error.strerror}\nNext: choose another file for --html"
        ) from None
