"""`fks recovery-sheet` and `fks recover-state`: options and help."""

from typing import Annotated

import typer

from fks_infra.cli import recover_state as recover_command
from fks_infra.cli import recovery_sheet as sheet_command
from fks_infra.cli.deploys import Stack, Yes
from fks_infra.cli.servers import end

app = typer.Typer()


@app.command("recovery-sheet")
def recovery_sheet(
    html: Annotated[
        str, typer.Option(metavar="FILE", help="Write a page to be printed; without it print text.")
    ] = "",
    secrets: Annotated[
        bool, typer.Option("--secrets", help="Add the stack's secrets, encrypted.")
    ] = False,
    encrypt_to: Annotated[
        list[str] | None,
        typer.Option(metavar="RECIPIENT", help="Who can decrypt them: a public key of age."),
    ] = None,
    stack: Stack = "",
) -> None:
    """Print what must be kept to work on the stack from another machine, and the drills.

    One page: where state and passphrase are, the deploy key's public half, accounts, servers with
    addresses and host keys, versions, and the commands of docs/recovery.md. No secret is in it,
    unless --secrets adds them, and then only encrypted by age. Exit code: 0, 2 it could not be
    read. Example: fks recovery-sheet --html sheet.html
    """
    end(lambda: sheet_command.run(stack, html, encrypt_to or [], with_secrets=secrets))


@app.command("recover-state")
def recover_state(stack: Stack = "", yes: Yes = False) -> None:
    """Put into a new state what a lost state held: generated secrets and DNS records.

    The servers are found by their labels and host names, the secrets are read back from them over
    SSH and never printed, records are found by the stack's comment. pulumi up then imports the
    servers by their labels and replaces none. Can be run again. Exit code: 0 done, 1 the import
    ended halfway, 2 nothing was changed. Example: fks recover-state --stack prod
    """
    end(lambda: recover_command.run(stack, yes=yes))
