"""`python -m fks_infra.cli` is `fks`, without an installation of the package."""

from fks_infra.cli.app import main

main()
