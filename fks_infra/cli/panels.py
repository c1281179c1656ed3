"""The groups of commands in `fks --help`."""

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


def arrange(app: Typer) -> None:
    """Give each command its panel; ValueError for one that is in none."""
    panels = {name: panel for panel, names in PANELS.items() for name in names}
    for name, info in commands(app):
        if name not in panels:
            raise ValueError(f"fks {name} has no panel: add it in {__name__}")
        info.rich_help_panel = panels[name]


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
