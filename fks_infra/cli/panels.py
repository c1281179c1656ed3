"""The help: the groups of commands in `fks --help`, and the paragraphs of each command's text."""

import inspect
import re
from collections.abc import Iterator, Mapping

from typer import Context, Typer
from typer.core import TyperGroup
from typer.models import CommandInfo, TyperInfo

PANELS: Mapping[str, tuple[str, ...]] = {
    "Look": (
        *("status", "doctor", "logs", "history", "releases", "drift", "impact", "celery", "open"),
        *("explain", "cost", "fit", "backups", "support-bundle"),
    ),
    "Change the servers": (
        *("deploy", "up", "rollback", "start", "stop", "repair", "maintenance", "lock", "unlock"),
        *("scale", "rotate", "backup", "verify-backup", "restore", "reboot"),
        *("upgrade", "upgrade-os", "migrate"),
    ),
    "Connect": ("ssh", "exec", "psql", "redis"),
    "Set up": ("init", "adopt-dns", "recovery-sheet", "recover-state", "tailnet", "github"),
}


class InPanels(TyperGroup):
    """Lists the commands in the order of the panels."""

    def list_commands(self, ctx: Context) -> list[str]:  # type: ignore[override]
        """Their names."""
        order = [name for names in PANELS.values() for name in names]
        return sorted(super().list_commands(ctx), key=order.index)


# What a reader looks for begins a paragraph of its own.
_APART = re.compile(r"\s+(?=(?:Exit codes?|Example):)")


def arrange(app: Typer) -> None:
    """Give each command its panel and its text; ValueError for one that is in no panel."""
    panels = {name: panel for panel, names in PANELS.items() for name in names}
    for name, info in commands(app):
        if name not in panels:
            raise ValueError(f"fks {name} has no panel: add it in {__name__}")
        info.rich_help_panel = panels[name]
    _reflow(app)


def _reflow(app: Typer) -> None:
    """Let a terminal of any width break the lines: those of a docstring are kept otherwise."""
    for _, info in commands(app):
        if isinstance(info, CommandInfo):
            info.help = paragraphs(inspect.getdoc(info.callback) or "")
        elif info.typer_instance is not None:
            _reflow(info.typer_instance)


def paragraphs(text: str) -> str:
    """The text with one line for each paragraph."""
    found = (" ".join(one.split()) for one in text.split("\n\n"))
    return "\n\n".join(_APART.sub("\n\n", one) for one in found)


def commands(app: Typer) -> Iterator[tuple[str, CommandInfo | TyperInfo]]:
    """The commands and groups that the help lists, with their names."""
    for command in app.registered_commands:
        if command.callback is not None:
            yield command.name or command.callback.__name__.replace("_", "-"), command
    for group in app.registered_groups:
        if group.name:
            yield group.name, group
        elif group.typer_instance is not None:
            yield from commands(group.typer_instance)
